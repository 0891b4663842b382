// Whether a page is dark, by the colours the loader tells: `rgb(17, 17, 17)rgb(255, 255, 255)`, background then text.

/** The text decides where the background is not the page's own: it is light on what the browser paints dark. */
export function pageTheme(colours: string): 'light' | 'dark' {
  const [background = '', text = ''] = colours.split(/(?<=\))/);
  const isClear = (numbers(background)[3] ?? 1) < 0.5;
  return isLight(isClear ? text : background) === isClear ? 'dark' : 'light';
}

const numbers = (colour: string): number[] => (colour.match(/(?<![a-z-])[\d.]+/g) ?? []).map(Number);

/** Computed colours are `rgb()` out of 255, `lab()` and `lch()` out of 100, `oklab()`, `oklch()` and `color()` out of 1.
 *  What comes first is lightness, or else red, the others being near it in the grounds of pages; green counts for `rgb()`. */
function isLight(colour: string): boolean {
  const [one = 0, two = 0] = numbers(colour);
  return colour.startsWith('rgb') ? one + two * 2 > 382 : one > (colour.startsWith('l') ? 50 : 0.5);
}
