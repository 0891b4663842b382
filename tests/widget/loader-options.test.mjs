// What the attributes of the tag do, one by one, and what becomes of values that cannot be used.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launcher, openPanel, panelOf, until } from './support/browser.mjs';
import { world } from './support/visit.mjs';

const own = world({ BOT_COLOR: '#0f766e', BOT_WELCOME: 'Hello from the owner.', BOT_SUGGESTIONS: 'Owner’s question?' });
const css = (locator, name) => locator.evaluate((element, property) => getComputedStyle(element)[property], name);
const label = (page) => launcher(page).getAttribute('aria-label');
const panelBox = (page) => page.locator('alcove-widget section').boundingBox();
const embedded = () => new URL(own.asked().find((path) => path.startsWith('/embed')), 'http://x');

test('without attributes the owner’s settings count', async () => {
  const page = await own.visitButton();
  assert.equal(await label(page), 'Chat: Ada');
  assert.equal(await css(launcher(page), 'backgroundColor'), 'rgb(15, 118, 110)');
  const { frame } = await openPanel(page);
  await frame.getByText('Hello from the owner.').waitFor();
});

test('name, colour, greeting and suggestions of the tag reach button and chat', async () => {
  const page = await own.visitButton({ attributes: 'data-name="Lamp &lt;b&gt; helper" data-color="#f80" data-greeting="Ask me about lamps &amp; more." data-suggestions="Which lamp?|How much?"' });
  assert.equal(await label(page), 'Chat: Lamp <b> helper');
  assert.equal(await css(launcher(page), 'backgroundColor'), 'rgb(255, 136, 0)');
  const { frame } = await openPanel(page);
  await frame.locator('h1', { hasText: 'Lamp <b> helper' }).waitFor();
  await frame.getByText('Ask me about lamps & more.').waitFor();
  await frame.getByRole('button', { name: 'Which lamp?' }).waitFor();
  await frame.getByRole('button', { name: 'How much?' }).waitFor();
  assert.equal(await frame.getByRole('button', { name: 'Owner’s question?' }).count(), 0);
});

test('the ink on the button is readable on every colour an owner may pick', async () => {
  const page = await own.visitButton();
  const colours = Array.from({ length: 216 }, (_, at) => `#${[at % 6, Math.floor(at / 6) % 6, Math.floor(at / 36)].map((part) => (part * 51).toString(16).padStart(2, '0')).join('')}`);
  for (const colour of [...colours.filter((_, at) => at % 9 === 0), '#667eea', '#fff', '#000', '#c71585', '#ff1eff']) {
    await page.evaluate(([src, picked]) => {
      window.Alcove('destroy');
      const tag = Object.assign(document.createElement('script'), { src });
      tag.dataset.color = picked;
      document.body.append(tag);
    }, [`${own.server.origin}/widget.js`, colour]);
    await launcher(page).waitFor();
    const [ground, ink] = await launcher(page).evaluate((button) => [getComputedStyle(button).backgroundColor, getComputedStyle(button).color].map((text) => text.match(/\d+/g).map(Number)));
    assert.ok(contrast(ground, ink) >= 3, `${colour}: ${contrast(ground, ink)}`);
  }
});

function contrast(one, other) {
  const luminance = (rgb) => rgb.slice(0, 3).map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)).reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

test('corner, offset, size and layer', async () => {
  const page = await own.visitButton({ attributes: 'data-position="left" data-offset="32 48" data-size="72" data-z-index="7"' });
  const box = await launcher(page).boundingBox();
  assert.deepEqual([box.x, Math.round(800 - box.y - box.height), box.width, box.height], [32, 48, 72, 72]);
  assert.equal(await css(page.locator('alcove-widget'), 'zIndex'), '7');
  await openPanel(page);
  await page.waitForTimeout(250);
  const panel = await panelBox(page);
  assert.equal(panel.x, 32);
  assert.ok(panel.y >= 0 && panel.y + panel.height <= box.y, JSON.stringify([panel, box]));
});

test('one offset counts for the side and the bottom', async () => {
  const page = await own.visitButton({ attributes: 'data-offset="8"' });
  const box = await launcher(page).boundingBox();
  assert.deepEqual([Math.round(1280 - box.x - box.width), Math.round(800 - box.y - box.height)], [8, 8]);
});

test('custom properties of the page change what attributes leave open', async () => {
  const page = await own.visitButton({ head: '<style>:root{--alcove-size:64px;--alcove-offset-x:5px;--alcove-offset-y:6px;--alcove-radius:2px}alcove-widget{--alcove-width:350px;--alcove-height:500px;--alcove-shadow:none}</style>' });
  const box = await launcher(page).boundingBox();
  assert.deepEqual([Math.round(1280 - box.x - box.width), Math.round(800 - box.y - box.height), box.width], [5, 6, 64]);
  await openPanel(page);
  const frame = await page.locator('alcove-widget iframe').boundingBox();
  assert.deepEqual([frame.width, frame.height], [350, 500]);
  assert.equal(await css(page.locator('alcove-widget section'), 'borderTopLeftRadius'), '2px');
  assert.equal(await css(page.locator('alcove-widget section'), 'boxShadow'), 'none');
});

test('a label stands beside the sign and is the button’s name', async () => {
  const page = await own.visitButton({ attributes: 'data-label="Ask a question"' });
  assert.equal(await launcher(page).innerText(), 'Ask a question');
  assert.equal(await label(page), 'Ask a question');
  const box = await launcher(page).boundingBox();
  assert.ok(box.width > 150 && box.height === 56, JSON.stringify(box));
});

