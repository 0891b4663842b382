// Times of day and days, in the panel's language; the browser knows the words.

const DAY_MS = 86_400_000;

export interface Dates {
  /** 14:05 */
  time(at: number): HTMLTimeElement;
  /** Today, yesterday, or the date. */
  day(at: number): string;
}

/** Formats are made when first needed: the three cost more time than the rest of opening the panel, and a welcome has no dates. */
export function datesIn(locale: string): Dates {
  const hours = onFirstUse(() => new Intl.DateTimeFormat(locale, { timeStyle: 'short' }));
  const dates = onFirstUse(() => new Intl.DateTimeFormat(locale, { dateStyle: 'long' }));
  const relative = onFirstUse(() => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }));
  return {
    time(at) {
      const node = document.createElement('time');
      node.dateTime = new Date(at).toISOString();
      node.textContent = hours().format(at);
      return node;
    },
    day(at) {
      const days = Math.round((startOfDay(at) - startOfDay(Date.now())) / DAY_MS);
      if (days < -1 || days > 0) return dates().format(at);
      const word = relative().format(days, 'day');
      return word[0]?.toLocaleUpperCase(locale) + word.slice(1);
    },
  };
}

function onFirstUse<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}

export function isSameDay(one: number, other: number): boolean {
  return startOfDay(one) === startOfDay(other);
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
