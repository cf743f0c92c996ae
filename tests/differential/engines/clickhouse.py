"""ClickHouse in this process (chdb).

Columns that may be missing are `Nullable(…)`: dates `Date32`, instants `DateTime64(6, 'UTC')`, decimals `Decimal(12, 2)`,
documents JSON texts, without whole numbers beyond 64 bits. An `Array` can't be missing in ClickHouse: a missing list is an empty one.
"""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from population import TABLES, Data, arrow

from .base import Database, civil, lists_there

_PLACEHOLDER = re.compile(r"\{([A-Za-z_]\w*):(?:[^{}]*)\}")
_KINDS = {
    "int": "Int64", "float": "Float64", "bool": "Bool", "decimal(12,2)": "Decimal(12, 2)", "date": "Date32",
    "timestamp": "DateTime64(6, 'UTC')", "string": "String", "json": "String",
    "list<string>": "Array(String)", "list<int>": "Array(Int64)",
}


def _kind(table: str, column: str, ty: str) -> str:
    always = column in TABLES[table].required or ty.startswith("list<")
    return _KINDS[ty] if always else f"Nullable({_KINDS[ty]})"


#: Whole numbers in documents; in texts of the population there are none so long.
_WHOLE = re.compile(r"(?<![\d.eE+-])-?\d{19,}(?![\d.eE])")


def _readable(document: str | None) -> str | None:
    """The document with other numbers for whole ones beyond 64 bits: it reads none that has such, and a note says so."""

    def written(found: re.Match[str]) -> str:
        number = int(found[0])
        return found[0] if -(2**63) <= number < 2**64 else "1.5e300" if number > 0 else "-1.5e300"

    return document and _WHOLE.sub(written, document)


class ClickHouse(Database):
    """Loaded through Parquet."""

    name = dialect = "clickhouse"
    share = 0.5

    def __init__(self) -> None:
        try:
            from chdb import session
        except ImportError as error:
            raise FileNotFoundError("ClickHouse is not installed: pip install chdb") from error
        self.session = session.Session()
        self.session.query("SET session_timezone = 'America/New_York'")

    def as_stored(self, data: Data) -> Data:
        return {
            name: [{**row, **{column: _readable(row[column]) for column in documents}} for row in rows] if documents else rows
            for name, rows in lists_there(data).items()
            for documents in [[column for column, ty in TABLES[name].columns.items() if ty == "json"]]
        }

    def load(self, data: Data) -> None:
        with tempfile.TemporaryDirectory(prefix="cvm-ch-") as folder:
            for name, rows in self.as_stored(data).items():
                kinds = {column: _kind(name, column, ty) for column, ty in TABLES[name].columns.items()}
                file = Path(folder, f"{name}.parquet")
                pq.write_table(arrow(name, rows), file)
                made = ", ".join(f"`{column.replace('`', '``')}` {kind}" for column, kind in kinds.items())
                self.session.query(f"DROP TABLE IF EXISTS `{name}`")
                self.session.query(f"CREATE TABLE `{name}` ({made}) ENGINE = MergeTree ORDER BY tuple()")
                self.session.query(f"INSERT INTO `{name}` SELECT * FROM file('{file}', Parquet)")

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        names = list(dict.fromkeys(_PLACEHOLDER.findall(sql))) if params else []
        bound = {name: _bound(value) for name, value in zip(names, params, strict=True)}
        found = self.session.query(sql, "ArrowTable", params=bound or None)
        return list(zip(*(column.to_pylist() for column in found.columns), strict=True))

    def execute(self, sql: str) -> None:
        self.session.query(sql)

    def close(self) -> None:
        self.session.close()


def _bound(value: Any) -> Any:
    """A value as ClickHouse reads parameters: texts escaped as in its tab-separated files."""
    if isinstance(value, str):
        for plain, escaped in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
            value = value.replace(plain, escaped)
        return value
    if isinstance(value, dt.datetime):
        return civil(value)
    if isinstance(value, (dt.date, Decimal)):
        return str(value)
    return value
