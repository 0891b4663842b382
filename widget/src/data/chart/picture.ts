// A chart as a file that needs nothing else: drawn anew in a size for documents, with title, legend and the colours of now.
import { make } from '../../panel/view/elements';
import type { Values } from '../values';
import { draw } from './draw';
import { legendNames, sign } from './legend';
import type { Model } from './model';
import { tint } from './palette';
import { fitted, label, svg, widthOf } from './svg';

const WIDTH = 800;
const HEIGHT = 400;
const PADDING = 24;
const LINE = 20;
const SHARPNESS = 2;
/** What a class may say of a shape. */
const LOOKS = ['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linejoin', 'stroke-linecap', 'opacity', 'font-family', 'font-size', 'font-weight'];

export function toSvg(model: Model, values: Values): SVGSVGElement {
  const inner = WIDTH - 2 * PADDING;
  const { nodes, height } = draw(model, values, inner, HEIGHT);
  const top = model.title ? PADDING + LINE + 8 : PADDING;
  const signs = legendRows(model, values, inner);
  const total = top + height + signs.length * LINE + (signs.length ? 12 : 0) + PADDING;
  const moved = (y: number, children: Node[]): SVGElement => svg('g', { transform: `translate(${PADDING} ${y})` }, ...children);
  const picture = svg(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${WIDTH} ${total}`, width: WIDTH, height: total, role: 'img', 'aria-label': model.title },
    svg('title', {}, model.title),
    svg('rect', { width: WIDTH, height: total, class: 'ground' }),
    label(fitted(model.title, inner * 0.8), PADDING, PADDING + 14, 'start', { class: 'heading' }),
    moved(top, nodes),
    ...signs.map((row, at) => moved(top + height + 12 + at * LINE, row)),
  );
  resolve(picture);
  return picture;
}

function legendRows(model: Model, values: Values, width: number): SVGElement[][] {
  const rows: SVGElement[][] = [];
  let x = Infinity;
  legendNames(model, values).forEach((name, series) => {
    const text = fitted(name, width - 40);
    const wide = 26 + widthOf(text) + 20;
    if (x + wide > width) [x] = [0, rows.push([])];
    rows[rows.length - 1]?.push(svg('g', { transform: `translate(${x} 0)` }, sign(model, series), label(text, 26, 10)));
    x += wide;
  });
  return rows;
}

/** Puts what the stylesheet says into the picture itself. */
function resolve(picture: SVGSVGElement): void {
  const stand = make('div', 'chart-picture is-export');
  tint(stand);
  stand.append(picture);
  document.body.append(stand);
  for (const element of [picture, ...picture.querySelectorAll(':not(title)')]) {
    const style = getComputedStyle(element);
    for (const name of LOOKS) element.setAttribute(name, style.getPropertyValue(name));
    element.removeAttribute('class');
  }
  stand.remove();
}

/** Policies allow pictures at `data:` addresses, so the picture goes by one of them. */
export async function toPng(picture: SVGSVGElement): Promise<Blob> {
  const image = new Image();
  const { width, height } = picture.viewBox.baseVal;
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(picture))}`;
  await image.decode();
  const canvas = make('canvas');
  canvas.width = width * SHARPNESS;
  canvas.height = height * SHARPNESS;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png'));
}
