// The nodes that a reply becomes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MarkdownStream } from '../src/panel/markdown/blocks';
import { DomSink } from '../src/panel/markdown/dom';
import { FakeElement, fakePage, type FakeNode } from './markdown-page';

const WORDS = { code: 'Code', copyCode: 'Copy', table: 'Table' };

function show(pieces: Iterable<string>, look: (root: FakeElement) => void = () => undefined): FakeElement {
  const root = fakePage();
  const sink = new DomSink(root as unknown as Element, WORDS);
  const markdown = new MarkdownStream(sink);
  for (const piece of pieces) {
    markdown.push(piece);
    sink.flush();
    look(root);
  }
  markdown.end();
  return root;
}

type Properties = FakeElement & Record<string, unknown>;
const only = (root: FakeElement, name: string): Properties => {
  const found = root.all(name);
  assert.equal(found.length, 1, `${found.length} of ${name}`);
  return found[0] as Properties;
};

test('a link opens beside the page, tells nobody where from, and names its whole address', () => {
  const link = only(show(['[a](https://example.com/b?c=d)']), 'a');
  assert.equal(link.href, 'https://example.com/b?c=d');
  assert.equal(link.title, link.href);
  assert.equal(link.target, '_blank');
  assert.deepEqual(String(link.rel).split(' ').sort(), ['nofollow', 'noopener', 'noreferrer', 'ugc']);
});

test('the host that a link really goes to stands beside it where its text names another', () => {
  const paragraph = only(show(['[bank.com](https://evil.org/) and [bank.com](https://bank.com/)']), 'p');
  assert.equal(paragraph.textContent, 'bank.com (evil.org) and bank.com');
});

test('code has its language, a button that copies it, and can be scrolled with the keyboard', () => {
  const figure = only(show(['```js\nlet a;\n```\n']), 'figure');
  assert.equal(only(figure, 'figcaption').textContent, 'jsCopy');
  assert.equal(only(figure, 'button').type, 'button');
  const pre = only(figure, 'pre');
  assert.equal(pre.tabIndex, 0);
  assert.equal(pre.dir, 'ltr');
  assert.equal(only(pre, 'code').textContent, 'let a;\n');
  assert.equal(only(show(['    let a;\n']), 'figcaption').textContent, 'CodeCopy');
});

test('a table scrolls in a named group that the keyboard reaches', () => {
  const root = show(['| a | b |\n|:-:|---|\n| 1 | 2 |\n']);
  const group = root.childNodes[0] as Properties;
  assert.equal(group.tabIndex, 0);
  assert.deepEqual(group.attributes, { role: 'group', 'aria-label': 'Table' });
  assert.equal(root.all('th').length, 2);
  assert.equal((root.all('td')[0] as Properties).className, 'align-center');
});

test('tasks need no form control: their boxes are characters', () => {
  const items = show(['- [ ] a\n- [x] b\n- c']).all('li') as Properties[];
  assert.deepEqual(items.map(({ className, textContent }) => [className, textContent]), [['task', '☐ a'], ['task', '☑ b'], [undefined, 'c']]);
});

test('lists keep their first number, headings the level they were written with', () => {
  assert.equal(only(show(['7. a']), 'ol').start, 7);
  assert.equal(only(show(['### a']), 'h2').className, 'level-3');
});

test('a tag that the parser may not make is an error and not a node', () => {
  const root = fakePage();
  const sink = new DomSink(root as unknown as Element, WORDS);
  assert.throws(() => sink.open('script'));
  assert.equal(root.childNodes.length, 0);
});

test('nodes of blocks that others follow stay the same while a reply arrives', () => {
  const reply = '# Title #\n\nA **paragraph** with [a link](https://x.org/).\n\n- one\n- two\n\n| a |\n|---|\n| 1 |\n\n```\ncode\n```\n\nUnderlined\n---\n\nlast';
  const finished = new Map<FakeNode, string>();
  const root = show(reply, ({ childNodes }) => {
    for (const node of childNodes.slice(0, -1)) if (!finished.has(node)) finished.set(node, (node as FakeElement).textContent);
  });
  assert.equal(finished.size, root.childNodes.length - 1);
  for (const [node, text] of finished) {
    assert.ok(root.childNodes.includes(node), `gone: ${text}`);
    assert.equal((node as FakeElement).textContent, text);
  }
});
