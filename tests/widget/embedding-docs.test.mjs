// docs/embedding.md: every example runs on a page of another site, and does what the comment before it says.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { ask, launcher, newVisitor, panelOf, startBrowser, until } from './support/browser.mjs';
import { bundle, compileTypes, inPage, plainScript, read, readExamples, renderLiquid, startSite, withoutPhp } from './support/examples.mjs';
import { BINARY, startServer } from './support/server.mjs';
import { choose, SALES } from './support/tables.mjs';
import { startUpstream } from './support/upstream.mjs';

const PAGE = read('docs/embedding.md');
const EXAMPLES = readExamples(PAGE);
const PLAIN_TAG = '<script src="https://chat.example.com/widget.js" defer></script>';
/** Languages that our tests cannot run. */
const NOT_RUN = ['kotlin', 'swift'];
const TEAL = 'rgb(11, 114, 133)';
const DARK = 'dark';

let browser, upstream, site, server, support, visitor;
let more = [];

before(async () => {
  browser = await startBrowser();
  upstream = await startUpstream();
  site = await startSite();
  server = await startServer({ ...upstream.env, BOT_ICON: `${site.origin}/owner.png` });
  support = await startServer({ ...upstream.env, BOT_NAME: 'Support bot' });
});
after(async () => {
  await browser?.close();
  for (const part of [site, server, support, upstream]) await part?.close();
});
afterEach(async () => {
  await visitor?.context.close();
  await Promise.all(more.map((other) => other.close()));
  more = [];
  upstream.script = { text: 'Fine.' };
  upstream.calls.length = 0;
});

// A visitor on a page with the example

const filled = (text, from = server) =>
  text.replaceAll('https://chat.example.com', from.origin).replaceAll('https://support.example.com', support.origin).replaceAll('https://example.com', site.origin);

/** Shows this HTML; what the page complains about fails the test. */
async function show(html, { headers = {}, from = server, options = {} } = {}) {
  await visitor?.context.close();
  visitor = await newVisitor(browser, options);
  visitor.said = [];
  visitor.page.on('console', (message) => visitor.said.push(message.text()));
  const policy = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, filled(value, from)]));
  site.put('/', inPage(filled(html, from)), policy);
  site.put('/floor-lamps', inPage(filled(html, from)));
  await visitor.page.goto(`${site.origin}/`);
  return visitor.page;
}

/** A page with the plain tag, on which this script has run. */
async function run(code, html = PLAIN_TAG) {
  const page = await show(html);
  if (html === PLAIN_TAG) await launcher(page).waitFor();
  await page.addScriptTag({ content: filled(code) });
  return page;
}

async function open(page) {
  await launcher(page).click();
  return opened(page);
}
async function opened(page) {
  const panel = panelOf(page);
  await panel.field.waitFor();
  return panel;
}
/** Asks, and waits for the reply. */
async function talk(panel, text = 'Hello?') {
  const before = await panel.frame.locator('.reply').count();
  await ask(panel, text);
  await panel.frame.locator('.reply', { hasText: 'Fine.' }).nth(before).waitFor();
}
const plainFrame = (page) => {
  const frame = page.frameLocator('iframe');
  return { frame, field: frame.getByRole('textbox') };
};
const box = (page) => launcher(page).boundingBox();
const style = (locator, name) => locator.evaluate((element, property) => getComputedStyle(element)[property], name);
const inChat = (panel) => panel.frame.locator('html');
const theme = (panel) => inChat(panel).getAttribute('data-theme');
const isOpen = async (page) => (await launcher(page).getAttribute('aria-expanded')) === 'true';
const asked = () => upstream.calls.map((call) => JSON.stringify(call));
const lastAsked = () => until(() => asked().at(-1), 'the assistant was asked');
const heard = (pattern) => until(() => visitor.said.find((line) => pattern.test(line)), `${pattern} among ${visitor.said}`);
const command = (...call) => visitor.page.evaluate((words) => window.Alcove(...words), call);
const owner = (report, from = server) => execFileSync(BINARY, [report], { cwd: from.folder, env: from.environment, encoding: 'utf8' });
const code = (holds) => EXAMPLES.find(({ claim }) => claim === holds).code;

async function serverWith(dotEnv) {
  const other = await startServer(upstream.env, dotEnv);
  more.push(other);
  return other;
}

