// On a phone the chat has the whole screen, Back closes it, and the page behind is found as it was left.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launcher, panelOf, until } from './support/browser.mjs';
import { heard, listenEarly, world } from './support/visit.mjs';

const own = world();
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const TALL = '<div style="height:3000px">Lamps</div>';

const isOpen = async (page) => (await launcher(page).getAttribute('aria-expanded')) === 'true';
const opened = (page) => until(() => isOpen(page), 'opened');
const closed = (page) => until(async () => !(await isOpen(page)), 'closed');

async function open(page) {
  await launcher(page).tap();
  await panelOf(page).field.waitFor();
  await opened(page);
}

test('Back closes the chat and stays on the page', async () => {
  const page = await own.visitButton(PHONE);
  const address = page.url();
  const length = await page.evaluate(() => history.length);
  await open(page);
  assert.equal(await page.evaluate(() => history.length), length + 1);
  await page.goBack();
  await closed(page);
  assert.equal(page.url(), address);
  await open(page);
  assert.equal(await page.evaluate(() => history.length), length + 1);
});

test('closing otherwise takes the entry away, so that Back leaves the page as always', async () => {
  const page = await own.visitButton(PHONE);
  await page.goto(`${own.visitor.host.origin}/rtl`);
  await launcher(page).waitFor();
  await open(page);
  await panelOf(page).frame.getByRole('button', { name: 'Close chat' }).tap();
  await closed(page);
  await until(() => page.evaluate(() => !history.state?.alcove), 'the entry gone');
  await page.goBack();
  await page.waitForURL(`${own.visitor.host.origin}/`);
});

test('the page’s own history is kept, and its router hears of no step that is ours', async () => {
  const page = await own.visitButton({
    ...PHONE,
    before: () => {
      window.early = [];
      addEventListener('popstate', ({ state }) => window.early.push(state.route));
    },
  });
  await page.evaluate(() => {
    window.popped = [];
    addEventListener('popstate', ({ state }) => window.popped.push(state.route));
    history.replaceState({ route: 'list', scroll: 7 }, '');
    history.pushState({ route: 'lamp' }, '', '?lamp=7');
  });
  await open(page);
  assert.equal(await page.evaluate(() => history.state.route), 'lamp');
  await page.goBack();
  await closed(page);
  assert.deepEqual(await page.evaluate(() => [history.state, window.popped, location.search]), [{ route: 'lamp' }, [], '?lamp=7']);
  // Nothing can hide it from a router that listened before our script ran; that one is told to stay where it is.
  assert.deepEqual(await page.evaluate(() => window.early), ['lamp']);
  await page.goBack();
  await until(() => page.evaluate(() => window.popped.length === 1), 'the page’s own step back');
  assert.deepEqual(await page.evaluate(() => [history.state, location.search]), [{ route: 'list', scroll: 7 }, '']);
});

test('a page that went on meanwhile keeps its entry when the chat closes', async () => {
  const page = await own.visitButton(PHONE);
  await open(page);
  await page.evaluate(() => history.pushState({ route: 'next' }, '', '?next'));
  await page.evaluate(() => window.Alcove('close'));
  await page.waitForTimeout(300);
  assert.deepEqual(await page.evaluate(() => [history.state, location.search]), [{ route: 'next' }, '?next']);
});

test('a reload while open leads to one entry, not two', async () => {
  const page = await own.visitButton(PHONE);
  await open(page);
  const length = await page.evaluate(() => history.length);
  await page.reload();
  await panelOf(page).field.waitFor();
  assert.equal(await page.evaluate(() => history.length), length);
  await page.goBack();
  await closed(page);
});

test('the page neither scrolls nor moves when the chat opens and closes', async () => {
  const page = await own.visitButton({ ...PHONE, body: TALL });
  await page.evaluate(() => window.scrollTo(0, 900));
  await open(page);
  await page.waitForTimeout(300);
  assert.equal(await page.evaluate(() => window.scrollY), 900);
  await page.goBack();
  await closed(page);
  assert.equal(await page.evaluate(() => window.scrollY), 900);
});

for (const [what, viewport] of [['upright', { width: 390, height: 844 }], ['lying', { width: 844, height: 390 }], ['tiny', { width: 320, height: 568 }]]) {
  test(`${what}, the chat covers the whole screen`, async () => {
    const page = await own.visitButton({ ...PHONE, viewport });
    await open(page);
    await page.waitForTimeout(250);
    const box = await page.locator('alcove-widget iframe').boundingBox();
    assert.deepEqual([box.x, box.y, box.width, box.height], [0, 0, viewport.width, viewport.height]);
    assert.equal(await launcher(page).isVisible(), false);
  });
}

test('when the keyboard takes a part of the screen, the chat has the rest', async () => {
  const page = await own.visitButton(PHONE);
  await open(page);
  await page.evaluate(() => {
    Object.defineProperty(visualViewport, 'height', { get: () => 500 });
    Object.defineProperty(visualViewport, 'offsetTop', { get: () => 40 });
    visualViewport.dispatchEvent(new Event('resize'));
  });
  await until(async () => (await page.locator('alcove-widget section').boundingBox()).height === 500, 'the height that is left');
  assert.equal(Math.round((await page.locator('alcove-widget section').boundingBox()).y), 40);
});

test('a zoomed page is not followed, so that zooming shows more and not less', async () => {
  const page = await own.visitButton(PHONE);
  await open(page);
  await page.evaluate(() => {
    Object.defineProperty(visualViewport, 'scale', { get: () => 2 });
    Object.defineProperty(visualViewport, 'height', { get: () => 422 });
    visualViewport.dispatchEvent(new Event('resize'));
  });
  assert.equal((await page.locator('alcove-widget section').boundingBox()).height, 844);
});

test('on a desktop no history entry is made', async () => {
  const page = await own.visitButton();
  const length = await page.evaluate(() => history.length);
  await launcher(page).click();
  await panelOf(page).field.waitFor();
  assert.equal(await page.evaluate(() => history.length), length);
});

test('destroying an open chat leaves no entry behind', async () => {
  const page = await own.visitButton({ ...PHONE, before: listenEarly });
  await open(page);
  await page.evaluate(() => window.Alcove('destroy'));
  await until(() => page.evaluate(() => !history.state?.alcove), 'the entry gone');
  assert.ok((await heard(page)).includes('open'));
});
