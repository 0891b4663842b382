// Host pages that make life hard for what is embedded: the widget works on each, looks the same, and breaks no rule.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, launcher, openPanel, panelOf, until } from './support/browser.mjs';
import { world } from './support/visit.mjs';

const own = world({ BOT_COLOR: '#0f766e' });

const LOOKS = ['width', 'height', 'backgroundColor', 'color', 'borderRadius', 'fontSize', 'fontWeight', 'padding', 'margin', 'position', 'display', 'visibility', 'opacity', 'boxShadow', 'cursor', 'transform'];
const lookOf = (locator) => locator.evaluate((element, names) => Object.fromEntries(names.map((name) => [name, getComputedStyle(element)[name]])), LOOKS);

/** Distance of an element from the right and the lower edge of the window. */
const gap = async (page, selector) => {
  const box = await page.locator(selector).boundingBox();
  const { width, height } = page.viewportSize();
  return [Math.round(width - box.x - box.width), Math.round(height - box.y - box.height)];
};

async function converse(page) {
  own.upstream.script = { text: 'Fine.' };
  const panel = await openPanel(page);
  await ask(panel, 'Works?');
  await panel.frame.locator('.reply', { hasText: 'Fine.' }).waitFor();
}

let plain;
for (const path of ['/', '/strict', '/trusted-types', '/strict-trusted', '/no-referrer', '/jquery', '/prototype', '/overflow-hidden', '/transformed', '/reset', '/rtl', '/scheme']) {
  test(`${path}: stands in its corner, looks as everywhere, converses, and nothing is violated`, async () => {
    const page = await own.visitButton({ path });
    const look = await lookOf(launcher(page));
    plain ??= look;
    assert.deepEqual(look, plain);
    assert.deepEqual(await gap(page, 'alcove-widget button'), [20, 20]);
    await converse(page);
    await page.waitForTimeout(250);
    assert.deepEqual(await gap(page, 'alcove-widget section'), [20, 88]);
    const { width, height } = await page.locator('alcove-widget iframe').boundingBox();
    assert.deepEqual([width, height], [400, 640]);
  });
}

test('the fixtures are as hostile as they claim', async () => {
  const page = await own.visitButton({ path: '/prototype' });
  assert.deepEqual(await page.evaluate(() => window.checkPrototype()), ['function', 2, '"[1]"']);
  assert.equal(await page.evaluate(() => { try { document.createElement('b').remove(); } catch (error) { return error.name; } }), 'TypeError');
  await page.goto(`${own.visitor.host.origin}/jquery`);
  assert.equal(await page.evaluate(() => window.jQuery.fn.jquery), '1.12.4');
  await page.goto(`${own.visitor.host.origin}/reset`);
  assert.equal(await page.locator('h1').evaluate((title) => getComputedStyle(title).visibility), 'hidden');
});

test('a page that loads the script through jQuery gets the widget as well', async () => {
  const page = await own.visit({ path: '/jquery', tag: '<p>No tag yet.</p>' });
  await page.evaluate((src) => window.jQuery.getScript(src), `${own.server.origin}/widget.js`);
  await converse(page);
});

test('settings of an older host reach the server also where arrays turn into text', async () => {
  own.upstream.script = { text: 'Fine.' };
  const page = await own.visitButton({
    path: '/prototype',
    before: () => { window.ChatbotConfig = { botName: 'Max', customInstructions: 'Answer about lamp model Q7.' }; },
  });
  await converse(page);
  assert.match(JSON.stringify(own.upstream.calls.at(-1)), /lamp model Q7/);
});

test('the pinned tag of the demo page works with its integrity hash, and not with another', async () => {
  const demo = await (await fetch(own.server.origin)).text();
  const [snippet] = demo.replaceAll('&#60;', '<').replaceAll('&#62;', '>').replaceAll('&#34;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').match(/<script[^>]*integrity[^>]*>/);
  const tag = `${snippet.replace(/https?:\/\/[^/"]+/, own.server.origin)}</script>`;
  const page = await own.visitButton({ path: '/strict', tag });
  assert.equal(await launcher(page).evaluate((button) => getComputedStyle(button).backgroundColor), 'rgb(15, 118, 110)');
  await converse(page);
  await own.visitor.context.close();
  const other = await own.visit({ tag: tag.replace(/sha384-..../, 'sha384-AAAA') });
  await other.waitForTimeout(300);
  assert.equal(await other.locator('alcove-widget').count(), 0);
  assert.match(own.visitor.errors.splice(0).join(), /integrity/);
});

