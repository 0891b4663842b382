// A slow line in front of local servers. The browser's own slow network leaves out the first request of a frame of another
// site, so the delay is made here, where it meets every byte of the page, the tag and the frame alike.
import { connect, createServer } from 'node:net';

/** As slow phones have it: 150 ms there and back, 1.6 Mbit/s for everything together. */
const ONE_WAY_MS = 75;
const BYTES_PER_MS = 200;

export async function startSlowLine() {
  const servers = [];
  let freeAt = 0;
  /** When the last of so many bytes has left the line, which is busy with what came before them. */
  const sent = (bytes) => (freeAt = Math.max(freeAt, performance.now()) + bytes / BYTES_PER_MS);

  /** Answers with the port behind which `target` is slow. */
  async function to(target) {
    const server = createServer((socket) => {
      const other = connect(target, '127.0.0.1');
      carry(socket, other, () => performance.now());
      carry(other, socket, sent);
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.push(server);
    return server.address().port;
  }
  return { to, close: () => servers.forEach((server) => server.close()) };
}

function carry(from, to, sent) {
  const later = (bytes, act) => setTimeout(act, sent(bytes) - performance.now() + ONE_WAY_MS);
  from.setNoDelay(true);
  from.on('data', (part) => {
    // Small pieces, so that two answers at once share the line.
    for (let at = 0; at < part.length; at += 1400) {
      const piece = part.subarray(at, at + 1400);
      later(piece.length, () => to.writable && to.write(piece));
    }
  });
  from.on('end', () => later(0, () => to.end()));
  from.on('error', () => to.destroy());
}
