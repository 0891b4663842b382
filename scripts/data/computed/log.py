"""access_log.csv"""

import csv
from decimal import Decimal

from computed.reading import column, count_per, groups, mean, mean_per, per, share, sum_per, top, total


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return [row_of(row) for row in csv.DictReader(file)]


def row_of(row):
    row["time"] = row["timestamp"].replace("T", " ").rstrip("Z")
    row["status"], row["bytes"] = int(row["status"]), int(row["bytes"])
    row["duration"] = Decimal(row["duration_ms"])
    return row


def where(rows, **wanted):
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def failed(rows):
    return [row for row in rows if row["status"] >= 500]


def users(rows):
    return {row["user_id"] for row in rows if row["user_id"]}


def day(row):
    return row["time"][:10]


def on(rows, wanted):
    return [row for row in rows if day(row) == wanted]


ANSWERS = {
    "log-01": len,
    "log-02": lambda rows: count_per(rows, "status"),
    "log-03": lambda rows: len(where(rows, status=404)),
    "log-04": lambda rows: total(column(rows, "bytes")),
    "log-05": lambda rows: mean(column(rows, "duration")),
    "log-06": lambda rows: max(column(rows, "duration")),
    "log-07": lambda rows: len(users(rows)),
    "log-08": lambda rows: top(count_per(rows, "path"), 10),
    "log-09": lambda rows: count_per(rows, "country"),
    "log-10": lambda rows: top(count_per(rows, "country")),
    "log-11": lambda rows: mean_per(rows, "method", "duration"),
    "log-12": lambda rows: len(failed(rows)),
    "log-13": lambda rows: share(failed(rows), rows),
    "log-14": lambda rows: len(on(rows, "2024-03-15")),
    "log-15": lambda rows: sorted(count_per(rows, day)),
    "log-16": lambda rows: top(count_per(rows, day)),
    "log-17": lambda rows: sum_per(rows, "country", "bytes"),
    "log-18": lambda rows: len(where(rows, user_id="")),
    "log-19": lambda rows: min(column(rows, "time")),
    "log-20": lambda rows: len([row for row in rows if row["duration"] > 500]),
    "log-21": lambda rows: len(where(rows, method="POST", country="DE")),
    "log-22": lambda rows: mean(column(where(rows, path="/pricing"), "bytes")),
    "log-23": lambda rows: top(per([row for row in rows if row["user_id"]], "user_id", len)),
    "log-24": lambda rows: sorted(count_per(on(rows, "2024-03-10"), lambda row: row["time"][11:13])),
    "log-25": lambda rows: len(groups(rows, "path")),
    "log-26": lambda rows: len(where(rows, browser="Firefox", status=200)),
    "log-27": lambda rows: total(column([row for row in rows if "2024-03-04" <= day(row) <= "2024-03-10"], "bytes")),
    "log-28": lambda rows: top(mean_per(rows, "browser", "duration")),
}
