// Which session the visitor is in: begun by the first thing they do, kept in the browser's memory, left, erased.
import type { Identity } from '../frame-messages';
import * as api from './api';
import { currentPointer, type Memory, type Pointer, type Remembered } from './memory';

const ENDED = /^session_(expired|not_found)$/;

export class Sessions {
  /** Given by the host page for the session. */
  config: Record<string, unknown> = {};
  #identity: Identity = {};
  #beginning: Promise<Pointer> | null = null;

  constructor(
    private readonly bot: string,
    readonly memory: Memory,
    private readonly begun: (sessionId: string) => void,
  ) {}

  get current(): Remembered | null {
    return currentPointer(this.memory.read());
  }

  /** The session, begun if there is none; two calls at once begin one. */
  async open(): Promise<Pointer> {
    return this.current ?? (this.#beginning ??= this.#begin().finally(() => (this.#beginning = null)));
  }

  /** Brings the session to the top of the list, an untitled one gets its title, and other tabs look again. */
  used(title: string): void {
    const { conversations, current, changes } = this.memory.read();
    const found = conversations.find(({ sessionId }) => sessionId === current);
    if (!found) return;
    const now = { ...found, title: found.title || title.slice(0, 80), at: Date.now() };
    this.memory.change({ conversations: [now, ...conversations.filter((other) => other !== found)], changes: changes + 1 });
  }

  /** Other tabs look again. */
  tellTabs(): void {
    this.memory.change({ changes: this.memory.read().changes + 1 });
  }

  /** What is said next begins a new session; the old one stays in the list. */
  leave(): void {
    this.memory.change({ current: '' });
  }

  enter(conversation: Remembered): void {
    this.memory.change({ current: conversation.sessionId });
  }

  drop(pointer: Pointer): void {
    const { conversations, current } = this.memory.read();
    this.memory.change({
      conversations: conversations.filter(({ sessionId }) => sessionId !== pointer.sessionId),
      current: current === pointer.sessionId ? '' : current,
    });
  }

  /** Whether the problem means that this session takes no more messages; then it is left. */
  hasEnded(problem: { code: string } | null): boolean {
    if (!problem || !ENDED.test(problem.code)) return false;
    if (this.current && problem.code === 'session_not_found') this.drop(this.current);
    else this.leave();
    return true;
  }

  identify(identity: Identity): void {
    this.#identity = identity;
    if (this.current) void this.#tellIdentity(this.current);
  }

  /** Something about the session; begins one, since the visitor acted. */
  async call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<Response> {
    return api.callSession(await this.open(), method, path, body);
  }

  forget(): void {
    this.#identity = {};
    this.config = {};
    this.memory.forget();
  }

  async #begin(): Promise<Pointer> {
    const pointer = await api.createSession(this.bot, this.config, this.#identity.id ?? '');
    const { conversations } = this.memory.read();
    this.memory.change({ conversations: [{ ...pointer, title: '', at: Date.now() }, ...conversations], current: pointer.sessionId });
    this.begun(pointer.sessionId);
    void this.#tellIdentity(pointer);
    return pointer;
  }

  /** What the page knows of its user is of use to the owner, but no reason to keep the visitor from talking. */
  async #tellIdentity(pointer: Pointer): Promise<void> {
    const { id: _, ...details } = this.#identity;
    if (Object.keys(details).length) await api.callSession(pointer, 'POST', '/details', details).catch(() => undefined);
  }
}
