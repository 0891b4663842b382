// Chromium by its debugging pipe. Playwright starts a frame of another site before a bench could slow it down; here each
// frame waits until it has the same network, processor and scripts as its page.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPage } from './page.mjs';

const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', '--disable-extensions', '--hide-scrollbars', '--site-per-process', '--remote-debugging-pipe'],
];
const ANSWER_MS = 60_000;

/** A browser: `visit({ profile, scripts })` opens a page of a visitor of their own, with nothing cached. */
export async function startChromium() {
  const folder = mkdtempSync(join(tmpdir(), 'alcove-bench-browser-'));
  const stdio = ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'];
  const child = spawn(process.env.CHROMIUM ?? '/usr/bin/chromium', [...FLAGS, `--user-data-dir=${folder}`, 'about:blank'], { stdio });
  const wire = connect(child);
  return {
    wire,
    visit: (options) => openPage(wire, options),
    async close() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      await wire.send('Browser.close').catch(() => child.kill('SIGKILL'));
      await ended;
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Commands and their answers, and events by the session they belong to. */
function connect(child) {
  const waiting = new Map();
  const listeners = new Set();
  let last = 0;
  let rest = '';
  child.stdio[4].setEncoding('utf8').on('data', (part) => {
    const messages = (rest + part).split('\0');
    rest = messages.pop();
    for (const message of messages) receive(JSON.parse(message));
  });
  child.once('exit', () => waiting.forEach(({ reject }) => reject(new Error('the browser has ended'))));
  const receive = ({ id, result, error, method, params, sessionId }) => {
    if (!id) return listeners.forEach((listen) => listen(method, params, sessionId));
    const { resolve, reject, timer, command } = waiting.get(id) ?? {};
    waiting.delete(id);
    clearTimeout(timer);
    if (error) reject?.(new Error(`${command}: ${error.message}`));
    else resolve?.(result);
  };
  const send = (command, params = {}, sessionId = undefined) =>
    new Promise((resolve, reject) => {
      const id = (last += 1);
      const timer = setTimeout(() => reject(new Error(`${command}: no answer`)), ANSWER_MS);
      waiting.set(id, { resolve, reject, timer, command });
      child.stdio[3].write(`${JSON.stringify({ id, method: command, params, sessionId })}\0`);
    });
  return { send, listen: (listen) => (listeners.add(listen), () => listeners.delete(listen)) };
}
