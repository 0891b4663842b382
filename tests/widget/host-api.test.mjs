// What a page's own scripts can do with the widget: `Alcove('command', …)`, events, and the words of older hosts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, launcher, openPanel, panelOf, until } from './support/browser.mjs';
import { heard, listenEarly, world } from './support/visit.mjs';

const own = world();
const say = (page, ...call) => page.evaluate((words) => window.Alcove(...words), call);
const isOpen = async (page, at = 0) => (await launcher(page).nth(at).getAttribute('aria-expanded')) === 'true';
const sent = () => JSON.stringify(own.upstream.calls.at(-1));
const happened = (page, name) => until(async () => (await heard(page)).includes(name), `the event ${name}`);
const isReady = (page) => until(() => page.evaluate(() => window.heard.some(([name]) => name === 'ready')), 'the panel');

test('calls made before the script has loaded are done in their order', async () => {
  own.upstream.script = { text: 'Fine.' };
  const page = await own.visit({
    before: () => {
      window.Alcove = function () { (window.Alcove.q = window.Alcove.q || []).push(arguments); };
      window.Alcove('setContext', { lamp: 'old model' });
      window.Alcove('setContext', { lamp: 'desk lamp 7' });
      window.Alcove('identify', { name: 'Grace Hopper' });
      window.Alcove('open');
      window.Alcove('send', 'First');
    },
  });
  await panelOf(page).frame.locator('.reply', { hasText: 'Fine.' }).waitFor();
  assert.match(sent(), /desk lamp 7/);
  assert.doesNotMatch(sent(), /old model/);
  assert.equal(await page.evaluate(() => window.Alcove.q.length), 0);
});

test('open, close and toggle', async () => {
  const page = await own.visitButton({ before: listenEarly });
  await say(page, 'toggle');
  assert.equal(await isOpen(page), true);
  await say(page, 'open');
  await say(page, 'close');
  await say(page, 'close');
  await say(page, 'toggle');
  await isReady(page);
  await say(page, 'toggle');
  assert.equal(await isOpen(page), false);
  assert.deepEqual((await heard(page)).filter((name) => name !== 'ready'), ['open', 'close', 'open', 'close']);
});

test('every event is heard, and none tells what was said', async () => {
  own.upstream.script = { text: 'Secret answer.' };
  const page = await own.visitButton({ before: listenEarly });
  const panel = await openPanel(page);
  await ask(panel, 'Secret question');
  await happened(page, 'reply');
  own.upstream.script = { failStatus: 400 };
  await ask(panel, 'Secret trouble');
  await happened(page, 'error');
  own.upstream.script = { text: 'Secret end.', holdAfterChars: 5 };
  await ask(panel, 'Secret end');
  await panel.stop.waitFor();
  await say(page, 'close');
  await until(async () => own.upstream.release() || (await heard(page)).includes('unread'), 'the count');
  await happened(page, 'unread');
  const events = await page.evaluate(() => window.heard);
  const names = events.map(([name]) => name);
  for (const name of ['ready', 'open', 'close', 'message', 'reply', 'error', 'unread']) assert.ok(names.includes(name), `${name} in ${names}`);
  assert.doesNotMatch(JSON.stringify(events), /Secret/);
  assert.equal(typeof events.find(([name]) => name === 'message')[1].messageId, 'string');
  assert.equal(events.find(([name]) => name === 'reply')[1].state, 'done');
  assert.deepEqual(events.filter(([name]) => name === 'unread').at(-1)[1], { count: 1 });
  own.visitor.errors.length = 0;
});

test('unread replies are counted on the button and in its name', async () => {
  own.upstream.script = { text: 'One. Two.', holdAfterChars: 5 };
  const page = await own.visitButton({ attributes: 'data-name="Ada"' });
  const panel = await openPanel(page);
  await ask(panel, 'Slow');
  await panel.stop.waitFor();
  await launcher(page).click();
  await until(async () => own.upstream.release() || (await page.locator('alcove-widget .dot', { hasText: '1' }).count()), 'the count');
  assert.equal(await launcher(page).getAttribute('aria-label'), 'Chat: Ada (1)');
  await launcher(page).click();
  assert.equal(await launcher(page).getAttribute('aria-label'), 'Chat: Ada');
  assert.equal(await page.locator('alcove-widget .dot').count(), 0);
});

