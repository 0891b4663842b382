#!/usr/bin/env python3
"""Makes the tables that the question set in tests/data/questions.json asks about.

Usage: make_tables.py [--check] [--log FILE]

Without arguments it writes the small tables into tests/data/tables/, which are committed. With
--check it writes nothing and fails if one differs from what it would write. With --log it writes
only the access log of 150,000 rows, which is too large to commit, to FILE, unless it is there and
newer than this script.

The same Python version or another one, the same bytes: of the random numbers only random() is
used, whose sequence Python promises to keep, and no function of the C library.
"""

import json
import random
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLES = ROOT / "tests" / "data" / "tables"
LOG_ROWS = 150_000


class Dice:
    """Random choices from a seed."""

    def __init__(self, seed):
        self._random = random.Random(seed).random

    def chance(self, probability):
        return self._random() < probability

    def whole(self, low, high):
        """From low to high, both included."""
        return low + int(self._random() * (high - low + 1))

    def pick(self, values):
        return values[int(self._random() * len(values))]

    def weighted(self, weights):
        """A key of `weights`, the more often the larger its number."""
        left = self._random() * sum(weights.values())
        for value, weight in weights.items():
            left -= weight
            if left < 0:
                return value
        return value

    def around(self, middle, width):
        """Near the middle rather than at the edges of middle ± width."""
        return middle + width * (self._random() + self._random() + self._random() - 1.5) / 1.5

    def day(self, first, last):
        return first + timedelta(days=self.whole(0, (last - first).days))


def german(number, decimals=2):
    """1234.5 as 1.234,50"""
    return f"{number:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def euros(cents):
    return german(cents / 100) + " €"


def quoted(cell, delimiter):
    text = "" if cell is None else str(cell)
    if any(mark in text for mark in (delimiter, '"', "\n")):
        return '"' + text.replace('"', '""') + '"'
    return text


def separated(rows, delimiter, line_end="\n"):
    return "".join(delimiter.join(quoted(cell, delimiter) for cell in row) + line_end for row in rows)


PRODUCTS = {
    "House Blend": ("Coffee", 1890, 30),
    "Espresso Roast": ("Coffee", 2150, 26),
    "Decaf": ("Coffee", 1940, 9),
    "Green Tea": ("Tea", 790, 14),
    "Earl Grey": ("Tea", 680, 12),
    "Chai Mix": ("Tea", 920, 8),
    "Hand Grinder": ("Equipment", 6400, 6),
    "French Press": ("Equipment", 3490, 8),
    "Espresso Machine": ("Equipment", 48900, 3),
    "Paper Filters": ("Accessories", 450, 18),
    "Milk Jug": ("Accessories", 1790, 7),
    "Travel Mug": ("Accessories", 1490, 11),
}
CITIES = {
    "North": ["Hamburg", "Bremen", "Kiel"],
    "South": ["Munich", "Augsburg", "Nuremberg", "Freiburg"],
    "East": ["Leipzig", "Dresden", "Berlin"],
    "West": ["Cologne", "Essen", "Bonn"],
}


def sales(dice):
    """What a German shop's till exports: semicolons, decimal commas, a byte order mark."""
    rows = [
        ["Order Date", "Order No", "Region", "City", "Channel", "Category", "Product", "Units",
         "Unit Price", "Discount", "Amount", "Paid", "Returned", "Delivery Days"]
    ]
    days = sorted(dice.day(date(2023, 1, 2), date(2024, 12, 30)) for _ in range(2000))
    for number, day in enumerate(days, 1):
        region = dice.weighted({"North": 27, "South": 35, "East": 17, "West": 24})
        channel = dice.weighted({"Online": 50, "Shop": 35, "Wholesale": 15})
        product = dice.weighted({name: weight for name, (_, _, weight) in PRODUCTS.items()})
        category, price, _ = PRODUCTS[product]
        price = price * 104 // 100 if day.year == 2024 else price
        units = dice.whole(5, 40) if channel == "Wholesale" else dice.weighted({1: 6, 2: 4, 3: 2, 4: 1})
        discount = dice.weighted({0: 60, 50: 20, 100: 12, 125: 5, 200: 3})
        amount = price * units * (1000 - discount) // 1000
        percent = f"{german(discount / 10, 1 if discount % 10 else 0)} %" if discount else ""
        delivery = "" if channel == "Shop" else dice.weighted({1: 3, 2: 8, 3: 7, 4: 4, 5: 2, 9: 1})
        rows.append(
            [f"{day:%d.%m.%Y}", f"SO-{number:05}", region, dice.pick(CITIES[region]), channel,
             category, product, units, euros(price), percent, euros(amount),
             "no" if day > date(2024, 11, 1) and dice.chance(0.4) or dice.chance(0.02) else "yes",
             "yes" if dice.chance(0.11 if channel == "Online" else 0.03) else "no", delivery]
        )
    return ("\ufeff" + separated(rows, ";", "\r\n")).encode("utf-8")


