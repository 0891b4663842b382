// From a question to its proof with everything real but the model, which uses tools as a script says: the host page's data
// is queried, the rows and charts are shown, downloaded and found again.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ask, openPanel, panelOf, until } from './support/browser.mjs';
import { startCable } from './support/host.mjs';
import { axeProblems } from './support/tour.mjs';
import { world } from './support/visit.mjs';

const own = world();
const SALES = [
  { city: 'Zurich', month: '2024-01', lamps: 12, revenue: 960.5 },
  { city: 'Geneva', month: '2024-01', lamps: 7, revenue: 581 },
  { city: 'Zurich', month: '2024-02', lamps: 9, revenue: 720 },
  { city: '=SUM(A1:A9)', month: '2024-02', lamps: 4, revenue: null },
];
const head = `<script>window.ChatbotConfig = ${JSON.stringify({ jsonData: { sales: SALES } })};</script>`;
const BY_CITY = { sql: 'SELECT city, sum(lamps) AS lamps, sum(revenue) AS revenue FROM sales GROUP BY city ORDER BY lamps DESC', purpose: 'Lamps and revenue of each city' };
const KINDS = {
  bar: { x: 'city', y: ['lamps', 'revenue'], sql: BY_CITY.sql },
  line: { x: 'month', y: ['lamps'], sql: 'SELECT month, sum(lamps) AS lamps FROM sales GROUP BY month' },
  area: { x: 'month', y: ['lamps'], sql: 'SELECT month, sum(lamps) AS lamps FROM sales GROUP BY month' },
  pie: { x: 'city', y: ['lamps'], sql: BY_CITY.sql },
  scatter: { x: 'lamps', y: ['revenue'], sql: 'SELECT lamps, revenue * 1.0 AS revenue FROM sales' },
  histogram: { x: 'lamps', y: [], sql: 'SELECT lamps FROM sales' },
};

/** A model that uses these tools, one round after the other, and then says its text. */
function using(rounds, text) {
  return ({ messages }) => {
    const last = messages.findLastIndex(({ role }) => role === 'user');
    const round = messages.slice(last).filter(({ role }) => role === 'assistant').length;
    return round < rounds.length ? { uses: rounds[round] } : { text, pieceChars: 3 };
  };
}
const query = (given) => ({ name: 'query_data', arguments: given });
const draw = (kind) => ({ name: 'show_chart', arguments: { purpose: `A ${kind} of lamps`, kind, title: `The ${kind}`, ...KINDS[kind] } });

async function converse(script, options = {}) {
  own.upstream.script = script;
  const page = await own.visitButton({ head, reducedMotion: 'reduce', ...options });
  const panel = await openPanel(page);
  await ask(panel, 'How many lamps?');
  await panel.frame.getByRole('button', { name: 'Copy reply' }).waitFor();
  return { page, frame: panel.frame };
}
const proofOf = (frame) => frame.getByRole('button', { name: 'How this was computed' });
const rowsOf = (table) => table.locator('tbody tr').evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));

