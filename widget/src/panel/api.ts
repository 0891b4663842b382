// The calls this panel makes, all to its own origin. Failures become one kind of error with a stable code.
import { isRecord } from '../frame-messages';
import type { Problem, Rating } from './conversation';
import type { HistoryMessage } from './history';
import type { Pointer } from './memory';

export class ApiError extends Error {
  constructor(readonly problem: Problem, readonly status: number) {
    super(problem.code);
  }
}

export interface MessageBody {
  sessionId: string;
  message: string;
  messageId: string;
  replaces?: string;
  config?: Record<string, unknown>;
}

export async function createSession(bot: string, config: Record<string, unknown>, user: string): Promise<Pointer> {
  const body = { bot, protected: true, config, ...(user ? { user_identifier: user } : {}) };
  const response = await call('/api/sessions/create', { method: 'POST', body });
  const created: unknown = await response.json();
  if (!isRecord(created)) throw new ApiError({ code: 'unknown', retryable: true }, response.status);
  return { sessionId: String(created.sessionId), visitorToken: String(created.visitorToken) };
}

/** Posts a message and returns its event stream. The same `messageId` again joins the same reply. */
export function postMessage(pointer: Pointer, body: MessageBody, signal: AbortSignal): Promise<Response> {
  return call('/api/chat/message', { method: 'POST', body, pointer, signal, stream: true });
}

/** The rest of a reply from a byte position on, live or from disk. */
export function resumeReply(pointer: Pointer, replyId: string, offset: number, signal: AbortSignal): Promise<Response> {
  const query = new URLSearchParams({ sessionId: pointer.sessionId, offset: String(offset) });
  return call(`/api/chat/replies/${encodeURIComponent(replyId)}?${query}`, { pointer, signal, stream: true });
}

export async function stopReply(pointer: Pointer, replyId: string): Promise<void> {
  const path = `/api/chat/replies/${encodeURIComponent(replyId)}/stop`;
  await call(path, { method: 'POST', body: { sessionId: pointer.sessionId }, pointer });
}

export async function rateReply(pointer: Pointer, replyId: string, rating: Rating, comment: string): Promise<void> {
  const path = `/api/chat/replies/${encodeURIComponent(replyId)}/feedback`;
  const body = { sessionId: pointer.sessionId, rating, ...(comment ? { comment } : {}) };
  await call(path, { method: 'POST', body, pointer });
}

/** Something about the session itself: its details, its export, its end. */
export function callSession(pointer: Pointer, method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<Response> {
  return call(`/api/sessions/${encodeURIComponent(pointer.sessionId)}${path}`, { method, pointer, ...(body ? { body } : {}) });
}

export async function readHistory(pointer: Pointer): Promise<HistoryMessage[]> {
  const response = await call(`/api/chat/history/${encodeURIComponent(pointer.sessionId)}?limit=50`, { pointer });
  return ((await response.json()) as { messages: HistoryMessage[] }).messages;
}

interface CallOptions {
  method?: string;
  body?: object;
  pointer?: Pointer;
  signal?: AbortSignal;
  stream?: boolean;
}

/** Any call of ours to the server that this panel came from. */
export async function call(path: string, options: CallOptions): Promise<Response> {
  const headers: Record<string, string> = { Accept: options.stream ? 'text/event-stream' : 'application/json' };
  if (options.body) headers['Content-Type'] = 'application/json';
  if (options.pointer) headers['X-Visitor-Token'] = options.pointer.visitorToken;
  const response = await fetch(path, {
    method: options.method ?? 'GET',
    headers,
    body: options.body ? JSON.stringify(options.body) : null,
    signal: options.signal ?? null,
    cache: 'no-store',
    credentials: 'omit',
  });
  if (!response.ok) throw new ApiError(await readRefusal(response), response.status);
  return response;
}

async function readRefusal(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  const known = isRecord(body) ? body : {};
  const retryAfterSeconds = response.headers.get('Retry-After') ?? known.retryAfterSeconds;
  const retryable = response.status >= 500 || [404, 409, 429].includes(response.status);
  return readProblem({ ...known, retryable, retryAfterSeconds });
}

/** Whatever went wrong, as a problem to show. */
export function problemOf(error: unknown): Problem {
  return error instanceof ApiError ? error.problem : { code: 'network', retryable: true };
}

/** A problem as the server words it, in an error body or an event. */
export function readProblem(data: Record<string, unknown>): Problem {
  const seconds = Number(data.retryAfterSeconds);
  return {
    code: String(data.code ?? 'unknown'),
    ...(typeof data.error === 'string' ? { message: data.error } : {}),
    retryable: data.retryable !== false,
    seconds: seconds > 0 ? Math.ceil(seconds) : undefined,
    ...(isRecord(data.fields) ? { fields: data.fields as Problem['fields'] } : {}),
  };
}
