// What data.js loads once there is a chart to draw.
import { fill } from '../../panel/strings/index';
import { make } from '../../panel/view/elements';
import type { Stage } from '../stage';
import type { Chart, Result } from '../steps';
import styles from './charts.css';
import { draw } from './draw';
import { legend } from './legend';
import { modelOf, type Model } from './model';
import { tint } from './palette';
import { toPng, toSvg } from './picture';
import { svg } from './svg';
import { walkable } from './walk';

const sheet = new CSSStyleSheet();
sheet.replaceSync(styles);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

const HEIGHT = 240;
const PIE_HEIGHT = 208;

/** A chart to show, and as files. */
export interface Drawn {
  nodes: HTMLElement[];
  png(): Promise<Blob>;
  svg(): Promise<Blob>;
}

/** Null when there is nothing to draw. */
export function drawn(chart: Chart, result: Result, stage: Stage): Drawn | null {
  const { values, words } = stage;
  const model = modelOf(chart, result, values, words.chartOther);
  if (!model) return null;
  const place = make('div', 'chart-place');
  const node = make('div', 'chart-picture', place, ...legend(model, values));
  tint(node);
  drawWhenSeen(place, model, stage);
  return {
    nodes: [node],
    png: () => toPng(toSvg(model, values)),
    svg: () => Promise.resolve(new Blob([new XMLSerializer().serializeToString(toSvg(model, values))], { type: 'image/svg+xml' })),
  };
}

/** Draws it as wide as there is room, and anew when that changes. What is out of sight is not drawn before it is seen. */
function drawWhenSeen(place: HTMLElement, model: Model, stage: Stage): void {
  const height = model.kind === 'pie' ? PIE_HEIGHT : HEIGHT;
  let drawnAt = 0;
  place.style.setProperty('min-height', `${height}px`);
  new ResizeObserver(() => {
    const width = Math.floor(place.clientWidth);
    if (width < 40 || width === drawnAt) return;
    drawnAt = width;
    const drawing = draw(model, stage.values, width, height);
    const picture = svg('svg', { viewBox: `0 0 ${width} ${drawing.height}`, width, height: drawing.height, role: 'img', 'aria-label': summary(model, stage) }, ...drawing.nodes);
    place.replaceChildren(picture, walkable(drawing.stops, stage.words.chartWalk, model.title, width));
    place.style.setProperty('min-height', `${drawing.height}px`);
  }).observe(place);
}

function summary(model: Model, { words, values }: Stage): string {
  const kinds = { bar: words.chartBar, line: words.chartLine, area: words.chartArea, pie: words.chartPie, scatter: words.chartScatter, histogram: words.chartHistogram };
  const count = model.points.reduce((sum, { ys }) => sum + ys.filter((y) => y !== null).length, 0);
  const [min, max] = model.extent.map(model.word);
  const facts = fill(words.chartSummary, { kind: kinds[model.kind], count: values.text(count), min: min ?? '', max: max ?? '' });
  return [model.title, facts].filter(Boolean).join('. ');
}