/** Contrast of a text with the panel's background, by WCAG 2. */
const contrast = (locator) => locator.evaluate((element) => {
  const light = (colour) => colour.match(/[\d.]+/g).slice(0, 3).map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  const luminance = (colour) => light(colour).reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  let surface = element;
  while (/, 0\)$|transparent/.test(getComputedStyle(surface).backgroundColor) && surface.parentElement) surface = surface.parentElement;
  const [low, high] = [getComputedStyle(element).color, getComputedStyle(surface).backgroundColor].map(luminance).sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
});

// What holds, by the comment before the example

const TAG = {
  'a button stands in the corner, and nothing more is loaded': async (example) => {
    const page = await show(example.code);
    const { x, y, width, height } = await box(page);
    assert.deepEqual([x + width, y + height], [1260, 780]);
    await page.waitForTimeout(300);
    assert.deepEqual(visitor.requests.filter((url) => url.startsWith(server.origin)), [`${server.origin}/widget.js`]);
  },
  'the older address gives the same button': async (example) => {
    const page = await show(example.code);
    assert.equal(await launcher(page).getAttribute('aria-label'), 'Chat: Ada');
    await talk(await open(page));
  },
  'the script with this hash runs, and with any other it does not': async (example) => {
    const demo = await (await fetch(server.origin)).text();
    const [, file, hash] = /(loader\.\w+\.js)[\s\S]{1,40}?(sha384-[\w+/=]+)/.exec(demo);
    const pinned = example.code.replace('loader.….js', file).replace('sha384-…', hash);
    await talk(await open(await show(pinned)));
    const page = await show(pinned.replace(hash, `sha384-${'A'.repeat(64)}`));
    await heard(/integrity/);
    assert.equal(await launcher(page).count(), 0);
  },
  'the button is teal, on the left and named Ada, and the chat is dark': async (example) => {
    const page = await show(example.code);
    assert.equal(await style(launcher(page), 'backgroundColor'), TEAL);
    assert.equal((await box(page)).x, 20);
    assert.equal(await launcher(page).getAttribute('aria-label'), 'Chat: Ada');
    const panel = await open(page);
    assert.equal(await theme(panel), DARK);
    assert.equal(await inChat(panel).evaluate((html) => html.style.getPropertyValue('--accent')), '#0b7285');
  },
  'the button has these words, this height, this distance and this layer': async (example) => {
    const page = await show(example.code);
    const { x, y, width, height } = await box(page);
    assert.deepEqual([x + width, y + height, height], [1280 - 24, 800 - 32, 48]);
    assert.ok(width > 100);
    assert.equal(await launcher(page).innerText(), 'Ask a question');
    assert.equal(await style(page.locator('alcove-widget'), 'zIndex'), '900');
  },
  'the empty chat shows these words, questions and this picture': async (example) => {
    const { frame } = await open(await show(example.code));
    await frame.getByText('Hello! Are you looking for a lamp?').waitFor();
    await frame.getByRole('button', { name: 'Where is my order?' }).waitFor();
    await frame.locator('.welcome img').waitFor();
    assert.equal(await frame.locator('.welcome img').getAttribute('src'), `${site.origin}/ada.png`);
    await frame.getByRole('button', { name: 'When are you open?' }).click();
    assert.match(await lastAsked(), /When are you open\?/);
  },
  'the line stands there until it is dismissed, on later pages too': async (example) => {
    const page = await show(example.code);
    const line = page.getByText('Questions about your order?');
    await line.waitFor();
    await page.reload();
    await line.waitFor();
    await page.locator('alcove-widget input').click();
    await line.waitFor({ state: 'hidden' });
    await page.reload();
    await launcher(page).waitFor();
    assert.equal(await line.count(), 0);
  },
  'the chat is open at once': async (example) => {
    await opened(await show(example.code));
  },
  'the chat speaks German because the page does': async (example) => {
    const { frame } = await open(await show(example.code));
    await frame.getByRole('button', { name: 'Senden' }).waitFor();
  },
  'the button has this name and colour, and the assistant learns the facts': async (example) => {
    const page = await show(example.code);
    assert.equal(await launcher(page).getAttribute('aria-label'), 'Chat: Ada');
    assert.equal(await style(launcher(page), 'backgroundColor'), TEAL);
    await talk(await open(page));
    assert.match(await lastAsked(), /Desk lamp 7/);
    assert.match(await lastAsked(), /Answer in one sentence\./);
  },
};

