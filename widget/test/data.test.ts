import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { contrast, parseColour, type Rgb } from '../src/colour';
import { modelOf } from '../src/data/chart/model';
import { nearestTo } from '../src/data/chart/palette';
import { bins, niceScale, timeScale } from '../src/data/chart/scales';
import { fileName } from '../src/data/files';
import { placesIn } from '../src/data/marks';
import type { Cell, Chart } from '../src/data/steps';
import { plain, timeOf, valuesIn } from '../src/data/values';

const english = valuesIn('en');
const german = valuesIn('de');
const day = (text: string): number => timeOf(text) ?? NaN;

test('marks: numbers are found whole, not within other numbers', () => {
  const found = (text: string, ...numbers: string[]): string[] => placesIn(text, [...numbers].sort((one, next) => next.length - one.length)).map(([from, to]) => text.slice(from, to));
  assert.deepEqual(found('12, 112, 12.5, 1,012, 12%. 12', '12'), ['12', '12', '12']);
  assert.deepEqual(found('1,234 and 234', '1,234', '234'), ['1,234', '234']);
  assert.deepEqual(found('CHF 12.50 or 12', '12.50'), ['12.50']);
  assert.deepEqual(found('1’234 and 1 234', '1’234', '1 234'), ['1’234', '1 234']);
  assert.deepEqual(found('-5 and €5', '-5', '€5'), ['-5', '€5']);
  assert.deepEqual(found('A12 and 12kg', '12'), ['12']);
  assert.deepEqual(found('1.5.', '1.5'), ['1.5']);
});

test('values: numbers are worded as the language does, years and names are not counted in thousands', () => {
  assert.equal(english.text(1234567.5), '1,234,567.5');
  assert.equal(german.text(1234567.5), '1.234.567,5');
  assert.equal(english.text(2024), '2024');
  assert.equal(english.text(0.1 + 0.2), '0.3');
  assert.equal(english.text(null), '–');
  assert.equal(english.text(2 ** 63), '≈ 9,223,372,036,854,780,000');
  assert.equal(english.column('customer_id', [100234])(100234), '100234');
  assert.equal(english.column('paid', [100234])(100234), '100,234');
  assert.equal(english.rounded(104587.413237704), '104,587.41');
});

test('values: a column has as many digits behind the point in each cell', () => {
  const word = english.column('share', [1, 2.5, 3.25]);
  assert.deepEqual([1, 2.5, 3.25, null].map(word), ['1.00', '2.50', '3.25', '–']);
  const thirds = english.column('mean', [1 / 3, 4]);
  assert.deepEqual([1 / 3, 4, 1e-9, 1e300].map(thirds), ['0.3333', '4.0000', '0.000000001', '≈ 1E300']);
});

test('values: dates are read as far as they go, and nothing else is a date', () => {
  assert.deepEqual(['2024-02', '2024-02-29', '2024-02-29 13:05:00', '2024-02-29T13:05'].map((text) => new Date(day(text)).toISOString().slice(0, 16)), ['2024-02-01T00:00', '2024-02-29T00:00', '2024-02-29T13:05', '2024-02-29T13:05']);
  for (const other of ['2024', '2024-13', '2024-02-45', 'x2024-02-01', '12:00:00', '', null, 2024]) assert.equal(timeOf(other), null, String(other));
  assert.deepEqual([english.dateCell('2024-02'), english.dateCell('2024-02-29'), german.dateCell('2024-02-29')], ['Feb 2024', 'Feb 29, 2024', '29.02.2024']);
});

test('values: what turns or hides text goes, halves of characters with it', () => {
  assert.equal(plain('a\u202eb\u0000c\u2066d\ud800e\uffff'), 'abcde');
  assert.equal(plain('x'.repeat(3000)).length, 2001);
  assert.doesNotThrow(() => encodeURIComponent(plain('😀'.repeat(2000), 999)));
});

