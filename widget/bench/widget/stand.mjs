// Everything that is measured with: the real program, a scripted model, a shop's page on another site, the same behind a
// slow line, and two ways to drive Chromium.
import { startBrowser } from '../../../tests/widget/support/browser.mjs';
import { startServer } from '../../../tests/widget/support/server.mjs';
import { startUpstream } from '../../../tests/widget/support/upstream.mjs';
import { startChromium } from './chromium.mjs';
import { startHost } from './host-page.mjs';
import { PROFILES } from './page.mjs';
import { startSlowLine } from './slow-line.mjs';

/** Answers what the figures need; `close` ends all of it. */
export async function buildStand() {
  const open = [];
  const started = async (part) => (open.unshift(await part), open[0]);
  const close = async () => {
    for (const part of open) await part.close();
  };
  try {
    const upstream = await started(startUpstream());
    const server = await started(startServer(upstream.env));
    const host = await started(startHost(server.origin));
    const line = await started(startSlowLine());
    const slowServer = await line.to(server.port);
    const slowHost = await started(startHost(`http://127.0.0.1:${slowServer}`));
    const slowPort = await line.to(Number(new URL(slowHost.origin).port));
    const slowPage = (query) => Object.assign(new URL(slowHost.page(query)), { port: slowPort }).href;
    return {
      upstream,
      server,
      host,
      /** Where times are taken: how the page is reached there, and what the device is like. */
      places: { loopback: [host.page, PROFILES.loopback], 'slow phone': [slowPage, PROFILES.phone] },
      chromium: await started(startChromium()),
      browser: await started(startBrowser()),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
