// Builds nodes from what the parser says, with `createElement` and text nodes only.
import type { Attributes, Sink } from './sink';

export interface DomWords {
  code: string;
  copyCode: string;
  table: string;
}

interface Level {
  element: Element;
  /** What goes away when the element is dropped: with code and tables, more than the element itself. */
  outer: Element;
  /** The last node that stays when the sink is rewound. */
  kept: ChildNode | null;
}

/** So many lines share a block, so that a long listing is laid out piece by piece. */
const CODE_LINES_PER_BLOCK = 40;
/** So much text makes a paragraph: a browser lays out a whole one again whenever it grows. */
const MAX_PARAGRAPH_CHARS = 8000;
/** Marks on one letter, joiners and the like between them or not; more would paint over the lines around. */
const TOWER = /((?:\p{M}[\u200b-\u200d\u2060]*){8})(?:[\p{M}\u200b-\u200d\u2060]*\p{M})/gu;
const MARK = /\p{M}/u;
const TAGS = new Set('p br strong em del code ul ol li blockquote h2 h3 h4 h5 h6 table tr th td hr a pre'.split(' '));

export class DomSink implements Sink {
  readonly #levels: Level[];
  #pending = '';
  #codeLines = 0;

  constructor(
    root: Element,
    private readonly words: DomWords,
  ) {
    this.#levels = [{ element: root, outer: root, kept: null }];
  }

  open(tag: string, attributes: Attributes = {}): void {
    this.flush();
    if (!TAGS.has(tag)) throw new Error(`The parser may not make <${tag}>.`);
    const level = this.#build(tag, attributes);
    this.#parent().append(level.outer);
    this.#levels.push(level);
  }

  close(): void {
    this.flush();
    const { element } = this.#levels.pop() as Level;
    const host = element instanceof HTMLAnchorElement && element.dataset.host;
    if (!host) return;
    const note = document.createElement('span');
    note.className = 'link-host';
    note.textContent = ` (${host})`;
    element.after(note);
  }

  text(text: string): void {
    this.#pending += text;
  }

  mark(): void {
    this.flush();
    const { element } = this.#level();
    if (element.localName === 'p' && (element.textContent ?? '').length > MAX_PARAGRAPH_CHARS) this.#split(element);
    else this.#level().kept = element.lastChild;
  }

  /** Goes on in a paragraph of its own. */
  #split(full: Element): void {
    const element = document.createElement('p');
    full.after(element);
    this.#levels[this.#levels.length - 1] = { element, outer: element, kept: null };
  }

  rewind(): void {
    this.#pending = '';
    const { element, kept } = this.#level();
    while (element.lastChild && element.lastChild !== kept) element.lastChild.remove();
  }

  rename(tag: string, attributes: Attributes = {}): void {
    this.flush();
    const old = this.#level();
    const next = this.#build(tag, attributes);
    next.element.append(...old.element.childNodes);
    old.outer.replaceWith(next.outer);
    this.#levels[this.#levels.length - 1] = { ...next, kept: old.kept };
  }

  drop(): void {
    this.#pending = '';
    this.#levels.pop()?.outer.remove();
  }

  /** Puts collected text into the page. */
  flush(): void {
    if (!this.#pending) return;
    const { element } = this.#level();
    if (MARK.test(this.#pending)) this.#pending = this.#pending.replace(TOWER, '$1');
    if (element.localName === 'code' && element.parentElement?.localName === 'pre') this.#flushCode(element);
    else element.append(this.#pending);
    this.#pending = '';
  }

  #flushCode(code: Element): void {
    for (const line of this.#pending.split(/(?<=\n)/)) {
      let block = code.lastElementChild;
      if (!block || this.#codeLines >= CODE_LINES_PER_BLOCK) {
        block = document.createElement('span');
        code.append(block);
        this.#codeLines = 0;
      }
      block.append(line);
      if (line.endsWith('\n')) this.#codeLines += 1;
    }
  }

  #level(): Level {
    return this.#levels[this.#levels.length - 1] as Level;
  }

  #parent(): Element {
    return this.#level().element;
  }

  #build(tag: string, attributes: Attributes): Level {
    if (tag === 'pre') return this.#buildCode(attributes.language || this.words.code);
    if (tag === 'table') return this.#buildTable();
    const element = document.createElement(tag);
    if (element instanceof HTMLAnchorElement) link(element, attributes);
    if (element instanceof HTMLOListElement && attributes.start) element.start = Number(attributes.start);
    if (attributes.align) element.className = `align-${attributes.align}`;
    if (attributes.task) element.className = 'task';
    if (attributes.level) element.className = `level-${attributes.level}`;
    return { element, outer: element, kept: null };
  }

  #buildCode(language: string): Level {
    const outer = document.createElement('figure');
    const bar = document.createElement('figcaption');
    const name = document.createElement('span');
    const copy = document.createElement('button');
    const pre = document.createElement('pre');
    const code = document.createElement('code');
    outer.className = 'code';
    name.textContent = language;
    copy.type = 'button';
    copy.className = 'copy-code';
    copy.textContent = this.words.copyCode;
    pre.tabIndex = 0;
    pre.dir = 'ltr';
    bar.append(name, copy);
    pre.append(code);
    outer.append(bar, pre);
    this.#codeLines = 0;
    return { element: code, outer, kept: null };
  }

  #buildTable(): Level {
    const outer = document.createElement('div');
    const element = document.createElement('table');
    outer.className = 'table';
    outer.tabIndex = 0;
    outer.setAttribute('role', 'group');
    outer.setAttribute('aria-label', this.words.table);
    outer.append(element);
    return { element, outer, kept: null };
  }
}

function link(element: HTMLAnchorElement, attributes: Attributes): void {
  element.href = element.title = attributes.href ?? '';
  element.target = '_blank';
  element.rel = 'noopener noreferrer nofollow ugc';
  if (attributes.host) element.dataset.host = attributes.host;
}
