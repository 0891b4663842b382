// What the loader and the panel say to each other over `postMessage`. Both sides check origin and source first,
// then this shape. Nothing but `beforesend` carries a message's text to the host page, and only `kept` the visitor's
// token: where the browser denies a frame of another site its storage, the host page's own storage is the one place
// that outlives a reload.

export const FRAME_VERSION = 1;

/** Facts and visible text of the page around the widget, read when a message is sent. */
export type PageContext = Record<string, unknown>;

/** Who the host page says its user is; not proven. */
export interface Identity {
  id?: string;
  name?: string;
  email?: string;
  phone?: string;
}

export type HostEvent = 'ready' | 'open' | 'close' | 'message' | 'reply' | 'error' | 'lead' | 'file' | 'unread';

export type ToPanel =
  | { type: 'settings'; config: Record<string, unknown>; kept: string | null }
  /** Another tab of this visitor has changed what the loader keeps. */
  | { type: 'kept'; kept: string | null }
  | { type: 'open' | 'close'; focus: boolean }
  | { type: 'send'; text: string }
  | { type: 'page'; id: number; page: PageContext }
  /** What the page's `beforesend` listeners made of a message: its text, or null when one refused it. */
  | { type: 'approved'; id: number; text: string | null }
  | { type: 'identify'; identity: Identity }
  | { type: 'theme'; theme: string }
  /** Forget everything about this visitor. */
  | { type: 'reset' };

export type ToHost =
  | { type: 'hello' }
  | { type: 'close' }
  | { type: 'unread'; count: number }
  | { type: 'keep'; kept: string }
  | { type: 'page'; id: number }
  /** The one message that carries what a visitor wrote; sent only while the page has a `beforesend` listener. */
  | { type: 'beforesend'; id: number; text: string }
  | { type: 'expand'; isExpanded: boolean }
  | { type: 'event'; name: HostEvent; detail: Record<string, unknown> };

export function isRecord(value: unknown): value is Record<string, unknown> {
  return value instanceof Object;
}