const PLACES = {
  'the chat fills the element, and there is no button': async (example) => {
    const page = await show(example.code);
    const panel = await opened(page);
    const [element, frame] = [await page.locator('#chat').boundingBox(), await page.locator('alcove-widget iframe').boundingBox()];
    assert.deepEqual(frame, element);
    assert.equal(await launcher(page).count(), 0);
    await talk(panel);
    // Without the element there is the usual button.
    await launcher(await show(example.code.replace('id="chat"', ''))).waitFor();
  },
  'the chat is usable in the frame': async (example) => {
    const panel = plainFrame(await show(example.code));
    await talk(panel);
  },
  'the frame is French, dark, teal, named Ada and greets with these words': async (example) => {
    const { frame } = plainFrame(await show(example.code));
    await frame.getByText('Bonjour', { exact: true }).waitFor();
    await frame.getByRole('button', { name: 'Envoyer', exact: true }).waitFor();
    assert.equal(await frame.locator('h1').textContent(), 'Ada');
    const html = frame.locator('html');
    assert.equal(await html.getAttribute('data-theme'), DARK);
    assert.equal(await html.evaluate((element) => element.style.getPropertyValue('--accent')), '#0b7285');
  },
  "the frame is named Grace, and the conversation is kept under the visitor's name": async (example) => {
    const panel = plainFrame(await show(example.code));
    await panel.field.waitFor();
    assert.equal(await panel.frame.locator('h1').textContent(), 'Grace');
    const begun = visitor.page.waitForRequest((request) => request.url().endsWith('/api/sessions/create'));
    await talk(panel);
    assert.equal((await begun).postDataJSON().user_identifier, 'customer-17');
  },
  'two buttons stand in two corners, and each command opens its own chat': async (example) => {
    const page = await show(example.code);
    const buttons = page.locator('alcove-widget button');
    await until(async () => (await buttons.count()) === 2, 'two buttons');
    const states = () => buttons.evaluateAll((all) => Object.fromEntries(all.map((button) => [button.getAttribute('aria-label'), button.getAttribute('aria-expanded')])));
    await page.getByRole('button', { name: 'Ask sales' }).click();
    assert.deepEqual(await states(), { 'Chat: Sales': 'true', 'Chat: Support': 'false' });
    await page.getByRole('button', { name: 'Ask support' }).click();
    assert.deepEqual(await states(), { 'Chat: Sales': 'true', 'Chat: Support': 'true' });
    const sources = await page.locator('alcove-widget iframe').evaluateAll((frames) => frames.map((frame) => new URL(frame.src).origin));
    assert.deepEqual(sources.sort(), [server.origin, support.origin].sort());
    const places = await buttons.evaluateAll((all) => all.map((button) => button.getBoundingClientRect().x));
    assert.deepEqual([Math.min(...places), Math.max(...places)], [20, 1204]);
  },
  'the chat stays over a change of page, and the assistant learns the new page': async (example) => {
    const page = await show(example.code);
    const panel = await open(page);
    await talk(panel);
    assert.match(await lastAsked(), /40 francs/);
    await page.locator('#next').click();
    await talk(panel, 'And these?');
    assert.equal(await panel.frame.locator('.reply').count(), 2);
    assert.match(await lastAsked(), /Floor lamps cost 90 francs/);
    assert.match(await lastAsked(), /floor-lamps/);
  },
  'the chat comes, goes and comes again with its conversation': async (example) => {
    const page = await show('');
    await page.addScriptTag({ content: await bundle("import { addChat } from './alcove.js'; window.addChat = addChat;", { 'alcove.js': filled(example.code) }) });
    await page.evaluate(() => void (window.removeChat = window.addChat({ color: '#0b7285' })));
    assert.equal(await style(launcher(page), 'backgroundColor'), TEAL);
    await talk(await open(page));
    await page.evaluate(() => window.removeChat());
    assert.deepEqual([await page.locator('alcove-widget').count(), await page.evaluate(() => typeof window.Alcove)], [0, 'undefined']);
    await page.evaluate(() => void (window.removeChat = window.addChat()));
    await panelOf(page).frame.locator('.reply', { hasText: 'Fine.' }).waitFor();
    // Taken off again before the script has come.
    await page.evaluate(() => (window.removeChat(), window.addChat()()));
    await page.waitForTimeout(300);
    assert.equal(await page.locator('alcove-widget').count(), 0);
  },
};

