// How an answer was computed, shown below it: the step at work, the proof, numbers without one. The replies are told in the
// server's place; data-live.test.mjs has the real ones.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, test } from 'node:test';
import { longestTasks } from './hostile/tasks.mjs';
import { ask, newVisitor, startBrowser, until } from './support/browser.mjs';
import { answerWith, CHARTS, SQL, step } from './support/computed.mjs';
import { startServer } from './support/server.mjs';

const AXE = readFileSync(new URL('../../widget/node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
let browser, server, visitor, page;

before(async () => {
  browser = await startBrowser();
  server = await startServer({ AI_PROVIDER: 'demo' });
});
after(async () => {
  await browser?.close();
  await server?.close();
});
afterEach(async () => {
  await visitor.context.close();
  assert.deepEqual({ violations: visitor.violations, problems: visitor.problems }, { violations: [], problems: [] });
});

/** The panel alone, as in a frame of its usual size. */
async function open({ language = 'en', ...options } = {}) {
  visitor = await newVisitor(browser, { viewport: { width: 400, height: 720 }, reducedMotion: 'reduce', ...options });
  page = visitor.page;
  await page.goto(`${server.origin}/embed?locale=${language}`);
  return { field: page.getByRole('textbox') };
}

async function askFor(...replies) {
  const panel = { field: page.getByRole('textbox') };
  await answerWith(page, ...replies);
  await ask(panel, 'How much?');
}

const RESULT = { columns: ['month', 'orders', 'revenue'], rows: [['2024-01', 1200, 1234.5], ['2024-02', 900, null], ['2024-03', null, 12345678.25]], truncated: true };
const proof = () => page.getByRole('button', { name: 'How this was computed' });
const spoken = () => page.locator('[aria-live=polite] p').allTextContents();

async function axe() {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary}`).join(' ')}`);
}

const running = (id, more = {}) => ({ id, name: 'query_data', status: 'running', title: 'Looking at sales.csv', source: 'sales.csv', ...more });

test('what a tool looks at is told while it works, read out once, and gone with the answer', async () => {
  await open();
  await askFor({ steps: [running('1')], unfinished: true });
  await page.locator('.tool', { hasText: 'Looking at \u2068sales.csv\u2069…' }).waitFor();
  // The stream has broken off; it comes again with all steps told anew.
  await answerWith(page, { steps: [running('1'), { ...step('1', RESULT) }, running('2', { name: 'show_chart' })], unfinished: true }, { steps: [running('1'), step('1', RESULT), running('2', { name: 'show_chart' }), { ...running('2'), status: 'failed', error: 'No.' }] });
  await proof().waitFor();
  assert.equal(await page.locator('.tool').count(), 0);
  const said = await spoken();
  for (const text of ['Looking at \u2068sales.csv\u2069…', 'Drawing a chart of \u2068sales.csv\u2069…']) assert.equal(said.filter((line) => line === text.replace(/[\u2068\u2069]/g, '')).length, 1, `${text} in ${said.join(' / ')}`);
  await proof().click();
  assert.equal(await page.locator('.proof-step').count(), 2, 'each step stands there once');
});

test('tools without words of their own show their title, those without a name as long as they work', async () => {
  await open();
  await askFor({ steps: [{ name: 'x', title: '<i>Reading the weather</i>', status: 'running' }], unfinished: true });
  await page.locator('.tool', { hasText: '<i>Reading the weather</i>' }).waitFor();
  assert.equal(await page.locator('.tool *').count(), 0);
  assert.equal(await page.locator('.writing .dots').count(), 1, 'it is busy');
  await page.reload();
  await askFor({ steps: [running('1', { name: 'other', title: 'Other tool' }), running('1', { name: 'other', status: 'failed', error: 'Away.' })], unfinished: true });
  await page.locator('.tool', { hasText: 'One step did not work.' }).waitFor();
});

