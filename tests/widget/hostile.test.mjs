// Hostile replies, streamed in awkward pieces and read again from history: nothing runs, nothing is fetched, nothing
// freezes. What they say stands in hostile/.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { aim, CORPUS } from './hostile/corpus.mjs';
import { pathological } from './hostile/pathological.mjs';
import { cut } from './hostile/pieces.mjs';
import { longestTasks } from './hostile/tasks.mjs';
import { askAll, frameOf, look, reload, replies, settled, takeOver, visit } from './hostile/visit.mjs';
import { startBrowser, until } from './support/browser.mjs';
import { startHost } from './support/host.mjs';
import { startServer } from './support/server.mjs';
import { startUpstream } from './support/upstream.mjs';

/** The panel reads so many turns of a conversation from history. */
const TURNS = 24;
const LANES = 2;
/** Long replies in one conversation. */
const GIANTS = 12;
const LONGEST_TASK_MS = 200;
const TRIES = 3;
const ALL = [...CORPUS, ...pathological];
let browser, upstream, server, host, canary;

before(async () => {
  browser = await startBrowser();
  upstream = await startUpstream();
  server = await startServer({ ...upstream.env, HISTORY_TOKENS: '100' });
  host = await startHost(server.origin);
  canary = await startCanary();
  upstream.script = scriptFor;
});
after(async () => {
  await browser?.close();
  await canary?.close();
  await host?.close();
  await server?.close();
  await upstream?.close();
});

