// The chat within an element of the page, and as a plain iframe without a script.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, panelOf, until } from './support/browser.mjs';
import { heard, listenEarly, world } from './support/visit.mjs';

const own = world();
const SPOT = '<label>Search <input autofocus id="search"></label><div id="chat" style="height:500px;width:420px"></div>';
const INLINE = { attributes: 'data-target="#chat"', body: SPOT };

test('it fills the element, without a button', async () => {
  const page = await own.visit(INLINE);
  await panelOf(page).field.waitFor();
  assert.deepEqual(await page.locator('alcove-widget iframe').boundingBox(), await page.locator('#chat').boundingBox());
  assert.equal(await page.locator('alcove-widget button').count(), 0);
  assert.equal(await page.locator('#chat > alcove-widget').count(), 1);
});

test('an element without a height gives it 320 px', async () => {
  const page = await own.visit({ attributes: 'data-target=".chat"', body: '<div class="chat"></div><p id="after">After</p>' });
  await panelOf(page).field.waitFor();
  const frame = await page.locator('alcove-widget iframe').boundingBox();
  const after = await page.locator('#after').boundingBox();
  assert.equal(frame.height, 320);
  assert.ok(after.y >= frame.y + frame.height, 'what follows stands below');
});

test('it takes no focus and does not scroll the page', async () => {
  const page = await own.visit(INLINE);
  await panelOf(page).field.waitFor();
  await page.waitForTimeout(300);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'search');
  assert.equal(await page.evaluate(() => window.scrollY), 0);
});

test('far below the window it loads only when the reader comes near', async () => {
  const page = await own.visit({ attributes: 'data-target="#chat"', body: '<div style="height:9000px"></div><div id="chat"></div>' });
  await page.waitForTimeout(500);
  assert.deepEqual(own.asked(), ['/widget.js']);
  await page.evaluate(() => document.getElementById('chat').scrollIntoView());
  await panelOf(page).field.waitFor();
});

test('opening, closing and toggling do nothing, sending and talking work', async () => {
  own.upstream.script = { text: 'Fine.' };
  const page = await own.visit({ ...INLINE, before: listenEarly });
  const panel = panelOf(page);
  await panel.field.waitFor();
  await page.evaluate(() => ['close', 'toggle', 'open', 'toggle'].forEach((command) => window.Alcove(command)));
  await panel.field.press('Escape');
  assert.equal(await page.locator('alcove-widget iframe').isVisible(), true);
  await page.evaluate(() => window.Alcove('send', 'From the page'));
  await panel.frame.locator('.reply', { hasText: 'Fine.' }).waitFor();
  await ask(panel, 'And again');
  await until(async () => (await panel.replies.count()) === 2, 'the second reply');
  const events = await heard(page);
  assert.ok(!events.includes('open') && !events.includes('close') && !events.includes('unread'), events.join());
});

test('an element that is not there leaves the button in its corner', async () => {
  const page = await own.visitButton({ attributes: 'data-target="#nowhere"' });
  assert.deepEqual(await page.evaluate(() => document.querySelector('alcove-widget').parentNode === document.documentElement), true);
});

test('it goes with destroy and leaves the element empty', async () => {
  const page = await own.visit(INLINE);
  await panelOf(page).field.waitFor();
  await page.evaluate(() => window.Alcove('destroy'));
  assert.equal(await page.evaluate(() => document.getElementById('chat').childNodes.length), 0);
});

test('a plain iframe works without any script on the page', async () => {
  own.upstream.script = { text: 'Fine.' };
  const page = await own.visit({ tag: `<iframe src="${own.server.origin}/embed" title="Chat" width="400" height="600"></iframe>` });
  const frame = page.frameLocator('iframe[title=Chat]');
  await frame.getByRole('textbox').fill('Hello');
  await frame.getByRole('textbox').press('Enter');
  await frame.locator('.reply', { hasText: 'Fine.' }).waitFor();
});
