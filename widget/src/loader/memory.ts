// What the loader keeps in the host page's own storage; hosts that forbid storage just forget.
import { options } from './options';

const KEY = 'alcove:' + options.bot;

type Area = 'localStorage' | 'sessionStorage';

export function recall(area: Area = 'localStorage'): string | undefined {
  try {
    return window[area][KEY] as string | undefined;
  } catch {}
}

/** An empty value is forgotten. */
export function keep(value: string, area: Area = 'localStorage'): void {
  try {
    if (value) window[area][KEY] = value;
    else delete window[area][KEY];
  } catch {}
}
