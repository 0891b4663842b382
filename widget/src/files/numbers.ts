// Numbers, sizes and days in the visitor's language.
import type { Cell, Column } from './types';

const UNITS = ['kilobyte', 'megabyte', 'gigabyte'];
const STEP = 1024;
const DAY = /^\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?$/;

export interface Numbers {
  count(value: number): string;
  /** A part of a whole, 0 to 1. */
  share(value: number): string;
  size(bytes: number): string;
  /** A cell as its column means it. */
  cell(value: Cell, column: Pick<Column, 'type' | 'unit'>): string;
}

export function numbersIn(locale: string): Numbers {
  // Four digits stand together: they are often years.
  const plain = new Intl.NumberFormat(locale, { maximumFractionDigits: 2, useGrouping: 'min2' as never });
  const percent = new Intl.NumberFormat(locale, { style: 'percent' });
  return {
    count: (value) => new Intl.NumberFormat(locale).format(value),
    share: (value) => percent.format(value),
    size(bytes) {
      let size = bytes / STEP;
      let step = 0;
      for (; size >= STEP && step < 2; step += 1) size /= STEP;
      return new Intl.NumberFormat(locale, { style: 'unit', unit: UNITS[step] as string, maximumFractionDigits: size < 10 ? 1 : 0 }).format(size);
    },
    cell(value, { unit }) {
      if (typeof value === 'number') return amount(locale, value, unit) ?? plain.format(value) + (unit ? ` ${unit}` : '');
      return day(locale, value ?? '');
    },
  };
}

/** Money by the code of its currency; a sign found in a file stands behind the number, as it is. */
function amount(locale: string, value: number, unit = ''): string | null {
  return /^[A-Z]{3}$/.test(unit) ? new Intl.NumberFormat(locale, { style: 'currency', currency: unit }).format(value) : null;
}

function day(locale: string, text: string): string {
  const hasTime = text.includes(' ');
  const at = new Date(hasTime ? `${text.replace(' ', 'T')}Z` : text);
  if (!DAY.test(text) || Number.isNaN(at.getTime())) return text;
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', ...(hasTime ? { timeStyle: 'short' } : {}), timeZone: 'UTC' }).format(at);
}
