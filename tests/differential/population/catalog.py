"""The catalog that all engines share."""

from __future__ import annotations

from typing import Any

from .tables import TABLES
from .values import CARRIERS, GRADES, PLANS, ZONE

#: What the catalog knows of fields beyond their types; every row keeps to it.
_KNOWN: dict[tuple[str, str], dict[str, Any]] = {
    ("customers", "grade"): {"enum": GRADES}, ("customers", "plan"): {"enum": PLANS},
    ("customers", "visits"): {"min": 0, "max": 100}, ("customers", "born"): {"min": "1899-12-31", "max": "2200-01-01"},
    ("customers", "paid"): {"min": "-0.01", "max": "9999999999.99"}, ("deliveries", "carrier"): {"enum": CARRIERS},
}


def _fields(table: str, *without: str) -> list[dict[str, Any]]:
    spec = TABLES[table]
    return [
        {"name": name, "type": ty, "nullable": name not in spec.required, **_KNOWN.get((table, name), {})}
        for name, ty in spec.columns.items()
        if name not in without
    ]


def _stream(name: str) -> dict[str, Any]:
    return {
        "name": name, "table": "events", "customer": "customer_id", "time": "happened", "name_column": "kind",
        "fields": _fields("events", "customer_id", "happened", "kind"),
    }


def catalog() -> dict[str, Any]:
    """The catalog: a stream with a table of its own, three that share one, one of dates, a related table, segments and lists."""
    return {
        "customers": {"table": "customers", "key": "id", "fields": _fields("customers")},
        "events": [
            {
                "name": "purchase", "table": "purchases", "customer": "buyer", "time": "at",
                "fields": _fields("purchases", "buyer", "at"),
            },
            _stream("visit"), _stream("click"), _stream("it's"),
            {
                "name": "delivery", "table": "deliveries", "customer": "customer_id", "time": "day", "time_type": "date",
                "fields": _fields("deliveries", "customer_id", "day"),
            },
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
