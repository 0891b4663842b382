// Phones lay their keyboard over the page without resizing it: the panel follows the part that can still be seen.

export function followVisibleArea(panel: HTMLElement, signal: AbortSignal): void {
  const visible = window.visualViewport;
  const fit = (): void => {
    if (!visible || visible.scale > 1.01) return;
    panel.style.setProperty('--height', `${visible.height}px`);
    panel.style.setProperty('--top', `${visible.offsetTop}px`);
  };
  for (const name of ['resize', 'scroll']) visible?.addEventListener(name, fit, { signal });
}
