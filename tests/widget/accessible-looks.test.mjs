// What is seen: motion, forced colours, enlarged text, and contrast in whatever colour the owner picks.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, launcher, openPanel, until } from './support/browser.mjs';
import { world } from './support/visit.mjs';

const own = world({ BOT_SUGGESTIONS: 'What do you sell?|Where are you?', BOT_FOLLOW_UPS: '2' });
const REPLY = `See the [opening hours](https://example.com/hours) of the shop.\n\n| Day | Opens |\n|---|---|\n| Monday to Friday | 9:00 |\n\n\`\`\`js\nconst lamp = await pick('a desk lamp that is bright enough');\n\`\`\`\n\n%%followups\nWhy is that?\nHow much is it?`;

async function converse(page, reply = REPLY) {
  own.upstream.script = { text: reply, pieceChars: 60, delayMs: 1 };
  const panel = await openPanel(page);
  await ask(panel, 'When are you open? '.repeat(60));
  await panel.frame.getByRole('button', { name: 'Copy reply' }).waitFor();
  await panel.frame.getByRole('button', { name: 'Bad reply' }).click();
  await panel.frame.getByRole('button', { name: 'Cancel', exact: true }).click();
  await panel.field.fill('And today?');
  return panel;
}

/** Writes down each animation that runs in a frame or the loader's shadow root, looking once per frame. */
function watchMotion() {
  window.motions = new Set();
  const look = () => {
    const roots = [document, document.querySelector('alcove-widget')?.shadowRoot];
    for (const motion of roots.flatMap((root) => root?.getAnimations() ?? [])) {
      window.motions.add(`${motion.transitionProperty ?? motion.animationName} ${motion.effect.getComputedTiming().duration}`);
    }
    requestAnimationFrame(look);
  };
  look();
}
const motionsIn = (where) => where.evaluate(() => [...window.motions].sort());

async function openAndStream(options) {
  const page = await own.visitButton({ before: watchMotion, ...options });
  const panel = await openPanel(page);
  await page.waitForTimeout(250);
  own.upstream.script = { text: 'One. Two. Three. Four.', holdAfterChars: 5, firstDelayMs: 300 };
  await ask(panel, 'Count');
  await until(async () => (await panel.lastReply.innerText()).includes('One'), 'the beginning');
  await page.waitForTimeout(100);
  const seen = { host: await motionsIn(page), frame: await motionsIn(page.frames().at(-1)) };
  own.upstream.release();
  return seen;
}

test('who wants less motion gets none, neither on opening nor while a reply runs', async () => {
  assert.deepEqual(await openAndStream({ reducedMotion: 'reduce' }), { host: [], frame: [] });
});

test('opening moves for 200 ms at most, and only fades and rises; a running reply only breathes', async () => {
  const { host, frame } = await openAndStream({ reducedMotion: 'no-preference' });
  assert.deepEqual(host, ['opacity 150', 'transform 150', 'visibility 150']);
  assert.deepEqual(frame, ['breathe 1200']);
});

const styleOf = (locator, ...names) => locator.evaluate((element, wanted) => wanted.map((name) => getComputedStyle(element)[name]), names);

test('with forced colours everything to press, said or focused keeps an edge of its own', async () => {
  const page = await own.visitButton({ forcedColors: 'active', reducedMotion: 'reduce' });
  assert.notEqual((await styleOf(launcher(page), 'borderTopWidth'))[0], '0px');
  const panel = await converse(page);
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/forced.png` });
  const edged = { bubble: panel.frame.locator('.bubble').last(), send: panel.send, composer: panel.frame.locator('.composer'), chip: panel.frame.locator('.status .chip').first(), code: panel.frame.locator('.code') };
  for (const [what, locator] of Object.entries(edged)) {
    const [width, style, colour, surface] = await styleOf(locator, 'borderTopWidth', 'borderTopStyle', 'borderTopColor', 'backgroundColor');
    assert.ok(parseFloat(width) >= 1 && style === 'solid' && colour !== surface, `${what}: ${width} ${style} ${colour} on ${surface}`);
  }
  const thumbs = panel.frame.locator('.thumb svg');
  const [unpressed, [fill, ink]] = [await styleOf(thumbs.first(), 'fill', 'color'), await styleOf(thumbs.last(), 'fill', 'color')];
  assert.ok(unpressed[0] === 'none' && fill === ink, `the pressed thumb is filled: ${fill}`);
  const cross = await launcher(page).evaluate((element) => getComputedStyle(element, '::before').borderTopWidth);
  assert.equal(cross, '0px', 'no edge around the closing sign');
  await panel.field.focus();
  const [outline, colour] = await styleOf(panel.frame.locator('.composer'), 'outlineStyle', 'outlineColor');
  assert.ok(outline === 'solid' && !/^rgba.*, 0\)$/.test(colour), `the composer shows the focus: ${outline} ${colour}`);
  await page.keyboard.press('Tab');
  assert.equal((await styleOf(panel.send, 'outlineStyle'))[0], 'solid');
});

/** What is cut off or makes the conversation scroll both ways; code and tables may scroll by themselves. */
function misfits() {
  const scrolling = [document.scrollingElement, document.querySelector('.log'), document.querySelector('.panel')].filter((area) => area.scrollWidth > area.clientWidth).map(({ className }) => `${className} scrolls sideways`);
  const cut = [...document.querySelectorAll('.panel *')]
    .filter((element) => element.checkVisibility() && !element.closest('.sr-only, pre, .table, svg, .is-folded') && getComputedStyle(element).overflowX !== 'visible')
    .filter((element) => element.scrollWidth > element.clientWidth + 1 || (getComputedStyle(element).overflowY === 'hidden' && element.scrollHeight > element.clientHeight + 1))
    .filter((element) => element.localName !== 'h1' || element.scrollHeight > element.clientHeight + 1);
  const outside = [...document.querySelectorAll('button, textarea, .bubble, .reply')].filter((element) => element.checkVisibility() && !element.closest('.sr-only, .table')).filter((element) => {
    const { left, right } = element.getBoundingClientRect();
    return left < -0.5 || right > innerWidth + 0.5;
  });
  return [...scrolling, ...cut.map(({ className, localName }) => `${localName}.${className} is cut`), ...outside.map(({ className }) => `${className} stands outside`)];
}

/** WCAG 1.4.12, as a visitor's own style sheet would set it. */
function spaceText() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

const SIZES = {
  'at 200 %': { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 },
  'on 320 px': { viewport: { width: 320, height: 568 } },
  'at 400 %': { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 },
};
for (const [what, options] of Object.entries(SIZES)) {
  test(`${what}, with and without wider text, nothing is cut off and the composer is there`, async () => {
    const page = await own.visitButton({ ...options, bypassCSP: true, reducedMotion: 'reduce' });
    const panel = await converse(page);
    const frame = page.frames().at(-1);
    for (const space of [() => undefined, spaceText]) {
      await frame.evaluate(space);
      await page.waitForTimeout(50);
      if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/${what.replace(/\W/g, '')}-${space.name}.png` });
      assert.deepEqual(await frame.evaluate(misfits), [], space.name);
      const box = await panel.field.boundingBox();
      assert.ok(box.y >= 0 && box.y + box.height <= options.viewport.height, `composer at ${box.y}, ${box.height} high`);
      assert.ok((await panel.frame.getByRole('log').evaluate((log) => log.clientHeight)) >= 60, 'room to read');
    }
  });
}

