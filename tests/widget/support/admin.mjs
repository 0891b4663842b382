// The owner's side in a browser: the first account, sign-ins of every role, and a server with something to look at.
import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';
import { newVisitor, startBrowser, until } from './browser.mjs';
import { startHost } from './host.mjs';
import { startServer } from './server.mjs';
import { startUpstream } from './upstream.mjs';

export const OWNER = { username: 'ada', email: 'ada@example.com', password: 'kind otter 7 rivers' };

/** The link for the first owner, as the server prints it. */
export const setupLink = (server) => until(() => /http\S+\/admin\/setup\?key=\S+/.exec(server.output)?.[0], 'a link for the first owner');

/** Registers the hooks of a test file. Every page made by `own.person` must end without a problem, and breaks no policy. */
export function adminWorld(settings = {}) {
  const own = { browser: null, server: null, upstream: null, owner: null, people: [], hosts: [] };
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
    const people = own.people.splice(0);
    await Promise.all(people.map(({ context }) => context.close()));
    await Promise.all(own.hosts.splice(0).map((host) => host.close()));
    for (const { violations, problems } of people) assert.deepEqual({ violations, problems }, { violations: [], problems: [] });
  });

  /** A browser of its own. `state` is what a browser that is signed in has kept. */
  own.person = async (state, options = {}) => {
    const person = await newVisitor(own.browser, { storageState: state, ...options });
    person.page.on('response', (response) => {
      if (response.status() >= 500) person.problems.push(`${response.status()} ${response.url()}`);
    });
    own.people.push(person);
    return person;
  };
  own.host = async (options) => {
    const host = await startHost(own.server.origin, options);
    own.hosts.push(host);
    return host;
  };
  /** A page of the owner's browser, at `path`. */
  own.asOwner = async (path, options) => {
    own.owner ??= await firstOwner(own);
    return at(own, own.owner, path, options);
  };
  /** A page of somebody invited with this role. */
  own.asRole = async (role, path, options) => {
    own.roles ??= {};
    own.roles[role] ??= await invited(own, role);
    return at(own, own.roles[role], path, options);
  };
  return own;
}

async function at(own, state, path, options) {
  const { page } = await own.person(state, options);
  await page.goto(own.server.origin + path);
  return page;
}

export async function fillAccount(page, { username, email, password }, repeated = password) {
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByLabel('Password, once more').fill(repeated);
  await page.getByRole('button', { name: 'Make the account' }).click();
}

export async function signIn(page, origin, { username, password }, path = '/admin/') {
  await page.goto(`${origin}/admin/login?next=${encodeURIComponent(path)}`);
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Makes the first owner; answers what their browser keeps. */
export async function firstOwner(own, link = null) {
  const context = await own.browser.newContext();
  const page = await context.newPage();
  await page.goto(link ?? (await setupLink(own.server)));
  await fillAccount(page, OWNER);
  await page.getByRole('heading', { level: 1 }).waitFor();
  const state = await context.storageState();
  await context.close();
  return state;
}

/** Has the owner invite somebody, who makes an account; answers what their browser keeps. */
async function invited(own, role) {
  const page = await own.asOwner('/admin/accounts');
  await page.getByLabel('Role').selectOption(role);
  await page.getByRole('button', { name: 'Make a link' }).click();
  const link = new URL(await page.locator('.copy-text').innerText(), own.server.origin).href;
  const context = await own.browser.newContext();
  const guest = await context.newPage();
  await guest.goto(link);
  await fillAccount(guest, { username: role, email: `${role}@example.com`, password: `${OWNER.password} too` });
  await guest.getByRole('navigation', { name: 'Admin' }).first().waitFor();
  const state = await context.storageState();
  await context.close();
  return state;
}

/** A conversation through the API; `fields` are for the session. Answers its id, token and the reply's id. */
export async function talk(origin, messages, { details, rating, ...fields } = {}) {
  const post = async (path, body, token) => {
    const headers = { 'Content-Type': 'application/json', ...(token && { 'X-Visitor-Token': token }) };
    const response = await fetch(origin + path, { method: 'POST', headers, body: JSON.stringify(body) });
    return response.json();
  };
  const { sessionId, visitorToken } = await post('/api/sessions/create', { protected: true, ...fields });
  let reply = null;
  for (const message of [messages].flat()) ({ messageId: reply } = await post('/api/chat/message', { sessionId, message }, visitorToken));
  if (details) await post(`/api/sessions/${sessionId}/details`, details, visitorToken);
  if (rating) await post(`/api/chat/replies/${reply}/feedback`, { sessionId, ...rating }, visitorToken);
  return { session: sessionId, token: visitorToken, reply };
}
