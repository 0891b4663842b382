// The lead form in the real panel: when it comes, what it keeps, and that nobody is asked twice.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, afterEach, before, test } from 'node:test';
import { ask, launcher, newVisitor, panelOf, startBrowser, until } from './support/browser.mjs';
import { startHost } from './support/host.mjs';
import { BINARY, startServer } from './support/server.mjs';
import { startUpstream } from './support/upstream.mjs';
import { listenEarly } from './support/visit.mjs';

const CONSENT = 'I agree to the [privacy notice](https://example.com/privacy).';
const FIELDS = [{ key: 'name', type: 'text' }, { key: 'email', type: 'email', required: true }, { key: 'size', label: 'Shop size', type: 'text' }];
let browser, upstream, server, host, visitor;

before(async () => {
  browser = await startBrowser();
  upstream = await startUpstream();
});
after(async () => {
  await browser?.close();
  await upstream?.close();
});
afterEach(async () => {
  await Promise.all([visitor?.context.close(), host?.close(), server?.close()]);
  assert.deepEqual(visitor?.problems, []);
});

/** Opens the chat of a bot with this form. */
/** `prepare` sees the page before it is loaded: what is to answer in the server's place has to be there before the frame is. */
async function visit(form, prepare = () => undefined) {
  upstream.script = { text: 'Fine.' };
  server = await startServer({ ...upstream.env, BOT_LEAD_FORM: typeof form === 'string' ? form : JSON.stringify({ fields: FIELDS, ...form }) });
  host = await startHost(server.origin);
  visitor = await newVisitor(browser);
  await visitor.page.addInitScript(listenEarly);
  await prepare(visitor.page);
  await visitor.page.goto(host.origin);
  await launcher(visitor.page).click();
  return partsOf(visitor.page);
}

function partsOf(page) {
  const panel = panelOf(page);
  const form = panel.frame.locator('form.extra-card');
  const button = (name) => form.getByRole('button', { name, exact: true });
  const composer = panel.frame.getByRole('textbox', { name: 'Your message' });
  return { ...panel, panel: { ...panel, field: composer }, form, composer, submit: button('Continue'), skip: button('Skip'), email: form.getByLabel('E-mail'), name: form.getByLabel('Name') };
}

const reloaded = async () => {
  await visitor.page.reload();
  const parts = partsOf(visitor.page);
  await parts.composer.waitFor();
  await visitor.page.waitForTimeout(400);
  return parts;
};
const replied = (parts, count) => until(async () => (await parts.frame.getByRole('button', { name: 'Copy reply' }).count()) === count, `${count} replies`);
const leads = () => visitor.page.evaluate(() => window.heard.filter(([name]) => name === 'lead').map(([, detail]) => detail));
const stored = () => spawnSync(BINARY, ['leads'], { cwd: server.folder, env: server.environment, encoding: 'utf8' }).stdout;

test('a form before the first message keeps what is in it while the chat is closed, and can be skipped for good', async () => {
  let parts = await visit({ when: 'before', required: false });
  await parts.submit.waitFor();
  assert.ok(await parts.composer.isVisible(), 'one may also just write');
  await parts.name.fill('Mia');
  await launcher(visitor.page).click();
  await launcher(visitor.page).click();
  await visitor.page.waitForTimeout(200);
  assert.equal(await parts.name.inputValue(), 'Mia');
  await parts.skip.click();
  await parts.form.waitFor({ state: 'detached' });
  await until(() => parts.composer.evaluate((field) => field === document.activeElement), 'the focus goes on to the composer');
  parts = await reloaded();
  assert.equal(await parts.form.count(), 0);
  await ask(parts.panel, 'Open?');
  await replied(parts, 1);
  assert.equal(await parts.form.count(), 0);
  assert.deepEqual(await leads(), []);
});

