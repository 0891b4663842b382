// What a line begins: a pure look at its text, which may not be complete yet.
import { unescapeText } from './entities';
import { CODE_INDENT, expandIndent, indentOf, insideQuote, type Rest } from './indent';

/** Markers longer than this are plain text, so that no line has to be looked at again and again. */
export const MAX_MARKER_CHARS = 500;

export type Opening =
  | { kind: 'quote' }
  | { kind: 'item'; marker: string; isOrdered: boolean; start: number; width: number; isTask?: boolean };

export type Leaf =
  | { kind: 'none' }
  | { kind: 'text'; text: string }
  | { kind: 'heading'; level: number; text: string }
  | { kind: 'underline'; level: number; text: string }
  | { kind: 'rule' }
  | Fence
  | { kind: 'indented'; text: string }
  | { kind: 'row'; text: string };

export interface Fence {
  kind: 'fence';
  mark: string;
  size: number;
  indent: number;
  language: string;
}

export interface Plan {
  openings: Opening[];
  leaf: Leaf;
}

export interface LineContext {
  isComplete: boolean;
  /** The line would continue this paragraph, so that fewer things can begin. */
  inParagraph: boolean;
  /** A paragraph is open, which the line may go on in lazily. */
  hasParagraph: boolean;
  inList: boolean;
  inTable: boolean;
  /** The line before may be a table's head. */
  afterHead: boolean;
  depth: number;
}

type Step = Rest & { opening: Opening };

export const MAX_DEPTH = 32;
/** The text has to grow before anyone can tell. */
export const UNDECIDED = 'undecided';
/** Nothing can be told before the line's end. */
export const HOLD = 'hold';

export function planLine(line: Rest, context: LineContext): Plan | typeof UNDECIDED | typeof HOLD {
  const openings: Opening[] = [];
  let { rest, column } = line;
  for (;;) {
    const isOutermost = openings.length === 0;
    const inner = isOutermost ? context : { ...context, inParagraph: false, hasParagraph: false, inTable: false, afterHead: false };
    const step = readOpening({ rest, column }, inner, context.depth + openings.length);
    if (step === UNDECIDED) return UNDECIDED;
    if (!step) {
      const leaf = readTask(rest, inner, openings) ?? readLeaf(rest, inner);
      return typeof leaf === 'string' ? leaf : { openings, leaf };
    }
    openings.push(step.opening);
    ({ rest, column } = step);
  }
}

function readOpening({ rest, column }: Rest, context: LineContext, depth: number): Step | typeof UNDECIDED | null {
  const indent = indentOf(rest);
  const text = rest.slice(indent);
  const isDeep = indent >= CODE_INDENT;
  if (depth >= MAX_DEPTH || (isDeep ? !context.inList : isMarkerLine(text, context))) return null;
  if (text[0] === '>' && !isDeep) {
    if (text.length === 1 && !context.isComplete) return UNDECIDED;
    return { opening: { kind: 'quote' }, ...insideQuote(text, column + indent) };
  }
  const item = /^(?:([-*+])|(\d{1,9})([.)]))(?=[ \t]|$)/.exec(text);
  if (!item) return mayBecomeItem(text) && !context.isComplete ? UNDECIDED : null;
  return readItem({ rest: text, column: column + indent }, indent, item, context);
}

function readItem({ rest, column }: Rest, indent: number, item: RegExpExecArray, context: LineContext): Step | typeof UNDECIDED | null {
  const [marker, bullet, number, closing] = item as unknown as [string, string?, string?, string?];
  const text = expandIndent(rest.slice(marker.length), column + marker.length);
  const gap = indentOf(text);
  const hasText = gap < text.length;
  if (!hasText && !context.isComplete) return UNDECIDED;
  if (context.inParagraph && (!hasText || (number !== undefined && Number(number) !== 1))) return null;
  const space = gap <= CODE_INDENT && hasText ? gap : 1;
  const width = marker.length + space;
  const start = Number(number ?? 1);
  const opening: Opening = { kind: 'item', marker: bullet ?? closing ?? '', isOrdered: number !== undefined, start, width: indent + width };
  return { opening, rest: text.slice(hasText ? space : gap), column: column + width };
}

function mayBecomeItem(text: string): boolean {
  return /^(?:[-*+]|\d{1,9}[.)]?)$/.test(text);
}

