// The conversation as the server remembers it, made into turns.
import type { Step } from '../data/steps';
import { byteLength, emptyConversation, newTurn, type Conversation, type Rating, type ReplyState, type Turn } from './conversation';

/** A message as our server tells it. */
export interface HistoryMessage {
  id: string;
  role: string;
  content: string;
  status: string;
  /** In ms since 1970. */
  timestamp: number;
  errorCode?: string;
  finishReason?: string;
  feedback?: { rating: Rating };
  suggestions?: string[];
  steps?: Step[];
  unverified?: string[];
}

const STATUS: Record<string, ReplyState> = {
  streaming: 'streaming',
  stopped: 'stopped',
  interrupted: 'interrupted',
  failed: 'failed',
};

/** Pairs up messages; a reply without a question (and the other way round) keeps its place. */
export function fromHistory(messages: HistoryMessage[]): Conversation {
  const conversation = emptyConversation();
  let question: HistoryMessage | null = null;
  const unanswered = (): void => {
    if (!question) return;
    const turn = { ...newTurn(question.id, question.content, question.timestamp), state: 'interrupted' as const };
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
  const { id, content, status, timestamp, errorCode, finishReason, feedback, suggestions, steps, unverified } = message;
  const state = STATUS[status] ?? 'done';
  const isBroken = state === 'failed' || state === 'interrupted';
  const code = errorCode || (state === 'failed' ? 'unknown' : 'reply_interrupted');
  return {
    ...newTurn(id, question, timestamp),
    state,
    text: content,
    bytes: byteLength(content),
    finishReason: status === 'blocked' ? 'blocked' : (finishReason ?? ''),
    problem: isBroken ? { code, retryable: true } : null,
    rating: feedback?.rating ?? null,
    followUps: suggestions ?? [],
    steps: steps ?? [],
    unverified: unverified ?? [],
  };
}

/** Whether two conversations look the same, so that nothing has to be drawn anew. */
export function isSame(one: Conversation, other: Conversation): boolean {
  const key = ({ replyId, state, bytes, rating }: Turn): string => [replyId, state, bytes, rating].join();
  return one.turns.map(key).join(';') === other.turns.map(key).join(';');
}

/** Adds what the server cannot know yet: turns that are on their way to it or never got there, and what waits. */
export function keepUnsent(restored: Conversation, shown: Conversation): void {
  const known = new Set(restored.turns.map(({ replyId }) => replyId));
  const isUnsent = (turn: Turn): boolean => turn.state === 'sending' || (turn.problem !== null && turn.text === '');
  restored.turns.push(...shown.turns.filter((turn) => !known.has(turn.replyId) && isUnsent(turn)));
  restored.queue = shown.queue;
}
