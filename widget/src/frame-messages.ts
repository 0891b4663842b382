// What the loader and the panel say to each other over `postMessage`. Both sides check origin and source first,
// then this shape; nothing here ever carries the visitor's token or a message's text to the host page.

export const FRAME_VERSION = 1;

/** Facts and visible text of the page around the widget, read when a message is sent. */
export interface PageContext {
  url: string;
  title: string;
  hostname: string;
  pathname: string;
  referrer: string;
  description: string;
  pageContent: string;
  [extra: string]: unknown;
}

export type HostEvent = 'ready' | 'open' | 'close' | 'message' | 'reply' | 'error';

export type ToPanel =
  | { type: 'settings'; config: Record<string, unknown> }
  | { type: 'open' | 'close'; focus: boolean }
  | { type: 'send'; text: string }
  | { type: 'page'; id: number; page: PageContext };

export type ToHost =
  | { type: 'hello' }
  | { type: 'close' }
  | { type: 'unread' }
  | { type: 'page'; id: number }
  | { type: 'event'; name: HostEvent; detail: Record<string, unknown> };

export function isRecord(value: unknown): value is Record<string, unknown> {
  return value instanceof Object;
}
