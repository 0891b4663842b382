// What the browser's own trace says about the main thread of a page. Processor time, not time by the clock: other programs
// that want the same cores do not count.

const CATEGORIES = ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline', 'v8', 'v8.compile', 'blink.user_timing', '__metadata'];
const MARK = 'alcove-bench';
const LONG_MS = 50;

/** Starts a trace; the function it answers with ends it and tells about the thread that ran `page`. */
export async function startTrace({ send, listen }) {
  const events = [];
  let complete;
  const ended = new Promise((resolve) => (complete = resolve));
  const deafen = listen((method, params) => {
    if (method === 'Tracing.dataCollected') events.push(...params.value);
    if (method === 'Tracing.tracingComplete') complete();
  });
  await send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: CATEGORIES, excludedCategories: ['*'] } });
  return async (page, script) => {
    await page.evaluate((mark) => void performance.mark(mark), MARK);
    await send('Tracing.end');
    await ended;
    deafen();
    return mainThread(events, script);
  };
}

function mainThread(events, script) {
  const { pid, tid } = events.find(({ name }) => name === MARK);
  const here = events.filter((event) => event.pid === pid && event.tid === tid && event.ph === 'X');
  const tasks = outermost(here.filter(({ name }) => name === 'RunTask' || name === 'ThreadControllerImpl::RunTask'));
  const ours = outermost(here.filter((event) => addressOf(event)?.includes(script)));
  const withOurs = tasks.map((task) => [processorMs(task), sum(ours.filter((event) => isInside(event, task)).map(processorMs))]).filter(([, own]) => own > 0);
  return {
    taskMs: sum(tasks.map(processorMs)),
    scriptMs: sum(ours.map(processorMs)),
    longestMs: Math.max(0, ...withOurs.map(([all]) => all)),
    /** What of the tasks is over the limit because our script is in them. */
    blockingMs: sum(withOurs.map(([all, own]) => overLimit(all) - overLimit(all - own))),
  };
}

const overLimit = (ms) => Math.max(0, ms - LONG_MS);
const addressOf = ({ args }) => args?.data?.url ?? args?.data?.fileName ?? args?.fileName;
const processorMs = ({ tdur, dur }) => (tdur ?? dur) / 1000;
const isInside = (inner, outer) => inner !== outer && inner.ts >= outer.ts && inner.ts + inner.dur <= outer.ts + outer.dur;
/** A thing inside another one must not count twice. */
const outermost = (events) => events.filter((event) => !events.some((other) => isInside(event, other)));
const sum = (values) => values.reduce((total, value) => total + value, 0);
