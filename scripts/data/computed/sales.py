"""sales.csv"""

import csv
from datetime import date

from computed.reading import (
    bottom, column, count_per, german_number, groups, mean, mean_per, number, per, share, sum_per, top,
    total,
)


def read(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return [row_of(row) for row in csv.DictReader(file, delimiter=";")]


def row_of(row):
    day, month, year = row["Order Date"].split(".")
    return {
        "date": date(int(year), int(month), int(day)), "region": row["Region"], "city": row["City"],
        "channel": row["Channel"], "category": row["Category"], "product": row["Product"],
        "order": row["Order No"], "units": int(row["Units"]), "price": german_number(row["Unit Price"]),
        "discount": german_number(row["Discount"]), "amount": german_number(row["Amount"]),
        "paid": row["Paid"] == "yes", "returned": row["Returned"] == "yes",
        "delivery": number(row["Delivery Days"]),
    }


def amounts(rows):
    return column(rows, "amount")


def month(row):
    return row["date"].isoformat()[:7]


def where(rows, **wanted):
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def in_year(rows, year):
    return [row for row in rows if row["date"].year == year]


def in_month(rows, year, number_of_month):
    return [row for row in in_year(rows, year) if row["date"].month == number_of_month]


ANSWERS = {
    "sales-01": len,
    "sales-02": lambda rows: total(amounts(rows)),
    "sales-03": lambda rows: mean(amounts(rows)),
    "sales-04": lambda rows: max(amounts(rows)),
    "sales-05": lambda rows: min(amounts(rows)),
    "sales-06": lambda rows: sum_per(rows, "region", "amount"),
    "sales-07": lambda rows: top(sum_per(rows, "region", "amount")),
    "sales-08": lambda rows: top(sum_per(rows, "product", "amount"), 5),
    "sales-09": lambda rows: total(column(where(rows, product="Green Tea"), "units")),
    "sales-10": lambda rows: len(where(rows, returned=True)),
    "sales-11": lambda rows: share(where(rows, returned=True), rows),
    "sales-12": lambda rows: len(where(in_year(rows, 2024), region="South")),
    "sales-13": lambda rows: total(amounts(in_month(rows, 2023, 3))),
    "sales-14": lambda rows: sorted(sum_per(in_year(rows, 2024), month, "amount")),
    "sales-15": lambda rows: len(groups(rows, "city")),
    "sales-16": lambda rows: mean(column(rows, "discount")),
    "sales-17": lambda rows: len(where(rows, discount=None)),
    "sales-18": lambda rows: min(column(rows, "date")),
    "sales-19": lambda rows: max(column(rows, "date")),
    "sales-20": lambda rows: top(count_per(rows, "city")),
    "sales-21": lambda rows: per(
        [row for row in rows if row["delivery"] is not None], "channel", lambda some: mean(column(some, "delivery"))
    ),
    "sales-22": lambda rows: bottom(sum_per(rows, "product", "units"), 3),
    "sales-23": lambda rows: len([row for row in rows if row["amount"] > 500]),
    "sales-24": lambda rows: mean(amounts(where(rows, channel="Online"))),
    "sales-25": lambda rows: total(amounts(where(rows, category="Tea"))),
    "sales-26": lambda rows: sorted(count_per(rows, lambda row: str(row["date"].year))),
    "sales-27": lambda rows: len(where(rows, paid=False)),
    "sales-28": lambda rows: total(column(where(rows, product="Espresso Machine", region="West"), "units")),
    "sales-29": lambda rows: max(amounts(in_month(rows, 2023, 12))),
    "sales-30": lambda rows: total(amounts(where(rows, paid=False))),
    "sales-31": lambda rows: mean_per(rows, "category", "amount"),
    "sales-32": lambda rows: len([row for row in rows if date(2024, 5, 1) <= row["date"] <= date(2024, 5, 15)]),
}
