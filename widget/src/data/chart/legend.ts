// Which colour or line is which series, or which slice.
import { make } from '../../panel/view/elements';
import type { Values } from '../values';
import type { Model } from './model';
import { colourOf, lineLook } from './palette';
import { shares } from './pie';
import { svg } from './svg';

export function legendNames(model: Model, values: Values): string[] {
  if (model.kind === 'pie') return shares(model).map(({ point, share }) => `${point.label} (${values.share(share)})`);
  return model.names.length > 1 ? model.names : [];
}

/** The sign of a series: its line, or a field of its colour. */
export function sign({ kind }: Pick<Model, 'kind'>, series: number): SVGElement {
  if (kind === 'line' || kind === 'area') return svg('line', { x1: 0, y1: 6, x2: 18, y2: 6, ...lineLook(series) });
  return svg('rect', { x: 3, y: 0, width: 12, height: 12, rx: 3, fill: colourOf(series) });
}

export function legend(model: Model, values: Values): HTMLElement[] {
  const names = legendNames(model, values);
  if (!names.length) return [];
  const entries = names.map((name, series) => {
    const text = make('span', '', name);
    text.dir = 'auto';
    return make('li', '', svg('svg', { viewBox: '0 0 18 12', width: 18, height: 12, 'aria-hidden': 'true' }, sign(model, series)), text);
  });
  return [make('ul', 'chart-legend', ...entries)];
}
