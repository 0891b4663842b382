// Makes SVG nodes: attributes and text only. Colours come from classes, so that they follow the theme.

const NAMESPACE = 'http://www.w3.org/2000/svg';

type Attributes = Record<string, string | number>;

export function svg<Tag extends keyof SVGElementTagNameMap>(tag: Tag, attributes: Attributes = {}, ...children: (Node | string)[]): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS(NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, typeof value === 'number' ? String(Math.round(value * 100) / 100) : value);
  }
  element.append(...children);
  return element;
}

/** A line of text that stands at a point: at its start, middle or end. */
export function label(text: string, x: number, y: number, anchor: 'start' | 'middle' | 'end' = 'start', attributes: Attributes = {}): SVGTextElement {
  return svg('text', { x, y, 'text-anchor': anchor, ...attributes }, text);
}

export function line(x1: number, y1: number, x2: number, y2: number, className: string): SVGLineElement {
  return svg('line', { x1, y1, x2, y2, class: className });
}

let ruler: CanvasRenderingContext2D | null = null;

/** How wide a text is on an axis. */
export function widthOf(text: string): number {
  ruler ??= document.createElement('canvas').getContext('2d');
  if (!ruler) return text.length * 7;
  ruler.font = `12px ${getComputedStyle(document.body).fontFamily}`;
  return ruler.measureText(text).width;
}

/** As much of the text as has room. */
export function fitted(text: string, width: number): string {
  const letters = [...text].slice(0, 200);
  if (widthOf(letters.join('')) <= width) return letters.join('');
  let [fits, tooMany] = [0, letters.length];
  while (tooMany - fits > 1) {
    const middle = (fits + tooMany) >> 1;
    if (widthOf(`${letters.slice(0, middle).join('')}…`) <= width) fits = middle;
    else tooMany = middle;
  }
  return `${letters.slice(0, fits).join('').trimEnd()}…`;
}
