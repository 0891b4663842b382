// What a visitor downloads and whom the browser asks. Bytes are of the answers' bodies, as they were sent.
import { readdirSync } from 'node:fs';
import { ask, newVisitor, openPanel } from '../../../tests/widget/support/browser.mjs';
import { figure } from './report.mjs';

const BUTTON_BYTES = 3 * 1024;
const PANEL_BYTES = 25 * 1024;
const PANEL_REQUESTS = 3;
const QUIET_MS = 700;
const STRINGS = new URL('../../src/panel/strings/', import.meta.url);
/** What could make a browser ask somebody else. */
const TEMPTING = '![picture](https://pictures.example/a.png)\n\n[link](https://links.example/)\n\nhttps://bare.example/ <img src="https://html.example/b.png">';

export async function traffic({ browser, host, server, upstream }) {
  upstream.script = { text: TEMPTING, delayMs: 1 };
  const language = await largestLanguage(server.origin);
  const english = await visit(browser, host.page({ tag: 'end', attributes: 'data-locale="en"' }), server.origin);
  const other = await visit(browser, host.page({ tag: 'end', attributes: `data-locale="${language}"` }), server.origin);
  const strangers = [...english.strangers, ...other.strangers];
  return [
    figure('Before the button shows: bytes', { measured: bytes(english.button), limit: BUTTON_BYTES, unit: 'bytes', isExact: true, detail: list(english.button) }),
    figure('Before the button shows: requests', { measured: english.button.length, limit: 1, isExact: true }),
    ...opened('English', english.panel),
    ...opened(`the largest other language, ${language}`, other.panel),
    figure('Other hosts asked, a conversation included', { measured: strangers.length, limit: 0, isExact: true, detail: strangers.join(', ') }),
  ];
}

const opened = (language, files) => [
  figure(`More to open the panel, ${language}: bytes`, { measured: bytes(files), limit: PANEL_BYTES, unit: 'bytes', isExact: true, detail: list(files) }),
  figure(`More to open the panel, ${language}: requests`, { measured: files.length, limit: PANEL_REQUESTS, isExact: true }),
];
const bytes = (files) => files.reduce((total, file) => total + file.bytes, 0);
const list = (files) => files.map((file) => `${file.path} ${file.bytes}${file.encoding === 'br' ? '' : ` (${file.encoding ?? 'not compressed'})`}`).join(', ');

async function visit(browser, url, origin) {
  const { context, page } = await newVisitor(browser);
  const requests = [];
  page.on('requestfinished', (request) => requests.push(request));
  page.on('requestfailed', (request) => requests.push(request));
  const ours = async () => Promise.all(requests.splice(0).filter((request) => request.url().startsWith(origin)).map(describe));
  const strangers = [];
  page.on('request', (request) => isStranger(request.url(), [origin, new URL(url).origin]) && strangers.push(request.url()));
  await page.goto(url);
  await page.waitForTimeout(QUIET_MS);
  const button = await ours();
  const panel = await openPanel(page);
  await page.waitForTimeout(QUIET_MS);
  const opening = await ours();
  await ask(panel, 'Who else do you ask?');
  await panel.frame.locator('.reply', { hasText: 'bare.example' }).waitFor();
  await page.waitForTimeout(QUIET_MS);
  await context.close();
  return { button, panel: opening, strangers };
}

const isStranger = (url, known) => /^(https?|wss?):/.test(url) && !known.includes(new URL(url).origin);

async function describe(request) {
  const response = await request.response();
  const { responseBodySize } = await request.sizes();
  return { path: new URL(request.url()).pathname, bytes: responseBodySize, encoding: (await response.allHeaders())['content-encoding'] };
}

/** The language whose page is the largest as the server sends it, English apart. */
async function largestLanguage(origin) {
  const names = readdirSync(STRINGS).filter((name) => name.endsWith('.json') && name !== 'en.json');
  const sizes = await Promise.all(names.map(async (name) => [await sizeOf(`${origin}/embed?locale=${name.slice(0, -5)}`), name.slice(0, -5)]));
  return sizes.sort(([one], [two]) => two - one)[0]?.[1] ?? 'de';
}

async function sizeOf(url) {
  const response = await fetch(url, { headers: { 'Accept-Encoding': 'br' } });
  const text = await response.arrayBuffer();
  // fetch unpacks; what is not sent in one piece names no length.
  return Number(response.headers.get('content-length') ?? text.byteLength);
}
