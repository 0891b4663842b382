// What the widget may and may not do on somebody else's page.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { after, afterEach, before, test } from 'node:test';
import { ask, launcher, newVisitor, openPanel, panelOf, startBrowser, until } from './support/browser.mjs';
import { startHost } from './support/host.mjs';
import { startServer } from './support/server.mjs';
import { startUpstream } from './support/upstream.mjs';

const AXE = createRequire(new URL('../../widget/package.json', import.meta.url)).resolve('axe-core/axe.min.js');
let browser, upstream, server, host, visitor;

before(async () => {
  browser = await startBrowser();
  upstream = await startUpstream();
  server = await startServer({ ...upstream.env, BOT_COLOR: '#0f766e', BOT_SUGGESTIONS: 'What do you sell?' });
  host = await startHost(server.origin);
});
after(async () => {
  await browser?.close();
  await host?.close();
  await server?.close();
  await upstream?.close();
});
afterEach(() => visitor?.context.close());

async function visit(path = '/', options = {}, origin = host.origin) {
  visitor = await newVisitor(browser, options);
  await visitor.page.goto(origin + path);
  await launcher(visitor.page).waitFor();
  return visitor.page;
}
const ours = () => visitor.requests.filter((url) => url.startsWith(server.origin)).map((url) => url.slice(server.origin.length));

test('one request and nothing stored before the first use', async () => {
  const page = await visit();
  await page.waitForTimeout(500);
  assert.deepEqual(ours(), ['/widget.js']);
  assert.equal(await page.locator('alcove-widget iframe').count(), 0);
  assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]), [0, 0, '']);
});

test('opening costs three requests, and stores and sends nothing yet', async () => {
  const page = await visit();
  const panel = await openPanel(page);
  await page.waitForTimeout(300);
  const [, ...more] = ours();
  assert.equal(more.length, 3, more.join(' '));
  assert.ok(!more.some((path) => path.startsWith('/api')), more.join(' '));
  const stored = () => ['localStorage', 'sessionStorage'].map((area) => {
    try {
      return Object.keys(window[area]);
    } catch {
      // The browser denies frames of other sites their storage.
      return [];
    }
  }).flat();
  assert.deepEqual(await panel.frame.locator('body').evaluate(stored), []);
  assert.deepEqual((await page.evaluate(stored)).filter((key) => !key.startsWith('alcove:')), []);
  assert.equal(await page.evaluate(() => localStorage.length), 0);
});

test('the button has the owner’s colour at once, one global and no rule in the page', async () => {
  const page = await visit();
  assert.equal(await launcher(page).evaluate((button) => getComputedStyle(button).backgroundColor), 'rgb(15, 118, 110)');
  const traces = await page.evaluate(() => {
    const bare = document.createElement('iframe');
    document.body.append(bare);
    const known = new Set(Object.getOwnPropertyNames(bare.contentWindow));
    bare.remove();
    return { globals: Object.getOwnPropertyNames(window).filter((name) => !known.has(name) && !/^\d+$/.test(name)), sheets: document.styleSheets.length + document.adoptedStyleSheets.length, elements: document.body.children.length };
  });
  assert.deepEqual(traces.globals.filter((name) => !name.startsWith('__')), ['Alcove']);
  assert.equal(traces.sheets, 0);
});

for (const path of ['/strict', '/trusted-types']) {
  test(`works on a page with a ${path.slice(1)} policy, without a violation`, async () => {
    upstream.script = { text: 'Fine.' };
    const page = await visit(path);
    const panel = await openPanel(page);
    await ask(panel, 'Works?');
    await panel.frame.locator('.reply', { hasText: 'Fine.' }).waitFor();
    assert.deepEqual([visitor.violations, visitor.problems], [[], []]);
  });
}

test('the keyboard opens, asks, closes, and the focus comes back', async () => {
  upstream.script = { text: 'Fine.' };
  const page = await visit();
  const panel = panelOf(page);
  const isExpanded = () => launcher(page).getAttribute('aria-expanded');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await until(async () => panel.field.evaluate((field) => field === document.activeElement), 'focus in the composer');
  assert.equal(await isExpanded(), 'true');
  await page.keyboard.type('Hello');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('again');
  await page.keyboard.press('Enter');
  await panel.frame.locator('.reply', { hasText: 'Fine.' }).waitFor();
  assert.equal(await panel.bubbles.last().innerText(), 'Hello\nagain');
  await page.keyboard.press('Escape');
  await until(async () => (await isExpanded()) === 'false', 'closed by Escape');
  assert.equal(await page.evaluate(() => document.activeElement.shadowRoot.activeElement.localName), 'button');
});