test('an answer that nothing was computed for loads nothing and shows nothing', async () => {
  await open();
  await askFor({ steps: [] });
  await page.getByRole('button', { name: 'Copy reply' }).waitFor();
  assert.equal(await page.locator('.proof').count(), 0);
  assert.deepEqual(visitor.requests.filter((url) => /static\/widget\/(data|charts)\./.test(url)), []);
});

test('the proof is folded, opens by keyboard, and says purpose, rows and SQL', async () => {
  await open();
  await askFor({ steps: [step('1', RESULT), { id: '2', name: 'query_data', title: 'x', status: 'failed', source: 'b.csv', error: 'There is no column "profit".' }] });
  await proof().waitFor();
  assert.equal(await proof().getAttribute('aria-expanded'), 'false');
  assert.equal(await page.locator('.proof-steps').isVisible(), false);
  await proof().focus();
  await page.keyboard.press('Enter');
  assert.equal(await proof().getAttribute('aria-expanded'), 'true');
  const table = page.getByRole('table', { name: 'Orders of each month' });
  assert.deepEqual(await table.locator('th').allTextContents(), RESULT.columns);
  assert.deepEqual(await table.locator('tbody tr').evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent))), [['2024-01', '1200', '1,234.50'], ['2024-02', '900', '–'], ['2024-03', '–', '12,345,678.25']]);
  assert.deepEqual(await table.locator('tbody tr').first().locator('td').evaluateAll((cells) => cells.map((cell) => getComputedStyle(cell).textAlign)), ['start', 'right', 'right']);
  await page.getByText('Only the first rows are shown: 3').waitFor();
  assert.equal(await page.locator('.proof-sql code').textContent(), SQL);
  await page.getByText('This step failed: \u2068There is no column "profit".\u2069').waitFor();
  assert.deepEqual(await axe(), []);
  await proof().press('Enter');
  assert.equal(await page.locator('.proof-steps').isVisible(), false);
});

test('nothing of a long answer makes the page longer than the panel, or whatever scrolls would move the header away', async () => {
  await open({ viewport: { width: 400, height: 400 } });
  for (const text of ['One.', 'Two.', 'Three.']) {
    await askFor({ steps: [step('1', RESULT)], text });
    await page.locator('.reply', { hasText: text }).waitFor();
  }
  await proof().last().click();
  await page.getByRole('table').last().waitFor();
  assert.deepEqual(await page.evaluate(() => [document.documentElement.scrollHeight, document.querySelector('.log').scrollHeight > 800]), [400, true]);
});

test('the SQL is copied as it is', async () => {
  await open({ permissions: ['clipboard-read', 'clipboard-write'] });
  await askFor({ steps: [step('1', RESULT)] });
  await proof().click();
  await page.locator('.proof-sql').getByRole('button', { name: 'Copy' }).click();
  assert.equal(await until(() => page.evaluate(() => navigator.clipboard.readText()), 'a copy'), SQL);
});

test('the rows are downloaded from the server, with what opens the session', async () => {
  await open();
  const asked = [];
  await page.route('**/steps/1/csv?*', (route) => {
    asked.push([new URL(route.request().url()), route.request().headers()['x-visitor-token']]);
    return asked.length === 1 ? route.fulfill({ status: 503, body: '{}' }) : route.fulfill({ contentType: 'text/csv', body: 'month\r\n2024-01\r\n' });
  });
  await askFor({ steps: [step('1', RESULT)] });
  await proof().click();
  const button = page.getByRole('button', { name: 'Download CSV' });
  await button.click();
  await page.locator('.is-problem', { hasText: 'Something went wrong. Please try again.' }).waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  assert.equal(download.suggestedFilename(), 'sales-Orders-of-each-month.csv');
  assert.equal(readFileSync(await download.path(), 'utf8'), 'month\r\n2024-01\r\n');
  assert.equal(await page.locator('.is-problem').isVisible(), false);
  const [url, token] = asked[1];
  assert.match(url.pathname, /^\/api\/chat\/replies\/[0-9a-f-]{36}\/steps\/1\/csv$/);
  const kept = await page.evaluate(() => Object.values(localStorage).map((text) => JSON.parse(text))[0].conversations[0]);
  assert.deepEqual([url.searchParams.get('sessionId'), token], [kept.sessionId, kept.visitorToken]);
});