test('off ends listening, for that listener and that event alone', async () => {
  const page = await own.visitButton();
  await page.evaluate(() => {
    window.calls = [];
    const both = () => window.calls.push('both');
    const one = () => window.calls.push('one');
    window.Alcove('on', 'open', both);
    window.Alcove('on', 'close', both);
    window.Alcove('on', 'open', one);
    window.Alcove('off', 'open', both);
    window.Alcove('off', 'open', () => undefined);
    window.Alcove('open');
    window.Alcove('close');
  });
  assert.deepEqual(await page.evaluate(() => window.calls), ['one', 'both']);
});

test('a listener that throws stops neither the others nor the widget', async () => {
  const page = await own.visitButton();
  await page.evaluate(() => {
    window.Alcove('on', 'open', () => { throw new Error('of the page'); });
    window.Alcove('on', 'open', () => (window.reached = true));
    window.Alcove('open');
  });
  assert.equal(await page.evaluate(() => window.reached), true);
  await panelOf(page).field.waitFor();
  assert.deepEqual(own.visitor.problems.splice(0), ['of the page']);
});

test('beforesend changes a message, refuses one, and lets all pass once nobody listens', async () => {
  own.upstream.script = { text: 'Fine.' };
  const page = await own.visitButton({ before: listenEarly });
  const panel = await openPanel(page);
  await page.evaluate(() => {
    window.filter = (detail) => {
      if (detail.text.includes('password')) return false;
      detail.text = detail.text.replace('4111', '****');
    };
    window.Alcove('on', 'beforesend', window.filter);
  });
  await ask(panel, 'My card is 4111');
  await panel.bubbles.filter({ hasText: 'My card is ****' }).waitFor();
  await until(async () => (await panel.replies.count()) === 1, 'the reply');
  await ask(panel, 'My password is x');
  await until(async () => (await panel.field.inputValue()) === 'My password is x', 'the refused words back in the field');
  assert.equal(await panel.bubbles.count(), 1);
  await page.evaluate(() => window.Alcove('off', 'beforesend', window.filter));
  await ask(panel, 'My password is y');
  await panel.bubbles.filter({ hasText: 'My password is y' }).waitFor();
  assert.ok(!own.upstream.calls.some((call) => JSON.stringify(call).includes('4111') || JSON.stringify(call).includes('password is x')));
});

test('no text reaches the page while nobody listens for it, and a listener that throws blocks nothing', async () => {
  own.upstream.script = { text: 'Fine.' };
  const page = await own.visitButton({
    before: () => {
      window.seen = [];
      // What the loader keeps for a frame without storage of its own is the exception.
      addEventListener('message', ({ data }) => data.type === 'keep' || window.seen.push(JSON.stringify(data)));
    },
  });
  const panel = await openPanel(page);
  await ask(panel, 'Only between us');
  await panel.replies.first().waitFor();
  assert.ok(!(await page.evaluate(() => window.seen)).some((data) => data.includes('between us')));
  await page.evaluate(() => window.Alcove('on', 'beforesend', () => { throw new Error('of the page'); }));
  await ask(panel, 'Still sent');
  await panel.bubbles.filter({ hasText: 'Still sent' }).waitFor();
  assert.deepEqual(own.visitor.problems.splice(0), ['of the page']);
});

test('context is live: what is set counts from the next message on, null forgets it', async () => {
  own.upstream.script = { text: 'Fine.' };
  const page = await own.visitButton();
  const panel = await openPanel(page);
  const send = async (text, replies) => {
    await ask(panel, text);
    await until(async () => (await panel.frame.locator('.reply', { hasText: 'Fine.' }).count()) === replies, text);
    await panel.stop.waitFor({ state: 'hidden' });
  };
  await say(page, 'setContext', { basket: 'three lamps' });
  await say(page, 'setContext', { visit: 'second' });
  await send('One', 1);
  assert.match(sent(), /three lamps/);
  assert.match(sent(), /second/);
  await say(page, 'setContext', null);
  await send('Two', 2);
  const { messages } = own.upstream.calls.at(-1);
  assert.doesNotMatch(JSON.stringify(messages), /three lamps/);
});

