// Rows of a table, cut into cells.
import { InlineStream } from './inline-stream';
import type { Sink } from './sink';

const MAX_COLUMNS = 60;

/** Cells of a row; a bar after a backslash is text. */
function splitRow(row: string): string[] {
  const cells: string[] = [];
  const text = row.trim();
  let cell = '';
  for (let at = text[0] === '|' ? 1 : 0; at < text.length; at += 1) {
    const character = text[at] as string;
    if (character === '\\' && text[at + 1] === '|') {
      cell += '|';
      at += 1;
    } else if (character === '|') {
      cells.push(cell.trim());
      cell = '';
    } else cell += character;
  }
  if (cell.trim() || text[text.length - 1] !== '|') cells.push(cell.trim());
  return cells;
}

/** The columns' alignments, or null when this is no delimiter row for that head. */
export function readAlignments(row: string, head: string): string[] | null {
  const columns = Math.min(splitRow(head).length, MAX_COLUMNS);
  if (row.length > 2000) return null;
  const cells = splitRow(row);
  if (cells.length !== columns || !cells.every((cell) => /^:?-+:?$/.test(cell))) return null;
  return cells.map((cell) => {
    if (!cell.endsWith(':')) return cell[0] === ':' ? 'start' : '';
    return cell[0] === ':' ? 'center' : 'end';
  });
}

/** Adds a row; missing cells are left out, so that a short row costs no more than it says. */
export function writeRow(sink: Sink, row: string, alignments: string[], tag: 'td' | 'th'): void {
  sink.open('tr');
  for (const [at, cell] of splitRow(row).slice(0, alignments.length).entries()) {
    sink.open(tag, alignments[at] ? { align: alignments[at] as string } : undefined);
    const inline = new InlineStream(sink);
    inline.push(cell);
    inline.end();
    sink.close();
  }
  sink.close();
}