test('the page keeps its place, its scroll bars and its layout', async () => {
  const page = await own.visit({
    tag: '',
    body: '<div style="height:3000px">Lamps</div><a id="low" href="#">Low</a>',
    before: () => {
      window.shift = 0;
      new PerformanceObserver((list) => { for (const { value } of list.getEntries()) window.shift += value; }).observe({ type: 'layout-shift', buffered: true });
    },
  });
  const measure = () => page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight, document.body.getBoundingClientRect().height, window.scrollY]);
  await page.evaluate(() => window.scrollTo(0, 700));
  const before = await measure();
  await page.evaluate((src) => document.head.append(Object.assign(document.createElement('script'), { src })), `${own.server.origin}/widget.js`);
  await launcher(page).waitFor();
  assert.deepEqual(await measure(), before);
  await openPanel(page);
  await page.waitForTimeout(300);
  assert.deepEqual(await measure(), before);
  assert.equal(await page.evaluate(() => window.shift), 0);
});

test('no rule, class or attribute is put on the page’s own elements', async () => {
  const page = await own.visit({ tag: '', path: '/dark' });
  const trace = () => page.evaluate(() => [...document.querySelectorAll('*')].filter((element) => !element.closest('alcove-widget, script')).map((element) => {
    const style = getComputedStyle(element);
    return [element.outerHTML.match(/^<[^>]*>/)[0], ...['color', 'font', 'margin', 'cursor', 'overflow', 'position'].map((name) => style[name])].join();
  }));
  const before = await trace();
  await page.evaluate((src) => document.head.append(Object.assign(document.createElement('script'), { src })), `${own.server.origin}/widget.js`);
  await openPanel(page);
  assert.deepEqual(await trace(), before);
  assert.equal(await page.evaluate(() => document.styleSheets.length + document.adoptedStyleSheets.length), 1);
});

test('nothing is printed, and forced colours keep the button’s edge and sign', async () => {
  const page = await own.visitButton();
  const edge = () => launcher(page).evaluate((button) => ({ width: getComputedStyle(button).borderTopWidth, color: getComputedStyle(button).borderTopColor, sign: getComputedStyle(button, '::before').borderTopColor, ground: getComputedStyle(button).backgroundColor }));
  await page.emulateMedia({ forcedColors: 'active' });
  const forced = await edge();
  assert.equal(forced.width, '1px');
  assert.notEqual(forced.color, forced.ground);
  assert.notEqual(forced.sign, forced.ground);
  await page.emulateMedia({ forcedColors: 'none', media: 'print' });
  assert.equal(await launcher(page).isVisible(), false);
  await page.emulateMedia({ media: 'screen' });
  assert.equal(await launcher(page).isVisible(), true);
});

test('it rises when opened, and does not where motion is not wanted', async () => {
  const page = await own.visitButton();
  const motion = () => page.locator('alcove-widget section').evaluate((panel) => getComputedStyle(panel).transitionDuration);
  assert.equal(await motion(), '0.15s');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  assert.equal(await motion(), '0s');
});

test('a page that goes right to left keeps the corner the owner chose', async () => {
  const page = await own.visitButton({ path: '/rtl', attributes: 'data-position="left"' });
  const box = await launcher(page).boundingBox();
  assert.equal(box.x, 20);
});

test('a page of another scheme of colours shows no white frame while the chat loads', async () => {
  const page = await own.visitButton({ colorScheme: 'dark' });
  await page.route('**/embed?**', () => undefined);
  await launcher(page).click();
  await until(async () => (await page.locator('alcove-widget iframe').count()) === 1, 'the frame');
  const ground = await page.locator('alcove-widget section').evaluate((panel) => getComputedStyle(panel).backgroundColor);
  assert.ok(/\d+/.exec(ground)[0] < 60, ground);
});

test('the teaser and the panel stay within a narrow window', async () => {
  const page = await own.visitButton({ attributes: 'data-teaser="Questions about lamps, shipping or returns? We are here and glad to help"', viewport: { width: 520, height: 700 } });
  const teaser = await page.locator('alcove-widget span').boundingBox();
  assert.ok(teaser.x >= 0 && teaser.x + teaser.width <= 520, JSON.stringify(teaser));
  await openPanel(page);
  const panel = await page.locator('alcove-widget section').boundingBox();
  assert.ok(panel.x >= 0 && panel.y >= 0 && panel.x + panel.width <= 520, JSON.stringify(panel));
});
