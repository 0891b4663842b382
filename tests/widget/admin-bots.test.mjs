// Bots on the admin pages: what is changed there is what visitors see next.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adminWorld } from './support/admin.mjs';
import { ask, launcher, openPanel, until } from './support/browser.mjs';

const own = adminWorld();
const save = async (page, words = 'Saved.') => {
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('status').getByText(words).waitFor();
};
const previewOf = (page) => page.frameLocator('iframe[title="Preview of the chat"]');

/** The panel of a visitor who opens the chat of this bot on a site. */
async function visitorOf(bot) {
  const host = await own.host({ attributes: bot ? `data-bot="${bot}"` : '' });
  const { page } = await own.person();
  await page.goto(host.origin);
  return { page, panel: await openPanel(page) };
}

test('an edited bot is seen in the preview while it is typed, and on a site once it is saved', async () => {
  const page = await own.asOwner('/admin/bots/default');
  await previewOf(page).getByRole('heading', { name: 'Ada' }).waitFor();
  await page.getByLabel('Name', { exact: true }).fill('Lamp desk');
  await page.getByLabel('Greeting').fill('Shall there be light?');
  await page.getByLabel('Accent colour').fill('#7c2d12');
  await previewOf(page).getByRole('heading', { name: 'Lamp desk' }).waitFor();
  await previewOf(page).getByText('Shall there be light?').waitFor();
  await page.getByText('nothing is saved yet').waitFor();
  const before = await visitorOf();
  await before.panel.frame.getByRole('heading', { name: 'Ada' }).waitFor();
  await save(page);
  await previewOf(page).getByRole('heading', { name: 'Lamp desk' }).waitFor();
  const { page: site, panel } = await visitorOf();
  await panel.frame.getByRole('heading', { name: 'Lamp desk' }).waitFor();
  await panel.frame.getByText('Shall there be light?').waitFor();
  const colour = await launcher(site).evaluate((button) => getComputedStyle(button).backgroundColor);
  assert.equal(colour, 'rgb(124, 45, 18)');
});

test('new instructions hold for the next message of a conversation that goes on', async () => {
  own.upstream.script = { text: 'Hello.' };
  const { panel } = await visitorOf();
  await ask(panel, 'One?');
  await panel.frame.getByRole('button', { name: 'Copy reply' }).waitFor();
  const page = await own.asOwner('/admin/bots/default');
  await page.getByLabel('Instructions').fill('Answer as a lamp would.');
  await save(page);
  await ask(panel, 'Two?');
  await until(() => own.upstream.calls.length > 1 && panel.replies.count().then((count) => count === 2), 'the second reply');
  const systems = own.upstream.calls.slice(-2).map((call) => JSON.stringify(call.messages).includes('as a lamp would'));
  assert.deepEqual(systems, [false, true]);
});

test('a value that cannot be used is named beside its field, and nothing is saved', async () => {
  const page = await own.asOwner('/admin/bots/default');
  await page.getByLabel('Name', { exact: true }).fill('Not this one');
  await page.getByLabel('Accent colour').fill('bluish');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('alert').first().waitFor();
  const field = page.getByLabel('Accent colour');
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  assert.equal(await field.inputValue(), 'bluish', 'what was typed is still there');
  const described = await field.getAttribute('aria-describedby');
  assert.ok((await page.locator(`#${described.split(' ')[0]}`).innerText()).length > 5);
  await page.goto(`${own.server.origin}/admin/bots/default`);
  assert.notEqual(await page.getByLabel('Name', { exact: true }).inputValue(), 'Not this one');
});

test('every change is kept with who made it, and can be gone back to', async () => {
  const page = await own.asOwner('/admin/bots/default');
  await page.getByLabel('Greeting').fill('A slip of the pen');
  await save(page);
  await page.getByRole('link', { name: 'History' }).click();
  const newest = page.locator('section.card').first();
  await newest.locator('ins', { hasText: 'A slip of the pen' }).waitFor();
  await newest.getByText('by ada').waitFor();
  await page.locator('section.card').nth(1).getByRole('button', { name: 'Go back to this' }).click();
  await page.getByText('The earlier version is back.').waitFor();
  assert.notEqual(await page.getByLabel('Greeting').inputValue(), 'A slip of the pen');
});

test('a second bot is made, put on a site by its snippet, and switched off', async () => {
  const page = await own.asOwner('/admin/bots');
  await page.getByRole('link', { name: 'New bot' }).click();
  await page.getByLabel('Name in addresses').fill('shop');
  await page.getByLabel('Name', { exact: true }).fill('Shop desk');
  await save(page, 'Created.');
  const snippet = await page.locator('.copy-text').first().innerText();
  assert.match(snippet, /^<script src="http:\/\/127\.0\.0\.1:\d+\/widget\.js[^>]*shop[^>]*><\/script>$/);
  const host = await own.host({ tag: snippet });
  const visitor = await own.person();
  await visitor.page.goto(host.origin);
  const panel = await openPanel(visitor.page);
  await panel.frame.getByRole('heading', { name: 'Shop desk' }).waitFor();
  const pinned = await page.locator('.copy-text').nth(1).innerText();
  assert.match(pinned, /integrity="sha(256|384|512)-/);
  const sealed = await own.host({ tag: pinned });
  await visitor.page.goto(sealed.origin);
  await launcher(visitor.page).waitFor();
  await page.getByLabel('Active').uncheck();
  await save(page);
  const closed = await own.person();
  await closed.page.goto(`${own.server.origin}/embed?bot=shop`);
  await closed.page.getByText('This chat is closed').waitFor();
});

test('the preview works for a bot that only other sites may embed', async () => {
  const page = await own.asOwner('/admin/bots/default');
  await page.getByLabel('Sites that may embed it').fill('https://shop.example');
  await save(page);
  await previewOf(page).getByRole('textbox').waitFor();
  await page.getByLabel('Sites that may embed it').fill('');
  await save(page);
});
