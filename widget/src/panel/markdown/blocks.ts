// Markdown as it streams in. Lines build blocks; a finished block is never looked at again, an unfinished line waits
// only as long as its beginning may still mean two things.
import { Cleaner } from './clean';
import { CodeBlock } from './code';
import { capIndent, placeLine, type Place } from './containers';
import { indentOf } from './indent';
import { InlineStream } from './inline-stream';
import { HOLD, UNDECIDED, planLine, type Leaf, type LineContext, type Plan } from './lines';
import { Nesting } from './nesting';
import type { Sink } from './sink';
import { readAlignments, writeRow } from './tables';

type OpenLeaf =
  | { kind: 'text'; inline: InlineStream; lines: number; lastLine: string }
  | { kind: 'heading'; inline: InlineStream }
  | { kind: 'code'; block: CodeBlock }
  | { kind: 'table'; alignments: string[] };

export class MarkdownStream {
  readonly #cleaner = new Cleaner();
  readonly #nesting: Nesting;
  #leaf: OpenLeaf | null = null;
  /** The line so far: still undecided, or held until it ends. */
  #line = '';
  #held: string[] | null = null;
  #isInContent = false;
  /** A row that may turn out to be a table's head. */
  #head: string | null = null;
  #headingLevel = 0;

  constructor(private readonly sink: Sink) {
    this.#nesting = new Nesting(sink);
  }

  push(piece: string): void {
    const text = this.#cleaner.clean(piece);
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.#feed(text.slice(from, end));
      this.#endLine();
      from = end + 1;
    }
    this.#feed(text.slice(from));
    if (this.#leaf && 'inline' in this.#leaf) this.#leaf.inline.flush();
  }

