// An OpenAI-compatible model that says what a test tells it to, at the pace the test sets.
import { createServer } from 'node:http';

/**
 * `script` is what the next replies do: `{ text, pieceChars, delayMs, firstDelayMs, holdAfterChars, failStatus, breakAfterChars }`,
 * `usage` is what the vendor says it used;
 * or a function that is given the request's body and returns it. `pieces` instead of `text` is a reply that is cut already;
 * `uses: [{ name, arguments }]` are tools that the model uses after what it says; the answer is the reply to the next request.
 * `release()` lets the replies that have begun go on, also those that come to their hold later. `calls` holds the bodies that came in.
 */
export async function startUpstream() {
  const upstream = { script: { text: 'Hello.' }, model: 'test', calls: [], aborted: 0, baseUrl: '', env: {} };
  let waiting = [];
  let releases = 0;
  upstream.release = () => {
    releases += 1;
    waiting.forEach((go) => go());
    waiting = [];
  };
  const holder = (begun) => () => releases > begun || new Promise((resolve) => waiting.push(resolve));
  const server = createServer(async (request, response) => {
    const body = await read(request);
    if (!request.url.endsWith('/chat/completions')) return response.writeHead(404).end('{}');
    upstream.calls.push(JSON.parse(body));
    const script = { ...(typeof upstream.script === 'function' ? upstream.script(upstream.calls.at(-1)) : upstream.script) };
    if (script.failStatus) return fail(response, script.failStatus);
    response.on('close', () => (upstream.aborted += response.writableFinished ? 0 : 1));
    await stream(response, script, holder(releases), upstream);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  upstream.baseUrl = `http://127.0.0.1:${server.address().port}/v1`;
  upstream.env = { OPENAI_API_KEY: 'test-key', OPENAI_BASE_URL: upstream.baseUrl, AI_PROVIDER: 'openai' };
  upstream.close = () => {
    upstream.release();
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return upstream;
}

async function stream(response, script, hold, { model, calls: { length: calls } }) {
  const characters = script.pieces ?? [...(script.text ?? '')];
  const size = script.pieces ? 1 : script.pieceChars ?? 5;
  const send = (choice) => response.write(`data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, model, choices: [choice] })}\n\n`);
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  send({ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null });
  await pause(script.firstDelayMs ?? 20);
  for (let at = 0; at < characters.length && !response.destroyed; at += size) {
    if (script.breakAfterChars !== undefined && at >= script.breakAfterChars) return response.destroy();
    if (script.holdAfterChars !== undefined && at >= script.holdAfterChars && at - size < script.holdAfterChars) await hold();
    send({ index: 0, delta: { content: characters.slice(at, at + size).join('') }, finish_reason: null });
    await pause(script.delayMs ?? 10);
  }
  // In pieces, as the real ones come.
  for (const [index, { name, arguments: given }] of (script.uses ?? []).entries()) {
    const json = JSON.stringify(given);
    send({ index: 0, delta: { tool_calls: [{ index, id: `call-${calls}-${index}`, type: 'function', function: { name, arguments: '' } }] }, finish_reason: null });
    for (let at = 0; at < json.length; at += 20) send({ index: 0, delta: { tool_calls: [{ index, function: { arguments: json.slice(at, at + 20) } }] }, finish_reason: null });
  }
  send({ index: 0, delta: {}, finish_reason: script.uses ? 'tool_calls' : 'stop' });
  if (script.usage) response.write(`data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, model, choices: [], usage: script.usage })}\n\n`);
  response.end('data: [DONE]\n\n');
}

function fail(response, status) {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ error: { message: 'scripted failure', type: 'server_error' } }));
}

async function read(request) {
  let body = '';
  for await (const part of request) body += part;
  return body;
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
