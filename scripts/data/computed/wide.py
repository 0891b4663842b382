"""wide.csv"""

import csv
from datetime import datetime

from computed.reading import (
    bottom, column, count_per, german_number, groups, mean, mean_per, sum_per, top, total,
)

TEXTS = ["Store", "City", "State", "Format", "Parking", "Café", "Notes"]


def read(path):
    with open(path, encoding="cp1252", newline="") as file:
        return [row_of(row) for row in csv.DictReader(file, delimiter=";")]


def row_of(row):
    cells = {name: german_number(cell) for name, cell in row.items() if name not in [*TEXTS, "Opened"]}
    cells.update({name: row[name] or None for name in TEXTS})
    cells["Opened"] = datetime.strptime(row["Opened"], "%d.%m.%Y").date()
    return cells


def where(rows, **wanted):
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


ANSWERS = {
    "wide-01": len,
    "wide-02": lambda rows: total(column(rows, "Jan 2020")),
    "wide-03": lambda rows: mean(column(rows, "Dec 2024")),
    "wide-04": lambda rows: count_per(rows, "State"),
    "wide-05": lambda rows: len(where(rows, City="München")),
    "wide-06": lambda rows: top(sum_per(rows, "City", "Dec 2024")),
    "wide-07": lambda rows: max(column(rows, "Floor Area")),
    "wide-08": lambda rows: total(column(rows, "Staff")),
    "wide-09": lambda rows: len(where(rows, Parking="ja")),
    "wide-10": lambda rows: len(where(rows, Café="nein")),
    "wide-11": lambda rows: mean(column(where(rows, Format="Outlet"), "Rent")),
    "wide-12": lambda rows: top([(row["Store"], row["Rent"]) for row in rows]),
    "wide-13": lambda rows: min(column(rows, "Opened")),
    "wide-14": lambda rows: len([row for row in rows if row["Opened"].year >= 2015]),
    "wide-15": lambda rows: len([row for row in rows if row["Jan 2016"] is None]),
    "wide-16": lambda rows: len(groups(rows, "City")),
    "wide-17": lambda rows: mean_per(rows, "Format", "Floor Area"),
    "wide-18": lambda rows: top([(row["Store"], row["Dec 2023"]) for row in rows if row["Dec 2023"] is not None], 5),
    "wide-19": lambda rows: total(column(where(rows, State="Bayern"), "Jun 2022")),
    "wide-20": lambda rows: bottom([(row["Store"], row["Apr 2020"]) for row in rows if row["Apr 2020"] is not None]),
    "wide-21": lambda rows: len([row for row in where(rows, Format="City") if row["Staff"] > 10]),
    "wide-22": lambda rows: total(column(where(rows, City="Köln"), "Rent")),
    "wide-23": lambda rows: sum_per(rows, "State", "Jul 2024"),
    "wide-24": lambda rows: len(column(rows, "Notes")),
    "wide-25": lambda rows: mean(column(where(rows, Café="ja"), "Nov 2021")),
}
