// Messages that only pretend: from frames and windows of strangers, with every type there is. Nothing may change, on
// either side; the same messages from the right window show that the test would notice.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { launcher, openPanel, panelOf, until } from './support/browser.mjs';
import { world } from './support/visit.mjs';

const own = world();

/** Every type of the protocol, both ways, read from its source: a new one is forged here from its first day. */
const SOURCE = readFileSync(new URL('../../widget/src/frame-messages.ts', import.meta.url), 'utf8');
const TYPES = [...new Set([...SOURCE.matchAll(/type: ('\w+'(?: \| '\w+')*)/g)].flatMap(([, words]) => words.match(/\w+/g)))];
const OLDER = ['configure', 'page_data', 'send_message', 'clear_chat', 'minimize', 'maximize', 'widget_ready', 'session_created', 'message_received', 'widget_minimized'];
const COMMANDS = ['open', 'toggle', 'send', 'setContext', 'identify', 'setTheme', 'setLocale', 'destroy', 'on', 'off', 'approved', 'theme', 'kept'];

const SETTINGS = { config: { botName: 'Forged', customInstructions: 'Forged' }, keep: '{"conversations":[{"sessionId":"forged","visitorToken":"forged"}],"draft":"Forged"}', identity: { name: 'Forged' }, theme: 'dark', open: false, focus: true, beforesend: true };
const VALUES = { settings: SETTINGS, page: { url: 'https://forged.example', pageContent: 'Forged' }, unread: 9, keep: 'forged', expand: 'wide', event: { messageId: 'forged' }, beforesend: 'Forged', send: 'Forged' };
const MESSAGES = [
  ...[...TYPES, ...COMMANDS].flatMap((type) => [1, 'reply'].map((id) => ({ alcove: 1, type, id, value: VALUES[type] ?? 'Forged' }))),
  { alcove: 1, type: 'settings', value: { ...SETTINGS, open: true } },
  ...OLDER.map((type) => ({ type, config: { botName: 'Forged' }, data: { note: 'Forged' }, message: 'Forged' })),
  { alcove: 2, type: 'keep', value: 'forged' },
  { alcove: '1', type: 'keep', value: 'forged' },
  { alcove: 1, type: '__proto__', value: 'forged' },
  { alcove: 1, type: 'constructor', value: 'forged' },
  'forged', null, 7, [], [{ alcove: 1, type: 'close' }],
];