LIKERT = ["Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied"]
COMMENTS = [
    "Friendly staff, but the queue was long.",
    'The "new" menu is hard to read.',
    "Parking, parking, parking!",
    "Everything was fine.\nI will come again.",
    "Too loud in the evening",
    "Prices went up again; quality did not.",
    "Great coffee",
]


def survey(dice):
    """A poll in which few answered everything; what is missing is NA or nothing."""

    def perhaps(value, missing):
        return dice.pick(["NA", ""]) if dice.chance(missing) else value

    rows = [
        ["respondent_id", "submitted", "age", "gender", "country", "satisfaction", "recommend",
         "visits_per_month", "uses_app", "newsletter", "has_children", "household_income",
         "hours_online", "comment"]
    ]
    countries = {"Germany": 30, "France": 19, "Italy": 14, "Spain": 12, "Poland": 9, "Austria": 6}
    for number in range(1, 801):
        sent = datetime(2024, 5, 1, 6) + timedelta(minutes=dice.whole(0, 44_000))
        mood = int(dice.weighted({0: 6, 1: 12, 2: 20, 3: 38, 4: 24}))
        recommend = min(10, max(0, round(dice.around(2 * mood + 1.6, 3))))
        rows.append(
            [f"R{number:04}", f"{sent:%Y-%m-%d %H:%M}",
             perhaps(round(dice.around(44, 27)), 0.07),
             perhaps(dice.weighted({"Female": 50, "Male": 46, "Non-binary": 4}), 0.05),
             dice.weighted(countries), perhaps(LIKERT[mood], 0.06), perhaps(recommend, 0.1),
             dice.weighted({0: 2, 1: 6, 2: 6, 3: 4, 4: 5, 6: 2, 8: 2, 12: 1}),
             dice.weighted({"Yes": 55, "No": 45}),
             perhaps(dice.weighted({"TRUE": 31, "FALSE": 69}), 0.03),
             perhaps(dice.weighted({"Y": 42, "N": 58}), 0.08),
             perhaps(100 * round(dice.around(420, 260)), 0.28),
             perhaps(f"{dice.around(3.6, 3.3):.1f}", 0.04),
             dice.pick(COMMENTS) if dice.chance(0.18) else ""]
        )
    return separated(rows, ",").encode("utf-8")


GOODS = {
    "B-204": ("Notebook A5", 450),
    "B-310": ("Fountain Pen", 3290),
    "B-118": ("Ink Cartridges", 620),
    "D-007": ("Desk Lamp", 4990),
    "D-012": ("Paper Tray", 1850),
    "P-500": ("Copy Paper", 590),
    "P-610": ("Envelopes", 780),
    "T-033": ("Tape Dispenser", 1140),
    "C-901": ("Office Chair", 21900),
}
NAMES = [
    "Alma", "Bruno", "Clara", "Dario", "Edith", "Felix", "Greta", "Hugo", "Ines", "Jonas", "Klara",
    "Luis", "Mara", "Nils", "Olga", "Pablo", "Quirin", "Rosa", "Sven", "Tilda", "Ugo", "Vera", "Wim",
    "Xenia", "Yara", "Zeno",
]
PLACES = {
    "Lisbon": "Portugal", "Porto": "Portugal", "Madrid": "Spain", "Seville": "Spain", "Lyon": "France",
    "Paris": "France", "Vienna": "Austria", "Graz": "Austria", "Ghent": "Belgium",
}


