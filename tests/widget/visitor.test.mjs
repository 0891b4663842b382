// What a visitor can do with a conversation besides asking: change, repeat, rate, queue, find again, take along, erase.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, test } from 'node:test';
import { ask, launcher, newVisitor, openPanel, panelOf, startBrowser, until } from './support/browser.mjs';
import { startHost } from './support/host.mjs';
import { startServer } from './support/server.mjs';
import { startUpstream } from './support/upstream.mjs';

const COUNT = Array.from({ length: 60 }, (_, number) => `word${number}`).join(' ');
let browser, upstream, server, host, visitor;

before(async () => {
  browser = await startBrowser();
  upstream = await startUpstream();
  server = await startServer({ ...upstream.env, BOT_FOLLOW_UPS: '2', BOT_SUGGESTIONS: 'What do you sell?|Where are you?' });
  host = await startHost(server.origin);
});
after(async () => {
  await browser?.close();
  await host?.close();
  await server?.close();
  await upstream?.close();
});
afterEach(async () => {
  upstream.release();
  await visitor?.context.close();
  assert.deepEqual(visitor?.problems, [], 'no script error on the page');
});

async function visit(script = { text: 'Fine.' }, options = {}) {
  upstream.script = script;
  visitor = await newVisitor(browser, options);
  await visitor.page.goto(host.origin);
  return openPanel(visitor.page);
}

/** Asks and waits for the whole reply. */
async function exchange(panel, question, reply) {
  upstream.script = { text: reply };
  await ask(panel, question);
  await panel.frame.locator('.turn').last().getByText(reply, { exact: true }).waitFor();
  await panel.frame.locator('.turn').last().getByRole('button', { name: 'Copy reply' }).waitFor();
}

const replied = (panel, text) => until(async () => (await panel.lastReply.innerText().catch(() => '')) === text, `the reply "${text}"`);
const lastTurn = (panel) => panel.frame.locator('.turn').last();
const menuItem = async (panel, name) => {
  await panel.frame.getByRole('button', { name: 'More options' }).click();
  await panel.frame.getByRole('menuitem', { name }).click();
};
const questionsOf = (panel) => panel.frame.locator('.list:not(.waiting) .bubble-text').allInnerTexts();

test('the last message can be said in other words; the new exchange takes its place, also after a reload', async () => {
  const panel = await visit();
  await exchange(panel, 'Wat is it?', 'Unclear.');
  await lastTurn(panel).getByRole('button', { name: 'Edit message' }).click();
  assert.equal(await panel.field.inputValue(), 'Wat is it?');
  await panel.frame.getByText('Editing your last message').waitFor();
  upstream.script = { text: 'A lamp.' };
  await panel.field.fill('What is it?');
  await panel.field.press('Enter');
  await replied(panel, 'A lamp.');
  assert.deepEqual(await questionsOf(panel), ['What is it?']);
  assert.doesNotMatch(JSON.stringify(upstream.calls.at(-1).messages), /Wat is it|Unclear/, 'the model does not hear the old words');
  await visitor.page.reload();
  await replied(panel, 'A lamp.');
  assert.deepEqual(await questionsOf(panel), ['What is it?']);
});

test('editing can be given up, by Escape too, without closing the chat or losing a draft', async () => {
  const panel = await visit();
  await exchange(panel, 'One', 'Uno.');
  await panel.field.fill('half a thought');
  await lastTurn(panel).getByRole('button', { name: 'Edit message' }).click();
  assert.equal(await panel.field.inputValue(), 'One');
  await panel.field.press('Escape');
  assert.equal(await panel.field.inputValue(), 'half a thought');
  assert.equal(await launcher(visitor.page).getAttribute('aria-expanded'), 'true');
  assert.deepEqual(await questionsOf(panel), ['One']);
});

test('a reply can be written again', async () => {
  const panel = await visit();
  await exchange(panel, 'Toss a coin', 'Heads.');
  upstream.script = { text: 'Tails.' };
  await lastTurn(panel).getByRole('button', { name: 'Write the reply again' }).click();
  await replied(panel, 'Tails.');
  assert.deepEqual([await questionsOf(panel), await panel.replies.allInnerTexts()], [['Toss a coin'], ['Tails.']]);
});

