// Takes pictures of the widget's states into the folder given as argument: each state on desktop and phone, light and
// dark, left to right and right to left; and a page that shows them beside each other.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, launcher, newVisitor, panelOf, startBrowser } from './support/browser.mjs';
import { startHost } from './support/host.mjs';
import { startServer } from './support/server.mjs';
import { startUpstream } from './support/upstream.mjs';
import { answerWith, closeDesk } from './support/computed.mjs';
import { sampleCharts, sampleProof } from './support/sample-charts.mjs';
import { ARABIC, ENGLISH } from './support/sample-talk.mjs';
import { SALES } from './support/tables.mjs';

const folder = process.argv[2];
if (!folder) throw new Error('give the folder for the pictures');

const DEVICES = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
};
const THEMES = ['light', 'dark'];
const TALKS = { ltr: ENGLISH, rtl: ARABIC };
const STATES = ['closed', 'open', 'lead-form', 'files', 'file-card', 'streaming', 'conversation', 'follow-ups', 'queued', 'editing', 'comment', 'menu', 'conversations', 'erase', 'proof', ...['bar', 'line', 'area', 'pie', 'scatter', 'histogram'].map((kind) => `chart-${kind}`), 'error', 'offline', 'expanded'];
const SETTLE_MS = 350;
const LEAD_FORM = JSON.stringify({ when: 'before', required: false, fields: [{ key: 'name', type: 'text' }, { key: 'email', type: 'email', required: true }] });

/** The steps from a closed button through a whole visit; `shoot` takes the picture of a state. */
async function visit(page, talk, upstream, shoot) {
  const panel = panelOf(page);
  const button = (name) => panel.frame.getByRole('button', { name, exact: true });
  const lastTurn = panel.frame.locator('.turn').last();
  await launcher(page).waitFor();
  await shoot('closed');
  await launcher(page).click();
  await panel.frame.locator('form input').first().waitFor();
  await shoot('lead-form');
  await button(talk.words.leadSkip).click();
  await panel.field.waitFor();
  await shoot('open');
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button(talk.words.attach).click()]);
  await chooser.setFiles([SALES]);
  await panel.frame.locator('.file-facts bdi').waitFor();
  await shoot('files');
  await panel.frame.locator('.file-open').click();
  await button(talk.words.back).waitFor();
  await shoot('file-card');
  await button(talk.words.back).click();
  await panel.frame.locator('.file-chip .icon-button').click();
  await panel.frame.locator('.file-chip').waitFor({ state: 'detached' });
  upstream.script = { text: talk.reply, holdAfterChars: 90 };
  await ask(panel, talk.question);
  await panel.lastReply.locator('p').first().waitFor();
  await shoot('streaming');
  await ask(panel, talk.next);
  await panel.frame.locator('.waiting .bubble').waitFor();
  await shoot('queued');
  upstream.script = { text: `${talk.nextReply}\n\n%%followups\n${talk.followUps.join('\n')}` };
  upstream.release();
  await panel.frame.locator('.turn').nth(1).getByRole('button', { name: talk.words.copyReply }).waitFor();
  await panel.frame.locator('.status .suggestions').last().waitFor();
  await shoot('follow-ups');
  await panel.frame.getByRole('log').evaluate((log) => log.scrollTo(0, 90));
  await shoot('conversation');
  await button(talk.words.bad).last().click();
  await lastTurn.getByRole('textbox').waitFor();
  await shoot('comment');
  await button(talk.words.cancel).last().click();
  await button(talk.words.edit).last().click();
  await shoot('editing');
  await button(talk.words.cancel).last().click();
  await button(talk.words.menu).click();
  await shoot('menu');
  await panel.frame.getByRole('menuitem', { name: talk.words.conversations }).click();
  await button(talk.words.back).waitFor();
  await shoot('conversations');
  await button(talk.words.back).click();
  await button(talk.words.menu).click();
  await panel.frame.getByRole('menuitem', { name: talk.words.erase }).click();
  await button(talk.words.eraseConfirm).waitFor();
  await shoot('erase');
  await button(talk.words.cancel).last().click();
  await computed(page, talk, shoot);
  upstream.script = { failStatus: 400 };
  await ask(panel, talk.question);
  await panel.frame.locator('.note.is-problem').waitFor();
  await shoot('error');
  await page.context().setOffline(true);
  await panel.frame.locator('.notice:not([hidden])').waitFor();
  await shoot('offline');
  await page.context().setOffline(false);
  const expand = panel.frame.getByRole('menuitem', { name: talk.words.expand });
  await button(talk.words.menu).click();
  if (await expand.count()) {
    await expand.click();
    await shoot('expanded');
  }
}

