// The admin pages in a browser: the first run, signing in, reading along, finding, taking along, deleting, settling.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { adminWorld, fillAccount, OWNER, setupLink, signIn, talk } from './support/admin.mjs';
import { ask, openPanel, until } from './support/browser.mjs';

const own = adminWorld();
const heading = (page, name) => page.getByRole('heading', { level: 1, name });

test('the link that is printed at the start makes the first owner, once', async () => {
  const link = await setupLink(own.server);
  const { page, context } = await own.person();
  await page.goto(link);
  await heading(page, 'Welcome to Alcove').waitFor();
  await fillAccount(page, OWNER, 'another password');
  await page.getByText('The two passwords differ.').waitFor();
  await fillAccount(page, { ...OWNER, password: 'password1' });
  await page.locator('#e-password').waitFor();
  assert.equal(await page.getByLabel('Username').inputValue(), OWNER.username, 'what was typed is still there');
  assert.equal(await page.getByLabel('Password', { exact: true }).inputValue(), '', 'but no password');
  await fillAccount(page, OWNER);
  await heading(page, 'Overview').waitFor();
  const cookie = (await context.cookies()).find(({ name }) => name === '__Host-alcove');
  assert.deepEqual({ ...cookie, value: '', expires: 0 }, { name: '__Host-alcove', value: '', domain: '127.0.0.1', path: '/', expires: 0, httpOnly: true, secure: true, sameSite: 'Lax' });
  own.owner = await context.storageState();
  const again = await own.person();
  const refused = await again.page.goto(link);
  assert.equal(refused.status(), 400);
  await again.page.getByText('This link is used up or over').waitFor();
});

test('a page that needs a sign-in leads to it and back, and a wrong password says nothing more than that', async () => {
  await own.asOwner('/admin/');
  const { page } = await own.person();
  await page.goto(`${own.server.origin}/admin/conversations?q=lamp`);
  await heading(page, 'Sign in').waitFor();
  for (const wrong of [{ ...OWNER, password: 'wrong password' }, { username: 'nobody', password: OWNER.password }]) {
    await page.getByLabel('Username').fill(wrong.username);
    await page.getByLabel('Password').fill(wrong.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('The username or the password is wrong.').waitFor();
  }
  await page.getByLabel('Username').fill(OWNER.username);
  await page.getByLabel('Password').fill(OWNER.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await heading(page, 'Conversations').waitFor();
  assert.equal(new URL(page.url()).search, '?q=lamp');
  await page.getByRole('button', { name: 'Sign out' }).first().click();
  await page.getByText('You are signed out.').waitFor();
  await page.goBack();
  await page.reload();
  await heading(page, 'Sign in').waitFor();
});

test('a conversation is read while a visitor types in another browser', async () => {
  own.upstream.script = { text: 'First answer.' };
  const host = await own.host();
  const visitor = await own.person();
  await visitor.page.goto(host.origin);
  const panel = await openPanel(visitor.page);
  await ask(panel, 'Do you sell lamps?');
  await panel.frame.getByRole('button', { name: 'Copy reply' }).waitFor();
  const page = await own.asOwner('/admin/conversations');
  await page.getByRole('link', { name: 'Do you sell lamps?' }).click();
  await page.getByText('First answer.').waitFor();
  await page.locator('.live-state').filter({ hasText: /live/i }).waitFor();
  own.upstream.script = { text: 'They cost 40 francs each.', holdAfterChars: 10 };
  await ask(panel, 'How much <b>are</b> they?');
  await page.getByText('How much <b>are</b> they?').waitFor();
  await page.getByText('writing', { exact: true }).waitFor();
  await page.locator('.turn.is-running').getByText('They cost').waitFor();
  own.upstream.release();
  await page.getByText('They cost 40 francs each.').waitFor();
  await page.locator('.turn.is-running').waitFor({ state: 'detached' });
  await until(async () => (await page.locator('#live-news').innerText()).includes('has answered'), 'it is told to those who listen');
  assert.equal(await page.locator('.turn').count(), 4);
});

test('what a model wrote is shown as text and safe HTML', async () => {
  own.upstream.script = { text: '**Bold** <img src=x onerror="window.hacked=1"> [x](javascript:window.hacked=1) ![y](https://evil.example/p.png)' };
  const { session } = await talk(own.server.origin, '<script>window.hacked=1</script>');
  const page = await own.asOwner(`/admin/conversations/${session}`);
  await page.locator('.turn strong', { hasText: 'Bold' }).waitFor();
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.equal(await page.locator('.turn img, .turn script, .turn [onerror], .turn a[href^="javascript"]').count(), 0);
  assert.equal(await page.getByText('<script>window.hacked=1</script>').count() > 0, true);
});

test('a search finds a word within a message, and says when it finds nothing', async () => {
  own.upstream.script = { text: 'Our zeppelins are blue.' };
  await talk(own.server.origin, 'What colour?', { details: { name: 'Grace' } });
  const page = await own.asOwner('/admin/conversations');
  const search = async (words) => {
    await page.getByRole('searchbox').fill(words);
    await page.getByRole('button', { name: 'Search' }).click();
  };
  await search('zeppelins');
  await until(async () => (await page.locator('.entry').count()) === 1, 'one conversation');
  await page.getByText('Grace').waitFor();
  await search('quaggas" OR (');
  await page.getByText('Nothing found').waitFor();
});

test('conversations are taken along in three formats, and a formula stays a text', async () => {
  own.upstream.script = { text: 'Yes.' };
  const { session } = await talk(own.server.origin, '=HYPERLINK("https://evil.example")');
  const page = await own.asOwner(`/admin/conversations/${session}`);
  const take = async (name) => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name, exact: true }).click()]);
    return [download.suggestedFilename(), readFileSync(await download.path(), 'utf8')];
  };
  const [csvName, csv] = await take('CSV');
  assert.match(csvName, /\.csv$/);
  assert.ok(csv.includes(`"'=HYPERLINK`), csv);
  const [, json] = await take('JSON');
  assert.ok(JSON.stringify(JSON.parse(json)).includes('HYPERLINK'));
  const [linesName, lines] = await take('JSON lines');
  assert.match(linesName, /\.jsonl$/);
  lines.trim().split('\n').forEach((line) => JSON.parse(line));
});

