// What runs inside the measured pages. The host's probe puts a dot beside what it waits for, into the same picture: the browser
// tells of the dot when it really was on the screen (Element Timing), by the clock of its first paint. In frames of another
// site it often does not tell; there the beginning of the next picture counts, which is later rather than earlier.

/** For host pages: when the button, and after a press the panel, was on the screen; how long tasks blocked. */
export const HOST_PROBE = `(${hostProbe})(${dot})`;
/** For the panel's frame: when its text field could be seen and used. */
export const FRAME_PROBE = `(${frameProbe})()`;

function dot(name, told) {
  const node = document.createElement('p');
  node.textContent = '·';
  node.setAttribute('elementtiming', name);
  for (const [key, value] of Object.entries({ position: 'fixed', top: '0', left: '0', margin: '0', 'z-index': '2147483647' })) node.style.setProperty(key, value);
  const observer = new PerformanceObserver((list) => {
    const entry = list.getEntries().find(({ identifier }) => identifier === name);
    if (!entry) return;
    observer.disconnect();
    node.remove();
    told(performance.timeOrigin + entry.renderTime);
  });
  observer.observe({ type: 'element' });
  document.documentElement.append(node);
}

function hostProbe(dot) {
  if (window !== top) return;
  const bench = (window.bench = { blockingMs: 0, longestMs: 0, begin: performance.timeOrigin });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      bench.blockingMs += duration - 50;
      bench.longestMs = Math.max(bench.longestMs, duration);
    }
  }).observe({ type: 'longtask', buffered: true });
  const widget = () => document.querySelector('alcove-widget')?.shadowRoot;
  const observer = new MutationObserver(() => {
    const root = widget();
    if (root) observer.observe(root, { childList: true, subtree: true });
    if (!root?.querySelector('button')) return;
    observer.disconnect();
    dot('button', (at) => (bench.button = at));
  });
  observer.observe(document, { childList: true, subtree: true });
  addEventListener('pointerdown', ({ timeStamp }) => {
    bench.pressed = performance.timeOrigin + timeStamp;
    requestAnimationFrame(look);
  }, { capture: true });
  const look = () => {
    const frame = widget()?.querySelector('iframe');
    const isThere = frame?.checkVisibility({ visibilityProperty: true }) && frame.getBoundingClientRect().height > 0;
    if (isThere) dot('panel', (at) => (bench.panel = at));
    else requestAnimationFrame(look);
  };
}

function frameProbe() {
  if (window === top) return;
  const bench = (window.bench = {});
  const look = () => {
    const field = document.querySelector('textarea, input:not([type=file]), [role=textbox]');
    const isUsable = field && !field.disabled && field.checkVisibility() && field.getBoundingClientRect().height > 0;
    if (isUsable) requestAnimationFrame(() => (bench.composer = performance.timeOrigin + performance.now()));
    else requestAnimationFrame(look);
  };
  /** A frame that was made ready while nobody saw it is timed by the first picture after the press. */
  bench.again = () => {
    delete bench.composer;
    requestAnimationFrame(look);
  };
  bench.again();
}