/** The states of answers that were computed from data, which are told in the server's place. */
async function computed(page, talk, shoot) {
  const panel = panelOf(page);
  const { question, answer, unproved } = talk.computed;
  const last = panel.frame.locator('.turn').last();
  await answerWith(page, { steps: [sampleProof(talk)], text: answer, unverified: unproved });
  await ask(panel, question);
  await last.getByRole('button', { name: talk.words.proof }).click();
  await panel.frame.locator('.proof-steps').waitFor();
  await last.locator('.bot').evaluate((bot) => bot.scrollIntoView());
  await shoot('proof');
  for (const [kind, step] of sampleCharts(talk)) {
    await answerWith(page, { steps: [step], text: talk.computed.titles[kind] });
    await ask(panel, question);
    await last.locator('.chart-walk').waitFor();
    await shoot(`chart-${kind}`);
  }
  await closeDesk(page);
}

/** Desktop pictures show the corner with the widget, phones all there is. */
async function shooter(page, device, file) {
  return async (state) => {
    await page.mouse.move(5, 5);
    await page.waitForTimeout(SETTLE_MS);
    const isWide = state === 'expanded' || state === 'closed';
    const isLeft = await page.evaluate(() => document.documentElement.dir === 'rtl');
    const clip = { x: isLeft ? 0 : 820, y: 40, width: 460, height: 760 };
    await page.screenshot({ path: file(state), ...(device === 'desktop' && !isWide ? { clip } : {}) });
  };
}

function indexPage() {
  const sets = Object.keys(DEVICES).flatMap((device) => THEMES.flatMap((theme) => Object.keys(TALKS).map((direction) => `${device}-${theme}-${direction}`)));
  const rows = STATES.map((state) => {
    const cells = sets.map((set) => (state === 'expanded' && set.startsWith('phone') ? '–' : `[![${state}, ${set}](${set}/${state}.png)](${set}/${state}.png)`));
    return `| ${state} | ${cells.join(' | ')} |`;
  });
  return `# Gallery\n\nThe widget's states as Chromium shows them. \`scripts/gallery\` takes these pictures; after a change of looks, take them anew and look\nat each. The [admin pages](admin/README.md) have a page of their own.\n\n| state | ${sets.join(' | ')} |\n|---|${sets.map(() => '---|').join('')}\n${rows.join('\n')}\n`;
}

const browser = await startBrowser();
const upstream = await startUpstream();
for (const [direction, talk] of Object.entries(TALKS)) {
  const server = await startServer({ ...upstream.env, BOT_NAME: talk.bot, BOT_POWERED_BY: 'Alcove', BOT_WELCOME: talk.welcome, BOT_SUGGESTIONS: talk.suggestions.join('|'), BOT_FOLLOW_UPS: '2', BOT_LEAD_FORM: LEAD_FORM });
  const host = await startHost(server.origin, { attributes: talk.attributes, head: talk.head });
  for (const [device, options] of Object.entries(DEVICES)) for (const theme of THEMES) {
    const set = join(folder, `${device}-${theme}-${direction}`);
    mkdirSync(set, { recursive: true });
    const { context, page } = await newVisitor(browser, { ...options, colorScheme: theme });
    await page.goto(host.origin);
    await page.evaluate((dir) => (document.documentElement.dir = dir), direction);
    await visit(page, talk, upstream, await shooter(page, device, (state) => join(set, `${state}.png`)));
    await context.close();
  }
  await host.close();
  await server.close();
}
writeFileSync(join(folder, 'README.md'), indexPage());
await browser.close();
await upstream.close();
