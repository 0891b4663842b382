// A sink that builds a plain tree and prints it, so that the parser can be tested without a page.
import { MarkdownStream } from '../src/panel/markdown/blocks';
import type { Attributes, Sink } from '../src/panel/markdown/sink';

export interface Element {
  tag: string;
  attributes: Attributes;
  children: (Element | string)[];
  kept: number;
}

export class TreeSink implements Sink {
  readonly root: Element = { tag: 'root', attributes: {}, children: [], kept: 0 };
  readonly stack: Element[] = [this.root];
  operations = 0;

  private get top(): Element {
    this.operations += 1;
    return this.stack[this.stack.length - 1] as Element;
  }

  open(tag: string, attributes: Attributes = {}): void {
    const element = { tag, attributes, children: [], kept: 0 };
    this.top.children.push(element);
    this.stack.push(element);
  }

  close(): void {
    if (this.stack.length === 1) throw new Error('closed more than was opened');
    this.operations += 1;
    this.stack.pop();
  }

  text(text: string): void {
    if (text) this.top.children.push(text);
  }

  mark(): void {
    const top = this.top;
    top.kept = top.children.length;
  }

  rewind(): void {
    const top = this.top;
    top.children.length = top.kept;
  }

  rename(tag: string, attributes: Attributes = {}): void {
    Object.assign(this.top, { tag, attributes });
  }

  drop(): void {
    this.stack.pop();
    this.top.children.pop();
  }
}

/** The tree as short text: tags, attributes, text in between. */
export function print(element: Element): string {
  return element.children
    .map((child) => {
      if (typeof child === 'string') return child;
      const attributes = Object.entries(child.attributes).filter(([, value]) => value !== '').map(([key, value]) => ` ${key}=${value}`).join('');
      const inner = print(child);
      return inner || !['br', 'hr'].includes(child.tag) ? `<${child.tag}${attributes}>${inner}</${child.tag}>` : `<${child.tag}>`;
    })
    .join('');
}

export function render(...pieces: string[]): string {
  return print(tree(pieces));
}

export function tree(pieces: Iterable<string>): Element {
  const sink = new TreeSink();
  const stream = new MarkdownStream(sink);
  for (const piece of pieces) stream.push(piece);
  stream.end();
  if (sink.stack.length !== 1) throw new Error(`left open: ${sink.stack.map(({ tag }) => tag).join(' ')}`);
  return sink.root;
}

/** What is on the screen after these pieces, before the end. */
export function renderOpen(...pieces: string[]): string {
  const sink = new TreeSink();
  const stream = new MarkdownStream(sink);
  for (const piece of pieces) stream.push(piece);
  return print(sink.root);
}

export function everyElement(element: Element, visit: (element: Element) => void): void {
  for (const child of element.children) {
    if (typeof child === 'string') continue;
    visit(child);
    everyElement(child, visit);
  }
}
