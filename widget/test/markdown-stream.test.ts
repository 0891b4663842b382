// What a reader sees while a reply arrives: no mark that goes away again, and nothing that was finished touched again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MarkdownStream } from '../src/panel/markdown/blocks';
import { TreeSink, print, type Element } from './tree';

const REPLIES: Record<string, string> = {
  emphasis: 'A **bold word**, an *emphasised one*, ***both***, __underlined__, ~~struck~~ and `code with **stars**` here.\n\nNext.',
  'emphasis over words': '**A whole sentence that is bold and *partly more* than that, with `code`.** And more.',
  'a link': 'See [the **handbook**](https://example.com/a_b?c=(d) "The title") or [this](<https://example.com/x y>), please.',
  'an image': 'Look: ![a cat on a mat](https://example.com/cat.png) there.',
  'bare addresses': 'Go to https://example.com/a_b, <https://example.com/b>, www.example.com or write to me_and@example.com today.',
  'a heading': '# Title with `code` ##\nText\n\n## Second\n\nMore\n\nUnderlined\n==========\n\nEnd',
  lists: 'First:\n\n1. one\n   - **a**: b\n   - c\n2. two\n\n   more\n10. ten\n\n* star\n+ plus\n- minus',
  tasks: 'To do:\n- [ ] buy a lamp\n- [x] read the *manual*\n- [see](https://example.com)',
  quotes: '> A quote\n> goes on\nlazily\n\n> > Nested **bold**\n\nEnd',
  'a fence': 'Run:\n\n```sh\necho `date` # not a heading\n\n    indented\n```\n\nDone ~~~not~~~.',
  'indented code': 'So:\n\n    first\n\n      second\n\nAnd on.',
  'a table': 'Prices:\n\n| Lamp | *Price* |\n|:-----|------:|\n| Desk | **10** |\n| Wall | `a \\| b` |\n\nEnd.',
  'rules and breaks': 'One  \ntwo\\\nthree<br>four<br />five\n\n---\n\n***\nfive',
  'text with lone marks': '2 * 3 * 4 = 24, snake_case_name, a < b, 5 > 3, ~10, C# and "quotes" & so on; 100% | done!',
  'escapes and references': 'Not \\*bold\\*, &lt;tag&gt;, AT&amp;T, &#169; and R&D.',
};

/** Elements of inline kind do not matter here, white space only as far as it separates words. */
function visible(element: Element): string {
  const text = element.children.map((child) => (typeof child === 'string' ? child : visible(child))).join('');
  return ['p', 'li', 'tr', 'th', 'td', 'pre', 'hr', 'br', 'blockquote'].includes(element.tag) || /^h\d/.test(element.tag) ? `${text}\n` : text;
}

const words = (element: Element): string => visible(element).replace(/\s+/g, ' ').trim();

function stream(source: string, look: (root: Element, sent: string) => void): Element {
  const sink = new TreeSink();
  const markdown = new MarkdownStream(sink);
  for (let at = 0; at < source.length; at += 1) {
    markdown.push(source[at] as string);
    look(sink.root, source.slice(0, at + 1));
  }
  markdown.end();
  return sink.root;
}

for (const [name, source] of Object.entries(REPLIES)) {
  test(`what shows of ${name}, at any time, is how the finished reply begins`, () => {
    const seen: [string, string][] = [];
    const end = words(stream(source, (root, sent) => seen.push([words(root), sent])));
    for (const [text, sent] of seen) assert.ok(end.startsWith(text), `${JSON.stringify(sent.slice(-30))} shows ${JSON.stringify(text.slice(-30))}`);
  });
}

test('a bracket that turns out to begin no link shows once that is clear, and its text all the time', () => {
  const shown = new Map<string, string>();
  stream('see x[10] now', (root, sent) => shown.set(sent, words(root)));
  assert.equal(shown.get('see x[1'), 'see x1');
  assert.equal(shown.get('see x[10]'), 'see x10');
  assert.equal(shown.get('see x[10] '), 'see x[10]');
});

test('a table without outer bars is text until the line beneath its head', () => {
  const shown = new Map<string, string>();
  stream('Name | Size\n--- | ---\na | b', (root, sent) => shown.set(sent, print(root)));
  assert.equal(shown.get('Name | Size\n--- |'), '<p>Name | Size</p>');
  assert.equal(shown.get('Name | Size\n--- | ---\n'), '<table><tr><th>Name</th><th>Size</th></tr></table>');
});

/** Blocks, items and rows that others follow: nothing may happen to them any more. */
function finished(element: Element): Element[] {
  const elements = element.children.filter((child): child is Element => typeof child === 'object');
  const last = elements[elements.length - 1];
  const isOpen = last && ['ul', 'ol', 'li', 'blockquote', 'table'].includes(last.tag);
  return [...elements.slice(0, -1), ...(isOpen ? finished(last) : [])];
}

test('blocks, items and rows that others follow keep their nodes and their content', () => {
  const before = new Map<Element, string>();
  const root = stream(Object.values(REPLIES).join('\n\n'), (tree) => {
    for (const element of finished(tree)) if (!before.has(element)) before.set(element, print(element));
  });
  const after = new Set<Element>();
  const collect = (element: Element): void => {
    after.add(element);
    for (const child of element.children) if (typeof child === 'object') collect(child);
  };
  collect(root);
  assert.ok(before.size > 40, String(before.size));
  for (const [element, content] of before) {
    assert.ok(after.has(element), `gone: ${content}`);
    assert.equal(print(element), content);
  }
});

test('a character costs as little late in a long reply as early', () => {
  const reply = `${Object.values(REPLIES).join('\n\n')}\n\n`;
  const sink = new TreeSink();
  const markdown = new MarkdownStream(sink);
  const costs = Array.from({ length: 12 }, () => {
    const before = sink.operations;
    for (const character of reply) markdown.push(character);
    return sink.operations - before;
  });
  assert.ok((costs[11] as number) <= (costs[1] as number) * 1.01, costs.join(' '));
});
