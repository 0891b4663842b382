// The quotes, lists and items that are open, and their elements.
import type { Container } from './containers';
import type { Opening } from './lines';
import type { Sink } from './sink';

export class Nesting {
  readonly containers: Container[] = [];

  constructor(private readonly sink: Sink) {}

  enter(opening: Opening): void {
    if (opening.kind === 'quote') {
      this.leaveList();
      this.containers.push({ kind: 'quote' });
      return this.sink.open('blockquote');
    }
    const { isOrdered, isTask, marker, start, width } = opening;
    const key = `${marker}${isOrdered}`;
    this.leaveList(key);
    if (this.#top?.kind !== 'list') {
      this.containers.push({ kind: 'list', key });
      this.sink.open(isOrdered ? 'ol' : 'ul', isOrdered && start !== 1 ? { start: String(start) } : undefined);
    }
    this.containers.push({ kind: 'item', width, isOrdered });
    this.sink.open('li', isTask ? { task: 'true' } : undefined);
  }

  leave(depth: number): void {
    while (this.containers.length > depth) {
      this.containers.pop();
      this.sink.close();
    }
  }

  /** Ends a list that has no open item, unless it is one of these. */
  leaveList(key?: string): void {
    if (this.#top?.kind === 'list' && this.#top.key !== key) this.leave(this.containers.length - 1);
  }

  get #top(): Container | undefined {
    return this.containers[this.containers.length - 1];
  }
}
