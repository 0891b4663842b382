// The deeds of the panel: send, stop, ask again, start anew, pick up what was there. It changes the conversation, talks
// to the server and tells one listener what changed.
import * as api from './api';
import * as conversation from './conversation';
import type { Conversation, Problem, Rating, Turn } from './conversation';
import { Exchange, type ExchangeListener } from './exchange';
import { fromHistory, isSame, keepUnsent } from './history';
import type { Pointer, Remembered } from './memory';
import { randomId } from './random-id';
import type { Sessions } from './sessions';

export interface ChatListener extends ExchangeListener {
  /** A turn is new, or has taken another's place. */
  added(turn: Turn, instead: Turn | null): void;
  ended(turn: Turn): void;
  loaded(conversation: Conversation): void;
  /** The messages that wait for the running reply are others now. */
  queued(waiting: string[]): void;
  /** Messages that could not be sent go back to where they were written. */
  returned(text: string): void;
  sessionRenewed(): void;
}

/** What goes along with a message: page context and the like, asked for at that moment. */
type Context = () => Promise<Record<string, unknown>>;

const STOP_WAIT_MS = 3000;

export class Chat {
  conversation: Conversation = conversation.emptyConversation();
  #exchange: Exchange | null = null;
  /** The session that is shown; the current one may be another by what another tab does. */
  #shown = '';
  #ready: Promise<void> = Promise.resolve();

  constructor(
    readonly sessions: Sessions,
    private readonly listener: ChatListener,
    private readonly context: Context,
  ) {}

  get isRunning(): boolean {
    return conversation.isRunning(conversation.lastTurn(this.conversation));
  }

  /** Shows what the server remembers, and goes on with a reply that is still being written. */
  load(): Promise<void> {
    const pointer = this.sessions.current;
    if (pointer) this.#ready = this.#readHistory(pointer);
    else if (this.#shown) this.#show(conversation.emptyConversation(), '');
    return this.#ready;
  }

  /** After sleep, a lost network or another tab's doing: a message that never left is sent, the rest looked up. */
  wake(): void {
    const last = conversation.lastTurn(this.conversation);
    if (last?.problem?.code === 'network') this.askAgain(last);
    else if (!this.#exchange) void this.load();
  }

  /** Another tab wrote something, or is in another conversation. */
  follow(): void {
    if (this.#shown !== (this.sessions.current?.sessionId ?? '')) this.#leave();
    if (!this.#exchange) void this.load();
  }

  /** Whether the message was taken: sent now, or after the running reply. */
  send(text: string): boolean {
    const turn = conversation.begin(this.conversation, randomId(), text, Date.now());
    if (!turn) return this.#enqueue(text);
    this.listener.added(turn, null);
    void this.#ask(turn);
    return true;
  }

  askAgain(old: Turn, question = old.question): void {
    const turn = conversation.askAgain(this.conversation, old, randomId(), question, Date.now());
    if (!turn) return;
    this.listener.added(turn, old);
    void this.#ask(turn, old.replyId);
  }

  /** The messages that wait come back to the composer. Should the server not answer, the reply is ended here. */
  stop(): void {
    const exchange = this.#exchange;
    if (!exchange || !this.isRunning) return;
    this.#returnQueue();
    exchange.stop();
    setTimeout(() => {
      if (!conversation.finish(exchange.turn, 'stopped')) return;
      exchange.cancel();
      this.listener.ended(exchange.turn);
    }, STOP_WAIT_MS);
  }

  startAnew(): void {
    this.#abandon();
    this.sessions.leave();
    this.#show(conversation.emptyConversation(), '');
  }

  enter(other: Remembered): Promise<void> {
    this.#leave();
    this.sessions.enter(other);
    return this.load();
  }

  /** Gone from the server and from this browser. */
  async erase(): Promise<void> {
    const pointer = this.sessions.current;
    this.#abandon();
    if (pointer) {
      await this.sessions.call('DELETE', '');
      this.sessions.drop(pointer);
    }
    this.#show(conversation.emptyConversation(), '');
  }

  reset(): void {
    this.#abandon();
    this.sessions.forget();
    this.#show(conversation.emptyConversation(), '');
  }

  async rate(turn: Turn, rating: Rating, comment = ''): Promise<void> {
    const pointer = this.sessions.current;
    const before = turn.rating;
    turn.rating = rating;
    try {
      if (pointer) await api.rateReply(pointer, turn.replyId, rating, comment);
    } catch (error) {
      turn.rating = before;
      throw error;
    }
  }

  /** The server goes on with the reply; it is there on return. */
  #leave(): void {
    this.#exchange?.cancel();
    this.#exchange = null;
  }

  #abandon(): void {
    this.#exchange?.stop();
    this.#leave();
  }

  #show(next: Conversation, sessionId: string): void {
    this.#shown = sessionId;
    this.conversation = next;
    this.listener.loaded(next);
  }

  #enqueue(text: string): boolean {
    const isTaken = conversation.enqueue(this.conversation, text);
    if (isTaken) this.listener.queued(this.conversation.queue);
    return isTaken;
  }

