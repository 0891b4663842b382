// Third-party pages that carry the widget, on another origin than the server's; and a cable that can be cut.
import { createServer } from 'node:http';
import { createServer as createTcpServer, connect } from 'node:net';
import { hostPages, SCRIPTS } from './host-pages.mjs';

/** Serves `/` and the pages of host-pages.mjs. `scriptOrigin` is where the tag points; `tag` is what stands instead of it. */
export async function startHost(scriptOrigin, { attributes = '', head = '', body = '', tag } = {}) {
  const pages = hostPages(scriptOrigin);
  const server = createServer(({ url }, response) => {
    const path = new URL(url, 'http://host').pathname;
    if (path === '/favicon.ico') return response.writeHead(204).end();
    if (SCRIPTS[path]) return response.setHeader('Content-Type', 'text/javascript').end(SCRIPTS[path]());
    const own = pages[path] ?? {};
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    if (own.policy) response.setHeader('Content-Security-Policy', own.policy);
    for (const [name, value] of Object.entries(own.headers ?? {})) response.setHeader(name, value);
    response.end(page({
      html: own.html ?? 'lang="en"',
      head: (own.head ?? '') + head,
      body: own.body ?? body,
      tag: tag ?? `<script src="${scriptOrigin}/widget.js" ${attributes} defer></script>`,
    }));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Another host name than the server's, so that it is another site for the browser and not only another port.
  const origin = `http://localhost:${server.address().port}`;
  return { origin, close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))) };
}

function page({ html, head, body, tag }) {
  return `<!doctype html><html ${html}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lamp shop</title><meta name="description" content="Lamps for desks and floors">${head}</head>
<body><main><h1>Lamp shop</h1><p>The desk lamp costs 40 francs.</p>${body}</main>
${tag}</body></html>`;
}

/** A proxy in front of the server whose connections can be cut and kept down. */
export async function startCable(targetPort) {
  const sockets = new Set();
  const cable = { port: 0, origin: '', targetPort, isDown: false };
  const server = createTcpServer((socket) => {
    if (cable.isDown) return socket.destroy();
    const other = connect(cable.targetPort, '127.0.0.1');
    for (const [one, two] of [[socket, other], [other, socket]]) {
      sockets.add(one);
      one.pipe(two);
      one.on('error', () => two.destroy());
      one.on('close', () => (sockets.delete(one), two.destroy()));
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  cable.port = server.address().port;
  cable.origin = `http://127.0.0.1:${cable.port}`;
  cable.cut = () => {
    cable.isDown = true;
    for (const socket of sockets) socket.destroy();
  };
  cable.mend = () => (cable.isDown = false);
  cable.close = () => (cable.cut(), new Promise((resolve) => server.close(resolve)));
  return cable;
}
