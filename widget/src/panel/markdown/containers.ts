// Quotes, lists and their items: which of the open ones a line goes on in.
import { CODE_INDENT, expandIndent, indentOf, insideQuote, type Rest } from './indent';

export type Container = { kind: 'quote' } | { kind: 'list'; key: string } | { kind: 'item'; width: number; isOrdered: boolean };

export interface Place extends Rest {
  /** How many containers the line goes on in. */
  matched: number;
}

const MAX_INDENT = 500;

/**
 * Walks the open containers along the line's beginning. A list whose item does not go on stays for the next item. Between
 * fences tabs stay tabs.
 */
export function placeLine(containers: Container[], line: string, isFenced: boolean): Place {
  let rest = isFenced ? line : expandIndent(line, 0);
  let column = 0;
  let matched = 0;
  for (const container of containers) {
    const indent = indentOf(rest);
    if (container.kind === 'quote') {
      if (rest[indent] !== '>' || indent >= CODE_INDENT) break;
      ({ rest, column } = insideQuote(rest.slice(indent), column + indent));
    } else if (container.kind === 'item') {
      const inner = insideItem(rest, container);
      if (inner === null) break;
      column += rest.length - inner.length;
      rest = inner;
    }
    matched += 1;
  }
  return { rest, column, matched };
}

/** A line of nothing but spaces stays undecided; so many of them mean nothing. */
export function capIndent(line: string): string {
  const extra = line.length > MAX_INDENT ? indentOf(line) - MAX_INDENT : 0;
  return extra > 0 ? line.slice(extra) : line;
}

/** Models often indent a list under a number by less than the rules want; its marker two columns in belongs to the item. */
function insideItem(line: string, { width, isOrdered }: Container & { kind: 'item' }): string | null {
  let at = 0;
  let columns = 0;
  for (; columns < width && (line[at] === ' ' || line[at] === '\t'); at += 1) columns += line[at] === '\t' ? 4 : 1;
  if (columns >= width || at === line.length) return line.slice(at);
  return isOrdered && columns >= 2 && /^(?:[-*+]|1[.)])(?:\s|$)/.test(line.slice(at, at + 12)) ? line.slice(at) : null;
}