/** The box of a task is a character: it needs no role and no name in the visitor's language. */
function readTask(line: string, context: LineContext, openings: Opening[]): Leaf | typeof UNDECIDED | null {
  const item = openings[openings.length - 1];
  if (item?.kind !== 'item') return null;
  const [box, mark] = /^\[([ xX])\][ \t]+(?=\S)/.exec(line) ?? [];
  if (!box) return !context.isComplete && /^\[(?:[ xX](?:\]\s*)?)?$/.test(line) ? UNDECIDED : null;
  item.isTask = true;
  return { kind: 'text', text: `${mark === ' ' ? '☐' : '☑'} ${line.slice(box.length)}` };
}

/** Rules and underlines look like list markers; a line of nothing else is left to `readLeaf`. */
function isMarkerLine(text: string, context: LineContext): boolean {
  const mark = text[0] ?? '';
  if (!'-*_'.includes(mark) || text.length > MAX_MARKER_CHARS) return false;
  const marks = countMarks(text, mark);
  if (marks < 0) return false;
  return !context.isComplete || marks >= 3 || (context.inParagraph && mark === '-' && /^-+\s*$/.test(text));
}

/** How many `mark`s a line consists of; -1 when there is anything else but spaces. */
function countMarks(text: string, mark: string): number {
  let count = 0;
  for (const character of text) {
    if (character === mark) count += 1;
    else if (character !== ' ' && character !== '\t') return -1;
  }
  return count;
}

function readLeaf(line: string, context: LineContext): Leaf | typeof UNDECIDED | typeof HOLD {
  const indent = indentOf(line);
  const text = line.slice(indent);
  const isShort = text.length <= MAX_MARKER_CHARS;
  if (text === '') return context.isComplete ? { kind: 'none' } : UNDECIDED;
  // Models indent by more than they should in lists; what is plainly a fence is one.
  if (indent >= CODE_INDENT && !(context.inList && /^[`~]/.test(text))) {
    return context.hasParagraph ? { kind: 'text', text } : { kind: 'indented', text: line.slice(CODE_INDENT) };
  }
  if (isTableLine(text, context)) return context.isComplete ? { kind: 'row', text } : HOLD;
  if (isShort && '-*_='.includes(text[0] as string)) return readMarkers(text, context);
  if (text[0] === '#') return readHeading(text, context);
  if (isShort && (text[0] === '`' || text[0] === '~')) return readFence(line, text, context);
  return { kind: 'text', text };
}

function isTableLine(text: string, context: LineContext): boolean {
  if (text[0] === '|') return true;
  if (context.inTable) return context.isComplete ? text.includes('|') : true;
  return context.afterHead && /^[|:\- \t]{1,500}$/.test(text) && (!context.isComplete || /[|:]/.test(text));
}

function readMarkers(text: string, context: LineContext): Leaf | typeof UNDECIDED {
  const mark = text[0] as string;
  const marks = countMarks(text, mark);
  if (marks < 0) return { kind: 'text', text };
  if (!context.isComplete) return UNDECIDED;
  const isUnderline = context.inParagraph && (mark === '=' || mark === '-') && !/\s\S/.test(text);
  if (isUnderline) return { kind: 'underline', level: mark === '=' ? 1 : 2, text };
  return marks >= 3 && mark !== '=' ? { kind: 'rule' } : { kind: 'text', text };
}

function readHeading(text: string, context: LineContext): Leaf | typeof UNDECIDED {
  const level = /^#{1,7}/.exec(text)?.[0].length ?? 0;
  const next = text[level];
  if (next === undefined && level < 7 && !context.isComplete) return UNDECIDED;
  if (level > 6 || (next !== undefined && next !== ' ' && next !== '\t')) return { kind: 'text', text };
  const title = text.slice(level).trimStart();
  return title === '' && !context.isComplete ? UNDECIDED : { kind: 'heading', level, text: title };
}

function readFence(line: string, text: string, context: LineContext): Leaf | typeof UNDECIDED {
  const mark = text[0] as string;
  let size = 1;
  while (text[size] === mark) size += 1;
  const info = text.slice(size);
  if (!context.isComplete && (size >= 3 ? !(mark === '`' && info.includes('`')) : info === '')) return UNDECIDED;
  if (size < 3 || (mark === '`' && info.includes('`'))) return { kind: 'text', text };
  const language = unescapeText(/^\s*([^\s{`]{1,40})/.exec(info)?.[1] ?? '');
  return { kind: 'fence', mark, size, indent: indentOf(line), language };
}
