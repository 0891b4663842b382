"""A mock of a model vendor: thinks for 50 ms, then says 20 words, one every 20 ms.

Run as a program it prints its address and serves until its input is closed.
"""

import asyncio
import json
import sys

THINKS, WORDS, PAUSE = 0.05, 20, 0.02
HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\n"
    b"transfer-encoding: chunked\r\n\r\n"
)


def event(data):
    text = f"data: {data}\n\n".encode()
    return b"%x\r\n%s\r\n" % (len(text), text)


def chunk(delta, finish=None):
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return event(json.dumps({"id": "c", "object": "chat.completion.chunk", "model": "mock-1", "choices": [choice]}))


async def read_request(reader):
    """Whether there was one."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
        return False
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            await reader.readexactly(int(line.split(b":")[1]))
    return True


async def serve(reader, writer):
    while await read_request(reader):
        began = asyncio.get_running_loop().time()
        for word in range(WORDS):
            at = began + THINKS + word * PAUSE
            await asyncio.sleep(max(0, at - asyncio.get_running_loop().time()))
            writer.write((HEAD if word == 0 else b"") + chunk({"content": " alcove"}))
            await writer.drain()
        writer.write(chunk({}, "stop") + event("[DONE]") + b"0\r\n\r\n")
        await writer.drain()
    writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print("http://%s:%d/v1" % server.sockets[0].getsockname(), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
