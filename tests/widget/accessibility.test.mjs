// The chat with the keyboard and with a screen reader: roles, focus, order, and what is read out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, launcher, openPanel, panelOf, until } from './support/browser.mjs';
import { world } from './support/visit.mjs';

const own = world({ BOT_FOLLOW_UPS: '2', BOT_SUGGESTIONS: 'What do you sell?|Where are you?' });
const REPLY = 'See the [hours](https://example.com/h).\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nlet a;\n```\n\n%%followups\nWhy?\nHow?';

const button = (panel, name) => panel.frame.getByRole('button', { name, exact: true });
const hasFocus = (locator) => until(() => locator.evaluate((element) => element === element.ownerDocument.activeElement), `focus on ${locator}`);
const isOpen = async (page) => (await launcher(page).getAttribute('aria-expanded')) === 'true';
const launcherHasFocus = (page) => until(() => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.localName === 'button'), 'focus on the button');

async function openByKeyboard(page) {
  await launcher(page).focus();
  await page.keyboard.press('Enter');
  const panel = panelOf(page);
  await hasFocus(panel.field);
  return panel;
}

async function converse(page, reply = REPLY) {
  own.upstream.script = { text: reply, pieceChars: 40, delayMs: 1 };
  const panel = await openByKeyboard(page);
  await ask(panel, 'Open?');
  await button(panel, 'Copy reply').waitFor();
  return panel;
}

test('button and panel say what they are, and the focus goes in and comes back', async () => {
  const page = await own.visitButton();
  const named = page.getByRole('button', { name: 'Chat: Ada', exact: true });
  assert.equal(await named.getAttribute('aria-expanded'), 'false');
  assert.equal(await page.getByRole('dialog').count(), 0, 'a closed dialog is not there');
  const panel = await openByKeyboard(page);
  assert.equal(await named.getAttribute('aria-expanded'), 'true');
  await page.getByRole('dialog', { name: 'Chat: Ada' }).waitFor();
  assert.equal(await page.locator('alcove-widget iframe').getAttribute('title'), 'Chat: Ada');
  await panel.frame.getByRole('main', { name: 'Ada' }).getByRole('heading', { level: 1, name: 'Ada' }).waitFor();
  await button(panel, 'Close chat').focus();
  await page.keyboard.press('Enter');
  await launcherHasFocus(page);
  assert.equal(await isOpen(page), false);
});

test('Escape closes what was opened last, wherever the focus is', async () => {
  const page = await own.visitButton();
  let panel = await converse(page);
  for (const place of [panel.field, panel.frame.getByRole('log'), button(panel, 'Good reply'), button(panel, 'Close chat')]) {
    await place.focus();
    await page.keyboard.press('Escape');
    await launcherHasFocus(page);
    assert.equal(await isOpen(page), false);
    panel = await openByKeyboard(page);
  }
  const inner = {
    menu: ['Enter', button(panel, 'More options'), panel.frame.getByRole('menu')],
    sheet: ['ArrowDown', button(panel, 'More options'), button(panel, 'Back to the conversation')],
  };
  await inner.menu[1].focus();
  await page.keyboard.press('Enter');
  await inner.menu[2].waitFor();
  await page.keyboard.press('Escape');
  await inner.menu[2].waitFor({ state: 'detached' });
  await hasFocus(inner.menu[1]);
  await page.keyboard.press('Enter');
  await panel.frame.getByRole('menuitem', { name: 'Earlier conversations' }).press('Enter');
  await hasFocus(inner.sheet[2]);
  await page.keyboard.press('Escape');
  await hasFocus(panel.field);
  assert.ok(await isOpen(page), 'the chat stays open');
});

/** Presses Tab until the focus is where it began; the names it came by, and which of them did not show it. */
async function walk(page, panel, from) {
  await from.focus();
  await panel.frame.locator('body').evaluate(() => void (window.walked = []));
  const note = () => panel.frame.locator('body').evaluate(() => {
    window.looks = (element) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      const tray = element.closest('.composer');
      return [outlineStyle, outlineWidth, ...(tray && element.localName === 'textarea' ? [getComputedStyle(tray).borderColor, getComputedStyle(tray).boxShadow] : [])].join();
    };
    const element = document.activeElement;
    if (!document.hasFocus() || element === document.body || window.walked.some(([known]) => known === element)) return false;
    return window.walked.push([element, window.looks(element)]);
  });
  while (await note()) await page.keyboard.press('Tab');
  return panel.frame.locator('body').evaluate(() => {
    const { walked } = window;
    document.activeElement.blur();
    const nameOf = (element) => element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent.trim();
    const all = [...document.querySelectorAll('a, button, input, textarea, [tabindex="0"]')].filter((element) => element.checkVisibility() && !element.disabled && element.tabIndex >= 0);
    return {
      names: walked.map(([element]) => nameOf(element)),
      missed: all.filter((element) => !walked.some(([known]) => known === element)).map(nameOf),
      silent: walked.filter(([element, before]) => before === window.looks(element)).map(([element]) => nameOf(element)),
    };
  });
}

test('Tab goes from the header through the conversation to the composer, misses nothing and always shows where it is', async () => {
  const page = await own.visitButton();
  const panel = await converse(page);
  await panel.frame.getByRole('list', { name: 'Questions to go on with' }).waitFor();
  await panel.field.fill('More');
  const { names, missed, silent } = await walk(page, panel, button(panel, 'New conversation'));
  assert.deepEqual(names, [
    'New conversation', 'More options', 'Close chat', 'Conversation', 'Edit message', 'hours', 'Table', 'Copy', 'let a;',
    'Copy reply', 'Good reply', 'Bad reply', 'Write the reply again', 'Why?', 'How?', 'Attach a file', 'Your message', 'Send',
  ]);
  assert.deepEqual({ missed, silent }, { missed: [], silent: [] });
});

