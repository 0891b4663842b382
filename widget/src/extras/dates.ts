// How long ago, in the words of the visitor's language.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Up to here hours say more than "yesterday" would. */
const HOURS_SHOWN = 12;
const DAYS_SHOWN = 7;

export function relativeDate(at: number, now: number, locale: string): string {
  const then = new Date(at);
  if (Number.isNaN(then.getTime())) return '';
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  // A clock that was put back would show the future.
  const ago = Math.max(0, now - at);
  if (ago < MINUTE) return words.format(0, 'second');
  if (ago < HOUR) return words.format(-Math.floor(ago / MINUTE), 'minute');
  if (ago < HOURS_SHOWN * HOUR) return words.format(-Math.floor(ago / HOUR), 'hour');
  const today = new Date(now);
  const days = Math.round((midnight(today) - midnight(then)) / DAY);
  if (days < DAYS_SHOWN) return words.format(-days, 'day');
  const isThisYear = then.getFullYear() === today.getFullYear();
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', ...(isThisYear ? {} : { year: 'numeric' }) }).format(then);
}

function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
