// Picks the language and fills in names and numbers.
import { en, type Strings } from './en';

export type { Strings };

const LANGUAGES: Record<string, Strings> = { en };
const RIGHT_TO_LEFT = /^(ar|arc|ckb|dv|fa|ha|he|khw|ks|ps|sd|ur|yi)\b/i;

export function stringsFor(locale: string): Strings {
  return LANGUAGES[locale.toLowerCase()] ?? LANGUAGES[locale.toLowerCase().split('-')[0] ?? ''] ?? en;
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
