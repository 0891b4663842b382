// Quotes, lists and their items: which of the open ones a line goes on in.
import { indentOf } from './lines';

export type Container = { kind: 'quote' } | { kind: 'list'; key: string } | { kind: 'item'; width: number };

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
      const inner = container.kind === 'quote' ? insideQuote(rest) : insideItem(rest, container.width);
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

function insideQuote(line: string): string | null {
  const indent = indentOf(line);
  if (line[indent] !== '>') return null;
  return line.slice(indent + (line[indent + 1] === ' ' ? 2 : 1));
}

/** Models often indent nested lists by less than the rules want; a marker two columns in belongs to the item. */
function insideItem(line: string, width: number): string | null {
  let at = 0;
  let columns = 0;
  while (columns < width && (line[at] === ' ' || line[at] === '\t')) {
    columns += line[at] === '\t' ? 4 : 1;
    at += 1;
  }
  if (columns >= width || at === line.length) return line.slice(at);
  return columns >= 2 && /^(?:[-*+]|\d{1,9}[.)])(?:\s|$)/.test(line.slice(at, at + 12)) ? line.slice(at) : null;
}