test('a teaser can be dismissed for the session, and goes when the chat opens', async () => {
  const page = await own.visitButton({ attributes: 'data-teaser="Questions about lamps?"' });
  const teaser = page.locator('alcove-widget').getByText('Questions about lamps?');
  await teaser.waitFor();
  await page.reload();
  await teaser.waitFor();
  await page.getByRole('button', { name: 'OK' }).click();
  await teaser.waitFor({ state: 'hidden' });
  await page.reload();
  await launcher(page).waitFor();
  assert.equal(await teaser.count(), 0);
  await page.evaluate(() => sessionStorage.clear());
  await page.reload();
  await teaser.waitFor();
  await openPanelFirst(page);
  await launcher(page).first().click();
  assert.equal(await teaser.isVisible(), false);
});

async function openPanelFirst(page) {
  await launcher(page).first().click();
  await panelOf(page).field.waitFor();
}

test('data-open opens the chat, until the visitor closes it', async () => {
  const page = await own.visitButton({ attributes: 'data-open' });
  await panelOf(page).field.waitFor();
  await launcher(page).click();
  await page.reload();
  await launcher(page).waitFor();
  assert.equal(await launcher(page).getAttribute('aria-expanded'), 'false');
});

test('the language is the tag’s, or the page’s', async () => {
  const page = await own.visitButton({ attributes: 'data-locale="de-CH"' });
  await openPanel(page);
  assert.equal(embedded().searchParams.get('locale'), 'de-CH');
  await own.visitor.context.close();
  const arabic = await own.visitButton({ attributes: 'data-locale="page"', path: '/rtl' });
  await launcher(arabic).click();
  await until(async () => own.asked().some((path) => path.startsWith('/embed')), 'the chat');
  assert.equal(embedded().searchParams.get('locale'), 'ar');
});

test('looks travel in the fragment, which no server sees', async () => {
  const page = await own.visitButton({ attributes: 'data-bot="default" data-greeting="Not for servers"' });
  await openPanel(page);
  assert.deepEqual([...embedded().searchParams.keys()], ['bot', 'locale']);
  const src = await page.locator('alcove-widget iframe').getAttribute('src');
  assert.equal(new URLSearchParams(new URL(src).hash.slice(1)).get('greeting'), 'Not for servers');
});

const scheme = (page) => panelOf(page).frame.locator('html').evaluate((html) => getComputedStyle(html).colorScheme);
const turns = (page, to) => until(async () => new RegExp(`^${to}`).test(await scheme(page)), to);

test('a dark page gets a dark chat, and it follows when the page changes', async () => {
  const page = await own.visitButton({ path: '/dark', attributes: 'data-theme="host"' });
  await openPanel(page);
  await turns(page, 'dark');
  await page.evaluate(() => document.documentElement.classList.remove('dark'));
  await turns(page, 'light');
  await page.evaluate(() => (document.body.style.background = 'oklch(0.2 0.02 260)'));
  await turns(page, 'dark');
  await page.evaluate(() => (document.body.style.background = 'oklch(0.985 0.002 247)'));
  await turns(page, 'light');
});

test('a page that leaves its colours to the system is followed too', async () => {
  const page = await own.visitButton({ path: '/scheme', attributes: 'data-theme="host"', colorScheme: 'dark' });
  await openPanel(page);
  await turns(page, 'dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await turns(page, 'light');
});

for (const theme of ['light', 'dark']) {
  test(`${theme} stays ${theme} whatever page and system are`, async () => {
    const page = await own.visitButton({ path: '/dark', attributes: `data-theme="${theme}"`, colorScheme: theme === 'light' ? 'dark' : 'light' });
    await openPanel(page);
    await turns(page, theme);
  });
}

test('values that cannot be used are ignored, with one warning that names them all', async () => {
  const page = await own.visitButton({
    attributes: 'data-color="red;}*{display:none" data-position="middle" data-theme="blue" data-z-index="1;color:red" data-size="900" data-offset="-5" data-open="yes" data-bot="a b" data-target="##" data-locale="d e"',
  });
  assert.equal(await css(launcher(page), 'backgroundColor'), 'rgb(15, 118, 110)');
  const box = await launcher(page).boundingBox();
  assert.deepEqual([Math.round(1280 - box.x - box.width), box.width], [20, 56]);
  assert.equal(own.visitor.warnings.length, 1);
  for (const name of ['color', 'position', 'theme', 'zIndex', 'size', 'offset', 'open', 'bot', 'target', 'locale']) assert.match(own.visitor.warnings[0], new RegExp(`${name}=`));
  await openPanel(page);
});

test('names and lines of the tag stay text everywhere', async () => {
  const bad = '&quot;&gt;&lt;img src=x onerror=window.hacked=1&gt;';
  const page = await own.visitButton({ attributes: `data-name="${bad}" data-label="${bad}" data-teaser="${bad}" data-greeting="${bad}" data-suggestions="${bad}|b" data-icon="javascript:window.hacked=1"` });
  await openPanelFirst(page);
  await page.waitForTimeout(300);
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.equal(await panelOf(page).frame.locator('body').evaluate(() => window.hacked), undefined);
  assert.equal(await page.locator('alcove-widget img').count(), 0);
});

test('the panel can grow and shrink on a desktop', async () => {
  const page = await own.visitButton({ viewport: { width: 1280, height: 900 } });
  await openPanel(page);
  const frame = page.frames().find((other) => other !== page.mainFrame());
  const tell = (value) => frame.evaluate(([word, to]) => parent.postMessage({ alcove: 1, type: 'expand', value: word }, to), [value, new URL(page.url()).origin]);
  await tell('wide');
  await until(async () => (await panelBox(page)).width === 762, 'wide');
  assert.ok((await panelBox(page)).height > 780);
  await tell('');
  await until(async () => (await panelBox(page)).width === 402, 'as it was');
});
