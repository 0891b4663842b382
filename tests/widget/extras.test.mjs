// What the panel loads later, in a bare page under the panel's policy: keys, focus, checks, hostile words, axe.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import { newVisitor, startBrowser } from './support/browser.mjs';
import { wordsOf } from './support/words.mjs';

const file = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const WORDS = wordsOf('en');
const AXE = file('widget/node_modules/axe-core/axe.min.js');
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Chat</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/panel.css"><script type="module" src="/start.js"></script></head>
<body><main class="panel"><header class="header"><h1>Ada</h1><button id="anchor" class="icon-button" type="button" aria-label="More options">⋯</button><button class="icon-button" type="button">×</button></header>
<div class="log" tabindex="0"><div class="column" id="place"></div></div><button id="after" type="button">After</button></main></body></html>`;
// Loaded the way the panel does it.
const START = `import('/extras.js').then((extras) => { window.extras = extras; });
window.escapes = 0; document.addEventListener('keydown', ({ key }) => { if (key === 'Escape') window.escapes += 1; });`;
const FILES = {
  '/': ['text/html', PAGE],
  '/start.js': ['text/javascript', START],
  '/extras.js': ['text/javascript', file('assets/widget/extras.js')],
  '/panel.css': ['text/css', file('assets/widget/panel.css')],
};
const HOSTILE = '<img src=x onerror="window.ran=1"><script>window.ran=1</script>';
const FORM = {
  when: 'before',
  required: false,
  title: '',
  consent: 'I agree to the [privacy notice](https://example.com/privacy) of this shop.',
  fields: [
    { key: 'name', label: '', type: 'text', required: true },
    { key: 'email', label: '', type: 'email', required: true },
    { key: 'phone', label: '', type: 'tel', required: false },
    { key: 'wish', label: 'Your wish', type: 'textarea', required: false },
  ],
};

let browser, server, origin, visitor, page;

before(async () => {
  browser = await startBrowser();
  server = createServer(({ url }, response) => {
    const [type, body] = FILES[url] ?? [];
    if (!type) return response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': `${type}; charset=utf-8`, 'Content-Security-Policy': POLICY }).end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
});
after(async () => {
  await browser.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(async () => {
  await visitor?.context.close();
  await visit();
});

async function visit(options = {}) {
  visitor = await newVisitor(browser, { reducedMotion: 'reduce', ...options });
  page = visitor.page;
  await page.goto(origin);
  await page.waitForFunction(() => window.extras);
}

/** Puts a card or sheet into the page; what its actions hear is written down in `calls`. */
const mount = (name, ...rest) =>
  page.evaluate(
    ([maker, words, others]) => {
      window.calls = [];
      window.answer ??= null;
      const hears = (what) => (detail) => (window.calls.push([what, detail]), window.answer?.() ?? Promise.resolve(null));
      const actions = Object.fromEntries(['submit', 'skip', 'send', 'cancel', 'confirm', 'open', 'back'].map((what) => [what, hears(what)]));
      const parts = { leadCard: [others[0], words, actions], commentCard: [words, actions], eraseCard: [words, actions], conversationSheet: [others[0], others[1], words, 'en', actions] };
      const node = window.extras[maker](...parts[maker]);
      if (maker === 'conversationSheet') document.querySelector('.log').replaceWith(node);
      else document.querySelector('#place').append(node);
    },
    [name, WORDS, rest],
  );
const calls = () => page.evaluate(() => window.calls);
const escapes = () => page.evaluate(() => window.escapes);
const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent);
const answerWith = (answer) => page.evaluate((given) => void (window.answer = () => Promise.resolve(given)), answer);

async function assertSound() {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`), []);
  assert.deepEqual(visitor.violations, []);
  assert.deepEqual(visitor.problems, []);
}

// Menu

const toggleMenu = (labels = ['Larger window', 'Earlier conversations', 'Download conversation', 'Erase conversation']) =>
  page.evaluate((names) => {
    const icons = ['expand', 'list', 'download', 'trash'];
    const anchor = document.querySelector('#anchor');
    window.calls = [];
    anchor.onclick = () => window.extras.openMenu(anchor, names.map((label, at) => ({ label, icon: icons[at % 4], run: () => window.calls.push(label), isDangerous: at === 3 })));
  }, labels);
