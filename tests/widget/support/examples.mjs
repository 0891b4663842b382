// The examples of docs/embedding.md, and a site that shows them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = new URL('../../../', import.meta.url);
const widgetRequire = createRequire(new URL('widget/package.json', ROOT));
const { build, transform } = widgetRequire('esbuild');

export const read = (path) => readFileSync(new URL(path, ROOT), 'utf8');

/** Every fenced block with the comment before it: `Holds: …` says what a test has to show. */
export function readExamples(markdown) {
  const examples = [];
  let said = '', open = null;
  markdown.split('\n').forEach((line, at) => {
    if (open) {
      if (line !== '```') return void open.lines.push(line);
      examples.push({ language: open.language, claim: /^<!-- Holds: (.+) -->$/.exec(open.said)?.[1], isNotRun: open.said === '<!-- Not run -->', code: open.lines.join('\n'), line: open.at });
      open = null;
      said = '';
    } else if (line.startsWith('```')) open = { language: line.slice(3), said, lines: [], at: at + 1 };
    else if (line) said = line;
  });
  return examples;
}

/** A site with pages set by tests; like others it has a heading, a text and pictures. */
export async function startSite() {
  const pages = new Map();
  const server = createServer(({ url }, response) => {
    const path = new URL(url, 'http://site').pathname;
    if (path.endsWith('.png')) return response.writeHead(200, { 'Content-Type': 'image/png' }).end(PICTURE);
    const { html, headers } = pages.get(path) ?? {};
    if (html === undefined) return response.writeHead(path === '/favicon.ico' ? 204 : 404).end();
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...headers }).end(html);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Another host name than the server's, so that it is another site for the browser and not only another port.
  return {
    origin: `http://localhost:${server.address().port}`,
    put: (path, html, headers = {}) => pages.set(path, { html, headers }),
    close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))),
  };
}

const PICTURE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

/** What a page of a shop has around an example. */
export function inPage(html) {
  if (/^<!doctype/i.test(html)) return html;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lamp shop</title><meta name="description" content="Lamps for desks and floors"></head>
<body><main><h1>Lamp shop</h1><p>The desk lamp costs 40 francs.</p></main>
${html}
</body></html>`;
}

/** What WordPress would send: everything that is not PHP. */
export const withoutPhp = (code) => code.replace(/<\?php[\s\S]*?(\?>|$)/g, '');

export async function renderLiquid(code, context) {
  const { Liquid } = widgetRequire('liquidjs');
  return new Liquid().parseAndRender(code, context);
}

/** One script of `entry` and the files it imports; packages come from the widget's folder. */
export async function bundle(entry, files) {
  const virtual = {
    name: 'virtual',
    setup(hooks) {
      hooks.onResolve({ filter: /^\.\// }, ({ path }) => (path.slice(2) in files ? { path: path.slice(2), namespace: 'example' } : undefined));
      hooks.onLoad({ filter: /.*/, namespace: 'example' }, ({ path }) => ({
        contents: path.endsWith('.vue') ? compileVue(files[path]) : files[path],
        loader: path.endsWith('.jsx') ? 'jsx' : 'js',
        resolveDir: fileURLToPath(new URL('widget/', ROOT)),
      }));
    },
  };
  const { outputFiles } = await build({
    stdin: { contents: entry, loader: 'jsx', resolveDir: fileURLToPath(new URL('widget/', ROOT)) },
    bundle: true, write: false, format: 'iife', jsx: 'automatic', logLevel: 'error', plugins: [virtual],
    // Strict mode mounts twice only while developing.
    define: { 'process.env.NODE_ENV': '"development"', __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
  });
  return outputFiles[0].text;
}

function compileVue(source) {
  const { parse, compileScript } = widgetRequire('vue/compiler-sfc');
  const { descriptor, errors } = parse(source);
  if (errors.length) throw errors[0];
  return compileScript(descriptor, { id: 'example', inlineTemplate: true }).content;
}

/** What the TypeScript compiler has to say about a file beside `alcove.d.ts`. */
export function compileTypes(code) {
  const folder = mkdtempSync(join(tmpdir(), 'alcove-types-'));
  writeFileSync(join(folder, 'alcove.d.ts'), read('widget/alcove.d.ts'));
  writeFileSync(join(folder, 'example.ts'), code);
  const tsc = fileURLToPath(new URL('widget/node_modules/.bin/tsc', ROOT));
  const { stdout } = spawnSync(tsc, ['--noEmit', '--strict', '--lib', 'es2022,dom', '--types', '', 'example.ts'], { cwd: folder, encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  return stdout;
}

export const plainScript = async (code) => (await transform(code, { loader: 'ts' })).code;
