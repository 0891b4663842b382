// The `(address "title")` part of a link.
import { matchAt } from './inline-text';

const MAX_CHARS = 2048;
/** Brackets within brackets; more make no link, so that a row of them is not read again and again. */
const MAX_BRACKETS = 32;
const SPACE = 32;
const OPEN = 40;
const CLOSE = 41;
const BACKSLASH = 92;
const TITLE = /\s+(?:"(?:\\.|[^"\\]){0,500}"|'(?:\\.|[^'\\]){0,500}'|\((?:\\.|[^()\\]){0,500}\))/sy;

/** `from` stands behind the bracket. 'open' when the text ends before the closing bracket; null when it is no link. */
export function readDestination(text: string, from: number): { address: string; end: number } | 'open' | null {
  let at = skipSpaces(text, from);
  const end = text[at] === '<' ? endOfAngle(text, at + 1) : endOfPlain(text, at);
  if (end < 0) return text.length - from > MAX_CHARS ? null : 'open';
  const isAngle = text[at] === '<';
  if (isAngle && text[end] !== '>') return null;
  const address = text.slice(isAngle ? at + 1 : at, end);
  at = isAngle ? end + 1 : end;
  at += matchAt(TITLE, text, at)[0]?.length ?? 0;
  at = skipSpaces(text, at);
  if (at >= text.length) return 'open';
  if (text[at] === ')') return address ? { address, end: at + 1 } : null;
  // A title whose end has not come yet.
  return /["'(]/.test(text[at] as string) && text.length - at < 500 ? 'open' : null;
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n') at += 1;
  return at;
}

function endOfAngle(text: string, from: number): number {
  for (let at = from; at < text.length && at - from <= MAX_CHARS; at += 1) {
    const character = text[at] as string;
    if (character === '>' || character === '<' || character === '\n') return at;
    if (character === '\\') at += 1;
  }
  return -1;
}

function endOfPlain(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length && at - from <= MAX_CHARS; at += 1) {
    const code = text.charCodeAt(at);
    if (code <= SPACE || (code === CLOSE && depth === 0)) return at;
    if (code === OPEN) {
      depth += 1;
      if (depth > MAX_BRACKETS) return at;
    } else if (code === CLOSE) depth -= 1;
    else if (code === BACKSLASH) at += 1;
  }
  return -1;
}
