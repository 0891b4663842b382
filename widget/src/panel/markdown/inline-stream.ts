// One paragraph, heading or cell as it grows. Words whose meaning can no longer change are settled; only the few
// after them are parsed again when more text comes, so that a piece costs the same at the end of a long reply.
import { InlineParser } from './inline';
import type { Token } from './emphasis';
import type { Sink } from './sink';

/** The longest stretch that waits for the end of something it began; then it is taken as it stands. */
const WINDOW_CHARS = 3000;

interface Boundary {
  token: Token;
  /** Characters of the token's text that are settled. */
  length: number;
}

export class InlineStream {
  #tail = '';
  #isDirty = false;

  constructor(
    private readonly sink: Sink,
    /** Hashes at the end of the line are no part of it, so that nothing of it is settled before. */
    private readonly isHeading = false,
  ) {
    sink.mark();
  }

  push(text: string): void {
    this.#tail += text;
    this.#isDirty ||= text !== '';
  }

  /** Shows what is there; called once per paint. */
  flush(): void {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    this.sink.rewind();
    this.#settleLong();
    const parser = new InlineParser(this.isHeading ? withoutClosingHashes(this.#tail) : this.#tail, false);
    const boundary = this.isHeading ? null : findBoundary(parser);
    emit(this.sink, parser.tokens, boundary);
    if (boundary) this.#tail = this.#tail.slice(boundary.token.at + boundary.length);
  }

  end(): void {
    this.sink.rewind();
    this.#settleLong();
    const text = this.#tail.trimEnd();
    emit(this.sink, new InlineParser(this.isHeading ? withoutClosingHashes(text) : text, true).tokens, null);
  }

  #settleLong(): void {
    while (this.#tail.length > WINDOW_CHARS) {
      const parser = new InlineParser(this.#tail.slice(0, WINDOW_CHARS), false);
      const boundary = findBoundary(parser);
      if (boundary) emit(this.sink, parser.tokens, boundary, true);
      else emit(this.sink, new InlineParser(this.#tail.slice(0, forcedCut(this.#tail)), true).tokens, null);
      this.sink.mark();
      this.#tail = this.#tail.slice(boundary ? boundary.token.at + boundary.length : forcedCut(this.#tail));
    }
  }
}

/** The last end of a word that nothing still open can reach. */
function findBoundary(parser: InlineParser): Boundary | null {
  let depth = 0;
  let found: Boundary | null = null;
  for (const token of parser.tokens) {
    if (token.at >= parser.pendingAt) break;
    depth -= token.closes;
    if (depth === 0 && token.isRaw) {
      const length = lastWordEnd(token.text, parser.pendingAt - token.at);
      if (token.at + length > 0 && length >= 0) found = { token, length };
    }
    depth += token.opens.length;
  }
  return found;
}

/** Where the last white space begins; -1 when there is none. */
function lastWordEnd(text: string, limit: number): number {
  for (let at = Math.min(text.length, limit) - 1; at >= 0; at -= 1) {
    if (isSpace(text, at) && (at === 0 || !isSpace(text, at - 1))) return at;
  }
  return -1;
}

function isSpace(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 32 || code === 10 || code === 9;
}

function forcedCut(text: string): number {
  for (let at = WINDOW_CHARS; at > WINDOW_CHARS / 2; at -= 1) if (isSpace(text, at)) return at;
  const code = text.charCodeAt(WINDOW_CHARS - 1);
  return code >= 0xd800 && code <= 0xdbff ? WINDOW_CHARS - 1 : WINDOW_CHARS;
}

function emit(sink: Sink, tokens: Token[], boundary: Boundary | null, onlySettled = false): void {
  let depth = 0;
  for (const token of tokens) {
    for (let left = token.closes; left > 0; left -= 1) sink.close();
    depth -= token.closes;
    if (token === boundary?.token) {
      if (boundary.length) sink.text(token.text.slice(0, boundary.length));
      if (onlySettled) return;
      sink.mark();
      sink.text(token.text.slice(boundary.length));
    } else emitText(sink, token);
    for (const { tag, attributes } of [...token.opens].reverse()) sink.open(tag, attributes);
    depth += token.opens.length;
  }
  while (depth-- > 0) sink.close();
}

function emitText(sink: Sink, token: Token): void {
  if (token.wrap) sink.open(token.wrap.tag, token.wrap.attributes);
  if (token.text) sink.text(token.text);
  if (token.wrap) sink.close();
}

function withoutClosingHashes(text: string): string {
  let end = text.length;
  while (text[end - 1] === '#') end -= 1;
  const isClosing = end < text.length && (end === 0 || text[end - 1] === ' ');
  return isClosing ? text.slice(0, end).trimEnd() : text;
}
