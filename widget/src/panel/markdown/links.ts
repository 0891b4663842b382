// Which addresses may become links, decided on the parsed address and never on its spelling.

const ALLOWED = new Set(['http:', 'https:', 'mailto:']);
/** The whole text, or what follows a scheme or `www.` within it. */
const LOOKS_LIKE_ADDRESS =
  /(?:^(?=\S+$)(?:[a-z][a-z\d+.-]*:\/\/)?|\bhttps?:\/\/|\bwww\.)(?:[^\s/@]+@)?((?:[\p{L}\p{N}_-]+\.)+\p{L}{2,}|(?:\d{1,3}\.){3}\d{1,3})(?![\p{L}\p{N}_-])/iu;

/** Relative addresses are none: nobody here knows which page the model has in mind. */
export function safeUrl(address: string): URL | null {
  try {
    const url = new URL(address);
    return ALLOWED.has(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

/** The host a link really goes to, where its text looks like another address or the address hides it. */
export function hostToShow(text: string, url: URL): string | null {
  if (url.protocol === 'mailto:') return null;
  const claimed = LOOKS_LIKE_ADDRESS.exec(asRead(text))?.[1];
  const isHidden = url.username !== '' || (claimed !== undefined && bare(claimed) !== bare(url.hostname));
  return isHidden ? url.host : null;
}

/** What the reader takes it for: dots and letters of other widths are those they look like, and what is invisible is
 *  not there. */
function asRead(text: string): string {
  return text.normalize('NFKC').replace(/\p{Cf}/gu, '').replace(/\u3002/g, '.').trim();
}

/** Compared as the browser spells it. */
function bare(host: string): string {
  return (safeUrl(`http://${host}`)?.hostname ?? host).replace(/^www\./, '');
}
