"""Real databases behind one small interface: put the rows in, run a statement, get keys out."""

from __future__ import annotations

from collections.abc import Callable

from .base import Database
from .clickhouse import ClickHouse
from .duckdb_ import DuckDb
from .mariadb import MariaDb
from .postgresql import PostgreSql
from .spark import Spark
from .sqlite import Sqlite

DATABASES: dict[str, Callable[[], Database]] = {
    "sqlite": Sqlite,
    "duckdb": lambda: DuckDb(naive=False),
    "duckdb-naive": lambda: DuckDb(naive=True),
    "postgresql": PostgreSql,
    "mariadb": MariaDb,
    "clickhouse": ClickHouse,
    "spark": Spark,
}

__all__ = ["DATABASES", "Database"]
