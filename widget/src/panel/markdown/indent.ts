// White space at a line's beginning, in columns.

/** So far in, a line is code, or goes on in a paragraph. */
export const CODE_INDENT = 4;

/** The rest of a line, and the column it begins in. */
export interface Rest {
  rest: string;
  column: number;
}

/** What stands behind a quote's mark and one blank. */
export function insideQuote(line: string, column: number): Rest {
  const rest = expandIndent(line.slice(1), column + 1);
  const blank = rest[0] === ' ' ? 1 : 0;
  return { rest: rest.slice(blank), column: column + 1 + blank };
}

/** Tabs that a line begins with, as the columns they stand for. */
export function expandIndent(line: string, column: number): string {
  let columns = '';
  let at = 0;
  for (; line[at] === ' ' || line[at] === '\t'; at += 1) {
    columns += line[at] === ' ' ? ' ' : ' '.repeat(4 - ((column + columns.length) % 4));
  }
  return columns + line.slice(at);
}

export function indentOf(line: string): number {
  let at = 0;
  while (line[at] === ' ' || line[at] === '\t') at += 1;
  return at;
}
