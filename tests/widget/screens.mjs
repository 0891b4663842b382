// Takes pictures of the widget's states into the folder given as argument.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ask, launcher, newVisitor, openPanel, startBrowser } from './support/browser.mjs';
import { startHost } from './support/host.mjs';
import { startServer } from './support/server.mjs';
import { startUpstream } from './support/upstream.mjs';

const folder = process.argv[2];
if (!folder) throw new Error('give the folder for the pictures');
mkdirSync(folder, { recursive: true });

const REPLY = `We open **Monday to Saturday**; the [opening hours](https://example.com/hours) differ a little:

| Day | Opens | Closes |
|---|--:|--:|
| Monday to Friday | 9:00 | 18:30 |
| Saturday | 10:00 | 16:00 |

To order:

1. Pick a lamp
2. Pay by card or *invoice*

\`\`\`js
const lamp = await pick('desk lamp');
\`\`\`

Orders before noon ship the same day.`;
const ARABIC = 'نفتح من **الاثنين إلى السبت** من التاسعة صباحًا.\n\n- مصباح مكتب: 40 فرنك\n- مصباح أرضي: 90 فرنك\n\nهل تريد أن تعرف المزيد؟';
const PAGE = `<style>body{margin:0;font:17px/1.6 Georgia,serif;color:#2b2b2b;background:#f4f1ea}main{max-width:720px;margin:0 auto;padding:64px 24px}h1{font-size:44px;line-height:1.1}</style>`;

const desktop = { viewport: { width: 1280, height: 800 } };
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const SETS = [
  ['desktop', desktop, '', 'When are you open?', REPLY],
  ['desktop-dark', { ...desktop, colorScheme: 'dark' }, '', 'When are you open?', REPLY],
  ['desktop-rtl', desktop, 'data-locale="ar" data-position="left"', 'متى تفتحون؟', ARABIC],
  ['phone', phone, '', 'When are you open?', REPLY],
  ['phone-dark', { ...phone, colorScheme: 'dark' }, '', 'When are you open?', REPLY],
];

const browser = await startBrowser();
const upstream = await startUpstream();
const server = await startServer({
  ...upstream.env,
  BOT_POWERED_BY: 'Alcove',
  BOT_WELCOME: 'Hi! I know this shop. What can I help you with?',
  BOT_SUGGESTIONS: 'Where is my order?|When are you open?|How do I return something?',
});

for (const [name, options, attributes, question, reply] of SETS) {
  const host = await startHost(server.origin, { attributes, head: PAGE });
  const { context, page } = await newVisitor(browser, options);
  const shoot = async (state) => {
    await page.waitForTimeout(350);
    await page.screenshot({ path: join(folder, `${name}-${state}.png`) });
  };
  await page.goto(host.origin);
  await launcher(page).waitFor();
  await shoot('closed');
  const panel = await openPanel(page);
  await shoot('open');
  upstream.script = { text: reply, holdAfterChars: 60 };
  await ask(panel, question);
  await panel.lastReply.locator('p').first().waitFor();
  await shoot('streaming');
  upstream.release();
  await panel.frame.getByRole('button', { name: 'Copy reply' }).waitFor();
  await shoot('conversation');
  upstream.script = { failStatus: 400 };
  await ask(panel, question);
  await panel.retry.waitFor();
  await shoot('error');
  await context.close();
  await host.close();
}
await browser.close();
await server.close();
await upstream.close();
