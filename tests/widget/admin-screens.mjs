// Takes pictures of the admin pages into the folder given as argument: each on a desktop and a phone, in light and dark; two
// of them also from right to left; and a page that shows them beside each other.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fillAccount, firstOwner, OWNER, setupLink, talk } from './support/admin.mjs';
import { startBrowser, until } from './support/browser.mjs';
import { startServer } from './support/server.mjs';
import { startUpstream } from './support/upstream.mjs';

const folder = process.argv[2];
if (!folder) throw new Error('give the folder for the pictures');

const PAST = fileURLToPath(new URL('support/past.py', import.meta.url));
const DEVICES = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
};
const SETS = Object.keys(DEVICES).flatMap((device) => ['light', 'dark'].map((theme) => ({ device, theme, set: `${device}-${theme}` })));
const MIRRORED = ['overview', 'conversation'];
const SETTLE_MS = 250;
const MODEL = 'gpt-5-mini';
/** Questions with answers, and what became of them. */
const TALKS = [
  [['Do you deliver to Ticino?'], 'Yes, within **three days**, for 9 francs.', { details: { name: 'Lin', email: 'lin@example.com' } }],
  [['Can I return a lamp?', 'Also without its box?'], 'Within 30 days, as long as it is unused:\n\n1. Pack it well.\n2. Print the label.\n3. Bring it to any post office.', { rating: { rating: 'up' } }],
  [['When do you open on Whit Monday?'], 'I do not know our hours on holidays. Please ask the shop.', { rating: { rating: 'down', comment: 'I need to know before I drive there.' } }],
  [['Which bulb fits the desk lamp Orion?'], 'An **E14** bulb of at most 25 W.\n\n| bulb | light | price |\n|---|---|---|\n| LED 4 W | 470 lm | 6.90 |\n| LED 7 W | 806 lm | 9.50 |', { rating: { rating: 'up' }, config: { pageContext: { url: 'https://lamps.example/orion', title: 'Orion desk lamp' } } }],
  [['Is there a discount for schools?'], 'I cannot say. Shall somebody call you?', { details: { name: 'Grace Chen', email: 'grace@example.org', phone: '+41 44 000 00 00' }, rating: { rating: 'down' } }],
  [['Habt ihr auch Stehlampen?'], 'Ja, zwölf Modelle ab 120 Franken.', {}],
  [['What is the most sold lamp?'], 'The Orion, for the third year.', { user_identifier: 'customer-4711' }],
];

async function furnish(own) {
  const { origin } = own.server;
  for (const [questions, text, fields] of TALKS) {
    own.upstream.script = { text, firstDelayMs: 420, delayMs: 60, pieceChars: 20, usage: { prompt_tokens: 1850, completion_tokens: 40 + text.length } };
    await talk(origin, questions, fields);
  }
  const { page, context } = await own.open({});
  const post = async (path, fill, button) => {
    await page.goto(origin + path);
    await fill();
    await page.getByRole('button', { name: button, exact: true }).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
  };
  await post('/admin/bots/default', async () => {
    await page.getByLabel('Greeting').fill('Good day! What would you like to see in a better light?');
    await page.getByLabel('Accent colour').fill('#0b7285');
  }, 'Save');
  await post('/admin/bots/default', () => page.getByLabel('Greeting').fill('Good day! What may we put in a better light?'), 'Save');
  await post('/admin/bots/new', async () => {
    await page.getByLabel('Name in addresses').fill('trade');
    await page.getByLabel('Name', { exact: true }).fill('Trade desk');
  }, 'Save');
  await post('/admin/tokens', () => page.getByLabel('Name').fill('Till in the shop'), 'Make a token');
  await page.goto(`${origin}/admin/accounts`);
  await page.getByLabel('Role').selectOption('editor');
  await page.getByRole('button', { name: 'Make a link' }).click();
  const link = new URL(await page.locator('.copy-text').innerText());
  const guest = await own.browser.newPage();
  await guest.goto(origin + link.pathname + link.search);
  await fillAccount(guest, { ...OWNER, username: 'grace', email: 'grace@example.com' });
  await guest.close();
  await context.close();
  execFileSync('python3', [PAST, join(own.server.folder, 'alcove.db')]);
}