test('identify tells who is there, before the panel has loaded and after', async () => {
  own.upstream.script = { text: 'Fine.' };
  const page = await own.visitButton();
  const bodies = [];
  page.on('request', (request) => bodies.push(request.postData() ?? ''));
  await say(page, 'identify', { id: '7', name: 'Grace Hopper' });
  const panel = await openPanel(page);
  await ask(panel, 'Hi');
  await panel.replies.first().waitFor();
  await until(async () => bodies.some((body) => body.includes('Grace Hopper')), 'the name');
  await say(page, 'identify', { id: '8', name: 'Ada Lovelace' });
  await until(async () => bodies.some((body) => body.includes('Ada Lovelace')), 'the other name');
});

test('setTheme and setLocale change the open chat; the conversation stays', async () => {
  own.upstream.script = { text: 'Fine.' };
  const page = await own.visitButton({ attributes: 'data-theme="light"' });
  const panel = await openPanel(page);
  await ask(panel, 'Hi');
  await panel.frame.locator('.reply', { hasText: 'Fine.' }).waitFor();
  const ground = () => panel.frame.locator('html').evaluate((html) => getComputedStyle(html).colorScheme);
  assert.match(await ground(), /^light/);
  await say(page, 'setTheme', 'dark');
  await until(async () => /^dark/.test(await ground()), 'dark');
  const length = await page.evaluate(() => history.length);
  await say(page, 'setLocale', 'de');
  await until(async () => own.asked().some((path) => path.startsWith('/embed?locale=de')), 'the other language');
  await panel.frame.locator('.reply', { hasText: 'Fine.' }).waitFor();
  assert.equal(await isOpen(page), true);
  assert.match(await ground(), /^dark/);
  assert.equal(await page.evaluate(() => history.length), length);
  assert.equal(await page.locator('alcove-widget iframe').count(), 1);
});

test('reset forgets the conversation, the visitor and the context, also on the next page', async () => {
  own.upstream.script = { text: 'Fine.' };
  const page = await own.visitButton();
  const panel = await openPanel(page);
  await say(page, 'setContext', { user: 'Grace Hopper' });
  await ask(panel, 'Mine alone');
  await panel.frame.locator('.reply', { hasText: 'Fine.' }).waitFor();
  await say(page, 'reset');
  await until(async () => (await panel.bubbles.count()) === 0, 'an empty chat');
  assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length]), [0, 0]);
  const stored = await panel.frame.locator('body').evaluate(() => {
    try {
      return JSON.stringify({ ...localStorage });
    } catch {
      return 'denied';
    }
  });
  assert.doesNotMatch(stored, /sessionId|Mine alone/);
  await page.reload();
  await openPanel(page);
  await page.waitForTimeout(300);
  assert.equal(await panel.bubbles.count(), 0);
  await ask(panel, 'Another visitor');
  await panel.frame.locator('.reply', { hasText: 'Fine.' }).waitFor();
  assert.doesNotMatch(sent(), /Grace Hopper|Mine alone/);
});

test('a chat that was never opened forgets as well', async () => {
  own.upstream.script = { text: 'Fine.' };
  const page = await own.visitButton();
  await ask(await openPanel(page), 'Mine alone');
  await panelOf(page).frame.locator('.reply', { hasText: 'Fine.' }).waitFor();
  await launcher(page).click();
  await page.reload();
  await launcher(page).waitFor();
  await say(page, 'reset');
  await page.waitForTimeout(600);
  await openPanel(page);
  await page.waitForTimeout(300);
  assert.equal(await panelOf(page).bubbles.count(), 0);
});

test('several bots: each tag its own widget, addressed by name, the first one without', async () => {
  const src = `${own.server.origin}/widget.js`;
  const page = await own.visitButton({ tag: `<script src="${src}" data-name="Shop" defer></script><script src="${src}" data-bot="default" data-name="Help" data-position="left" defer></script>` });
  await launcher(page).nth(1).waitFor();
  assert.deepEqual(await launcher(page).evaluateAll((buttons) => buttons.map((button) => button.ariaLabel)), ['Chat: Shop', 'Chat: Help']);
  assert.deepEqual(await page.evaluate(() => Object.keys(window).filter((key) => /alcove/i.test(key))), ['Alcove']);
  await say(page, 'default.open');
  assert.deepEqual([await isOpen(page, 0), await isOpen(page, 1)], [false, true]);
  await say(page, 'open');
  assert.deepEqual([await isOpen(page, 0), await isOpen(page, 1)], [true, true]);
  await say(page, 'destroy');
  assert.equal(await page.locator('alcove-widget').count(), 1);
  await say(page, 'close');
  assert.equal(await isOpen(page), false);
  await say(page, 'default.destroy');
  assert.deepEqual(await page.evaluate(() => [document.querySelector('alcove-widget'), typeof window.Alcove]), [null, 'undefined']);
});

