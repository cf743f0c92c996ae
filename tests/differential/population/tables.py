"""The tables and their columns, in the types of the catalog. Every engine makes its own columns of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

Row = dict[str, Any]
#: Rows of every table.
Data = dict[str, list[Row]]


@dataclass(frozen=True)
class Table:
    """A table's columns; all may be missing but those that are required."""

    columns: dict[str, str]
    required: frozenset[str] = frozenset()
    #: The column with the customer's key, in tables of events and related rows.
    customer: str | None = None


TABLES = {
    "customers": Table(
        {
            "id": "int", "i": "int", "j": "int", "x": "float", "y": "float", "d": "decimal(12,2)", "e": "decimal(12,2)",
            "s": "string", "t": "string", "code": "string", "b": "bool", "day": "date", "other_day": "date", "at": "timestamp",
            "seen": "timestamp", "tags": "list<string>", "numbers": "list<int>", "labels": "list<string>",
            "attributes": "json", "lat": "float", "lon": "float",
            # Names that need quotes, and what databases make of quotes inside them.
            "Order": "string", "it's [x] \"q\"": "int", "back`tick": "bool",
            # Of few values, and never missing: the catalog says so, and the optimiser goes by it.
            "grade": "string", "plan": "string", "visits": "int", "rate": "float", "paid": "decimal(12,2)", "name": "string",
            "active": "bool", "born": "date", "joined": "timestamp", "facts": "json",
        },
        frozenset({"id", "labels", "grade", "visits", "rate", "paid", "name", "active", "born", "joined", "facts"}),
    ),
    "purchases": Table(
        {
            "buyer": "int", "at": "timestamp", "amount": "decimal(12,2)", "qty": "int", "price": "float",
            "item": "string", "ok": "bool", "shipped": "date",
        },
        customer="buyer",
    ),
    "events": Table(
        {
            "customer_id": "int", "happened": "timestamp", "kind": "string", "page": "string", "seconds": "int",
            "value": "float", "cost": "decimal(12,2)",
        },
        customer="customer_id",
    ),
    "orders": Table(
        {
            "customer_id": "int", "total": "decimal(12,2)", "lines": "int", "weight": "float", "status": "string",
            "paid": "bool", "placed": "date", "paid_at": "timestamp",
        },
        customer="customer_id",
    ),
    # What happened on a day, at no hour of it.
    "deliveries": Table(
        {
            "customer_id": "int", "day": "date", "parcels": "int", "weight": "float", "fee": "decimal(12,2)",
            "carrier": "string", "late": "bool", "promised": "date", "booked": "timestamp",
        },
        frozenset({"parcels"}),
        customer="customer_id",
    ),
}

_ARROW = {
    "int": pa.int64(), "float": pa.float64(), "decimal(12,2)": pa.decimal128(12, 2), "string": pa.string(),
    "json": pa.string(), "bool": pa.bool_(), "date": pa.date32(), "timestamp": pa.timestamp("us", tz="UTC"),
    "list<string>": pa.list_(pa.string()), "list<int>": pa.list_(pa.int64()),
}


def arrow(name: str, rows: list[Row]) -> pa.Table:
    """A table as Arrow; JSON documents are texts."""
    table = TABLES[name]
    fields = [
        pa.field(column, _ARROW[ty], nullable=column not in table.required) for column, ty in table.columns.items()
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema(fields))
