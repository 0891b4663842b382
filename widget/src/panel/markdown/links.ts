// Which addresses may become links, decided on the parsed address and never on its spelling.

const ALLOWED = new Set(['http:', 'https:', 'mailto:']);
/** The whole text, or what follows a scheme or `www.` within it. */
const LOOKS_LIKE_ADDRESS = /(?:^(?=\S+$)(?:[a-z][a-z\d+.-]*:\/\/)?|\bhttps?:\/\/|\bwww\.)(?:[^\s/@]+@)?((?:[\w-]+\.)+[a-z]{2,})(?![\w-])/i;

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
  const claimed = LOOKS_LIKE_ADDRESS.exec(text.trim())?.[1]?.toLowerCase();
  const isHidden = url.username !== '' || (claimed !== undefined && bare(claimed) !== bare(url.hostname));
  return isHidden ? url.host : null;
}

function bare(host: string): string {
  return host.replace(/^www\./, '');
}
