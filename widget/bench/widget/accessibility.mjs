// Rules of axe-core that are broken, all of its default ones, `region` among them; in the page and in the panel's frame.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ask, newVisitor, openPanel } from '../../../tests/widget/support/browser.mjs';
import { figure } from './report.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const REPLY = '### Prices\n\n| lamp | francs |\n|---|---|\n| desk | 40 |\n\n```js\nlet price;\n```\n\n- [more](https://lamps.example)\n\n> quoted';

export async function accessibility({ browser, host, server, upstream, isQuick }) {
  upstream.script = { text: REPLY, delayMs: 1 };
  const found = { control: new Set(), button: new Set(), panel: new Set() };
  for (const colorScheme of isQuick ? ['light'] : ['light', 'dark']) {
    await inPage(browser, host, colorScheme, found);
    await alone(browser, server, colorScheme, found);
  }
  const rules = (place) => [...found[place]].filter((rule) => !found.control.has(rule));
  return ['button', 'panel'].map((place) =>
    figure(`axe-core rules broken, ${place}`, { measured: rules(place).length, limit: 0, control: found.control.size, isExact: true, detail: rules(place).join('; ') }),
  );
}

/** The shop's page without the widget, with its button, with its panel, with a conversation. */
async function inPage(browser, host, colorScheme, found) {
  const { context, page } = await newVisitor(browser, { colorScheme, bypassCSP: true });
  await page.goto(host.page());
  await check(page, found.control);
  await page.goto(host.page({ tag: 'end' }));
  await page.locator('alcove-widget button').waitFor();
  await check(page, found.button);
  const panel = await openPanel(page);
  await check(page, found.panel);
  await converse(panel.frame, panel);
  await check(page, found.panel);
  await context.close();
}

/** The panel as a page of its own, as in a plain iframe or a web view. */
async function alone(browser, server, colorScheme, found) {
  const { context, page } = await newVisitor(browser, { colorScheme, bypassCSP: true });
  await page.goto(`${server.origin}/embed`);
  const field = page.getByRole('textbox');
  await field.waitFor();
  await check(page, found.panel);
  await converse(page, { field });
  await check(page, found.panel);
  await context.close();
}

async function converse(frame, panel) {
  await ask(panel, 'Prices?');
  await frame.locator('.reply blockquote').waitFor();
  await frame.locator('.reply', { hasText: 'quoted' }).waitFor();
}

/** Axe in the page speaks with axe in the frames. */
async function check(page, into) {
  await page.waitForTimeout(400);
  for (const frame of page.frames()) await frame.evaluate(`${AXE}; axe.configure({ allowedOrigins: ['<unsafe_all_origins>'] }); 0`);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  for (const { id, nodes } of violations) into.add(`${id} (${nodes[0].target.flat().join(' ')})`);
}
