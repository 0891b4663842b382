// The few character references that replies use; a full table would outweigh the rest of the panel.
import { INVISIBLE } from './clean';
import { matchAt } from './inline-text';

const NAMED: Record<string, string> = {
  amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', copy: '©', reg: '®', trade: '™', deg: '°',
  hellip: '…', mdash: '—', ndash: '–', lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', laquo: '«', raquo: '»',
  bull: '•', middot: '·', times: '×', divide: '÷', plusmn: '±', euro: '€', pound: '£', yen: '¥', cent: '¢',
  sect: '§', para: '¶', larr: '←', rarr: '→', uarr: '↑', darr: '↓', le: '≤', ge: '≥', ne: '≠', infin: '∞',
  colon: ':', sol: '/', tab: '\t', Tab: '\t',
};
const ENTITY = /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([A-Za-z]{2,8}));/y;

/** The character at `at`, with the reference's length; null when there is none we know. */
export function entityAt(text: string, at: number): { text: string; length: number } | null {
  const [whole, decimal, hex, name] = matchAt(ENTITY, text, at);
  if (!whole) return null;
  const decoded = name !== undefined ? (Object.hasOwn(NAMED, name) ? NAMED[name] : undefined) : fromCode(parseInt(decimal ?? hex ?? '', decimal ? 10 : 16));
  return decoded === undefined ? null : { text: decoded, length: whole.length };
}

function fromCode(code: number): string | undefined {
  if (!(code > 0 && code <= 0x10ffff) || (code >= 0xd800 && code <= 0xdfff)) return '\ufffd';
  return String.fromCodePoint(code).replace(INVISIBLE, '');
}

/** Backslash escapes and references resolved, as in an address. */
export function unescapeText(text: string): string {
  return text
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/&[#\w]{1,9};/g, (reference) => entityAt(reference, 0)?.text ?? reference);
}