test('a required form comes first; what it is given is checked, kept, told to the page by name, and not asked for again', async () => {
  let parts = await visit({ when: 'before', required: true, consent: CONSENT, title: 'Who are you?' });
  await parts.frame.getByRole('heading', { name: 'Who are you?' }).waitFor();
  assert.deepEqual([await parts.composer.isVisible(), await parts.skip.count()], [false, 0]);
  const link = parts.form.getByRole('link', { name: 'privacy notice' });
  assert.deepEqual([await link.getAttribute('href'), await link.getAttribute('target'), await link.getAttribute('rel')], ['https://example.com/privacy', '_blank', 'noopener noreferrer']);
  await parts.name.fill('Mia');
  await parts.email.fill('mia@');
  await parts.submit.click();
  await parts.form.getByText('Please enter an e-mail address, such as name@example.com.').waitFor();
  await parts.form.getByText('Please agree first.').waitFor();
  assert.equal(await parts.email.getAttribute('aria-invalid'), 'true');
  await until(() => parts.email.evaluate((field) => field === document.activeElement), 'the focus is on what is wrong');
  await parts.email.fill('mia@example.com');
  await parts.form.getByRole('checkbox').check();
  await parts.form.getByLabel('Shop size').fill('Two rooms');
  await parts.submit.click();
  await parts.frame.getByText('Thank you. We have your details.').waitFor();
  await parts.composer.waitFor();
  assert.deepEqual(await leads(), [{ fields: ['name', 'email', 'size'] }]);
  const report = stored();
  for (const said of ['Mia', 'mia@example.com', 'Two rooms', 'privacy notice']) assert.match(report, new RegExp(said));
  parts = await reloaded();
  assert.equal(await parts.form.count(), 0);
  await ask(parts.panel, 'Open?');
  await replied(parts, 1);
  assert.equal(await parts.form.count(), 0);
});

test('a required form that was left is there again', async () => {
  await (await visit('name, email!')).submit.waitFor();
  await visitor.page.reload();
  const parts = partsOf(visitor.page);
  await parts.submit.waitFor();
  assert.equal(await parts.composer.isVisible(), false);
});

test('a form after the first reply leaves what one writes in it alone', async () => {
  const parts = await visit({ when: 'after', required: false });
  await parts.composer.waitFor();
  assert.equal(await parts.form.count(), 0);
  await ask(parts.panel, 'Open?');
  await parts.submit.waitFor();
  await parts.name.fill('Mia');
  await ask(parts.panel, 'And on Sunday?');
  await replied(parts, 2);
  await visitor.page.waitForTimeout(200);
  assert.equal(await parts.name.inputValue(), 'Mia');
  await parts.email.fill('mia@example.com');
  await parts.submit.click();
  await parts.frame.getByText('Thank you. We have your details.').waitFor();
  await ask(parts.panel, 'And today?');
  await replied(parts, 3);
  assert.equal(await parts.form.count(), 0);
  assert.match(stored(), /mia@example\.com/);
});

test('the bot asks for it when it wants it, and its mark is not shown', async () => {
  const parts = await visit({ when: 'demand', required: false });
  await parts.composer.waitFor();
  await ask(parts.panel, 'Open?');
  await replied(parts, 1);
  assert.equal(await parts.form.count(), 0);
  upstream.script = { text: 'Gladly. How can we reach you?\n\n%%contact' };
  await ask(parts.panel, 'Call me');
  await parts.submit.waitFor();
  assert.equal(await parts.replies.last().innerText(), 'Gladly. How can we reach you?');
  await parts.email.fill('mia@example.com');
  await parts.submit.click();
  await parts.frame.getByText('Thank you. We have your details.').waitFor();
  assert.deepEqual(await leads(), [{ fields: ['email'] }]);
  await ask(parts.panel, 'Once more');
  await replied(parts, 3);
  assert.equal(await parts.form.count(), 0);
});

test('what the server refuses is said under its field', async () => {
  const answer = { error: 'Some details are not valid.', code: 'invalid_details', requestId: 'x', fields: { email: ['No such mailbox.'] } };
  const refuse = (page) => page.route('**/details', (route) => route.fulfill({ status: 400, contentType: 'application/json', body: JSON.stringify(answer) }));
  const parts = await visit({ when: 'before', required: false }, refuse);
  await parts.email.fill('mia@example.com');
  await parts.submit.click();
  await parts.form.getByText('No such mailbox.').waitFor();
  assert.equal(await parts.email.getAttribute('aria-invalid'), 'true');
  assert.deepEqual(await leads(), []);
});