/** A server that writes down who calls. */
async function startCanary() {
  const [contacts, referrers] = [[], []];
  const listener = createServer((request, response) => {
    // A page that a visitor opened by a click asks for its icon.
    if (request.url === '/favicon.ico') return response.end();
    contacts.push(`${request.method} ${request.url}`);
    referrers.push(request.headers.referer);
    response.end();
  });
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${listener.address().port}`;
  return { contacts, referrers, origin, close: () => (listener.closeAllConnections(), new Promise((resolve) => listener.close(resolve))) };
}

/** The question names the reply: `hostile 12` is answered by the twelfth text. Unanswered questions stand before it. */
function scriptFor({ messages }) {
  const question = JSON.stringify(messages.at(-1).content);
  const number = Number([...question.matchAll(/hostile (\d+)/g)].at(-1)?.[1]);
  const payload = question.includes('Still there') ? null : ALL[number];
  const text = payload ? aim(payload.text, canary.origin) : 'All is well.';
  return { pieces: cut(text, 1, Math.max(7, text.length / 100), number + 1), firstDelayMs: 0, delayMs: 0 };
}

function batches() {
  const numbered = CORPUS.map((payload, number) => ({ ...payload, number }));
  return Array.from({ length: Math.ceil(numbered.length / TURNS) }, (_, at) => numbered.slice(at * TURNS, (at + 1) * TURNS));
}

/** Streams a batch, reads it again, and once more without the policy; every fault with the name of its reply. */
async function expose(batch, visitor, bare) {
  const faults = [];
  const add = (when, found) => found.forEach(([at, what]) => faults.push(`${when}: ${at === '' ? batch[0].kind : `${batch[at]?.kind} / ${batch[at]?.name}`}: ${what}`));
  const outcomes = await askAll(visitor, [...batch.map(({ number }) => `hostile ${number}`), 'Still there?']);
  add('live', outcomes.flatMap((outcome, at) => (outcome === 'reply' ? [] : [[at, `ended with ${outcome}`]])));
  const live = await replies(visitor, server.origin);
  add('live', await look(visitor, server.origin));
  add('live', batch.flatMap(({ shows }, at) => (shows && !/link-host">\s*\(([^)]*)\)/.exec(live[at])?.[1].includes(shows) ? [[at, `does not show ${shows}`]] : [])));
  await reload(visitor, batch.length);
  await settled(visitor, server.origin);
  const read = await replies(visitor, server.origin);
  add('history', await look(visitor, server.origin));
  add('history', live.flatMap((html, at) => (html === read[at] ? [] : [[at, `differs from live:\n${html}\n${read[at]}`]])));
  await takeOver(bare, visitor, batch.length);
  await settled(bare, server.origin);
  add('without policy', await look(bare, server.origin));
  await takeOver(visitor, null, 0);
  return faults;
}

test('hostile replies run nothing, fetch nothing and stay plain, live and from history', async () => {
  const waiting = batches();
  const faults = [];
  const lane = async () => {
    const visitor = await visit(browser, host.origin, { isStrict: true });
    const bare = await visit(browser, host.origin, { isStrict: true, bypassCSP: true });
    for (let batch = waiting.shift(); batch; batch = waiting.shift()) faults.push(...(await expose(batch, visitor, bare)));
    for (const { requests, problems, context } of [visitor, bare]) {
      const away = requests.filter((url) => ![server.origin, host.origin].includes(new URL(url).origin));
      faults.push(...away, ...problems);
      await context.close();
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  assert.deepEqual(faults, []);
  assert.deepEqual(canary.contacts, []);
});

/** Streams the batch, reads it again, goes on talking; the longest task of each part. */
function tasksOf(batch, visitor, silent) {
  return longestTasks(browser, visitor.page, async (note) => {
    for (const { name, number } of batch) {
      note(`live: ${name}`);
      // A reply of nothing but spaces is none, and the panel says so.
      if ((await askAll(visitor, [`hostile ${number}`]))[0] === 'nothing') silent.add(name);
    }
    note(`history: ${batch.map(({ name }) => name).join(', ')}`);
    await reload(visitor, batch.length);
    await settled(visitor, server.origin);
    note(`the panel still answers after ${batch.at(-1).name}`);
    assert.deepEqual(await askAll(visitor, ['Still there?']), ['reply']);
    await takeOver(visitor, null, 0);
  });
}

test('no hostile reply holds the page up for 200 ms, live or from history', async () => {
  const visitor = await visit(browser, host.origin);
  const waiting = pathological.map((payload, at) => ({ ...payload, number: CORPUS.length + at }));
  const silent = new Set();
  const slow = [];
  let count = 0;
  while (waiting.length) {
    const batch = waiting.splice(0, GIANTS);
    // A shared cache or a collection of garbage at the wrong moment adds time and never takes any away: what is slow by
    // itself is slow each time.
    let over = null;
    for (let tries = 0; tries < TRIES && over?.length !== 0; tries += 1) {
      const tasks = await tasksOf(batch, visitor, silent);
      const isSlow = ({ name, ms }) => ms > LONGEST_TASK_MS && (over === null || over.some((before) => before.name === name));
      over = tasks.filter(isSlow);
      count += tasks.reduce((sum, task) => sum + task.count, 0);
    }
    slow.push(...over);
  }
  await visitor.context.close();
  assert.deepEqual([...silent], []);
  assert.ok(count > 1000, 'tasks were measured');
  assert.deepEqual(slow, []);
});

test('the traps catch what the hostile replies try', async () => {
  const visitor = await visit(browser, host.origin, { isStrict: true, bypassCSP: true });
  await askAll(visitor, ['Hello?']);
  await frameOf(visitor, server.origin).evaluate((address) => {
    const reply = document.querySelector('.reply');
    const add = (tag, attributes, text = '') => {
      const element = document.createElement(tag);
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      element.textContent = text;
      reply.append(element);
      return element;
    };
    add('img', { src: `${address}/trap`, onerror: 'window.hacked = 1' });
    add('a', { href: 'javascript:alert(1)', class: 'panel' }, 'a\u202eb\u{e0041}');
    add('p', { style: 'position: fixed' }, `c${'\u0301'.repeat(20)}`);
    add('iframe', { srcdoc: 'x' }).remove();
    window.alert('caught');
  }, canary.origin);
  const contact = await until(() => canary.contacts.splice(0)[0], 'the canary is called');
  await until(() => frameOf(visitor, server.origin).evaluate(() => window.hacked), 'the handler runs');
  const found = (await look(visitor, server.origin)).map(([at, what]) => `${at} ${what}`).join('\n');
  assert.equal(contact, 'GET /trap');
  for (const trap of ['0 a <img>', 'onerror=', ' a <iframe>', 'called alert', 'hacked', 'an address javascript:', 'class="panel"', 'holds U+202e', 'is fixed', 'a tower of marks']) assert.ok(found.includes(trap), `${trap} in\n${found}`);
  assert.ok(visitor.requests.includes(`${canary.origin}/trap`));
  await visitor.context.close();
});

/** Where each letter of the text begins, from left to right, in the frame. */
const lettersFrom = (frame, selector) => frame.locator(selector).first().evaluate((element) => {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  const places = [];
  while (texts.nextNode()) {
    for (let at = 0; at < texts.currentNode.length; at += 1) {
      range.setStart(texts.currentNode, at);
      range.setEnd(texts.currentNode, at + 1);
      const { left, width } = range.getBoundingClientRect();
      if (width > 0) places.push(left);
    }
  }
  return places;
});

test('a direction mark without an end turns no word around it', async () => {
  const MARKS = '\u202e\u2067\u202b\u05d0 &#x202e;&#x2067;';
  const listing = { text: `[https://bank.example](https://evil.example:8443/) \u05d0${MARKS}\n\n\`\`\`j\u202es${MARKS}\nlet a = 1;\u202e\n\`\`\`\n\n${MARKS}`, pieceChars: 3, delayMs: 0 };
  const before = upstream.script;
  upstream.script = { ...listing, text: `\u05d0${MARKS} ${listing.text}` };
  const visitor = await visit(browser, host.origin, { isStrict: true });
  assert.deepEqual(await askAll(visitor, [`Please ${MARKS} answer`]), ['reply']);
  upstream.script = before;
  const frame = frameOf(visitor, server.origin);
  for (const selector of ['.reply .link-host', '.reply figcaption button', '.reply pre code', '.powered', '.header h1']) {
    const places = await lettersFrom(frame, selector);
    assert.ok(places.length > 2 && places.every((place, at) => at === 0 || place >= places[at - 1]), `${selector} runs ${places}`);
  }
  assert.deepEqual(await look(visitor, server.origin), []);
  await visitor.context.close();
});