test('numbers that nothing was computed for are underlined, explained and read out as such', async () => {
  await open();
  const text = 'Sales were **4,200** and 14,200, see `4,200` or [4,200](https://example.com/4,200).\n\n| a | b |\n|---|---|\n| 4,200 | 12 % |\n\n```\n4,200\n```\nAll 12 %.';
  await askFor({ steps: [step('1', RESULT)], text, unverified: ['4,200', '12 %', '99'] });
  await page.locator('.not-computed').first().waitFor();
  const marks = page.locator('.reply .not-computed');
  assert.deepEqual(await marks.evaluateAll((found) => found.map((mark) => [mark.parentElement.localName, mark.firstChild.data, mark.title])), [
    ['strong', '4,200', 'Not computed from your data'],
    ['td', '4,200', 'Not computed from your data'],
    ['td', '12 %', 'Not computed from your data'],
    ['p', '12 %', 'Not computed from your data'],
  ]);
  assert.match(await marks.first().evaluate((mark) => getComputedStyle(mark).textDecoration), /underline.* dotted/);
  assert.equal(await marks.first().textContent(), '4,200 (Not computed from your data)');
  await page.getByText('Numbers underlined with dots were not computed from your data.').waitFor();
  assert.equal(await page.locator('.proof').evaluate((node) => node.previousElementSibling.className), 'reply');
  assert.deepEqual(await axe(), []);
});

test('numbers are marked without any step, and nothing is explained where none is marked', async () => {
  await open();
  await askFor({ text: 'It is 1,234,567 and no other.', unverified: ['1,234,567'] });
  await page.locator('.not-computed').waitFor();
  assert.equal(await proof().count(), 0);
  await askFor({ text: 'No number here.', unverified: ['5'], steps: [] });
  await page.locator('.reply', { hasText: 'No number here.' }).waitFor();
  assert.equal(await page.locator('.proof').count(), 1);
});

test('after a reload all of it is there again, and nothing is read out', async () => {
  await open();
  await askFor({ steps: [step('1', RESULT), step('2', CHARTS.pie)], text: 'It is **5**.', unverified: ['5'] });
  await page.locator('.chart-walk').waitFor();
  const look = () => page.locator('.bot-body').last().evaluate((body) => [...body.querySelectorAll('.reply, .proof')].map((part) => part.textContent));
  const live = await look();
  const messages = [{ id: 'a', role: 'user', content: 'How much?' }, { id: 'b', role: 'assistant', content: 'It is **5**.', steps: [step('1', RESULT), step('2', CHARTS.pie)], unverified: ['5'] }];
  await page.route('**/api/chat/history/**', (route) => route.fulfill({ json: { messages: messages.map((message) => ({ status: 'complete', timestamp: Date.now(), ...message })) } }));
  await page.reload();
  await page.locator('.chart-walk').waitFor();
  assert.deepEqual(await look(), live);
  assert.deepEqual(await spoken(), []);
});

const HOSTILE = '<img src=x onerror="window.ran=1"></text><script>window.ran=1</script>\u202egnp.exe\u2066\u0000\ud800';

