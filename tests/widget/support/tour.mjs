// A walk through the panel's states, for tests that look at each of them.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ask, launcher, panelOf } from './browser.mjs';

export { wordsOf } from './words.mjs';

const AXE = readFileSync(createRequire(new URL('../../../widget/package.json', import.meta.url)).resolve('axe-core/axe.min.js'), 'utf8');

export const LEAD_FORM = JSON.stringify({
  when: 'before',
  required: false,
  consent: 'I agree to the [privacy notice](https://example.com/privacy).',
  fields: [{ key: 'name', type: 'text' }, { key: 'email', type: 'email', required: true }, { key: 'wish', label: '?', type: 'textarea' }],
});
export const TALK = `## 1\n\n**2** [3](https://example.com/a)\n\n| 4 | 5 |\n|---|---|\n| 6 | 7 |\n\n\`\`\`js\nlet a = 1;\n\`\`\`\n\n- [x] 8\n\n> 9\n\n%%followups\n10?\n11?`;

/** By the question, so that several visitors can be on their way at a time. */
const answer = ({ messages }) => (messages.at(-1).content.includes('2?') ? { failStatus: 400 } : { text: TALK, pieceChars: 50, delayMs: 1 });

/** Opens the chat of a server with `LEAD_FORM`, says something, and calls `look` with the name of each state on the way. */
export async function tour({ page, upstream, words, look }) {
  const panel = panelOf(page);
  const button = (name) => panel.frame.getByRole('button', { name, exact: true });
  const menuItem = async (name) => {
    await button(words.menu).click();
    await panel.frame.getByRole('menuitem', { name }).click();
  };
  if ((await launcher(page).getAttribute('aria-expanded')) === 'false') await launcher(page).click();
  await button(words.leadSubmit).click();
  await panel.frame.getByText(words.leadEmailWrong).or(panel.frame.getByText(words.leadMissing)).first().waitFor();
  await look('lead form');
  await button(words.leadSkip).click();
  await look('open');
  upstream.script = answer;
  await ask(panel, '1?');
  await button(words.copyReply).waitFor();
  await panel.frame.getByRole('list', { name: words.followUps }).waitFor();
  await look('conversation');
  await button(words.bad).click();
  await button(words.sendFeedback).waitFor();
  await look('comment');
  await button(words.cancel).click();
  await button(words.menu).click();
  await panel.frame.getByRole('menu').waitFor();
  await look('menu');
  await panel.frame.getByRole('menuitem', { name: words.conversations }).click();
  await button(words.back).waitFor();
  await look('conversations');
  await button(words.back).click();
  await menuItem(words.erase);
  await button(words.eraseConfirm).waitFor();
  await look('erase');
  await button(words.cancel).click();
  await ask(panel, '2?');
  await button(words.retry).waitFor();
  await look('error');
}

/** What axe has against the page and the frame in it. */
export async function axeProblems(page) {
  for (const frame of page.frames()) {
    await frame.evaluate(`${AXE}; axe.configure({ allowedOrigins: ['<unsafe_all_origins>'] })`);
  }
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}
