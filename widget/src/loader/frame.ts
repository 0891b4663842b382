// The panel's iframe: made on first use, spoken to only at our own origin, listened to only from that origin and window.
import { FRAME_VERSION, isRecord, type ToPanel } from '../frame-messages';
import type { Options } from './options';
import { title } from './view';

export interface Frame {
  /** Creates the frame if it is not there yet. */
  warm(): void;
  focus(): void;
  post(message: ToPanel): void;
  /** The panel's script runs: its settings and what was posted before go out now. */
  ready(settings: ToPanel): void;
}

export function createFrame(
  options: Options,
  parent: Element,
  receive: (message: Record<string, unknown>) => void,
  signal: AbortSignal,
): Frame {
  const frame = document.createElement('iframe');
  let waiting: ToPanel[] | null = [];
  const post = (message: ToPanel): void => {
    if (waiting) waiting.push(message);
    else frame.contentWindow?.postMessage({ alcove: FRAME_VERSION, ...message }, options.origin);
  };
  const listen = ({ origin, source, data }: MessageEvent<unknown>): void => {
    const isOurs = origin === options.origin && source && source === frame.contentWindow;
    if (isOurs && isRecord(data) && data.alcove === FRAME_VERSION) receive(data);
  };
  addEventListener('message', listen, { signal });
  return {
    warm: () => frame.src || parent.append(aim(frame, options)),
    focus: () => frame.focus(),
    post,
    ready(settings) {
      const queued = [settings, ...(waiting ?? [])];
      waiting = null;
      queued.forEach(post);
    },
  };
}

/** Looks travel in the fragment: the server never sees them, and the panel has them before its first paint. */
function aim(frame: HTMLIFrameElement, options: Options): HTMLIFrameElement {
  const { theme, color, name, locale, bot, origin } = options;
  frame.title = title(options);
  frame.allow = 'clipboard-write';
  frame.referrerPolicy = 'strict-origin';
  frame.src = `${origin}/embed${bot && `?bot=${bot}`}#${new URLSearchParams({ theme, color, name, locale })}`;
  return frame;
}
