// All that was understood of a file. Stands in place of the conversation and the composer.
import { fill, type AllStrings } from '../panel/strings/index';
import { button, make, textButton } from '../panel/view/elements';
import { extentText } from './chip';
import { columnRow } from './column';
import { icon } from './icons';
import type { Numbers } from './numbers';
import type { Attached, Table } from './types';

const SHOWN_COLUMNS = 12;
const HEADING = 'file-heading';

export interface SheetActions {
  back(): void;
  remove(): void;
}

export function fileSheet(one: Attached, tables: Table[], words: AllStrings, numbers: Numbers, actions: SheetActions): HTMLElement {
  const back = button('icon-button file-back', words.back, icon('back'));
  const heading = make('h2', '', make('bdi', '', one.name));
  const remove = textButton('text-button is-danger', fill(words.fileRemove, { name: one.name }));
  const parts = tables.map((table) => tablePart(table, tables.length > 1 ? table.name : '', words, numbers));
  parts[0]?.prepend(make('p', 'file-facts', numbers.size(one.sizeBytes)));
  const body = make('div', 'file-body', ...parts, remove);
  const node = make('section', 'file-sheet', make('div', 'file-head', back, heading), body);
  heading.id = HEADING;
  for (const region of [node, body]) region.setAttribute('aria-labelledby', HEADING);
  body.setAttribute('role', 'group');
  body.tabIndex = 0;
  back.addEventListener('click', actions.back);
  remove.addEventListener('click', actions.remove);
  node.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    // Further up it would close the chat.
    event.stopPropagation();
    actions.back();
  });
  queueMicrotask(() => back.focus());
  return node;
}

function tablePart(table: Table, name: string, words: AllStrings, numbers: Numbers): HTMLElement {
  const { rowCount, columns } = table;
  const extent = make('p', 'file-facts', extentText({ rowCount, columnCount: columns.length }, words, numbers));
  const list = make('ul', 'file-columns', ...columns.slice(0, SHOWN_COLUMNS).map((column) => columnRow(column, rowCount, words, numbers)));
  const node = make('section', '', ...(name ? [make('h3', '', make('bdi', '', name))] : []), extent, ...doubts(table, words, numbers), list);
  list.setAttribute('aria-label', words.fileColumns);
  if (columns.length > SHOWN_COLUMNS) node.append(restButton(table, list, words, numbers));
  if (table.sample.length) node.append(firstRows(table, words, numbers));
  return node;
}

function restButton({ columns, rowCount }: Table, list: HTMLElement, words: AllStrings, numbers: Numbers): HTMLElement {
  const more = textButton('text-button', fill(words.fileAllColumns, { count: numbers.count(columns.length) }));
  more.addEventListener('click', () => {
    const rest = columns.slice(SHOWN_COLUMNS).map((column) => columnRow(column, rowCount, words, numbers));
    list.append(...rest);
    const first = rest[0] as HTMLElement;
    first.tabIndex = -1;
    first.focus();
    more.remove();
  });
  return more;
}

/** What the server is not sure of, folded: it is for those who wonder. The sentences are English, whatever the words are. */
function doubts({ notes, columns }: Table, words: AllStrings, numbers: Numbers): HTMLElement[] {
  const all = [...notes, ...columns.flatMap(({ name, doubt }) => (doubt ? [`${name}: ${doubt}`] : []))];
  if (!all.length) return [];
  const list = make('ul', '', ...all.map((sentence) => make('li', '', sentence)));
  list.lang = 'en';
  list.dir = 'auto';
  return [make('details', 'file-notes', make('summary', '', fill(words.fileNotes, { count: numbers.count(all.length) })), list)];
}

function firstRows({ columns, sample }: Table, words: AllStrings, numbers: Numbers): HTMLElement {
  const head = make('tr', '', ...columns.map(({ name }) => make('th', '', make('bdi', '', name))));
  const rows = sample.map((row) => make('tr', '', ...columns.map((column, at) => make('td', '', make('bdi', '', numbers.cell(row[at] ?? null, column))))));
  const scroll = make('div', 'table', make('table', '', make('thead', '', head), make('tbody', '', ...rows)));
  for (const cell of head.cells) cell.scope = 'col';
  scroll.tabIndex = 0;
  scroll.setAttribute('role', 'region');
  scroll.setAttribute('aria-label', words.fileFirstRows);
  return make('details', 'file-rows', make('summary', '', words.fileFirstRows), scroll);
}
