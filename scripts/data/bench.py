#!/usr/bin/env python3
"""Measures what is done with a visitor's file, and the same with pandas and DuckDB.

Usage: scripts/bench data [--quick] [--rounds N] [--json FILE] [--docs]

  --rounds   how often each thing is done (default: 7); medians are told
  --quick    fewer rounds: to see that it works, not to quote
  --json     write the figures there as JSON too
  --docs     write the table into docs/benchmarks.md

The script adds --binary FILE (the server, release build), --library COMMAND (what runs
benches/data.rs) and --log FILE (the access log of 150,000 rows that make_tables.py makes). It
starts its own processes on free loopback ports and ends them; the network is used only once, to
install pandas and DuckDB below target/. Prints a table of Markdown.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import time
from pathlib import Path

from measured import chats, engines
from measured.server import Server, form_of, start_upstream

# The cache lets go of what nobody asked about for five minutes; it looks once a minute.
LET_GO_SECONDS = 375
DOCS = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- data: begin -->", "<!-- data: end -->"


def percentile(values, percent):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


class Report:
    def __init__(self):
        self.figures = []

    def add(self, name, measured, unit="ms", target=None, detail=""):
        verdict = "" if target is None else "met" if measured <= target else "**missed**"
        self.figures.append(
            {"figure": name, "measured": measured, "unit": unit, "target": target, "verdict": verdict, "detail": detail}
        )
        print(f"{name}: {measured:.2f} {unit} {verdict} {detail}", file=sys.stderr)

    def table(self):
        lines = ["| figure | target | measured | | |", "|---|---|---|---|---|"]
        for each in self.figures:
            digits = 2 if each["measured"] < 100 else 0
            target = "" if each["target"] is None else f"≤ {each['target']:g} {each['unit']}"
            measured = f"{each['measured']:,.{digits}f} {each['unit']}"
            lines.append(f"| {each['figure']} | {target} | {measured} | {each['verdict']} | {each['detail']} |")
        return "\n".join(lines)


def upload_and_query(report, binary, base_url, path, rounds):
    """One visitor with one file; each round has a new server, so that every upload is its first."""
    form, taken = form_of(path), {"upload": [], "first": [], "next": [], "peak": [], "held": [], "deleted": []}
    slowest = {sql: [] for sql in engines.SQL}
    for _ in range(rounds):
        with Server(binary, base_url) as server:
            client, session, before = visit(server)
            taken["upload"].append(client.upload(session, form)[0])
            taken["first"].append(client.query(session, engines.SQL[0])[0])
            for _ in range(20):
                for sql in engines.SQL:
                    slowest[sql].append(client.query(session, sql)[0])
            taken["held"].append(server.memory_mb() - before)
            taken["peak"].append(server.memory_mb("VmHWM") - before)
            client.ask("DELETE", f"/api/files/{session}")
            time.sleep(3)
            taken["deleted"].append(server.memory_mb() - before)
    taken["next"] = [ms for values in slowest.values() for ms in values]
    median = {name: statistics.median(values) for name, values in taken.items()}
    slow = max(slowest, key=lambda sql: statistics.median(slowest[sql]))

    def detail(name):
        return f"{min(taken[name]):.0f} to {max(taken[name]):.0f} in {len(taken[name])} runs"

    report.add("Upload to profile", median["upload"], target=1500, detail=detail("upload"))
    report.add("First query", median["first"], target=1000, detail=detail("first"))
    report.add("Next query, median", median["next"], target=50, detail=f"of {len(taken['next'])}")
    report.add("Next query, 95th percentile", percentile(taken["next"], 95), target=50)
    report.add("Next query, longest", max(taken["next"]), target=250, detail="as long as a query may take by default")
    report.add("Next query, the slowest of six, median", statistics.median(slowest[slow]), detail=f"`{slow}`")
    report.add("Memory growth, highest", max(taken["peak"]), "MB", 100, detail("peak"))
    report.add("Memory growth, while queried", median["held"], "MB", 100, detail("held"))
    report.add("Memory growth, after the file was deleted", median["deleted"], "MB", detail=detail("deleted"))


def visit(server):
    """A visitor's connection and session, and what the server holds before there is a file."""
    client = server.client()
    client.chat(client.session())
    session = client.session()
    time.sleep(1)
    return client, session, server.memory_mb()


def one_after_the_other(report, binary, base_url, path):
    """Memory that each file leaves behind would add up."""
    form, after = form_of(path), []
    with Server(binary, base_url) as server:
        client, _, before = visit(server)
        for _ in range(12):
            session = client.session()
            client.upload(session, form)
            client.query(session, engines.SQL[0])
            client.ask("DELETE", f"/api/files/{session}")
            time.sleep(0.5)
            after.append(server.memory_mb() - before)
    report.add("Memory growth, twelve files, each deleted before the next", after[-1], "MB", 100, f"{after[0]:.0f} after the first")


