"""Rows as JSON and back: found cases are kept as files that people can read and paste."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any

from population import TABLES, Data, Row


def to_json(data: Data) -> dict[str, list[Row]]:
    """Rows without what is missing; exact numbers, times and NaN as texts."""
    return {
        table: [{column: _out(value) for column, value in row.items() if value is not None} for row in rows]
        for table, rows in data.items()
    }


def from_json(found: dict[str, list[Row]]) -> Data:
    """The rows of every table; tables and columns that are left out are empty and missing."""
    return {
        name: [
            {column: _in(row.get(column, _LEAST[ty] if column in table.required else None), ty)
             for column, ty in table.columns.items()}
            for row in found.get(name, [])
        ]
        for name, table in TABLES.items()
    }


# What stands in a column that can't be missing, where a case says nothing of it.
_LEAST: dict[str, Any] = {
    "int": 0, "float": 0.0, "decimal(12,2)": "0.00", "string": "", "bool": False, "date": "2024-02-29",
    "timestamp": "2024-02-29T21:30:00Z", "list<string>": [], "json": "{}",
}


def _out(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, (dt.date, Decimal)):
        return str(value)
    if isinstance(value, float) and math.isnan(value):
        return "NaN"
    return value


def _in(value: Any, ty: str) -> Any:
    if value is None:
        return None
    if ty == "timestamp":
        return dt.datetime.fromisoformat(value.replace("Z", "+00:00"))
    if ty == "date":
        return dt.date.fromisoformat(value)
    if ty.startswith("decimal"):
        return Decimal(value)
    return float(value) if ty == "float" else value
