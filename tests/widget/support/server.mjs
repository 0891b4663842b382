// Starts the real binary on a free port with a database of its own.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const BINARY = resolve(process.env.ALCOVE_BIN ?? fileURLToPath(new URL('../../../target/debug/alcove', import.meta.url)));
const START_MS = 20_000;

/** `dotEnv` is what stands in the server's `.env` file. */
export async function startServer(settings = {}, dotEnv = '') {
  const folder = mkdtempSync(join(tmpdir(), 'alcove-browser-test-'));
  writeFileSync(join(folder, '.env'), dotEnv);
  const environment = {
    PATH: process.env.PATH,
    DATABASE_URL: `sqlite://${folder}/alcove.db`,
    RATE_LIMITS: 'off',
    BOT_NAME: 'Ada',
    ...settings,
  };
  // `output` is what it has said and logged.
  const server = { origin: '', port: 0, child: null, folder, environment, output: '' };
  server.start = async (port = 0) => {
    server.child = spawn(BINARY, [], { cwd: folder, env: { ...environment, PORT: String(port) }, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [server.child.stdout, server.child.stderr]) stream.on('data', (part) => void (server.output += part));
    server.port = await readPort(server.child);
    server.origin = `http://127.0.0.1:${server.port}`;
  };
  server.kill = () => end(server.child, 'SIGKILL');
  server.close = async () => {
    await end(server.child, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  await server.start();
  return server;
}

function readPort(child) {
  return new Promise((resolvePort, reject) => {
    let output = '';
    const timer = setTimeout(() => reject(new Error(`the server printed no address:\n${output}`)), START_MS);
    const read = (part) => {
      output += part;
      const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(output)?.[1];
      if (!port) return;
      clearTimeout(timer);
      resolvePort(Number(port));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the server ended with ${code}:\n${output}`)));
  });
}

function end(child, signal) {
  if (!child || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolveExit) => {
    child.once('exit', resolveExit);
    child.kill(signal);
  });
}
