"""survey.csv"""

import csv
from datetime import datetime

from computed.reading import (
    column, count_per, groups, known, mean, mean_per, number, per, share, sum_per, top, total, word,
)

TRUTHS = {"Yes": True, "No": False, "TRUE": True, "FALSE": False, "Y": True, "N": False}


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return [row_of(row) for row in csv.DictReader(file)]


def row_of(row):
    texts = {name: word(row[name]) for name in ("gender", "country", "satisfaction", "comment")}
    numbers = {
        name: number(row[name])
        for name in ("age", "recommend", "visits_per_month", "household_income", "hours_online")
    }
    truths = {name: TRUTHS.get(row[name]) for name in ("uses_app", "newsletter", "has_children")}
    sent = datetime.strptime(row["submitted"], "%Y-%m-%d %H:%M")
    return {"id": row["respondent_id"], "submitted": sent, **texts, **numbers, **truths}


def where(rows, **wanted):
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def answered(rows, name):
    return [row for row in rows if row[name] is not None]


ANSWERS = {
    "survey-01": len,
    "survey-02": lambda rows: mean(column(rows, "age")),
    "survey-03": lambda rows: len(where(rows, age=None)),
    "survey-04": lambda rows: count_per(answered(rows, "satisfaction"), "satisfaction"),
    "survey-05": lambda rows: top(count_per(answered(rows, "satisfaction"), "satisfaction")),
    "survey-06": lambda rows: len(where(rows, satisfaction="Very satisfied")),
    "survey-07": lambda rows: mean(column(rows, "recommend")),
    "survey-08": lambda rows: mean_per(rows, "country", "recommend"),
    "survey-09": lambda rows: top(mean_per(rows, "country", "recommend")),
    "survey-10": lambda rows: len(where(rows, uses_app=True)),
    "survey-11": lambda rows: share(where(rows, uses_app=True), rows),
    "survey-12": lambda rows: max(column(rows, "household_income")),
    "survey-13": lambda rows: mean(column(where(rows, country="France"), "household_income")),
    "survey-14": lambda rows: len(where(rows, household_income=None)),
    "survey-15": lambda rows: (min(column(rows, "age")), max(column(rows, "age"))),
    "survey-16": lambda rows: len(where(rows, gender="Female", country="Germany")),
    "survey-17": lambda rows: len([row for row in answered(rows, "age") if row["age"] > 60]),
    "survey-18": lambda rows: len([row for row in answered(rows, "age") if 18 <= row["age"] <= 29]),
    "survey-19": lambda rows: total(column(rows, "visits_per_month")),
    "survey-20": lambda rows: len(groups(rows, "country")),
    "survey-21": lambda rows: len(where(rows, newsletter=True, uses_app=False)),
    "survey-22": lambda rows: mean(column(where(rows, has_children=True), "hours_online")),
    "survey-23": lambda rows: len(known(row["comment"] for row in rows)),
    "survey-24": lambda rows: sum_per(rows, "country", "visits_per_month"),
    "survey-25": lambda rows: min(column(rows, "submitted")),
    "survey-26": lambda rows: len([row for row in rows if row["submitted"].date().isoformat() == "2024-05-10"]),
    "survey-27": lambda rows: top(count_per(rows, "country")),
    "survey-28": lambda rows: mean_per(answered(rows, "gender"), "gender", "age"),
    "survey-29": lambda rows: len([row for row in answered(rows, "recommend") if row["recommend"] >= 9]),
    "survey-30": lambda rows: per(
        answered(answered(rows, "satisfaction"), "hours_online"), "satisfaction",
        lambda some: mean(column(some, "hours_online")),
    ),
}