test('a conversation is deleted after a question, and is gone for its visitor as well', async () => {
  own.upstream.script = { text: 'Bye.' };
  const { session, token } = await talk(own.server.origin, 'Forget me');
  const page = await own.asOwner(`/admin/conversations/${session}`);
  await page.locator('summary', { hasText: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete for good' }).click();
  await page.getByText('Deleted.').waitFor();
  assert.equal(await page.getByRole('link', { name: 'Forget me' }).count(), 0);
  const answer = await fetch(`${own.server.origin}/api/sessions/${session}`, { headers: { 'X-Visitor-Token': token } });
  assert.equal(answer.status, 404);
  assert.equal((await page.goto(`${own.server.origin}/admin/conversations/${session}`)).status(), 404);
});

test('an answer that nobody liked is on the list until it is settled', async () => {
  own.upstream.script = { text: 'I do not know.' };
  const rating = { rating: 'down', comment: 'This did not help' };
  await talk(own.server.origin, 'When do you open on Whit Monday?', { rating });
  const page = await own.asOwner('/admin/review');
  const answer = page.locator('.answer', { hasText: 'Whit Monday' });
  await answer.getByText('This did not help').waitFor();
  await answer.getByRole('button', { name: 'Settle' }).click();
  await page.getByText('Taken off the list.').waitFor();
  await answer.waitFor({ state: 'detached' });
});

test('leads are listed and taken along', async () => {
  own.upstream.script = { text: 'Hello.' };
  await talk(own.server.origin, 'Call me', { details: { name: 'Lin', email: 'lin@example.com', phone: '+41 44 000 00 00' } });
  const page = await own.asOwner('/admin/leads');
  await page.getByText('lin@example.com').first().waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV', exact: true }).click()]);
  assert.ok(readFileSync(await download.path(), 'utf8').includes('lin@example.com'));
});

test('a token is shown once, works, and is dead when it is revoked', async () => {
  const page = await own.asOwner('/admin/tokens');
  await page.getByLabel('Name').fill('till');
  await page.getByRole('button', { name: /Make/ }).click();
  const token = await page.locator('.copy-text').innerText();
  assert.match(token, /^alc_/);
  const status = async () => (await fetch(`${own.server.origin}/api/v1/chat/chats-history/`, { headers: { Authorization: `Token ${token}` } })).status;
  assert.equal(await status(), 200);
  await page.goto(`${own.server.origin}/admin/tokens`);
  assert.ok(!(await page.content()).includes(token));
  await page.locator('tr', { hasText: 'till' }).locator('summary').click();
  await page.locator('tr', { hasText: 'till' }).getByRole('button').last().click();
  await page.getByText('The token is revoked.').waitFor();
  assert.equal(await status(), 401);
});

test('a viewer sees no buttons that change anything, and is refused where the address is known', async () => {
  own.upstream.script = { text: 'Hm.' };
  const { session } = await talk(own.server.origin, 'Am I seen?', { rating: { rating: 'down' } });
  const page = await own.asRole('viewer', `/admin/conversations/${session}`);
  await page.getByText('Editors can delete it.').waitFor();
  const forms = () => page.locator('form[method=post]').evaluateAll((all) => [...new Set(all.map((form) => new URL(form.action).pathname))]);
  assert.deepEqual(await forms(), ['/admin/logout']);
  await page.goto(`${own.server.origin}/admin/review`);
  assert.deepEqual(await forms(), ['/admin/logout']);
  await page.goto(`${own.server.origin}/admin/accounts`);
  assert.deepEqual(await forms(), ['/admin/logout'], 'invites nobody');
  const csrf = await page.locator('input[name=csrf]').first().inputValue();
  const status = await page.evaluate(async ([path, token]) => {
    const response = await fetch(path, { method: 'POST', body: new URLSearchParams({ csrf: token }) });
    return response.status;
  }, [`/admin/conversations/${session}/delete`, csrf]);
  assert.equal(status, 403);
  const editor = await own.asRole('editor', `/admin/conversations/${session}`);
  await editor.locator('summary', { hasText: 'Delete' }).waitFor();
});
