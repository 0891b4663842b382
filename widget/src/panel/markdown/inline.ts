// Inline markdown of one stretch of text into a flat list of tokens. One pass, no backtracking; the caller bounds the
// length of a stretch, and with it every search in here.
import { angleAddress, mailAddress, schemeFor, webAddress, type Address } from './addresses';
import { flanking, openOptimistically, pairRuns, type Run, type Token } from './emphasis';
import { entityAt, unescapeText } from './entities';
import { codeText, endOfRun, findTicks, lastCharacter, linkAttributes, matchAt } from './inline-text';
import { safeUrl } from './links';
import { readDestination } from './destination';

interface Bracket {
  token: Token;
  tokenCount: number;
  runCount: number;
  isImage: boolean;
  at: number;
}

const SPECIAL = /[\\`*_~[\]!<&@\n]|https?:\/\/|www\./g;
const ESCAPABLE = /[!-/:-@[-`{-~]/;
const LINE_BREAK_TAG = /<br ?\/?>/iy;
const OPEN_ANGLE = /^<(?:br ?\/?|[!-;=?-~]{0,2000})$/i;
/** A reference's definition is shown as text, on a line of its own. */
const DEFINITION = /\n\[[^[\]\n]{1,99}\]:/y;
/** How far back a construct without an end is still believed while the reply streams. */
const OPTIMISM_CHARS = 400;

export class InlineParser {
  readonly tokens: Token[] = [];
  /** From here on, text to come may still change the meaning. */
  pendingAt: number;
  readonly #runs: Run[] = [];
  readonly #brackets: Bracket[] = [];
  /** Numbers of backticks for which no end follows. */
  readonly #unmatchedTicks = new Set<number>();
  #at = 0;
  #plainFrom = 0;

  constructor(
    private readonly source: string,
    private readonly isFinal: boolean,
  ) {
    this.pendingAt = source.length;
    this.#scan();
    this.#finish();
  }

  #scan(): void {
    const { source } = this;
    while (this.#at < source.length) {
      SPECIAL.lastIndex = this.#at;
      const found = SPECIAL.exec(source);
      if (!found) break;
      this.#at = found.index;
      const next = this.#special(found[0]);
      if (next < 0) return this.#hold(this.#at);
      this.#at = next === 0 ? this.#at + found[0].length : next;
    }
    this.#at = source.length;
    this.#plain(source.length);
  }

  /** Where to go on; 0 when the character means only itself, -1 when the text has to grow before anyone can tell. */
  #special(found: string): number {
    switch (found) {
      case '\\':
        return this.#backslash();
      case '`':
        return this.#code();
      case '*':
      case '_':
      case '~':
        return this.#run(found);
      case '!':
        return this.#isLast(1) ? -1 : this.source[this.#at + 1] === '[' ? this.#bracket('![') : 0;
      case '[':
        return this.#bracket('[');
      case ']':
        return this.#endBracket();
      case '<':
        return this.#angle();
      case '&':
        return this.#entity();
      case '@':
        return this.#link(mailAddress(this.source, this.#at, this.#plainFrom));
      case '\n':
        return this.#lineBreak();
      default:
        return this.#link(webAddress(this.source, this.#at));
    }
  }

  #isLast(length: number): boolean {
    return !this.isFinal && this.#at + length >= this.source.length;
  }

  #hold(at: number): void {
    this.#plain(at);
    this.pendingAt = Math.min(this.pendingAt, at);
  }

  /** Everything plain up to `end` becomes a token. */
  #plain(end: number): void {
    if (end > this.#plainFrom) this.#add(this.#plainFrom, this.source.slice(this.#plainFrom, end)).isRaw = true;
    this.#plainFrom = end;
  }

  #add(at: number, text: string, wrap?: Token['wrap']): Token {
    const token: Token = { at, closes: 0, opens: [], text, ...(wrap ? { wrap } : {}) };
    this.tokens.push(token);
    return token;
  }

  /** Adds a token for the source from here to `end` and goes on behind it. */
  #take(end: number, text: string, wrap?: Token['wrap'], from = this.#at): number {
    this.#plain(from);
    this.#add(from, text, wrap);
    return (this.#plainFrom = end);
  }

  #backslash(): number {
    if (this.#isLast(1)) return -1;
    const next = this.source[this.#at + 1] ?? '';
    if (next === '\n') return this.#take(this.#at + 2, '', { tag: 'br' });
    return ESCAPABLE.test(next) ? this.#take(this.#at + 2, next) : 0;
  }

  #lineBreak(): number {
    const [definition] = matchAt(DEFINITION, this.source, this.#at);
    if (this.source[this.#at - 1] !== ' ' && !definition) return 0;
    this.#plain(this.#at);
    const last = this.tokens[this.tokens.length - 1];
    if (last) last.text = last.text.trimEnd();
    return definition || this.source[this.#at - 2] === ' ' ? this.#take(this.#at + 1, '', { tag: 'br' }) : 0;
  }

  #entity(): number {
    const found = entityAt(this.source, this.#at);
    if (found) return this.#take(this.#at + found.length, found.text);
    return !this.isFinal && /^&[#\w]{0,9}$/.test(this.source.slice(this.#at, this.#at + 12)) ? -1 : 0;
  }

  #run(mark: string): number {
    const end = endOfRun(this.source, this.#at);
    if (!this.isFinal && end === this.source.length) return -1;
    const before = lastCharacter(this.source, this.#at);
    const after = String.fromCodePoint(this.source.codePointAt(end) ?? 32);
    const { canOpen, canClose } = flanking(mark, before, after);
    const count = end - this.#at;
    if (!(canOpen || canClose) || (mark === '~' && count > 2)) return end;
    const next = this.#take(end, mark.repeat(count));
    this.#runs.push({ token: this.tokens[this.tokens.length - 1] as Token, mark, count, canOpen, canClose });
    return next;
  }

  #code(): number {
    const end = endOfRun(this.source, this.#at);
    const size = end - this.#at;
    if (!this.isFinal && end === this.source.length) return -1;
    const close = this.#unmatchedTicks.has(size) ? -1 : findTicks(this.source, end, size);
    if (close >= 0) return this.#take(close + size, codeText(this.source.slice(end, close)), { tag: 'code' });
    this.#unmatchedTicks.add(size);
    if (this.isFinal) return end;
    this.pendingAt = Math.min(this.pendingAt, this.#at);
    if (this.source.length - end > OPTIMISM_CHARS) return end;
    return this.#take(this.source.length, codeText(this.source.slice(end).replace(/`+$/, '')), { tag: 'code' });
  }

  #angle(): number {
    const [tag] = matchAt(LINE_BREAK_TAG, this.source, this.#at);
    if (tag) return this.#take(this.#at + tag.length, '', { tag: 'br' });
    const address = angleAddress(this.source, this.#at);
    if (address) return this.#link(address);
    const rest = this.source.slice(this.#at, this.#at + 2002);
    if (this.isFinal || !OPEN_ANGLE.test(rest)) return 0;
    this.pendingAt = Math.min(this.pendingAt, this.#at);
    return rest.length < OPTIMISM_CHARS ? -1 : 0;
  }

  #link(address: Address | null): number {
    const url = address && safeUrl(schemeFor(address.text) + address.text);
    return url ? this.#take(address.end, address.text, { tag: 'a', attributes: linkAttributes('', url) }, address.from) : 0;
  }

  #bracket(text: string): number {
    const next = this.#take(this.#at + text.length, text);
    const token = this.tokens[this.tokens.length - 1] as Token;
    const isImage = text === '![';
    this.#brackets.push({ token, tokenCount: this.tokens.length, runCount: this.#runs.length, isImage, at: token.at });
    return next;
  }

  #endBracket(): number {
    const bracket = this.#brackets[this.#brackets.length - 1];
    if (!bracket) return 0;
    if (this.#isLast(1)) return -1;
    const destination = this.source[this.#at + 1] === '(' ? readDestination(this.source, this.#at + 2) : null;
    if (destination === 'open' && !this.isFinal) return -1;
    this.#brackets.pop();
    const url = destination && destination !== 'open' ? safeUrl(unescapeText(destination.address)) : null;
    if (!url || !destination || destination === 'open') return 0;
    this.#plain(this.#at);
    pairRuns(this.#runs, bracket.runCount);
    if (bracket.isImage) this.#image(bracket, url);
    else this.#linkBracket(bracket, url);
    return (this.#plainFrom = destination.end);
  }

  /** Images are shown as links: fetching one would tell its server about the visitor. */
  #image(bracket: Bracket, url: URL): void {
    const alternative = this.#textFrom(bracket).trim();
    this.tokens.length = bracket.tokenCount;
    bracket.token.text = alternative || url.href;
    bracket.token.wrap = { tag: 'a', attributes: linkAttributes(alternative, url) };
  }

  #linkBracket(bracket: Bracket, url: URL): void {
    const text = this.#textFrom(bracket);
    if (!text.trim()) this.#add(this.#at, url.href);
    bracket.token.text = '';
    bracket.token.opens.push({ tag: 'a', attributes: linkAttributes(text, url) });
    // No link inside a link: what was one within is its text, and brackets further out can only be text.
    for (const token of this.tokens.slice(bracket.tokenCount)) if (token.wrap?.tag === 'a') delete token.wrap;
    this.#brackets.length = 0;
    this.#add(this.#at, '').closes = 1;
  }

  #textFrom(bracket: Bracket): string {
    return this.tokens.slice(bracket.tokenCount).map((token) => token.text).join('');
  }

  #finish(): void {
    const unmatched = pairRuns(this.#runs, 0);
    if (this.isFinal) return;
    const isFresh = (at: number): boolean => this.source.length - at <= OPTIMISM_CHARS;
    for (const run of unmatched) {
      this.pendingAt = Math.min(this.pendingAt, run.token.at);
      if (isFresh(run.token.at)) openOptimistically(run);
    }
    for (const { token, at } of this.#brackets) {
      this.pendingAt = Math.min(this.pendingAt, at);
      if (isFresh(at)) token.text = '';
    }
  }
}
