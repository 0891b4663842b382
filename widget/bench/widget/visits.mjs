// One visit each: a page is opened anew, nothing cached, and what happened is read from it.
import { FRAME_PROBE, HOST_PROBE } from './probes.mjs';
import { startTrace } from './trace.mjs';

/** Time for the widget's first work to end, on a phone four times slower. */
const SETTLE_MS = 400;
const LIMIT_MS = 20_000;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Milliseconds from the start of the page to its first paint and to the button, and how long tasks blocked it. */
export async function paints(chromium, url, profile) {
  const page = await chromium.visit({ profile, scripts: [HOST_PROBE] });
  await load(page, url);
  const hasTag = url.includes('tag=');
  if (hasTag) await until(() => page.evaluate(() => Boolean(window.bench.button)), 'the button');
  await until(() => page.evaluate(() => performance.getEntriesByName('first-paint').length > 0), 'the first paint');
  await pause(SETTLE_MS);
  const seen = await page.evaluate(() => ({ ...window.bench, firstPaint: performance.getEntriesByName('first-paint')[0].startTime }));
  await page.close();
  return { firstPaint: seen.firstPaint, button: hasTag ? seen.button - seen.begin : NaN, blockingMs: seen.blockingMs, longestMs: seen.longestMs };
}

/** What the main thread of the page did until everything was still. */
export async function mainThread(chromium, url, profile) {
  const page = await chromium.visit({ profile });
  const endTrace = await startTrace(chromium.wire);
  await load(page, url);
  await pause(SETTLE_MS);
  const work = await endTrace(page, '/widget.js');
  await page.close();
  return work;
}

/** Milliseconds from the press on the button to a text field that can be used. `warm`: hovered or focused long before. */
export async function opening(chromium, url, profile, warm) {
  const page = await chromium.visit({ profile, scripts: [HOST_PROBE, FRAME_PROBE] });
  await load(page, url);
  await until(() => page.evaluate(() => Boolean(window.bench.button)), 'the button');
  await pause(SETTLE_MS);
  if (warm) await warmUp(page, profile);
  await press(page, profile);
  await until(async () => (await page.evaluate(() => Boolean(window.bench.panel))) && composerShown(page), 'the text field');
  const [pressed, panel] = await page.evaluate(() => [window.bench.pressed, window.bench.panel]);
  const composer = await page.inFrame(() => window.bench.composer);
  await page.close();
  return Math.max(panel, composer) - pressed;
}

/** Bytes of JavaScript in the page, and in its frame if it has one. Without probes, which would count. */
export async function heaps(chromium, url, isOpen) {
  const page = await chromium.visit();
  await load(page, url);
  await pause(SETTLE_MS);
  if (isOpen) {
    await press(page, {});
    await until(() => hasField(page), 'the text field');
    await pause(SETTLE_MS);
  }
  const used = { page: await heapOf(page, page.sessionId), frame: page.frames.length > 0 ? await heapOf(page, page.frames.at(-1)) : 0 };
  await page.close();
  return used;
}

async function heapOf(page, session) {
  await page.send('HeapProfiler.enable', {}, session);
  // What a first collection lets go of, such as observers, may hold more.
  for (let time = 0; time < 2; time += 1) await page.send('HeapProfiler.collectGarbage', {}, session);
  return (await page.send('Runtime.getHeapUsage', {}, session)).usedSize;
}

async function load(page, url) {
  await page.goto(url);
  await until(() => page.evaluate(() => document.readyState === 'complete' && location.protocol !== 'about:'), 'the page');
}

const composerShown = (page) => page.isFrameLoaded && page.inFrame(() => Boolean(window.bench.composer));
const hasField = (page) => page.isFrameLoaded && page.inFrame(() => document.querySelector('textarea, [role=textbox]') !== null);

/** As a visitor does who points at the button, or on a phone goes there by keyboard or screen reader, and presses later. */
async function warmUp(page, { isMobile }) {
  if (isMobile) await page.evaluate(() => document.querySelector('alcove-widget').shadowRoot.querySelector('button').focus());
  else await page.send('Input.dispatchMouseEvent', { type: 'mouseMoved', ...(await middleOfButton(page)) });
  await until(() => hasField(page), 'the warmed frame');
  await pause(SETTLE_MS);
  await page.inFrame(() => window.bench.again());
}

async function press(page, { isMobile }) {
  const { x, y } = await middleOfButton(page);
  if (isMobile) {
    await page.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
    await page.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    return;
  }
  for (const type of ['mousePressed', 'mouseReleased']) await page.send('Input.dispatchMouseEvent', { type, x, y, button: 'left', clickCount: 1 });
}

function middleOfButton(page) {
  return page.evaluate(() => {
    const { x, y, width, height } = document.querySelector('alcove-widget').shadowRoot.querySelector('button').getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2 };
  });
}

/** Asks seldom: what asks, takes processor time from what is measured. */
async function until(check, what) {
  for (const end = performance.now() + LIMIT_MS; performance.now() < end; await pause(50)) if (await check()) return;
  throw new Error(`did not come in ${LIMIT_MS} ms: ${what}`);
}
