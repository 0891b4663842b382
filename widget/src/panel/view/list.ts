// The turns of a conversation, one below the other, with days between them and what waits to be sent at the end.
import { lastTurn, type Conversation, type Turn } from '../conversation';
import type { Strings } from '../strings/index';
import { bubble } from './bubble';
import { isSameDay, type Dates } from './dates';
import { make } from './elements';
import { turnView, type TurnContext, type TurnView } from './turn';

/** How long one paint may take; what is left waits for the next frame, so that typing and scrolling go on. */
const PAINT_MS = 12;

export class TurnList {
  readonly node = make('div', 'turns');
  readonly #list = make('div', 'list');
  readonly #waiting = make('div', 'list waiting');
  readonly #views = new Map<Turn, TurnView>();
  readonly #toPaint = new Set<TurnView>();

  constructor(
    private readonly words: Strings,
    private readonly dates: Dates,
    private readonly context: () => TurnContext,
  ) {
    this.node.append(this.#list, this.#waiting);
  }

  show(conversation: Conversation): void {
    this.#views.clear();
    this.#toPaint.clear();
    this.#list.replaceChildren();
    let before: Turn | null = null;
    for (const turn of conversation.turns) {
      this.#separate(turn, before);
      this.#list.append(this.#make(turn).node);
      before = turn;
    }
    this.queue(conversation.queue);
  }

  add(turn: Turn, instead: Turn | null): void {
    const before = lastTurn({ turns: [...this.#views.keys()], queue: [] }) ?? null;
    const old = instead && this.#views.get(instead);
    if (!old) this.#separate(turn, before);
    const view = this.#make(turn);
    if (old) old.node.replaceWith(view.node);
    else this.#list.append(view.node);
    if (instead) this.#views.delete(instead);
  }

  write(turn: Turn, text: string): void {
    const view = this.#views.get(turn);
    if (!view) return;
    view.write(text);
    // The first piece takes the place of "is writing"; after that only text grows.
    if (turn.text === text) view.update();
    this.#toPaint.add(view);
  }

  update(turn: Turn): void {
    const view = this.#views.get(turn);
    view?.update();
    if (view) this.#toPaint.add(view);
  }

  /** Paints the latest first, which is what the reader sees; true when some is left. */
  paint(): boolean {
    const endMs = performance.now() + PAINT_MS;
    for (const view of [...this.#toPaint].reverse()) {
      if (view.paint(endMs)) return true;
      this.#toPaint.delete(view);
      if (performance.now() > endMs) break;
    }
    return this.#toPaint.size > 0;
  }

  /** Messages that are sent when the running reply has ended. */
  queue(texts: string[]): void {
    const note = make('p', 'facts', this.words.queued);
    this.#waiting.replaceChildren(...texts.map((text) => make('div', 'visitor', bubble(text, this.words))), ...(texts.length ? [note] : []));
  }

  /** Says something before the last turn. */
  divide(text: string): void {
    this.#list.lastElementChild?.before(make('p', 'divider', text));
  }

  rated(turn: Turn): void {
    this.#views.get(turn)?.rated();
  }

  setCard(turn: Turn, card: HTMLElement | null): void {
    this.#views.get(turn)?.setCard(card);
  }

  #separate(turn: Turn, before: Turn | null): void {
    const earlier = before?.at ?? Date.now();
    if (turn.at && !isSameDay(turn.at, earlier)) this.#list.append(make('p', 'divider', this.dates.day(turn.at)));
  }

  #make(turn: Turn): TurnView {
    const view = turnView(turn, this.context());
    this.#views.set(turn, view);
    this.#toPaint.add(view);
    return view;
  }
}
