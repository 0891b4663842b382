// Bringing files in: by button, drop and paste; what is shown and told of them, and what is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, openPanel, panelOf, until } from './support/browser.mjs';
import { choose, filesOf, hears, ORDERS, SALES, spoken, tableOf, transfer } from './support/tables.mjs';
import { axeProblems } from './support/tour.mjs';
import { listenEarly, world } from './support/visit.mjs';

const own = world({ MAX_UPLOAD_MB: '2', FILES_PER_SESSION: '3' });
/** The loader keeps it in the page's storage, because the browser denies the frame its own. */
const storedKeys = (page) => page.evaluate(() => Object.keys(localStorage));
const asked = (start) => own.asked().filter((path) => path.startsWith(start));
const bringEvents = (page) => page.evaluate(() => window.heard.filter(([name]) => name === 'file').map(([, detail]) => detail));

async function visit(options) {
  const page = await own.visitButton(options);
  const panel = await openPanel(page);
  return { page, panel, files: filesOf(panel) };
}

async function visitWith(file, options) {
  const all = await visit(options);
  await choose(all.page, all.panel, [file]);
  await all.files.ready(file.name);
  return all;
}

test('a file is brought by the button, and shows what was understood of it', async () => {
  const { panel, files } = await visitWith(SALES);
  await files.named(SALES.name).getByText('40 × 4').waitFor();
  await hears(panel, `Uploading ${SALES.name}…`);
  await hears(panel, `${SALES.name} is ready. Rows: 40, columns: 4`);
  await files.open(SALES.name).click();
  await files.sheet.getByRole('heading', { level: 2, name: SALES.name }).waitFor();
  assert.match(await files.sheet.innerText(), /Rows: 40, columns: 4/);
  const columns = await files.sheet.getByRole('list', { name: 'Columns' }).getByRole('listitem').allInnerTexts();
  assert.deepEqual(columns.map((text) => text.split('\n')[0]), ['Date', 'Region', 'Units', 'Revenue']);
  assert.match(columns[0], /Dates[^]*Jan 1, 2024 – Jan 28, 2024/);
  assert.match(columns[1], /Categories[^]*North 35%/);
  assert.match(columns[2], /Whole numbers[^]*1 – 40 · Average: 20\.5/);
  assert.equal(await files.sheet.locator('.file-bars[aria-hidden=true]').count(), 4);
  await files.sheet.getByText('First rows').click();
  await files.sheet.getByRole('columnheader', { name: 'Revenue' }).waitFor();
  assert.match(await files.sheet.getByRole('row').nth(1).innerText(), /Jan 1, 2024\s+North\s+1\s+0/);
});

test('nothing is asked or kept before the visitor brings something, and the session begins with it', async () => {
  const { page, panel, files } = await visit();
  await Promise.all([page.waitForEvent('filechooser'), files.attach.click()]);
  await transfer(panel.frame.getByRole('log'), 'dragenter', { files: [SALES] });
  await panel.frame.locator('.file-drop').waitFor();
  await transfer(panel.frame.getByRole('log'), 'dragleave');
  assert.deepEqual([asked('/api/'), await storedKeys(page)], [[], []]);
  await choose(page, panel, [SALES]);
  await files.ready(SALES.name);
  assert.deepEqual(asked('/api/'), ['/api/sessions/create', '/api/files/upload']);
});

test('several files are sent one after the other, and the message waits for them', async () => {
  const { page, panel, files } = await visit();
  let running = 0;
  let most = 0;
  await page.route('**/api/files/upload', async (route) => {
    most = Math.max(most, (running += 1));
    await new Promise((resolve) => setTimeout(resolve, 300));
    running -= 1;
    await route.continue();
  });
  await panel.field.fill('How many?');
  await choose(page, panel, [SALES, ORDERS]);
  await files.named(ORDERS.name).getByText('Waiting…').waitFor();
  assert.ok(await panel.send.isDisabled());
  await panel.field.press('Enter');
  assert.equal(await panel.bubbles.count(), 0);
  await files.ready(ORDERS.name);
  assert.deepEqual([most, await files.chips.count()], [1, 2]);
  await panel.field.press('Enter');
  await panel.bubbles.first().waitFor();
});

