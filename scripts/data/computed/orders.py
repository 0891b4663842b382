"""orders.json"""

import json
from datetime import datetime
from decimal import Decimal

from computed.reading import (
    bottom, column, count_per, groups, known, mean, mean_per, share, sum_per, top, total,
)


def read(path):
    with open(path, encoding="utf-8") as file:
        return [row_of(order) for order in json.load(file, parse_float=Decimal)]


def row_of(order):
    customer, shipping = order["customer"], order["shipping"]
    flat = {name: value for name, value in order.items() if name not in ("customer", "shipping")}
    placed = datetime.strptime(order["placedAt"], "%Y-%m-%dT%H:%M:%SZ")
    return {
        **flat, "placedAt": placed, "city": customer["city"], "country": customer["country"],
        "vip": customer["vip"], "customer": customer["id"], "name": customer["name"],
        "method": shipping["method"], "cost": shipping["cost"],
    }


def items(rows):
    return [item for row in rows for item in row["items"]]


def where(rows, **wanted):
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def month(row):
    return row["placedAt"].isoformat()[:7]


ANSWERS = {
    "orders-01": len,
    "orders-02": lambda rows: total(column(rows, "total")),
    "orders-03": lambda rows: mean(column(rows, "total")),
    "orders-04": lambda rows: count_per(rows, "status"),
    "orders-05": lambda rows: len(where(rows, status="cancelled")),
    "orders-06": lambda rows: sum_per(rows, "country", "total"),
    "orders-07": lambda rows: top(count_per(rows, "city")),
    "orders-08": lambda rows: len(groups(rows, "customer")),
    "orders-09": lambda rows: len(where(rows, vip=True)),
    "orders-10": lambda rows: mean(column(rows, "rating")),
    "orders-11": lambda rows: len(where(rows, rating=None)),
    "orders-12": lambda rows: mean_per(rows, "payment", "total"),
    "orders-13": lambda rows: len(known(row["coupon"] for row in rows)),
    "orders-14": lambda rows: len(where(rows, coupon="SPRING10")),
    "orders-15": lambda rows: total(column(where(rows, method="express"), "cost")),
    "orders-16": lambda rows: len(items(rows)),
    "orders-17": lambda rows: total(item["quantity"] for item in items(rows)),
    "orders-18": lambda rows: top(sum_per(items(rows), "name", "quantity"), 3),
    "orders-19": lambda rows: total(item["quantity"] for item in items(rows) if item["name"] == "Desk Lamp"),
    "orders-20": lambda rows: max(column(items(rows), "price")),
    "orders-21": lambda rows: top([(row["id"], row["total"]) for row in rows]),
    "orders-22": lambda rows: max(column(rows, "placedAt")),
    "orders-23": lambda rows: len([row for row in rows if month(row) == "2024-02"]),
    "orders-24": lambda rows: sorted(sum_per(rows, month, "total")),
    "orders-25": lambda rows: len([row for row in where(rows, payment="paypal") if row["total"] > 200]),
    "orders-26": lambda rows: share(where(rows, method="pickup"), rows),
    "orders-27": lambda rows: bottom(sum_per(items(rows), "name", "quantity")),
    "orders-28": lambda rows: len([row for row in rows if "gift" in row["tags"]]),
    "orders-29": lambda rows: total(column(where(rows, country="Spain", status="delivered"), "total")),
    "orders-30": lambda rows: sorted(count_per([row for row in rows if row["rating"] is not None], "rating")),
    "orders-31": lambda rows: total(item["quantity"] for item in items(where(rows, country="Portugal"))),
    "orders-32": lambda rows: total(
        item["quantity"] for item in items(where(rows, vip=True)) if item["name"] == "Office Chair"
    ),
}
