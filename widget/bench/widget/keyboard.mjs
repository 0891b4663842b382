// Everything by keyboard: Tab to the button, Enter, Escape, and the focus is where it was.
import { newVisitor, panelOf, until } from '../../../tests/widget/support/browser.mjs';
import { figure } from './report.mjs';

const MOST_TABS = 12;

export async function keyboard({ browser, host }) {
  const { context, page } = await newVisitor(browser);
  await page.goto(host.page({ tag: 'end' }));
  await page.locator('alcove-widget button').waitFor();
  const hasFocus = () => page.evaluate(() => document.activeElement?.localName === 'alcove-widget' && document.activeElement.shadowRoot.activeElement?.localName === 'button');
  const isExpanded = () => page.locator('alcove-widget button').first().getAttribute('aria-expanded');
  const panel = panelOf(page);
  const reached = await works(async () => {
    for (let tab = 0; tab < MOST_TABS && !(await hasFocus()); tab += 1) await page.keyboard.press('Tab');
    return hasFocus();
  });
  const opens = await works(async () => {
    await page.keyboard.press('Enter');
    await panel.field.waitFor();
    await until(() => panel.field.evaluate((field) => field === document.activeElement), 'the focus in the text field', 5000);
    return (await isExpanded()) === 'true';
  });
  const closes = await works(async () => {
    await page.keyboard.press('Escape');
    await page.locator('alcove-widget iframe').waitFor({ state: 'hidden', timeout: 5000 });
    return (await isExpanded()) === 'false';
  });
  const back = await works(async () => until(hasFocus, 'the focus on the button', 5000));
  await context.close();
  const answers = { 'Tab reaches the button': reached, 'Enter opens, the text field has the focus': opens, 'Escape closes': closes, 'The focus goes back to the button': back };
  return Object.entries(answers).map(([name, measured]) => figure(`Keyboard: ${name}`, { measured, limit: 'yes', isExact: true }));
}

/** What does not happen is a figure, not the end of the run. */
const works = async (act) => ((await act().catch(() => false)) ? 'yes' : 'no');
