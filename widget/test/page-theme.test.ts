// Light or dark, by the colours that a page's browser reports.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { themeFrom } from '../src/panel/config';
import { pageTheme } from '../src/panel/page-theme';

const CLEAR = 'rgba(0, 0, 0, 0)';
const CASES: [what: string, colours: string, theme: 'light' | 'dark'][] = [
  ['black on white', 'rgb(255, 255, 255)rgb(0, 0, 0)', 'light'],
  ['white on black', 'rgb(0, 0, 0)rgb(255, 255, 255)', 'dark'],
  ['no background, dark text', `${CLEAR}rgb(20, 20, 20)`, 'light'],
  ['no background, light text', `${CLEAR}rgb(230, 230, 230)`, 'dark'],
  ['a hint of a background', 'rgba(0, 0, 0, 0.05)rgb(0, 0, 0)', 'light'],
  ['a strong half transparent one', 'rgba(0, 0, 0, 0.9)rgb(255, 255, 255)', 'dark'],
  ['navy', 'rgb(10, 25, 90)rgb(255, 255, 255)', 'dark'],
  ['yellow', 'rgb(255, 230, 0)rgb(0, 0, 0)', 'light'],
  ['light oklch', 'oklch(0.985 0.002 247.839)oklch(0.2 0 0)', 'light'],
  ['dark oklch', 'oklch(0.13 0.028 261.692)oklch(0.98 0 0)', 'dark'],
  ['clear oklch, dark text', 'oklch(0 0 0 / 0)oklch(0.2 0 0)', 'light'],
  ['light lab', 'lab(97 0 0)lab(5 0 0)', 'light'],
  ['dark lch', 'lch(9 3 200)lch(99 0 0)', 'dark'],
  ['light color()', 'color(srgb 0.96 0.97 1)color(srgb 0 0 0)', 'light'],
  ['dark color()', 'color(display-p3 0.1 0.1 0.12)color(srgb 1 1 1)', 'dark'],
  ['nothing readable', '()', 'dark'],
];

test('a page is dark when its background is, or its text is light on no background of its own', () => {
  for (const [what, colours, theme] of CASES) assert.equal(pageTheme(colours), theme, what);
});

test('a theme is a word or the page’s colours; anything else follows the system', () => {
  assert.deepEqual(['light', 'dark', 'auto', 'host', '', null, 7].map(themeFrom), ['light', 'dark', 'auto', 'auto', 'auto', 'auto', 'auto']);
  assert.equal(themeFrom('rgb(0, 0, 0)rgb(255, 255, 255)'), 'dark');
});
