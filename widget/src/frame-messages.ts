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

/** All that the panel has to know of the host page. Told as a whole after `hello` and whenever some of it changes, so
 *  that a panel that loads late, or again, needs no history. */
export interface Settings {
  /** `window.ChatbotConfig` of older hosts. */
  config: Record<string, unknown>;
  /** What the loader keeps for the panel; another tab of this visitor may have changed it. */
  keep?: string;
  identity: Identity | null;
  /** `light`, `dark`, `auto`, or the page's own colours: its background, then its text, as the browser writes them. */
  theme: string;
  open: boolean;
  /** Whether opening moves the focus into the panel. */
  focus: boolean;
  /** Whether the page has a listener for it. */
  beforesend: boolean;
}

export type ToPanel =
  | { type: 'settings'; value: Settings }
  | { type: 'send'; value: string }
  /** Forget everything about this visitor. */
  | { type: 'reset' }
  | { type: 'page'; id: number; value: PageContext }
  /** What the page's listeners made of a message: its text, or null when one refused it. */
  | { type: 'beforesend'; id: number; value: string | null };

export type ToHost =
  | { type: 'hello' }
  /** Asks for the settings. */
  | { type: 'tell' }
  | { type: 'close' }
  | { type: 'unread'; value: number }
  | { type: 'keep'; value: string }
  | { type: 'page'; id: number }
  /** The one message that carries what a visitor wrote; sent only while the page has a listener for it. */
  | { type: 'beforesend'; id: number; value: string }
  | { type: 'expand'; value: 'wide' | '' }
  | { type: 'event'; id: HostEvent; value: Record<string, unknown> };

export function isRecord(value: unknown): value is Record<string, unknown> {
  return value instanceof Object;
}