test('comment, erasing and earlier conversations are reached and left by Tab, and show the focus', async () => {
  const page = await own.visitButton();
  const panel = await converse(page, 'Fine.');
  const openMenu = async (item) => {
    await button(panel, 'More options').press('Enter');
    await panel.frame.getByRole('menuitem', { name: item }).press('Enter');
  };
  const check = async (from, wanted) => {
    const { names, missed, silent } = await walk(page, panel, from);
    assert.deepEqual({ lacks: wanted.filter((name) => !names.includes(name)), missed, silent }, { lacks: [], missed: [], silent: [] });
  };
  await button(panel, 'Bad reply').press('Enter');
  await button(panel, 'Send feedback').waitFor();
  await check(button(panel, 'New conversation'), ['What could be better? (optional)', 'Send feedback', 'Cancel']);
  await button(panel, 'Cancel').press('Enter');
  await openMenu('Erase conversation');
  await check(button(panel, 'New conversation'), ['Erase', 'Cancel']);
  await button(panel, 'Cancel').press('Enter');
  await openMenu('Earlier conversations');
  await button(panel, 'Back to the conversation').waitFor();
  const { missed, silent, names } = await walk(page, panel, button(panel, 'New conversation'));
  assert.deepEqual({ missed, silent, count: names.length }, { missed: [], silent: [], count: 5 });
});

test('the menu is used with arrows, and shows which item has the focus', async () => {
  const page = await own.visitButton();
  const panel = await converse(page, 'Fine.');
  await button(panel, 'More options').press('Enter');
  const items = panel.frame.getByRole('menuitem');
  for (let at = 0; at < (await items.count()); at += 1) {
    await hasFocus(items.nth(at));
    assert.equal(await items.nth(at).evaluate((item) => getComputedStyle(item).outlineStyle), 'solid');
    await page.keyboard.press('ArrowDown');
  }
  await hasFocus(items.first());
});

/** What a screen reader is given, in order. */
const listen = (panel) => panel.frame.locator('body').evaluate(() => {
  window.said = [];
  const added = (name) => (records) => records.forEach(({ addedNodes }) => addedNodes.forEach((node) => window.said.push([name, node.textContent])));
  for (const [css, name] of [['[aria-live=polite]', 'polite'], ['[role=alert]', 'alert']]) {
    for (const region of document.querySelectorAll(css)) new MutationObserver(added(name)).observe(region, { childList: true, subtree: true });
  }
});
const said = (panel, name) => panel.frame.locator('body').evaluate((_, wanted) => window.said.filter(([kind]) => kind === wanted).map(([, text]) => text), name);

test('a reply is read out sentence by sentence and once, without the marks of markdown and without code', async () => {
  const page = await own.visitButton();
  const panel = await openPanel(page);
  await listen(panel);
  const text = 'First **one**. A second [link](https://x.org)! Third, at 3.5 %? See:\n\n```js\nlet a = 1; run(a);\n```\n\n- Item one\n- Item two\n\n## Head\n\nThe end';
  own.upstream.script = { text, pieceChars: 3, delayMs: 2 };
  await ask(panel, 'Open?');
  await button(panel, 'Copy reply').waitFor();
  const sentences = ['Ada is writing…', 'First one.', 'A second link!', 'Third, at 3.5 %?', 'See:', 'Item one', 'Item two', 'Head', 'The end'];
  assert.deepEqual(await said(panel, 'polite'), sentences);
  await page.keyboard.press('Escape');
  await openByKeyboard(page);
  await page.waitForTimeout(200);
  assert.deepEqual(await said(panel, 'polite'), sentences, 'nothing is said again');
  assert.deepEqual(await said(panel, 'alert'), []);
});

test('the conversation itself is a quiet log that is busy while a reply runs', async () => {
  const page = await own.visitButton();
  const panel = await openPanel(page);
  const log = panel.frame.getByRole('log', { name: 'Conversation' });
  const state = async () => [await log.getAttribute('aria-live'), await log.getAttribute('aria-busy')];
  assert.deepEqual(await state(), ['off', 'false']);
  own.upstream.script = { text: 'One. Two. Three.', holdAfterChars: 6 };
  await ask(panel, 'Count');
  await until(async () => (await panel.lastReply.innerText()).includes('One'), 'the beginning');
  assert.deepEqual(await state(), ['off', 'true']);
  own.upstream.release();
  await button(panel, 'Copy reply').waitFor();
  assert.deepEqual(await state(), ['off', 'false']);
});

test('an error is read out at once, as an alert', async () => {
  const page = await own.visitButton();
  const panel = await openPanel(page);
  await listen(panel);
  own.upstream.script = { failStatus: 400 };
  await ask(panel, 'Open?');
  await panel.retry.waitFor();
  const [note] = await panel.notes.allInnerTexts();
  assert.deepEqual(await said(panel, 'alert'), [note]);
});

test('a conversation that is there again is not read out', async () => {
  const page = await own.visitButton();
  await converse(page, 'One. Two.');
  await page.reload();
  const panel = panelOf(page);
  await button(panel, 'Copy reply').waitFor();
  assert.deepEqual(await panel.frame.locator('[aria-live=polite], [role=alert]').allTextContents(), ['', '']);
});