  end(): void {
    if (this.#line || this.#held || this.#isInContent) this.#endLine();
    this.#settleHead();
    this.#closeTo(0);
  }

  #feed(piece: string): void {
    if (!piece) return;
    if (this.#isInContent) this.#content(piece);
    else if (this.#held) this.#held.push(piece);
    else {
      this.#line = capIndent(this.#line + piece);
      const decided = this.#begin(this.#line, false);
      if (decided === HOLD) this.#held = [this.#line];
      if (decided === true) this.#isInContent = true;
      if (decided !== UNDECIDED) this.#line = '';
    }
  }

  #endLine(): void {
    if (!this.#isInContent) this.#begin(this.#held ? this.#held.join('') : this.#line, true);
    this.#isInContent = false;
    this.#held = null;
    this.#line = '';
    if (this.#leaf?.kind === 'heading') this.#closeLeaf();
    else if (this.#leaf?.kind === 'code') this.#leaf.block.endLine();
  }

  #content(text: string): void {
    if (this.#leaf?.kind === 'code') this.#leaf.block.text(text);
    else if (this.#leaf && 'inline' in this.#leaf) {
      this.#leaf.inline.push(text);
      if (this.#leaf.kind === 'text' && this.#leaf.lines === 1) this.#leaf.lastLine += text;
    }
  }

  /** Finds out what the line is and does it; true when the rest of the line is content of the open leaf. */
  #begin(line: string, isComplete: boolean): true | typeof UNDECIDED | typeof HOLD {
    const block = this.#leaf?.kind === 'code' ? this.#leaf.block : null;
    const place = placeLine(this.#nesting.containers, line, !!block?.fence);
    const isBlank = indentOf(place.rest) === place.rest.length;
    const isWhole = place.matched === this.#nesting.containers.length;
    if (isBlank && !isComplete) return UNDECIDED;
    const part = block && isWhole ? block.line(place.rest, isBlank, isComplete) : 'other';
    if (part === 'end') this.#closeLeaf();
    if (part !== 'other') return part === UNDECIDED ? part : true;
    if (isBlank) return this.#blankLine(place);
    const plan = planLine(place, this.#context(isWhole, isComplete));
    if (typeof plan === 'string') return plan;
    this.#apply(plan, place);
    return true;
  }

  #context(isWhole: boolean, isComplete: boolean): LineContext {
    const leaf = this.#leaf;
    const isText = leaf?.kind === 'text';
    const levels = this.#nesting.containers.filter(({ kind }) => kind !== 'list').length;
    const hasParagraph = isText || this.#head !== null;
    return {
      isComplete,
      inParagraph: isWhole && hasParagraph,
      hasParagraph,
      inList: levels < this.#nesting.containers.length,
      inTable: isWhole && leaf?.kind === 'table',
      afterHead: isWhole && (this.#head !== null || (isText && leaf.lines === 1 && leaf.lastLine.includes('|'))),
      depth: levels,
    };
  }

  #blankLine(place: Place): true {
    this.#settleHead();
    const quote = this.#nesting.containers.findIndex(({ kind }, at) => kind === 'quote' && at >= place.matched);
    if (quote >= 0) this.#closeTo(quote);
    else if (this.#leaf?.kind !== 'code') this.#closeLeaf();
    return true;
  }

  #apply(plan: Plan, place: Place): void {
    const { openings, leaf } = plan;
    const isWhole = place.matched === this.#nesting.containers.length;
    if (leaf.kind === 'row' && openings.length === 0 && isWhole && this.#row(leaf.text)) return;
    this.#settleHead();
    const isLazy = leaf.kind === 'text' && openings.length === 0 && this.#leaf?.kind === 'text';
    if (isLazy) return this.#continueText(leaf.text);
    if (leaf.kind === 'underline' && this.#leaf?.kind === 'text') return this.#underline(leaf.level);
    this.#closeTo(place.matched);
    this.#closeLeaf();
    if (!openings.length) this.#nesting.leaveList();
    for (const opening of openings) this.#nesting.enter(opening);
    this.#openLeaf(leaf);
  }

  #openLeaf(leaf: Leaf): void {
    switch (leaf.kind) {
      case 'rule':
        this.sink.open('hr');
        return this.sink.close();
      case 'heading':
        this.sink.open(this.#headingTag(leaf.level), { level: String(leaf.level) });
        this.#leaf = { kind: 'heading', inline: new InlineStream(this.sink, true) };
        return this.#content(leaf.text);
      case 'fence':
        this.#leaf = { kind: 'code', block: new CodeBlock(this.sink, leaf) };
        return;
      case 'indented':
        this.#leaf = { kind: 'code', block: new CodeBlock(this.sink, null) };
        return this.#content(leaf.text);
      case 'row':
        this.#head = leaf.text;
        return;
      case 'none':
        return;
      default:
        this.sink.open('p');
        this.#leaf = { kind: 'text', inline: new InlineStream(this.sink), lines: 1, lastLine: '' };
        return this.#content(leaf.text);
    }
  }

  /** Levels without gaps, whatever the model writes: the page's own title is the first one. */
  #headingTag(level: number): string {
    this.#headingLevel = Math.min(level, this.#headingLevel + 1, 5);
    return `h${this.#headingLevel + 1}`;
  }

  #continueText(text: string): void {
    if (this.#leaf?.kind !== 'text') return;
    this.#leaf.lines += 1;
    this.#leaf.inline.push('\n');
    this.#content(text);
  }

  #underline(level: number): void {
    if (this.#leaf?.kind !== 'text') return;
    this.sink.rename(this.#headingTag(level), { level: String(level) });
    this.#leaf = { kind: 'heading', inline: this.#leaf.inline };
  }

  /** A line with bars: a row of the open table, the row under a head, or perhaps the head of a new one. */
  #row(text: string): boolean {
    if (this.#leaf?.kind === 'table') {
      writeRow(this.sink, text, this.#leaf.alignments, 'td');
      return true;
    }
    const head = this.#head ?? (this.#leaf?.kind === 'text' && this.#leaf.lines === 1 ? this.#leaf.lastLine : null);
    const alignments = head === null ? null : readAlignments(text, head);
    if (head !== null && alignments) {
      this.#openTable(head, alignments);
      return true;
    }
    this.#settleHead();
    if (this.#leaf?.kind !== 'text') return false;
    this.#head = text;
    return true;
  }

  #openTable(head: string, alignments: string[]): void {
    if (this.#head === null) {
      this.sink.drop();
      this.#leaf = null;
    }
    this.#head = null;
    this.#closeLeaf();
    this.sink.open('table');
    this.#leaf = { kind: 'table', alignments };
    writeRow(this.sink, head, alignments, 'th');
  }

  /** The row before was no table's head after all. */
  #settleHead(): void {
    const head = this.#head;
    this.#head = null;
    if (head === null) return;
    if (this.#leaf?.kind === 'text') this.#continueText(head);
    else this.#openLeaf({ kind: 'text', text: head });
  }

  #closeLeaf(): void {
    const leaf = this.#leaf;
    this.#leaf = null;
    if (!leaf) return;
    if ('inline' in leaf) leaf.inline.end();
    this.sink.close();
  }

  #closeTo(depth: number): void {
    if (this.#nesting.containers.length > depth || depth === 0) this.#closeLeaf();
    this.#nesting.leave(depth);
  }
}