def orders(dice):
    """An online shop's orders as its API gives them: objects in objects, lists in objects."""
    customers = []
    for number in range(120):
        name = f"{dice.pick(NAMES)} {dice.pick('ABCDEFGHKLMNPRSTVWZ')}."
        city = dice.pick(list(PLACES))
        customers.append(
            {"id": 1000 + number, "name": name, "city": city, "country": PLACES[city],
             "vip": dice.chance(0.15)}
        )
    moment = datetime(2024, 1, 1, 7)
    found = []
    for number in range(500):
        moment += timedelta(seconds=dice.whole(2000, 60_000))
        method = dice.weighted({"standard": 60, "express": 25, "pickup": 15})
        cost = {"standard": 490, "express": 1290, "pickup": 0}[method]
        items, total = [], cost
        for sku in sorted({dice.pick(list(GOODS)) for _ in range(dice.whole(1, 4))}):
            name, price = GOODS[sku]
            quantity = dice.weighted({1: 10, 2: 5, 3: 3, 5: 1, 10: 1})
            items.append({"sku": sku, "name": name, "quantity": quantity, "price": price / 100})
            total += quantity * price
        status = dice.weighted({"delivered": 62, "shipped": 14, "cancelled": 9, "pending": 10, "returned": 5})
        tags = [tag for tag, share in (("gift", 0.14), ("business", 0.22), ("repeat", 0.3)) if dice.chance(share)]
        found.append(
            {"id": 50_001 + number, "placedAt": f"{moment:%Y-%m-%dT%H:%M:%SZ}", "status": status,
             "customer": dice.pick(customers), "payment": dice.weighted({"card": 55, "paypal": 30, "invoice": 15}),
             "shipping": {"method": method, "cost": cost / 100}, "total": total / 100,
             "coupon": dice.weighted({None: 80, "SPRING10": 9, "WELCOME": 11}),
             "rating": dice.weighted({None: 45, 5: 30, 4: 14, 3: 6, 2: 3, 1: 2}), "tags": tags, "items": items}
        )
    lines = ",\n".join(json.dumps(order) for order in found)
    return f"[\n{lines}\n]\n".encode("utf-8")


GERMAN_PLACES = {
    "München": "Bayern", "Nürnberg": "Bayern", "Würzburg": "Bayern", "Köln": "Nordrhein-Westfalen",
    "Düsseldorf": "Nordrhein-Westfalen", "Münster": "Nordrhein-Westfalen", "Tübingen": "Baden-Württemberg",
    "Stuttgart": "Baden-Württemberg", "Göttingen": "Niedersachsen", "Lüneburg": "Niedersachsen",
    "Görlitz": "Sachsen", "Leipzig": "Sachsen", "Saarbrücken": "Saarland", "Lübeck": "Schleswig-Holstein",
}
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def wide(dice):
    """Shops and their turnover in thousands of euros, a column for each month of nine years."""
    months = [(year, month) for year in range(2016, 2025) for month in range(1, 13)]
    head = ["Store No", "Store", "City", "State", "Format", "Opened", "Floor Area", "Staff", "Parking", "Café", "Rent", "Notes"]
    rows = [head + [f"{MONTHS[month - 1]} {year}" for year, month in months]]
    for number in range(1, 301):
        city = dice.pick(list(GERMAN_PLACES))
        style = dice.weighted({"City": 50, "Mall": 30, "Outlet": 20})
        opened = dice.day(date(2004, 3, 1), date(2021, 10, 31))
        area = 10 * round(dice.around({"City": 45, "Mall": 90, "Outlet": 130}[style], 35))
        notes = dice.pick(["Umbau geplant", "Straße gesperrt bis März", "Größere Fläche gesucht"]) if dice.chance(0.08) else ""
        usual = dice.around(area / 8 + 40, 25)
        turnover = []
        for year, month in months:
            usual *= 1.002 if (year, month) != (2020, 4) else 0.9
            season = 1.35 if month == 12 else 0.9 if month in (1, 2) else 1
            is_open = (year, month) > (opened.year, opened.month)
            turnover.append(german(dice.around(usual * season, usual / 4), 1) if is_open else "")
        rows.append(
            [number, f"{city} {number}", city, GERMAN_PLACES[city], style, f"{opened:%d.%m.%Y}", area,
             max(3, round(dice.around(area / 55, 5))), "ja" if style != "City" or dice.chance(0.2) else "nein",
             "ja" if dice.chance(0.35) else "nein", euros(100 * round(dice.around(area * 14, 1900))), notes, *turnover]
        )
    return separated(rows, ";", "\r\n").encode("cp1252")


