"""How the answers are computed: reading cells, and the few deeds that questions have in common."""

from decimal import Decimal


def number(text):
    """1,234.50 or $1,234.50; None for a cell that says nothing."""
    text = text.strip().lstrip("$").replace(",", "")
    return None if text in ("", "NA") else Decimal(text)


def german_number(text):
    """1.234,50 € or 12,5 %"""
    text = text.rstrip(" €%").replace(".", "").replace(",", ".")
    return Decimal(text) if text else None


def word(text):
    return None if text in ("", "NA") else text


def known(values):
    return [value for value in values if value is not None]


def column(rows, name):
    """Its cells without those that say nothing."""
    return known(row[name] for row in rows)


def total(values):
    return sum(known(values), Decimal(0))


def mean(values):
    values = known(values)
    return total(values) / len(values)


def share(part, whole):
    """In percent."""
    return Decimal(100) * len(part) / len(whole)


def groups(rows, key):
    """Rows by the value of a column, or by what a function makes of a row."""
    found = {}
    for row in rows:
        found.setdefault(key(row) if callable(key) else row[key], []).append(row)
    return found


def per(rows, key, measure):
    """What `measure` makes of the rows of each group."""
    return [(value, measure(members)) for value, members in groups(rows, key).items()]


def count_per(rows, key):
    return per(rows, key, len)


def sum_per(rows, key, name):
    return per(rows, key, lambda members: total(column(members, name)))


def mean_per(rows, key, name):
    return per(rows, key, lambda members: mean(column(members, name)))


def top(pairs, how_many=1, largest=True):
    """The pairs with the largest second parts. A tie would leave the answer to chance."""
    ranked = sorted(pairs, key=lambda pair: pair[1], reverse=largest)[: how_many + 1]
    values = [value for _, value in ranked]
    if len(set(values)) != len(values):
        raise ValueError(f"there is a tie in {ranked}")
    return ranked[:how_many]


def bottom(pairs, how_many=1):
    return top(pairs, how_many, largest=False)