test('how far a file is shows while it is on its way, and it can be taken back', async () => {
  const { page, panel, files } = await visit();
  const wire = await own.visitor.context.newCDPSession(page.frames().at(-1));
  await wire.send('Network.enable');
  await wire.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 300_000 });
  await choose(page, panel, [tableOf('large.csv', 1_500_000)]);
  const bar = files.named('large.csv').getByRole('progressbar', { name: 'Uploading large.csv…' });
  const share = await until(async () => {
    const value = await bar.evaluate(({ value: now }) => now);
    return value > 0 && value < 1 && value;
  }, 'a part of it has left');
  await files.named('large.csv').getByText(/^\d+%$/).waitFor();
  await until(async () => (await bar.evaluate(({ value }) => value)) > share, 'more of it has left');
  await files.named('large.csv').getByRole('button', { name: 'Cancel the upload of large.csv' }).click();
  await files.chips.waitFor({ state: 'detached' });
  assert.ok(await panel.field.evaluate((field) => field === document.activeElement));
  assert.doesNotMatch(await spoken(panel), /could not be reached/);
});

test('a file is dropped anywhere on the panel, and only files are taken', async () => {
  const { panel, files } = await visit();
  const log = panel.frame.getByRole('log');
  const hint = panel.frame.locator('.file-drop');
  await transfer(log, 'dragenter', { files: [SALES] });
  await hint.waitFor();
  assert.match(await hint.innerText(), /Drop files here\s+CSV, TSV, JSON[^]*, up to 2 MB each/);
  // The next element is entered before the one around it is left.
  await transfer(panel.field, 'dragenter', { files: [SALES] });
  await transfer(log, 'dragleave', { files: [SALES] });
  assert.ok(await hint.isVisible());
  assert.ok(await transfer(panel.field, 'dragover', { files: [SALES] }), 'the browser leaves it to the panel');
  await transfer(panel.field, 'drop', { files: [SALES] });
  await files.ready(SALES.name);
  assert.equal(await hint.count(), 0);
  await transfer(log, 'dragenter', { files: [SALES] });
  await hint.waitFor();
  await transfer(log, 'dragleave', { files: [SALES] });
  await hint.waitFor({ state: 'detached' });
  assert.equal(await transfer(log, 'dragenter', { text: 'words' }), false);
  assert.equal(await hint.count(), 0);
});

test('a file is pasted; a picture that comes with copied cells is not', async () => {
  const { panel, files } = await visit();
  await panel.field.focus();
  assert.ok(await transfer(panel.field, 'paste', { files: [SALES] }));
  await files.ready(SALES.name);
  const picture = { name: 'image.png', mimeType: 'image/png', buffer: Buffer.from('x') };
  assert.equal(await transfer(panel.field, 'paste', { files: [picture], text: 'one cell' }), false);
  assert.equal(await panel.field.inputValue(), 'one cell');
  assert.equal(await files.chips.count(), 1);
});

test('a pasted table stays text unless the visitor wants a file of it', async () => {
  const { panel, files } = await visit();
  const table = 'Name\tUnits\r\nLamp\t3\r\nBulb\t50\r\n';
  const offer = panel.frame.locator('.file-offer', { hasText: 'This looks like a table.' });
  await panel.field.focus();
  await transfer(panel.field, 'paste', { text: table });
  await offer.waitFor();
  await hears(panel, 'This looks like a table.');
  await panel.frame.getByRole('button', { name: 'Keep as text' }).click();
  await offer.waitFor({ state: 'detached' });
  assert.match(await panel.field.inputValue(), /Lamp\t3/);
  await panel.field.fill('Before ');
  await panel.field.press('End');
  await transfer(panel.field, 'paste', { text: table });
  await panel.frame.getByRole('button', { name: 'Attach as table' }).click();
  await files.named('Pasted table.tsv').getByText('2 × 2').waitFor();
  assert.equal(await panel.field.inputValue(), 'Before ');
  await panel.field.focus();
  await transfer(panel.field, 'paste', { text: table });
  await offer.waitFor();
  await panel.field.fill('Something else');
  await offer.waitFor({ state: 'detached' });
  await transfer(panel.field, 'paste', { text: 'Dear Ada,\nthank you.\nYours, Bob' });
  assert.equal(await offer.count(), 0);
});

