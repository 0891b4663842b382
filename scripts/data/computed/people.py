"""people.jsonl"""

import json
from datetime import date
from decimal import Decimal

from computed.reading import (
    bottom, column, count_per, mean, mean_per, per, share, sum_per, top, total,
)


def read(path):
    with open(path, encoding="utf-8") as file:
        return [row_of(json.loads(line, parse_float=Decimal)) for line in file]


def row_of(person):
    left = person.get("leftOn")
    return {
        **person, "city": person["office"]["city"], "country": person["office"]["country"],
        "rating": person.get("rating"), "hired": date.fromisoformat(person["hired"]),
        "left": date.fromisoformat(left) if left else None,
    }


def where(rows, **wanted):
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


ANSWERS = {
    "people-01": len,
    "people-02": lambda rows: mean(column(rows, "salary")),
    "people-03": lambda rows: mean_per(rows, "department", "salary"),
    "people-04": lambda rows: top(mean_per(rows, "department", "salary")),
    "people-05": lambda rows: count_per(rows, "department"),
    "people-06": lambda rows: top([(row["id"], row["salary"]) for row in rows], 3),
    "people-07": lambda rows: len(where(rows, remote=True)),
    "people-08": lambda rows: len(where(rows, city="Dublin")),
    "people-09": lambda rows: share(where(rows, remote=True), rows),
    "people-10": lambda rows: len([row for row in rows if row["hired"].year >= 2020]),
    "people-11": lambda rows: min(column(rows, "hired")),
    "people-12": lambda rows: len(column(rows, "left")),
    "people-13": lambda rows: len(where(rows, rating=None)),
    "people-14": lambda rows: mean(column(where(rows, department="Sales"), "rating")),
    "people-15": lambda rows: total(column(rows, "vacationDaysLeft")),
    "people-16": lambda rows: per(rows, "level", lambda some: max(column(some, "salary"))),
    "people-17": lambda rows: len(where(rows, department="Engineering", level="Senior")),
    "people-18": lambda rows: sum_per(rows, "country", "salary"),
    "people-19": lambda rows: len([row for row in rows if "python" in row["skills"]]),
    "people-20": lambda rows: len([row for row in rows if row["hoursPerWeek"] < 40]),
    "people-21": lambda rows: sorted(count_per([row for row in rows if row["hired"].year >= 2018], lambda row: str(row["hired"].year))),
    "people-22": lambda rows: bottom(count_per(rows, "city")),
    "people-23": lambda rows: min(column(where(rows, department="Legal"), "salary")),
    "people-24": lambda rows: len([row for row in rows if 50_000 <= row["salary"] <= 60_000]),
    "people-25": lambda rows: mean_per(rows, "remote", "hoursPerWeek"),
}
