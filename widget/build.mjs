// Builds the files the server embeds. The output is committed, so it has to be the same on every machine:
// no source maps, no absolute paths, no time stamps.
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const output = process.argv[2] ?? join(here, '../assets/widget');
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
    hooks.onLoad({ filter: /(loader|extras)\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), { loader: 'css', minify: true, target: shared.target });
      return { contents: code.trim(), loader: 'text' };
    });
  },
};

await mkdir(join(output, 'strings'), { recursive: true });
await Promise.all([
  build({ ...shared, entryPoints: ['src/loader.ts'], format: 'iife', plugins: [stylesAsText], outfile: join(output, 'loader.js') }),
  build({ ...shared, entryPoints: ['src/panel/main.ts'], format: 'esm', outfile: join(output, 'panel.js') }),
  build({ ...shared, entryPoints: ['src/extras/main.ts'], format: 'esm', plugins: [stylesAsText], outfile: join(output, 'extras.js') }),
  build({ ...shared, entryPoints: ['src/panel/panel.css'], outfile: join(output, 'panel.css') }),
]);

const loader = await readFile(join(output, 'loader.js'), 'utf8');
const marks = loader.split(DEFAULTS_MARK).length - 1;
if (marks !== 1) {
  await rm(join(output, 'loader.js'));
  throw new Error(`loader.js must hold ${DEFAULTS_MARK} exactly once for the server to fill in, found ${marks}`);
}
// The server sends the files as they are; one final line end keeps diffs and editors quiet.
for (const name of ['loader.js', 'panel.js', 'extras.js', 'panel.css']) {
  const text = await readFile(join(output, name), 'utf8');
  await writeFile(join(output, name), `${text.trimEnd()}\n`);
}

// The words, without the white space that is for translators.
const strings = join(here, 'src/panel/strings');
for (const name of (await readdir(strings)).filter((file) => file.endsWith('.json'))) {
  const words = JSON.parse(await readFile(join(strings, name), 'utf8'));
  await writeFile(join(output, 'strings', name), `${JSON.stringify(words)}\n`);
}
