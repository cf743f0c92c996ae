"""What a condition can name, by type, and values that its fields have."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from population import rows, values


@dataclass(frozen=True)
class Scope:
    """The fields of customers, of an event or of related rows."""

    ints: list[str]
    floats: list[str]
    decimals: list[str]
    texts: list[str]
    bools: list[str]
    dates: list[str]
    times: list[str] = field(default_factory=list)
    #: Fields that hold ASCII only, where all databases agree on what `lower` does.
    ascii: list[str] = field(default_factory=list)
    lists: list[tuple[str, list[Any]]] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    #: Texts of which the catalog knows all values; others are errors.
    enums: list[tuple[str, list[str]]] = field(default_factory=list)
    int_values: list[Any] = field(default_factory=lambda: [0, 1, 2, 3, 10, -1, 2.5])
    float_values: list[Any] = field(default_factory=lambda: [*values.QUARTERS, -0.0, 0.1, 1])
    decimal_values: list[Any] = field(default_factory=lambda: [float(d) for d in values.AMOUNTS] + [0.105, 20])
    text_values: list[str] = field(default_factory=list)
    ascii_values: list[str] = field(default_factory=list)


CUSTOMERS = Scope(
    ints=["i", "j", "i", "j", "id", "it's [x] \"q\"", "visits"], floats=["x", "y", "rate"], decimals=["d", "e", "paid"],
    texts=["s", "t", "s", "t", "Order", "name"], bools=["b", "back`tick", "active"],
    dates=["day", "other_day", "born"], times=["at", "seen", "joined"], ascii=["code"],
    enums=[("grade", values.GRADES), ("plan", values.PLANS)],
    lists=[("tags", values.TAGS), ("labels", values.TAGS), ("numbers", values.INTS[:5])],
    documents=["attributes"],
    int_values=[*values.INTS, 2.5, -0.5],
    float_values=[0.0, -0.0, 0.1, 0.2, 0.3, 1.5, -2.5, 1e300, 9007199254740992.0, 0, 1],
    decimal_values=[float(d) for d in values.DECIMALS] + [0.105, 100.001],
    text_values=values.TEXTS, ascii_values=rows.CODES,
)
PURCHASES = Scope(
    ints=["qty"], floats=["price"], decimals=["amount"], texts=["item"], bools=["ok"], dates=["shipped"],
    text_values=rows.ITEMS,
)
EVENTS = Scope(
    ints=["seconds"], floats=["value"], decimals=["cost"], texts=["page"], bools=[], dates=[], ascii=["page"],
    text_values=rows.PAGES, ascii_values=rows.PAGES, int_values=[0, 1, 5, 60, 600, 59.5],
)
ORDERS = Scope(
    ints=["lines"], floats=["weight"], decimals=["total"], texts=["status"], bools=["paid"], dates=["placed"], times=["paid_at"],
    ascii=["status"], text_values=rows.STATUSES, ascii_values=rows.STATUSES,
)
DELIVERIES = Scope(
    ints=["parcels"], floats=["weight"], decimals=["fee"], texts=[], bools=["late"], dates=["promised"], times=["booked"],
    enums=[("carrier", values.CARRIERS)],
)
#: Each stream with its scope.
STREAMS = {"purchase": PURCHASES, "visit": EVENTS, "click": EVENTS, "it's": EVENTS, "delivery": DELIVERIES}
#: Those whose events have a date and no hour.
DATED = {"delivery"}
