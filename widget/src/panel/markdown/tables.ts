// Rows of a table, cut into cells.

/** Cells of a row; a bar after a backslash or inside code spans written with one is text. */
export function splitRow(row: string): string[] {
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

/** The columns' alignments, or null when this is no delimiter row for `columns` columns. */
export function readAlignments(row: string, columns: number): string[] | null {
  if (row.length > 2000) return null;
  const cells = splitRow(row);
  if (cells.length !== columns || !cells.every((cell) => /^:?-+:?$/.test(cell))) return null;
  return cells.map((cell) => {
    if (!cell.endsWith(':')) return cell[0] === ':' ? 'start' : '';
    return cell[0] === ':' ? 'center' : 'end';
  });
}