test('axe finds nothing on the button, the panel and a conversation', async () => {
  upstream.script = { text: '### Prices\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nlet a;\n```\n\n- [x](https://x.org)\n\n> q' };
  const page = await visit();
  const check = async (frame, what) => {
    await frame.addScriptTag({ path: AXE }).catch(() => frame.evaluate(AXE));
    const found = await frame.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
    assert.deepEqual(found.violations.map(({ id, nodes }) => `${what}: ${id} ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`), []);
  };
  await check(page.mainFrame(), 'button');
  for (const colorScheme of ['light', 'dark']) {
    const { context, page: alone } = await newVisitor(browser, { colorScheme, bypassCSP: true });
    await alone.goto(`${server.origin}/embed`);
    await alone.getByRole('textbox').waitFor();
    await check(alone.mainFrame(), `${colorScheme} panel`);
    await alone.getByRole('textbox').fill('Prices?');
    await alone.keyboard.press('Enter');
    await alone.locator('.reply blockquote').waitFor();
    await alone.getByRole('button', { name: 'Copy reply' }).waitFor();
    await check(alone.mainFrame(), `${colorScheme} conversation`);
    await context.close();
  }
});

test('forged messages change nothing', async () => {
  const page = await visit();
  const panel = await openPanel(page);
  await launcher(page).click();
  const forged = ['close', 'open', 'unread', 'page', 'event', 'hello', 'settings', 'send', 'minimize', 'clear_chat', 'send_message', 'configure'].flatMap((type) => [
    { alcove: 1, type, text: 'forged', config: { botName: 'Forged' }, id: 1, focus: true, name: 'reply' },
    { type, message: 'forged', config: { botName: 'Forged' } },
  ]);
  await page.evaluate((messages) => {
    const stranger = document.createElement('iframe');
    document.body.append(stranger);
    const script = stranger.contentDocument.createElement('script');
    script.textContent = `for (const message of ${JSON.stringify(messages)}) { parent.postMessage(message, '*'); parent.document.querySelector('alcove-widget').shadowRoot.querySelector('iframe').contentWindow.postMessage(message, '*'); }`;
    stranger.contentDocument.body.append(script);
    for (const message of messages) window.postMessage(message, '*');
  }, forged);
  await page.waitForTimeout(300);
  assert.equal(await launcher(page).getAttribute('aria-expanded'), 'false');
  assert.equal(await page.locator('alcove-widget .dot').count(), 0);
  assert.equal(await panel.bubbles.count(), 0);
  assert.equal(await panel.frame.locator('h1').textContent(), 'Ada');
  assert.ok(!ours().some((path) => path.startsWith('/api')));
});

test('neither side ever posts to any origin', async () => {
  visitor = await newVisitor(browser);
  await visitor.context.addInitScript(() => {
    const post = window.postMessage;
    window.targets = [];
    window.postMessage = function (message, target, ...rest) {
      window.targets.push(typeof target === 'string' ? target : JSON.stringify(target));
      return post.call(this, message, target, ...rest);
    };
  });
  await visitor.page.goto(host.origin);
  upstream.script = { text: 'Fine.' };
  const panel = await openPanel(visitor.page);
  await ask(panel, 'Hi');
  await panel.frame.locator('.reply', { hasText: 'Fine.' }).waitFor();
  assert.ok(!(await visitor.page.evaluate(() => window.targets)).includes('*'));
});

test('the page can open, send, listen and take the widget away', async () => {
  upstream.script = { text: 'Fine.' };
  visitor = await newVisitor(browser);
  await visitor.page.addInitScript(() => {
    window.Alcove = function (...call) {
      (window.Alcove.q = window.Alcove.q || []).push(call);
    };
    window.heard = [];
    for (const name of ['ready', 'open', 'close', 'message', 'reply']) window.Alcove('on', name, (detail) => window.heard.push([name, detail]));
    window.Alcove('setContext', { product: 'desk lamp 7' });
    window.Alcove('send', 'From the page');
  });
  await visitor.page.goto(host.origin);
  const panel = panelOf(visitor.page);
  await panel.frame.locator('.reply', { hasText: 'Fine.' }).waitFor();
  assert.match(JSON.stringify(upstream.calls.at(-1)), /desk lamp 7/);
  await visitor.page.evaluate(() => window.Alcove('close'));
  const names = await until(async () => {
    const heard = await visitor.page.evaluate(() => window.heard.map(([name]) => name));
    return heard.includes('close') && heard;
  }, 'the events');
  assert.deepEqual(names.sort(), ['close', 'message', 'open', 'ready', 'reply']);
  assert.ok(!JSON.stringify(await visitor.page.evaluate(() => window.heard)).includes('Fine'), 'the page is not told what was said');
  await visitor.page.evaluate(() => window.Alcove('destroy'));
  assert.equal(await visitor.page.evaluate(() => document.querySelector('alcove-widget') === null && window.Alcove === undefined), true);
});

test('included twice, with bad attributes and without storage it still works once', async () => {
  const odd = await startHost(server.origin, { attributes: 'data-position="left" data-color="red;" data-theme="dark"', body: `<script src="${server.origin}/widget.js"></script>` });
  visitor = await newVisitor(browser);
  const warnings = [];
  visitor.page.on('console', (message) => message.type() === 'warning' && message.text().startsWith('Alcove') && warnings.push(message.text()));
  await visitor.page.addInitScript(() => Object.defineProperty(window, 'sessionStorage', { get: () => { throw new Error('no storage here'); } }));
  await visitor.page.goto(odd.origin);
  const panel = await openPanel(visitor.page);
  assert.equal(await visitor.page.locator('alcove-widget').count(), 1);
  assert.deepEqual(visitor.problems, []);
  assert.ok(warnings.length <= 1);
  assert.equal(await panel.frame.locator('h1').textContent(), 'Ada');
  await odd.close();
});

