"""What every database can do here."""

from __future__ import annotations

import datetime as dt
import json
import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from population import TABLES, Data


class Database(ABC):
    """A database that speaks one of our dialects."""

    name: str
    dialect: str
    #: What a statement costs here beside SQLite's, for the size of runs.
    share = 1.0
    #: How many statements go into one; 1 where the round trip costs nothing.
    batch = 40

    #: Whose rows are in the tables.
    shown = ""

    @abstractmethod
    def load(self, data: Data) -> None:
        """Puts rows into fresh tables."""

    def show(self, name: str, data: Data) -> None:
        """Puts the rows of this name into the tables, unless they are there."""
        if self.shown != name:
            self.shown = ""
            self.load(data)
            self.shown = name

    def as_stored(self, data: Data) -> Data:
        """The rows as the database keeps them, where it can't keep all that is missing."""
        return data

    @abstractmethod
    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Runs a statement."""

    def execute(self, sql: str) -> None:
        """Runs a statement that gives no rows."""
        self.rows(sql)

    @abstractmethod
    def close(self) -> None:
        """Stops what was started."""

    def keys(self, sql: str, params: Sequence[Any] = ()) -> list[int]:
        """Runs a statement with one column."""
        return [row[0] for row in self.rows(sql, params)]

    def many(self, statements: list[str]) -> list[list[int]]:
        """Runs statements without parameters as one, for databases where each costs much by itself."""
        together = " UNION ALL ".join(
            f"SELECT {i} AS f, q{i}.* FROM ({statement}) AS q{i}" for i, statement in enumerate(statements)
        )
        found: list[list[int]] = [[] for _ in statements]
        for i, key in self.rows(together):
            found[i].append(key)
        return found


def columns(table: str, kinds: dict[str, str], quote: str = '"', missing: str = "{}", there: str = "{}") -> str:
    """The columns of a table for CREATE TABLE; `missing` and `there` wrap types that may be missing, and others."""
    spec = TABLES[table]
    return ", ".join(
        f"{quote}{name.replace(quote, quote * 2)}{quote} " + (there if name in spec.required else missing).format(kinds[ty])
        for name, ty in spec.columns.items()
    )


def index(table: str, quote: str = '"') -> list[str]:
    """The index that every such table has: rows are looked up by customer."""
    customer = TABLES[table].customer
    return [f"CREATE INDEX {table}_of ON {quote}{table}{quote} ({quote}{customer}{quote})"] if customer else []


def civil(value: dt.datetime) -> str:
    """An instant in UTC as databases without zones keep it."""
    return value.astimezone(dt.timezone.utc).strftime("%Y-%m-%d %H:%M:%S.%f")


def no_nan(value: Any) -> Any:
    """The value, for databases whose floats have no NaN."""
    return None if isinstance(value, float) and math.isnan(value) else value


def lists_there(data: Data) -> Data:
    """The rows with empty lists for missing ones, for databases whose lists can't be missing."""
    lists = {name: [c for c, ty in table.columns.items() if "<" in ty] for name, table in TABLES.items()}
    return {
        name: [{**row, **{column: row[column] or [] for column in lists[name]}} for row in rows] if lists[name] else rows
        for name, rows in data.items()
    }


def as_json(items: list[Any]) -> str:
    """A list as JSON text."""
    return json.dumps(items, ensure_ascii=False)
