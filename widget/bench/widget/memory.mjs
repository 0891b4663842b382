// The JavaScript heap after a collection. A frame of another site has a process and a heap of its own: all of that heap is
// counted, also what an empty frame would have.
import { figure } from './report.mjs';
import { median, rounds } from './rounds.mjs';
import { heaps } from './visits.mjs';

const BUTTON_MB = 0.15;
const OPEN_MB = 1.5;
const MB = 1024 * 1024;

export async function memory({ chromium, host, count }) {
  const take = (query, isOpen) => () => heaps(chromium, host.page(query), isOpen);
  const all = await rounds(count, { control: take({}, false), closed: take({ tag: 'end' }, false), open: take({ tag: 'end' }, true), empty: take({ frame: 'empty' }, false) });
  const of = (values, key) => median(values.map((value) => value[key])) / MB;
  const control = of(all.control, 'page');
  const inPage = of(all.open, 'page') - control;
  const [frame, empty] = [of(all.open, 'frame'), of(all.empty, 'frame')];
  const closed = of(all.closed, 'page');
  const shares = `${inPage.toFixed(3)} MB in the page and ${frame.toFixed(3)} MB in the frame's own process, where an empty frame has ${empty.toFixed(3)} MB`;
  return [
    figure('Heap, button only', { measured: closed - control, limit: BUTTON_MB, unit: 'MB', detail: `the page ${closed.toFixed(3)} MB, without the widget ${control.toFixed(3)} MB` }),
    figure('Heap, open', { measured: inPage + frame, limit: OPEN_MB, unit: 'MB', detail: shares }),
  ];
}
