"""Our own engine with the rows in it: its SQL, its execution on DataFusion, its reference evaluator."""

from __future__ import annotations

from typing import Any

import cvm
from population import AS_OF_TEXT, TABLES, ZONE, Data, arrow, catalog


def engine_of(
    data: Data, as_of: str = AS_OF_TEXT, extra: dict[str, Any] | None = None, *, index_memory: int = 0
) -> cvm.Engine:
    """An engine with the rows of every table and the common catalog; it answers from the tables, or from its index."""
    engine = cvm.Engine(as_of=as_of, timezone=ZONE, index_memory=index_memory)
    documents = {column: ty for column, ty in TABLES["customers"].columns.items() if ty == "json"}
    engine.load_customers(arrow("customers", data["customers"]), key="id", types=documents)
    engine.load_events(arrow("purchases", data["purchases"]), "buyer", "purchase", "at", table="purchases")
    engine.load_events(arrow("events", data["events"]), "customer_id", "kind", "happened", table="events")
    engine.load_events(arrow("deliveries", data["deliveries"]), "customer_id", "delivery", "day", table="deliveries")
    # Not in every version.
    load_related = getattr(engine, "load_related", None)
    if load_related is not None:
        load_related(arrow("orders", data["orders"]), "order", "customer_id", table="orders")
    engine.set_catalog({**catalog(), **(extra or {})})
    return engine
