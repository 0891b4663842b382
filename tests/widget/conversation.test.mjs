// The widget on a third-party page against the real server and a scripted model.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { ask, launcher, newVisitor, openPanel, panelOf, startBrowser, until } from './support/browser.mjs';
import { startCable, startHost } from './support/host.mjs';
import { startServer } from './support/server.mjs';
import { startUpstream } from './support/upstream.mjs';

const COUNT = Array.from({ length: 60 }, (_, number) => `word${number}`).join(' ');
let browser, upstream, server, cable, host, visitor;

before(async () => {
  browser = await startBrowser();
  upstream = await startUpstream();
  server = await startServer(upstream.env);
  cable = await startCable(server.port);
  host = await startHost(cable.origin);
});
after(async () => {
  await browser?.close();
  await host?.close();
  await cable?.close();
  await server?.close();
  await upstream?.close();
});
afterEach(async () => {
  upstream.release();
  await visitor?.context.close();
  assert.deepEqual(visitor?.problems, [], 'no script error on the page');
});

async function visit(script) {
  upstream.script = script;
  visitor = await newVisitor(browser);
  await visitor.page.goto(host.origin);
  return openPanel(visitor.page);
}

const textOf = (panel) => panel.lastReply.innerText().catch(() => '');

test('an answer appears in pieces, formatted, and the page is part of the question', async () => {
  const panel = await visit({ text: `**Desk lamps** cost:\n\n| lamp | price |\n|---|---|\n| desk | 40 |\n\n${COUNT}`, delayMs: 20 });
  await ask(panel, 'What does a lamp cost?');
  assert.equal(await panel.bubbles.last().innerText(), 'What does a lamp cost?');
  const lengths = new Set();
  await until(async () => {
    const text = await textOf(panel);
    lengths.add(text.length);
    return text.includes('word59');
  }, 'the whole reply');
  assert.ok(lengths.size > 5, `seen at ${lengths.size} different lengths`);
  assert.equal(await panel.lastReply.locator('strong').innerText(), 'Desk lamps');
  assert.deepEqual(await panel.lastReply.locator('td').allInnerTexts(), ['desk', '40']);
  assert.match(JSON.stringify(upstream.calls.at(-1)), /desk lamp costs 40 francs/);
});

test('Stop keeps what was said and stops the model', async () => {
  const panel = await visit({ text: COUNT, holdAfterChars: 60 });
  const aborted = upstream.aborted;
  await ask(panel, 'Count');
  await until(async () => (await textOf(panel)).includes('word5'), 'the first words');
  await panel.stop.click();
  await panel.notes.getByText('Stopped.').waitFor();
  assert.match(await textOf(panel), /^word0 word1/);
  await until(() => upstream.aborted > aborted, 'the model was stopped');
  await panel.send.waitFor();
});

test('a failed answer says why and Try again takes its place', async () => {
  const panel = await visit({ failStatus: 400 });
  await ask(panel, 'Hello?');
  await panel.frame.locator('.note.is-problem').waitFor();
  upstream.script = { text: 'Now it works.' };
  await panel.retry.click();
  await panel.frame.getByText('Now it works.').first().waitFor();
  assert.equal(await panel.bubbles.count(), 1);
  assert.equal(await panel.replies.count(), 1);
  await visitor.page.reload();
  await panel.frame.locator('.reply', { hasText: 'Now it works.' }).waitFor();
  assert.equal(await panelOf(visitor.page).bubbles.count(), 1, 'the failed pair is gone from the history, too');
});

test('a reload in the middle shows the whole reply, each byte once', async () => {
  const panel = await visit({ text: `Grüße 🧡 ${COUNT}`, delayMs: 30 });
  await ask(panel, 'Count');
  await until(async () => (await textOf(panel)).includes('word5'), 'the first words');
  await visitor.page.reload();
  await until(async () => (await textOf(panel)).includes('word59'), 'the rest after the reload');
  assert.equal(await textOf(panel), `Grüße 🧡 ${COUNT}`);
});

test('a reply that ended while the page was closed is there on return', async () => {
  const panel = await visit({ text: COUNT, delayMs: 5 });
  await ask(panel, 'Count');
  await until(async () => (await textOf(panel)).includes('word1'), 'the first words');
  await visitor.page.goto('about:blank');
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await visitor.page.goto(host.origin);
  await until(async () => (await textOf(panel)) === COUNT, 'the whole reply');
});

test('a lost connection is picked up again by itself, each byte once', async () => {
  const panel = await visit({ text: `Grüße 🧡 ${COUNT}`, delayMs: 40 });
  await ask(panel, 'Count');
  await until(async () => (await textOf(panel)).includes('word5'), 'the first words');
  cable.cut();
  await panel.frame.getByText('Reconnecting').first().waitFor();
  cable.mend();
  await until(async () => (await textOf(panel)).includes('word59'), 'the rest');
  assert.equal(await textOf(panel), `Grüße 🧡 ${COUNT}`);
  await panel.frame.locator('.notice').waitFor({ state: 'hidden' });
});

test('a server killed in the middle: the words stay, and Try again gets the whole reply', async () => {
  const panel = await visit({ text: COUNT, holdAfterChars: 120 });
  await ask(panel, 'Count');
  await until(async () => (await textOf(panel)).includes('word10'), 'the first words');
  await new Promise((resolve) => setTimeout(resolve, 600));
  await server.kill();
  upstream.script = { text: COUNT };
  await server.start(server.port);
  await panel.frame.locator('.note.is-problem').waitFor({ timeout: 20_000 });
  assert.match(await textOf(panel), /^word0 word1/);
  await panel.retry.click();
  await until(async () => (await textOf(panel)) === COUNT, 'the reply written again');
  assert.equal(await panel.bubbles.count(), 1);
});

test('a new conversation is empty and stays so', async () => {
  const panel = await visit({ text: 'One.' });
  await ask(panel, 'First');
  await panel.frame.locator('.reply', { hasText: 'One.' }).waitFor();
  await panel.frame.getByRole('button', { name: 'New conversation' }).click();
  assert.equal(await panel.bubbles.count(), 0);
  await visitor.page.reload();
  await panel.field.waitFor();
  assert.equal(await panel.bubbles.count(), 0);
});

test('a reply that ends while the panel is closed marks the button', async () => {
  const panel = await visit({ text: COUNT, delayMs: 15 });
  await ask(panel, 'Count');
  await until(async () => (await textOf(panel)).includes('word1'), 'the first words');
  await launcher(visitor.page).click();
  await visitor.page.locator('alcove-widget .dot').waitFor({ timeout: 10_000 });
  assert.match(await launcher(visitor.page).getAttribute('aria-label'), /\(1\)$/);
  await launcher(visitor.page).click();
  await visitor.page.locator('alcove-widget .dot').waitFor({ state: 'detached' }).catch(() => undefined);
  assert.equal(await visitor.page.locator('alcove-widget .dot').count(), 0);
});
