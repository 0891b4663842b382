"""The same file and questions, answered by Alcove, by pandas and by DuckDB, in turns."""

import json
import subprocess
import time

import duckdb
import pandas

# The first one is the first answer. How each engine says it; results are compared.
QUESTIONS = [
    ("SELECT country, SUM(bytes) AS n FROM access_log GROUP BY country ORDER BY n DESC",
     lambda t: t.groupby("country")["bytes"].sum().sort_values(ascending=False)),
    ("SELECT method, AVG(duration_ms) AS n FROM access_log GROUP BY method ORDER BY n DESC",
     lambda t: t.groupby("method")["duration_ms"].mean().sort_values(ascending=False)),
    ("SELECT path, COUNT(*) AS n FROM access_log GROUP BY path ORDER BY n DESC LIMIT 10",
     lambda t: t["path"].value_counts().head(10)),
    ("SELECT COUNT(DISTINCT user_id) AS n FROM access_log", lambda t: t["user_id"].nunique()),
    ("SELECT COUNT(*) AS n FROM access_log WHERE status >= 500", lambda t: int((t["status"] >= 500).sum())),
    ("SELECT MAX(duration_ms) AS n FROM access_log WHERE country = 'DE'",
     lambda t: float(t.loc[t["country"] == "DE", "duration_ms"].max())),
]
SQL = [sql for sql, _ in QUESTIONS]


def timed(deed):
    began = time.perf_counter()
    found = deed()
    return (time.perf_counter() - began) * 1000, found


class Pandas:
    """What its manual tells a beginner to do: read_csv, describe, groupby."""

    name = f"pandas {pandas.__version__}"

    def read(self, path):
        self.table = pandas.read_csv(path, parse_dates=["timestamp"])

    def profile(self):
        return self.table.describe(include="all")

    def query(self, at):
        found = QUESTIONS[at][1](self.table)
        return found.tolist() if hasattr(found, "tolist") else [found]


class DuckDb:
    """A new database in memory, its defaults."""

    name = f"DuckDB {duckdb.__version__}"

    def read(self, path):
        self.database = duckdb.connect()
        self.database.execute(f"CREATE TABLE access_log AS SELECT * FROM read_csv('{path}')")

    def profile(self):
        return self.database.execute("SUMMARIZE access_log").fetchall()

    def query(self, at):
        return [row[-1] for row in self.database.execute(SQL[at]).fetchall()]


class Served:
    """Alcove as a visitor has it: a new session, an upload, queries over HTTP. Profiles while it reads."""

    name = "Alcove, over HTTP"

    def __init__(self, client, form):
        self.client, self.form = client, form

    def read(self, _path):
        self.session = self.client.session()
        self.client.upload(self.session, self.form)

    def profile(self):
        return None

    def query(self, at):
        rows = self.client.query(self.session, SQL[at])[1]
        return [row["n"] for row in rows]


class Library:
    """Alcove's own code for it, without server and store: benches/data.rs, told by lines what to do."""

    name = "Alcove, the library"

    def __init__(self, program):
        self.process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.parts = []
        self._answer()

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the library's program has ended")
        return json.loads(line)

    def _tell(self, word, rest=""):
        self.process.stdin.write(f"{word} {rest}\n")
        self.process.stdin.flush()
        return self._answer()

    def read(self, path):
        self.parts.append(self._tell("read", path))

    def profile(self):
        return None

    def query(self, at):
        return [row[-1] for row in self._tell("query", SQL[at])["rows"]]

    def stop(self):
        self.process.stdin.close()
        self.process.wait(15)


def is_same(one, other):
    return len(one) == len(other) and all(abs(a - b) <= 1e-9 * abs(b) for a, b in zip(one, other))


def compare(engines, path, rounds):
    """Lists of ms by engine and act. Each round asks every engine, one after the other."""
    taken = {engine.name: {"read": [], "profile": [], "first": [], "next": []} for engine in engines}
    for number in range(rounds + 1):
        for engine in engines:
            acts = {"read": timed(lambda: engine.read(path))[0], "profile": timed(engine.profile)[0]}
            answers = [timed(lambda at=at: engine.query(at)) for at in range(len(SQL))]
            acts["first"] = answers[0][0]
            # Asked again, so that each engine has seen each question: what is compared is a next query.
            again = [timed(lambda at=at: engine.query(at))[0] for at in range(len(SQL))]
            check(engine, [found for _, found in answers])
            if number == 0:
                continue  # Warms up.
            for act, ms in acts.items():
                taken[engine.name][act].append(ms)
            taken[engine.name]["next"].extend(again)
    return taken


_first_answers = []


def check(engine, found):
    """A fast wrong answer is none."""
    if not _first_answers:
        _first_answers.extend(found)
    for sql, ours, theirs in zip(SQL, _first_answers, found):
        if not is_same(ours, theirs):
            raise RuntimeError(f"{engine.name} answers {sql} with {theirs}, not {ours}")
