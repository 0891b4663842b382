// What a picture consists of, and the places in it that can be pointed at and walked through.
import type { Model, Point } from './model';

/** A place with values, and what shows that it is meant. */
export interface Stop {
  x: number;
  y: number;
  label: string;
  values: { series: number; name: string; text: string }[];
  nodes: SVGElement[];
}

export interface Drawing {
  nodes: SVGElement[];
  width: number;
  height: number;
  stops: Stop[];
}

export function stopAt(model: Model, point: Point, x: number, y: number, nodes: SVGElement[]): Stop {
  const values = point.ys.map((value, series) => ({ series, name: model.names[series] ?? '', text: model.word(value) }));
  return { x, y, label: point.label, values, nodes };
}
