// The conversation as plain data. Every change has a name and answers whether it was legal; an illegal one changes
// nothing. Nothing here knows the page, the network or the clock.

export type ReplyState = 'sending' | 'streaming' | 'done' | 'stopped' | 'failed' | 'interrupted';

export interface Problem {
  code: string;
  message?: string;
  retryable: boolean;
  seconds?: number | undefined;
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
  tool: string;
  problem: Problem | null;
}

export interface Conversation {
  turns: Turn[];
}

export type DeltaResult = 'applied' | 'duplicate' | 'gap';

export interface HistoryMessage {
  id: string;
  role: string;
  content: string;
  status?: string | undefined;
}

const encoder = new TextEncoder();

export function byteLength(text: string): number {
  return encoder.encode(text).length;
}

export function emptyConversation(): Conversation {
  return { turns: [] };
}

function newTurn(replyId: string, question: string): Turn {
  return { replyId, question, state: 'sending', text: '', bytes: 0, finishReason: '', tool: '', problem: null };
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

/** Starts a turn; refused while a reply runs, since a conversation has one at a time. */
export function begin(conversation: Conversation, replyId: string, question: string): Turn | null {
  if (isRunning(lastTurn(conversation)) || question === '') return null;
  const turn = newTurn(replyId, question);
  conversation.turns.push(turn);
  return turn;
}

/** Asks the same again: the new reply takes the old one's place. */
export function retry(conversation: Conversation, old: Turn, replyId: string): Turn | null {
  const at = conversation.turns.indexOf(old);
  if (at < 0 || !canRetry(old) || isRunning(lastTurn(conversation))) return null;
  const turn = newTurn(replyId, old.question);
  conversation.turns[at] = turn;
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
  turn.tool = '';
  return 'applied';
}

export function useTool(turn: Turn, title: string): boolean {
  if (!isRunning(turn)) return false;
  turn.tool = title;
  return true;
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
  turn.tool = '';
  return true;
}

/** A reply that has already said something is interrupted, otherwise it failed. */
export function fail(turn: Turn, problem: Problem): boolean {
  if (!isRunning(turn)) return false;
  turn.state = turn.text || problem.code === 'reply_interrupted' ? 'interrupted' : 'failed';
  turn.problem = problem;
  turn.tool = '';
  return true;
}

const STATUS: Record<string, ReplyState> = {
  streaming: 'streaming',
  stopped: 'stopped',
  interrupted: 'interrupted',
  failed: 'failed',
};

/** Pairs up what the server remembers; a reply without a question (and the other way round) keeps its place. */
export function fromHistory(messages: HistoryMessage[]): Conversation {
  const conversation = emptyConversation();
  let question: HistoryMessage | null = null;
  const unanswered = (): void => {
    if (!question) return;
    const turn = { ...newTurn(question.id, question.content), state: 'interrupted' as const };
    conversation.turns.push({ ...turn, problem: { code: 'reply_interrupted', retryable: false } });
    question = null;
  };
  for (const message of messages) {
    if (message.role === 'user') {
      unanswered();
      question = message;
    } else if (message.role === 'assistant') {
      conversation.turns.push(remembered(message, (question as HistoryMessage | null)?.content ?? ''));
      question = null;
    }
  }
  unanswered();
  return conversation;
}

function remembered(message: HistoryMessage, question: string): Turn {
  const state = STATUS[message.status ?? ''] ?? 'done';
  const broke = state === 'failed' || state === 'interrupted';
  return {
    ...newTurn(message.id, question),
    state,
    text: message.content,
    bytes: byteLength(message.content),
    finishReason: message.status === 'blocked' ? 'blocked' : '',
    problem: broke ? { code: state === 'failed' ? 'unknown' : 'reply_interrupted', retryable: true } : null,
  };
}
