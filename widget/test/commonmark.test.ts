// Every example of the CommonMark specification and of GitHub's extensions, whole and in pieces.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFileSync } from 'node:fs';
import { DIFFERENCES, keysOf } from './commonmark-differences';
import { EXAMPLES, type Example } from './commonmark-examples';
import { fromHtml, fromTree, resolveAddresses } from './commonmark-html';
import { tree } from './tree';

const LISTED = new Set(DIFFERENCES.flatMap(keysOf));
const SECTIONS = [...new Set(EXAMPLES.map(({ section }) => section))];
const WITH_HTML = new Set(['HTML blocks', 'Raw HTML']);

resolveAddresses();
const show = (pieces: Iterable<string>): string => fromTree(tree(pieces));
const matches = ({ source, html }: Example): boolean => show([source]) === fromHtml(html);

/** Pieces of one to seven characters, the same on every run. */
function awkward(source: string): string[] {
  const pieces: string[] = [];
  for (let at = 0, size = 3; at < source.length; at += size, size = (size * 5) % 7 || 7) pieces.push(source.slice(at, at + size));
  return pieces;
}

test('all examples are there', () => {
  assert.equal(EXAMPLES.filter(({ key }) => key.startsWith('c')).length, 652);
  assert.equal(EXAMPLES.filter(({ key }) => key.startsWith('g')).length, 27);
});

for (const section of SECTIONS) {
  const examples = EXAMPLES.filter((example) => example.section === section);
  test(`${section}: ${examples.length} examples are shown as specified, or are on the list of differences`, () => {
    for (const example of examples) {
      const { key, source, html } = example;
      if (!LISTED.has(key)) assert.equal(show([source]), fromHtml(html), `${key}: ${JSON.stringify(source)}`);
      else assert.ok(!matches(example), `${key} is on the list of differences but shown as specified`);
    }
  });
}

test('however an example is cut into pieces, it ends in the same tree', () => {
  for (const { key, source } of EXAMPLES) {
    const whole = show([source]);
    assert.equal(show(source), whole, `${key} one character at a time: ${JSON.stringify(source)}`);
    assert.equal(show(awkward(source)), whole, `${key} in awkward pieces: ${JSON.stringify(source)}`);
    for (let at = 1; at < source.length; at += 1) {
      assert.equal(show([source.slice(0, at), source.slice(at)]), whole, `${key} cut at ${at}: ${JSON.stringify(source)}`);
    }
  }
});

test('an example differs for one reason, and exists', () => {
  const keys = DIFFERENCES.flatMap(keysOf);
  assert.equal(keys.length, LISTED.size);
  for (const key of keys) assert.ok(EXAMPLES.some((example) => example.key === key), key);
});

test('the page about Markdown has the counts and the reasons', () => {
  const page = readFileSync('../docs/markdown.md', 'utf8');
  const row = (name: string, examples: Example[]): string => {
    const same = examples.filter(matches).length;
    return `| ${name} | ${examples.length} | ${same} | ${examples.length - same} |`;
  };
  const wanted = [
    ...SECTIONS.map((section) => row(section, EXAMPLES.filter((example) => example.section === section))),
    row('all', EXAMPLES),
    row('all but the two about HTML', EXAMPLES.filter(({ section }) => !WITH_HTML.has(section))),
    ...DIFFERENCES.map((difference) => `| ${difference.title} | ${keysOf(difference).length} | ${difference.reason.replaceAll('|', '\\|')} |`),
  ];
  const missing = wanted.filter((line) => !page.includes(`${line}\n`));
  assert.equal(missing.join('\n'), '', 'lines that docs/markdown.md lacks');
});
