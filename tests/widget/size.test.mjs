// What a visitor downloads, as the built files compress. The numbers are the product's promise.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';

const PAGE_BYTES = 800;
const size = (name) => brotliCompressSync(readFileSync(new URL(`../../assets/widget/${name}`, import.meta.url))).length;

test('the button costs 3 KB at most', () => assert.ok(size('loader.js') <= 3072, `${size('loader.js')} bytes`));

test('the panel costs 25 KB at most', () => {
  const total = size('panel.js') + size('panel.css') + PAGE_BYTES;
  assert.ok(total <= 25 * 1024, `${total} bytes`);
});

test('the loader has one place for the owner’s defaults, and no file names a machine', () => {
  const loader = readFileSync(new URL('../../assets/widget/loader.js', import.meta.url), 'utf8');
  assert.equal(loader.split('"__ALCOVE_DEFAULTS__"').length, 2);
  for (const name of ['loader.js', 'panel.js', 'panel.css']) {
    const text = readFileSync(new URL(`../../assets/widget/${name}`, import.meta.url), 'utf8');
    assert.doesNotMatch(text, /sourceMappingURL|file:\/\/|\/home\/|node_modules/);
    assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/);
  }
});
