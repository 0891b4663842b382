// The rows that a query found, as a table to read.
import { fill } from '../panel/strings/index';
import { make } from '../panel/view/elements';
import type { Stage } from './stage';
import type { Cell, Result } from './steps';
import { plain } from './values';

/** So many cells are made between two frames. */
const CELLS_AT_ONCE = 1200;
const LONG_CHARS = 32;

/** The name says what the rows are; it stands with the table only for those who cannot see where it is. */
export function dataTable({ columns, rows, truncated }: Result, name: string, { words, values }: Stage): HTMLElement[] {
  if (!rows.length) return [make('p', 'proof-note', words.proofNone)];
  const isNumber = columns.map((_, at) => rows.every((row) => (row[at] ?? null) === null || typeof row[at] === 'number'));
  const texts = columns.map((column, at) => values.column(column, rows.map((row) => row[at])));
  const side = (at: number): string => (isNumber[at] ? 'align-end' : '');
  const head = make('tr', '', ...columns.map((column, at) => heading(plain(column, 200), side(at))));
  const body = make('tbody');
  const table = make('table', '', make('caption', 'sr-only', name), make('thead', '', head), body);
  const area = make('div', 'table proof-table', table);
  area.tabIndex = 0;
  area.setAttribute('role', 'group');
  area.setAttribute('aria-label', name);
  const row = (cells: Cell[]): HTMLElement => make('tr', '', ...columns.map((_, at) => cellOf((texts[at] ?? String)(cells[at]), side(at))));
  fillSlowly(body, rows.map((cells) => () => row(cells)), Math.max(1, Math.floor(CELLS_AT_ONCE / columns.length)));
  const note = truncated ? [make('p', 'proof-note', fill(words.proofFirst, { count: values.text(rows.length) }))] : [];
  return [area, ...note];
}

function cellOf(text: string, className: string): HTMLElement {
  return make('td', text.length > LONG_CHARS ? 'is-long' : className, text);
}

function heading(name: string, className: string): HTMLElement {
  const cell = make('th', className, name);
  cell.scope = 'col';
  return cell;
}

/** A large table comes in pieces, so that it freezes nothing. */
function fillSlowly(body: HTMLElement, rows: (() => HTMLElement)[], atOnce: number): void {
  body.append(...rows.slice(0, atOnce).map((row) => row()));
  const rest = rows.slice(atOnce);
  if (rest.length) setTimeout(() => fillSlowly(body, rest, atOnce));
}