test('a call for a bot whose tag comes later waits for it', async () => {
  const page = await own.visitButton();
  await say(page, 'default.open');
  await page.evaluate((src) => {
    const tag = Object.assign(document.createElement('script'), { src });
    tag.dataset.bot = 'default';
    tag.dataset.position = 'left';
    document.body.append(tag);
  }, `${own.server.origin}/widget.js`);
  await launcher(page).nth(1).waitFor();
  await until(() => isOpen(page, 1), 'opened as asked');
  assert.equal(await isOpen(page, 0), false);
});

test('a second tag of the same bot is ignored', async () => {
  const tag = `<script src="${own.server.origin}/widget.js" data-bot="default" defer></script>`;
  const page = await own.visitButton({ tag: tag + tag });
  await page.waitForTimeout(300);
  assert.equal(await page.locator('alcove-widget').count(), 1);
});

test('settings of an older host dress the button and the chat, and go to the server', async () => {
  own.upstream.script = { text: 'Fine.' };
  const page = await own.visitButton({
    before: () => {
      window.ChatbotConfig = { botName: 'Max', botColor: '#804000', poweredBy: 'Lamp shop', customInstructions: 'Mention lamp Q7.', jsonData: { stock: 'nine lamps' }, onOpen: () => 'functions stay here' };
    },
  });
  assert.equal(await launcher(page).getAttribute('aria-label'), 'Chat: Max');
  assert.equal(await launcher(page).evaluate((button) => getComputedStyle(button).backgroundColor), 'rgb(128, 64, 0)');
  const panel = await openPanel(page);
  await panel.frame.locator('h1', { hasText: 'Max' }).waitFor();
  await panel.frame.getByText('Lamp shop').waitFor();
  await ask(panel, 'Hi');
  await panel.frame.locator('.reply', { hasText: 'Fine.' }).waitFor();
  assert.match(sent(), /lamp Q7/);
  assert.match(sent(), /nine lamps/);
});

test('the messages of older hosts still work in a plain iframe, and they hear what they expect', async () => {
  own.upstream.script = { text: 'Fine.' };
  const page = await own.visit({
    tag: `<iframe src="${own.server.origin}/embed" title="Chat" width="400" height="600"></iframe>`,
    before: () => {
      window.older = [];
      addEventListener('message', ({ data }) => data.alcove === undefined && window.older.push(data.type));
    },
  });
  const frame = page.frameLocator('iframe[title=Chat]');
  await frame.getByRole('textbox').waitFor();
  const tell = (message) => page.evaluate(([words, origin]) => document.querySelector('iframe').contentWindow.postMessage(words, origin), [message, own.server.origin]);
  await tell({ type: 'configure', config: { botName: 'Max', customInstructions: 'Mention lamp Q7.' } });
  await frame.locator('h1', { hasText: 'Max' }).waitFor();
  await tell({ type: 'page_data', data: { basket: 'three lamps' } });
  await tell({ type: 'send_message', message: 'Hello' });
  await frame.locator('.reply', { hasText: 'Fine.' }).waitFor();
  assert.match(sent(), /lamp Q7/);
  assert.match(sent(), /three lamps/);
  await tell({ type: 'clear_chat' });
  await until(async () => (await frame.locator('.bubble-text').count()) === 0, 'an empty chat');
  await tell({ type: 'minimize' });
  await tell({ type: 'maximize' });
  const names = await until(async () => {
    const older = await page.evaluate(() => window.older);
    return older.includes('widget_minimized') && older;
  }, 'the older events');
  for (const name of ['widget_ready', 'session_created', 'message_received', 'widget_minimized']) assert.ok(names.includes(name), `${name} in ${names}`);
});
