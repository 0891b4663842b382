// Quotes, lists and their items: which of the open ones a line goes on in.
import { CODE_INDENT, indentOf } from './lines';

export type Container = { kind: 'quote' } | { kind: 'list'; key: string } | { kind: 'item'; width: number; isOrdered: boolean };

export interface Place {
  rest: string;
  /** How many containers the line goes on in. */
  matched: number;
}

const MAX_INDENT = 500;

/** Walks the open containers along the line's beginning. A list whose item does not go on stays for the next item. */
export function placeLine(containers: Container[], line: string): Place {
  let rest = line;
  let matched = 0;
  for (const container of containers) {
    if (container.kind !== 'list') {
      const inner = container.kind === 'quote' ? insideQuote(rest) : insideItem(rest, container);
      if (inner === null) break;
      rest = inner;
    }
    matched += 1;
  }
  return { rest, matched };
}

/** A line of nothing but spaces stays undecided; so many of them mean nothing. */
export function capIndent(line: string): string {
  const extra = line.length > MAX_INDENT ? indentOf(line) - MAX_INDENT : 0;
  return extra > 0 ? line.slice(extra) : line;
}

/** Tabs among the marks at a line's beginning, as the columns they stand for. */
export function expandTabs(line: string): string {
  return line.replace(/^[ \t>*+\-\d.)]{1,500}/, (marks) => {
    let columns = '';
    for (const mark of marks) columns += mark === '\t' ? ' '.repeat(4 - (columns.length % 4)) : mark;
    return columns;
  });
}

function insideQuote(line: string): string | null {
  const indent = indentOf(line);
  if (line[indent] !== '>' || indent >= CODE_INDENT) return null;
  return line.slice(indent + (line[indent + 1] === ' ' ? 2 : 1));
}

/** Models often indent a list under a number by less than the rules want; its marker two columns in belongs to the item. */
function insideItem(line: string, { width, isOrdered }: Container & { kind: 'item' }): string | null {
  let at = 0;
  let columns = 0;
  while (columns < width && (line[at] === ' ' || line[at] === '\t')) {
    columns += line[at] === '\t' ? 4 : 1;
    at += 1;
  }
  if (columns >= width || at === line.length) return line.slice(at);
  return isOrdered && columns >= 2 && /^(?:[-*+]|1[.)])(?:\s|$)/.test(line.slice(at, at + 12)) ? line.slice(at) : null;
}
