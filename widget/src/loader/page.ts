// What the host page is about, read only when the visitor sends something; and whether it is light or dark.
import type { PageContext } from '../frame-messages';
import { options } from './options';

/** The panel cuts the text to what the server takes; this bound only keeps the message between the frames small. */
const MAX_PAGE_CHARS = 9000;

export function readPage(extra: PageContext | null): PageContext {
  const { title, referrer, body } = document;
  return {
    url: location.href,
    title,
    referrer,
    description: document.querySelector<HTMLMetaElement>('meta[name=description]')?.content,
    pageContent: (document.querySelector('main') ?? body).innerText.slice(0, MAX_PAGE_CHARS),
    ...extra,
  };
}

/** `host` is told as the page's own colours; the panel finds out whether they are dark. */
export function currentTheme(): string {
  const { color, backgroundColor } = getComputedStyle(document.body);
  return options.theme === 'host' ? backgroundColor + color : options.theme;
}