class Forgotten:
    """A file that was asked about once, on a server of its own that has nothing else to do."""

    def __init__(self, binary, base_url, path):
        self.server = Server(binary, base_url)
        client, session, self.before = visit(self.server)
        client.upload(session, form_of(path))
        client.query(session, engines.SQL[0])
        self.asked = time.monotonic()

    def add_to(self, report):
        time.sleep(max(0, self.asked + LET_GO_SECONDS - time.monotonic()))
        report.add("Memory growth, after the cache let go", self.server.memory_mb() - self.before, "MB")

    def stop(self):
        self.server.__exit__()


def chats_of_others(report, binary, base_url, path, rounds, quiet_seconds):
    with Server(binary, base_url) as server:
        before = server.memory_mb()
        quiet, busy, uploads = chats.measure(server, path, rounds, quiet_seconds)
        peak = server.memory_mb("VmHWM") - before
    for place, name in ((0, "first word"), (1, "whole reply")):
        idle, loaded = (percentile([chat[place] for chat in some], 95) for some in (quiet, busy))
        report.add(f"Chat, {name}, 95th percentile, idle", idle, detail=f"of {len(quiet)}")
        report.add(f"Chat, {name}, 95th percentile, ten uploads", loaded, detail=f"of {len(busy)}")
        report.add(f"Chat, {name}: ten uploads to idle", loaded / idle, "×", 2)
    report.add("Upload to profile, each of ten at once", statistics.median(uploads), detail=f"slowest {max(uploads):.0f}")
    report.add("Memory growth, ten uploads at once, highest", peak, "MB")


def comparison(report, binary, base_url, path, rounds, library):
    with Server(binary, base_url) as server:
        ours = [engines.Served(server.client(), form_of(path)), engines.Library(library)]
        theirs = [engines.Pandas(), engines.DuckDb()]
        taken = engines.compare([*ours, *theirs], path, rounds)
        ours[1].stop()
    for part, name in (("profiledMs", "reading and profiling"), ("builtMs", "loading into SQLite")):
        report.add(f"Alcove, the library: {name}", statistics.median(parts[part] for parts in ours[1].parts))
    medians = {}
    for name, acts in taken.items():
        read, profile, first = (statistics.median(acts[act]) for act in ("read", "profile", "first"))
        answer = statistics.median(map(sum, zip(acts["read"], acts["first"])))
        all_of_it = statistics.median(map(sum, zip(acts["read"], acts["profile"], acts["first"])))
        medians[name] = {
            "read": read, "profile": profile, "first": first, "first answer": answer,
            "profile and first answer": all_of_it, "next query": statistics.median(acts["next"]),
        }
    for act in ("first answer", "profile and first answer", "next query"):
        for name, figures in medians.items():
            ratios = "; ".join(
                f"{figures[act] / medians[other.name][act]:.2f} × {other.name}" for other in theirs if name != other.name
            )
            report.add(f"{act.capitalize()}: {name}", figures[act], detail=ratios)
    return medians


def machine():
    cpu = [line.split(": ")[1] for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores of {cpu[0] if cpu else 'unknown'}, {memory:.0f} GB, Linux {platform.release()}, Python {platform.python_version()}"


def put_into_docs(text):
    before, rest = DOCS.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    DOCS.write_text(f"{before}{BEGIN}\n{text}{END}{after}", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(usage=__doc__, add_help=False)
    for name in ("binary", "library", "log"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json")
    parser.add_argument("--docs", action="store_true")
    options = parser.parse_args()
    path, rounds = Path(options.log).resolve(), 2 if options.quick else options.rounds
    rows = sum(1 for _ in open(path, "rb")) - 1
    loads = [os.getloadavg()[0]]
    report, upstream, forgotten = Report(), start_upstream(), None
    try:
        if not options.quick:
            forgotten = Forgotten(options.binary, upstream.line, path)
        upload_and_query(report, options.binary, upstream.line, path, rounds)
        one_after_the_other(report, options.binary, upstream.line, path)
        chats_of_others(report, options.binary, upstream.line, path, 2 if options.quick else 5, 4 if options.quick else 10)
        medians = comparison(report, options.binary, upstream.line, path, rounds, options.library.split())
        if forgotten:
            forgotten.add_to(report)
    finally:
        if forgotten:
            forgotten.stop()
        upstream.stop()
    loads.append(os.getloadavg()[0])
    where = f"{machine()}, load {loads[0]:.1f} to {loads[1]:.1f}. {time.strftime('%-d %B %Y')}. {path.name}: {path.stat().st_size:,} bytes, {rows:,} rows."
    text = f"{where}\n\n{report.table()}\n"
    print(text)
    if options.docs:
        put_into_docs(text)
    if options.json:
        Path(options.json).write_text(json.dumps({"where": where, "figures": report.figures, "medians": medians}, indent=1))


if __name__ == "__main__":
    main()