/** The pages by the names of their pictures. */
async function views(own) {
  const { page, context } = await own.open({});
  await page.goto(`${own.server.origin}/admin/conversations?q=bulb`);
  const conversation = await page.locator('.entry-link').first().getAttribute('href');
  await context.close();
  return {
    overview: '/admin/', charts: '/admin/?days=30', conversations: '/admin/conversations', conversation, review: '/admin/review', leads: '/admin/leads',
    bots: '/admin/bots', bot: '/admin/bots/default', 'bot-history': '/admin/bots/default/revisions', accounts: '/admin/accounts',
    account: '/admin/accounts/2', tokens: '/admin/tokens', settings: '/admin/settings', health: '/admin/health', audit: '/admin/audit',
    nothing: '/admin/nowhere',
  };
}

async function shoot(page, file) {
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(SETTLE_MS);
  await page.screenshot({ path: file });
}

function indexPage(names) {
  const cell = (name, set) => `[![${name}, ${set}](${set}/${name}.png)](${set}/${name}.png)`;
  const rows = names.map((name) => `| ${name} | ${SETS.map(({ set }) => cell(name, set)).join(' | ')} |`);
  const mirrored = MIRRORED.map((name) => `[![${name}, right to left](desktop-light-rtl/${name}.png)](desktop-light-rtl/${name}.png)`);
  return `# Gallery of the admin pages\n\nAs Chromium shows them. \`scripts/gallery\` takes these pictures; after a change of looks, take them anew and look at each.\n\n| page | ${SETS.map(({ set }) => set).join(' | ')} |\n|---|${SETS.map(() => '---|').join('')}\n${rows.join('\n')}\n\nFrom right to left:\n\n${mirrored.join('\n')}\n`;
}

const own = { browser: await startBrowser(), upstream: await startUpstream(), server: null, owner: null };
own.upstream.model = MODEL;
own.server = await startServer({
  ...own.upstream.env, OPENAI_MODEL: MODEL, AI_PRICES: `${MODEL}=0.25/2`, PUBLIC_URL: 'https://chat.lamps.example', DATABASE_URL: 'sqlite://alcove.db',
  ALLOWED_ORIGINS: 'https://lamps.example',
});
own.open = async (options) => {
  const context = await own.browser.newContext({ storageState: own.owner, ...options });
  return { context, page: await context.newPage() };
};
// The printed link has the public address.
own.setup = new URL(await setupLink(own.server));
const guestViews = { setup: own.setup.pathname + own.setup.search, login: '/admin/login' };
for (const { device, theme, set } of SETS) {
  mkdirSync(join(folder, set), { recursive: true });
  const { page, context } = await own.open({ ...DEVICES[device], colorScheme: theme });
  for (const [name, path] of Object.entries(guestViews)) {
    await page.goto(own.server.origin + path);
    await shoot(page, join(folder, set, `${name}.png`));
  }
  await context.close();
}
own.owner = await firstOwner(own, own.server.origin + guestViews.setup);
await furnish(own);
const all = await views(own);
for (const { device, theme, set } of SETS) {
  const { page, context } = await own.open({ ...DEVICES[device], colorScheme: theme });
  for (const [name, path] of Object.entries(all)) {
    await page.goto(own.server.origin + path);
    if (name === 'bot') await page.frameLocator('iframe').getByRole('heading', { level: 1 }).waitFor();
    if (name === 'charts') await page.getByRole('heading', { name: 'Day by day' }).evaluate((heading) => heading.scrollIntoView());
    await shoot(page, join(folder, set, `${name}.png`));
  }
  if (device === 'phone') {
    await page.goto(`${own.server.origin}/admin/`);
    await page.locator('.phone-menu summary').click();
    await shoot(page, join(folder, set, 'menu.png'));
  }
  await context.close();
}
mkdirSync(join(folder, 'desktop-light-rtl'), { recursive: true });
const { page } = await own.open(DEVICES.desktop);
for (const name of MIRRORED) {
  await page.goto(own.server.origin + all[name]);
  await page.evaluate(() => (document.documentElement.dir = 'rtl'));
  await until(() => page.evaluate(() => document.documentElement.dir === 'rtl'), 'right to left');
  await shoot(page, join(folder, 'desktop-light-rtl', `${name}.png`));
}
writeFileSync(join(folder, 'README.md'), indexPage([...Object.keys(guestViews), ...Object.keys(all)]));
await own.browser.close();
await own.server.close();
await own.upstream.close();