test('files: names are made of letters and digits', () => {
  assert.equal(fileName(['sales', 'Revenue, by month / 2024?'], 'csv'), 'sales-Revenue-by-month-2024.csv');
  assert.equal(fileName(['../../etc/passwd\u202e', undefined], 'svg'), 'etc-passwd.svg');
  assert.equal(fileName(['売上 合計'], 'csv'), '売上-合計.csv');
  assert.equal(fileName(['…'], 'png'), 'data.png');
  assert.ok(fileName(['x'.repeat(500)], 'csv').length < 70);
});

test('scales: ticks are round and hold all values', () => {
  assert.deepEqual(niceScale(0, 87, 5).ticks, [0, 20, 40, 60, 80, 100]);
  assert.deepEqual(niceScale(-7, 12, 4).ticks, [-10, -5, 0, 5, 10, 15]);
  assert.deepEqual(niceScale(0.1, 0.3, 4).ticks, [0.1, 0.15, 0.2, 0.25, 0.3]);
  for (const [low, high] of [[0, 0], [5, 5], [-3, -3], [1e308, 1.7e308], [-1.7e308, 1.7e308], [1e-300, 2e-300], [9007199254740991, 9007199254740992], [0, 1e18]] as [number, number][]) {
    const { min, max, ticks } = niceScale(low, high, 5);
    assert.ok(min <= low && max >= high && ticks.length >= 2 && ticks.length <= 14 && ticks.every(Number.isFinite), `${low} ${high}: ${ticks.join()}`);
  }
});

test('scales: dates have ticks at the starts of hours, days, months and years', () => {
  const ticks = (from: string, to: string, count: number): string[] => timeScale(day(from), day(to), count).ticks.map((tick) => new Date(tick).toISOString().slice(0, 13));
  assert.deepEqual(ticks('2024-01', '2024-12', 4), ['2024-01-01T00', '2024-04-01T00', '2024-07-01T00', '2024-10-01T00']);
  assert.deepEqual(ticks('2021-03-05', '2024-11-01', 4), ['2022-01-01T00', '2023-01-01T00', '2024-01-01T00']);
  assert.deepEqual(ticks('2024-05-01 00:00', '2024-05-01 20:00', 4), ['2024-05-01T00', '2024-05-01T06', '2024-05-01T12', '2024-05-01T18']);
  assert.deepEqual(ticks('2024-05-01', '2024-05-04', 4), ['2024-05-01T00', '2024-05-02T00', '2024-05-03T00', '2024-05-04T00']);
  for (const [from, to] of [['0001-01-01', '9999-12-31'], ['2024-01-01', '2024-01-01']] as [string, string][]) assert.ok(ticks(from, to, 4).length <= 6, from);
});

test('scales: every value of a histogram is counted once', () => {
  for (const values of [[1], [5, 5, 5], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [-1e9, 1e9], Array.from({ length: 5000 }, (_, at) => Math.sin(at) * 37)]) {
    const parts = bins(values);
    assert.equal(parts.reduce((sum, { count }) => sum + count, 0), values.length);
    for (const [at, { from, to }] of parts.entries()) assert.equal(parts[at]?.count, values.filter((value) => value >= from && (value < to || (at === parts.length - 1 && value === to))).length, `${from}–${to}`);
  }
});

const chart = (kind: Chart['kind'], y = [1]): Chart => ({ kind, title: 'T', x: 0, y, xLabel: '', yLabel: '' });
const model = (kind: Chart['kind'], rows: Cell[][], y?: number[]) => modelOf(chart(kind, y), { columns: ['a', 'b', 'c'], rows, truncated: false }, english, 'Other');

test('charts: lines go from left to right along dates and numbers, and keep the order of names', () => {
  assert.deepEqual(model('line', [['2024-03', 3], ['2024-01', 1]])?.points.map(({ label }) => label), ['Jan 2024', 'Mar 2024']);
  assert.deepEqual(model('line', [[2, 3], [1, 1], [null, 9]])?.points.map(({ x }) => x), [1, 2]);
  assert.deepEqual(model('line', [['b', 3], ['a', 1], [null, 9]])?.points.map(({ label }) => label), ['b', 'a', '–']);
  assert.equal(model('bar', [['2024-03', 3], ['x', 1]])?.axis, 'category');
});

