// The panel's iframe: made on first use, spoken to only at our own origin, listened to only from that origin and window.
import { FRAME_VERSION } from '../frame-messages';
import { listen } from './events';
import { options, origin } from './options';
import { currentTheme } from './page';
import { make, panel, title } from './view';

type Message = [type: string, value?: unknown, id?: unknown];

export const frame = make('iframe', {
  title,
  allow: 'clipboard-write',
  referrerpolicy: 'strict-origin',
  loading: 'lazy',
}) as HTMLIFrameElement;
const waiting: Message[] = [];
export let isReady = false;

/** Loads the panel, anew if it is there. Looks travel in the fragment: the server never sees them, and the panel has
 *  them before its first paint. */
export function load(): void {
  const { bot, locale } = options;
  const language = locale === 'page' ? document.documentElement.lang : locale;
  isReady = false;
  panel.replaceChildren();
  frame.src = `${origin}/embed?${bot && `bot=${bot}&`}locale=${language}#${new URLSearchParams({ ...options, theme: currentTheme() })}`;
  panel.append(frame);
}

export const warm = (): unknown => frame.src || load();

/** To a panel that runs, or as soon as it does. */
export function post(...message: Message): void {
  const [type, value, id] = message;
  if (isReady) frame.contentWindow?.postMessage({ alcove: FRAME_VERSION, type, value, id }, origin);
  else waiting.push(message);
}

/** The panel's script runs: it gets the settings, then what was posted before. */
export function ready(tell: () => void): void {
  isReady = true;
  tell();
  for (const message of waiting.splice(0)) post(...message);
}

export function receive(heard: Record<string, (value: never, id: never) => void>): void {
  listen(window, 'message', ({ data, source, origin: from }: MessageEvent) => {
    const isOurs = source && source === frame.contentWindow && from === origin && data?.alcove === FRAME_VERSION;
    if (isOurs) heard[data.type]?.(data.value as never, data.id as never);
  });
}