STOCK = {
    "Tools": (["Hammer", "Pliers", "Hand Saw", "Spirit Level", "Cordless Drill", "Chisel Set"], 3200),
    "Fasteners": (["Wood Screws", "Hex Bolts", "Washers", "Nails", "Wall Plugs"], 300),
    "Paint": (["White Paint", "Varnish", "Primer", "Brush Set"], 1800),
    "Garden": (["Hose", "Rake", "Wheelbarrow", "Lawn Mower", "Seed Mix"], 6500),
    "Electrical": (["Extension Cord", "LED Bulb", "Fuse Box", "Generator"], 14000),
}


def inventory(dice):
    """What an American warehouse program saves as "Unicode text": UTF-16, tabs, month before day."""
    rows = [
        ["SKU", "Product", "Category", "Warehouse", "Supplier", "Quantity", "Reorder Level",
         "Unit Cost", "Weight (kg)", "Last Counted", "Discontinued", "Shelf"]
    ]
    for number in range(1, 421):
        category = dice.weighted({"Tools": 30, "Fasteners": 25, "Paint": 15, "Garden": 15, "Electrical": 15})
        products, price = STOCK[category]
        quantity = dice.whole(0, 60) * (dice.whole(10, 400) if category == "Fasteners" else dice.whole(1, 6))
        cost = max(35, round(dice.around(price, price * 0.95)))
        rows.append(
            [f"{category[:2].upper()}{number:04}", dice.pick(products), category,
             dice.weighted({"Dallas": 40, "Reno": 25, "Newark": 20, "Tampa": 15}),
             dice.weighted({"Acme": 30, "Borealis": 25, "Cobalt": 20, "Delta Supply": 15, "": 10}),
             f"{quantity:,}", dice.pick([10, 20, 25, 50, 100]), f"${cost / 100:,.2f}",
             f"{max(0.02, dice.around(4, 3.9)):.2f}", f"{dice.day(date(2023, 7, 1), date(2024, 6, 30)):%m/%d/%Y}",
             "true" if dice.chance(0.09) else "false", f"{dice.pick('ABCDEF')}-{dice.whole(1, 40):02}"]
        )
    return ("\ufeff" + separated(rows, "\t", "\r\n")).encode("utf-16-le")


DEPARTMENTS = {
    "Support": (39_000, 24), "Engineering": (68_000, 30), "Sales": (52_000, 20), "Finance": (58_000, 10),
    "Marketing": (49_000, 12), "Legal": (73_000, 4),
}
OFFICES = {"Berlin": "Germany", "Lyon": "France", "Dublin": "Ireland", "Porto": "Portugal"}
SKILLS = ["sql", "excel", "python", "german", "french", "negotiation", "design"]


