// Puts text on the clipboard and says so on the button for a moment.
import type { Strings } from '../strings/index';
import { icon } from './elements';

const SHOWN_MS = 1600;

export async function copyText(text: string, from: HTMLElement, words: Strings): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    if (!copyBySelection(text)) return;
  }
  const before = [...from.childNodes];
  from.replaceChildren(from.querySelector('svg') ? icon('check') : words.copied);
  from.classList.add('is-done');
  setTimeout(() => {
    from.replaceChildren(...before);
    from.classList.remove('is-done');
  }, SHOWN_MS);
}

/** Code blocks within carry buttons that copy their code. */
export function copyOnClick(area: HTMLElement, words: Strings): void {
  area.addEventListener('click', ({ target }) => {
    const copy = target instanceof Element ? target.closest<HTMLElement>('.copy-code') : null;
    const code = copy?.closest('figure')?.querySelector('code')?.textContent;
    if (copy && code) void copyText(code, copy, words);
  });
}

/** For frames and plain http, where the clipboard interface is refused. */
function copyBySelection(text: string): boolean {
  const field = document.createElement('textarea');
  const focused = document.activeElement;
  field.value = text;
  field.className = 'sr-only';
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return done;
}