test('what would be refused anyway is refused before it is sent', async () => {
  const { page, panel, files } = await visit();
  const cases = {
    'large.csv': [tableOf('large.csv', 2 * 1024 * 1024 + 1), 'This file is larger than 2 MB.'],
    'photo.png': [{ name: 'photo.png', mimeType: 'image/png', buffer: Buffer.from('x') }, /Files of this kind cannot be read\. Please choose one of these: CSV, .*JSON/],
  };
  for (const [name, [file, sentence]] of Object.entries(cases)) {
    await choose(page, panel, [file]);
    await files.named(name).getByText(sentence).waitFor();
    await hears(panel, `${name}: `);
    assert.equal(await files.named(name).getByRole('button', { name: 'Try again', exact: true }).count(), 0, name);
  }
  assert.deepEqual(asked('/api/'), []);
  for (const name of Object.keys(cases)) await files.remove(name).click();
  await choose(page, panel, ['a', 'b', 'c', 'd'].map((name) => tableOf(`${name}.csv`, 40)));
  await files.named('d.csv').getByText('A conversation can hold 3 files at most.').waitFor();
  await files.ready('c.csv');
  assert.equal(asked('/api/files/upload').length, 3);
});

test('what the server cannot read is said in the visitor’s language, with what is wrong where', async () => {
  const { page, panel, files } = await visit({ attributes: 'data-locale="de"' });
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), panel.frame.getByRole('button', { name: 'Datei anhängen' }).click()]);
  await chooser.setFiles([{ name: 'broken.json', mimeType: 'application/json', buffer: Buffer.from('{"a": [1, 2') }]);
  await files.named('broken.json').getByText('Diese Datei konnte nicht als Tabelle gelesen werden.').waitFor();
  assert.ok((await files.named('broken.json').locator('[lang=en]').innerText()).length > 10);
  own.visitor.errors.length = 0;
});

test('a lost connection is said, and the file can be sent again', async () => {
  const { page, panel, files } = await visit();
  await page.route('**/api/files/upload', (route) => route.abort());
  await choose(page, panel, [SALES]);
  await files.named(SALES.name).getByText('The server could not be reached.').waitFor();
  await page.unroute('**/api/files/upload');
  await files.named(SALES.name).getByRole('button', { name: 'Try again', exact: true }).click();
  await files.ready(SALES.name);
  own.visitor.errors.length = 0;
});

test('a file that is removed is gone from the server, and the focus goes on to what is there', async () => {
  const { page, panel, files } = await visitWith(SALES);
  await choose(page, panel, [ORDERS]);
  await files.ready(ORDERS.name);
  await files.remove(SALES.name).click();
  await files.named(SALES.name).waitFor({ state: 'detached' });
  await hears(panel, `${SALES.name} was removed.`);
  assert.ok(await files.open(ORDERS.name).evaluate((open) => open === document.activeElement));
  await files.open(ORDERS.name).click();
  await files.sheet.getByRole('button', { name: `Remove ${ORDERS.name}` }).click();
  await files.chips.waitFor({ state: 'detached' });
  await until(() => panel.field.evaluate((field) => field === document.activeElement), 'the focus is in the composer');
  await page.reload();
  await openPanel(page);
  await page.waitForTimeout(300);
  assert.equal(await files.chips.count(), 0);
  assert.equal(asked('/api/files/info/').length, 1, 'nothing is asked about a session without files');
});

test('after a reload, and in another tab, the files are there', async () => {
  const { page, panel, files } = await visitWith(SALES);
  await page.reload();
  await openPanel(page);
  await files.ready(SALES.name);
  const second = await own.visitor.context.newPage();
  await second.goto(page.url());
  const other = filesOf(await openPanel(second));
  await other.ready(SALES.name);
  await choose(second, panelOf(second), [ORDERS]);
  await other.ready(ORDERS.name);
  await page.bringToFront();
  await page.reload();
  await openPanel(page);
  await files.ready(ORDERS.name);
  await panel.frame.getByRole('button', { name: 'More options' }).click();
  await panel.frame.getByRole('menuitem', { name: 'Erase conversation' }).click();
  await panel.frame.getByRole('button', { name: 'Erase', exact: true }).click();
  await until(async () => (await files.chips.count()) === 0, 'the files went with it');
});

test('a new conversation begins without the files of the old one, which has them still', async () => {
  own.upstream.script = { text: 'Fine.' };
  const { panel, files } = await visitWith(SALES);
  await ask(panel, 'How many?');
  await panel.frame.locator('.reply', { hasText: 'Fine.' }).waitFor();
  await panel.frame.getByRole('button', { name: 'New conversation' }).click();
  await files.chips.waitFor({ state: 'detached' });
  await panel.frame.getByRole('button', { name: 'More options' }).click();
  await panel.frame.getByRole('menuitem', { name: 'Earlier conversations' }).click();
  await panel.frame.getByRole('button', { name: /How many\?/ }).click();
  await files.ready(SALES.name);
});

