// Builds the files the server embeds. The output is committed, so it has to be the same on every machine:
// no source maps, no absolute paths, no time stamps.
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { build, transform } from 'esbuild';
import { minify } from 'terser';

const here = dirname(fileURLToPath(import.meta.url));
const output = process.argv[2] ?? join(here, '../assets/widget');
/** What the panel loads when it is first wanted, and where it begins. */
const LATER = { charts: 'data/chart', data: 'data', extras: 'extras', files: 'files' };
/** Stands in data.js for the address of charts.js, which the server names by its content. */
const CHARTS_MARK = '__ALCOVE_CHARTS__';
const DEFAULTS_MARK = '"__ALCOVE_DEFAULTS__"';

const shared = {
  absWorkingDir: here,
  bundle: true,
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  minify: true,
  sourcemap: false,
  target: ['chrome100', 'firefox102', 'safari15.4'],
};

/** The loader and what the panel loads later carry their styles as text, because they make their stylesheets themselves. */
const stylesAsText = {
  name: 'styles-as-text',
  setup(hooks) {
    hooks.onLoad({ filter: /(loader|extras|files|data|charts)\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), { charset: 'utf8', loader: 'css', minify: true, target: shared.target });
      return { contents: code.trim(), loader: 'text' };
    });
  },
};

/** Every visitor of every page pays for the loader, so it is minified once more, in a few ways: which of them compresses
 *  best differs with each change. */
async function smallest(code) {
  let best = code;
  const size = (text) => brotliCompressSync(text).length;
  for (let ways = 0; ways < 32; ways++) {
    const [hoist_funs, sequences, collapse_vars, join_vars, inline] = [1, 2, 4, 8, 16].map((bit) => (ways & bit) > 0);
    const compress = { passes: 2, toplevel: true, unsafe: true, pure_getters: true, keep_fargs: false, hoist_funs, sequences, collapse_vars, join_vars, inline };
    const tried = await minify(code, { ecma: 2020, compress, mangle: { toplevel: true } });
    if (size(tried.code) < size(best)) best = tried.code;
  }
  return best;
}

await mkdir(join(output, 'strings/more'), { recursive: true });
await Promise.all([
  build({
    ...shared,
    entryPoints: ['src/loader.ts'],
    format: 'iife',
    plugins: [stylesAsText],
    // Modules are strict anyway; without this the built file says so again.
    tsconfigRaw: { compilerOptions: { alwaysStrict: false } },
    outfile: join(output, 'loader.js'),
  }),
  build({ ...shared, entryPoints: ['src/panel/main.ts'], format: 'esm', outfile: join(output, 'panel.js') }),
  ...Object.entries(LATER).map(([name, folder]) =>
    build({ ...shared, entryPoints: [`src/${folder}/main.ts`], define: { CHARTS: JSON.stringify(CHARTS_MARK) }, external: [CHARTS_MARK], format: 'esm', plugins: [stylesAsText], outfile: join(output, `${name}.js`) }),
  ),
  build({ ...shared, entryPoints: ['src/panel/panel.css'], outfile: join(output, 'panel.css') }),
]);

const loader = await smallest(await readFile(join(output, 'loader.js'), 'utf8'));
await writeFile(join(output, 'loader.js'), loader);
const marks = loader.split(DEFAULTS_MARK).length - 1;
if (marks !== 1) {
  await rm(join(output, 'loader.js'));
  throw new Error(`loader.js must hold ${DEFAULTS_MARK} exactly once for the server to fill in, found ${marks}`);
}
// A second minifier saves a visitor another half kilobyte.
const compress = { passes: 3, unsafe: true, pure_getters: true, keep_fargs: false, hoist_funs: true, sequences: false };
const modules = ['panel.js', ...Object.keys(LATER).map((script) => `${script}.js`)];
for (const name of modules) {
  const { code } = await minify(await readFile(join(output, name), 'utf8'), { module: true, ecma: 2020, compress });
  await writeFile(join(output, name), code);
}
// The server sends the files as they are; one final line end keeps diffs and editors quiet.
for (const name of ['loader.js', ...modules, 'panel.css']) {
  const text = await readFile(join(output, name), 'utf8');
  await writeFile(join(output, name), `${text.trimEnd()}\n`);
}

const digest = createHash('sha256').update(await readFile(join(output, 'charts.js'))).digest('hex');
const data = await readFile(join(output, 'data.js'), 'utf8');
await writeFile(join(output, 'data.js'), data.replace(CHARTS_MARK, `./charts.${digest.slice(0, 8)}.js`));

// The words, without the white space that is for translators.
for (const folder of ['strings', 'strings/more']) {
  const from = join(here, 'src/panel', folder);
  for (const name of (await readdir(from)).filter((file) => file.endsWith('.json'))) {
    const words = JSON.parse(await readFile(join(from, name), 'utf8'));
    await writeFile(join(output, folder, name), `${JSON.stringify(words)}\n`);
  }
}
