"""The code of docs/push-down.md as it stands there, a small shop for it, and who is a member by the reference evaluator."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import random
import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cvm
import pyarrow as pa

PAGE = Path(__file__).parents[2] / "docs/push-down.md"
BLOCK = re.compile(r"^```python[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)

NOW = dt.datetime.now(dt.timezone.utc).replace(microsecond=0)
AS_OF = NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
#: Another date, with members of its own.
BEFORE = (NOW - dt.timedelta(days=60)).strftime("%Y-%m-%dT%H:%M:%SZ")
#: How many days ago things were bought: nothing near the edge of a window at either date, as seconds pass while this runs.
DAYS = [-2, 1, 5, 40, 80, 85, 100, 140, 170, 200, 260, 400]

#: What a careless recipe takes for its own: quotes, braces, the end of a statement.
ODD = {"odd": "country != 'it''s {run_id}; -- \\' without missing", "nobody": "nobody"}


def _page() -> SimpleNamespace:
    """What the page's code defines."""
    code = "\n".join(BLOCK.findall(PAGE.read_text(encoding="utf-8")))
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(code, str(PAGE), "exec"), names)
    return SimpleNamespace(**names)


page = _page()
SEGMENTS: dict[str, str] = {**page.SEGMENTS, **ODD}
Rows = list[tuple[Any, ...]]

#: The types of the columns, and how an instant is written.
TYPES: dict[str, tuple[dict[str, str], str]] = {
    "postgresql": (
        {"int": "bigint", "string": "text", "bool": "boolean", "date": "date", "time": "timestamptz",
         "money": "numeric(12,2)"}, "TIMESTAMPTZ '{}+00'"),
    "duckdb": (
        {"int": "BIGINT", "string": "VARCHAR", "bool": "BOOLEAN", "date": "DATE", "time": "TIMESTAMPTZ",
         "money": "DECIMAL(12,2)"}, "TIMESTAMPTZ '{}+00'"),
    "mysql": (
        {"int": "BIGINT", "string": "VARCHAR(40)", "bool": "BOOLEAN", "date": "DATE", "time": "DATETIME(6)",
         "money": "DECIMAL(12,2)"}, "TIMESTAMP '{}'"),
    "clickhouse": (
        {"int": "Nullable(Int64)", "string": "Nullable(String)", "bool": "Nullable(Bool)", "date": "Nullable(Date32)",
         "time": "Nullable(DateTime64(6, 'UTC'))", "money": "Nullable(Decimal(12, 2))"}, "'{}'"),
    "spark": (
        {"int": "BIGINT", "string": "STRING", "bool": "BOOLEAN", "date": "DATE", "time": "TIMESTAMP",
         "money": "DECIMAL(12,2)"}, "TIMESTAMP '{}+00:00'"),
}  # fmt: skip
COLUMNS = {
    "crm.customers": {"customer_id": "int", "country": "string", "newsletter": "bool", "birthday": "date"},
    "shop.purchases": {"customer_id": "int", "bought_at": "time", "amount": "money"},
}
ARROW = {
    "int": pa.int64(), "string": pa.string(), "bool": pa.bool_(), "date": pa.date32(), "time": pa.timestamp("us", tz="UTC"),
    "money": pa.decimal128(12, 2),
}  # fmt: skip


def _population() -> dict[str, Rows]:
    rng = random.Random("push-down")
    customers: Rows = []
    purchases: Rows = []
    for key in range(120):
        country = rng.choice(["FR", "FR", "BE", "BE", "DE", "fr", "it's {run_id}; -- \\", None])
        customers.append((key, country, rng.choice([True, False, None, None]), rng.choice([dt.date(2000, 2, 29), None])))
        for _ in range(rng.choice([0, 0, 1, 2, 3, 5, 8])):
            moment = NOW - dt.timedelta(days=rng.choice(DAYS), hours=rng.randrange(-6, 7))
            amount = rng.choice([*(Decimal(text) for text in ("19.99", "20.00", "20.01", "300.00")), None])
            # Some belong to nobody or to a customer who is not there, some have no time.
            purchases.append((rng.choice([key, key, key, key, key, None, 999]), rng.choice([moment] * 9 + [None]), amount))
    return {"crm.customers": customers, "shop.purchases": purchases}


POPULATION = _population()


def _written(value: Any, time: str) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, dt.datetime):
        return time.format(value.strftime("%Y-%m-%d %H:%M:%S"))
    if isinstance(value, dt.date):
        return f"'{value}'" if time == "'{}'" else f"DATE '{value}'"
    return str(value)