test('only the last exchange offers to be changed or repeated', async () => {
  const panel = await visit();
  await exchange(panel, 'One', 'Uno.');
  await exchange(panel, 'Two', 'Due.');
  for (const name of ['Edit message', 'Write the reply again']) assert.equal(await panel.frame.getByRole('button', { name }).count(), 1, name);
});

test('what is said while a reply runs is sent after it, in order', async () => {
  const panel = await visit({ text: COUNT, holdAfterChars: 60 });
  await ask(panel, 'Count');
  await until(async () => (await panel.lastReply.innerText()).includes('word5'), 'the first words');
  await ask(panel, 'And then?');
  await ask(panel, 'And after that?');
  assert.equal(await panel.frame.locator('.waiting .bubble-text').count(), 2);
  await panel.frame.getByText('Will be sent after this reply').waitFor();
  upstream.script = { text: 'More.' };
  upstream.release();
  await until(async () => (await panel.frame.locator('.turn').count()) === 3, 'both were sent');
  await until(async () => (await panel.replies.last().innerText()) === 'More.', 'the last reply');
  assert.deepEqual(await questionsOf(panel), ['Count', 'And then?', 'And after that?']);
  assert.match((await panel.replies.first().innerText()), /word59$/, 'the running reply was not disturbed');
});

test('stopping gives waiting messages back to the composer', async () => {
  const panel = await visit({ text: COUNT, holdAfterChars: 60 });
  await ask(panel, 'Count');
  await until(async () => (await panel.lastReply.innerText()).includes('word5'), 'the first words');
  await ask(panel, 'And then?');
  await panel.stop.click();
  await panel.notes.getByText('Stopped.').waitFor();
  assert.equal(await panel.field.inputValue(), 'And then?');
  assert.equal(await panel.frame.locator('.waiting .bubble-text').count(), 0);
});

test('thumbs are kept, with a comment, and can be taken back', async () => {
  const panel = await visit();
  await exchange(panel, 'Price?', 'Forty.');
  const good = lastTurn(panel).getByRole('button', { name: 'Good reply' });
  const bad = lastTurn(panel).getByRole('button', { name: 'Bad reply' });
  await bad.click();
  await lastTurn(panel).getByRole('textbox').fill('Which currency?');
  await lastTurn(panel).getByRole('button', { name: 'Send feedback' }).click();
  await until(async () => (await lastTurn(panel).getByRole('textbox').count()) === 0, 'the form is gone');
  assert.deepEqual([await good.getAttribute('aria-pressed'), await bad.getAttribute('aria-pressed')], ['false', 'true']);
  await visitor.page.reload();
  await until(async () => (await bad.getAttribute('aria-pressed')) === 'true', 'kept over a reload');
  await bad.click();
  await until(async () => (await bad.getAttribute('aria-pressed')) === 'false', 'taken back');
});

test('questions to go on with are offered under the last reply only', async () => {
  const panel = await visit();
  upstream.script = { text: 'We sell lamps.\n\n%%followups\nWhat do they cost?\nAre they bright?' };
  await ask(panel, 'What do you sell?');
  const chips = panel.frame.getByRole('list', { name: 'Questions to go on with' }).getByRole('button');
  await chips.first().waitFor();
  assert.deepEqual(await chips.allInnerTexts(), ['What do they cost?', 'Are they bright?']);
  assert.equal(await panel.lastReply.innerText(), 'We sell lamps.');
  upstream.script = { text: 'Forty.' };
  await chips.first().click();
  await replied(panel, 'Forty.');
  assert.deepEqual(await questionsOf(panel), ['What do you sell?', 'What do they cost?']);
  assert.equal(await chips.first().isVisible(), false);
});