const COMMANDS = {
  'what was called before the script came happens after it': async (example) => {
    await opened(await show(example.code));
    await heard(/^The chat is open\.$/);
  },
  'the chat opens, closes and opens': async (example) => {
    const page = await run(`window.steps = []; for (const step of ['open', 'close']) Alcove('on', step, () => window.steps.push(step));\n${example.code}`);
    assert.deepEqual(await page.evaluate(() => window.steps), ['open', 'close', 'open']);
    assert.ok(await isOpen(page));
  },
  'the link opens the chat': async (example) => {
    const page = await show(example.code);
    await launcher(page).waitFor();
    await page.locator('#ask').click();
    await opened(page);
  },
  'the message reaches the assistant, and the chat is open': async (example) => {
    const page = await run(example.code);
    assert.match(await lastAsked(), /When are you open\?/);
    assert.ok(await isOpen(page));
  },
  'the assistant learns the facts that count, and none after they were forgotten': async (example) => {
    const page = await run(example.code);
    const panel = await open(page);
    await talk(panel);
    assert.match(await lastAsked(), /Desk lamp 7/);
    assert.match(await lastAsked(), /stock\D{1,8}3\b/);
    assert.doesNotMatch(await lastAsked(), /stock\D{1,8}12\b/);
    await command('setContext', null);
    await talk(panel, 'And now?');
    assert.doesNotMatch(await lastAsked(), /Desk lamp 7/);
  },
  "the owner finds the visitor's name and address": async (example) => {
    const page = await run(example.code);
    await talk(await open(page));
    const lead = await until(() => owner('leads').split('\r\n').find((line) => line.includes('Ada Lovelace')), 'the lead');
    assert.match(lead, /"ada@example\.com","'?\+41 44 123 45 67"/);
  },
  'the chat turns dark': async (example) => {
    const page = await show(PLAIN_TAG);
    const panel = await open(page);
    assert.notEqual(await theme(panel), DARK);
    await page.addScriptTag({ content: example.code });
    await until(async () => (await theme(panel)) === DARK, 'dark');
  },
  'the chat speaks Italian, and the conversation is still there': async (example) => {
    const page = await show(PLAIN_TAG);
    const panel = await open(page);
    await talk(panel);
    await page.addScriptTag({ content: example.code });
    await panel.frame.getByRole('button', { name: 'Invia', exact: true }).waitFor();
    await panel.frame.locator('.reply', { hasText: 'Fine.' }).waitFor();
  },
  'nothing of the visitor is left in the browser': async (example) => {
    const page = await show(PLAIN_TAG);
    const panel = await open(page);
    await talk(panel);
    // This browser denies the frame its storage, so the page keeps it.
    const stored = () => page.evaluate(() => JSON.stringify([localStorage, sessionStorage]));
    assert.match(await stored(), /visitorToken/);
    await page.addScriptTag({ content: example.code });
    await until(async () => (await panel.bubbles.count()) === 0, 'an empty chat');
    await until(async () => (await stored()) === '[{},{}]', 'nothing is stored');
    await page.reload();
    assert.equal(await isOpen(page), false);
    assert.equal(await (await open(page)).bubbles.count(), 0);
  },
  'neither the widget nor the function is left': async (example) => {
    const page = await run(example.code);
    assert.deepEqual([await page.locator('alcove-widget').count(), await page.evaluate(() => 'Alcove' in window)], [0, false]);
  },
  'the listener hears the first opening and not the second': async (example) => {
    const page = await run(example.code);
    await opened(page);
    assert.deepEqual(visitor.said.filter((line) => line === 'opened'), ['opened']);
  },
};

