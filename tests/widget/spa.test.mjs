// Pages that change without loading anew: routers, replaced bodies, widgets taken away and put back; and what is
// stored and asked for before the visitor does anything.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, launcher, openPanel, panelOf, until } from './support/browser.mjs';
import { heard, listenEarly, world } from './support/visit.mjs';

const own = world();
const answered = (page) => panelOf(page).frame.locator('.reply', { hasText: 'Fine.' }).waitFor();

async function converse(page) {
  own.upstream.script = { text: 'Fine.' };
  const panel = await openPanel(page);
  await ask(panel, 'Hello');
  await answered(page);
  return panel;
}

/** Puts the tag in as a component of the page would. */
const addTag = (page, data = {}) => page.evaluate(([src, attributes]) => {
  const tag = Object.assign(document.createElement('script'), { src });
  Object.assign(tag.dataset, attributes);
  document.body.append(tag);
}, [`${own.server.origin}/widget.js`, data]);

test('a step of the page’s router keeps the open chat, and the next message knows the new page', async () => {
  const page = await own.visitButton();
  const panel = await converse(page);
  await page.evaluate(() => {
    history.pushState({ route: 2 }, '', '/floor-lamps');
    document.title = 'Floor lamps';
    document.querySelector('main').textContent = 'The floor lamp costs 90 francs.';
  });
  await ask(panel, 'And this one?');
  await until(async () => (await panel.replies.count()) === 2, 'the second reply');
  assert.match(JSON.stringify(own.upstream.calls.at(-1)), /90 francs/);
  await page.goBack();
  assert.equal(await launcher(page).getAttribute('aria-expanded'), 'true');
  assert.equal(await panel.bubbles.count(), 2);
});

test('a body that is replaced, as by Turbo, takes nothing with it', async () => {
  const page = await own.visitButton();
  const panel = await converse(page);
  await page.evaluate((src) => {
    const body = document.createElement('body');
    body.innerHTML = '<main><h1>Next page</h1></main>';
    const again = Object.assign(document.createElement('script'), { src });
    body.append(again);
    document.documentElement.replaceChild(body, document.body);
  }, `${own.server.origin}/widget.js`);
  await page.waitForTimeout(300);
  assert.equal(await page.locator('alcove-widget').count(), 1);
  await ask(panel, 'Still there?');
  await until(async () => (await panel.replies.count()) === 2, 'the second reply');
  assert.equal(await launcher(page).getAttribute('aria-expanded'), 'true');
});

test('destroyed and put in again, it starts anew and finds the conversation', async () => {
  const page = await own.visitButton({ before: listenEarly });
  await converse(page);
  await page.evaluate(() => window.Alcove('destroy'));
  assert.equal(await page.evaluate(() => document.querySelector('alcove-widget') === null && !('Alcove' in window)), true);
  const before = (await heard(page)).length;
  await page.evaluate(() => dispatchEvent(new StorageEvent('storage', { key: 'alcove:' })));
  await addTag(page, { color: '#804000' });
  await launcher(page).waitFor();
  assert.equal(await launcher(page).evaluate((button) => getComputedStyle(button).backgroundColor), 'rgb(128, 64, 0)');
  await answered(page);
  assert.equal((await heard(page)).length, before, 'listeners of the old one hear nothing');
  await page.evaluate(() => window.Alcove('destroy'));
  await addTag(page);
  await launcher(page).waitFor();
  assert.equal(await page.locator('alcove-widget').count(), 1);
});

test('ten times in and out leaves one element, one frame and one global', async () => {
  const page = await own.visitButton();
  for (let round = 0; round < 10; round++) {
    await page.evaluate(() => window.Alcove('open'));
    await page.evaluate(() => window.Alcove('destroy'));
    await addTag(page);
    await launcher(page).waitFor();
  }
  await openPanelIfClosed(page);
  assert.equal(await page.locator('alcove-widget').count(), 1);
  assert.equal(page.frames().length, 2, 'the page and its chat');
});

async function openPanelIfClosed(page) {
  if ((await launcher(page).getAttribute('aria-expanded')) === 'false') await launcher(page).click();
  await panelOf(page).field.waitFor();
}

test('another full page of the site shows the open chat and the conversation', async () => {
  const page = await own.visitButton();
  await converse(page);
  await page.goto(`${own.visitor.host.origin}/rtl`);
  await answered(page);
  assert.equal(await launcher(page).getAttribute('aria-expanded'), 'true');
});

test('before any use: one request, no frame, nothing in any storage', async () => {
  const page = await own.visitButton({ attributes: 'data-teaser="Questions?" data-name="Ada" data-theme="host" data-locale="page"', before: listenEarly });
  await page.evaluate(() => {
    window.Alcove('setContext', { a: 1 });
    window.Alcove('identify', { id: '7' });
    window.Alcove('setTheme', 'dark');
    window.Alcove('setLocale', 'de');
    dispatchEvent(new StorageEvent('storage', { key: 'alcove:' }));
  });
  await page.waitForTimeout(1200);
  assert.deepEqual(own.asked(), ['/widget.js']);
  assert.equal(page.frames().length, 1);
  assert.deepEqual(await page.evaluate(async () => [localStorage.length, sessionStorage.length, document.cookie, (await indexedDB.databases()).length, (await caches.keys()).length]), [0, 0, '', 0, 0]);
  assert.deepEqual(await own.visitor.context.cookies(), []);
});

test('a page that opens the chat by itself stores nothing either', async () => {
  const page = await own.visitButton({ attributes: 'data-open' });
  await panelOf(page).field.waitFor();
  assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length]), [0, 0]);
  assert.equal(await page.evaluate(() => document.activeElement === document.body), true);
  assert.ok(!own.asked().some((path) => path.startsWith('/api')), own.asked().join(' '));
});

/** Denies storage as browsers do to frames of other sites. */
const deny = (where) => `if (location.origin ${where}) for (const area of ['localStorage', 'sessionStorage']) Object.defineProperty(window, area, { get() { throw new DOMException('denied', 'SecurityError'); } });`;

test('where frames of other sites are denied storage, the page keeps the conversation, for all its tabs', async () => {
  const page = await own.visitButton({ before: { content: deny(`=== '${own.server.origin}'`) } });
  await converse(page);
  const kept = await page.evaluate(() => localStorage.getItem('alcove:'));
  assert.match(kept, /visitorToken/);
  await page.reload();
  await answered(page);
  const tab = await own.visitor.context.newPage();
  await tab.addInitScript({ content: deny(`=== '${own.server.origin}'`) });
  await tab.goto(page.url());
  await openPanelIfClosed(tab);
  await answered(tab);
  await ask(panelOf(tab), 'From the other tab');
  await panelOf(page).bubbles.filter({ hasText: 'From the other tab' }).waitFor();
  await page.evaluate(() => window.Alcove('reset'));
  await until(() => page.evaluate(() => localStorage.getItem('alcove:') === null), 'forgotten');
});

test('where nobody may store anything, the chat lives as long as the page', async () => {
  const page = await own.visitButton({ before: { content: deny(`!== 'null'`) } });
  const panel = await converse(page);
  await ask(panel, 'Again');
  await until(async () => (await panel.replies.count()) === 2, 'the second reply');
  await page.reload();
  await openPanel(page);
  await page.waitForTimeout(300);
  assert.equal(await panelOf(page).bubbles.count(), 0);
});
