"""The server that is measured, and as much of a client as measuring takes."""

import http.client
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BOUNDARY = "----alcove-bench"


class Child:
    """A process that tells its address on its first line."""

    def __init__(self, command, **options):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **options
        )
        self.line = self.process.stdout.readline().strip()
        if not self.line:
            raise RuntimeError(f"{command[0]} ended at once")

    def stop(self):
        self.process.stdin.close()
        self.process.terminate()
        self.process.wait(15)


class Server:
    """An Alcove with default settings on an empty database, but for the limits that load would meet.

    A slow query is to be measured, not cut off.
    """

    def __init__(self, binary, base_url, **settings):
        self.folder = tempfile.TemporaryDirectory(prefix="alcove-bench-")
        log = Path(self.folder.name) / "log"
        environment = {
            "PORT": "0", "RATE_LIMITS": "off", "AI_PROVIDER": "compatible", "COMPATIBLE_BASE_URL": base_url,
            "COMPATIBLE_MODEL": "mock-1", "QUERY_TIMEOUT_MS": "10000", **settings,
        }
        with open(log, "w") as errors:
            self.child = Child([binary], cwd=self.folder.name, env=environment, stderr=errors)
        host, port = self.child.line.rsplit("//", 1)[-1].rstrip("/").split(":")
        self.host, self.port = host, int(port)
        self.pid = self.child.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.child.stop()
        self.folder.cleanup()

    def client(self):
        return Client(self.host, self.port)

    def memory_mb(self, what="VmRSS"):
        """VmRSS is what it holds now, VmHWM the most it ever held."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(what + ":"):
                return int(line.split()[1]) / 1024
        raise RuntimeError(f"/proc tells no {what}")


class Client:
    """One kept-alive connection."""

    def __init__(self, host, port):
        self.connection = http.client.HTTPConnection(host, port, timeout=60)

    def ask(self, method, path, body=None, kind="application/json"):
        headers = {"content-type": kind} if body is not None else {}
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:300]!r}")
        return json.loads(text)

    def post(self, path, body):
        return self.ask("POST", path, json.dumps(body).encode())

    def session(self):
        return self.post("/api/sessions/create", {})["sessionId"]

    def upload(self, session, form):
        """Answers how long it took, in ms, and what the server says."""
        began = time.perf_counter()
        answer = self.ask("POST", "/api/files/upload", form(session), f"multipart/form-data; boundary={BOUNDARY}")
        return (time.perf_counter() - began) * 1000, answer

    def query(self, session, sql):
        began = time.perf_counter()
        answer = self.post(f"/api/files/query/{session}", {"sql": sql})
        took = (time.perf_counter() - began) * 1000
        return took, answer["results"]

    def chat(self, session):
        """Says something; answers when the first word and when the end came, in ms."""
        body = json.dumps({"sessionId": session, "message": "Tell me something.", "stream": True}).encode()
        began = time.perf_counter()
        self.connection.request("POST", "/api/chat/message", body, {"content-type": "application/json"})
        answer = self.connection.getresponse()
        first, ended = None, False
        for line in answer:
            if first is None and line.startswith(b"event: delta"):
                first = time.perf_counter()
            ended = ended or line.startswith(b"event: done")
        if first is None or not ended:
            raise RuntimeError("a chat was not complete")
        return (first - began) * 1000, (time.perf_counter() - began) * 1000


def form_of(path):
    """A function that makes the body of an upload for a session, so that no time goes by for it."""
    content = path.read_bytes()

    def form(session):
        head = (
            f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="sessionId"\r\n\r\n{session}\r\n'
            f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="{path.name}"\r\n'
            "content-type: text/csv\r\n\r\n"
        )
        return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()

    return form


def start_upstream():
    return Child([sys.executable, str(Path(__file__).with_name("upstream.py"))])