const menu = () => page.getByRole('menu', { name: 'More options' });
async function openMenu(labels) {
  await toggleMenu(labels);
  await page.locator('#anchor').focus();
  await page.keyboard.press('Enter');
  await menu().waitFor();
}

test('the menu is walked with arrows, Home, End and first letters', async () => {
  await openMenu();
  const steps = [
    ['ArrowDown', 'Earlier conversations'], ['ArrowUp', 'Larger window'], ['ArrowUp', 'Erase conversation'], ['ArrowDown', 'Larger window'],
    ['End', 'Erase conversation'], ['Home', 'Larger window'], ['e', 'Earlier conversations'], ['e', 'Erase conversation'], ['e', 'Earlier conversations'],
  ];
  for (const [key, expected] of steps) {
    await page.keyboard.press(key);
    assert.equal(await focused(), expected, key);
  }
  await page.keyboard.press('Home');
  await page.waitForTimeout(650);
  await page.keyboard.type('er');
  assert.equal(await focused(), 'Erase conversation');
  await page.keyboard.press('Enter');
  assert.deepEqual(await calls(), ['Erase conversation']);
  assert.equal(await focused(), 'anchor');
  assert.equal(await menu().count(), 0);
});

test('Escape closes the menu and not the chat, Tab goes on from its button', async () => {
  await openMenu();
  assert.equal(await page.locator('#anchor').getAttribute('aria-expanded'), 'true');
  await page.keyboard.press('Escape');
  assert.equal(await menu().count(), 0);
  assert.equal(await escapes(), 0);
  assert.equal(await focused(), 'anchor');
  assert.equal(await page.locator('#anchor').getAttribute('aria-expanded'), 'false');
  await openMenu();
  await page.keyboard.press('Tab');
  assert.equal(await menu().count(), 0);
  assert.equal(await focused(), '×');
  await page.keyboard.press('Escape');
  assert.equal(await escapes(), 1);
});

test('the menu closes by a second press, a press elsewhere, and when the focus goes elsewhere', async () => {
  await toggleMenu();
  const leave = [() => page.locator('#anchor').click(), () => page.locator('.log').click(), () => page.locator('h1').click(), () => page.keyboard.press('Shift+Tab'), () => page.locator('#after').focus(), () => page.evaluate(() => dispatchEvent(new Event('blur')))];
  for (const go of leave) {
    await page.locator('#anchor').click();
    await menu().waitFor();
    await go();
    assert.equal(await menu().count(), 0, String(go));
  }
  await page.locator('#anchor').click();
  await page.getByRole('menuitem', { name: 'Download conversation' }).click();
  assert.deepEqual(await calls(), ['Download conversation']);
});

test('the menu stays in the frame, in both directions, and scrolls where it is too long', async () => {
  await page.setViewportSize({ width: 320, height: 240 });
  for (const direction of ['ltr', 'rtl']) {
    await page.evaluate((dir) => void (document.documentElement.dir = dir), direction);
    await openMenu([...'abcdefgh'].map((letter) => `${letter} ${'very long words '.repeat(8)}`));
    const box = await menu().boundingBox();
    assert.ok(box.x >= 8 && box.x + box.width <= 312 && box.y + box.height <= 232, JSON.stringify(box));
    await page.keyboard.press('End');
    const last = await page.getByRole('menuitem').last().boundingBox();
    assert.ok(last.y + last.height <= 232);
    await page.keyboard.press('Escape');
  }
});

test('the menu is sound', async () => {
  await openMenu();
  await assertSound();
});

// Lead form

const field = (name) => page.getByRole('textbox', { name });
const submit = () => page.getByRole('button', { name: 'Continue' });

test('the lead form says under each field what is wrong, and takes the visitor to the first', async () => {
  await mount('leadCard', FORM);
  await field('E-mail').fill('ada');
  await field('Phone').fill('call me');
  await submit().click();
  assert.deepEqual(await calls(), []);
  assert.deepEqual(await page.locator('.extra-field .extra-error').allTextContents(), [WORDS.leadMissing, WORDS.leadEmailWrong, WORDS.leadPhoneWrong, '', WORDS.leadConsentMissing]);
  const name = field('Name');
  assert.ok(await name.evaluate((node) => node === document.activeElement));
  assert.equal(await name.getAttribute('aria-invalid'), 'true');
  assert.equal(await name.evaluate((node) => document.getElementById(node.getAttribute('aria-describedby')).textContent), WORDS.leadMissing);
  await assertSound();
  await name.fill('Ada');
  assert.equal(await name.getAttribute('aria-invalid'), 'false');
  assert.equal(await page.locator('.extra-error').first().textContent(), '');
});