def people(dice):
    """A company's staff, a JSON object in each line; what is not known is not there."""
    lines = []
    for number in range(1, 261):
        department = dice.weighted({name: weight for name, (_, weight) in DEPARTMENTS.items()})
        hired = dice.day(date(2009, 1, 5), date(2024, 9, 1))
        city = dice.pick(list(OFFICES))
        person = {
            "id": f"E{number:03}", "name": f"{dice.pick(NAMES)} {dice.pick('ABCDEFGHKLMNPRSTVWZ')}.",
            "department": department,
            "level": dice.weighted({"Junior": 30, "Mid": 40, "Senior": 24, "Lead": 6}),
            "salary": 50 * round(dice.around(DEPARTMENTS[department][0], 16_000) / 50),
            "hired": hired.isoformat(), "remote": dice.chance(0.37),
            "hoursPerWeek": dice.weighted({40: 60, 32: 15, 20: 15, 38.5: 10}),
            "vacationDaysLeft": dice.whole(0, 30), "office": {"city": city, "country": OFFICES[city]},
        }
        if dice.chance(0.8):
            person["rating"] = round(dice.around(3.6, 1.4), 1)
        if dice.chance(0.14):
            person["leftOn"] = dice.day(hired + timedelta(days=90), date(2024, 12, 31)).isoformat()
        person["skills"] = [skill for skill in SKILLS if dice.chance(0.25)]
        lines.append(json.dumps(person) + "\n")
    return "".join(lines).encode("utf-8")


PAGES = {
    "/": 22, "/pricing": 9, "/login": 10, "/search": 12, "/api/cart": 13, "/api/items": 14, "/about": 2,
    "/robots.txt": 3, "/help": 4,
}
BROWSERS = {"Chrome": 52, "Safari": 22, "Firefox": 14, "Edge": 9, "Opera": 3}
STATUSES = {200: 810, 304: 70, 301: 25, 404: 55, 403: 12, 500: 17, 503: 6}


def access_log(dice):
    """A web server's log: 150,000 requests of thirty days, in order."""
    visitors = [f"u{1_010_000 + number}" for number in range(4000)]
    moment = datetime(2024, 3, 1)
    lines = ["timestamp,method,path,status,bytes,duration_ms,country,browser,user_id\n"]
    for _ in range(LOG_ROWS):
        moment += timedelta(seconds=dice.whole(0, 34))
        path = dice.weighted(PAGES) if dice.chance(0.7) else f"/products/{dice.whole(100, 349)}"
        is_api = path.startswith("/api/")
        method = dice.weighted({"GET": 6, "POST": 3, "PUT": 1, "DELETE": 1}) if is_api else "GET"
        status = dice.weighted(STATUSES)
        size = 0 if status == 304 else dice.whole(120, 900) if status >= 400 else dice.whole(400, 48_000)
        lines.append(
            f"{moment:%Y-%m-%dT%H:%M:%SZ},{method},{path},{status},{size},"
            f"{dice.whole(8, 900) * (12 if status >= 500 else 1) / 10},"
            f"{dice.weighted({'DE': 30, 'US': 24, 'FR': 14, 'GB': 12, 'IN': 9, 'BR': 6, 'JP': 5})},"
            f"{dice.weighted(BROWSERS)},"
            f"{'' if dice.chance(0.3) else dice.pick(visitors)}\n"
        )
    return "".join(lines).encode("utf-8")


SMALL = {
    "sales.csv": sales, "survey.csv": survey, "orders.json": orders, "wide.csv": wide,
    "inventory.tsv": inventory, "people.jsonl": people,
}


def seed(name):
    return sum(position * byte for position, byte in enumerate(name.encode(), 1))


def write_log(path):
    """All of it or nothing, also when two do it at once."""
    if path.is_file() and path.stat().st_mtime > Path(__file__).stat().st_mtime:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{random.SystemRandom().getrandbits(64):x}")
    unfinished.write_bytes(access_log(Dice(seed("access_log.csv"))))
    unfinished.replace(path)


def main(arguments):
    if arguments[:1] == ["--log"] and len(arguments) == 2:
        write_log(Path(arguments[1]))
        return 0
    if arguments not in ([], ["--check"]):
        print(__doc__)
        return 2
    stale = []
    for name, make in SMALL.items():
        path, made = TABLES / name, make(Dice(seed(name)))
        if not arguments:
            path.write_bytes(made)
        elif not path.is_file() or path.read_bytes() != made:
            stale.append(name)
    if stale:
        print(f"tests/data/tables: {', '.join(stale)} is not what scripts/data/make_tables.py writes")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
