import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render, renderOpen } from './tree';

const CASES: [string, string, string][] = [
  ['plain paragraphs', 'one\n\ntwo', '<p>one</p><p>two</p>'],
  ['a soft line break stays in the paragraph', 'one\ntwo', '<p>one\ntwo</p>'],
  ['hard breaks', 'one  \ntwo\\\nthree', '<p>one<br>two<br>three</p>'],
  ['headings', '# One\n## Two ##\ntext', '<h2 level=1>One</h2><h3 level=2>Two</h3><p>text</p>'],
  ['heading levels never skip', '### Three\n# One', '<h2 level=3>Three</h2><h2 level=1>One</h2>'],
  ['hashes that close a heading', '# a # b ##  \n## #', '<h2 level=1>a # b</h2><h3 level=2></h3>'],
  ['underlined headings', 'One\n===\n\nTwo\n---\n', '<h2 level=1>One</h2><h3 level=2>Two</h3>'],
  ['no heading without a space', '#tag', '<p>#tag</p>'],
  ['emphasis', '*a* **b** ***c*** ~~d~~ `e`', '<p><em>a</em> <strong>b</strong> <em><strong>c</strong></em> <del>d</del> <code>e</code></p>'],
  ['underscores inside words are text', 'snake_case_name and __init__', '<p>snake_case_name and <strong>init</strong></p>'],
  ['stars between numbers are text', '2 * 3 * 4 = 24', '<p>2 * 3 * 4 = 24</p>'],
  ['strong inside a word', 'in**tens**ive', '<p>in<strong>tens</strong>ive</p>'],
  ['strong beside Chinese text', '**注意：**请看', '<p><strong>注意：</strong>请看</p>'],
  ['nested emphasis', '**a *b* c**', '<p><strong>a <em>b</em> c</strong></p>'],
  ['unclosed emphasis is text', '**a', '<p>**a</p>'],
  ['crossing emphasis', '*a **b* c**', '<p><em>a <em><em>b</em> c</em></em></p>'],
  ['code keeps marks', '`**a**` ``b ` c``', '<p><code>**a**</code> <code>b ` c</code></p>'],
  ['escapes', '\\*a\\* \\# \\q', '<p>*a* # \\q</p>'],
  ['entities', '&lt;b&gt; &amp; &#65; &#x42; &nope; &mdash;', '<p><b> & A B &nope; —</p>'],
  ['HTML is text', '<b onclick=x>hi</b>', '<p><b onclick=x>hi</b></p>'],
  ['a line break tag', 'a<br>b<br/>c<br />d < br', '<p>a<br>b<br>c<br>d < br</p>'],
  ['links', '[a *b*](https://x.org/p "t")', '<p><a href=https://x.org/p>a <em>b</em></a></p>'],
  ['link with brackets in the address', '[a](https://x.org/a_(b))', '<p><a href=https://x.org/a_(b)>a</a></p>'],
  ['bare addresses', 'see https://x.org/a?b=c. Or (http://y.org/z).', '<p>see <a href=https://x.org/a?b=c>https://x.org/a?b=c</a>. Or (<a href=http://y.org/z>http://y.org/z</a>).</p>'],
  ['bare addresses without a scheme', 'see www.x.org/a, (www.y.org) and awww.z.org', '<p>see <a href=http://www.x.org/a>www.x.org/a</a>, (<a href=http://www.y.org/>www.y.org</a>) and awww.z.org</p>'],
  ['bare e-mail addresses', 'ask a_b.c+d@x-y.org. Not @me, a@b or a@b.c-', '<p>ask <a href=mailto:a_b.c+d@x-y.org>a_b.c+d@x-y.org</a>. Not @me, a@b or a@b.c-</p>'],
  ['a bold address', '**https://x.org/**', '<p><strong><a href=https://x.org/>https://x.org/</a></strong></p>'],
  ['autolinks', '<https://x.org/> <me@x.org>', '<p><a href=https://x.org/>https://x.org/</a> <a href=mailto:me@x.org>me@x.org</a></p>'],
  ['images are links', '![cat](https://x.org/c.png)', '<p><a href=https://x.org/c.png>cat</a></p>'],
  ['an image in a link', '[![cat](https://x.org/c.png)](https://y.org/)', '<p><a href=https://y.org/>cat</a></p>'],
  ['an address as its own link text', '[https://x.org](https://x.org)', '<p><a href=https://x.org/>https://x.org</a></p>'],
  ['a link that claims another host', '[https://bank.com](https://evil.org/)', '<p><a href=https://evil.org/ host=evil.org>https://bank.com</a></p>'],
  ['a link that names another host within its text', '[log in at www.bank.com](https://evil.org/)', '<p><a href=https://evil.org/ host=evil.org>log in at www.bank.com</a></p>'],
  ['a title with quotes in it', '[a](https://x.org/ "b \\"c\\"\nd")', '<p><a href=https://x.org/>a</a></p>'],
  ['sources beneath a text', 'a [1]\n\n[1]: https://x.org/\n[2]: https://y.org/', '<p>a [1]</p><p>[1]: <a href=https://x.org/>https://x.org/</a><br>[2]: <a href=https://y.org/>https://y.org/</a></p>'],
  ['a link that hides its host', '[bank](https://bank.com@evil.org/)', '<p><a href=https://bank.com@evil.org/ host=evil.org>bank</a></p>'],
  ['a relative link is text', '[a](/b)', '<p>[a](/b)</p>'],
  ['footnote marks are text', 'so [1] and [2].', '<p>so [1] and [2].</p>'],
  ['fenced code', '```js\na\n\n  b\n```\nc', '<pre language=js>a\n\n  b\n</pre><p>c</p>'],
  ['tildes and longer fences', '~~~~\n```\n~~~\n~~~~', '<pre>```\n~~~\n</pre>'],
  ['unclosed code ends with the reply', '```\na', '<pre>a\n</pre>'],
  ['indented code', 'a\n\n    b\n      c\n\n\n    d\n\ne', '<p>a</p><pre>b\n  c\n\n\nd\n</pre><p>e</p>'],
  ['indented code in an item', '- a\n\n      b\n- c', '<ul><li><p>a</p><pre>b\n</pre></li><li><p>c</p></li></ul>'],
  ['an indented line goes on in a paragraph', 'a\n    - b\n    # c', '<p>a\n- b\n# c</p>'],
  ['tabs are columns', '-\ta\n\n\tb\n\n\t\tc', '<ul><li><p>a</p><p>b</p><pre>c\n</pre></li></ul>'],
  ['tabs in code in an item stay', '- a\n  ```\n  \tb\n\t\tc\n  ```', '<ul><li><p>a</p><pre>\tb\n\tc\n</pre></li></ul>'],
  ['tabs in code stay', '```\n\ta\n```', '<pre>\ta\n</pre>'],
  ['bullets', '- a\n- b\n\n- c', '<ul><li><p>a</p></li><li><p>b</p></li><li><p>c</p></li></ul>'],
  ['another bullet begins another list', '- a\n+ b', '<ul><li><p>a</p></li></ul><ul><li><p>b</p></li></ul>'],
  ['numbers', '3. a\n4. b', '<ol start=3><li><p>a</p></li><li><p>b</p></li></ol>'],
  ['nested lists', '- a\n  - b\n    - c\n- d', '<ul><li><p>a</p><ul><li><p>b</p><ul><li><p>c</p></li></ul></li></ul></li><li><p>d</p></li></ul>'],
  ['bullets indented by two under a number', '1. a\n  - b\n2. c', '<ol><li><p>a</p><ul><li><p>b</p></li></ul></li><li><p>c</p></li></ol>'],
  ['bullets indented by four', '1. a\n    - b\n    - c', '<ol><li><p>a</p><ul><li><p>b</p></li><li><p>c</p></li></ul></li></ol>'],
  ['bullets indented by far too much', '- a\n        - b', '<ul><li><p>a</p><ul><li><p>b</p></li></ul></li></ul>'],
  ['a fence indented by too much in an item', '1. a\n\n        ```\n        b\n        ```', '<ol><li><p>a</p><pre>b\n</pre></li></ol>'],
  ['numbers indented by two under a number', '1. a\n  1. b\n2. c', '<ol><li><p>a</p><ol><li><p>b</p></li></ol></li><li><p>c</p></li></ol>'],
  ['tasks', '- [ ] a\n- [x] **b**\n- [X](https://x.org/)\n- [x]\n- [-] c', '<ul><li task=true><p>☐ a</p></li><li task=true><p>☑ <strong>b</strong></p></li><li><p><a href=https://x.org/>X</a></p></li><li><p>[x]</p></li><li><p>[-] c</p></li></ul>'],
  ['a paragraph in an item', '- a\n\n  b\n\nc', '<ul><li><p>a</p><p>b</p></li></ul><p>c</p>'],
  ['code in an item', '1. a\n   ```\n   x\n     y\n   ```\n2. b', '<ol><li><p>a</p><pre>x\n  y\n</pre></li><li><p>b</p></li></ol>'],
  ['a list after a paragraph', 'a:\n- b\n- c', '<p>a:</p><ul><li><p>b</p></li><li><p>c</p></li></ul>'],
  ['a year does not begin a list', 'It was\n1984. Then', '<p>It was\n1984. Then</p>'],
  ['strong items', '- **a**: b\n* **c**', '<ul><li><p><strong>a</strong>: b</p></li></ul><ul><li><p><strong>c</strong></p></li></ul>'],
  ['quotes', '> a\n> b\n\nc', '<blockquote><p>a\nb</p></blockquote><p>c</p>'],
  ['a quote goes on lazily', '> a\nb', '<blockquote><p>a\nb</p></blockquote>'],
  ['nested quotes and lists', '> - a\n> - b\n>\n> > c', '<blockquote><ul><li><p>a</p></li><li><p>b</p></li></ul><blockquote><p>c</p></blockquote></blockquote>'],
  ['rules', 'a\n\n---\n\n* * *\nb', '<p>a</p><hr><hr><p>b</p>'],
  ['tables', '| a | b |\n|:-:|--:|\n| **1** | `2` |\n\nend', '<table><tr><th align=center>a</th><th align=end>b</th></tr><tr><td align=center><strong>1</strong></td><td align=end><code>2</code></td></tr></table><p>end</p>'],
  ['a table without outer bars', 'a | b\n---|---\n1 | 2', '<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>'],
  ['a table right after a sentence', 'See:\n| a | b |\n|---|---|\n| 1 | 2 |', '<p>See:</p><table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>'],
  ['bars alone make no table', '| a | b |\nmore', '<p>| a | b |\nmore</p>'],
  ['an escaped bar in a cell', '| a |\n|---|\n| x \\| y |', '<table><tr><th>a</th></tr><tr><td>x | y</td></tr></table>'],
  ['a table in an item', '- x\n\n  | a |\n  |---|\n  | 1 |', '<ul><li><p>x</p><table><tr><th>a</th></tr><tr><td>1</td></tr></table></li></ul>'],
  ['a heading after a table row', '| a |\n|---|\n| 1 |\n# b', '<table><tr><th>a</th></tr><tr><td>1</td></tr></table><h2 level=1>b</h2>'],
  ['carriage returns', 'a\r\n\r\n- b\r\n', '<p>a</p><ul><li><p>b</p></li></ul>'],
  ['hidden characters go', 'a\u202Eb\u2066c\u0007d\u{E0041}e\u0085', '<p>abcde</p>'],
  ['hidden characters in references go', 'a&#x202e;b', '<p>ab</p>'],
  ['nothing', '', ''],
];

