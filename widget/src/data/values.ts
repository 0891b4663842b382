// Cells and numbers as people read them, in the panel's language. For display only: a download has the values themselves.
import { Cleaner } from '../panel/markdown/clean';
import type { Cell } from './steps';

/** Day, month or instant, as our SQL writes them. */
const DATE = /^(\d{4})-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?)?)?$/;
/** Numbers that name something are not counted in thousands. */
const NAMES = /(?:^|[^\p{L}])(?:id|year|jahr|zip|plz|no|nr)$/iu;
/** Halves of characters, and what no XML may hold. */
const UNPAIRED = /[\ud800-\udfff\ufffe\uffff]/gu;
const MAX_FRACTION = 4;

type Wording = (cell: Cell | undefined) => string;

export interface Values {
  plain(text: string, longest?: number): string;
  timeOf(cell: Cell | undefined): number | null;
  text: Wording;
  /** Words the cells of a column: all with as many digits behind the point. */
  column(name: string, cells: (Cell | undefined)[]): Wording;
  /** To point at in a chart. */
  rounded: Wording;
  /** For an axis: 1.2M. */
  short(value: number): string;
  share(part: number): string;
  date(time: number, options: Intl.DateTimeFormatOptions): string;
  /** A cell that holds a date, with as much of it as is there. */
  dateCell(cell: string): string;
}

export function valuesIn(locale: string): Values {
  const format = (options: object): ((value: number) => string) => {
    const made = new Intl.NumberFormat(locale, options);
    return (value) => made.format(value);
  };
  // A whole number of four digits is a year as often as an amount.
  const grouped = (options: object): ((value: number) => string) => {
    const [whole, broken] = [format({ ...options, useGrouping: 'min2' }), format(options)];
    const power = format({ ...options, notation: 'scientific' });
    return (value) => (isBeyondReading(value, 1e21, 1e-9) ? power(value) : Number.isInteger(value) ? whole(value) : broken(value));
  };
  const exact = grouped({ maximumSignificantDigits: 15 });
  const compact = format({ notation: 'compact', maximumSignificantDigits: 4 });
  const power = format({ notation: 'scientific', maximumSignificantDigits: 3 });
  const percent = format({ style: 'percent', maximumFractionDigits: 1 });
  const coarse = grouped({ maximumSignificantDigits: 6 });
  const fine = grouped({ maximumFractionDigits: 2 });
  const date = (time: number, options: Intl.DateTimeFormatOptions): string => new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options }).format(time);
  return {
    plain,
    timeOf,
    text: wordedBy(exact),
    column(name, cells) {
      const digits = cells.reduce((most: number, cell) => Math.max(most, digitsBehindPoint(cell)), 0);
      const isLarge = digits > 0 || cells.some((cell) => typeof cell === 'number' && Math.abs(cell) >= 10_000);
      const even = format({ minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: NAMES.test(name) ? false : isLarge || 'min2' });
      // What is much smaller than one would come out as nothing.
      return wordedBy((value) => (isBeyondReading(value, 1e21, 10 ** -digits) ? exact(value) : even(value)));
    },
    rounded: wordedBy((value) => (Math.abs(value) < 1000 ? coarse(value) : fine(value))),
    short: (value) => (isBeyondReading(value, 1e15, 1e-4) ? power(value) : compact(value)),
    share: percent,
    date,
    dateCell(cell) {
      const [, , , day, hour] = DATE.exec(cell) ?? [];
      const time = timeOf(cell) ?? 0;
      if (hour) return date(time, { dateStyle: 'medium', timeStyle: 'short' });
      return date(time, day ? { dateStyle: 'medium' } : { month: 'short', year: 'numeric' });
    },
  };
}

/** Nobody counts so many zeros. */
function isBeyondReading(value: number, large: number, small: number): boolean {
  const size = Math.abs(value);
  return size >= large || (size > 0 && size < small);
}

function wordedBy(format: (value: number) => string): Wording {
  return (cell) => {
    if (cell === null || cell === undefined) return '–';
    if (typeof cell !== 'number') return plain(String(cell));
    // JSON has lost the last digits of such a number on its way.
    return (Number.isInteger(cell) && !Number.isSafeInteger(cell) ? '≈ ' : '') + format(cell);
  };
}

function digitsBehindPoint(cell: Cell | undefined): number {
  if (typeof cell !== 'number' || Number.isInteger(cell)) return 0;
  return Math.min(MAX_FRACTION, String(Number(cell.toFixed(MAX_FRACTION))).split('.')[1]?.length ?? 0);
}

/** Without what nobody can see but what changes what is seen; long texts are cut. */
export function plain(text: string, longest = 2000): string {
  const clean = new Cleaner().clean(text.slice(0, longest)).replace(UNPAIRED, '');
  return text.length > longest ? `${clean}…` : clean;
}

/** The instant that a cell tells, in ms since 1970 as if it were UTC; null when it tells none. */
export function timeOf(cell: Cell | undefined): number | null {
  const parts = typeof cell === 'string' ? DATE.exec(cell) : null;
  if (!parts) return null;
  const [year, month, day, hour, minute, second] = parts.slice(1).map((part) => Number(part ?? 0)) as [number, number, number, number, number, number];
  const time = Date.UTC(year, month - 1, day || 1, hour, minute, second);
  return month >= 1 && month <= 12 && day <= 31 ? time : null;
}
