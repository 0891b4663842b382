// Reads the owner's consent text: plain words with at most one `[text](address)` among them.
import { safeUrl } from '../panel/markdown/links';

export interface ConsentPart {
  text: string;
  url?: URL;
}

const LINK = /\[([^[\]]{1,200})\]\(([^\s()]{1,2000})\)/;

/** An address that may not become a link leaves the text as it was written. */
export function consentParts(consent: string): ConsentPart[] {
  const match = LINK.exec(consent);
  const url = match && safeUrl(match[2] as string);
  if (!url) return [{ text: consent }];
  const parts = [{ text: consent.slice(0, match.index) }, { text: match[1] as string, url }, { text: consent.slice(match.index + match[0].length) }];
  return parts.filter(({ text }) => text);
}
