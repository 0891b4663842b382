// The script tag's program: a button, a frame on first use, and one global function `Alcove`.
import { ownTag, readOptions, type Options } from './loader/options';
import { startWidget } from './loader/widget';

interface AlcoveFunction {
  (command: string, ...args: unknown[]): void;
  /** Calls made before this script had loaded. */
  q?: ArrayLike<unknown>[];
  loaded?: boolean;
}
declare global {
  interface Window {
    Alcove?: AlcoveFunction;
    ChatbotConfig?: unknown;
  }
}

const tag = ownTag();
if (tag && !window.Alcove?.loaded) {
  const queued = Array.from(window.Alcove?.q ?? []);
  // The server replaces this text by the owner's settings, so that the button looks right without a request.
  const options = readOptions(tag, "__ALCOVE_DEFAULTS__", window.ChatbotConfig);
  window.Alcove = Object.assign((...call: unknown[]) => void queued.push(call), { loaded: true });
  if (document.body) start(options, queued);
  else addEventListener('DOMContentLoaded', () => start(options, queued), { once: true });
}

function start(options: Options, queued: ArrayLike<unknown>[]): void {
  const commands = startWidget(options);
  const alcove = (command: string, ...args: unknown[]): void => {
    if (Object.keys(commands).includes(command)) commands[command]?.(...args);
    else console.warn(`Alcove: no command "${command}"`);
  };
  window.Alcove = Object.assign(alcove, { loaded: true });
  for (const call of queued) alcove(...(Array.from(call) as [string, ...unknown[]]));
}