const EVENTS = {
  'the page hears that the chat has loaded': async (example) => {
    await open(await run(example.code));
    await heard(/^ready$/);
  },
  'the page hears it open and close': async (example) => {
    const page = await run(example.code);
    await open(page);
    await launcher(page).click();
    assert.deepEqual(visitor.said, ['opened', 'closed']);
  },
  'the page hears of the message and of its reply, and not what they say': async (example) => {
    await talk(await open(await run(example.code)), 'Secret?');
    const [, id] = /^asked ([\w-]{36})$/.exec(await heard(/^asked/));
    assert.equal(await heard(/^answered/), `answered ${id} done`);
    assert.doesNotMatch(visitor.said.join(), /Secret|Fine/);
  },
  'the page hears which error it was': async (example) => {
    upstream.script = { failStatus: 400 };
    await ask(await open(await run(example.code)), 'Hello?');
    const [, error] = /^failed (\w+) [\w-]{36}$/.exec(await heard(/^failed/));
    assert.ok(read('docs/errors.md').includes(`\`${error}\``), error);
  },
  'the page hears which fields were filled in, and not with what': async (example) => {
    const from = await serverWith("BOT_LEAD_FORM='name, email!, phone'");
    const page = await show(PLAIN_TAG, { from });
    await launcher(page).waitFor();
    await page.addScriptTag({ content: example.code });
    const { frame } = panelOf(page);
    await launcher(page).click();
    await frame.getByLabel('E-mail').fill('ada@example.com');
    await frame.getByRole('button', { name: 'Continue' }).click();
    assert.equal(await heard(/^left/), 'left email');
  },
  'the title counts the answers that nobody has seen': async (example) => {
    upstream.script = { text: 'Fine.', holdAfterChars: 5, pieceChars: 5, firstDelayMs: 100 };
    const page = await run(example.code);
    const panel = await open(page);
    await ask(panel, 'Hello?');
    await until(() => asked().length, 'asked');
    await launcher(page).click();
    // The frame hears of it by a message, which has to be there before the rest of the answer.
    await panel.frame.locator('body').evaluate(() => new Promise((heard) => { setTimeout(heard); }));
    upstream.release();
    await until(async () => (await page.title()) === '(1) Lamp shop', 'a count in the title');
    await launcher(page).click();
    await until(async () => (await page.title()) === 'Lamp shop', 'the plain title');
  },
  'the page hears which file came and how large its table is, and not what stands in it': async (example) => {
    const page = await run(example.code);
    await choose(page, await open(page), [SALES]);
    await until(() => visitor.said.includes(`brought ${SALES.name} ${SALES.buffer.length} 40 4`), 'the event');
    assert.doesNotMatch(visitor.said.join(), /Revenue|North/);
  },
  'the message is sent and shown without the card number': async (example) => {
    const panel = await open(await run(example.code));
    await talk(panel, 'I paid with 4111111111111111 today');
    assert.equal(await panel.bubbles.last().innerText(), 'I paid with (card number) today');
    assert.match(await lastAsked(), /\(card number\)/);
    assert.doesNotMatch(await lastAsked(), /4111/);
  },
  'the message is not sent, and its text is in the text field': async (example) => {
    const panel = await open(await run(example.code));
    await ask(panel, 'My password is 1234');
    await until(async () => (await visitor.page.title()) === 'Please do not send passwords.', 'refused');
    await until(async () => (await panel.field.inputValue()) === 'My password is 1234', 'the text is back');
    assert.deepEqual([await panel.bubbles.count(), asked().length], [0, 0]);
    await talk(panel, 'Something else');
  },
};

const HOST = {
  "the assistant gets this text instead of the page's": async (example) => {
    await talk(await open(await run(example.code)));
    assert.match(await lastAsked(), /The visitor sees the last three orders/);
    assert.doesNotMatch(await lastAsked(), /40 francs/);
  },
  'the next visitor at this computer finds an empty chat': async (example) => {
    const page = await show(example.code);
    const panel = await open(page);
    await talk(panel);
    await page.locator('#sign-out').click();
    await until(async () => (await panel.bubbles.count()) === 0, 'an empty chat');
    await page.reload();
    await open(page);
    await page.waitForTimeout(300);
    assert.equal(await panel.bubbles.count(), 0);
  },
  'the frame gets name, facts and message, and the page hears what happens': async (example) => {
    const { frame } = plainFrame(await show(example.code));
    await frame.locator('.reply', { hasText: 'Fine.' }).waitFor();
    assert.equal(await frame.locator('h1').textContent(), 'Grace');
    assert.match(await lastAsked(), /Is it in stock\?/);
    assert.match(await lastAsked(), /Desk lamp 7/);
    for (const type of [/^widget_ready$/, /^session_created$/, /^message_received$/]) await heard(type);
    await frame.getByRole('button', { name: 'Close chat' }).click();
    await heard(/^widget_minimized$/);
    await frame.locator('html').waitFor({ state: 'hidden' });
  },
  'the page hides the chat, begins a new conversation and shows it': async (example) => {
    const page = await show(code('the frame gets name, facts and message, and the page hears what happens'));
    const { frame, field } = plainFrame(page);
    await frame.locator('.reply', { hasText: 'Fine.' }).waitFor();
    await page.addScriptTag({ content: `${example.code}\nhideChat();` });
    await field.waitFor({ state: 'hidden' });
    await page.addScriptTag({ content: 'clearChat(); showChat();' });
    await field.waitFor();
    await until(async () => (await frame.locator('.reply').count()) === 0, 'a new conversation');
    await talk({ frame, field });
  },
  'it compiles and runs, and with a wrong word it does not compile': async (example) => {
    assert.equal(compileTypes(example.code), '');
    for (const wrong of ["Alcove('setTeme', 'dark');", "Alcove('setTheme', 'pink');", "Alcove('on', 'replied', () => 1);"]) {
      assert.match(compileTypes(`${example.code}\n${wrong}`), /error TS/);
    }
    const panel = await open(await run(await plainScript(example.code)));
    assert.equal(await theme(panel), DARK);
    await talk(panel);
    await heard(/^answered [\w-]{36} done$/);
  },
};