test('the lead form hands over what was filled in, and turns into a word of thanks', async () => {
  await mount('leadCard', FORM);
  await field('Name').fill(' Ada ');
  await field('E-mail').fill('ada@example.com');
  await field('Your wish').fill('Two\nlamps');
  await page.getByRole('checkbox').check();
  await field('E-mail').press('Enter');
  await page.getByRole('status').filter({ hasText: WORDS.leadThanks }).waitFor();
  assert.deepEqual(await calls(), [['submit', { name: 'Ada', email: 'ada@example.com', wish: 'Two\nlamps' }]]);
  assert.equal(await focused(), WORDS.leadThanks);
  assert.equal(await page.locator('form').count(), 0);
  await assertSound();
});

test('fields know what they are for, and optional ones say so', async () => {
  await mount('leadCard', FORM);
  const of = (name) => field(name).evaluate(({ autocomplete, inputMode, maxLength, type, labels, ariaRequired }) => ({ autocomplete, inputMode, maxLength, type, label: labels[0].textContent, ariaRequired }));
  assert.deepEqual(await of('Name'), { autocomplete: 'name', inputMode: '', maxLength: 500, type: 'text', label: 'Name', ariaRequired: 'true' });
  assert.deepEqual(await of('E-mail'), { autocomplete: 'email', inputMode: 'email', maxLength: 500, type: 'email', label: 'E-mail', ariaRequired: 'true' });
  assert.deepEqual(await of('Phone'), { autocomplete: 'tel', inputMode: 'tel', maxLength: 500, type: 'tel', label: 'Phone (optional)', ariaRequired: null });
  assert.equal((await of('Your wish')).label, 'Your wish (optional)');
});

test('while it is being sent a form cannot be sent twice, and keeps the focus', async () => {
  await mount('leadCard', { ...FORM, consent: '', fields: [] });
  await page.evaluate(() => void (window.answer = () => new Promise((resolve) => (window.release = resolve))));
  await submit().click();
  await submit().press('Enter');
  assert.equal(await submit().getAttribute('aria-busy'), 'true');
  assert.equal(await submit().getAttribute('aria-disabled'), 'true');
  assert.equal(await focused(), 'Continue');
  assert.equal((await calls()).length, 1);
  await page.evaluate(() => window.release(null));
  await page.getByText(WORDS.leadThanks).waitFor();
});

test('what the server refuses shows under its field, and what is not about a field as an alert', async () => {
  await mount('leadCard', { ...FORM, consent: '', fields: [...FORM.fields.slice(1, 3), { key: 'constructor', label: 'Builder', type: 'text', required: false }] });
  await field('E-mail').fill('ada@example.com');
  await answerWith({ code: 'invalid_details', retryable: false, message: 'Wrong.', fields: { phone: ['Too short.', 'Not a number.'] } });
  await submit().click();
  await page.getByText('Too short. Not a number.').waitFor();
  assert.ok(await field('Phone').evaluate((node) => node === document.activeElement));
  assert.equal(await page.getByRole('alert').textContent(), '');
  await answerWith({ code: 'network', retryable: true });
  await field('Phone').fill('');
  await submit().click();
  await page.getByRole('alert').filter({ hasText: WORDS['error.network'] }).waitFor();
  await answerWith({ code: 'of_tomorrow', retryable: false, message: 'Said by the server.', fields: { gone: ['x'] } });
  await submit().click();
  await page.getByRole('alert').filter({ hasText: 'Said by the server.' }).waitFor();
  await page.evaluate(() => void (window.answer = () => Promise.reject(new Error('unexpected'))));
  await submit().click();
  await page.getByRole('alert').filter({ hasText: WORDS['error.unknown'] }).waitFor();
  await assertSound();
});

