// Results that the gallery's pictures show, in the words of its talks.
import { step } from './computed.mjs';

const SQL = "SELECT city, count(*) AS lamps, sum(price) AS revenue\nFROM sales_2024\nWHERE status <> 'returned'\nGROUP BY city\nORDER BY revenue DESC";
const months = Array.from({ length: 12 }, (_, at) => `2024-${String(at + 1).padStart(2, '0')}`);
const wave = (at, low, high) => Math.round(low + ((high - low) * (1 + Math.sin(at * 1.7))) / 2);

/** The step behind the answer about the year. */
export function sampleProof({ computed: { purpose, source, columns, cities } }) {
  const rows = cities.map((city, at) => [city, [612, 380, 251, 144, 75][at], [48960.5, 31540, 19829, 10800.25, 5925][at]]);
  return step('1', { purpose, source, columns, rows, sql: SQL });
}

/** A step with a chart of each kind. */
export function sampleCharts({ computed: { purpose, source, columns, cities, titles, series, axes } }) {
  const share = cities.map((city, at) => [city, [612, 380, 251, 144, 75][at]]);
  const charts = {
    bar: { columns: [columns[0], columns[2]], rows: cities.map((city, at) => [city, [48960.5, 31540, 19829, 10800.25, 5925][at]]), labels: [axes.city, axes.revenue] },
    line: { columns: series, rows: months.map((month, at) => [month, wave(at, 40, 90) + at * 6, 110 - at * 4 + wave(at, 0, 20)]), labels: ['', axes.lamps], y: [1, 2] },
    area: { columns: series.slice(0, 2), rows: Array.from({ length: 48 }, (_, at) => [new Date(Date.UTC(2024, 0, 1 + at * 7)).toISOString().slice(0, 10), 460 - (at % 16) * 22 + wave(at, 0, 30)]), labels: ['', axes.lamps] },
    pie: { columns: columns.slice(0, 2), rows: share, labels: ['', ''] },
    scatter: { columns: ['price', 'lamps'], rows: Array.from({ length: 60 }, (_, at) => [20 + at * 4 + wave(at, 0, 24), Math.max(4, 130 - at * 2 + wave(at * 3, -24, 24))]), labels: [axes.price, axes.lamps] },
    histogram: { columns: ['years'], rows: Array.from({ length: 160 }, (_, at) => [4 + ((at * 29) % 13) / 2 + ((at * 17) % 11) / 2]), labels: [axes.years, axes.lamps], y: [] },
  };
  return Object.entries(charts).map(([kind, { labels: [xLabel, yLabel], y = [1], ...result }]) => {
    return [kind, step('1', { ...result, purpose, source, sql: SQL, chart: { kind, title: titles[kind], x: 0, y, xLabel, yLabel } })];
  });
}
