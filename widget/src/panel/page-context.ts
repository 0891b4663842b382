// What the host page tells about itself, as it goes to the server.
import { isRecord, type PageContext } from '../frame-messages';

const MAX_PAGE_CHARS = 4000;

/** Completed by what its address tells, bounded, and never ending on half of a surrogate pair, which would not survive
 *  the way to the server. */
export function cutPage(page: unknown): PageContext | null {
  if (!isRecord(page)) return null;
  const text = String(page.pageContent ?? '').trim();
  const pageContent = text.slice(0, MAX_PAGE_CHARS).replace(/[\ud800-\udbff]$/, '');
  return { ...addressParts(page.url), ...page, pageContent };
}

function addressParts(url: unknown): PageContext {
  try {
    const { hostname, pathname } = new URL(String(url));
    return { hostname, pathname };
  } catch {
    return {};
  }
}
