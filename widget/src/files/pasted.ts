// Whether a pasted text is a table, as spreadsheets and CSV files hold them.

const MIN_ROWS = 3;
/** Only so much is looked at; a table shows soon that it is one. */
const LOOKED_AT_CHARS = 20_000;
/** The least cells of a row by what stands between them. Commas and semicolons stand in prose as well: it takes more. */
const MIN_COLUMNS = { '\t': 2, ';': 3, ',': 3 };

/** The ending of a file that could hold it; empty when it is no table. */
export function tableEnding(text: string): 'tsv' | 'csv' | '' {
  for (const [delimiter, minColumns] of Object.entries(MIN_COLUMNS)) {
    const widths = rowWidths(text.slice(0, LOOKED_AT_CHARS), delimiter);
    // The last row may have been cut.
    if (text.length > LOOKED_AT_CHARS) widths.pop();
    const isEven = new Set(widths).size === 1;
    if (isEven && widths.length >= MIN_ROWS && Number(widths[0]) >= minColumns) return delimiter === '\t' ? 'tsv' : 'csv';
  }
  return '';
}

/** The number of cells in each row that is not blank. */
function rowWidths(text: string, delimiter: string): number[] {
  const widths: number[] = [];
  let width = 1;
  let isQuoted = false;
  let isBlank = true;
  for (const letter of `${text}\n`) {
    if (letter === '"') isQuoted = !isQuoted;
    if (letter === '\n' && !isQuoted) {
      if (!isBlank) widths.push(width);
      width = 1;
      isBlank = true;
    } else {
      if (letter === delimiter && !isQuoted) width += 1;
      if (letter !== '\r' && letter !== '\n') isBlank = false;
    }
  }
  return widths;
}