let stranger;
before(async () => {
  const server = createServer((request, response) => response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>Stranger</title><p>Hello</p>'));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  stranger = { origin: `http://127.0.0.1:${server.address().port}`, close: () => (server.closeAllConnections(), server.close()) };
});
after(() => stranger?.close());

const LISTENER = () => {
  window.heard = [];
  for (const name of ['ready', 'open', 'close', 'message', 'reply', 'error', 'lead', 'file', 'unread', 'beforesend']) window.Alcove('on', name, () => window.heard.push(name));
};

/** Everything that a forged message could have touched. */
async function state(page) {
  const { frame } = panelOf(page);
  return {
    page: await page.evaluate(() => {
      const { shadowRoot } = document.querySelector('alcove-widget');
      return {
        elements: [...shadowRoot.querySelectorAll('*')].map((element) => element.cloneNode().outerHTML + (element.localName === 'b' ? element.textContent : '')),
        stored: JSON.stringify([{ ...localStorage }, { ...sessionStorage }]),
        heard: window.heard.join(),
        history: [history.length, JSON.stringify(history.state)],
        focus: document.activeElement.localName,
        global: typeof window.Alcove,
      };
    }),
    panel: await frame.locator('body').evaluate((body) => ({
      text: body.innerText,
      field: document.querySelector('textarea').value,
      scheme: getComputedStyle(document.documentElement).colorScheme,
      focus: document.activeElement.className,
    })),
    api: own.visitor.requests.filter((url) => url.includes('/api/')).length,
  };
}

/** What a foreign window runs: each message to each window it can reach, with a target that reaches it. */
const flood = ([target, messages]) => {
  const windows = [];
  const collect = (at) => {
    if (!at || windows.includes(at)) return;
    windows.push(at);
    for (let index = 0; index < at.length; index++) collect(at[index]);
  };
  for (const start of target === 'opener' ? [window.opener, window.opener?.top] : [window.top, window.parent]) collect(start);
  for (const at of windows) if (at !== window) for (const message of messages) at.postMessage(message, '*');
  return windows.length;
};

/** Opens the chat and leaves it in a state that each forged message would alter. */
async function ready(options = {}) {
  const page = await own.visitButton(options);
  await page.evaluate(LISTENER);
  await openPanel(page);
  await until(() => page.evaluate(() => window.heard.includes('ready')), 'the panel');
  await page.waitForTimeout(200);
  return page;
}

async function unchanged(page, attack) {
  const before = await state(page);
  const reached = await attack();
  await page.waitForTimeout(400);
  assert.deepEqual(await state(page), before);
  return reached;
}

test('the list has every type of the protocol, and enough of them', () => {
  for (const type of ['settings', 'send', 'reset', 'page', 'beforesend', 'hello', 'tell', 'close', 'unread', 'keep', 'expand', 'event']) assert.ok(TYPES.includes(type), type);
  assert.ok(MESSAGES.length >= 60, String(MESSAGES.length));
});

test('a frame of strangers on the page reaches page and panel, and changes nothing', async () => {
  const page = await ready({ body: `<iframe src="${stranger.origin}" title="Stranger"></iframe>` });
  const frame = page.frame({ url: `${stranger.origin}/` });
  // The panel's frame stands in a shadow root, which hides it from `window.frames` only.
  const reached = await unchanged(page, () => frame.evaluate(flood, ['top', MESSAGES]));
  assert.ok(reached >= 1);
});

test('a frame of strangers beside a plain iframe reaches that chat, and changes nothing', async () => {
  const chat = `<iframe src="${own.server.origin}/embed" title="Chat" width="400" height="600"></iframe>`;
  const page = await own.visit({ tag: `${chat}<iframe src="${stranger.origin}" title="Stranger"></iframe>` });
  const panel = page.frameLocator('iframe[title=Chat]');
  await panel.getByRole('textbox').waitFor();
  const before = await panel.locator('body').innerText();
  const reached = await page.frame({ url: `${stranger.origin}/` }).evaluate(flood, ['top', MESSAGES]);
  assert.ok(reached >= 3, String(reached));
  await page.waitForTimeout(400);
  assert.equal(await panel.locator('body').innerText(), before);
  assert.ok(!own.asked().some((path) => path.startsWith('/api')), own.asked().join(' '));
});

test('frames of the page’s own origin, and the page to itself, change nothing in the page', async () => {
  const page = await ready({ body: '<iframe srcdoc="<p>Own</p>" title="Own"></iframe>' });
  await unchanged(page, () => page.evaluate(([messages]) => {
    const own = document.querySelector('iframe[title=Own]').contentWindow;
    for (const message of messages) {
      window.postMessage(message, '*');
      own.eval('(message) => parent.postMessage(message, "*")')(message);
      own.eval('(panel, message) => panel.postMessage(message, "*")')(document.querySelector('alcove-widget').shadowRoot.querySelector('iframe').contentWindow, message);
    }
  }, [MESSAGES]));
});

test('another frame of our own origin is the wrong window, for the page and for the panel', async () => {
  const page = await ready({ body: `<iframe src="${own.server.origin}/embed" title="Ours"></iframe>` });
  const ours = page.frames().find((frame) => frame.url().endsWith('/embed'));
  await unchanged(page, () => ours.evaluate(flood, ['top', MESSAGES]));
});

test('a message that claims our origin but comes from no window changes nothing', async () => {
  const page = await ready();
  await unchanged(page, () => page.evaluate(([origin, messages]) => {
    for (const data of messages) {
      dispatchEvent(new MessageEvent('message', { origin, data }));
      dispatchEvent(new MessageEvent('message', { origin, data, source: window }));
    }
  }, [own.server.origin, MESSAGES]));
});

test('the right window is not heard once it shows another site', async () => {
  const page = await ready();
  const panel = page.frames().find((frame) => frame.url().includes('/embed'));
  await panel.goto(stranger.origin);
  const look = () => page.evaluate(() => [document.querySelector('alcove-widget').shadowRoot.querySelector('button').outerHTML, document.querySelector('alcove-widget').shadowRoot.querySelector('section').className, JSON.stringify({ ...localStorage }), window.heard.join()]);
  const before = await look();
  await panel.evaluate((messages) => messages.forEach((message) => parent.postMessage(message, '*')), MESSAGES);
  await page.waitForTimeout(400);
  assert.deepEqual(await look(), before);
});

test('a stranger that opened the page, and a window that the page opened, change nothing', async () => {
  const page = await ready();
  const { context } = own.visitor;
  const opening = context.waitForEvent('page');
  await page.evaluate((url) => void window.open(url), stranger.origin);
  const popup = await opening;
  await popup.waitForLoadState();
  await unchanged(page, () => popup.evaluate(flood, ['opener', MESSAGES]));
  await popup.close();
});

test('a stranger that opens the page with its chat in a window changes nothing there', async () => {
  const first = await own.visitButton();
  const host = own.visitor.host.origin;
  await first.goto(stranger.origin);
  const opening = own.visitor.context.waitForEvent('page');
  await first.evaluate((url) => void (window.target = window.open(url)), host);
  const page = await opening;
  page.on('request', (request) => own.visitor.requests.push(request.url()));
  await launcher(page).waitFor();
  await page.evaluate(LISTENER);
  await openPanel(page);
  await page.waitForTimeout(400);
  await unchanged(page, () => first.evaluate((messages) => {
    const windows = [window.target];
    for (let index = 0; index < window.target.length; index++) windows.push(window.target[index]);
    for (const at of windows) for (const message of messages) at.postMessage(message, '*');
    return windows.length;
  }, MESSAGES));
});

test('a stranger that opens the panel by itself is not its host', async () => {
  const first = await own.visitButton();
  await first.goto(stranger.origin);
  const opening = own.visitor.context.waitForEvent('page');
  await first.evaluate((url) => void (window.target = window.open(url)), `${own.server.origin}/embed`);
  const panel = await opening;
  const asked = [];
  panel.on('request', (request) => asked.push(request.url()));
  await panel.getByRole('textbox').waitFor();
  const before = await panel.locator('body').innerText();
  await first.evaluate((messages) => messages.forEach((message) => window.target.postMessage(message, '*')), MESSAGES);
  await panel.waitForTimeout(400);
  assert.equal(await panel.locator('body').innerText(), before);
  assert.ok(!asked.some((url) => url.includes('/api/')));
});

test('a page that is not on the list of sites is not heard by the panel, and is told nothing', async () => {
  const page = await own.visit({ tag: `<iframe src="${own.server.origin}/embed" title="Chat" width="400" height="600"></iframe>`, before: () => {
    window.seen = 0;
    addEventListener('message', () => window.seen++);
  } });
  const frame = page.frameLocator('iframe[title=Chat]');
  await page.route('**/embed', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace('"allowedOrigins":["*"]', '"allowedOrigins":["https://elsewhere.example"]') });
  });
  await page.reload();
  await frame.getByRole('textbox').waitFor();
  await page.evaluate((messages) => messages.forEach((message) => document.querySelector('iframe').contentWindow.postMessage(message, '*')), MESSAGES);
  await page.waitForTimeout(400);
  assert.doesNotMatch(await frame.locator('body').innerText(), /Forged/);
  assert.equal(await page.evaluate(() => window.seen), 0);
});

