// One turn on its way: posts the visitor's message or goes on with a reply, and folds the server's events into the turn.
import type { Step } from '../data/steps';
import { isRecord } from '../frame-messages';
import * as api from './api';
import { texts } from './config';
import { ReplyConnection, type Verdict } from './connection';
import * as conversation from './conversation';
import type { Problem, Turn } from './conversation';
import type { Pointer } from './memory';
import type { ServerEvent } from './stream';

export interface ExchangeListener {
  /** A piece of the reply arrived. */
  wrote(turn: Turn, text: string): void;
  changed(turn: Turn): void;
  connectionLost(isLost: boolean): void;
  /** The bot asks how the visitor can be reached. */
  contactWanted(): void;
}

export class Exchange {
  #connection: ReplyConnection | null = null;

  constructor(
    readonly turn: Turn,
    private readonly pointer: Pointer,
    private readonly listener: ExchangeListener,
    /** Told once the server has the message on disk. */
    private readonly stored: () => void,
  ) {}

  /** Runs to the reply's end. Without a body it goes on with a reply that runs already. */
  run(body: Pick<api.MessageBody, 'config' | 'replaces'> | null): Promise<Problem | null> {
    const { turn, pointer, listener } = this;
    const message = { ...body, sessionId: pointer.sessionId, message: turn.question, messageId: turn.replyId };
    this.#connection = new ReplyConnection({
      post: body && ((signal) => api.postMessage(pointer, message, signal)),
      resume: (signal) => api.resumeReply(pointer, turn.replyId, turn.bytes, signal),
      position: () => turn.bytes,
      receive: (event) => this.#receive(event),
      lost: (isLost) => listener.connectionLost(isLost),
    });
    return this.#connection.run();
  }

  cancel(): void {
    this.#connection?.cancel();
  }

  /** Asks the server to stop; it keeps what was said and ends the stream. */
  stop(): void {
    api.stopReply(this.pointer, this.turn.replyId).catch(() => undefined);
  }

  #receive({ event, data: json, id }: ServerEvent): Verdict {
    const { turn, listener } = this;
    const data = parse(json);
    switch (event) {
      case 'start':
        if (conversation.started(turn)) this.stored();
        listener.changed(turn);
        return 'continue';
      case 'delta':
        return this.#receiveDelta(String(data.text ?? ''), Number(id.slice(id.lastIndexOf(':') + 1)));
      case 'tool':
        conversation.useTool(turn, data as unknown as Step);
        listener.changed(turn);
        return 'continue';
      case 'done':
        turn.followUps = texts(data.suggestions);
        turn.unverified = texts(data.unverified);
        conversation.finish(turn, String(data.finishReason ?? 'stop'));
        if (data.leadForm === true) listener.contactWanted();
        return 'end';
      case 'error':
        conversation.fail(turn, api.readProblem(data));
        return 'end';
      default:
        return 'continue';
    }
  }

  #receiveDelta(text: string, end: number): Verdict {
    const result = conversation.append(this.turn, text, end);
    if (result === 'applied') this.listener.wrote(this.turn, text);
    return result === 'gap' ? 'reconnect' : 'continue';
  }
}

function parse(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