const LOOKS = {
  'the ink on the button is dark, and text in the chat has enough contrast': async (example) => {
    upstream.script = { text: 'Fine. See [our hours](https://example.org/hours).' };
    const page = await show(example.code);
    assert.equal(await style(launcher(page), 'color'), 'rgb(0, 0, 0)');
    const panel = await open(page);
    await talk(panel);
    // The last words are drawn anew until the reply has ended.
    await panel.frame.getByRole('button', { name: 'Copy reply' }).waitFor();
    for (const part of [panel.frame.locator('.reply a'), panel.frame.locator('.reply p').first(), panel.bubbles.first()]) {
      assert.ok((await contrast(part)) >= 4.5, `${await contrast(part)}`);
    }
  },
  'the chat is dark on the dark page, and light after the page has turned light': async (example) => {
    const page = await show(example.code);
    const panel = await open(page);
    await until(async () => (await theme(panel)) === DARK, 'dark');
    await page.evaluate(() => document.body.classList.add('light'));
    await until(async () => (await theme(panel)) === 'light', 'light');
  },
  'button and chat have these sizes': async (example) => {
    const page = await show(example.code);
    const { x, y, width, height } = await box(page);
    assert.deepEqual([x + width, y + height, width, height], [1280 - 40, 800 - 48, 64, 64]);
    await open(page);
    await page.waitForTimeout(250);
    const chat = page.locator('alcove-widget section');
    assert.deepEqual([await style(chat, 'width'), await style(chat, 'height')], ['480px', '560px']);
    assert.deepEqual([await style(chat, 'borderRadius'), await style(chat, 'boxShadow')], ['4px', 'none']);
  },
  "both languages use the owner's words": async (example) => {
    const from = await serverWith(example.code);
    for (const [locale, words] of [['en', 'Ask about our lamps…'], ['fr', 'Ask about our lamps…'], ['de', 'Fragen Sie nach unseren Lampen…']]) {
      const panel = await open(await show(PLAIN_TAG.replace(' defer', ` data-locale="${locale}" defer`), { from }));
      assert.equal(await panel.field.getAttribute('placeholder'), words);
    }
  },
};

const FORMS = {
  'the form asks for three things, and e-mail has to be filled in': async (example) => {
    const page = await show(PLAIN_TAG, { from: await serverWith(example.code) });
    await launcher(page).click();
    const { frame } = panelOf(page);
    for (const label of ['Name', 'E-mail', 'Phone']) await frame.getByLabel(label).waitFor();
    assert.equal(await frame.getByRole('button', { name: 'Skip' }).count(), 0);
    await frame.getByLabel('Name').fill('Ada');
    await frame.getByRole('button', { name: 'Continue' }).click();
    await frame.getByText('Please fill in this field.').waitFor();
  },
  'the form comes after the first reply, and what was filled in is kept': async (example) => {
    const from = await serverWith(example.code);
    await fillForm(from);
    const lead = await until(() => owner('leads', from).split('\r\n').find((line) => line.includes('ada@example.com')), 'the lead');
    assert.match(lead, /A floor lamp/);
    assert.match(lead, /privacy notice/);
  },
  'the leads and the feedback of a visitor are printed': async (example) => {
    const from = await serverWith(code('the form comes after the first reply, and what was filled in is kept'));
    const { frame } = await fillForm(from);
    await frame.getByRole('button', { name: 'Bad reply' }).click();
    await frame.getByRole('textbox', { name: 'What could be better?' }).fill('Too short');
    await frame.getByRole('button', { name: 'Send feedback' }).click();
    await frame.getByRole('button', { name: 'Send feedback' }).waitFor({ state: 'detached' });
    symlinkSync(BINARY, join(from.folder, 'alcove'));
    const env = { ...from.environment, PATH: `${from.folder}:${process.env.PATH}` };
    const told = execFileSync('bash', ['-ec', `${example.code}\ncat leads.csv`], { cwd: from.folder, env, encoding: 'utf8' });
    assert.match(told, /"ada@example\.com"/);
    assert.match(told, /bad[\s\S]+Too short/);
  },
};

