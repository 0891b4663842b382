// A long reply, streamed: `markdown.mjs` beside this folder takes it, here it is compared. Growth is the exponent k in n^k of the
// main thread's time between a quarter of the tokens and all of them.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { figure } from './report.mjs';

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL('../markdown.mjs', import.meta.url));
const TOKENS_PER_SECOND = 500;
const RATIO = 1.5;
const GROWTH = 1.2;
const DROPPED_PERCENT = 1;

export async function longReply({ isQuick }) {
  const tokens = isQuick ? 1000 : 16_000;
  const quarter = await take(tokens / 4);
  const { markdown, plain } = await take(tokens);
  const growth = Math.log(markdown.mainThreadMs / quarter.markdown.mainThreadMs) / Math.log(4);
  const controlGrowth = Math.log(plain.mainThreadMs / quarter.plain.mainThreadMs) / Math.log(4);
  const dropped = ({ late, frames }) => (late / frames) * 100;
  const of = `${tokens.toLocaleString('en')} tokens`;
  return [
    figure(`${of}: main thread`, { measured: markdown.mainThreadMs, limit: RATIO * plain.mainThreadMs, control: plain.mainThreadMs, unit: 'ms', detail: 'control: plain text, once a frame' }),
    figure(`${of}: longest task over 50 ms`, { measured: markdown.longestTask, limit: 0, control: plain.longestTask || undefined, unit: 'ms', detail: `${markdown.longTasks} such tasks` }),
    figure(`${of}: frames that came late`, { measured: dropped(markdown), limit: DROPPED_PERCENT, unit: '%', detail: `${markdown.late} of ${markdown.frames}; plain text ${plain.late} of ${plain.frames}` }),
    figure(`${of}: growth from a quarter of it, n^k`, { measured: growth, limit: GROWTH, control: controlGrowth, unit: '' }),
  ];
}

/** It ends with 1 when it misses its own limits; the figures are there all the same. */
async function take(tokens) {
  const { stdout } = await run(process.execPath, [SCRIPT, String(tokens), String(TOKENS_PER_SECOND)]).catch((error) => error);
  return JSON.parse(stdout);
}