test('a reload keeps the panel open only after the visitor opened it', async () => {
  const page = await visit();
  await openPanel(page);
  await page.reload();
  await panelOf(page).field.waitFor();
  await launcher(page).click();
  await page.reload();
  await launcher(page).waitFor();
  assert.equal(await launcher(page).getAttribute('aria-expanded'), 'false');
});

test('hostile replies run nothing and reach nobody', async () => {
  const contacts = [];
  const canary = createServer((request, response) => (contacts.push(request.url), response.end()));
  await new Promise((resolve) => canary.listen(0, '127.0.0.1', resolve));
  const away = `http://127.0.0.1:${canary.address().port}`;
  const text = [
    '<script>window.hacked=1</script>', '<img src=x onerror="window.hacked=1">', '<svg onload=window.hacked=1>', `<img src="${away}/img">`, `![a](${away}/md)`, `![](${away}/empty)`,
    `[![a](${away}/inner)](${away}/outer)`, `<link rel=prefetch href="${away}/pre">`, `<style>@import "${away}/css"</style>`, `<iframe src="${away}/frame"></iframe>`, `<video poster="${away}/poster">`,
    '[a](javascript:window.hacked=1)', '[a](java&Tab;script:window.hacked=1)', '[a](data:text/html,<script>window.hacked=1</script>)', '<javascript:window.hacked=1>', '[a]( javascript&colon;window.hacked=1)',
    `\`\`\`html onmouseover=hacked=1\n<img src="${away}/code" onerror=hacked=1>\n\`\`\``, `| <img src="${away}/cell" onerror=hacked=1> | b |\n|---|---|\n| [x](vbscript:1) | ${away}/text |`,
    `<meta http-equiv=refresh content="0;url=${away}/meta">`, `<form action="${away}/form"><button>x</button></form>`, `<base href="${away}/">`, '[x](https://x.org"onclick="hacked=1)', '<b style="position:fixed;inset:0">over</b>',
  ].join('\n\n');
  upstream.script = { text, pieceChars: 7, delayMs: 1 };
  const page = await visit();
  const panel = await openPanel(page);
  await ask(panel, 'Attack');
  await panel.frame.getByRole('button', { name: 'Copy reply' }).waitFor();
  const look = () => panel.frame.locator('body').evaluate(() => ({
    hacked: window.hacked,
    tags: [...new Set([...document.querySelectorAll('.reply *')].map((element) => element.localName))].filter((tag) => 'script img svg iframe style link video meta form base input object embed'.split(' ').includes(tag)),
    handlers: [...document.querySelectorAll('.reply *')].flatMap((element) => element.getAttributeNames()).filter((name) => /^on|style/.test(name)),
    schemes: [...document.querySelectorAll('.reply a')].map(({ protocol }) => protocol).filter((protocol) => !/^(https?|mailto):$/.test(protocol)),
  }));
  assert.deepEqual(await look(), { hacked: undefined, tags: [], handlers: [], schemes: [] });
  await page.reload();
  await panel.frame.getByRole('button', { name: 'Copy reply' }).waitFor();
  assert.deepEqual(await look(), { hacked: undefined, tags: [], handlers: [], schemes: [] });
  await page.waitForTimeout(300);
  assert.deepEqual(contacts, []);
  canary.close();
});

test('a phone gets the whole screen, with the button out of the way', async () => {
  const page = await visit('/', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await launcher(page).tap();
  const panel = panelOf(page);
  await panel.field.waitFor();
  await page.waitForTimeout(250);
  const box = await page.locator('alcove-widget iframe').boundingBox();
  assert.deepEqual([box.x, box.y, box.width, box.height], [0, 0, 390, 844]);
  assert.equal(await launcher(page).isVisible(), false);
  const small = await panel.frame.locator('button:visible').evaluateAll((buttons) => buttons.filter((button) => Math.min(button.offsetWidth, button.offsetHeight) < 44).map((button) => button.className));
  assert.deepEqual(small, []);
  await panel.frame.getByRole('button', { name: 'Close chat' }).tap();
  await launcher(page).waitFor({ state: 'visible' });
});

test('a rate limit is said in a sentence that names the wait', async () => {
  const page = await visit();
  const panel = await openPanel(page);
  await page.route('**/api/chat/message', (route) =>
    route.fulfill({ status: 429, headers: { 'Retry-After': '17', 'Content-Type': 'application/json' }, body: JSON.stringify({ error: 'Too many requests.', code: 'rate_limited', requestId: 'x' }) }),
  );
  await ask(panel, 'Hi');
  await panel.notes.getByText('Try again in 17 seconds').waitFor();
  await panel.retry.waitFor();
});
