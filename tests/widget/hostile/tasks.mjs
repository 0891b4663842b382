// How long the page's main threads were busy at a stretch. In processor time, so that other work on the machine, which
// only ever adds to the clock's time, does not count.

const SETTLE_MS = 300;
/** The browser's stamps and ours come from the same clock. */
const now = () => Number(process.hrtime.bigint() / 1000n);

/** Runs `act(note)`; `note(name)` says what is going on from here on. Answers with the longest task of each name. */
export async function longestTasks(browser, page, act) {
  const notes = [];
  const note = (name) => notes.push({ name, from: now() });
  await browser.startTracing(page, { categories: ['-*', 'disabled-by-default-devtools.timeline', '__metadata'] });
  await act(note);
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const thread = ({ pid, tid }) => `${pid}/${tid}`;
  const mainThreads = new Set(traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(thread));
  const tasks = traceEvents.filter((event) => event.name === 'RunTask' && event.tdur !== undefined && mainThreads.has(thread(event)));
  return notes.map(({ name, from }, at) => {
    const inside = tasks.filter(({ ts }) => ts >= from && ts < (notes[at + 1]?.from ?? Infinity));
    return { name, count: inside.length, ms: Math.max(0, ...inside.map(({ tdur }) => tdur)) / 1000 };
  });
}
