// Bars: upright, or lying where the names of what they count are long.
import type { Values } from '../values';
import { valueScale, type Frame } from './axes';
import type { Model, Point } from './model';
import { colourOf } from './palette';
import { placing } from './scales';
import { stopAt, type Drawing, type Stop } from './stops';
import { fitted, label, line, svg, widthOf } from './svg';

const MAX_FLAT = 24;
/** Height of a lying bar, and the room between two groups of them. */
const BAR = 14;
const WIDE_BAR = 22;
const BETWEEN = 12;
const GAP = 8;
const LINE = 16;

/** Names that would have to be turned are better read beside their bars. */
export function isFlat({ kind, axis, points }: Model, width: number): boolean {
  if (kind !== 'bar' || axis === 'date' || points.length > MAX_FLAT) return false;
  const band = (width - 60) / points.length;
  return points.some(({ label: text }) => text.length > 5 && widthOf(text.slice(0, 60)) + 10 > band);
}

export function uprightBars(model: Model, { px, py, band, left, right }: Frame): Pick<Drawing, 'nodes' | 'stops'> {
  const isHistogram = model.binWidth !== undefined;
  const count = Math.max(1, model.names.length);
  const group = isHistogram ? (right - left) / model.points.length - 1 : Math.min(band * 0.76, 56 * count);
  const wide = Math.max(1, group / count - (count > 1 && group / count > 6 ? 1.5 : 0));
  const zero = py(0);
  const stops = model.points.map((point, at) => {
    const start = isHistogram ? px(point.x) + 0.5 : px(at) - group / 2;
    const bars = point.ys.flatMap((y, series) => (y === null ? [] : [bar({ x: start + (group / count) * series, y: Math.min(zero, py(y)), width: wide, height: Math.abs(py(y) - zero) }, series)]));
    const top = Math.min(zero, ...point.ys.map((y) => (y === null ? zero : py(y))));
    return stopAt(model, point, start + group / 2, top, bars);
  });
  return { nodes: stops.flatMap(({ nodes }) => nodes), stops };
}

function bar(box: { x: number; y: number; width: number; height: number }, series: number): SVGElement {
  return svg('rect', { ...box, rx: Math.min(2, box.width / 4), class: 'bar', fill: colourOf(series) });
}

export function flatBars(model: Model, values: Values, width: number): Drawing {
  const names = model.points.map(({ label: text }) => fitted(text, width * 0.36));
  const left = Math.ceil(Math.max(...names.map(widthOf))) + GAP;
  const count = Math.max(1, model.names.length);
  const thick = width > 600 ? WIDE_BAR : BAR;
  const row = thick * count + BETWEEN;
  const top = model.xLabel ? LINE + 6 : 4;
  const bottom = top + row * model.points.length;
  const scale = valueScale(model, Math.max(2, Math.floor((width - left) / 56)));
  const px = placing(scale, left, width - 16);
  const grid = scale.ticks.flatMap((tick) => [line(px(tick), top, px(tick), bottom, tick === 0 ? 'axis' : 'grid'), label(values.short(tick), px(tick), bottom + 16, 'middle')]);
  if (model.xLabel) grid.push(label(fitted(model.xLabel, width), 0, 12, 'start', { class: 'name' }));
  if (model.yLabel) grid.push(label(fitted(model.yLabel, width - left), (left + width - 16) / 2, bottom + 36, 'middle', { class: 'name' }));
  const stops = model.points.map((point, at) => lying(model, point, px, { top: top + row * at + BETWEEN / 2, thick }));
  const texts = names.map((name, at) => label(name, left - GAP, top + row * (at + 0.5) + 4, 'end'));
  return { nodes: [...grid, ...texts, ...stops.flatMap(({ nodes }) => nodes)], width, height: bottom + (model.yLabel ? 42 : 22), stops };
}

function lying(model: Model, point: Point, px: (value: number) => number, { top, thick }: { top: number; thick: number }): Stop {
  const zero = px(0);
  const bars = point.ys.flatMap((y, series) => (y === null ? [] : [bar({ x: Math.min(zero, px(y)), y: top + thick * series, width: Math.abs(px(y) - zero), height: thick - 1 }, series)]));
  return stopAt(model, point, Math.max(zero, ...point.ys.map((y) => px(y ?? 0))), top, bars);
}
