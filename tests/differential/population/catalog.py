"""The catalog that all engines share."""

from __future__ import annotations

from typing import Any

from .tables import TABLES
from .values import ZONE


def _fields(table: str, *without: str) -> list[dict[str, Any]]:
    spec = TABLES[table]
    return [
        {"name": name, "type": ty, "nullable": name not in spec.required}
        for name, ty in spec.columns.items()
        if name not in without
    ]


def _stream(name: str) -> dict[str, Any]:
    return {
        "name": name, "table": "events", "customer": "customer_id", "time": "happened", "name_column": "kind",
        "fields": _fields("events", "customer_id", "happened", "kind"),
    }


def catalog() -> dict[str, Any]:
    """The catalog: a stream with a table of its own, three that share one, a related table, segments and lists."""
    return {
        "customers": {"table": "customers", "key": "id", "fields": _fields("customers")},
        "events": [
            {
                "name": "purchase", "table": "purchases", "customer": "buyer", "time": "at",
                "fields": _fields("purchases", "buyer", "at"),
            },
            _stream("visit"), _stream("click"), _stream("it's"),
        ],
        "related": [
            {
                "name": "order", "table": "orders", "customer": "customer_id",
                "fields": _fields("orders", "customer_id"),
            }
        ],
        "segments": [
            {"name": "young", "filter": {"type": "condition", "field": "i", "op": "lt", "value": 25}},
            {"name": "not young", "filter": {"type": "not", "child": {"type": "segment", "segment": "young"}}},
        ],
        "lists": [{"name": "chosen", "members": [0, 1, 2, 9, 14, 33, 60], "add": [25], "remove": [1]}],
        "zone": ZONE,
        "week_start": "sunday",
        "fiscal_year_start": 4,
    }
