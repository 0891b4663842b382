// When the button is there, and what it costs the page. Times are of the screen, work is processor time.
import { figure } from './report.mjs';
import { median, rounds, spread } from './rounds.mjs';
import { mainThread, paints } from './visits.mjs';

/** Milliseconds after the first paint of the same page without the widget. */
const LATER_MS = { loopback: 50, 'slow phone': 150 };
const SCRIPT_MS = 5;
const TASK_MS = 15;

export async function button({ chromium, places, count, isQuick }) {
  const figures = [];
  for (const place of Object.keys(places)) figures.push(...(await shown(chromium, place, places[place], count, isQuick)));
  return [...figures, ...(await work(chromium, places, count))];
}

async function shown(chromium, place, [url, profile], count, isQuick) {
  const take = (query) => () => paints(chromium, url(query), profile);
  const others = isQuick ? {} : { head: take({ tag: 'head' }), bareControl: take({ bare: '' }), bare: take({ bare: '', tag: 'end' }) };
  const all = await rounds(count, { control: take({}), end: take({ tag: 'end' }), ...others });
  const compare = (name, values, controls, limit) => {
    const control = median(controls.map(({ firstPaint }) => firstPaint));
    const buttons = values.map((value) => value.button);
    const own = median(values.map(({ firstPaint }) => firstPaint));
    const times = `at ${median(buttons).toFixed(0)} ms (${spread(buttons)}), the page's first paint at ${own.toFixed(0)} ms, without the widget at ${control.toFixed(0)} ms`;
    const detail = `${times}: ${(median(buttons) / control).toFixed(2)} ×`;
    return figure(`Button after the host's first paint, ${place}${name}`, { measured: median(buttons) - control, limit, unit: 'ms', detail });
  };
  const documented = compare('', all.end, all.control, LATER_MS[place]);
  if (isQuick) return [documented];
  return [
    documented,
    compare(', tag in the head', all.head, all.control),
    compare(', page of one file', all.bare, all.bareControl),
  ];
}

async function work(chromium, places, count) {
  const take = (place, query) => () => mainThread(chromium, places[place][0](query), places[place][1]);
  const all = await rounds(count, { control: take('loopback', {}), page: take('loopback', { tag: 'end' }), phone: take('slow phone', { tag: 'end' }) });
  const of = (values, key) => median(values.map((value) => value[key]));
  const [page, without] = [of(all.page, 'taskMs'), of(all.control, 'taskMs')];
  const longest = (values) => `longest task with our script ${of(values, 'longestMs').toFixed(1)} ms`;
  return [
    figure('Script to the button', { measured: of(all.page, 'scriptMs'), limit: SCRIPT_MS, unit: 'ms' }),
    figure('Main thread to the button', { measured: page - without, limit: TASK_MS, unit: 'ms', detail: `the page in all ${page.toFixed(1)} ms, without the widget ${without.toFixed(1)} ms; ${longest(all.page)}` }),
    figure('Blocking time added, slow phone', { measured: of(all.phone, 'blockingMs'), limit: 0, unit: 'ms', detail: `${longest(all.phone)}, script ${of(all.phone, 'scriptMs').toFixed(1)} ms` }),
  ];
}