const COLOURS = ['#ffff00', '#ffffff', '#000000', '#808080', '#767676', '#39ff14', '#ffd1dc', '#bfe3ff', '#ff0000', '#0000ff', '#ff7f00', '#00ffff', '#777700', '#f5f5dc'];

/** The contrast of what is drawn, from computed styles: ink against the nearest ground beneath it. */
function contrasts() {
  const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);
  const linear = (channel) => (channel / 255 <= 0.04045 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = (colour) => numbers(colour).slice(0, 3).reduce((sum, channel, at) => sum + [0.2126, 0.7152, 0.0722][at] * linear(channel), 0);
  const between = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if ((numbers(backgroundColor)[3] ?? 1) > 0) return backgroundColor;
    }
    return 'rgb(255, 255, 255)';
  };
  window.contrastOf = (element, property = 'color', behind = element) => between(getComputedStyle(element)[property], ground(behind));
}

const setColour = (page, colour) => page.evaluate((botColor) => {
  document.querySelector('alcove-widget').shadowRoot.querySelector('iframe').contentWindow.postMessage({ type: 'configure', config: { botColor } }, '*');
}, colour);

test('the sign on the button has 3:1, whatever colour the owner picks', async () => {
  for (const colour of COLOURS) {
    const page = await own.visitButton({ attributes: `data-color="${colour}"` });
    await page.evaluate(contrasts);
    const found = await launcher(page).evaluate((button) => window.contrastOf(button));
    assert.ok(found >= 3, `${colour}: ${found}`);
    await page.context().close();
  }
});

for (const colorScheme of ['light', 'dark']) {
  test(`${colorScheme}: words reach 4.5 and icons, edges and focus 3, whatever colour the owner picks`, async () => {
    const page = await own.visitButton({ colorScheme, reducedMotion: 'reduce' });
    const panel = await converse(page);
    const root = panel.frame.locator('html');
    await root.evaluate(contrasts);
    const chip = panel.frame.locator('.status .chip').first();
    const tray = panel.frame.locator('.composer');
    for (const colour of COLOURS) {
      const before = await root.getAttribute('style');
      await setColour(page, colour);
      await until(async () => (await root.getAttribute('style')) !== before, `the colour ${colour}`);
      const check = async (what, locator, least, property, behind) => {
        const found = await locator.evaluate((element, [name, css]) => window.contrastOf(element, name, css ? element.closest(css) : element), [property, behind]);
        assert.ok(found >= least, `${colour}: ${what} has ${found.toFixed(2)}, not ${least}`);
      };
      await page.mouse.move(5, 5);
      await check('send', panel.send, 3);
      await check('link', panel.frame.locator('.reply a'), 4.5);
      await check('bubble', panel.frame.locator('.bubble-text').last(), 4.5);
      await check('show more', panel.frame.locator('.fold'), 4.5);
      await check('pressed thumb', panel.frame.locator('.thumb').last(), 3);
      await check('chip', chip, 4.5);
      await chip.hover();
      await check('hovered chip', chip, 4.5);
      await check('edge of a hovered chip', chip, 3, 'borderTopColor', '.bot');
      await panel.field.focus();
      await check('edge of the composer', tray, 3, 'borderTopColor');
      await page.keyboard.press('Tab');
      await check('focus', panel.send, 3, 'outlineColor', '.composer');
    }
  });
}
