// Shares of a whole, from the top and clockwise.
import type { Values } from '../values';
import type { Model, Point } from './model';
import { colourOf } from './palette';
import type { Drawing, Stop } from './stops';
import { svg } from './svg';

const EDGE = 6;
/** The hole, so that lengths of arcs are compared rather than angles. */
const HOLE = 0.56;

export function shares({ points }: Model): { point: Point; share: number }[] {
  const largest = Math.max(...points.map(({ ys }) => ys[0] ?? 0));
  // In parts of the largest one: the sum of what is very large is no number any more.
  const sum = points.reduce((total, { ys }) => total + (ys[0] ?? 0) / largest, 0);
  return points.map((point) => ({ point, share: (point.ys[0] ?? 0) / largest / sum }));
}

export function pie(model: Model, values: Values, width: number, height: number): Drawing {
  const size = Math.min(width, height);
  const radius = size / 2 - EDGE;
  const centre: [number, number] = [width / 2, size / 2];
  let from = 0;
  const stops = shares(model).map(({ point, share }, series): Stop => {
    const slice = svg('path', { d: ring(centre, radius, from, Math.min(from + share, from + 0.99999)), class: 'bar slice', fill: colourOf(series) });
    const [x, y] = place(centre, radius * (1 + HOLE) * 0.5, from + share / 2);
    from += share;
    const text = `${model.word(point.ys[0] ?? null)} (${values.share(share)})`;
    return { x, y, label: point.label, values: [{ series, name: model.names[0] ?? '', text }], nodes: [slice] };
  });
  return { nodes: stops.flatMap(({ nodes }) => nodes), width, height: size, stops };
}

function place([x, y]: [number, number], radius: number, turn: number): [number, number] {
  const angle = turn * 2 * Math.PI;
  return [x + radius * Math.sin(angle), y - radius * Math.cos(angle)];
}

function ring(centre: [number, number], radius: number, from: number, to: number): string {
  const inner = radius * HOLE;
  const far = to - from > 0.5 ? 1 : 0;
  const [a, b, c, d] = [place(centre, radius, from), place(centre, radius, to), place(centre, inner, to), place(centre, inner, from)].map((at) => at.map((part) => part.toFixed(2)).join(' '));
  return `M${a}A${radius} ${radius} 0 ${far} 1 ${b}L${c}A${inner} ${inner} 0 ${far} 0 ${d}Z`;
}
