// Keeps one reply flowing. A lost connection is picked up again by itself, from the byte that is wanted next.
import { problemOf } from './api';
import type { Problem } from './conversation';
import { EventDecoder, type ServerEvent } from './stream';

/** The server says something at least every 15 s, so this much silence means the line is dead. */
const SILENCE_MS = 40_000;
/** After a phone slept, less patience: its sockets die without a word. */
const SILENCE_ON_RETURN_MS = 20_000;
const MAX_PAUSE_MS = 10_000;
const MAX_TRIES_BEFORE_START = 6;
const MAX_TRIES = 20;

export type Verdict = 'continue' | 'reconnect' | 'end';

export interface ReplySource {
  /** Sends the message; null when the reply was running before this page was opened. */
  post: ((signal: AbortSignal) => Promise<Response>) | null;
  resume: (signal: AbortSignal) => Promise<Response>;
  /** Bytes of the reply that are here; growing means the connection is of use. */
  position: () => number;
  receive: (event: ServerEvent) => Verdict;
  lost: (isLost: boolean) => void;
}

export class ReplyConnection {
  #controller = new AbortController();
  #wake: () => void = () => undefined;
  #lastByteAt = 0;
  #isAcknowledged: boolean;
  #isCancelled = false;

  constructor(private readonly source: ReplySource) {
    this.#isAcknowledged = source.post === null;
  }

  /** Runs to the reply's end; answers with the problem when there is no way on. */
  async run(): Promise<Problem | null> {
    const unlisten = this.#listen();
    let tries = 0;
    try {
      for (;;) {
        const before = this.source.position();
        const outcome = await this.#attempt();
        if (this.#isCancelled || outcome === 'ended') return null;
        tries = this.source.position() > before ? 1 : tries + 1;
        const isHopeless = tries >= (this.#isAcknowledged ? MAX_TRIES : MAX_TRIES_BEFORE_START);
        if (isHopeless || !this.#mayRetry(outcome)) return outcome;
        this.source.lost(true);
        await this.#pause(tries, outcome.seconds ?? 0);
        if (this.#isCancelled) return null;
      }
    } finally {
      unlisten();
      this.source.lost(false);
    }
  }

  cancel(): void {
    this.#isCancelled = true;
    this.#controller.abort();
    this.#wake();
  }

  #mayRetry(problem: Problem): boolean {
    return problem.code === 'network' || (this.#isAcknowledged && problem.retryable && !problem.code.startsWith('session_'));
  }

  async #attempt(): Promise<'ended' | Problem> {
    this.#controller = new AbortController();
    this.#lastByteAt = Date.now();
    const { post, resume } = this.source;
    try {
      const open = post && !this.#isAcknowledged ? post : resume;
      const response = await open(this.#controller.signal);
      if (await this.#read(response)) return 'ended';
    } catch (error) {
      return problemOf(error);
    }
    return { code: 'network', retryable: true };
  }

  /** True when the reply came to its end, false when the stream just broke off. */
  async #read(response: Response): Promise<boolean> {
    const reader = response.body?.getReader();
    const decoder = new EventDecoder();
    for (;;) {
      const part = await reader?.read();
      if (!part || part.done) return false;
      this.#lastByteAt = Date.now();
      this.source.lost(false);
      for (const event of decoder.push(part.value)) {
        this.#isAcknowledged = true;
        const verdict = this.source.receive(event);
        if (verdict === 'continue') continue;
        this.#controller.abort();
        return verdict === 'end';
      }
    }
  }

  #pause(tries: number, seconds: number): Promise<void> {
    const backoff = Math.min(MAX_PAUSE_MS, 250 * 2 ** tries) * (0.5 + Math.random() / 2);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(backoff, seconds * 1000));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #listen(): () => void {
    const breakWhenSilent = (limit: number): void => {
      if (Date.now() - this.#lastByteAt > limit) this.#controller.abort();
    };
    const onVisible = (): void => {
      if (document.visibilityState !== 'visible') return;
      breakWhenSilent(SILENCE_ON_RETURN_MS);
      this.#wake();
    };
    const onOnline = (): void => this.#wake();
    const timer = setInterval(() => breakWhenSilent(SILENCE_MS), 5000);
    addEventListener('online', onOnline);
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      clearInterval(timer);
      removeEventListener('online', onOnline);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }
}
