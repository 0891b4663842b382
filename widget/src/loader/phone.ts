// On phones the panel covers the page: Back closes it, and it follows the part of the screen the keyboard leaves.
import { listen } from './events';
import { panel } from './view';

let hasEntry = false;

const isOurs = (): boolean => history.state?.alcove;

/** The entry copies the page's own state, so that a router finds what it left there. */
export function enter(): void {
  if (innerWidth > 480 && innerHeight > 480) return;
  if (!isOurs()) history.pushState({ ...history.state, alcove: 1 }, '');
  hasEntry = true;
}

export function leave(): void {
  // An entry that the page has put on top since is not ours to take away.
  if (isOurs()) history.back();
  else hasEntry = false;
}

export function followPhone(close: () => void): void {
  listen(window, 'popstate', (event: PopStateEvent) => {
    if (!hasEntry || isOurs()) return;
    hasEntry = false;
    event.stopImmediatePropagation();
    close();
  });
  const visible = window.visualViewport as VisualViewport;
  const fit = (): void => {
    const { scale, height, offsetTop } = visible;
    if (scale < 1.01) panel.style.cssText = `--height:${height}px;--top:${offsetTop}px`;
  };
  listen(visible, 'resize', fit);
  listen(visible, 'scroll', fit);
}
