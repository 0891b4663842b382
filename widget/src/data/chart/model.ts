// What is drawn: the rows of a result as points, with the words for each. No nodes here.
import type { Cell, Chart, ChartKind, Result } from '../steps';
import type { Values } from '../values';
import { COLOURS } from './palette';
import { bins, extent } from './scales';

export interface Point {
  /** The place along the horizontal axis: a number, an instant, or which row it is. */
  x: number;
  label: string;
  /** One value for each series; null where there is none. */
  ys: (number | null)[];
}

export interface Model {
  kind: ChartKind;
  title: string;
  xLabel: string;
  yLabel: string;
  /** What the horizontal axis measures. */
  axis: 'category' | 'date' | 'number';
  points: Point[];
  /** The names of the series. */
  names: string[];
  /** Smallest and largest value. */
  extent: [number, number];
  /** Words for the value of a series. */
  word: (value: number | null) => string;
  /** A histogram's parts are as wide as this. */
  binWidth?: number;
}

/** Null when there is nothing to draw. */
export function modelOf(chart: Chart, result: Result, values: Values, other: string): Model | null {
  const names = chart.y.map((at) => values.plain(result.columns[at] ?? '', 100));
  const base = { title: values.plain(chart.title, 300), xLabel: values.plain(chart.xLabel, 100), yLabel: values.plain(chart.yLabel, 100), names, word: values.rounded };
  const model = chart.kind === 'histogram' ? histogram(chart, result, values) : points(chart, result, values);
  const kind = chart.kind === 'pie' && !isShareable(model.points) ? 'bar' : chart.kind;
  const all = model.points.flatMap(({ ys }) => ys).filter((y) => y !== null);
  if (!all.length) return null;
  const whole = { ...base, ...model, kind, extent: extent(all) };
  return kind === 'pie' ? { ...whole, points: slices(whole.points, other) } : whole;
}

const numberIn = (cell: Cell | undefined): number | null => (typeof cell === 'number' && Number.isFinite(cell) ? cell : null);

function points(chart: Chart, { columns, rows }: Result, values: Values): Pick<Model, 'axis' | 'points'> {
  const cells = rows.map((row) => row[chart.x] ?? null);
  const known = cells.filter((cell) => cell !== null);
  const isDate = known.length > 0 && known.every((cell) => values.timeOf(cell) !== null);
  const isMeasured = chart.kind !== 'bar' && chart.kind !== 'pie' && known.length > 0;
  const axis = isDate ? 'date' : isMeasured && known.every((cell) => typeof cell === 'number') ? 'number' : 'category';
  const word = isDate ? (cell: Cell): string => (cell === null ? '–' : values.dateCell(String(cell))) : values.column(columns[chart.x] ?? '', cells);
  const found = rows.map((row, at) => {
    const cell = cells[at] as Cell;
    const x = !isMeasured || axis === 'category' ? at : isDate ? values.timeOf(cell) : numberIn(cell);
    return { x, label: word(cell), ys: chart.y.map((column) => numberIn(row[column])) };
  });
  const placed = found.filter((point): point is Point => point.x !== null);
  // A line goes from left to right, in whatever order the rows came.
  if (axis !== 'category' && isMeasured) placed.sort((one, next) => one.x - next.x);
  return { axis, points: placed };
}

function histogram(chart: Chart, { rows }: Result, values: Values): Pick<Model, 'axis' | 'points' | 'names' | 'binWidth'> {
  const numbers = rows.map((row) => numberIn(row[chart.x])).filter((value) => value !== null);
  const parts = numbers.length ? bins(numbers) : [];
  const found = parts.map(({ from, to, count }) => ({ x: from, label: `${values.text(from)} – ${values.text(to)}`, ys: [count] }));
  return { axis: 'number', names: [values.plain(chart.yLabel, 100)], points: found, binWidth: (parts[0]?.to ?? 0) - (parts[0]?.from ?? 0) };
}

/** Whether the values are shares of a whole. */
function isShareable(points: Point[]): boolean {
  return points.every(({ ys }) => (ys[0] ?? 0) >= 0) && points.some(({ ys }) => (ys[0] ?? 0) > 0);
}

/** More slices than there are colours could not be told apart: the smallest become one. */
function slices(points: Point[], other: string): Point[] {
  const shown = points.filter(({ ys }) => (ys[0] ?? 0) > 0);
  if (shown.length <= COLOURS) return shown;
  const largest = [...shown].sort((one, next) => (next.ys[0] ?? 0) - (one.ys[0] ?? 0)).slice(0, COLOURS - 1);
  const rest = shown.filter((point) => !largest.includes(point)).reduce((sum, { ys }) => sum + (ys[0] ?? 0), 0);
  return [...shown.filter((point) => largest.includes(point)), { x: 0, label: other, ys: [rest] }];
}
