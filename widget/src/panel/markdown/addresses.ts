// Addresses in running text: between angle brackets, or bare.
import { lastCharacter, matchAt } from './inline-text';

export interface Address {
  from: number;
  end: number;
  text: string;
}

const ANGLE = /<((?:https?:|mailto:)[^\s<>]{1,2000}|[\w.+-]{1,64}@[\w.-]{1,200})>/iy;
const URL_TEXT = /(?:https?:\/\/|www\.)[^\s<>"`[\]]{1,2000}/y;
const MAIL_NAME = /(?:mailto:)?[\w.+-]{1,64}$/i;
const MAIL_HOST = /@(?:[\w-]{1,63}\.){1,8}[\w-]{0,62}[a-z\d](?![\w-])/iy;
const MAX_MAIL_NAME = 71;

export function angleAddress(source: string, from: number): Address | null {
  const [all, text] = matchAt(ANGLE, source, from);
  return all && text ? { from, end: from + all.length, text } : null;
}

/** Of the web; `from` is where its scheme or `www.` begins. */
export function webAddress(source: string, from: number): Address | null {
  if (/[\p{L}\p{N}_/]$/u.test(lastCharacter(source, from))) return null;
  const text = trimUrl(matchAt(URL_TEXT, source, from)[0] ?? '');
  return text ? { from, end: from + text.length, text } : null;
}

/** Of a mailbox; `at` is where its sign is, and the name begins behind `after` at the earliest. */
export function mailAddress(source: string, at: number, after: number): Address | null {
  const [host] = matchAt(MAIL_HOST, source, at);
  const [name] = MAIL_NAME.exec(source.slice(Math.max(after, at - MAX_MAIL_NAME), at)) ?? [];
  return host && name ? { from: at - name.length, end: at + host.length, text: name + host } : null;
}

/** What was left out before the address of a link. */
export function schemeFor(address: string): string {
  if (/^[a-z]+:/i.test(address)) return '';
  return address.startsWith('www.') ? 'http://' : 'mailto:';
}

/** Sentence punctuation and a closing bracket that was not opened do not belong to an address in running text. */
function trimUrl(address: string): string {
  let end = address.length;
  let unopened = 0;
  for (const character of address) unopened += character === ')' ? 1 : character === '(' ? -1 : 0;
  for (; end > 0; end -= 1) {
    const last = address[end - 1] as string;
    if (last === ')' && unopened > 0) unopened -= 1;
    else if (!/[?!.,:;*_~'|\]]/.test(last)) break;
  }
  return /^(?:https?:\/\/|www\.)[^/?#.]/.test(address.slice(0, end)) ? address.slice(0, end) : '';
}
