"""inventory.tsv"""

import csv
from datetime import datetime

from computed.reading import (
    bottom, column, count_per, groups, mean, mean_per, number, sum_per, top, total, word,
)


def read(path):
    with open(path, encoding="utf-16", newline="") as file:
        return [row_of(row) for row in csv.DictReader(file, delimiter="\t")]


def row_of(row):
    return {
        "sku": row["SKU"], "product": row["Product"], "category": row["Category"],
        "warehouse": row["Warehouse"], "supplier": word(row["Supplier"]), "shelf": row["Shelf"],
        "quantity": number(row["Quantity"]), "level": number(row["Reorder Level"]),
        "cost": number(row["Unit Cost"]), "weight": number(row["Weight (kg)"]),
        "counted": datetime.strptime(row["Last Counted"], "%m/%d/%Y").date(),
        "discontinued": row["Discontinued"] == "true",
    }


def where(rows, **wanted):
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def low(rows):
    return [row for row in rows if row["quantity"] < row["level"]]


ANSWERS = {
    "inventory-01": len,
    "inventory-02": lambda rows: total(column(rows, "quantity")),
    "inventory-03": lambda rows: sum_per(rows, "warehouse", "quantity"),
    "inventory-04": lambda rows: top(sum_per(rows, "warehouse", "quantity")),
    "inventory-05": lambda rows: len(low(rows)),
    "inventory-06": lambda rows: len(where(rows, quantity=0)),
    "inventory-07": lambda rows: total(row["quantity"] * row["cost"] for row in rows),
    "inventory-08": lambda rows: mean_per(rows, "category", "cost"),
    "inventory-09": lambda rows: top([(row["sku"], row["cost"]) for row in rows]),
    "inventory-10": lambda rows: min(column(rows, "cost")),
    "inventory-11": lambda rows: len(where(rows, discontinued=True)),
    "inventory-12": lambda rows: len(where(rows, supplier=None)),
    "inventory-13": lambda rows: count_per([row for row in rows if row["supplier"]], "supplier"),
    "inventory-14": lambda rows: top([(row["sku"], row["weight"]) for row in rows]),
    "inventory-15": lambda rows: mean(column(where(rows, category="Garden"), "weight")),
    "inventory-16": lambda rows: len(where(rows, product="Wood Screws")),
    "inventory-17": lambda rows: total(column(where(rows, product="Wood Screws"), "quantity")),
    "inventory-18": lambda rows: min(column(rows, "counted")),
    "inventory-19": lambda rows: len([row for row in rows if row["counted"].year == 2023]),
    "inventory-20": lambda rows: top(sum_per(rows, "product", "quantity"), 5),
    "inventory-21": lambda rows: len([row for row in where(rows, warehouse="Reno") if row["cost"] > 100]),
    "inventory-22": lambda rows: len(groups(rows, "shelf")),
    "inventory-23": lambda rows: total(column(where(rows, supplier="Acme", warehouse="Dallas"), "quantity")),
    "inventory-24": lambda rows: bottom(count_per(rows, "category")),
    "inventory-25": lambda rows: max(column(rows, "quantity")),
}