test('charts: what is no number is no point, and without any there is nothing to draw', () => {
  assert.deepEqual(model('line', [[1, 'x'], [2, null], [3, 4]])?.points.map(({ ys }) => ys[0]), [null, null, 4]);
  for (const kind of ['bar', 'line', 'area', 'pie', 'scatter', 'histogram'] as const) {
    assert.equal(model(kind, []), null, kind);
    assert.equal(model(kind, [['a', 'b'], [null, null]]), null, kind);
  }
  assert.equal(modelOf(chart('bar', [9]), { columns: ['a'], rows: [['a']], truncated: false }, english, ''), null);
});

test('charts: a pie of what is no share of a whole becomes bars, and its smallest slices one', () => {
  assert.equal(model('pie', [['a', -1], ['b', 3]])?.kind, 'bar');
  assert.equal(model('pie', [['a', 0]])?.kind, 'bar');
  const slices = model('pie', Array.from({ length: 12 }, (_, at) => [`n${at}`, at + 1]))?.points ?? [];
  assert.deepEqual(slices.map(({ label }) => label), ['n6', 'n7', 'n8', 'n9', 'n10', 'n11', 'Other']);
  assert.equal(slices.reduce((sum, { ys }) => sum + (ys[0] ?? 0), 0), 78);
});

const css = readFileSync('src/data/chart/charts.css', 'utf8');
const palettes = css.split("[data-theme='dark']").slice(0, 2).map((part) => [...part.matchAll(/--chart-\d: (#\w{6});/g)].map(([, hex]) => parseColour(hex) as Rgb));

test('charts: each colour is seen on its background, and told from the others by all eyes', () => {
  const surfaces: Rgb[] = [[255, 255, 255], [23, 25, 30]];
  assert.deepEqual(palettes.map((palette) => palette.length), [7, 7]);
  for (const [at, palette] of palettes.entries()) {
    for (const colour of palette) assert.ok(contrast(colour, surfaces[at] as Rgb) >= 3, colour.join());
    for (const [kind, matrix] of Object.entries(DEFICIENCIES)) {
      const seen = palette.map((colour) => simulated(colour, matrix));
      for (const [one, colour] of seen.entries()) for (const [other, next] of seen.entries()) {
        if (one < other) assert.ok(distance(colour, next) >= 12, `${kind} ${at}: ${palette[one]?.join()} and ${palette[other]?.join()}: ${distance(colour, next).toFixed(1)}`);
      }
    }
  }
});

test('charts: the colour nearest to the site’s own is left out', () => {
  assert.equal(nearestTo([0, 100, 170], palettes[0] as Rgb[]), 3);
  assert.equal(nearestTo([220, 90, 0], palettes[0] as Rgb[]), 0);
});

/** What eyes without one of the three kinds of cones see, by Machado and others (2009), on linear channels. */
const DEFICIENCIES: Record<string, number[][]> = {
  none: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};

function simulated(colour: Rgb, matrix: number[][]): number[] {
  const linear = colour.map((channel) => (channel / 255 <= 0.04045 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4));
  return matrix.map((row) => Math.min(1, Math.max(0, row.reduce((sum, weight, at) => sum + weight * (linear[at] as number), 0))));
}

/** In CIELAB: some 2 is just seen, 10 is another colour at a glance. */
function distance(one: number[], other: number[]): number {
  const [a, b] = [lab(one), lab(other)];
  return Math.hypot(...a.map((part, at) => part - (b[at] as number)));
}

function lab([red, green, blue]: number[]): number[] {
  const [r, g, b] = [red ?? 0, green ?? 0, blue ?? 0];
  const root = (part: number): number => (part > 0.008856 ? Math.cbrt(part) : 7.787 * part + 16 / 116);
  const [x, y, z] = [(0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505, 0.2126 * r + 0.7152 * g + 0.0722 * b, (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089].map(root) as [number, number, number];
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
