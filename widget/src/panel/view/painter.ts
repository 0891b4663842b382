// Collects what is to be painted and does it once per frame. A hidden or throttled frame gets no animation frames, so
// that a timer stands by.

const LATEST_MS = 200;

export function painter(paint: () => void): () => void {
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = (): void => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    timer = undefined;
    paint();
  };
  return () => {
    if (timer !== undefined) return;
    frame = requestAnimationFrame(run);
    timer = setTimeout(run, LATEST_MS);
  };
}
