"""DuckDB: its own lists and JSON; instants in columns with or without a zone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import pyarrow as pa
from population import TABLES, Data, arrow

from .base import Database


class DuckDb(Database):
    """Loaded through Arrow; `naive` keeps instants in columns without a zone."""

    dialect = "duckdb"
    batch = 1

    def __init__(self, *, naive: bool) -> None:
        self.name = "duckdb-naive" if naive else "duckdb"
        self.naive = naive
        self.connection = duckdb.connect(config={"threads": 1})
        # A zone far from UTC: what depends on the session's zone shows.
        self.connection.execute("SET TimeZone = 'America/New_York'")

    def load(self, data: Data) -> None:
        for name, rows in data.items():
            table = arrow(name, rows)
            if self.naive:
                naive = [f.with_type(pa.timestamp("us")) if pa.types.is_timestamp(f.type) else f for f in table.schema]
                table = table.cast(pa.schema(naive))
            self.connection.register("incoming", table)
            documents = [f'"{column}"::JSON AS "{column}"' for column, ty in TABLES[name].columns.items() if ty == "json"]
            replaced = f"REPLACE ({', '.join(documents)})" if documents else ""
            self.connection.execute(f'CREATE OR REPLACE TABLE "{name}" AS SELECT * {replaced} FROM incoming')
            self.connection.unregister("incoming")

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql, list(params) or None).fetchall()

    def close(self) -> None:
        self.connection.close()