async function fillForm(from) {
  const page = await show(PLAIN_TAG, { from });
  const panel = await open(page);
  const { frame } = panel;
  assert.equal(await frame.getByLabel('E-mail').count(), 0);
  await talk(panel);
  await frame.getByText('May we call you back?').waitFor();
  await frame.getByRole('button', { name: 'Skip' }).waitFor();
  await frame.getByLabel('E-mail').fill('ada@example.com');
  await frame.getByLabel('What is it about?').fill('A floor lamp');
  assert.equal(await frame.getByRole('link', { name: 'privacy notice' }).getAttribute('href'), 'https://example.com/privacy');
  await frame.getByRole('checkbox').check();
  await frame.getByRole('button', { name: 'Continue' }).click();
  await frame.getByText('Thank you. We have your details.').waitFor();
  return panel;
}

/** The chat under the policy that the example shows. */
async function underPolicy(example) {
  const headers = Object.fromEntries(example.code.split('\n').map((line) => line.split(/: (.*)/s)));
  assert.deepEqual(Object.keys(headers), ['Content-Security-Policy']);
  await talk(await open(await show(PLAIN_TAG, { headers })));
  assert.deepEqual(visitor.violations, []);
}
const POLICIES = {
  'the chat works under exactly this policy, without a complaint': underPolicy,
  'the chat works with Trusted Types, without a complaint': underPolicy,
};

const SITES = {
  'the tag the theme prints shows the button': async (example) => {
    await talk(await open(await show(withoutPhp(example.code))));
  },
  'the assistant learns the product that is shown last': async (example) => {
    const page = await show(`<div id="app"></div>${PLAIN_TAG}`);
    await launcher(page).waitFor();
    await page.addScriptTag({ content: await bundle(`
      import { createRoot } from 'react-dom/client';
      import { Product } from './Product.jsx';
      const root = createRoot(document.querySelector('#app'));
      root.render(<Product name="Desk lamp 7" price={40} />);
      window.next = () => root.render(<Product name="Floor lamp 2" price={90} />);`, { 'Product.jsx': example.code }) });
    await page.getByText('Desk lamp 7').waitFor();
    await page.evaluate(() => window.next());
    await page.getByText('Floor lamp 2').waitFor();
    await talk(await open(page));
    assert.match(await lastAsked(), /product\W{1,8}Floor lamp 2/);
    assert.doesNotMatch(await lastAsked(), /Desk lamp 7/);
  },
  'the chat comes with the component and goes with it, in strict mode too': async (example) => {
    await comesAndGoes(`
      import { StrictMode } from 'react';
      import { createRoot } from 'react-dom/client';
      import { Chat } from './Chat.jsx';
      const root = createRoot(document.querySelector('#app'));
      window.show = (isShown) => root.render(<StrictMode>{isShown && <Chat />}</StrictMode>);`, { 'Chat.jsx': example.code });
  },
  'the chat comes with the view and goes with it': async (example) => {
    await comesAndGoes(`
      import { createApp, h, ref } from 'vue';
      import Chat from './Chat.vue';
      const isShown = ref(false);
      createApp({ render: () => (isShown.value ? h(Chat) : null) }).mount('#app');
      window.show = (isWanted) => (isShown.value = isWanted);`, { 'Chat.vue': example.code });
  },
  'the assistant learns the product, and the customer is known': async (example) => {
    const shop = {
      product: { title: 'Desk lamp </script> 7', available: true },
      customer: { id: 17, name: 'Grace Hopper', email: 'grace@example.com' },
      request: { locale: { iso_code: 'de' } },
    };
    const guest = await show(await renderLiquid(example.code, { request: shop.request }));
    await (await open(guest)).frame.getByRole('button', { name: 'Senden', exact: true }).waitFor();
    await talk(await open(await show(await renderLiquid(example.code, { ...shop, product: { ...shop.product, title: 'Desk lamp 7' } }))));
    assert.match(await lastAsked(), /Desk lamp 7/);
    await until(() => owner('leads').includes('grace@example.com'), 'the customer');
  },
  'the chat fills the screen of a phone, without a button': async (example) => {
    const page = await show(example.code, { options: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } });
    const panel = await opened(page);
    assert.deepEqual(await page.locator('alcove-widget iframe').boundingBox(), { x: 0, y: 0, width: 390, height: 844 });
    assert.equal(await launcher(page).count(), 0);
    // As the app does it.
    await page.evaluate("Alcove('identify', {id: 'customer-17'})");
    await talk(panel);
  },
};

