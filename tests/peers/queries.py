"""A table of nasty customers in SQLite, and random queries of react-querybuilder about them."""

from __future__ import annotations

import random
import sqlite3
from typing import Any

TYPES = {
    "id": "int", "i": "int", "j": "int", "x": "float", "y": "float", "d": "decimal(12,2)", "s": "string",
    "t": "string", "b": "bool", "day": "date", "other_day": "date", "at": "timestamp",
}  # fmt: skip
SQL_TYPES = {
    "int": "INTEGER",
    "float": "REAL",
    "decimal(12,2)": "NUMERIC",
    "bool": "BOOLEAN",
}

TEXTS = ["", " ", "A", "a", "á", "a\u0301", "a ", " a", "%", "_", "!", "'", "''", '"', "a\nb", "İ", "ß", "🦀", "a%b",
         "ab", "abc", "aXb", "2024", "A'", "null", "NULL", "a,b", "1", "01", "\ufffd"]  # fmt: skip
INTS = [0, 1, -1, 2, 3, 25, 100, -100]
FLOATS = [0.0, -0.0, 0.1, 0.2, 0.3, 1.5, -2.5, 2.0, 25.0, 1e15]
DECIMALS = ["0.00", "0.10", "0.30", "-0.01", "100.00", "99.99", "1.05"]
DAYS = [
    "2024-02-29",
    "2023-02-28",
    "1899-12-31",
    "2200-01-01",
    "2024-03-31",
    "2000-02-29",
]
TIMES = [
    "2024-02-29T21:30:00Z",
    "2024-02-28T23:00:00Z",
    "1899-12-31T00:00:00Z",
    "2200-01-01T00:00:00Z",
]
VALUES: dict[str, list[Any]] = {
    "int": INTS, "float": FLOATS, "decimal(12,2)": DECIMALS, "string": TEXTS, "bool": [True, False], "date": DAYS,
    "timestamp": TIMES,
}  # fmt: skip


def catalog() -> dict[str, Any]:
    fields = [
        {"name": name, "type": type_, "nullable": name != "id"}
        for name, type_ in TYPES.items()
    ]
    return {"customers": {"table": "customers", "key": "id", "fields": fields}}


def rows(rng: random.Random, number: int) -> list[dict[str, Any]]:
    """Customers, a quarter of whose values are missing; the first has none at all."""
    made = [{"id": 0}]
    for id_ in range(1, number):
        row = {
            name: rng.choice(VALUES[type_])
            for name, type_ in TYPES.items()
            if rng.random() < 0.75
        }
        made.append({**row, "id": id_})
    return made


def database(customers: list[dict[str, Any]]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    # ANSI SQL tells cases apart in LIKE; SQLite does when told.
    connection.execute("PRAGMA case_sensitive_like = ON")
    columns = ", ".join(
        f"{name} {SQL_TYPES.get(type_, 'TEXT')}" for name, type_ in TYPES.items()
    )
    connection.execute(f"CREATE TABLE customers ({columns})")
    marks = ", ".join("?" for _ in TYPES)
    values = [[row.get(name) for name in TYPES] for row in customers]
    connection.executemany(f"INSERT INTO customers VALUES ({marks})", values)
    return connection


def members(connection: sqlite3.Connection, where: str) -> list[int]:
    return [
        row[0]
        for row in connection.execute(
            f"SELECT id FROM customers WHERE {where} ORDER BY id"
        )
    ]


LIKE = [
    "contains",
    "beginsWith",
    "endsWith",
    "doesNotContain",
    "doesNotBeginWith",
    "doesNotEndWith",
]
COMPARE = ["=", "!=", "<", ">", "<=", ">="]


def written(rng: random.Random, value: Any) -> Any:
    """A value as an editor may hold it: numbers as such or as texts."""
    if isinstance(value, bool):
        return rng.choice([value, value, int(value), "01"[value]])
    if isinstance(value, (int, float)):
        return rng.choice([value, str(value)])
    return value


def rule(rng: random.Random) -> dict[str, Any]:
    field = rng.choice([name for name in TYPES if name != "id"])
    type_ = TYPES[field]
    value = lambda: rng.choice(VALUES[type_])  # noqa: E731
    made: dict[str, Any] = {"field": field}
    kind = rng.random()
    if type_ == "bool" and kind < 0.97:
        # Booleans have no order, and in lists the library writes them as texts.
        kind = min(kind, 0.09) if kind < 0.2 else 1.0
    if kind < 0.1:
        made |= {
            "operator": rng.choice(["null", "notNull", "notnull"]),
            "value": rng.choice([None, "", 1]),
        }
    elif kind < 0.3 and type_ == "string":
        text = rng.choice(
            [value(), rng.choice("aAb%_'") + rng.choice("aAb%_'"), "%a_", "a__b", "%%"]
        )
        made |= {"operator": rng.choice(LIKE), "value": text}
    elif kind < 0.45:
        values = [written(rng, value()) for _ in range(rng.randint(1, 3))]
        if rng.random() < 0.3:
            values = ",".join(str(item).replace(",", "\\,") for item in values)
        made |= {"operator": rng.choice(["in", "notIn", "NOTIN"]), "value": values}
    elif kind < 0.6:
        order = float if type_.startswith("decimal") else None
        values = [written(rng, item) for item in sorted([value(), value()], key=order)]
        if rng.random() < 0.3:
            values = ",".join(str(item).replace(",", "\\,") for item in values)
        made |= {"operator": rng.choice(["between", "notBetween"]), "value": values}
    elif kind < 0.75:
        others = [
            name for name, other in TYPES.items() if other == type_ and name != field
        ]
        if not others:
            return rule(rng)
        operator = rng.choice([*COMPARE, "in", "notIn", "between", "notBetween"])
        names = [rng.choice(others) for _ in range(2)]
        listed = rng.choice([names, ",".join(names)])
        value_ = listed if operator[-2:] in {"in", "In", "en"} else names[0]
        made |= {"operator": operator, "value": value_, "valueSource": "field"}
    else:
        operator = rng.choice(
            COMPARE[:2] if type_ == "bool" and rng.random() < 0.95 else COMPARE
        )
        made |= {"operator": operator, "value": written(rng, value())}
        if rng.random() < 0.1:
            made["valueSource"] = "value"
    if rng.random() < 0.1:
        made |= {"id": "r", "path": [0], "disabled": True, "meta": {"a": 1}}
    if rng.random() < 0.05:
        made["muted"] = rng.random() < 0.7
    return made


def group(rng: random.Random, depth: int = 0) -> dict[str, Any]:
    """A group, now and then an empty one, with the combinator on it or between its rules."""
    size = rng.choices([0, 1, 2, 3, 4], [1, 10, 20, 15, 5])[0]
    children = [
        group(rng, depth + 1) if rng.random() < 0.35 and depth < 4 else rule(rng)
        for _ in range(size)
    ]
    made: dict[str, Any] = {}
    if rng.random() < 0.7:
        made |= {"combinator": rng.choice(["and", "or", "AND"]), "rules": children}
    else:
        between: list[Any] = []
        for child in children:
            between += [rng.choice(["and", "or"]), child]
        made["rules"] = between[1:]
    if rng.random() < 0.3:
        made["not"] = rng.random() < 0.8
    if rng.random() < 0.03:
        made["muted"] = True
    return made
