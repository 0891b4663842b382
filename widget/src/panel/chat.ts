// The deeds of the panel: send, stop, retry, start anew, pick up what was there. It changes the conversation, talks
// to the server and tells one listener what changed.
import { isRecord } from '../frame-messages';
import * as api from './api';
import { ReplyConnection, type Verdict } from './connection';
import * as conversation from './conversation';
import type { Conversation, Problem, Turn } from './conversation';
import type { Pointer, PointerStore } from './storage';
import type { ServerEvent } from './stream';

export interface ChatListener {
  /** A turn is new, or has taken another's place. */
  added(turn: Turn, instead: Turn | null): void;
  /** A piece of the reply arrived. */
  wrote(turn: Turn, text: string): void;
  changed(turn: Turn): void;
  ended(turn: Turn): void;
  loaded(conversation: Conversation): void;
  connectionLost(isLost: boolean): void;
  sessionCreated(sessionId: string): void;
  sessionRenewed(): void;
}

export interface ChatOptions {
  bot: string;
  store: PointerStore;
  listener: ChatListener;
  /** What goes along with a message: page context and the like, asked for at that moment. */
  context: () => Promise<Record<string, unknown>>;
}

const STOP_WAIT_MS = 3000;
const ENDED_SESSION = /^session_(expired|not_found)$/;

export class Chat {
  conversation: Conversation = conversation.emptyConversation();
  /** Given by the host page for the session. */
  sessionConfig: Record<string, unknown> = {};
  private pointer: Pointer | null;
  private connection: ReplyConnection | null = null;
  private ready: Promise<void>;

  constructor(private readonly options: ChatOptions) {
    this.pointer = options.store.read();
    this.ready = Promise.resolve();
  }

  /** Picks up the conversation that the host page kept, unless there is one already. */
  recall(kept: unknown): void {
    if (this.pointer || this.isRunning || !this.options.store.adopt(kept)) return;
    this.pointer = this.options.store.read();
    void this.load();
  }

  get isRunning(): boolean {
    return conversation.isRunning(conversation.lastTurn(this.conversation));
  }

  /** Shows what the server remembers, and goes on with a reply that is still being written. */
  load(): Promise<void> {
    this.ready = this.pointer ? this.readHistory(this.pointer) : Promise.resolve();
    return this.ready;
  }

  send(text: string): boolean {
    const turn = conversation.begin(this.conversation, newId(), text);
    if (!turn) return false;
    this.options.listener.added(turn, null);
    void this.ask(turn);
    return true;
  }

  retry(old: Turn): void {
    const turn = conversation.retry(this.conversation, old, newId());
    if (!turn) return;
    this.options.listener.added(turn, old);
    void this.ask(turn, old.replyId);
  }

  /** Asks the server to stop; it keeps what was said and ends the stream. Should it not answer, we end it here. */
  stop(): void {
    const turn = conversation.lastTurn(this.conversation);
    if (!turn || !this.isRunning) return;
    if (this.pointer) api.stopReply(this.pointer, turn.replyId).catch(() => undefined);
    setTimeout(() => {
      if (!conversation.finish(turn, 'stopped')) return;
      this.connection?.cancel();
      this.options.listener.ended(turn);
    }, STOP_WAIT_MS);
  }

  startAnew(): void {
    const turn = conversation.lastTurn(this.conversation);
    if (this.isRunning && turn && this.pointer) api.stopReply(this.pointer, turn.replyId).catch(() => undefined);
    this.connection?.cancel();
    this.forget();
    this.conversation = conversation.emptyConversation();
    this.options.listener.loaded(this.conversation);
  }

  private forget(): void {
    this.pointer = null;
    this.options.store.clear();
  }

