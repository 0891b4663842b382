// Whether a page is dark, by the colours the loader tells: `rgb(17, 17, 17)rgb(255, 255, 255)`, background then text.

/** The text decides where the background is not the page's own: it is light on what the browser paints dark. */
export function pageTheme(colours: string): 'light' | 'dark' {
  const [background = '', text = ''] = colours.split(/(?<=\))/);
  const isDark = opacity(background) < 0.5 ? lightness(text) > 0.5 : lightness(background) <= 0.5;
  return isDark ? 'dark' : 'light';
}

function numbers(colour: string): number[] {
  return (colour.replace(/^\w+\((srgb|display-p3)?/, '').match(/-?[\d.]+/g) ?? []).map(Number);
}

function opacity(colour: string): number {
  return numbers(colour)[3] ?? 1;
}

/** Computed colours are `rgb()` out of 255, `oklch()` and `oklab()` out of 1, `lch()` and `lab()` out of 100, or
 *  `color()` out of 1. Perceived lightness is near enough to the square root that is left out for the first. */
function lightness(colour: string): number {
  const [one = 0, two = 0, three = 0] = numbers(colour);
  if (colour.startsWith('ok')) return one;
  if (colour.startsWith('l')) return one / 100;
  const sum = 0.3 * one + 0.59 * two + 0.11 * three;
  return colour.startsWith('color') ? sum : sum / 255;
}