test('an earlier conversation is found again, and a new one does not lose it', async () => {
  const panel = await visit();
  await exchange(panel, 'First topic', 'One.');
  await panel.frame.getByRole('button', { name: 'New conversation' }).click();
  await exchange(panel, 'Second topic', 'Two.');
  await menuItem(panel, 'Earlier conversations');
  const entries = panel.frame.getByRole('button', { name: /topic/ });
  assert.deepEqual((await entries.allInnerTexts()).map((text) => text.split('\n')[0]), ['Second topic', 'First topic']);
  await entries.last().click();
  await replied(panel, 'One.');
  assert.deepEqual(await questionsOf(panel), ['First topic']);
  await exchange(panel, 'More of the first', 'Eins.');
  assert.deepEqual(await questionsOf(panel), ['First topic', 'More of the first']);
});

test('a conversation can be taken along as a file', async () => {
  const panel = await visit();
  await exchange(panel, 'Price?', 'Forty.');
  const waiting = visitor.page.waitForEvent('download');
  await menuItem(panel, 'Download conversation');
  const download = await waiting;
  assert.equal(download.suggestedFilename(), 'conversation.txt');
  assert.match(readFileSync(await download.path(), 'utf8'), /Price\?[^]*Forty\./);
});

test('erasing asks first, and then the server has it no more', async () => {
  const panel = await visit();
  await exchange(panel, 'My secret', 'Safe.');
  const stored = () => panel.frame.locator('body').evaluate(() => { try { return localStorage.length; } catch { return -1; } });
  const erased = visitor.page.waitForResponse((response) => response.request().method() === 'DELETE');
  await menuItem(panel, 'Erase conversation');
  await panel.frame.getByRole('button', { name: 'Cancel' }).click();
  assert.deepEqual(await questionsOf(panel), ['My secret']);
  await menuItem(panel, 'Erase conversation');
  await panel.frame.getByRole('button', { name: 'Erase', exact: true }).click();
  const { status, url } = await erased.then(async (response) => ({ status: response.status(), url: response.url() }));
  assert.equal(status, 200);
  await until(async () => (await panel.bubbles.count()) === 0, 'empty');
  assert.equal((await fetch(url)).status, 404);
  await visitor.page.reload();
  await panel.frame.getByText('What do you sell?').waitFor();
  assert.deepEqual([await panel.bubbles.count(), (await stored()) > 1], [0, false]);
});

test('a draft survives a change of the page', async () => {
  const panel = await visit();
  await panel.field.fill('half a thought');
  await visitor.page.waitForTimeout(600);
  await visitor.page.reload();
  await until(async () => (await panelOf(visitor.page).field.inputValue()) === 'half a thought', 'the draft');
});

test('long messages are folded, and unfold', async () => {
  const panel = await visit();
  await exchange(panel, 'lamp '.repeat(300).trim(), 'Long.');
  const bubble = panel.frame.locator('.bubble').last();
  const height = async () => (await bubble.boundingBox()).height;
  const folded = await height();
  assert.ok(folded < 260, `${folded} px`);
  await panel.frame.getByRole('button', { name: 'Show more' }).click();
  assert.ok((await height()) > folded * 1.5);
  await panel.frame.getByRole('button', { name: 'Show less' }).click();
  assert.equal(await height(), folded);
});

test('two tabs of a visitor show the same conversation live', async () => {
  const panel = await visit();
  await exchange(panel, 'Hello', 'Hi.');
  const second = await visitor.context.newPage();
  await second.goto(host.origin);
  const other = panelOf(second);
  if ((await launcher(second).getAttribute('aria-expanded')) === 'false') await launcher(second).click();
  await replied(other, 'Hi.');
  upstream.script = { text: COUNT, holdAfterChars: 60 };
  await ask(panel, 'Count');
  await until(async () => (await other.lastReply.innerText()).includes('word5'), 'the first words in the other tab');
  assert.deepEqual(await questionsOf(other), ['Hello', 'Count']);
  upstream.release();
  await until(async () => (await other.lastReply.innerText()) === COUNT, 'the rest, live');
  upstream.script = { text: 'From the second.' };
  await ask(other, 'Heard?');
  await until(async () => (await panel.lastReply.innerText()) === 'From the second.', 'and back');
  await panel.frame.getByRole('button', { name: 'New conversation' }).click();
  await until(async () => (await other.bubbles.count()) === 0, 'a new conversation in both');
});

