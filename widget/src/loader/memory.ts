// What the loader keeps in the host page's own storage; hosts that forbid storage just forget.

type Area = 'localStorage' | 'sessionStorage';

const KEY = 'alcove:';

export function recall(area: Area, bot: string): string | null {
  try {
    return window[area].getItem(KEY + bot);
  } catch {
    return null;
  }
}

/** An empty value is forgotten. */
export function keep(area: Area, bot: string, value: string): void {
  try {
    if (value) window[area].setItem(KEY + bot, value);
    else window[area].removeItem(KEY + bot);
  } catch {}
}