  private async readHistory(pointer: Pointer): Promise<void> {
    try {
      const restored = conversation.fromHistory(await api.readHistory(pointer));
      restored.turns.push(...this.conversation.turns);
      this.conversation = restored;
    } catch (error) {
      if (error instanceof api.ApiError && error.status === 404) this.forget();
      else setTimeout(() => this.conversation.turns.length || void this.load(), STOP_WAIT_MS);
      return;
    }
    this.options.listener.loaded(this.conversation);
    const last = conversation.lastTurn(this.conversation);
    if (last?.state === 'streaming') void this.settle(last, this.follow(last, pointer, null));
  }

  private async ask(turn: Turn, replaces?: string): Promise<void> {
    await this.ready;
    const config = await this.options.context();
    const extra = { ...(replaces ? { replaces } : {}), ...(Object.keys(config).length ? { config } : {}) };
    let problem = await this.post(turn, extra);
    if (problem && ENDED_SESSION.test(problem.code)) {
      this.forget();
      this.options.listener.sessionRenewed();
      delete extra.replaces;
      problem = await this.post(turn, extra);
    }
    await this.settle(turn, Promise.resolve(problem));
  }

  private async post(turn: Turn, extra: Partial<api.MessageBody>): Promise<Problem | null> {
    try {
      const pointer = (this.pointer ??= await this.createSession());
      return await this.follow(turn, pointer, { ...extra, message: turn.question });
    } catch (error) {
      return error instanceof api.ApiError ? error.problem : { code: 'network', retryable: true };
    }
  }

  private async createSession(): Promise<Pointer> {
    const pointer = await api.createSession(this.options.bot, this.sessionConfig);
    this.options.store.write(pointer);
    this.options.listener.sessionCreated(pointer.sessionId);
    return pointer;
  }

  private follow(turn: Turn, pointer: Pointer, body: Omit<api.MessageBody, 'sessionId' | 'messageId'> | null): Promise<Problem | null> {
    const { sessionId } = pointer;
    this.connection = new ReplyConnection({
      post: body && ((signal) => api.postMessage(pointer, { ...body, sessionId, messageId: turn.replyId }, signal)),
      resume: (signal) => api.resumeReply(pointer, turn.replyId, turn.bytes, signal),
      position: () => turn.bytes,
      receive: (event) => this.receive(turn, event),
      lost: (isLost) => this.options.listener.connectionLost(isLost),
    });
    return this.connection.run();
  }

  private async settle(turn: Turn, outcome: Promise<Problem | null>): Promise<void> {
    const problem = await outcome;
    if (problem && !conversation.fail(turn, problem)) return;
    if (this.conversation.turns.includes(turn)) this.options.listener.ended(turn);
  }

  private receive(turn: Turn, event: ServerEvent): Verdict {
    const data = parse(event.data);
    switch (event.event) {
      case 'start':
        conversation.started(turn);
        this.options.listener.changed(turn);
        return 'continue';
      case 'delta':
        return this.receiveDelta(turn, String(data.text ?? ''), Number(event.id.slice(event.id.lastIndexOf(':') + 1)));
      case 'tool':
        conversation.useTool(turn, data.status === 'running' ? String(data.title ?? data.name ?? '') : '');
        this.options.listener.changed(turn);
        return 'continue';
      case 'done':
        conversation.finish(turn, String(data.finishReason ?? 'stop'));
        return 'end';
      case 'error':
        conversation.fail(turn, problemOf(data));
        return 'end';
      default:
        return 'continue';
    }
  }

  private receiveDelta(turn: Turn, text: string, end: number): Verdict {
    const result = conversation.append(turn, text, end);
    if (result === 'applied') this.options.listener.wrote(turn, text);
    return result === 'gap' ? 'reconnect' : 'continue';
  }
}

function problemOf(data: Record<string, unknown>): Problem {
  const seconds = Number(data.retryAfterSeconds);
  return {
    code: String(data.code ?? 'unknown'),
    ...(typeof data.error === 'string' ? { message: data.error } : {}),
    retryable: data.retryable !== false,
    seconds: seconds > 0 ? Math.ceil(seconds) : undefined,
  };
}

function parse(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

/** A random UUID, also on plain http, where `crypto.randomUUID` does not exist. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
