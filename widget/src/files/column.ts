// One column of a table: its name, what it holds, and how its values are spread.
import { fill, type AllStrings } from '../panel/strings/index';
import { make } from '../panel/view/elements';
import type { Numbers } from './numbers';
import type { Column } from './types';

const SHOWN_VALUES = 3;
const HEIGHT = 20;
const SVG = 'http://www.w3.org/2000/svg';

export function columnRow(column: Column, rows: number, words: AllStrings, numbers: Numbers): HTMLElement {
  const { name, type, spread } = column;
  const kind = (words as Record<string, string>)[`type.${type}`] ?? type;
  const head = make('div', 'file-column', make('bdi', 'file-name', name), make('span', 'file-facts', kind));
  const facts = make('div', 'file-facts', ...factsOf(column, rows, words, numbers).flatMap((fact) => [' · ', make('bdi', '', fact)]).slice(1));
  return make('li', '', head, make('div', 'file-values', ...(spread.length > 1 ? [bars(spread)] : []), facts));
}

/** In words what the bars show. */
function factsOf(column: Column, rows: number, words: AllStrings, numbers: Numbers): string[] {
  const { min, max, mean, top, nulls, distinct, type } = column;
  const filled = Math.max(rows - nulls, 1);
  const facts: string[] = [];
  if (min != null && max != null && type !== 'boolean') facts.push(`${numbers.cell(min, column)} – ${numbers.cell(max, column)}`);
  else if (type === 'category' || type === 'boolean') facts.push(...top.slice(0, SHOWN_VALUES).map(([value, count]) => `${value} ${numbers.share(count / filled)}`));
  if (mean != null) facts.push(fill(words.fileMean, { value: numbers.cell(mean, column) }));
  if (type !== 'boolean' && type !== 'empty' && mean == null) facts.push(fill(words.fileDistinct, { count: numbers.count(distinct) }));
  if (nulls) facts.push(fill(words.fileEmpty, { count: numbers.count(nulls) }));
  return facts;
}

/** A picture of the counts; the facts beside it say the same. */
function bars(counts: number[]): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  const path = document.createElementNS(SVG, 'path');
  const highest = Math.max(...counts, 1);
  // What there is at all can be seen.
  const height = (count: number): number => (count ? Math.max(1, Math.round((count / highest) * HEIGHT)) : 0);
  path.setAttribute('d', counts.map((count, at) => `M${at * 6} ${HEIGHT}v-${height(count)}h5V${HEIGHT}z`).join(''));
  svg.setAttribute('viewBox', `0 0 ${counts.length * 6 - 1} ${HEIGHT}`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('class', 'file-bars');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(path);
  return svg;
}
