import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventDecoder, type ServerEvent } from '../src/panel/stream';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function decode(...chunks: Uint8Array[]): ServerEvent[] {
  const decoder = new EventDecoder();
  return chunks.flatMap((chunk) => decoder.push(chunk));
}

const FIXTURES: [string, string, ServerEvent[]][] = [
  ['one event', 'id: r:5\nevent: delta\ndata: {"text":"héllo"}\n\n', [{ event: 'delta', data: '{"text":"héllo"}', id: 'r:5' }]],
  ['CRLF', 'event: a\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n', [{ event: 'a', data: '1', id: '' }, { event: 'message', data: '2', id: '' }]],
  ['lone CR', 'data: 1\r\rdata: 2\r\r', [{ event: 'message', data: '1', id: '' }, { event: 'message', data: '2', id: '' }]],
  ['mixed line ends', 'data: 1\r\n\ndata: 2\n\r\ndata: 3\r\n\r\n', [1, 2, 3].map((n) => ({ event: 'message', data: String(n), id: '' }))],
  ['comments', ': hi\n:\n\ndata: 1\n: mid\n\n', [{ event: 'message', data: '1', id: '' }]],
  ['lines of data', 'data: a\ndata:b\ndata\n\n', [{ event: 'message', data: 'a\nb\n', id: '' }]],
  ['data alone', 'data:\n\n', [{ event: 'message', data: '', id: '' }]],
  ['no data, no event', 'event: a\nid: 7\n\ndata: 1\n\n', [{ event: 'message', data: '1', id: '7' }]],
  ['ids stay, empty ones clear, NUL is ignored', 'id: 1\ndata: a\n\nid: x\0y\ndata: b\n\nid\ndata: c\n\n', [['a', '1'], ['b', '1'], ['c', '']].map(([data, id]) => ({ event: 'message', data: data as string, id: id as string }))],
  ['one space goes', 'data:  two\n\n', [{ event: 'message', data: ' two', id: '' }]],
  ['a byte order mark', '\ufeffdata: 1\n\n', [{ event: 'message', data: '1', id: '' }]],
  ['marks inside stay', '\ufeff\ufeffdata: 1\n\ndata: \ufeffx\n\n', [{ event: 'message', data: '\ufeffx', id: '' }]],
  ['other separators are text', 'data: a\u2028b\u0085c\u000bd\n\n', [{ event: 'message', data: 'a\u2028b\u0085c\u000bd', id: '' }]],
  ['characters of four bytes', 'data: 🧡👩‍👩‍👧\n\n', [{ event: 'message', data: '🧡👩‍👩‍👧', id: '' }]],
  ['an unfinished end is dropped', 'data: 1\n\ndata: 2\n', [{ event: 'message', data: '1', id: '' }]],
  ['names are case-sensitive, unknown fields go', 'Data: 0\nretry: 10\nx: 1\ndata: 1\n\n', [{ event: 'message', data: '1', id: '' }]],
];

for (const [name, text, expected] of FIXTURES) {
  test(`stream: ${name}, cut at every byte`, () => {
    const all = bytes(text);
    assert.deepEqual(decode(all), expected);
    for (let at = 0; at <= all.length; at += 1) assert.deepEqual(decode(all.slice(0, at), all.slice(at)), expected, `cut at ${at}`);
    assert.deepEqual(decode(...Array.from(all, (byte) => Uint8Array.of(byte))), expected);
  });
}

test('stream: bytes that are no UTF-8 become replacement characters', () => {
  assert.deepEqual(decode(Uint8Array.of(...bytes('data: a'), 0xff, ...bytes('b\n\n'))), [{ event: 'message', data: 'a\ufffdb', id: '' }]);
});

test('stream: a line without end is refused instead of filling the memory', () => {
  const decoder = new EventDecoder();
  const chunk = new Uint8Array(1024 * 1024).fill(97);
  assert.throws(() => {
    for (let count = 0; count < 9; count += 1) decoder.push(chunk);
  });
});

test('stream: a long line in small chunks costs in proportion', () => {
  const time = (size: number): number => {
    const decoder = new EventDecoder();
    const chunk = new Uint8Array(64).fill(97);
    const before = performance.now();
    for (let sent = 0; sent < size; sent += chunk.length) decoder.push(chunk);
    decoder.push(bytes('\n\n'));
    return performance.now() - before;
  };
  time(1 << 18);
  const [small, large] = [time(1 << 19), time(1 << 22)];
  assert.ok(large < Math.max(small, 5) * 8 * 4, `${small} ms, eight times as much ${large} ms`);
});
