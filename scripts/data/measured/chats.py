"""What uploads do to other visitors' chats."""

import multiprocessing
import threading
import time

from measured.server import Client, form_of

VISITORS = 8
UPLOADS = 10


def chat_until(stop, host, port, taken):
    """Chats one after the other; a session is left before its history grows long."""
    client, said, session = Client(host, port), 0, None
    while not stop.is_set():
        if said % 10 == 0:
            session = client.session()
        said += 1
        began = time.monotonic()
        taken.append((began, *client.chat(session)))


def chatters(stop, host, port, results):
    """A process of its own, so that nothing but the server can hold up its clock."""
    taken, threads = [], []
    for _ in range(VISITORS):
        threads.append(threading.Thread(target=chat_until, args=(stop, host, port, taken)))
    for thread in threads:
        thread.start()
        time.sleep(0.05)
    for thread in threads:
        thread.join()
    results.put(taken)


def upload_all(host, port, path, results):
    """Ten visitors send the file at the same time."""
    form = form_of(path)
    clients = [Client(host, port) for _ in range(UPLOADS)]
    ready = [(client, session, form(session)) for client in clients for session in [client.session()]]
    took = []

    def send(client, session, body):
        took.append(client.upload(session, lambda _: body)[0])

    threads = [threading.Thread(target=send, args=one) for one in ready]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put((began, time.monotonic(), took))


def measure(server, path, rounds, quiet_seconds):
    """Chats as (first word, end) in ms, while nothing else is done and while ten files are uploaded, and the uploads' own times."""
    spawn = multiprocessing.get_context("spawn")
    stop, chats, uploads = spawn.Event(), spawn.Queue(), spawn.Queue()
    chatting = spawn.Process(target=chatters, args=(stop, server.host, server.port, chats))
    chatting.start()
    time.sleep(3)
    windows, quiet, upload_ms = [], [], []
    for _ in range(rounds):
        quiet.append((time.monotonic(), time.monotonic() + quiet_seconds))
        time.sleep(quiet_seconds)
        uploading = spawn.Process(target=upload_all, args=(server.host, server.port, path, uploads))
        uploading.start()
        began, ended, took = uploads.get(timeout=300)
        uploading.join()
        windows.append((began, ended))
        upload_ms.extend(took)
        # What came last may still be written or let go.
        time.sleep(2)
    stop.set()
    taken = chats.get(timeout=60)
    chatting.join()

    def during(spans):
        return [
            (first, end) for began, first, end in taken
            if any(start <= began and began + first / 1000 <= stop_at for start, stop_at in spans)
        ]

    return during(quiet), during(windows), upload_ms
