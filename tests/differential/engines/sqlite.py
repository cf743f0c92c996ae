"""SQLite: decimals are numbers, times are texts in UTC, lists and documents are JSON texts."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from population import TABLES, Data

from .base import Database, as_json, civil, columns, index


class Sqlite(Database):
    """In memory."""

    name = dialect = "sqlite"
    batch = 1
    _kinds = dict.fromkeys([ty for table in TABLES.values() for ty in table.columns.values()], "TEXT") | {
        "int": "INTEGER", "float": "REAL", "bool": "INTEGER", "decimal(12,2)": "NUMERIC",
    }

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:")

    def load(self, data: Data) -> None:
        for table, rows in data.items():
            names = list(TABLES[table].columns)
            self.connection.execute(f'DROP TABLE IF EXISTS "{table}"')
            self.connection.execute(f'CREATE TABLE "{table}" ({columns(table, self._kinds)})')
            marks = ", ".join("?" * len(names))
            self.connection.executemany(
                f'INSERT INTO "{table}" VALUES ({marks})', [[self._value(row[name]) for name in names] for row in rows]
            )
            for statement in index(table):
                self.connection.execute(statement)

    @staticmethod
    def _value(value: Any) -> Any:
        if isinstance(value, Decimal):
            return float(value)
        if isinstance(value, dt.datetime):
            return civil(value)
        if isinstance(value, dt.date):
            return value.isoformat()
        if isinstance(value, list):
            return as_json(value)
        return value

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql, [self._value(value) for value in params]).fetchall()

    def close(self) -> None:
        self.connection.close()
