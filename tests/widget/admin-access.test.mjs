// The admin pages for everybody: with the keyboard alone, without script, on a phone, in the dark, for screen readers; and
// the wall in front of them: too many wrong passwords.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adminWorld, OWNER, signIn, talk } from './support/admin.mjs';
import { until } from './support/browser.mjs';
import { axeProblems } from './support/tour.mjs';

const own = adminWorld({ RATE_LIMITS: 'on' });
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** A path of every page, with something on it. */
let paths = null;
async function everyPage() {
  if (paths) return paths;
  own.upstream.script = { text: 'It **costs** 40 francs.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nlet a = 1;\n```' };
  const rating = { rating: 'down', comment: 'Hm, no' };
  const { session } = await talk(own.server.origin, ['What does the lamp cost?', 'Sure?'], { details: { name: 'Grace', email: 'grace@example.com' }, rating });
  await own.asOwner('/admin/');
  paths = [
    '/admin/', '/admin/?days=7', '/admin/conversations', '/admin/conversations?q=nothing-like-it', `/admin/conversations/${session}`, '/admin/review', '/admin/leads',
    '/admin/bots', '/admin/bots/new', '/admin/bots/default', '/admin/bots/default/revisions', '/admin/accounts', '/admin/accounts/1', '/admin/tokens',
    '/admin/settings', '/admin/health', '/admin/audit', '/admin/nowhere',
  ];
  return paths;
}

for (const [what, options] of [['on a wide screen', {}], ['on a phone', PHONE]]) {
  test(`axe finds nothing on any page in light and dark, and no page is wider than its window: ${what}`, async () => {
    const all = await everyPage();
    const found = [];
    const look = async (page, path) => {
      await page.goto(own.server.origin + path);
      for (const colorScheme of ['light', 'dark']) {
        // A colour that is on its way is no colour.
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        for (const problem of await axeProblems(page)) found.push(`${path} in ${colorScheme}: ${problem}`);
      }
      // Not `innerWidth`: a phone shows a page that is too wide from further away.
      const over = (await page.evaluate(() => document.documentElement.scrollWidth)) - page.viewportSize().width;
      if (over > 0) found.push(`${path} is ${over} px too wide`);
    };
    const page = await own.asOwner('/admin/', options);
    for (const path of all) await look(page, path);
    const { page: guest } = await own.person(undefined, options);
    for (const path of ['/admin/login', '/admin/setup?key=x']) await look(guest, path);
    assert.deepEqual(found, []);
  });
}

test('every page has one h1, a title of its own, and marks where it is in the menu', async () => {
  const page = await own.asOwner('/admin/');
  const titles = new Map();
  for (const path of await everyPage()) {
    await page.goto(own.server.origin + path);
    assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1, path);
    titles.set(path, await page.title());
    if (path !== '/admin/nowhere') assert.equal(await page.locator('.side-menu [aria-current=page]').count(), 1, path);
  }
  const unlike = new Set(titles.values());
  assert.ok(unlike.size >= 14, [...titles].join('\n'));
});

