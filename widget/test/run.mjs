// Bundles the tests with the sources they import and runs them under node's own test runner.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const output = mkdtempSync(join(tmpdir(), 'alcove-widget-test-'));
const wanted = process.argv[2] ?? '';
const entryPoints = readdirSync(here).filter((name) => name.endsWith('.test.ts') && name.includes(wanted)).map((name) => join(here, name));

await build({ entryPoints, bundle: true, platform: 'node', format: 'esm', target: 'node20', outdir: output, outExtension: { '.js': '.mjs' }, logLevel: 'warning', sourcemap: 'inline' });
const { status } = spawnSync(process.execPath, ['--enable-source-maps', '--test', output], { stdio: 'inherit' });
rmSync(output, { recursive: true, force: true });
process.exit(status ?? 1);
