// Which colour each series has. The first is the site's accent; of the others, which stand in data.css, the one that is
// hardest to tell from it is left out.
import { parseColour, type Rgb } from '../../colour';

/** So many series and slices have colours of their own. */
export const COLOURS = 7;

/** Gives the colours `--s0`, `--s1`, … to what is drawn within the node. */
export function tint(node: HTMLElement): void {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): Rgb => parseColour(style.getPropertyValue(name).trim()) ?? [0, 0, 0];
  const palette = Array.from({ length: COLOURS }, (_, at) => colour(`--chart-${at + 1}`));
  const nearest = nearestTo(colour('--accent-line'), palette) + 1;
  for (let series = 0; series < COLOURS; series += 1) {
    const place = series && series + Number(series >= nearest);
    node.style.setProperty(`--s${series}`, place ? `var(--chart-${place})` : 'var(--accent-line)');
  }
}

/** The place of the colour that is hardest to tell from this one. */
export function nearestTo(accent: Rgb, palette: Rgb[]): number {
  const distances = palette.map((other) => accent.reduce((sum, channel, at) => sum + (channel - (other[at] as number)) ** 2, 0));
  return distances.indexOf(Math.min(...distances));
}

/** For the attributes of a shape: the colour of a series. */
export function colourOf(series: number): string {
  return `var(--s${series % COLOURS})`;
}

const DASHES = ['', '7 4', '2 4', '10 4 2 4', '14 5', '4 3 4 8', '1 6'];

/** Lines differ in more than their colour. */
export function lineLook(series: number): Record<string, string> {
  return { class: 'line', stroke: colourOf(series), 'stroke-dasharray': DASHES[series % COLOURS] || 'none' };
}
