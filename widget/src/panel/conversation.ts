// The conversation as plain data. Every change has a name and answers whether it was legal; an illegal one changes
// nothing. Nothing here knows the page, the network or the clock.
import type { Step } from '../data/steps';

export type ReplyState = 'sending' | 'streaming' | 'done' | 'stopped' | 'failed' | 'interrupted';

export interface Problem {
  code: string;
  message?: string;
  retryable: boolean;
  seconds?: number | undefined;
  /** What is wrong with single fields of what was sent. */
  fields?: Record<string, string[]>;
}

/** A visitor's message with its reply. */
export interface Turn {
  replyId: string;
  question: string;
  state: ReplyState;
  text: string;
  /** How much of the reply is here, in bytes of UTF-8: the position a lost stream goes on from. */
  bytes: number;
  finishReason: string;
  /** How the reply is computed: each step as often as it was told, the newest last. */
  steps: Step[];
  /** Numbers of the reply that no step found. */
  unverified: string[];
  problem: Problem | null;
  /** When the visitor said it, in ms since 1970. */
  at: number;
  rating: Rating;
  /** Questions the bot thinks may come next. */
  followUps: string[];
}

export type Rating = 'up' | 'down' | null;

export interface Conversation {
  turns: Turn[];
  /** Messages said while a reply was being written, in order; each is sent when its turn comes. */
  queue: string[];
}

export type DeltaResult = 'applied' | 'duplicate' | 'gap';

const encoder = new TextEncoder();

export function byteLength(text: string): number {
  return encoder.encode(text).length;
}

export function emptyConversation(): Conversation {
  return { turns: [], queue: [] };
}

export function newTurn(replyId: string, question: string, at: number): Turn {
  return { replyId, question, state: 'sending', text: '', bytes: 0, finishReason: '', steps: [], unverified: [], problem: null, at, rating: null, followUps: [] };
}

export function isRunning(turn: Turn | undefined): boolean {
  return turn?.state === 'sending' || turn?.state === 'streaming';
}

export function lastTurn(conversation: Conversation): Turn | undefined {
  return conversation.turns[conversation.turns.length - 1];
}

export function canRetry(turn: Turn): boolean {
  const hasEnded = turn.state === 'failed' || turn.state === 'interrupted' || turn.state === 'stopped';
  return hasEnded && turn.question !== '' && turn.problem?.retryable !== false;
}

const MAX_QUEUED = 5;

/** Keeps a message for when the running reply has ended; refused when nothing runs or too many wait. */
export function enqueue(conversation: Conversation, question: string): boolean {
  if (!isRunning(lastTurn(conversation)) || question === '' || conversation.queue.length >= MAX_QUEUED) return false;
  conversation.queue.push(question);
  return true;
}

/** Starts a turn; refused while a reply runs, since a conversation has one at a time. */
export function begin(conversation: Conversation, replyId: string, question: string, at: number): Turn | null {
  if (isRunning(lastTurn(conversation)) || question === '') return null;
  const turn = newTurn(replyId, question, at);
  conversation.turns.push(turn);
  return turn;
}

/** Whether the visitor may have this reply written again, or its question asked in other words. */
export function canAskAgain(conversation: Conversation, turn: Turn): boolean {
  if (turn.question === '' || isRunning(lastTurn(conversation))) return false;
  return canRetry(turn) || turn === lastTurn(conversation);
}

/** Asks again, perhaps in other words: the new turn takes the old one's place. */
export function askAgain(conversation: Conversation, old: Turn, replyId: string, question: string, at: number): Turn | null {
  const place = conversation.turns.indexOf(old);
  if (place < 0 || question === '' || !canAskAgain(conversation, old)) return null;
  const turn = newTurn(replyId, question, at);
  conversation.turns[place] = turn;
  return turn;
}

/** The server has the message on disk. Heard again after a reconnect, it changes nothing. */
export function started(turn: Turn): boolean {
  if (!isRunning(turn)) return false;
  turn.state = 'streaming';
  return true;
}

/** `end` is the position after this piece. Only the piece that continues exactly is taken. */
export function append(turn: Turn, text: string, end: number): DeltaResult {
  if (end <= turn.bytes || !isRunning(turn)) return 'duplicate';
  if (end - byteLength(text) !== turn.bytes) return 'gap';
  turn.state = 'streaming';
  turn.text += text;
  turn.bytes = end;
  return 'applied';
}

/** A step is told each time its status changes, and again after a reconnect. */
export function useTool(turn: Turn, step: Step): boolean {
  return isRunning(turn) && turn.steps.push(step) > 0;
}

const STATE_OF: Record<string, ReplyState> = {
  stopped: 'stopped',
  interrupted: 'interrupted',
  error: 'failed',
};

export function finish(turn: Turn, finishReason: string): boolean {
  if (!isRunning(turn)) return false;
  turn.state = STATE_OF[finishReason] ?? 'done';
  turn.finishReason = finishReason;
  return true;
}

/** A reply that has already said something is interrupted, otherwise it failed. */
export function fail(turn: Turn, problem: Problem): boolean {
  if (!isRunning(turn)) return false;
  turn.state = turn.text || problem.code === 'reply_interrupted' ? 'interrupted' : 'failed';
  turn.problem = problem;
  return true;
}
