// Hosts with a strict Content-Security-Policy, our two directives added: does the browser complain, does it look the same?
import { ask, newVisitor, openPanel } from '../../../tests/widget/support/browser.mjs';
import { differingPixels } from './pixels.mjs';
import { figure } from './report.mjs';

const NAMES = { own: "script-src 'self'; style-src 'self'", nothing: "default-src 'none'" };
const STILL_MS = 400;

export async function policies({ browser, host, upstream }) {
  // In one piece: where a text is parted, the browser may set its letters a hair apart.
  upstream.script = { text: 'A **desk lamp** costs 40 francs:\n\n```js\nconst price = 40;\n```', pieceChars: 1000 };
  const figures = [];
  for (const [policy, name] of Object.entries(NAMES)) {
    const { violations, pixels } = await compare(browser, host, policy);
    figures.push(figure(`Violations under ${name}`, { measured: violations.length, limit: 0, isExact: true, detail: violations.slice(0, 3).join('; ') }));
    figures.push(figure(`Looks the same under ${name}`, { measured: pixels === 0 ? 'yes' : 'no', limit: 'yes', isExact: true, detail: `${pixels} pixels differ with button, panel and a conversation` }));
  }
  return figures;
}

async function compare(browser, host, policy) {
  // A page of one file: the policy would take away the page's own stylesheet, and with it what is behind the widget.
  const strict = await visit(browser, host.page({ tag: 'end', bare: '', policy }));
  const free = await visit(browser, host.page({ tag: 'end', bare: '' }));
  let pixels = 0;
  for (const at in strict.pictures) pixels += await differingPixels(browser, strict.pictures[at], free.pictures[at]);
  return { violations: strict.violations, pixels };
}

async function visit(browser, url) {
  const visitor = await newVisitor(browser, { reducedMotion: 'reduce' });
  const { context, page, violations } = visitor;
  await context.addInitScript(watchViolations);
  const pictures = [];
  const picture = async () => pictures.push(await stillPicture(page));
  await page.goto(url);
  await picture();
  const panel = await openPanel(page);
  // It blinks.
  await panel.field.evaluate((field) => field.style.setProperty('caret-color', 'transparent'));
  await picture();
  await ask(panel, 'What does a lamp cost?');
  await panel.frame.locator('.reply pre').waitFor();
  await panel.frame.locator('.reply', { hasText: 'price = 40' }).waitFor();
  await picture();
  for (const frame of page.frames()) violations.push(...(await frame.evaluate(() => window.__violations ?? [])));
  await context.close();
  return { pictures, violations: [...new Set(violations)] };
}

/** The first that is like the one before. Without times of day, which go on. */
async function stillPicture(page, before, rest = 10) {
  await page.waitForTimeout(STILL_MS);
  const picture = await page.screenshot({ mask: [page.frameLocator('alcove-widget iframe').locator('time')] });
  return before?.equals(picture) || rest === 0 ? picture : stillPicture(page, picture, rest - 1);
}

/** What the browser says to the page itself, besides its console. */
function watchViolations() {
  window.__violations = [];
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => window.__violations.push(`${violatedDirective} ${blockedURI}`), true);
}
