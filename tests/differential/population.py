"""Customers with every value that databases are known to disagree on."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

import pyarrow as pa

Row = dict[str, Any]

AS_OF = "2024-02-29T21:30:00Z"
ZONE = "Europe/Paris"

TEXTS = [
    "", " ", "A", "a", "á", "a\u0301", "a ", "%", "_", "\\", "!", "'", "''", '"', "a\nb", "İ", "ß", "ſ", "\u212a", "🦀",
    "a%b", "ab", "abc", "2024", "a\\'b", "A'", "ÁB", "null", "NULL", "[x]", "a_b",
]
INTS = [0, 1, -1, 2, 3, 25, 9_007_199_254_740_993, 2**63 - 1, -(2**63), 100]
FLOATS = [0.0, -0.0, 0.1, 0.2, 0.3, 0.1 + 0.2, 1.5, -2.5, 1e300, 9_007_199_254_740_992.0, float("nan")]
DECIMALS = [Decimal(d) for d in ["0.00", "0.10", "0.30", "-0.01", "100.00", "99.99", "9999999999.99", "1.05"]]
DATES = [
    dt.date(2024, 2, 29), dt.date(2023, 2, 28), dt.date(2024, 1, 31), dt.date(1899, 12, 31), dt.date(2200, 1, 1),
    dt.date(2024, 3, 31), dt.date(2023, 3, 1), dt.date(2000, 2, 29), dt.date(2024, 3, 1),
]
TIMES = [
    dt.datetime.fromisoformat(t).replace(tzinfo=dt.timezone.utc)
    for t in [
        "2024-02-29T21:30:00", "2024-02-29T21:30:00.000001", "2024-02-28T23:00:00", "2024-02-28T22:59:59.999999",
        "2024-03-31T01:30:00", "2023-10-29T00:30:00", "2023-11-30T21:30:00", "1899-12-31T00:00:00",
        "2200-01-01T00:00:00", "2023-12-31T23:59:59.999999",
    ]
]
TAGS = ["vip", "VIP", "a'b", "é", "new", "", "a "]

SCHEMA = pa.schema(
    [
        pa.field("id", pa.int64(), nullable=False),
        pa.field("i", pa.int64()),
        pa.field("j", pa.int64()),
        pa.field("x", pa.float64()),
        pa.field("y", pa.float64()),
        pa.field("d", pa.decimal128(12, 2)),
        pa.field("e", pa.decimal128(12, 2)),
        pa.field("s", pa.string()),
        pa.field("t", pa.string()),
        pa.field("b", pa.bool_()),
        pa.field("day", pa.date32()),
        pa.field("other_day", pa.date32()),
        pa.field("at", pa.timestamp("us", tz="UTC")),
        pa.field("seen", pa.timestamp("us", tz="UTC")),
        pa.field("tags", pa.list_(pa.string())),
        pa.field("numbers", pa.list_(pa.int64())),
    ]
)

TYPES = {
    "id": "int", "i": "int", "j": "int", "x": "float", "y": "float", "d": "decimal(12,2)", "e": "decimal(12,2)",
    "s": "string", "t": "string", "b": "bool", "day": "date", "other_day": "date", "at": "timestamp",
    "seen": "timestamp", "tags": "list<string>", "numbers": "list<int>",
}


def catalog() -> dict[str, Any]:
    """The catalog that all engines share."""
    return {
        "customers": {
            "table": "customers",
            "key": "id",
            "fields": [{"name": name, "type": ty, "nullable": name != "id"} for name, ty in TYPES.items()],
        },
        "segments": [
            {"name": "young", "filter": {"type": "condition", "field": "i", "op": "lt", "value": 25}},
            {"name": "not young", "filter": {"type": "not", "child": {"type": "segment", "segment": "young"}}},
        ],
        "lists": [{"name": "chosen", "members": [0, 1, 2], "add": [25], "remove": [1]}],
        "zone": ZONE,
        "week_start": "sunday",
        "fiscal_year_start": 4,
    }


def rows(rng: random.Random, n: int) -> list[Row]:
    """`n` customers; about a fifth of the values are missing."""

    def maybe(values: list[Any]) -> Any:
        return None if rng.random() < 0.2 else rng.choice(values)

    def some(values: list[Any], most: int) -> Any:
        return None if rng.random() < 0.2 else [rng.choice(values) for _ in range(rng.randrange(most))]

    return [
        {
            "id": key,
            "i": maybe(INTS), "j": maybe(INTS), "x": maybe(FLOATS), "y": maybe(FLOATS),
            "d": maybe(DECIMALS), "e": maybe(DECIMALS), "s": maybe(TEXTS), "t": maybe(TEXTS),
            "b": maybe([True, False]), "day": maybe(DATES), "other_day": maybe(DATES),
            "at": maybe(TIMES), "seen": maybe(TIMES), "tags": some(TAGS, 4), "numbers": some(INTS[:5], 3),
        }
        for key in range(n)
    ]


def table(data: list[Row]) -> pa.Table:
    """The customers as Arrow."""
    return pa.Table.from_pylist(data, schema=SCHEMA)
