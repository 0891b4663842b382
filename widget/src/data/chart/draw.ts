// One picture for each kind of chart.
import type { Values } from '../values';
import { frameOf, type Frame } from './axes';
import { flatBars, isFlat, uprightBars } from './bars';
import type { Model } from './model';
import { colourOf, lineLook } from './palette';
import { pie } from './pie';
import { stopAt, type Drawing } from './stops';
import { line, svg } from './svg';

/** More points than this are not marked one by one. */
const MAX_MARKED = 24;

export function draw(model: Model, values: Values, width: number, height: number): Drawing {
  if (model.kind === 'pie') return pie(model, values, width, height);
  if (isFlat(model, width)) return flatBars(model, values, width);
  const frame = frameOf(model, values, width, height);
  const { nodes, stops } = model.kind === 'bar' || model.kind === 'histogram' ? uprightBars(model, frame) : model.kind === 'scatter' ? dots(model, frame) : lines(model, frame);
  return { nodes: [...frame.nodes, ...nodes], width, height, stops };
}

function lines(model: Model, frame: Frame): Pick<Drawing, 'nodes' | 'stops'> {
  const { px, py } = frame;
  const isMarked = model.points.length <= MAX_MARKED;
  const strokes = model.names.flatMap((_, series) => stroke(model, frame, series));
  const stops = model.points.map((point) => {
    const x = px(point.x);
    const guide = line(x, frame.top, x, frame.bottom, 'guide');
    const marks = point.ys.flatMap((y, series) => (y === null ? [] : [svg('circle', { cx: x, cy: py(y), r: 3, class: isMarked ? 'mark' : 'mark hint', fill: colourOf(series) })]));
    const highest = Math.max(...point.ys.map((y) => y ?? model.extent[0]));
    return stopAt(model, point, x, py(highest), [guide, ...marks]);
  });
  return { nodes: [...strokes, ...stops.flatMap(({ nodes }) => nodes)], stops };
}

/** The line of a series, broken where values are missing, and the area below it. */
function stroke(model: Model, { px, py }: Frame, series: number): SVGElement[] {
  const runs: string[][] = [[]];
  for (const { x, ys } of model.points) {
    const y = ys[series] ?? null;
    if (y === null) runs.push([]);
    else runs[runs.length - 1]?.push(`${px(x).toFixed(1)} ${py(y).toFixed(1)}`);
  }
  const zero = py(0).toFixed(1);
  return runs.filter((run) => run.length).flatMap((run) => {
    const path = svg('path', { d: `M${run.join('L')}`, ...lineLook(series) });
    if (model.kind !== 'area') return [path];
    const ends = [run[run.length - 1], run[0]].map((place) => `${place?.split(' ')[0]} ${zero}`);
    return [svg('path', { d: `M${run.join('L')}L${ends.join('L')}Z`, class: 'area', fill: colourOf(series) }), path];
  });
}

function dots(model: Model, { px, py }: Frame): Pick<Drawing, 'nodes' | 'stops'> {
  const stops = model.points.flatMap((point) => {
    const x = px(point.x);
    return point.ys.flatMap((y, series) => {
      if (y === null) return [];
      const stop = stopAt(model, point, x, py(y), [svg('circle', { cx: x, cy: py(y), r: 4, class: 'dot', fill: colourOf(series) })]);
      return [{ ...stop, values: stop.values.slice(series, series + 1) }];
    });
  });
  return { nodes: stops.flatMap(({ nodes }) => nodes), stops };
}

