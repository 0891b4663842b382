// Figures as a table for people and as JSON for programs.
import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';

/**
 * `limit` is the most that is allowed (`yes` for a thing that must work), `control` the same without the widget. Figures that
 * are `exact` come out the same on every machine; a missed one fails the run.
 */
export function figure(name, { measured, unit = '', limit, control, isExact = false, detail = '' }) {
  const isMet = limit === undefined ? null : limit === 'yes' ? measured === 'yes' : measured <= limit;
  const ratio = control ? measured / control : undefined;
  return { name, unit, limit, measured, control, ratio, isExact, isMet, detail };
}

export const verdict = ({ isMet }) => (isMet === null ? '' : isMet ? 'met' : 'MISSED');

/** Where the figures were taken; `load` says how many others wanted the cores. */
export function machine(browser) {
  const memory = Math.round(totalmem() / 1e9);
  const kernel = readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim();
  return { cores: cpus().length, processor: cpus()[0]?.model ?? 'unknown', memoryGb: memory, kernel, browser, node: process.version, load: loadavg()[0].toFixed(2) };
}

export function table(figures, { cores, processor, memoryGb, browser, load }, loadAtEnd, seconds) {
  const heading = ['figure', 'target', 'measured', 'control', 'ratio', '', 'detail'];
  const rows = [heading, ...figures.map(row)];
  const widths = heading.map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  const lines = rows.map((cells) => cells.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd());
  const missed = figures.filter(({ isMet }) => isMet === false).length;
  return [
    `${browser}, ${cores} cores of ${processor}, ${memoryGb} GB, load ${load} to ${loadAtEnd}`,
    '',
    ...lines,
    '',
    `${figures.length} figures in ${seconds} s, ${missed} missed`,
  ].join('\n');
}

/** The rows as docs/benchmarks.md has them, so that only figures change there. */
export function markdown(figures) {
  const cells = (one) => [...row(one).slice(0, 5), one.isMet === false ? '**missed**' : verdict(one)];
  return ['| figure | target | measured | control | ratio | |', '|---|---|---|---|---|---|', ...figures.map((one) => `| ${cells(one).join(' | ')} |`)].join('\n');
}

function row(one) {
  const { name, unit, limit, measured, control, ratio, detail } = one;
  const number = (value) => (typeof value === 'number' ? `${round(value, unit)}${unit && ` ${unit}`}` : (value ?? ''));
  const target = limit === undefined ? '' : limit === 'yes' ? 'yes' : `≤ ${number(limit)}`;
  return [name, target, number(measured), number(control), ratio === undefined ? '' : `${ratio.toFixed(2)} ×`, verdict(one), detail];
}

function round(value, unit) {
  const digits = unit === 'ms' || unit === '%' ? 1 : unit === '' ? 2 : unit === 'MB' ? 3 : 0;
  return Number.isInteger(value) ? value.toLocaleString('en') : value.toFixed(digits);
}