test('skipping is offered only where the owner allows it', async () => {
  await mount('leadCard', { ...FORM, required: true });
  assert.equal(await page.getByRole('button', { name: 'Skip' }).count(), 0);
  await page.locator('.extra').evaluate((node) => node.remove());
  await mount('leadCard', FORM);
  await page.getByRole('button', { name: 'Skip' }).click();
  assert.deepEqual((await calls()).map(([what]) => what), ['skip']);
  assert.equal(await page.locator('.extra').count(), 0);
});

test('the consent link opens elsewhere and tells nothing of this page', async () => {
  await mount('leadCard', FORM);
  const link = page.getByRole('link', { name: 'privacy notice' });
  assert.deepEqual(await link.evaluate(({ href, target, rel }) => ({ href, target, rel })), { href: 'https://example.com/privacy', target: '_blank', rel: 'noopener noreferrer' });
  assert.equal(await page.getByRole('checkbox', { name: 'I agree to the privacy notice of this shop.' }).count(), 1);
});

test('hostile words of owner, server and visitor stay words', async () => {
  const fields = ['submit', 'addEventListener', '__proto__', HOSTILE].map((key) => ({ key, label: key === HOSTILE ? HOSTILE : '', type: 'text', required: false }));
  await mount('leadCard', { ...FORM, title: HOSTILE, consent: `${HOSTILE} [x](javascript:window.ran=1)`, fields });
  await page.getByRole('checkbox').check();
  for (const box of await page.getByRole('textbox').all()) await box.fill(HOSTILE);
  await answerWith({ code: 'x', retryable: false, fields: { submit: [HOSTILE] } });
  await submit().click();
  await page.locator('.extra-error', { hasText: HOSTILE }).waitFor();
  assert.deepEqual(await page.evaluate(() => Object.keys(window.calls[0][1])), fields.map(({ key }) => key));
  const foreign = page.locator('main :is(img, script, a, iframe)');
  assert.equal(await foreign.count(), 0);
  await mount('conversationSheet', [{ sessionId: HOSTILE, title: HOSTILE, at: Date.now() }], 'x');
  assert.equal(await foreign.count(), 0);
  assert.equal(await page.evaluate(() => window.ran), undefined);
  assert.deepEqual(visitor.requests.filter((url) => !Object.keys(FILES).some((path) => url === origin + path)), []);
});

// The other cards

test('a comment is sent, kept when sending fails, and may be left out', async () => {
  await mount('commentCard');
  const box = page.getByRole('textbox', { name: WORDS.feedbackComment });
  await page.waitForFunction(() => document.activeElement.tagName === 'TEXTAREA');
  await box.fill('Too long');
  await page.evaluate(() => void (window.answer = () => Promise.reject(new Error('gone'))));
  await page.getByRole('button', { name: 'Send feedback' }).click();
  await page.getByRole('alert').filter({ hasText: WORDS['error.unknown'] }).waitFor();
  assert.equal(await box.inputValue(), 'Too long');
  await assertSound();
  await answerWith(undefined);
  await page.getByRole('button', { name: 'Send feedback' }).click();
  await page.getByRole('status').filter({ hasText: WORDS.feedbackThanks }).waitFor();
  assert.deepEqual((await calls()).map(([, text]) => text), ['Too long', 'Too long']);
});