for (const [name, source, expected] of CASES) {
  test(`markdown: ${name}`, () => assert.equal(render(source), expected));
}

test('however a reply is cut into pieces, the tree at the end is the same', () => {
  for (const [name, source, expected] of CASES) {
    for (let at = 0; at <= source.length; at += 1) {
      assert.equal(render(source.slice(0, at), source.slice(at)), expected, `${name}, cut at ${at}`);
    }
    assert.equal(render(...source), expected, `${name}, one unit at a time`);
    assert.equal(render(...(source.match(/[\s\S]{1,3}/g) ?? [])), expected, `${name}, three at a time`);
  }
});

/** Numbers from 0 to 1, the same on every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 4294967296;
  };
}

test('all cases in one reply, in random pieces, end in the same tree', () => {
  const source = CASES.map(([, text]) => text).join('\n\n');
  const whole = render(source);
  const random = randomFrom(7);
  for (let round = 0; round < 60; round += 1) {
    const pieces: string[] = [];
    for (let at = 0; at < source.length; ) {
      const size = 1 + Math.floor(random() * 12);
      pieces.push(source.slice(at, at + size));
      at += size;
    }
    assert.equal(render(...pieces), whole, `round ${round}`);
  }
});

test('random text of marks ends in the same tree however it is cut', () => {
  const alphabet = ['*', '**', '_', '`', '```', '~~', '[', '](', ')', '!', '<', '>', '|', '-', '#', '1. ', '\n', '\n', ' ', '  ', 'a', 'b c', '\\', '&amp;', 'https://x.org', '    ', '\t', '- ', '[ ] ', '[x]', '@', 'x.org', 'www.', '<br />', '\n\n', '> ', '|\n|-', '[1]: ', ' "', ' #', '===', '---', '注', '😀'];
  const random = randomFrom(99);
  for (let round = 0; round < 1500; round += 1) {
    const parts = Array.from({ length: 30 }, () => alphabet[Math.floor(random() * alphabet.length)] as string);
    const source = parts.join('');
    assert.equal(render(...parts), render(source), JSON.stringify(source));
    assert.equal(render(...source), render(source), JSON.stringify(source));
  }
});

test('marks that are still open do not show while the reply streams', () => {
  assert.equal(renderOpen('a **bo'), '<p>a <strong>bo</strong></p>');
  assert.equal(renderOpen('a **'), '<p>a </p>');
  assert.equal(renderOpen('a `co'), '<p>a <code>co</code></p>');
  assert.equal(renderOpen('see [our pa'), '<p>see our pa</p>');
  assert.equal(renderOpen('see [our page](https://x.o'), '<p>see our page</p>');
  assert.equal(renderOpen('| a | b |\n|--'), '');
  assert.equal(renderOpen('text\n-'), '<p>text</p>');
});

test('brackets nest 32 deep in an address at most', () => {
  const link = (depth: number): string => render(`[a](https://x.org/${'('.repeat(depth)}${')'.repeat(depth)})`);
  assert.ok(link(32).startsWith('<p><a '));
  assert.ok(link(33).startsWith('<p>[a]('));
});

test('quotes and lists nest 32 deep at most', () => {
  const depth = render('>'.repeat(10_000) + ' a').match(/<blockquote>/g)?.length;
  assert.equal(depth, 32);
  assert.ok((render('- '.repeat(10_000) + 'a').match(/<li>/g)?.length ?? 0) <= 32);
});

test('a long stretch without an end is taken as it stands', () => {
  const source = `*${'word '.repeat(2000)}`;
  assert.equal(render(...(source.match(/[\s\S]{1,50}/g) ?? [])), render(source));
  assert.ok(render(source).startsWith('<p>*word'));
});
