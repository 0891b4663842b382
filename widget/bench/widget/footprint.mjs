// What the widget leaves on the host's page: names, style rules, changed looks, things that move.
import { newVisitor, openPanel } from '../../../tests/widget/support/browser.mjs';
import { figure } from './report.mjs';

const SIZES = { desktop: { viewport: { width: 1280, height: 800 } }, phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true } };
const SETTLE_MS = 600;

export async function footprint({ browser, host }) {
  const found = [];
  for (const [size, options] of Object.entries(SIZES)) {
    const control = await look(browser, host.page(), options, false);
    const widget = await look(browser, host.page({ tag: 'end' }), options, true);
    found.push(compare(size, control.closed, widget.closed, 'closed'), compare(size, control.closed, widget.open, 'open'));
  }
  const worst = (key) => Math.max(...found.map((one) => one[key].length));
  const details = (key) => found.filter((one) => one[key].length > 0).map((one) => `${one.when}: ${one[key].slice(0, 4).join(', ')}`).join('; ');
  const shift = (when) => Math.max(...found.filter((one) => one.when.endsWith(when)).map((one) => one.shift));
  return [
    figure('Globals', { measured: worst('globals'), limit: 1, isExact: true, detail: details('globals') }),
    figure('Style rules in the host', { measured: worst('rules'), limit: 0, isExact: true, detail: details('rules') }),
    figure('Host elements restyled', { measured: worst('restyled'), limit: 0, isExact: true, detail: details('restyled') || `of ${found[0].elements}; button and panel, desktop and phone` }),
    figure('Layout shift, load', { measured: shift('closed'), limit: 0, isExact: true }),
    figure('Layout shift, open', { measured: shift('open'), limit: 0, isExact: true }),
  ];
}

async function look(browser, url, options, hasWidget) {
  const { context, page } = await newVisitor(browser, options);
  await page.addInitScript(watchShifts);
  await page.goto(url);
  await page.waitForTimeout(SETTLE_MS);
  const closed = await page.evaluate(describePage);
  let open = null;
  if (hasWidget) {
    await openPanel(page);
    await page.waitForTimeout(SETTLE_MS);
    open = await page.evaluate(describePage);
  }
  await context.close();
  return { closed, open };
}

/** Shifts that follow a press count as well: the page did not ask for them. */
function watchShifts() {
  window.__shift = 0;
  const add = (list) => list.getEntries().forEach(({ value }) => (window.__shift += value));
  new PerformanceObserver(add).observe({ type: 'layout-shift', buffered: true });
}

/** Runs in the page. */
function describePage() {
  const isOurs = (element) => element.localName === 'alcove-widget' || (element.localName === 'script' && element.src.includes('/widget.js'));
  const elements = [...document.querySelectorAll('*')].filter((element) => !isOurs(element));
  const styles = elements.flatMap((element) =>
    ['', '::before', '::after', '::placeholder', '::selection'].map((pseudo) => {
      const computed = getComputedStyle(element, pseudo || null);
      return [element.localName + pseudo, [...computed].map((name) => `${name}:${computed.getPropertyValue(name)}`)];
    }),
  );
  const sheets = [...document.styleSheets, ...document.adoptedStyleSheets];
  return { globals: Object.getOwnPropertyNames(window), rules: sheets.flatMap(({ cssRules }) => [...cssRules].map(({ cssText }) => cssText)), styles, shift: window.__shift };
}

function compare(size, control, widget, state) {
  const added = (key) => widget[key].filter((name) => !control[key].includes(name));
  const changed = widget.styles.flatMap(([name, style], at) => {
    const before = control.styles[at]?.[1] ?? [];
    const property = style.find((value, place) => value !== before[place]);
    return property ? [`${name} ${property}`] : [];
  });
  const sameLength = control.styles.length === widget.styles.length ? [] : [`${widget.styles.length - control.styles.length} more elements`];
  return { when: `${size} ${state}`, globals: added('globals'), rules: added('rules'), restyled: [...sameLength, ...changed], elements: control.styles.length / 5, shift: widget.shift };
}
