// From the press on the button to a text field on the screen that can be used.
import { figure } from './report.mjs';
import { median, rounds, spread } from './rounds.mjs';
import { opening } from './visits.mjs';

const COLD_MS = { loopback: 100, 'slow phone': 600 };
const WARM_MS = 100;

export async function openingTimes({ chromium, places, count }) {
  const figures = [];
  for (const [place, [url, profile]] of Object.entries(places)) {
    const take = (warm) => () => opening(chromium, url({ tag: 'end' }), profile, warm);
    const { cold, warm } = await rounds(count, { cold: take(false), warm: take(true) });
    figures.push(figure(`Open to composer, ${place}, cold`, { measured: median(cold), limit: COLD_MS[place], unit: 'ms', detail: spread(cold) }));
    figures.push(figure(`Open to composer, ${place}, warmed`, { measured: median(warm), limit: WARM_MS, unit: 'ms', detail: spread(warm) }));
  }
  return figures;
}