test('the same messages from the right windows would have been noticed', async () => {
  const page = await ready();
  const calm = await state(page);
  const meant = MESSAGES.filter((message) => !['__proto__', 'constructor', 'destroy'].includes(message?.type));
  const panel = page.frames().find((frame) => frame.url().includes('/embed'));
  await panel.evaluate(([messages, to]) => messages.forEach((message) => parent.postMessage(message, to)), [meant, own.visitor.host.origin]);
  await page.waitForTimeout(300);
  const stirred = await state(page);
  assert.notDeepEqual(stirred.page.elements, calm.page.elements);
  assert.notEqual(stirred.page.stored, calm.page.stored);
  assert.notEqual(stirred.page.heard, calm.page.heard);
  await page.evaluate(([messages, to]) => {
    const { contentWindow } = document.querySelector('alcove-widget').shadowRoot.querySelector('iframe');
    messages.forEach((message) => contentWindow.postMessage(message, to));
  }, [meant, own.server.origin]);
  await page.waitForTimeout(300);
  assert.notDeepEqual((await state(page)).panel, calm.panel);
  // What was sent in the visitor's name meets the limits of the server.
  own.visitor.errors.length = 0;
});

test('no source of ours posts to any origin', () => {
  for (const name of ['loader.js', 'panel.js', 'extras.js', 'data.js', 'charts.js', 'files.js']) {
    const text = readFileSync(new URL(`../../assets/widget/${name}`, import.meta.url), 'utf8');
    assert.doesNotMatch(text, /postMessage\([^;]*["'`]\*["'`]/);
  }
});