test('a message sent without a network is sent by itself when there is one again', async () => {
  const panel = await visit();
  await exchange(panel, 'Hello', 'Hi.');
  upstream.script = { text: 'Back.' };
  await visitor.context.setOffline(true);
  await panel.frame.locator('.notice', { hasText: 'You are offline.' }).waitFor();
  await ask(panel, 'Anyone?');
  await visitor.page.waitForTimeout(1500);
  await visitor.context.setOffline(false);
  await until(async () => (await panel.lastReply.innerText()) === 'Back.', 'sent after all', 20_000);
  assert.deepEqual(await questionsOf(panel), ['Hello', 'Anyone?']);
  assert.equal(await panel.frame.locator('.notice').isVisible(), false);
});

test('the reader who scrolled up stays there and is offered the way down', async () => {
  const panel = await visit();
  await exchange(panel, 'Long', Array.from({ length: 60 }, (_, line) => `Line ${line}.`).join('\n\n')).catch(() => undefined);
  await lastTurn(panel).getByRole('button', { name: 'Copy reply' }).waitFor();
  const log = panel.frame.getByRole('log');
  await log.evaluate((element) => element.scrollTo(0, 40));
  upstream.script = { text: COUNT, delayMs: 20 };
  await panel.frame.locator('textarea').evaluate((field) => field.focus({ preventScroll: true }));
  await ask(panel, 'More');
  await log.evaluate((element) => element.scrollTo(0, 40));
  const jump = panel.frame.getByRole('button', { name: 'New messages' });
  await jump.waitFor();
  await until(async () => (await panel.lastReply.innerText()).includes('word59'), 'the reply');
  assert.ok((await log.evaluate((element) => element.scrollTop)) < 100, 'not pulled down');
  await jump.click();
  await until(async () => log.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight < 4), 'at the end');
  assert.equal(await jump.isVisible(), false);
});

test('a question of several lines after a table does not leave the end of the conversation', async () => {
  const panel = await visit();
  const rows = ['South', 'West', 'North', 'East'].map((name) => `| ${name} | 97,047.95 EUR |\n`).join('');
  upstream.script = { text: `The sum for each region:\n\n| Region | Sum |\n| --- | ---: |\n${rows}\nThat is what the rows say, each of them counted once and none of them twice, as far as they go.` };
  await ask(panel, 'What is the total by region?');
  await lastTurn(panel).getByRole('button', { name: 'Copy reply' }).waitFor();
  const log = panel.frame.getByRole('log');
  await until(async () => log.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight < 4), 'at the end');
  upstream.script = { text: COUNT, delayMs: 10 };
  await ask(panel, 'What are the different regions that there are in it, and what is the sum for each of them?');
  await until(async () => (await panel.lastReply.innerText()).includes('word30'), 'the reply');
  assert.ok(await log.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight < 48), 'at the end');
  assert.equal(await panel.frame.getByRole('button', { name: 'New messages' }).isVisible(), false);
});

test('days are told apart and times are given', async () => {
  upstream.script = { text: 'Fine.' };
  visitor = await newVisitor(browser);
  await visitor.page.clock.install({ time: new Date(Date.now() - 2 * 86_400_000) });
  await visitor.page.goto(host.origin);
  const panel = await openPanel(visitor.page);
  await exchange(panel, 'Then', 'Old.');
  await visitor.page.clock.setSystemTime(new Date());
  await exchange(panel, 'Now', 'New.');
  assert.equal(await panel.frame.locator('.divider').last().innerText(), 'Today');
  assert.match(await lastTurn(panel).locator('time').first().innerText(), /\d:\d\d/);
});

test('the count shows near the limit, and too long is not sent', async () => {
  const panel = await visit();
  await panel.field.fill('x'.repeat(7500));
  await panel.frame.getByText('Characters left: 500').waitFor();
  await panel.field.fill('x'.repeat(8002));
  await panel.frame.getByText('Characters too many: 2').waitFor();
  await panel.field.press('Enter');
  assert.equal(await panel.bubbles.count(), 0);
});
