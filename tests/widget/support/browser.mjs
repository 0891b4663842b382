// One Chromium for a test file, and the few places in the widget that tests touch.
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../../widget/package.json', import.meta.url));
const { chromium } = require('playwright-core');

export async function startBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/** A page of a visitor of their own, with what went wrong on it and every request it made. */
export async function newVisitor(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const visitor = { context, page, problems: [], requests: [], violations: [] };
  page.on('pageerror', (error) => visitor.problems.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy|TrustedHTML|Trusted Type/i.test(message.text())) visitor.violations.push(message.text());
  });
  page.on('request', (request) => visitor.requests.push(request.url()));
  return visitor;
}

export const launcher = (page) => page.locator('alcove-widget button');

export function panelOf(page) {
  const frame = page.frameLocator('alcove-widget iframe');
  return {
    frame,
    field: frame.getByRole('textbox'),
    send: frame.getByRole('button', { name: 'Send', exact: true }),
    stop: frame.getByRole('button', { name: 'Stop the reply' }),
    retry: frame.getByRole('button', { name: 'Try again' }),
    replies: frame.locator('.reply'),
    lastReply: frame.locator('.reply').last(),
    bubbles: frame.locator('.bubble-text'),
    notes: frame.locator('.note'),
  };
}

export async function openPanel(page) {
  await launcher(page).click();
  const panel = panelOf(page);
  await panel.field.waitFor();
  return panel;
}

export async function ask(panel, text) {
  await panel.field.fill(text);
  await panel.field.press('Enter');
}

/** Waits until `check` answers with something true. */
export async function until(check, what, timeoutMs = 10_000) {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await check();
    if (value) return value;
    if (Date.now() > end) throw new Error(`did not happen in ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
