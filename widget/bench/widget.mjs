// The widget's figures, as docs/benchmarks.md lists them: `scripts/bench widget`.
import { loadavg } from 'node:os';
import { accessibility } from './widget/accessibility.mjs';
import { button } from './widget/button.mjs';
import { footprint } from './widget/footprint.mjs';
import { keyboard } from './widget/keyboard.mjs';
import { longReply } from './widget/long-reply.mjs';
import { memory } from './widget/memory.mjs';
import { openingTimes } from './widget/opening-times.mjs';
import { policies } from './widget/policies.mjs';
import { machine, markdown, table } from './widget/report.mjs';
import { buildStand } from './widget/stand.mjs';
import { traffic } from './widget/traffic.mjs';

const FIGURES = { traffic, button, opening: openingTimes, memory, footprint, policies, accessibility, keyboard, 'long-reply': longReply };
const HELP = `Measures the widget in Chromium, on a page of another site, against the release build.
It starts its own processes on free loopback ports and ends them; the network is not used.

Usage: scripts/bench widget [OPTIONS] [FIGURE...]

Figures (all by default):
  traffic        Bytes and requests, and which other hosts are asked
  button         When the button is painted, and what it costs the page
  opening        From the press to a text field that can be used
  memory         JavaScript heap, button only and open
  footprint      Globals, style rules, restyled elements, layout shift
  policies       Strict Content-Security-Policies: violations, looks
  accessibility  axe-core
  keyboard       Tab, Enter, Escape, focus
  long-reply     A reply of 16,000 tokens

Options:
  --quick       Fewer rounds, a shorter reply: to see that it works, not to quote
  --rounds <N>  How often each time is taken (default 11)
  --json        JSON instead of the table
  --markdown    The table as docs/benchmarks.md has it
  --help        Print this

ALCOVE_BIN names another server binary than the one built here, CHROMIUM the browser.
The exit code is 1 if a figure misses its target that is the same on every machine: bytes,
counts, yes and no. Times and memory only show in the table.`;

class WrongOption extends Error {}

function readOptions(words) {
  const options = { names: [], isQuick: false, format: 'text', count: 11 };
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--quick') Object.assign(options, { isQuick: true, count: 1 });
    else if (word === '--json' || word === '--markdown') options.format = word.slice(2);
    else if (word === '--rounds' && Number(words[0]) > 0) options.count = Number(words.shift());
    else if (Object.hasOwn(FIGURES, word)) options.names.push(word);
    else throw new WrongOption(`${word} is not known, or lacks its value; --help lists what is`);
  }
  if (options.names.length === 0) options.names = Object.keys(FIGURES);
  return options;
}

async function measure({ names, isQuick, format, count }) {
  const began = performance.now();
  const stand = await buildStand();
  try {
    const where = machine(`Chromium ${stand.browser.version()}`);
    const figures = [];
    for (const name of names) {
      process.stderr.write(`${name} …\n`);
      figures.push(...(await FIGURES[name]({ ...stand, isQuick, count })));
    }
    const loadAtEnd = loadavg()[0].toFixed(2);
    const seconds = Math.round((performance.now() - began) / 1000);
    const formats = {
      json: () => JSON.stringify({ ...where, loadAtEnd, seconds, rounds: count, figures }, null, 2),
      markdown: () => markdown(figures),
      text: () => table(figures, where, loadAtEnd, seconds),
    };
    console.log(formats[format]());
    if (figures.some(({ isExact, isMet }) => isExact && isMet === false)) process.exitCode = 1;
  } finally {
    await stand.close();
  }
}

try {
  if (process.argv.includes('--help')) console.log(HELP);
  else await measure(readOptions(process.argv.slice(2)));
} catch (error) {
  console.error(`bench: ${error instanceof WrongOption ? error.message : error.stack}`);
  process.exitCode = 2;
}