  #returnQueue(): void {
    const waiting = this.conversation.queue.splice(0);
    if (!waiting.length) return;
    this.listener.queued([]);
    this.listener.returned(waiting.join('\n\n'));
  }

  async #readHistory(pointer: Pointer): Promise<void> {
    const shown = this.conversation;
    try {
      const restored = fromHistory(await api.readHistory(pointer));
      if (this.#exchange || this.conversation !== shown || this.sessions.current?.sessionId !== pointer.sessionId) return;
      const isOther = this.#shown !== pointer.sessionId;
      if (!isOther || !this.#shown) keepUnsent(restored, shown);
      if (isOther || !isSame(restored, shown)) this.#show(restored, pointer.sessionId);
    } catch (error) {
      if (error instanceof api.ApiError && error.status === 404) this.sessions.drop(pointer);
      else setTimeout(() => this.conversation.turns.length || void this.load(), STOP_WAIT_MS);
      return;
    }
    const last = conversation.lastTurn(this.conversation);
    if (last?.state === 'streaming' && !this.#exchange) void this.#settle(last, this.#start(last, pointer).run(null));
  }

  async #ask(turn: Turn, replaces?: string): Promise<void> {
    await this.#ready;
    const config = await this.context();
    const body = { ...(replaces ? { replaces } : {}), ...(Object.keys(config).length ? { config } : {}) };
    let problem = await this.#post(turn, body);
    if (this.sessions.hasEnded(problem)) {
      this.listener.sessionRenewed();
      problem = await this.#post(turn, { ...body, replaces: undefined });
    }
    await this.#settle(turn, Promise.resolve(problem));
  }

  async #post(turn: Turn, body: Pick<api.MessageBody, 'config' | 'replaces'>): Promise<Problem | null> {
    try {
      return await this.#start(turn, await this.sessions.open()).run(body);
    } catch (error) {
      return api.problemOf(error);
    }
  }

  #start(turn: Turn, pointer: Pointer): Exchange {
    this.#shown = pointer.sessionId;
    return (this.#exchange = new Exchange(turn, pointer, this.listener, () => this.sessions.used(turn.question)));
  }

  async #settle(turn: Turn, outcome: Promise<Problem | null>): Promise<void> {
    const problem = await outcome;
    if (problem && !conversation.fail(turn, problem)) return;
    if (!this.conversation.turns.includes(turn) || conversation.isRunning(turn)) return;
    this.#exchange = null;
    this.sessions.tellTabs();
    this.listener.ended(turn);
    if (turn.problem) return this.#returnQueue();
    const next = this.conversation.queue.shift();
    this.listener.queued(this.conversation.queue);
    if (next) this.send(next);
  }
}