test('a click on a link tells its host nothing and gives it no hold on the page', async () => {
  const before = upstream.script;
  upstream.script = { text: `[the offer](${canary.origin}/clicked)` };
  const visitor = await visit(browser, host.origin);
  await askAll(visitor, ['Where?']);
  upstream.script = before;
  const [other] = await Promise.all([visitor.context.waitForEvent('page'), frameOf(visitor, server.origin).locator('.reply a').click()]);
  await other.waitForLoadState();
  assert.deepEqual(canary.contacts.splice(0), ['GET /clicked']);
  assert.deepEqual(canary.referrers.splice(0).filter(Boolean), []);
  assert.equal(await other.evaluate(() => window.opener), null);
  await visitor.context.close();
});

/** Names and sentences for everywhere the owner, the page or the visitor may put words. */
const WORDS = ['<img src="{canary}/words" onerror="hacked=1">', '"><svg onload=hacked=1>', '</script><script>hacked=1</script>', '{name} {seconds} \u202e&lt;img&gt;', '[a](javascript:hacked=1) **b**'];

test('words of the owner, the page and the visitor are text wherever they show', async (t) => {
  const [image, drawing, script, marks, markdown] = WORDS.map((text) => aim(text, canary.origin));
  const odd = await startServer({ ...upstream.env, BOT_NAME: script, BOT_POWERED_BY: image, BOT_WELCOME: `${drawing}${markdown}`, BOT_SUGGESTIONS: `${image}|${marks}` });
  const attributes = `data-name="${drawing.replaceAll('"', '&quot;')}"`;
  const head = `<script>window.ChatbotConfig = ${JSON.stringify({ botName: image, poweredBy: drawing, botIcon: 'javascript:hacked=1', welcome: script }).replaceAll('<', '\\u003c')};</script>`;
  const page = await startHost(odd.origin, { attributes, head });
  t.after(async () => {
    await page.close();
    await odd.close();
  });
  const visitor = await visit(browser, page.origin, { isStrict: true });
  const frame = frameOf(visitor, odd.origin);
  for (const text of [image, drawing, script, markdown, marks]) assert.deepEqual(await askAll(visitor, [text]), ['reply'], text);
  assert.deepEqual(await frame.locator('.bubble-text').allTextContents(), [image, drawing, script, markdown, marks]);
  assert.equal(await frame.evaluate(() => document.querySelectorAll('img, script:not([src]):not([type="application/json"]), [onerror], [onload], a[href^="javascript"]').length), 0);
  assert.deepEqual(await look(visitor, odd.origin), []);
  for (const path of [`/embed#name=${encodeURIComponent(image)}&greeting=${encodeURIComponent(script)}&suggestions=${encodeURIComponent(drawing)}&icon=javascript:hacked=1&color=red;background:url(${canary.origin}/colour)`, '/', '/embed?config=%7B%22botName%22:%22%3Cimg%20src=x%20onerror=hacked=1%3E%22%7D']) {
    await visitor.page.goto(odd.origin + path);
    await visitor.page.waitForLoadState('networkidle');
    assert.deepEqual(await visitor.page.evaluate(() => [window.hacked, document.querySelectorAll('img, [onerror], [onload]').length]), [undefined, 0], path);
  }
  assert.deepEqual([visitor.problems, visitor.dialogs, canary.contacts], [[], [], []]);
  await visitor.context.close();
});

test('titles of tools are text', async () => {
  const visitor = await visit(browser, host.origin, { isStrict: true });
  const title = aim(WORDS[0], canary.origin);
  const event = (name, data, id = '') => `${id && `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
  await visitor.page.route('**/api/chat/message', async (route) => {
    const { messageId } = route.request().postDataJSON();
    await route.fulfill({ headers: { 'Content-Type': 'text/event-stream' }, body: event('start', { messageId }) + event('tool', { name: title, title, status: 'running' }) });
  });
  await visitor.page.route('**/api/chat/replies/**', () => undefined);
  visitor.page.evaluate(() => window.Alcove('send', 'Use a tool')).catch(() => undefined);
  const frame = frameOf(visitor, server.origin);
  await frame.locator('.tool', { hasText: '<img' }).waitFor();
  assert.equal(await frame.locator('.tool').innerText(), title);
  assert.equal(await frame.locator('.tool *').count(), 0);
  assert.deepEqual(await look(visitor, server.origin), []);
  assert.deepEqual(canary.contacts, []);
  await visitor.context.close();
});
