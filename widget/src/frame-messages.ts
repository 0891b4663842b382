// What the loader and the panel say to each other over `postMessage`. Both sides check origin and source first,
// then this shape. Nothing here carries a message's text to the host page, and the visitor's token only as what is
// `kept`: where the browser denies a frame of another site its storage, the host page's own storage is the one place
// that outlives a reload.

export const FRAME_VERSION = 1;

/** Facts and visible text of the page around the widget, read when a message is sent. */
export type PageContext = Record<string, unknown>;

export type HostEvent = 'ready' | 'open' | 'close' | 'message' | 'reply' | 'error';

export type ToPanel =
  | { type: 'settings'; config: Record<string, unknown>; kept: string | null }
  | { type: 'open' | 'close'; focus: boolean }
  | { type: 'send'; text: string }
  | { type: 'page'; id: number; page: PageContext };

export type ToHost =
  | { type: 'hello' }
  | { type: 'close' }
  | { type: 'unread' }
  | { type: 'keep'; kept: string }
  | { type: 'page'; id: number }
  | { type: 'event'; name: HostEvent; detail: Record<string, unknown> };

export function isRecord(value: unknown): value is Record<string, unknown> {
  return value instanceof Object;
}