test('cells, names, titles and SQL are text, and turn nothing around them', async () => {
  await open();
  const columns = [HOSTILE, 'n'];
  const hostile = { ...step('1', { columns, rows: [[HOSTILE, 1], ['a', 2]], purpose: HOSTILE, sql: HOSTILE, source: HOSTILE }), title: HOSTILE };
  const drawn = ['bar', 'pie', 'line'].map((kind, at) => step(String(at + 2), { columns, rows: [[HOSTILE, 1], ['a', 2]], purpose: HOSTILE, sql: HOSTILE, source: HOSTILE, chart: { kind, title: HOSTILE, x: 0, y: [1], xLabel: HOSTILE, yLabel: HOSTILE } }));
  await askFor({ steps: [hostile, ...drawn], text: '5', unverified: [HOSTILE, '5'] });
  await proof().click();
  await page.locator('.chart-walk').last().waitFor();
  for (const button of await page.getByRole('button', { name: 'Show as table' }).all()) await button.click();
  await page.locator('.chart-walk').first().focus();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save as SVG' }).first().click()]);
  const saved = readFileSync(await download.path(), 'utf8');
  assert.doesNotMatch(saved, /<img|<script|\u202e|\u0000/);
  assert.doesNotMatch(download.suggestedFilename(), /[<>\u202e"/]/);
  const found = await page.evaluate(() => ({
    ran: window.ran,
    made: document.querySelectorAll('.turn img, .turn script, .proof [onerror]').length,
    marks: /[\u202a-\u202e\u2066\u0000\ud800]/.test(document.querySelector('.proof').textContent.replace(/[\ud800-\udbff][\udc00-\udfff]/g, '')),
  }));
  assert.deepEqual(found, { ran: undefined, made: 0, marks: false });
});

test('large tables, charts of 500 points and huge cells hold nothing up for 200 ms', async () => {
  await open();
  const columns = Array.from({ length: 50 }, (_, at) => `column ${at}`);
  const large = step('1', { columns, rows: Array.from({ length: 200 }, (_, row) => columns.map((_, at) => (at % 3 ? row * at * 1.37 : `text ${row}/${at}`))) });
  const huge = step('2', { columns: ['a'], rows: [['x'.repeat(60_000)], ['\u0301'.repeat(60_000)], [1e300]] });
  const tasks = await longestTasks(browser, page, async (note) => {
    note('answer');
    await askFor({ steps: [large, huge, step('3', CHARTS['line of 500 days']), step('4', CHARTS.scatter)], text: '5 '.repeat(4000), unverified: ['5'] });
    await page.locator('.chart-walk').last().waitFor();
    note('open');
    await proof().click();
    await until(async () => (await page.locator('.proof-step').first().locator('tbody tr').count()) === 200, 'all rows');
    note('walk');
    await page.locator('.chart-walk').first().focus();
    for (const key of ['End', 'ArrowLeft', 'PageUp', 'Home']) await page.keyboard.press(key);
  });
  assert.deepEqual(tasks.filter(({ ms }) => ms > 200), []);
  assert.ok(tasks.every(({ count }) => count > 0));
});

test('in the dark, from right to left, on a phone and with forced colours the proof is sound and stays in its column', async () => {
  const cases = [{ colorScheme: 'dark' }, { language: 'ar' }, { language: 'he', colorScheme: 'dark' }, { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true }, { forcedColors: 'active' }];
  for (const options of cases) {
    await open(options);
    await askFor({ steps: [step('1', RESULT), step('2', CHARTS.line), step('3', CHARTS.bar)], text: '**5**', unverified: ['5'] });
    await page.locator('.proof-toggle').click();
    await page.locator('.chart-walk').last().waitFor();
    for (const button of await page.locator('.chart-tools .text-button:first-child').all()) await button.click();
    const name = JSON.stringify(options);
    assert.deepEqual(await axe(), [], name);
    const wide = await page.evaluate(() => [...document.querySelectorAll('.proof *')].filter((node) => {
      const box = node.getBoundingClientRect();
      return box.width && !node.closest('.table, .sr-only, pre') && (box.left < 0 || box.right > innerWidth);
    }).map((node) => node.className));
    assert.deepEqual(wide, [], name);
    if (options.hasTouch) {
      const small = await page.evaluate(() => [...document.querySelectorAll('.proof button')].filter((button) => button.checkVisibility() && button.getBoundingClientRect().height < 44).map((button) => button.textContent));
      assert.deepEqual(small, []);
    }
    await visitor.context.close();
  }
  await open();
});
