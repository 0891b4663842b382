// Front ends in the style of each older backend, served from another origin, in a real browser against the real program.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, test } from 'node:test';
import { newVisitor, startBrowser, until } from './support/browser.mjs';
import { startServer } from './support/server.mjs';
import { startUpstream } from './support/upstream.mjs';

const PAGES = ['ai-chat', 'leads', 'accounts', 'widget'];
let browser, upstream, site, server, visitor;

before(async () => {
  browser = await startBrowser();
  upstream = await startUpstream();
  site = await startSite();
  // As the .env files of these front ends' backends have it.
  server = await startServer({ ...upstream.env, CORS_ALLOWED_ORIGINS: site.origin, CORS_ALLOW_CREDENTIALS: 'True', ALLOWED_HOSTS: 'localhost,127.0.0.1' });
});
after(async () => {
  await browser?.close();
  await Promise.all([server?.close(), upstream?.close(), site?.close()]);
});
afterEach(async () => {
  await visitor?.context.close();
  assert.deepEqual(visitor?.problems, []);
});

/** Another host name than the server's: CORS is really in play. */
async function startSite() {
  const pages = createServer(({ url }, response) => {
    const name = new URL(url, 'http://site').pathname.slice(1);
    if (!PAGES.includes(name)) return response.writeHead(204).end();
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(readFileSync(new URL(`./older/${name}.html`, import.meta.url)));
  });
  await new Promise((resolve) => pages.listen(0, '127.0.0.1', resolve));
  return { origin: `http://localhost:${pages.address().port}`, close: () => new Promise((resolve) => (pages.closeAllConnections(), pages.close(resolve))) };
}

async function open(name, more = '') {
  visitor = await newVisitor(browser);
  const { page } = visitor;
  await page.goto(`${site.origin}/${name}?server=${encodeURIComponent(server.origin)}${more}`);
  return page;
}

const shows = (page, css, text) => until(async () => (await page.locator(css).textContent()).includes(text), `${css} shows ${text}: ${css}`);
const lines = (page, css) => page.locator(css).evaluateAll((items) => items.map((item) => `${item.className}: ${item.textContent}`));
const lists = (page, css, expected) => until(async () => (await lines(page, css)).join('\n') === expected.join('\n'), `${css} lists ${expected}`);

async function say(page, text) {
  await page.locator('#text').fill(text);
  await page.locator('#text').press('Enter');
}

for (const legacy of [false, true]) {
  test(`AI chat${legacy ? ' at its first addresses' : ''}: talk, come back, count, begin anew`, async () => {
    const page = await open('ai-chat', legacy ? '&legacy' : '');
    await shows(page, '#health', 'healthy');
    upstream.script = { text: 'Hello, I am Ada.' };
    await say(page, 'Hi');
    await lists(page, '#messages li', ['user: Hi', 'ai: Hello, I am Ada.']);
    upstream.script = { text: 'Gladly.' };
    await say(page, 'Tell me more');
    const all = ['user: Hi', 'ai: Hello, I am Ada.', 'user: Tell me more', 'ai: Gladly.'];
    await lists(page, '#messages li', all);
    const asked = upstream.calls.at(-1).messages.map(({ content }) => content).join('\n');
    assert.ok(asked.includes('Hello, I am Ada.'), 'the model was told what had been said');
    await page.reload();
    await lists(page, '#messages li', all);
    await page.locator('#count').click();
    await shows(page, '#stats', '4 messages, 2 of mine, 2 answers, 37 characters, active');
    upstream.script = { failStatus: 400 };
    await say(page, 'Again');
    await shows(page, '#problem', '502 The assistant');
    await say(page, ' ');
    await shows(page, '#problem', '400 message');
    await page.locator('#new').click();
    await lists(page, '#messages li', []);
    await page.locator('#count').click();
    await shows(page, '#stats', '0 messages');
  });
}