def _texts(dialect: str) -> Callable[[str], str]:
    doubled = dialect in ("postgresql", "duckdb")
    return lambda text: "'" + (text if doubled else text.replace("\\", "\\\\")).replace("'", "''" if doubled else "\\'") + "'"


def fill(execute: Callable[[str], None], dialect: str) -> None:
    """Makes the tables that the page's catalog names."""
    types, time = TYPES[dialect]
    text = _texts(dialect)
    end = {"clickhouse": " ENGINE = MergeTree ORDER BY tuple()", "spark": " USING parquet"}.get(dialect, "")
    for name, columns in COLUMNS.items():
        execute(f"CREATE {'DATABASE' if dialect == 'clickhouse' else 'SCHEMA'} IF NOT EXISTS {name.split('.')[0]}")
        execute(f"DROP TABLE IF EXISTS {name}")
        execute(f"CREATE TABLE {name} ({', '.join(f'{column} {types[ty]}' for column, ty in columns.items())}){end}")
        rows = [
            "(" + ", ".join(text(value) if isinstance(value, str) else _written(value, time) for value in row) + ")"
            for row in POPULATION[name]
        ]
        execute(f"INSERT INTO {name} VALUES {', '.join(rows)}")


_references: dict[str, cvm.Engine] = {}


def reference(as_of: str = AS_OF) -> cvm.Engine:
    """The same rows in our own engine, which then answers by the reference evaluator."""
    if as_of not in _references:
        customers, purchases = (
            pa.table(
                {
                    name: pa.array(column, ARROW[ty])
                    for (name, ty), column in zip(columns.items(), zip(*rows, strict=True), strict=True)
                }
            )
            for columns, rows in zip(COLUMNS.values(), POPULATION.values(), strict=True)
        )
        engine = cvm.Engine(as_of=as_of)
        engine.load_customers(customers, key="customer_id")
        engine.load_events(purchases, "customer_id", "purchase", "bought_at", table="purchases")
        catalog = json.dumps(page.CATALOG).replace('"crm.', '"').replace('"shop.', '"')
        engine.set_catalog(catalog)
        _references[as_of] = engine
    return _references[as_of]


def wanted(segments: dict[str, str], as_of: str = AS_OF) -> Counter[tuple[str, int]]:
    """The members of the segments, each once."""
    found = reference(as_of).reference_members_of(list(segments.values()))
    return Counter((segment, int(key)) for segment, keys in zip(segments, found, strict=True) for key in keys)


class Place:
    """A database with the page's tables, and the page's recipe for it."""

    def __init__(self, recipe: dict[str, Any], execute: Callable[[str], None], rows: Callable[[str], Rows]) -> None:
        self.recipe, self.execute, self.rows = recipe, execute, rows
        self.quote = '"' if recipe["dialect"] in ("postgresql", "duckdb", "clickhouse", "snowflake") else "`"
        #: Whether a statement costs much: then several segments go into one, and fewer are asked about.
        self.slow = recipe["dialect"] == "spark"
        #: The table of all members, as its recipe quotes it.
        self.table = re.sub(r"\w+", lambda name: f"{self.quote}{name[0]}{self.quote}", "marketing.segment_members")

    def fresh(self) -> None:
        """No runs yet; what is there once is made twice."""
        for statement in self.recipe["once"] * 2:
            self.execute(statement)
        self.execute(f"DROP TABLE {self.table}")
        for statement in self.recipe["once"] * 2:
            self.execute(statement)

    def run(self, segments: dict[str, str], run_id: str, as_of: str = AS_OF, at_once: int = 1) -> None:
        """A night."""
        page.nightly(self.execute, self.recipe, page.CATALOG, segments, as_of, run_id, at_once)

    def members(self, as_of: str = AS_OF) -> Counter[tuple[str, int]]:
        """What the table holds of a date."""
        found = self.rows(f"SELECT segment, customer_id, run_date FROM {self.table}")
        return Counter((segment, key) for segment, key, date in found if str(date) == as_of[:10])

    def runs(self) -> set[str]:
        """The runs that wrote what is there."""
        return {row[0] for row in self.rows(f"SELECT DISTINCT run_id FROM {self.table}")}

    def left_behind(self) -> list[str]:
        """The tables that runs made for themselves, where they make any."""
        if not any("CREATE TABLE" in statement for statement in self.recipe["begin"]):
            return []
        spark = self.recipe["dialect"] == "spark"
        names = [row[1 if spark else 0] for row in self.rows(f"SHOW TABLES {'IN' if spark else 'FROM'} marketing")]
        assert "segment_members" in names
        return [name for name in names if name.startswith("segment_members_")]
