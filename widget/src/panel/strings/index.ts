// Picks the language and fills in names and numbers.
import { en, type Strings } from './en';

export type { Strings };

const LANGUAGES: Record<string, Strings> = { en };
const RIGHT_TO_LEFT = /^(ar|arc|ckb|dv|fa|ha|he|khw|ks|ps|sd|ur|yi)\b/i;

/** `auto` is the first of the visitor's languages that we speak; what owner or page chose stays, for its direction. */
export function chooseLocale(wanted: string, preferred: readonly string[]): string {
  return wanted === 'auto' ? (preferred.find((locale) => lookUp(locale)) ?? 'en') : wanted;
}

export function stringsFor(locale: string): Strings {
  return lookUp(locale) ?? en;
}

function lookUp(locale: string): Strings | undefined {
  const [language = ''] = locale.toLowerCase().split('-');
  return LANGUAGES[locale.toLowerCase()] ?? LANGUAGES[language];
}

export function directionOf(locale: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.test(locale) ? 'rtl' : 'ltr';
}

export function fill(sentence: string, values: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)\}/g, (all, key: string) => String(values[key] ?? all));
}

/** The sentence for an error code. A code nobody translated yet falls back to what the server wrote for people. */
export function errorSentence(words: Strings, problem: { code: string; message?: string; seconds?: number | undefined }): string {
  const known: Record<string, string> = words.errors;
  const { code, seconds } = problem;
  if (code === 'rate_limited' && !seconds) return words.errors.rate_limited_soon;
  return fill(known[code] ?? problem.message ?? words.errors.unknown, { seconds: seconds ?? 0 });
}
