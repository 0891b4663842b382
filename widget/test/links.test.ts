import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MarkdownStream } from '../src/panel/markdown/blocks';
import { hostToShow } from '../src/panel/markdown/links';
import { TreeSink, everyElement } from './tree';

const ALLOWED_TAGS = new Set('p br strong em del code ul ol li blockquote h2 h3 h4 h5 h6 table tr th td hr a pre'.split(' '));
const ALLOWED_ATTRIBUTES = new Set(['href', 'host', 'level', 'align', 'start', 'language', 'task']);

const SCHEMES = ['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'java\tscript:alert(1)', 'java\nscript:alert(1)', ' javascript:alert(1)', '\u0001javascript:alert(1)', 'javascript&colon;alert(1)', 'javascript&#58;alert(1)', 'javascript&#x3a;alert(1)', '&#106;avascript:alert(1)', 'java&Tab;script:alert(1)', 'java&#9;script:alert(1)', 'data:text/html,<script>alert(1)</script>', 'data:image/svg+xml;base64,PHN2Zz4=', 'vbscript:msgbox(1)', 'file:///etc/passwd', 'blob:https://x.org/1', 'about:blank', 'view-source:https://x.org', 'filesystem:https://x.org/t', 'ws://x.org', 'ftp://x.org', 'intent://x#Intent;end', 'feed:javascript:alert(1)', 'jar:https://x.org!/', 'tel:123', 'sms:1', 'chrome://settings', 'javascript\\:alert(1)', '//evil.org', '/\\evil.org', 'https:javascript:alert(1)'];
const SHAPES = [(url: string) => `[x](${url})`, (url: string) => `[x](<${url}>)`, (url: string) => `![x](${url})`, (url: string) => `<${url}>`, (url: string) => `${url}`, (url: string) => `[x][y]\n\n[y]: ${url}`, (url: string) => `[![x](${url})](${url})`, (url: string) => `| a |\n|---|\n| [x](${url}) |`, (url: string) => `# [x](${url})`, (url: string) => `> - [x](${url} "t")`];
const MARKUP = ['<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '<svg onload=alert(1)>', '<iframe src=javascript:alert(1)>', '<a href=javascript:alert(1)>x</a>', '<style>*{background:url(//c.org)}</style>', '<meta http-equiv=refresh content=0>', '<base href=//c.org>', '<form action=//c.org>', '`<img src=x onerror=alert(1)>`', '```html onload=alert(1)\n<script>alert(1)</script>\n```', '```"><img src=x onerror=alert(1)>\nx\n```', '[x](https://x.org/"onmouseover="alert(1))', '[x](https://x.org "onclick=alert(1)")', '<https://x.org/"onclick=alert(1)>', '| <img src=x onerror=alert(1)> |\n|---|\n| x |', '&lt;script&gt;alert(1)&lt;/script&gt;', '\\<script>alert(1)\\</script>', '<!--<img src="--><img src=x onerror=alert(1)>">', '<![CDATA[<script>alert(1)</script>]]>', '<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>'];
const CORPUS = [...SCHEMES.flatMap((url) => SHAPES.map((shape) => shape(url))), ...MARKUP, ...MARKUP.map((text) => `[${text}](https://x.org)`), ...MARKUP.map((text) => `**${text}**`)];

function check(source: string, pieces: string[]): void {
  const sink = new TreeSink();
  const stream = new MarkdownStream(sink);
  const look = (): void =>
    everyElement(sink.root, ({ tag, attributes }) => {
      assert.ok(ALLOWED_TAGS.has(tag), `${tag} in ${source}`);
      for (const name of Object.keys(attributes)) assert.ok(ALLOWED_ATTRIBUTES.has(name), `${name} in ${source}`);
      if (tag === 'a') assert.match(new URL(attributes.href ?? '').protocol, /^(https?|mailto):$/, source);
    });
  for (const piece of pieces) {
    stream.push(piece);
    look();
  }
  stream.end();
  look();
}

test(`${CORPUS.length} hostile texts, whole and in awkward pieces: only known elements, only allowed addresses`, () => {
  for (const source of CORPUS) {
    check(source, [source]);
    check(source, [...source]);
    check(source, source.match(/[\s\S]{1,5}/g) ?? []);
  }
});

test('the real host shows where the text claims another one', () => {
  const cases: [string, string, string | null][] = [
    ['https://bank.com', 'https://evil.org/', 'evil.org'],
    ['www.bank.com/login', 'https://evil.org/', 'evil.org'],
    ['bank.com', 'https://evil.org:8443/', 'evil.org:8443'],
    ['bank.com', 'https://www.bank.com/', null],
    ['the bank', 'https://evil.org/', null],
    ['the bank', 'https://bank.com@evil.org/', 'evil.org'],
    ['log in at https://bank.com/a', 'https://evil.org/', 'evil.org'],
    ['Node.js manual', 'https://x.org/', null],
    ['e.g. this', 'https://x.org/', null],
    ['me@bank.com', 'mailto:me@evil.org', null],
    ['bank\u200b.com', 'https://evil.org/', 'evil.org'],
    ['bank\u3002com', 'https://evil.org/', 'evil.org'],
    ['\uff42ank.com', 'https://evil.org/', 'evil.org'],
    ['b\u00e4nk.com', 'https://evil.org/', 'evil.org'],
    ['b\u00e4nk.com', 'https://b\u00e4nk.com/', null],
    ['http://192.0.2.1/', 'https://evil.org/', 'evil.org'],
    ['version 1.2.3', 'https://x.org/', null],
    ['1.2.3', 'https://x.org/', null],
  ];
  for (const [text, address, expected] of cases) assert.equal(hostToShow(text, new URL(address)), expected, text);
});
