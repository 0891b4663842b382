// The words the panel says. The server puts those of one language into the panel's page, with the owner's rewording in
// them, so a visitor downloads one language and sees no other one flash by.
import type { Problem } from '../conversation';
import type en from './en.json';
import type more from './more/en.json';

/** A file of this folder; every language has the same keys. */
export type Strings = Record<keyof typeof en, string>;

/** With what only scripts say that are loaded later (`more/`): it comes with the first of them. */
export type AllStrings = Strings & Record<keyof typeof more, string>;

const RIGHT_TO_LEFT = /^(ar|arc|ckb|dv|fa|ha|he|khw|ks|ps|sd|ur|yi)\b/i;

export function directionOf(locale: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.test(locale) ? 'rtl' : 'ltr';
}

export function fill(sentence: string, values: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)\}/g, (all, key: string) => String(values[key] ?? all));
}

/** The sentence for an error code. A code without one falls back to what the server wrote for people. Most sentences
 *  are among the words that come later (`Later.explain`). */
export function errorSentence(words: Strings, problem: Pick<Problem, 'code' | 'message' | 'seconds'>): string {
  const known: Record<string, string> = words;
  const { code, seconds } = problem;
  const key = code === 'rate_limited' && !seconds ? 'rate_limited_soon' : code;
  return fill(known[`error.${key}`] ?? problem.message ?? words['error.unknown'], { seconds: seconds ?? 0 });
}
