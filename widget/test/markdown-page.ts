// As much of a page as the sink for nodes uses, so that its nodes can be looked at without a browser.

export class FakeNode {
  parent: FakeElement | null = null;

  get siblings(): FakeNode[] {
    return this.parent?.childNodes ?? [];
  }

  remove(): void {
    const at = this.siblings.indexOf(this);
    if (at >= 0) this.siblings.splice(at, 1);
    this.parent = null;
  }

  replaceWith(...nodes: (FakeNode | string)[]): void {
    this.place(nodes, 1);
  }

  after(...nodes: (FakeNode | string)[]): void {
    this.place(nodes, 0);
  }

  private place(nodes: (FakeNode | string)[], removed: number): void {
    const { parent } = this;
    if (!parent) return;
    const at = parent.childNodes.indexOf(this);
    const added = nodes.map((node) => parent.adopt(node));
    parent.childNodes.splice(at + 1 - removed, removed, ...added);
  }
}

export class FakeText extends FakeNode {
  constructor(readonly textContent: string) {
    super();
  }
}

export class FakeElement extends FakeNode {
  readonly childNodes: FakeNode[] = [];
  readonly attributes: Record<string, string> = {};
  readonly dataset: Record<string, string> = {};

  constructor(readonly localName: string) {
    super();
  }

  adopt(node: FakeNode | string): FakeNode {
    const child = typeof node === 'string' ? new FakeText(node) : node;
    child.remove();
    child.parent = this;
    return child;
  }

  append(...nodes: (FakeNode | string)[]): void {
    for (const node of nodes) this.childNodes.push(this.adopt(node));
  }

  setAttribute(name: string, value: string): void {
    this.attributes[name] = value;
  }

  get lastChild(): FakeNode | null {
    return this.childNodes[this.childNodes.length - 1] ?? null;
  }

  get lastElementChild(): FakeElement | null {
    return this.childNodes.filter((child): child is FakeElement => child instanceof FakeElement).pop() ?? null;
  }

  get parentElement(): FakeElement | null {
    return this.parent;
  }

  get textContent(): string {
    return this.childNodes.map((child) => (child as FakeElement | FakeText).textContent).join('');
  }

  set textContent(text: string) {
    this.childNodes.length = 0;
    this.append(text);
  }

  all(name: string): FakeElement[] {
    const elements = this.childNodes.filter((child): child is FakeElement => child instanceof FakeElement);
    return elements.flatMap((child) => [...(child.localName === name ? [child] : []), ...child.all(name)]);
  }
}

class FakeAnchor extends FakeElement {}
class FakeNumbered extends FakeElement {}

/** Makes the names that the sink looks up in a page, and an element to build in. */
export function fakePage(): FakeElement {
  const classes: Record<string, typeof FakeElement> = { a: FakeAnchor, ol: FakeNumbered };
  const createElement = (name: string): FakeElement => new (classes[name] ?? FakeElement)(name);
  Object.assign(globalThis, { document: { createElement }, HTMLAnchorElement: FakeAnchor, HTMLOListElement: FakeNumbered });
  return createElement('div');
}
