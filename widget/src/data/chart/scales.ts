// From values to places, and the round values that stand at an axis. Pure.

export interface Scale {
  min: number;
  max: number;
  ticks: number[];
}

const LARGEST = Number.MAX_VALUE;
const STEPS = [1, 2, 2.5, 5, 10];
const DAY = 86_400_000;
const HOUR = DAY / 24;

/** Round values from below the smallest to above the largest, about `count` of them. */
export function niceScale(smallest: number, largest: number, count: number): Scale {
  const room = Math.max(Math.abs(smallest), Math.abs(largest));
  // Of one value, or of values that differ less than numbers can tell.
  if (!(largest - smallest > room * 1e-12)) {
    const half = room / 2 || 1;
    [smallest, largest] = [smallest - half, largest + half];
  }
  const step = niceStep(largest / count - smallest / count);
  const first = Math.floor(smallest / step + 1e-9);
  const last = Math.ceil(largest / step - 1e-9);
  const ticks = Array.from({ length: Math.min(last - first + 1, 50) }, (_, at) => Math.max(-LARGEST, Math.min(LARGEST, Number(((first + at) * step).toPrecision(12)))));
  return { min: ticks[0] as number, max: ticks[ticks.length - 1] as number, ticks };
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return (STEPS.find((step) => step * power >= rough * 0.999) ?? 10) * power;
}

/** A function from value to place. */
export function placing({ min, max }: Pick<Scale, 'min' | 'max'>, from: number, to: number): (value: number) => number {
  // In halves: the whole of what is very large is no number any more.
  const span = max / 2 - min / 2 || 1;
  return (value) => from + ((value / 2 - min / 2) / span) * (to - from);
}

export interface TimeScale extends Scale {
  /** What a tick has to tell. */
  unit: 'hour' | 'day' | 'month' | 'year';
}

const TIMES: [number, TimeScale['unit'], number][] = [
  [HOUR, 'hour', 1], [3 * HOUR, 'hour', 3], [6 * HOUR, 'hour', 6], [12 * HOUR, 'hour', 12],
  [DAY, 'day', 1], [2 * DAY, 'day', 2], [7 * DAY, 'day', 7], [14 * DAY, 'day', 14],
  [30 * DAY, 'month', 1], [61 * DAY, 'month', 2], [91 * DAY, 'month', 3], [182 * DAY, 'month', 6],
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map((years): [number, 'year', number] => [365 * DAY * years, 'year', years]),
];

/** Round dates within a span, at most `count`. */
export function timeScale(min: number, max: number, count: number): TimeScale {
  const most = Math.max(1, count);
  const [length, unit, size] = TIMES.find(([ms]) => (max - min) / ms <= most) ?? (TIMES[TIMES.length - 1] as (typeof TIMES)[number]);
  const ticks: number[] = [];
  const start = new Date(min);
  for (let at = 0; at <= most + 1; at += 1) {
    const tick = unit === 'year' || unit === 'month' ? monthTick(start, at, unit === 'year' ? size * 12 : size) : Math.ceil(min / length) * length + at * length;
    if (tick > max) break;
    if (tick >= min) ticks.push(tick);
  }
  return { min, max, unit, ticks };
}

function monthTick(start: Date, at: number, months: number): number {
  const number = start.getUTCFullYear() * 12 + start.getUTCMonth();
  const month = Math.floor(number / months) * months + at * months;
  const tick = new Date(0);
  // `Date.UTC` takes the years before 100 for others.
  tick.setUTCFullYear(Math.floor(month / 12), month % 12, 1);
  return tick.getTime();
}

/** Equally wide parts for the values of a histogram; each holds from its start up to the next one's. */
export function bins(values: number[]): { from: number; to: number; count: number }[] {
  const [smallest, largest] = extent(values);
  const { ticks } = niceScale(smallest, largest, Math.min(24, Math.max(4, Math.ceil(2 * Math.cbrt(values.length)))));
  const parts = ticks.slice(1).map((to, at) => ({ from: ticks[at] as number, to, count: 0 }));
  const first = parts[0]?.from ?? 0;
  const width = (parts[0]?.to ?? 1) - first;
  for (const value of values) {
    const part = parts[Math.min(parts.length - 1, Math.floor((value - first) / width + 1e-9))];
    if (part) part.count += 1;
  }
  return parts;
}

/** Smallest and largest; `Math.min` takes its values as arguments, of which there may not be that many. */
export function extent(values: number[]): [number, number] {
  return values.reduce<[number, number]>(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}
