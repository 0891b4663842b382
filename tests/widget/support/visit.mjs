// What most tests of the loader begin with: a browser, a model, the server and host pages; and what they all end with:
// nothing may have violated a policy or thrown.
import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';
import { launcher, newVisitor, startBrowser } from './browser.mjs';
import { startHost } from './host.mjs';
import { startServer } from './server.mjs';
import { startUpstream } from './upstream.mjs';

/** Registers the hooks of a test file. Afterwards `world.server`, `world.upstream` and `world.visitor` are there. */
export function world(settings = {}) {
  const own = { browser: null, server: null, upstream: null, visitor: null, hosts: [] };

  before(async () => {
    own.browser = await startBrowser();
    own.upstream = await startUpstream();
    own.server = await startServer({ ...own.upstream.env, ...settings });
  });
  after(async () => {
    await own.browser?.close();
    await own.server?.close();
    await own.upstream?.close();
  });
  afterEach(async () => {
    const { visitor } = own;
    await visitor?.context.close();
    await Promise.all(own.hosts.splice(0).map((host) => host.close()));
    own.visitor = null;
    if (visitor) assert.deepEqual({ violations: visitor.violations, problems: visitor.problems, errors: visitor.errors }, { violations: [], problems: [], errors: [] });
  });

  own.host = async (options) => {
    const host = await startHost(own.server.origin, options);
    own.hosts.push(host);
    return host;
  };

  /** A new visitor on a page with the tag. `attributes`, `head`, `body`, `tag` make the page; the rest is for the browser. */
  own.visit = async ({ path = '/', before: prepare, attributes, head, body, tag, ...options } = {}) => {
    const host = await own.host({ attributes, head, body, tag });
    const visitor = (own.visitor = await newVisitor(own.browser, options));
    visitor.errors = [];
    visitor.warnings = [];
    visitor.page.on('console', (message) => {
      if (message.type() === 'error') visitor.errors.push(message.text());
      if (message.type() === 'warning' && message.text().startsWith('Alcove')) visitor.warnings.push(message.text());
    });
    if (prepare) await visitor.page.addInitScript(prepare);
    visitor.host = host;
    await visitor.page.goto(host.origin + path);
    return visitor.page;
  };

  own.visitButton = async (options) => {
    const page = await own.visit(options);
    await launcher(page).first().waitFor();
    return page;
  };

  /** Paths asked of our server. */
  own.asked = () => own.visitor.requests.filter((url) => url.startsWith(own.server.origin)).map((url) => url.slice(own.server.origin.length));
  return own;
}

/** Collects the events of the widget in `window.heard`, from before the script has loaded. For `before`. */
export function listenEarly() {
  window.Alcove = window.Alcove || function () {
    (window.Alcove.q = window.Alcove.q || []).push(arguments);
  };
  window.heard = [];
  for (const name of ['ready', 'open', 'close', 'message', 'reply', 'error', 'lead', 'file', 'unread']) {
    window.Alcove('on', name, (detail) => window.heard.push([name, detail]));
  }
}

export const heard = (page) => page.evaluate(() => window.heard.map(([name]) => name));