test('lead capture: what is told is checked, kept, changed; and one talks', async () => {
  const page = await open('leads');
  await page.getByLabel('Name').fill('Ada');
  await page.getByLabel('E-mail').fill('ada');
  await page.getByLabel('Phone').fill('call me');
  await page.getByRole('button', { name: 'Start' }).click();
  await shows(page, '#problems', 'email: It is not an e-mail address.');
  await shows(page, '#problems', 'phone: It is not a phone number.');
  assert.equal(await page.locator('#chat').isVisible(), false);
  await page.getByLabel('E-mail').fill('ada@example.com');
  await page.getByLabel('Phone').fill('');
  await page.getByRole('button', { name: 'Start' }).click();
  await shows(page, '#who', 'Ada · ada@example.com · –');
  upstream.script = { text: 'From nine to five.' };
  await say(page, 'When do you open?');
  const talk = ['me: When do you open?', 'bot: From nine to five.'];
  await lists(page, '#messages li', talk);
  await say(page, '');
  await shows(page, '#problems', 'message: This field may not be blank.');
  await page.getByLabel('Phone').fill('+41 44 123 45 67');
  await page.getByRole('button', { name: 'Change details' }).click();
  await shows(page, '#who', 'Ada · ada@example.com · +41 44 123 45 67');
  await page.reload();
  await lists(page, '#messages li', talk);
  await shows(page, '#who', '+41 44 123 45 67');
});

test('the widget’s own API: a session, talk, a file, a cleared history, and the button at its older address', async () => {
  const page = await open('widget');
  await shows(page, '#name', 'Ada');
  await shows(page, '#status', 'created');
  upstream.script = { text: 'Good day.' };
  await say(page, 'Good morning');
  await lists(page, '#messages li', ['user: Good morning', 'assistant: Good day.']);
  await page.locator('#file').setInputFiles({ name: 'lamps.csv', mimeType: 'text/csv', buffer: Buffer.from('lamp,price\ndesk,40\nfloor,90\n') });
  await shows(page, '#about', 'lamps.csv: 2 rows, 2 columns');
  await page.locator('#clear').click();
  await shows(page, '#status', '2 cleared');
  await lists(page, '#messages li', []);
  await page.locator('alcove-widget button').waitFor();
});

test('a site that is not listed reads nothing', async () => {
  visitor = await newVisitor(browser);
  const { page } = visitor;
  const foreign = await startSite();
  await page.goto(`${foreign.origin}/ai-chat?server=${encodeURIComponent(server.origin)}`);
  await shows(page, '#problem', 'Failed to fetch');
  assert.equal(await page.locator('#health').textContent(), '…');
  await foreign.close();
});

test('accounts: register, log in, talk, look at earlier chats, log out', async () => {
  const page = await open('accounts');
  const press = (name) => page.getByRole('button', { name, exact: true }).click();
  await page.getByLabel('Username').fill('ada');
  await page.getByLabel('E-mail').fill('ada@example.com');
  await page.getByLabel('Password').fill('violet otter 19 lamps');
  await page.getByLabel('Again').fill('violet otter 20 lamps');
  await press('Register');
  await shows(page, '#status', '400 password: Passwords do not match.');
  await page.getByLabel('Again').fill('violet otter 19 lamps');
  await press('Register');
  await shows(page, '#status', 'User created successfully.');
  await press('Register');
  await shows(page, '#status', '400 username: A user with that username already exists.');
  await press('Log in');
  await shows(page, '#status', 'User logged in successfully. Hello ada, number true.');
  upstream.script = { text: 'Hello, I am Ada.' };
  await say(page, 'Hi');
  const first = ['user: Hi', 'assistant: Hello, I am Ada.'];
  await lists(page, '#messages li', first);
  await press('New chat');
  upstream.script = { text: 'Another one.' };
  await say(page, 'Something else');
  await lists(page, '#messages li', ['user: Something else', 'assistant: Another one.']);
  await press('History');
  const chats = page.locator('#chats button');
  await until(async () => (await chats.count()) === 2, 'two chats');
  await chats.last().click();
  await lists(page, '#messages li', first);
  upstream.script = { text: 'Still here.' };
  await say(page, 'Are you there?');
  await lists(page, '#messages li', [...first, 'user: Are you there?', 'assistant: Still here.']);
  await press('Log out');
  await shows(page, '#status', 'Successfully logged out.');
  await say(page, 'Hello?');
  await shows(page, '#status', '401 Invalid token.');
});
