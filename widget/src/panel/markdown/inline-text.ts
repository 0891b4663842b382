// Small looks at text that the inline parser needs.
import { hostToShow } from './links';
import type { Attributes } from './sink';

export function linkAttributes(text: string, url: URL): Attributes {
  const host = hostToShow(text, url);
  return { href: url.href, ...(host ? { host } : {}) };
}

export function lastCharacter(text: string, end: number): string {
  const code = text.charCodeAt(end - 1);
  return code >= 0xdc00 && code <= 0xdfff ? text.slice(Math.max(0, end - 2), end) : text.slice(Math.max(0, end - 1), end);
}

/** What a sticky pattern finds at a place: the whole and its groups, or nothing. */
export function matchAt(pattern: RegExp, text: string, at: number): (string | undefined)[] {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? [];
}

/** Where the row of equal characters that begins at `from` ends. */
export function endOfRun(text: string, from: number): number {
  let end = from + 1;
  while (text[end] === text[from]) end += 1;
  return end;
}

export function findTicks(text: string, from: number, size: number): number {
  for (let at = text.indexOf('`', from); at >= 0; at = text.indexOf('`', at)) {
    const end = endOfRun(text, at);
    if (end - at === size) return at;
    at = end;
  }
  return -1;
}

export function codeText(text: string): string {
  const line = text.replace(/\n/g, ' ');
  return /^ .*[^ ].* $/.test(line) ? line.slice(1, -1) : line;
}