async function comesAndGoes(entry, files) {
  const page = await show('<div id="app"></div>');
  await page.addScriptTag({ content: filled(await bundle(entry, { ...files, 'alcove.js': code('the chat comes, goes and comes again with its conversation') })) });
  for (let round = 0; round < 2; round++) {
    await page.evaluate(() => window.show(true));
    await launcher(page).waitFor();
    await page.waitForTimeout(200);
    assert.equal(await launcher(page).count(), 1);
    assert.equal(await style(launcher(page), 'backgroundColor'), TEAL);
    const panel = await (round ? opened(page) : open(page));
    await talk(panel);
    await page.evaluate(() => window.show(false));
    await until(async () => (await page.locator('alcove-widget').count()) === 0, 'gone');
  }
}

const CLAIMS = { ...TAG, ...PLACES, ...COMMANDS, ...EVENTS, ...HOST, ...LOOKS, ...FORMS, ...POLICIES, ...SITES };

for (const example of EXAMPLES.filter(({ isNotRun }) => !isNotRun)) {
  test(`${example.claim} (docs/embedding.md:${example.line})`, { timeout: 60_000 }, async () => {
    const holds = CLAIMS[example.claim];
    assert.ok(holds, `nothing shows what the example in line ${example.line} does`);
    await holds(example);
    assert.deepEqual(visitor.problems, []);
  });
}

test('every claim belongs to one example, and only the apps of phones are not run', () => {
  const claims = EXAMPLES.filter(({ isNotRun }) => !isNotRun).map(({ claim }) => claim);
  assert.deepEqual(claims.sort(), Object.keys(CLAIMS).sort());
  assert.deepEqual(EXAMPLES.filter(({ isNotRun }) => isNotRun).map(({ language }) => language), NOT_RUN);
});

const kebab = (key) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const names = (path, from, to, pattern) => [...read(path).split(from)[1].split(to)[0].matchAll(pattern)].map(([, name]) => name);
const shown = EXAMPLES.filter(({ isNotRun }) => !isNotRun).map((example) => example.code).join('\n');

test('every option has an example', () => {
  const options = names('widget/src/loader/options.ts', 'const RULES', '\n};', /^ {2}(\w+): \[/gm).map((key) => `data-${kebab(key)}`);
  assert.ok(options.length > 15);
  assert.deepEqual(options.filter((name) => !shown.includes(` ${name}="`)), []);
});

test('every command has an example', () => {
  const declared = names('widget/alcove.d.ts', 'interface Commands {', '\n  }', /^ {4}(\w+): \[/gm);
  const built = names('widget/src/loader/widget.ts', 'const COMMANDS', '\n};', /^ {2}(\w+)(?:\(|:)/gm);
  assert.deepEqual([...declared, 'on', 'off'].sort(), built.sort());
  assert.deepEqual(built.filter((name) => !shown.includes(`Alcove('${name}'`)), []);
});

test('every event has an example', () => {
  const sent = [...read('widget/src/frame-messages.ts').split('type HostEvent =')[1].split(';')[0].matchAll(/'(\w+)'/g)].map(([, name]) => name);
  const declared = names('widget/alcove.d.ts', 'interface Events {', '\n  }', /^ {4}(\w+): /gm);
  assert.deepEqual([...sent, 'beforesend'].sort(), declared.sort());
  assert.deepEqual(declared.filter((name) => !shown.includes(`Alcove('on', '${name}'`)), []);
});
