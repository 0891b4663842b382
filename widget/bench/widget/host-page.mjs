// A shop's page on another site than the server's, with the widget or, as the control, without it.
import { createServer } from 'node:http';

const WORDS = 'A desk lamp lights the page you read and leaves the room in the dark, which is kind to everybody who sleeps. ';
const STYLES = [
  'body{margin:0;font:17px/1.6 Georgia,serif;color:#222;background:#fff}main{max-width:720px;margin:auto;padding:24px}',
  'header{padding:16px 24px;border-bottom:1px solid #ddd}nav a{margin-right:16px;color:#06603a}h1{font-size:32px}h2{font-size:22px}',
  ...Array.from({ length: 260 }, (_, number) => `.part-${number}{padding:${number % 9}px;border-radius:${number % 5}px}`),
].join('\n');

/** Where the tag stands: how the documents show it, and as others write it. */
const TAGS = {
  none: () => ['', ''],
  end: (origin, attributes) => ['', `<script src="${origin}/widget.js" ${attributes} defer></script>`],
  head: (origin, attributes) => [`<script src="${origin}/widget.js" ${attributes} async></script>`, ''],
};

/** Policies that a site may have, with what our tag needs. */
const POLICIES = {
  none: () => '',
  own: (origin) => `script-src 'self' ${origin}; style-src 'self'; frame-src ${origin}`,
  nothing: (origin) => `default-src 'none'; script-src ${origin}; frame-src ${origin}`,
};

/** Serves `/?tag=…&policy=…&bare&frame&attributes=…`: `bare` leaves out the page's own stylesheet, `frame` adds an empty frame of another
 *  site. */
export async function startHost(scriptOrigin) {
  const server = createServer(({ url, headers }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://host');
    if (pathname === '/shop.css') return response.setHeader('Content-Type', 'text/css').end(STYLES);
    if (pathname === '/empty') return response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>empty</title>');
    if (pathname !== '/') return response.writeHead(204).end();
    const policy = POLICIES[searchParams.get('policy') ?? 'none'](scriptOrigin);
    if (policy) response.setHeader('Content-Security-Policy', policy);
    const [head, end] = TAGS[searchParams.get('tag') ?? 'none'](scriptOrigin, searchParams.get('attributes') ?? '');
    const frame = searchParams.has('frame') ? `<iframe src="//${headers.host.replace('localhost', '127.0.0.1')}/empty"></iframe>` : '';
    response.setHeader('Content-Type', 'text/html; charset=utf-8').end(html(head, end + frame, searchParams.has('bare')));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Another host name than the server's, so that it is another site for the browser and not only another port.
  const origin = `http://localhost:${server.address().port}`;
  return {
    origin,
    page: (query = {}) => `${origin}/?${new URLSearchParams(query)}`,
    close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))),
  };
}

function html(head, end, isBare) {
  const styles = isBare ? '' : '<link rel="stylesheet" href="/shop.css">';
  const parts = Array.from({ length: 24 }, (_, number) => `<section class="part-${number}"><h2>Lamp ${number}</h2><p>${WORDS.repeat(3)}</p></section>`);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lamp shop</title>${styles}${head}</head>
<body><header><nav><a href="/">Home</a><a href="/lamps">Lamps</a></nav></header>
<main><h1>Lamp shop</h1><label>Search <input type="search"></label>${parts.join('\n')}</main>
${end}</body></html>`;
}
