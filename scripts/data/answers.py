#!/usr/bin/env python3
"""Computes the answers in tests/data/questions.json, and tests/data/profiles.json, from the raw files, without SQL.

Usage: answers.py [--check] [--log FILE]

Writes them into the file; with --check it writes nothing and fails if an answer there differs. The
access log is read from FILE (default: target/tmp/access_log.csv) and made first if need be.
"""

import json
import math
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import make_tables
from computed import inventory, log, orders, people, profiles, sales, survey, wide

QUESTIONS = make_tables.ROOT / "tests" / "data" / "questions.json"
PROFILES = QUESTIONS.with_name("profiles.json")
LOG = make_tables.ROOT / "target" / "tmp" / "access_log.csv"
FILES = {
    "sales.csv": sales, "survey.csv": survey, "orders.json": orders, "wide.csv": wide,
    "access_log.csv": log, "inventory.tsv": inventory, "people.jsonl": people,
}
ASKS_BACK = "ask_back"


def cell(value):
    """As SQL tells it: times are text, truths are 1 and 0."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def rows_of(found):
    """A single value and a single row are tables too."""
    if not isinstance(found, (list, tuple)):
        found = [(found,)]
    elif isinstance(found, tuple):
        found = [found]
    return [[cell(value) for value in row] for row in found]


def compute(log_path):
    """The rows that answer each question, by its id."""
    answers = {}
    for name, module in FILES.items():
        rows = module.read(log_path if name == "access_log.csv" else make_tables.TABLES / name)
        answers.update({key: rows_of(answer(rows)) for key, answer in module.ANSWERS.items()})
    return answers


def is_close(ours, theirs):
    if isinstance(ours, (int, float)) and isinstance(theirs, (int, float)):
        return math.isclose(ours, theirs, rel_tol=1e-9)
    return ours == theirs


def is_same(ours, theirs):
    """Sums may differ in the last digit from one Python to another; rows come in one order."""
    pairs = list(zip(ours, theirs))
    return len(ours) == len(theirs) and all(
        len(our) == len(their) and all(map(is_close, our, their)) for our, their in pairs
    )


def write(questions):
    """A line for each part of a question, so that a change can be read."""
    blocks = []
    for question in questions:
        parts = [f"    {json.dumps(key)}: {json.dumps(part, ensure_ascii=False)}" for key, part in question.items()]
        blocks.append("  {\n" + ",\n".join(parts) + "\n  }")
    QUESTIONS.write_text("[\n" + ",\n".join(blocks) + "\n]\n", encoding="utf-8")


def complaints(questions, answers):
    asked = [question["id"] for question in questions if question["answer"] != ASKS_BACK]
    yield from (f"{key} has no question" for key in answers if key not in asked)
    yield from (f"{key} is asked twice" for key in set(asked) if asked.count(key) > 1)
    for question in questions:
        key, told = question["id"], question["answer"]
        if told == ASKS_BACK:
            continue
        if key not in answers:
            yield f"{key} has no function that computes it"
        elif not is_same(answers[key], told.get("rows", [])):
            yield f"{key}: computed {answers[key]}, told {told}"


def profiles_text(log_path):
    """A line for each column."""
    tables = []
    for table, columns in profiles.compute(make_tables.TABLES, log_path).items():
        lines = [f"    {json.dumps(name, ensure_ascii=False)}: {json.dumps(found)}" for name, found in columns.items()]
        tables.append(f'  "{table}": {{\n' + ",\n".join(lines) + "\n  }")
    return "{\n" + ",\n".join(tables) + "\n}\n"


def main(arguments):
    check = "--check" in arguments
    log_path = LOG
    if "--log" in arguments:
        log_path = Path(arguments[arguments.index("--log") + 1])
    make_tables.write_log(log_path)
    questions = json.loads(QUESTIONS.read_text(encoding="utf-8"))
    answers, told_profiles = compute(log_path), profiles_text(log_path)
    if not check:
        for question in questions:
            if question["answer"] != ASKS_BACK and question["id"] in answers:
                question["answer"] = {"rows": answers[question["id"]]}
        write(questions)
        PROFILES.write_text(told_profiles, encoding="utf-8")
    wrong = list(complaints(questions, answers))
    if told_profiles != PROFILES.read_text(encoding="utf-8"):
        wrong.append("tests/data/profiles.json is not what was computed")
    print("\n".join(wrong) or f"{len(answers)} answers computed, all as told")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
