// What the host page is about, read only when the visitor sends something.
import type { PageContext } from '../frame-messages';

/** The panel cuts the text to what the server takes; this bound only keeps the message between the frames small. */
const MAX_PAGE_CHARS = 9000;

export function readPage(extra: Record<string, unknown>): PageContext {
  const description = document.querySelector<HTMLMetaElement>('meta[name=description]');
  return {
    url: location.href,
    title: document.title,
    referrer: document.referrer,
    description: description?.content ?? '',
    pageContent: (document.querySelector('main') ?? document.body).innerText.slice(0, MAX_PAGE_CHARS),
    ...extra,
  };
}