test('with the keyboard alone: sign in, find a conversation, read it, sign out', async () => {
  await everyPage();
  const { page } = await own.person();
  await page.goto(`${own.server.origin}/admin/login`);
  const focus = () => page.evaluate(() => {
    const element = document.activeElement;
    // Where a link's whole row can be pressed, the row shows the focus.
    const outlined = ['', '::after'].some((part) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(element, part);
      return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1;
    });
    const name = element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent;
    return { name: name.trim().replace(/\s+/g, ' '), shown: outlined || getComputedStyle(element).boxShadow !== 'none' };
  });
  const tabTo = async (wanted) => {
    for (let presses = 0; presses < 80; presses += 1) {
      await page.keyboard.press('Tab');
      const { name, shown } = await focus();
      if (name) assert.ok(shown, `the focus cannot be seen on “${name}”`);
      if (wanted.test(name)) return;
    }
    assert.fail(`Tab never came to ${wanted}`);
  };
  await tabTo(/^Username$/);
  await page.keyboard.type(OWNER.username);
  await tabTo(/^Password$/);
  await page.keyboard.type(OWNER.password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await page.keyboard.press('Tab');
  assert.match((await focus()).name, /Skip to the content/);
  await tabTo(/^Conversations$/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Conversations' }).waitFor();
  await tabTo(/^Search in messages/);
  await page.keyboard.type('lamp');
  await page.keyboard.press('Enter');
  await page.waitForURL(/q=lamp/);
  await tabTo(/lamp cost/);
  await page.keyboard.press('Enter');
  await page.getByText('Take along or delete').waitFor();
  await tabTo(/^Sign out$/);
  await page.keyboard.press('Enter');
  await page.getByText('You are signed out.').waitFor();
});

test('without script: sign in, edit a bot, read a conversation, sign out', async () => {
  await everyPage();
  const { page } = await own.person(undefined, { javaScriptEnabled: false });
  await signIn(page, own.server.origin, OWNER, '/admin/bots/default');
  await page.getByLabel('Greeting').fill('Written without script');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved.', { exact: true }).waitFor();
  assert.equal(await page.getByLabel('Greeting').inputValue(), 'Written without script');
  await page.goto(`${own.server.origin}/admin/conversations`);
  await page.getByRole('link', { name: /lamp cost/ }).first().click();
  await page.locator('.turn strong', { hasText: 'costs' }).first().waitFor();
  await page.locator('.turn').first().locator('time').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).first().click();
  await page.getByText('You are signed out.').waitFor();
});

test('on a phone the menu opens and leads on without script', async () => {
  await everyPage();
  const page = await own.asOwner('/admin/', PHONE);
  await page.locator('.phone-menu summary').click();
  await page.locator('.phone-sheet').getByRole('link', { name: 'Leads' }).click();
  await page.getByRole('heading', { level: 1, name: 'Leads' }).waitFor();
  assert.ok(!(await page.locator('.phone-sheet').isVisible()));
});

test('nobody frames an admin page', async () => {
  await own.asOwner('/admin/');
  const host = await own.host({ body: `<iframe src="${own.server.origin}/admin/login" title="x"></iframe>` });
  const { page } = await own.person(own.owner);
  await page.goto(host.origin);
  await until(() => page.frames().length > 1, 'the frame');
  const frame = page.frames()[1];
  await until(() => frame.url() !== 'about:blank', 'the refusal');
  assert.equal(await frame.locator('form').count(), 0);
  own.people.at(-1).violations.length = 0;
});

test('after a few wrong passwords nobody may try from there, whatever the address they claim', async () => {
  await own.asOwner('/admin/');
  const { page } = await own.person();
  await page.goto(`${own.server.origin}/admin/login`);
  const attempt = async (password) => {
    await page.getByLabel('Username').fill(OWNER.username);
    await page.getByLabel('Password').fill(password);
    const [response] = await Promise.all([page.waitForResponse((answer) => answer.request().method() === 'POST'), page.getByRole('button', { name: 'Sign in' }).click()]);
    return response;
  };
  let last = null;
  for (let tries = 0; tries < 12 && last?.status() !== 429; tries += 1) {
    await page.setExtraHTTPHeaders({ 'X-Forwarded-For': `198.51.100.${tries}` });
    last = await attempt(`wrong ${tries}`);
  }
  assert.equal(last.status(), 429);
  assert.ok(Number(last.headers()['retry-after']) >= 1);
  await page.getByRole('alert').getByText('Too many tries. Please wait').waitFor();
  const right = await attempt(OWNER.password);
  assert.equal(right.status(), 429, 'not even the right one');
  const signedIn = await own.asOwner('/admin/conversations');
  await signedIn.getByRole('heading', { level: 1, name: 'Conversations' }).waitFor();
});
