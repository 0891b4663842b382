// A visitor who is told hostile things: asks, hears, reads it again, with and without the page's policy.
import { newVisitor, openPanel, panelOf, until } from '../support/browser.mjs';
import { watch } from './watch.mjs';

/** Opens the panel on the host's page, with watchers in both frames. */
export async function visit(browser, origin, { isStrict = false, ...options } = {}) {
  const visitor = await newVisitor(browser, options);
  const { context, page } = visitor;
  visitor.dialogs = [];
  page.on('dialog', (dialog) => (visitor.dialogs.push(dialog.message()), dialog.dismiss()));
  context.on('page', (other) => visitor.dialogs.push(`another page: ${other.url()}`));
  await context.addInitScript(watch, { isStrict });
  await page.goto(origin);
  visitor.panel = await openPanel(page);
  visitor.bare = await page.content();
  return visitor;
}

export function frameOf({ page }, origin) {
  return page.frames().find((frame) => frame.url().startsWith(origin));
}

/** Asks one question after the other, each as soon as the reply before has ended; says how each one ended. */
export function askAll({ page }, questions) {
  return page.evaluate(async (texts) => {
    let heard;
    const listen = (name) => window.Alcove('on', name, () => heard?.(name));
    ['reply', 'error'].forEach(listen);
    const outcomes = [];
    for (const text of texts) {
      outcomes.push(await new Promise((resolve) => {
        heard = resolve;
        setTimeout(resolve, 20_000, 'nothing');
        window.Alcove('send', text);
      }));
    }
    heard = undefined;
    return outcomes;
  }, questions);
}

/** Runs `change` with the storage of each frame; the browser denies it to frames of other sites, and then the host
 *  page keeps what is to be kept. */
async function inEachStorage({ page }, change, argument) {
  const answers = await Promise.all(page.frames().map((frame) => frame.evaluate(change, argument).catch(() => [])));
  return answers.flat();
}

/** Makes this visitor read the conversation of another, from what that one's browser keeps; without another, none. */
export async function takeOver(visitor, other, count) {
  const kept = other ? await inEachStorage(other, () => Object.entries(localStorage).map(([key, value]) => [location.origin, key, value])) : [];
  await inEachStorage(visitor, (entries) => {
    localStorage.clear();
    for (const [origin, key, value] of entries) if (origin === location.origin) localStorage.setItem(key, value);
  }, kept);
  await reload(visitor, count);
}

/** Reads the conversation again from what the server remembers. */
export async function reload(visitor, count) {
  await visitor.page.reload();
  await panelOf(visitor.page).field.waitFor();
  await until(async () => (await visitor.panel.replies.count()) >= count, `${count} replies from history`);
}

/** Waits until the panel has nothing left to paint: long replies take several frames. */
export async function settled(visitor, origin) {
  const size = () => frameOf(visitor, origin).evaluate(() => document.querySelector('.panel').textContent.length);
  let before = -1;
  await until(async () => {
    const after = await size();
    const isSame = after === before;
    before = after;
    return isSame;
  }, 'nothing left to paint', 20_000);
}

/** What both frames found wrong since they were loaded, each as `[which reply, what]`. */
export async function look(visitor, origin) {
  const { page } = visitor;
  const inPanel = await frameOf(visitor, origin).evaluate(() => window.hostile.look());
  const inPage = await page.evaluate(() => window.hostile.look());
  const changed = (await page.content()) === visitor.bare ? [] : [['', 'the host page has changed']];
  const dialogs = visitor.dialogs.splice(0);
  return [...inPanel, ...inPage.map(([, what]) => ['', `in the host page: ${what}`]), ...changed, ...dialogs.map((text) => ['', `a dialog: ${text}`])];
}

/** The replies as they stand in the page. */
export function replies(visitor, origin) {
  return frameOf(visitor, origin).evaluate(() => [...document.querySelectorAll('.reply')].map((reply) => reply.innerHTML));
}
