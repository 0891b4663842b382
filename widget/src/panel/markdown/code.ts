// A block of code, between fences or indented, line by line.
import { CODE_INDENT, indentOf } from './indent';
import { MAX_MARKER_CHARS, UNDECIDED, type Fence } from './lines';
import type { Sink } from './sink';

export class CodeBlock {
  #isInLine = false;
  /** Blank lines of indented code count only when code follows. */
  #blanks = '';

  constructor(
    private readonly sink: Sink,
    readonly fence: Fence | null,
  ) {
    sink.open('pre', { language: fence?.language ?? '' });
  }

  text(text: string): void {
    this.#isInLine = true;
    if (text) this.sink.text(text);
  }

  endLine(): void {
    if (this.#isInLine) this.sink.text('\n');
    this.#isInLine = false;
  }

  /** What a line is to the block: a part of it, its end, or something else after it. */
  line(rest: string, isBlank: boolean, isComplete: boolean): 'part' | 'end' | 'other' | typeof UNDECIDED {
    if (!this.fence) return this.#indentedLine(rest, isBlank);
    const { indent, mark, size } = this.fence;
    const text = rest.slice(Math.min(indent, indentOf(rest)));
    const closing = indentOf(text) < CODE_INDENT && text.length <= MAX_MARKER_CHARS ? text.trim() : '';
    const isFence = closing !== '' && [...closing].every((character) => character === mark);
    if (isFence && !isComplete) return UNDECIDED;
    if (isFence && closing.length >= size) return 'end';
    this.text(text);
    return 'part';
  }

  #indentedLine(rest: string, isBlank: boolean): 'part' | 'other' {
    const text = rest.slice(CODE_INDENT);
    if (isBlank) this.#blanks += `${text}\n`;
    else if (indentOf(rest) >= CODE_INDENT) {
      this.text(this.#blanks + text);
      this.#blanks = '';
    } else return 'other';
    return 'part';
  }
}
