// Third-party pages that carry the widget, on another origin than the server's; and a cable that can be cut.
import { createServer } from 'node:http';
import { createServer as createTcpServer, connect } from 'node:net';

/** Serves `/` and, by name, pages with other policies. `scriptOrigin` is where the tag points. */
export async function startHost(scriptOrigin, { attributes = '', head = '', body = '' } = {}) {
  const policies = {
    '/strict': `default-src 'none'; script-src ${scriptOrigin}; frame-src ${scriptOrigin}`,
    '/trusted-types': `require-trusted-types-for 'script'; trusted-types 'none'`,
  };
  const server = createServer(({ url }, response) => {
    const path = new URL(url, 'http://host').pathname;
    if (path === '/favicon.ico') return response.writeHead(204).end();
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    if (policies[path]) response.setHeader('Content-Security-Policy', policies[path]);
    response.end(page(scriptOrigin, attributes, head, path === '/nested' ? `<iframe src="${scriptOrigin}/embed"></iframe>` : body));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Another host name than the server's, so that it is another site for the browser and not only another port.
  const origin = `http://localhost:${server.address().port}`;
  return { origin, close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))) };
}

function page(scriptOrigin, attributes, head, body) {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lamp shop</title><meta name="description" content="Lamps for desks and floors">${head}</head>
<body><main><h1>Lamp shop</h1><p>The desk lamp costs 40 francs.</p>${body}</main>
<script src="${scriptOrigin}/widget.js" ${attributes} defer></script></body></html>`;
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
