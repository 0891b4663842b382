// Axes: lines, round values and names around the plot. All text is as wide as it is measured, so nothing overlaps.
import type { Values } from '../values';
import type { Model } from './model';
import { niceScale, placing, timeScale, type Scale } from './scales';
import { fitted, label, line, svg, widthOf } from './svg';

export interface Area {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface Frame extends Area {
  nodes: SVGElement[];
  width: number;
  height: number;
  /** Places of values on the two axes. */
  px: (x: number) => number;
  py: (y: number) => number;
  /** Room of one category, in px. */
  band: number;
}

const GAP = 8;
const LINE = 16;
/** A label that is turned takes so much of the axis. */
const TURNED = 17;
const LONGEST_TURNED = 96;
/** A year is so wide, with the gap beside it. */
const SHORT = 44;
const ANGLE = 40;

/** Zero is in sight for what grows from it, and where it is near. */
export function valueScale(model: Model, count: number): Scale {
  let [low, high] = model.extent;
  const fromZero = model.kind === 'bar' || model.kind === 'area' || model.kind === 'histogram';
  if (fromZero || (low > 0 && low < high * 0.4)) low = Math.min(low, 0);
  if (fromZero || (high < 0 && high > low * 0.4)) high = Math.max(high, 0);
  const scale = niceScale(low, high, count);
  // Nothing but zeros: the line stands at the bottom.
  return low === 0 && high === 0 ? { ...scale, min: 0, ticks: scale.ticks.filter((tick) => tick >= 0) } : scale;
}

/** The axes of all kinds that have a horizontal one for `x` and a vertical one for values. */
export function frameOf(model: Model, values: Values, width: number, height: number): Frame {
  const scale = valueScale(model, Math.max(3, Math.round(height / 56)));
  const words = scale.ticks.map((tick) => values.short(tick));
  const left = Math.ceil(Math.max(...words.map(widthOf))) + GAP + 2;
  const area = { left, right: width - 10, top: model.yLabel ? LINE + 12 : 10, bottom: 0 };
  const { nodes, px, band, room } = horizontalAxis(model, values, area);
  area.bottom = height - room;
  const py = placing(scale, area.bottom, area.top);
  const grid = scale.ticks.flatMap((tick, at) => [
    line(area.left, py(tick), area.right, py(tick), tick === 0 ? 'axis' : 'grid'),
    label(words[at] as string, area.left - GAP, py(tick) + 4, 'end'),
  ]);
  if (model.yLabel) grid.push(label(fitted(model.yLabel, width), 0, 12, 'start', { class: 'name' }));
  const name = model.xLabel && label(fitted(model.xLabel, area.right - area.left), (area.left + area.right) / 2, height - 4, 'middle', { class: 'name' });
  const below = svg('g', { transform: `translate(0 ${Math.round(area.bottom * 100) / 100})` }, ...nodes);
  return { ...area, width, height, px, py, band, nodes: [...grid, below, ...(name ? [name] : [])] };
}

interface Horizontal extends Pick<Frame, 'nodes' | 'px' | 'band'> {
  /** Height of all there is below the plot. */
  room: number;
}

function horizontalAxis(model: Model, values: Values, area: Area): Horizontal {
  const room = LINE + 8 + (model.xLabel ? LINE + 4 : 0);
  if (model.axis === 'category' || model.kind === 'bar') return categories(model, area, room);
  const { ticks, word, min, max } = model.axis === 'date' ? dates(model, values, area) : numbers(model, values, area);
  const inset = model.kind === 'scatter' ? 8 : model.kind === 'histogram' ? 0 : 4;
  const px = placing({ min, max }, area.left + inset, area.right - inset);
  const nodes = ticks.flatMap((tick) => tickLabel(word(tick), px(tick), area));
  return { nodes, px, band: (area.right - area.left) / Math.max(1, model.points.length), room };
}

/** A tick with its label, which stays within the picture. */
function tickLabel(text: string, x: number, { left, right }: Area): SVGElement[] {
  const half = widthOf(text) / 2;
  const place = Math.min(Math.max(x, left - 30 + half), right + 8 - half);
  return [line(x, 0, x, 4, 'axis'), label(text, place, 18, 'middle')];
}

type Ticks = Scale & { word: (tick: number) => string };

function numbers(model: Model, values: Values, { left, right }: Area): Ticks {
  const { points, binWidth = 0 } = model;
  const first = points[0]?.x ?? 0;
  const last = (points[points.length - 1]?.x ?? 0) + binWidth;
  // Years and the like are written out, large amounts are not.
  const word = (tick: number): string => (Math.abs(tick) < 10_000 ? values.text(tick) : values.short(tick));
  const scale = niceScale(first, last, Math.max(2, Math.floor((right - left) / 48)));
  if (binWidth) return { ...scale, min: first, max: last, ticks: scale.ticks.filter((tick) => tick >= first && tick <= last), word };
  return { ...scale, word };
}

function dates({ points }: Model, values: Values, { left, right }: Area): Ticks {
  let [min, max] = [points[0]?.x ?? 0, points[points.length - 1]?.x ?? 0];
  if (min === max) [min, max] = [min - 1, max + 1];
  const wide = widthOf(values.date(max, { month: 'short', year: 'numeric' })) + 16;
  const scale = timeScale(min, max, Math.floor((right - left) / wide));
  const formats = { hour: { hour: 'numeric', minute: '2-digit' }, day: { day: 'numeric', month: 'short' }, month: { month: 'short', year: 'numeric' }, year: { year: 'numeric' } } as const;
  const ticks = scale.ticks.length ? scale.ticks : [points[0]?.x ?? 0];
  return { ...scale, ticks, word: (tick) => values.date(tick, scale.ticks.length ? formats[scale.unit] : { dateStyle: 'medium' }) };
}

/** Labels beside each other if they have room, else turned; every second, third … if there are too many. */
function categories({ points, axis }: Model, { left, right }: Area, room: number): Horizontal {
  const band = (right - left) / points.length;
  const px = (at: number): number => left + band * (at + 0.5);
  const widest = points.reduce((most, { label: text }) => Math.max(most, Math.min(200, widthOf(text.slice(0, 40)))), 0) + 10;
  // Days and years that are left out can be told from those beside them, names cannot.
  const isThinned = axis === 'date' || widest <= Math.max(band, SHORT);
  const every = Math.max(1, Math.ceil((isThinned ? widest : TURNED) / band));
  const shown = points.map(({ label: text }, at) => ({ text, x: px(at) })).filter((_, at) => at % every === 0);
  if (isThinned) return { nodes: shown.flatMap(({ text, x }) => tickLabel(text, x, { left, right, top: 0, bottom: 0 })), px, band, room };
  const texts = shown.map(({ text, x }) => ({ x, text: fitted(text, Math.min(LONGEST_TURNED, (x - 4) / Math.cos((ANGLE * Math.PI) / 180))) }));
  const longest = Math.max(...texts.map(({ text }) => widthOf(text)));
  const nodes = texts.map(({ text, x }) => label(text, x + 4, 14, 'end', { transform: `rotate(${-ANGLE} ${Math.round(x + 4)} 14)` }));
  return { nodes, px, band, room: room + Math.ceil(longest * Math.sin((ANGLE * Math.PI) / 180)) - 4 };
}