test('erasing is asked for once more, with the safe answer in focus', async () => {
  await mount('eraseCard');
  assert.equal(await focused(), 'Cancel');
  const dialog = page.getByRole('alertdialog', { name: 'Erase conversation' });
  assert.match(await dialog.ariaSnapshot(), /for good/);
  await assertSound();
  await page.keyboard.press('Escape');
  assert.deepEqual((await calls()).map(([what]) => what), ['cancel']);
  assert.equal(await escapes(), 0);
  assert.equal(await dialog.count(), 0);
  await mount('eraseCard');
  await page.evaluate(() => void (window.answer = () => Promise.reject(new Error('gone'))));
  await page.getByRole('button', { name: 'Erase', exact: true }).click();
  await page.getByRole('alert').filter({ hasText: WORDS['error.unknown'] }).waitFor();
  await answerWith(undefined);
  await page.getByRole('button', { name: 'Erase', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  assert.deepEqual((await calls()).map(([what]) => what), ['confirm', 'confirm']);
});

test('earlier conversations are listed, newest first, with the current one marked', async () => {
  const now = Date.now();
  await mount('conversationSheet', [{ sessionId: 'old', title: 'متى تفتحون؟', at: now - 30 * 86_400_000 }, { sessionId: 'new', title: `Where ${'is my order '.repeat(60)}`, at: now - 120_000 }, { sessionId: 'blank', title: ' ', at: now - 3 * 86_400_000 }], 'blank');
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), WORDS.back);
  const rows = page.getByRole('listitem').getByRole('button');
  assert.match(await rows.nth(0).textContent(), /^Where.*2 minutes ago$/);
  assert.match(await rows.nth(1).textContent(), new RegExp(`^${WORDS.conversation}3 days ago$`));
  assert.equal(await rows.nth(1).getAttribute('aria-current'), 'true');
  assert.equal(await page.locator('[aria-current]').count(), 1);
  assert.equal(await rows.nth(2).locator('bdi').evaluate((node) => getComputedStyle(node).direction), 'rtl');
  assert.ok((await rows.nth(0).boundingBox()).height < 90);
  await assertSound();
  await rows.nth(2).click();
  await page.getByRole('button', { name: WORDS.back }).press('Escape');
  assert.deepEqual((await calls()).map(([what, detail]) => [what, typeof detail === 'string' ? detail : null]), [['open', 'old'], ['back', null]]);
  assert.equal(await escapes(), 0);
});

test('without earlier conversations a sentence says so', async () => {
  await mount('conversationSheet', [], '');
  await page.getByText(WORDS.noConversations).waitFor();
  await assertSound();
});

test('a file is saved under its name, under the panel’s policy', async () => {
  const waiting = page.waitForEvent('download');
  await page.evaluate(() => window.extras.saveFile(new Blob(['# Conversation'], { type: 'text/markdown' }), 'conversation.md'));
  const download = await waiting;
  assert.equal(download.suggestedFilename(), 'conversation.md');
  assert.equal(readFileSync(await download.path(), 'utf8'), '# Conversation');
  assert.deepEqual(visitor.violations, []);
});

test('nothing runs out of the frame with long words, wide text or twice the zoom', async () => {
  for (const width of [320, 195]) {
    await page.setViewportSize({ width, height: 600 });
    await page.goto(origin);
    await page.waitForFunction(() => window.extras);
    const long = 'Donaudampfschifffahrtsgesellschaft'.repeat(6);
    await mount('leadCard', { ...FORM, title: long, consent: `${long} [${long}](https://example.com/)`, fields: [{ key: 'x', label: long, type: 'text', required: true }, ...FORM.fields] });
    await submit().click();
    for (const selector of ['.log', '.extra-card']) assert.ok(await page.locator(selector).evaluate((node) => node.scrollWidth <= node.clientWidth), `${selector} at ${width}`);
    await mount('conversationSheet', [{ sessionId: 'a', title: long, at: 0 }], 'a');
    assert.ok(await page.locator('.extra-sheet').evaluate((node) => node.scrollWidth <= node.clientWidth));
  }
});

test('on touch, targets are 44 px high and fields do not make the phone zoom', async () => {
  await visitor.context.close();
  await visit({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  await mount('leadCard', FORM);
  for (const target of await page.locator('.extra-card :is(button, input:not([type=checkbox]), textarea, .extra-consent)').all()) {
    assert.ok((await target.boundingBox()).height >= 44);
    assert.ok(await target.evaluate((node) => !node.matches('input, textarea') || parseFloat(getComputedStyle(node).fontSize) >= 16));
  }
  await toggleMenu();
  await page.locator('#anchor').tap();
  for (const item of await page.getByRole('menuitem').all()) assert.ok((await item.boundingBox()).height >= 44);
});

test('in the dark and from right to left it is as sound', async () => {
  await page.evaluate(() => Object.assign(document.documentElement, { dir: 'rtl' }).setAttribute('data-theme', 'dark'));
  await page.evaluate(() => Object.entries({ '--accent-text': '#93a4ff', '--accent-line': '#667eea', '--bubble': '#22273a' }).forEach(([name, value]) => document.documentElement.style.setProperty(name, value)));
  await mount('leadCard', FORM);
  await submit().click();
  await mount('commentCard');
  await mount('eraseCard');
  await assertSound();
});
