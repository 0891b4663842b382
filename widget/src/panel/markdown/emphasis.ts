// Which runs of `*`, `_` and `~` open and close what. The rules are CommonMark's, loosened for Chinese and Japanese,
// where no spaces stand around emphasised words.
import type { Attributes } from './sink';

export interface Token {
  /** Where it begins in the source. */
  at: number;
  /** Elements that end before this token's text, and those that begin after it, the innermost first. */
  closes: number;
  opens: { tag: string; attributes?: Attributes }[];
  text: string;
  /** An element around the text alone. */
  wrap?: { tag: string; attributes?: Attributes };
  /** The text stands in the source as it is, so that it may be cut in two. */
  isRaw?: boolean;
}

export interface Run {
  token: Token;
  mark: string;
  count: number;
  canOpen: boolean;
  canClose: boolean;
}

const SPACE = /^\s?$/;
const PUNCTUATION = /^[\p{P}\p{S}]$/u;
const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]$/u;

/** `before` and `after` are the characters around the run, empty at the ends. */
export function flanking(mark: string, before: string, after: string): Pick<Run, 'canOpen' | 'canClose'> {
  const [opensWord, closesWord] = [flanks(before, after), flanks(after, before)];
  const isWithin = mark === '_' && opensWord && closesWord;
  return {
    canOpen: opensWord && (!isWithin || PUNCTUATION.test(before)),
    canClose: closesWord && (!isWithin || PUNCTUATION.test(after)),
  };
}

function flanks(outside: string, inside: string): boolean {
  if (SPACE.test(inside)) return false;
  return !PUNCTUATION.test(inside) || SPACE.test(outside) || PUNCTUATION.test(outside) || UNSPACED.test(outside);
}

/** Pairs the runs from `from` on and forgets them; returns the openers that found no partner. */
export function pairRuns(runs: Run[], from: number): Run[] {
  const openers: Run[] = [];
  /** Below this height no partner for such a closer exists, so that no stretch is searched twice. */
  const floor = new Map<string, number>();
  for (const run of runs.splice(from)) {
    while (run.canClose && run.count > 0) {
      const key = `${run.mark}${run.canOpen}${run.mark === '~' ? run.count : run.count % 3}`;
      const at = findOpener(openers, run, floor.get(key) ?? 0);
      if (at < 0) {
        floor.set(key, openers.length);
        break;
      }
      openers.length = at + 1;
      if (pair(openers[at] as Run, run) === 0) openers.pop();
    }
    if (run.canOpen && run.count > 0) openers.push(run);
  }
  return openers;
}

function findOpener(openers: Run[], closer: Run, floor: number): number {
  for (let at = openers.length - 1; at >= floor; at -= 1) if (fits(openers[at] as Run, closer)) return at;
  return -1;
}

function fits(opener: Run, closer: Run): boolean {
  if (opener.mark !== closer.mark) return false;
  if (opener.mark === '~') return opener.count === closer.count;
  const isAmbiguous = opener.canClose || closer.canOpen;
  return !isAmbiguous || (opener.count + closer.count) % 3 !== 0 || (opener.count % 3 === 0 && closer.count % 3 === 0);
}

function pair(opener: Run, closer: Run): number {
  const used = opener.mark === '~' ? opener.count : Math.min(2, opener.count, closer.count);
  opener.token.opens.push({ tag: tagFor(opener.mark, used) });
  closer.token.closes += 1;
  shorten(closer, used);
  return shorten(opener, used);
}

function shorten(run: Run, used: number): number {
  run.count -= used;
  run.token.text = run.mark.repeat(run.count);
  return run.count;
}

function tagFor(mark: string, used: number): string {
  if (mark === '~') return 'del';
  return used === 2 ? 'strong' : 'em';
}

/** While a reply streams, what opened is shown as if it were closed: its marks would only flicker. `~10` means about ten. */
export function openOptimistically(run: Run): void {
  if (run.mark === '~' && run.count === 1) return;
  while (run.count > 0) {
    const used = run.mark === '~' ? run.count : Math.min(2, run.count);
    run.token.opens.push({ tag: tagFor(run.mark, used) });
    shorten(run, used);
  }
}
