// Colours an owner may choose, and which ink stays readable on them (WCAG 2 contrast).

export type Rgb = readonly [number, number, number];

const HEX = /^#([\da-f]{3}){1,2}$/i;

/** `#rgb` or `#rrggbb`; everything else is refused, so that a colour can never smuggle in other CSS. */
export function parseColour(value: unknown): Rgb | null {
  return typeof value === 'string' && HEX.test(value) ? toRgb(value) : null;
}

/** For a colour that has been checked already. */
export function toRgb(hex: string): Rgb {
  const size = hex.length > 4 ? 2 : 1;
  return [0, 1, 2].map((index) => parseInt(hex.substr(1 + index * size, size).repeat(3 - size), 16)) as unknown as Rgb;
}

export function luminance(colour: Rgb): number {
  return [0.2126, 0.7152, 0.0722].reduce((sum, weight, index) => sum + weight * linear(colour[index] as number), 0);
}

function linear(channel: number): number {
  const part = channel / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

/** White or near-black, whichever an icon or bold label needs on this background: 0.3 is where white has 3:1 left. */
export function inkOn(background: Rgb): string {
  return luminance(background) <= 0.3 ? '#fff' : '#14161a';
}

export function contrast(one: Rgb, other: Rgb): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

export function mix(one: Rgb, other: Rgb, share: number): Rgb {
  return one.map((channel, index) => Math.round(channel + ((other[index] as number) - channel) * share)) as unknown as Rgb;
}

/** The colour itself, or the nearest darker or lighter one that has this contrast on the surface. */
export function readableOn(surface: Rgb, colour: Rgb, atLeast: number): Rgb {
  const target: Rgb = luminance(surface) > 0.18 ? [0, 0, 0] : [255, 255, 255];
  for (let share = 0; share < 1; share += 0.02) {
    const tried = mix(colour, target, share);
    if (contrast(tried, surface) >= atLeast) return tried;
  }
  return target;
}

export function toHex(colour: Rgb): string {
  return `#${colour.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
