// The calls this panel makes, all to its own origin. Failures become one kind of error with a stable code.
import { isRecord } from '../frame-messages';
import type { HistoryMessage, Problem } from './conversation';
import type { Pointer } from './storage';

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

export async function createSession(bot: string, config: Record<string, unknown>): Promise<Pointer> {
  const response = await call('/api/sessions/create', { method: 'POST', body: { bot, protected: true, config } });
  const body: unknown = await response.json();
  if (!isRecord(body)) throw new ApiError({ code: 'unknown', retryable: true }, response.status);
  return { sessionId: String(body.sessionId), visitorToken: String(body.visitorToken) };
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

export async function readHistory(pointer: Pointer): Promise<HistoryMessage[]> {
  const response = await call(`/api/chat/history/${encodeURIComponent(pointer.sessionId)}?limit=50`, { pointer });
  const body: unknown = await response.json();
  const messages = isRecord(body) && Array.isArray(body.messages) ? body.messages : [];
  return messages.filter(isRecord).map((message) => ({
    id: String(message.id),
    role: String(message.role),
    content: String(message.content ?? ''),
    status: typeof message.status === 'string' ? message.status : undefined,
  }));
}

interface CallOptions {
  method?: string;
  body?: object;
  pointer?: Pointer;
  signal?: AbortSignal;
  stream?: boolean;
}

async function call(path: string, options: CallOptions): Promise<Response> {
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
  if (!response.ok) throw new ApiError(await problemOf(response), response.status);
  return response;
}

async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  const known = isRecord(body) ? body : {};
  const seconds = Number(response.headers.get('Retry-After') ?? known.retryAfterSeconds);
  return {
    code: typeof known.code === 'string' ? known.code : 'unknown',
    ...(typeof known.error === 'string' ? { message: known.error } : {}),
    retryable: response.status >= 500 || response.status === 429 || response.status === 404 || response.status === 409,
    seconds: Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : undefined,
  };
}
