// What a visitor downloads, as the files compress. The numbers are the product's promise.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { startServer } from './support/server.mjs';

const PANEL_BYTES = 25 * 1024;
const folder = new URL('../../assets/widget/', import.meta.url);
const size = (name) => brotliCompressSync(readFileSync(new URL(name, folder))).length;
let server;

before(async () => (server = await startServer({ BOT_NAME: 'Shop assistant', BOT_COLOR: '#0b7285' })));
after(() => server?.close());

/** What the server sends, compressed as release builds do it. */
async function sizeOf(path) {
  const response = await fetch(server.origin + path);
  return brotliCompressSync(Buffer.from(await response.arrayBuffer())).length;
}

test('the button costs 3 KB at most, the owner’s defaults in it', async () => {
  const total = await sizeOf('/widget.js');
  assert.ok(total <= 3072, `${total} bytes`);
});

test('the panel costs 25 KB at most, in each language', async () => {
  for (const file of readdirSync(new URL('strings/', folder)).filter((name) => name.endsWith('.json'))) {
    const language = file.replace('.json', '');
    const total = size('panel.js') + size('panel.css') + (await sizeOf(`/embed?locale=${language}`));
    assert.ok(total <= PANEL_BYTES, `${language}: ${total} bytes`);
  }
});

for (const [name, kilobytes] of Object.entries({ extras: 6, data: 5, charts: 8, files: 6 })) {
  test(`${name}.js, which is loaded later, costs ${kilobytes} KB at most`, () => assert.ok(size(`${name}.js`) <= kilobytes * 1024, `${size(`${name}.js`)} bytes`));
}

test('data.js names the charts.js that was built with it', async () => {
  const [address] = /charts\.[0-9a-f]{8}\.js/.exec(readFileSync(new URL('data.js', folder), 'utf8'));
  const response = await fetch(`${server.origin}/static/widget/${address}`);
  assert.match(response.headers.get('cache-control'), /immutable/);
});

test('the loader has one place for the owner’s defaults, and no file names a machine', () => {
  const loader = readFileSync(new URL('../../assets/widget/loader.js', import.meta.url), 'utf8');
  assert.equal(loader.split('"__ALCOVE_DEFAULTS__"').length, 2);
  for (const name of ['loader.js', 'panel.js', 'extras.js', 'data.js', 'charts.js', 'files.js', 'panel.css']) {
    const text = readFileSync(new URL(`../../assets/widget/${name}`, import.meta.url), 'utf8');
    assert.doesNotMatch(text, /sourceMappingURL|file:\/\/|\/home\/|node_modules/);
    assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/);
  }
});