test('the page hears of a file: its name, its size and how large its table is', async () => {
  const { page } = await visitWith(SALES, { before: listenEarly });
  await until(async () => (await bringEvents(page)).length, 'the event');
  assert.deepEqual(await bringEvents(page), [{ name: SALES.name, sizeBytes: SALES.buffer.length, rows: 40, columns: 4 }]);
});

test('everything is done with the keyboard, and Escape leaves what was opened last', async () => {
  const { page, panel, files } = await visit();
  await until(() => panel.field.evaluate((field) => field === document.activeElement), 'focus in the composer');
  const chosen = page.waitForEvent('filechooser');
  await page.keyboard.press('Shift+Tab');
  await until(() => files.attach.evaluate((attach) => attach === document.activeElement), 'focus on the button');
  await page.keyboard.press('Enter');
  await (await chosen).setFiles([SALES]);
  await files.ready(SALES.name);
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await files.sheet.waitFor();
  const back = panel.frame.getByRole('button', { name: 'Back to the conversation' });
  await until(() => back.evaluate((node) => node === document.activeElement), 'focus on the way back');
  await page.keyboard.press('Escape');
  await files.sheet.waitFor({ state: 'detached' });
  assert.ok(await files.open(SALES.name).evaluate((open) => open === document.activeElement));
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await files.chips.waitFor({ state: 'detached' });
});

test('on a page with a strict policy all of it works, and axe finds nothing', async () => {
  const { page, panel, files } = await visit({ path: '/strict-trusted' });
  await choose(page, panel, [SALES, { name: 'photo.png', mimeType: 'image/png', buffer: Buffer.from('x') }]);
  await files.ready(SALES.name);
  await panel.field.focus();
  await transfer(panel.field, 'paste', { text: 'a\tb\n1\t2\n3\t4' });
  await panel.frame.locator('.file-offer', { hasText: 'This looks like a table.' }).waitFor();
  assert.deepEqual(await axeProblems(page), []);
  await files.open(SALES.name).click();
  await files.sheet.getByText('First rows').click();
  assert.deepEqual(await axeProblems(page), []);
});

test('hostile names and cells stay words, and do not push anything out of the panel', async () => {
  const hostile = '<img src=x onerror=alert(1)>';
  const long = `${'long'.repeat(40)}.csv`;
  const columns = Array.from({ length: 30 }, (_, at) => (at ? `column ${at} ${'wide'.repeat(20)}` : hostile));
  const { page, panel, files } = await visitWith({ name: long, mimeType: 'text/csv', buffer: Buffer.from(`${columns.join(',')}\n${columns.map(() => hostile).join(',')}\n${columns.map((_, at) => at).join(',')}\n`) }, { viewport: { width: 390, height: 700 } });
  await files.open(long).click();
  await files.sheet.getByText(hostile).first().waitFor();
  const items = files.sheet.getByRole('list', { name: 'Columns' }).getByRole('listitem');
  assert.equal(await items.count(), 12, 'a long list is folded');
  await files.sheet.getByRole('button', { name: 'Show all columns (30)' }).click();
  assert.equal(await items.count(), 30);
  assert.ok(await items.nth(12).evaluate((item) => item === document.activeElement));
  assert.equal(await panel.frame.locator('img[src=x]').count(), 0);
  const overflow = await page.frames().at(-1).evaluate(() => [document.querySelector('.file-body'), document.documentElement].map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth));
  assert.deepEqual(overflow, [0, 0]);
});

test('an owner who wants no files has a chat without them', async () => {
  const { startServer } = await import('./support/server.mjs');
  const { startHost } = await import('./support/host.mjs');
  const { newVisitor } = await import('./support/browser.mjs');
  const server = await startServer({ ...own.upstream.env, BOT_FILES: 'off' });
  const host = await startHost(server.origin);
  const { context, page, requests } = await newVisitor(own.browser);
  await page.goto(host.origin);
  const panel = await openPanel(page);
  assert.equal(await filesOf(panel).attach.isVisible(), false);
  assert.ok(await transfer(panel.field, 'drop', { files: [SALES] }), 'the browser does not leave the chat for the file');
  await transfer(panel.field, 'paste', { text: 'a\tb\n1\t2\n3\t4' });
  await page.waitForTimeout(300);
  assert.equal(await panel.frame.locator('.file-drop, .file-offer, .file-chip').count(), 0);
  assert.deepEqual(requests.filter((url) => url.includes('files')), []);
  await Promise.all([context.close(), host.close(), server.close()]);
});
