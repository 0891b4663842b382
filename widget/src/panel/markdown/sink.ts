// What the parser says and somebody else builds: elements and text, in order. Nodes in the page and plain trees in
// tests are two sinks of the same parser.

export type Attributes = Record<string, string>;

export interface Sink {
  /** Adds an element to the current one and goes into it. */
  open(tag: string, attributes?: Attributes): void;
  close(): void;
  text(text: string): void;
  /** From here on, what is added to the current element may be taken back. */
  mark(): void;
  /** Takes back everything added to the current element since the mark. */
  rewind(): void;
  /** Makes the current element one of another kind, children and all. */
  rename(tag: string, attributes?: Attributes): void;
  /** Leaves the current element and removes it. */
  drop(): void;
}