test('an answer from the page’s data shows its rows, its SQL and a safe CSV, and has no number unproved', async () => {
  const { page, frame } = await converse(using([[query(BY_CITY)]], 'Zurich sold **21** lamps for 1,680.50, Geneva 7.'));
  await proofOf(frame).click();
  await frame.getByText('Lamps and revenue of each city').first().waitFor();
  assert.deepEqual(await rowsOf(frame.getByRole('table', { name: BY_CITY.purpose })), [['Zurich', '21', '1,680.5'], ['Geneva', '7', '581.0'], ['=SUM(A1:A9)', '4', '–']]);
  assert.equal(await frame.locator('.proof-sql code').textContent(), BY_CITY.sql);
  assert.equal(await frame.locator('.not-computed').count(), 0);
  const [download] = await Promise.all([page.waitForEvent('download'), frame.getByRole('button', { name: 'Download CSV' }).click()]);
  assert.equal(readFileSync(await download.path(), 'utf8').replace(/[\ufeff"\r]/g, '').trim(), "city,lamps,revenue\nZurich,21,1680.5\nGeneva,7,581\n'=SUM(A1:A9),4,");
  assert.deepEqual(await axeProblems(page), []);
});

test('charts of all kinds come from the model’s call, and are saved', async () => {
  const { page, frame } = await converse(using([Object.keys(KINDS).map(draw)], 'Here they are.'));
  await proofOf(frame).click();
  assert.deepEqual(await frame.locator('.is-failed').allTextContents(), []);
  assert.equal(await frame.locator('.chart').count(), 6);
  for (const kind of Object.keys(KINDS)) {
    const figure = frame.getByRole('figure', { name: `The ${kind}` });
    await figure.scrollIntoViewIfNeeded();
    assert.match(await figure.getByRole('img').getAttribute('aria-label'), new RegExp(`^The ${kind}\\. (\\w+ chart|Histogram)\\. Values: \\d+`));
    await figure.getByRole('listbox').focus();
    await page.keyboard.press('End');
    assert.ok((await figure.getByRole('option').textContent()).length > 3, kind);
  }
  const figure = frame.getByRole('figure', { name: 'The bar' });
  for (const [format, start] of [['PNG', '\x89PNG'], ['SVG', '<svg'], ['CSV', 'city']]) {
    const [download] = await Promise.all([page.waitForEvent('download'), figure.getByRole('button', { name: `Save as ${format}` }).click()]);
    assert.ok(readFileSync(await download.path()).toString('latin1').replace(/^(\u00ef\u00bb\u00bf)?"?/, '').startsWith(start), format);
    assert.equal(download.suggestedFilename(), `The-bar.${format.toLowerCase()}`);
  }
  assert.deepEqual(await axeProblems(page), []);
});

test('a number that no step found is marked, live and after a reload, with all that was computed', async () => {
  const { page, frame } = await converse(using([[query({ sql: 'SELECT nothing FROM sales', purpose: 'What is not there' })], [query(BY_CITY), draw('pie')]], 'It was 21, or perhaps 98,765.'));
  const look = async (inFrame) => {
    await inFrame.locator('.chart-walk').waitFor();
    await proofOf(inFrame).click();
    assert.deepEqual(await inFrame.locator('.not-computed').evaluateAll((marks) => marks.map((mark) => mark.firstChild.data)), ['98,765']);
    await inFrame.getByText('Numbers underlined with dots were not computed from your data.').waitFor();
    assert.equal(await inFrame.locator('.proof-step').count(), 3);
    assert.equal(await inFrame.locator('.proof-step.is-failed').count(), 1);
    return inFrame.locator('.proof').evaluate((proof) => proof.textContent);
  };
  const live = await look(frame);
  await page.reload();
  const again = panelOf(page);
  if (!(await again.field.isVisible().catch(() => false))) await openPanel(page);
  assert.equal(await look(again.frame), live);
});

test('no number is lost where the text came in pieces', async () => {
  const { frame } = await converse(() => ({ text: 'About 98 765 432 of them. '.repeat(60), pieceChars: 3, delayMs: 8 }));
  await frame.locator('.not-computed').last().waitFor();
  assert.equal(await frame.locator('.not-computed').count(), 60);
});

test('a reply that is taken up again in the middle shows each step once', async () => {
  const cable = await startCable(own.server.port);
  own.upstream.calls.length = 0;
  try {
    const script = using([[query(BY_CITY)], [draw('bar')]], 'Done: 21.');
    own.upstream.script = (body) => ({ ...script(body), ...(body.messages.some(({ role }) => role === 'tool') ? { firstDelayMs: 1500 } : {}) });
    const page = await own.visitButton({ tag: `<script src="${cable.origin}/widget.js" defer></script>`, head });
    const panel = await openPanel(page);
    await ask(panel, 'How many lamps?');
    await until(() => own.upstream.calls.at(-1)?.messages.some(({ role }) => role === 'tool'), 'the first step is done');
    cable.cut();
    await panel.frame.locator('.notice:not([hidden])').waitFor();
    cable.mend();
    await proofOf(panel.frame).waitFor({ timeout: 20_000 });
    await proofOf(panel.frame).click();
    assert.equal(await panel.frame.locator('.proof-step').count(), 2);
    assert.equal(await panel.frame.locator('.chart').count(), 1);
    const said = await panel.frame.locator('[aria-live=polite] p').allTextContents();
    assert.ok(said.filter((line) => line.startsWith('Looking at')).length <= 1, said.join(' / '));
    own.visitor.errors.length = 0;
  } finally {
    await cable.close();
  }
});

test('what the model says of the data is text, from its call to the files', async () => {
  const hostile = '<img src=x onerror="window.ran=1">\u202e';
  const { frame } = await converse(using([[{ name: 'show_chart', arguments: { ...draw('pie').arguments, title: hostile, purpose: hostile, xLabel: hostile, sql: `${BY_CITY.sql} -- ${hostile}` } }]], 'There.'));
  await frame.locator('.chart-walk').waitFor();
  await proofOf(frame).click();
  const found = await frame.locator('.proof').evaluate((proof) => [window.ran, proof.querySelectorAll('img, script').length, proof.textContent.includes('<img'), proof.textContent.includes('\u202e')]);
  assert.deepEqual(found, [undefined, 0, true, false]);
});
