// Lets people point at a chart's values, or walk through them with arrow keys: a list box over the picture, whose one
// option is the tip that says what stands at this place.
import { make } from '../../panel/view/elements';
import { sign } from './legend';
import type { Stop } from './stops';
import { svg } from './svg';

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };
let lists = 0;

export function walkable(stops: Stop[], hint: string, title: string, width: number): HTMLElement {
  const node = make('div', 'chart-walk');
  const name = `chart-${(lists += 1)}`;
  let current = -1;
  let turn = 0;
  node.tabIndex = 0;
  node.setAttribute('role', 'listbox');
  node.setAttribute('aria-label', [hint, title].filter(Boolean).join(': '));
  const go = (to: number): void => {
    for (const shape of stops[current]?.nodes ?? []) shape.classList.remove('is-on');
    current = to;
    const stop = stops[to];
    node.replaceChildren();
    if (!stop) return node.removeAttribute('aria-activedescendant');
    for (const shape of stop.nodes) shape.classList.add('is-on');
    const shown = tip(stop, to, stops.length);
    // Another name each time, or screen readers would not notice that the words are others.
    shown.id = `${name}-${(turn = 1 - turn)}`;
    node.append(shown);
    node.setAttribute('aria-activedescendant', shown.id);
    setPlace(shown, stop, width);
  };
  node.addEventListener('keydown', (event) => {
    const step = STEPS[event.key];
    if (event.key === 'Escape' && current >= 0) event.preventDefault(), go(-1);
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go(Math.min(stops.length - 1, Math.max(0, current < 0 && step !== Infinity ? 0 : current + step)));
  });
  const point = ({ offsetX, offsetY, target }: PointerEvent): void => {
    const near = target === node ? nearest(stops, offsetX, offsetY) : current;
    if (near !== current) go(near);
  };
  node.addEventListener('pointermove', point);
  node.addEventListener('pointerdown', point);
  node.addEventListener('pointerleave', ({ pointerType }) => pointerType === 'mouse' && go(-1));
  node.addEventListener('focus', () => node.matches(':focus-visible') && current < 0 && go(0));
  node.addEventListener('blur', () => go(-1));
  return node;
}

/** The place nearest to the pointer; across counts more than up and down, since most charts go across. */
function nearest(stops: Stop[], x: number, y: number): number {
  const away = stops.map((stop) => 4 * (stop.x - x) ** 2 + (stop.y - y) ** 2);
  return away.reduce((best, distance, at) => (distance < (away[best] as number) ? at : best), 0);
}

function tip(stop: Stop, at: number, count: number): HTMLElement {
  const isPlain = stop.values.length === 1;
  const lines = stop.values.map(({ series, name, text }) => {
    const colour = svg('svg', { viewBox: '0 0 18 12', width: 12, height: 8, 'aria-hidden': 'true' }, sign({ kind: 'bar' }, series));
    return make('span', 'chart-value', colour, ...(name ? [make('bdi', '', name), isPlain ? ' ' : ' '] : []), make('b', '', text));
  });
  const node = make('div', 'chart-tip', make('bdi', 'chart-where', stop.label), ' ', ...lines);
  node.setAttribute('role', 'option');
  node.setAttribute('aria-selected', 'true');
  node.setAttribute('aria-posinset', String(at + 1));
  node.setAttribute('aria-setsize', String(count));
  return node;
}

/** Above the place, or below it where there is no room; never beyond the edges. */
function setPlace(shown: HTMLElement, { x, y }: Stop, width: number): void {
  const half = shown.offsetWidth / 2;
  const left = Math.max(0, Math.min(width - 2 * half, x - half));
  const above = y - shown.offsetHeight - 10;
  shown.style.setProperty('left', `${left}px`);
  shown.style.setProperty('top', `${above >= -24 ? above : y + 14}px`);
}
