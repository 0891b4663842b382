"""What a profile has to say of each column: counts of nothing and of different values, the extremes, the middle."""

import csv
import json
import statistics
from collections import Counter
from datetime import datetime
from decimal import Decimal

from computed.reading import german_number, known, mean, number, word

NUMBERS = (number, german_number)


def moment(pattern):
    """Reads times that are written so; a day has no hours."""
    told = "%Y-%m-%d %H:%M:%S" if "%H" in pattern else "%Y-%m-%d"

    def read(cell):
        return datetime.strptime(cell, pattern).strftime(told) if cell else None

    return read


ISO = "%Y-%m-%dT%H:%M:%SZ"
# Columns that are not words. The months of wide.csv are added below.
KINDS = {
    "sales": {
        "Order Date": moment("%d.%m.%Y"), "Units": number, "Unit Price": german_number, "Discount": german_number,
        "Amount": german_number, "Delivery Days": number,
    },
    "survey": {
        "submitted": moment("%Y-%m-%d %H:%M"), "age": number, "recommend": number, "visits_per_month": number,
        "household_income": number, "hours_online": number,
    },
    "orders": {
        "id": number, "placedAt": moment(ISO), "customer.id": number, "shipping.cost": number, "total": number,
        "rating": number,
    },
    "orders_items": {"quantity": number, "price": number},
    "wide": {
        "Store No": number, "Opened": moment("%d.%m.%Y"), "Floor Area": number, "Staff": number, "Rent": german_number,
    },
    "inventory": {
        "Quantity": number, "Reorder Level": number, "Unit Cost": number, "Weight (kg)": number,
        "Last Counted": moment("%m/%d/%Y"),
    },
    "people": {
        "salary": number, "hired": moment("%Y-%m-%d"), "hoursPerWeek": number, "vacationDaysLeft": number,
        "rating": number, "leftOn": moment("%Y-%m-%d"),
    },
    "access_log": {"timestamp": moment(ISO), "status": number, "bytes": number, "duration_ms": number},
}


def flat(value, name=""):
    """The cells of a JSON object as text, by dotted names; lists of objects are left out."""
    if isinstance(value, dict):
        return {key: cell for part in value for key, cell in flat(value[part], f"{name}.{part}").items()}
    if isinstance(value, list):
        is_words = all(isinstance(each, str) for each in value)
        return {name[1:]: "; ".join(value)} if is_words else {}
    return {name[1:]: "" if value is None else str(value)}


def tables(folder, log_path):
    """Names in SQL and rows of raw cells."""
    for name, encoding, delimiter in (
        ("sales.csv", "utf-8-sig", ";"), ("survey.csv", "utf-8", ","), ("wide.csv", "cp1252", ";"),
        ("inventory.tsv", "utf-16", "\t"),
    ):
        with open(folder / name, encoding=encoding, newline="") as file:
            yield name.split(".")[0], list(csv.DictReader(file, delimiter=delimiter))
    with open(log_path, encoding="utf-8", newline="") as file:
        yield "access_log", list(csv.DictReader(file))
    orders = json.loads((folder / "orders.json").read_text(encoding="utf-8"))
    yield "orders", [flat(order) for order in orders]
    yield "orders_items", [flat(item) for order in orders for item in order["items"]]
    lines = (folder / "people.jsonl").read_text(encoding="utf-8").splitlines()
    yield "people", [flat(json.loads(line)) for line in lines]


def told(value):
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def column(cells, read):
    values = known(read(cell) for cell in cells)
    found = {"nulls": len(cells) - len(values), "distinct": len(set(values)), "most": max(Counter(values).values())}
    if read is not word:
        found.update(min=told(min(values)), max=told(max(values)))
    if read in NUMBERS:
        found.update(mean=float(mean(values)), median=float(statistics.median(values)))
    return found


def compute(folder, log_path):
    """Profiles by table and column, as tests/data/profiles.json has them."""
    profiles = {}
    for table, rows in tables(folder, log_path):
        names = list(dict.fromkeys(name for row in rows for name in row))
        kinds = dict(KINDS[table])
        if table == "wide":
            kinds.update({name: german_number for name in names if name[-4:].isdigit()})
        profiles[table] = {
            name: column([row.get(name, "") for row in rows], kinds.get(name, word)) for name in names
        }
    return profiles
