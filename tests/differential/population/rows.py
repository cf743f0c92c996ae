"""Rows at random; about a fifth of the values are missing."""

from __future__ import annotations

import json
import random
from typing import Any

from .documents import facts
from .tables import Data, Row
from .values import (
    AMOUNTS, CARRIERS, DATES, DECIMALS, EVENT_DATES, EVENT_TIMES, FLOATS, GRADES, INTS, PLACES, PLANS, QUARTERS, TAGS, TEXTS,
    TIMES,
)

ITEMS = ["apple", "Apple", "apple ", "a'b", "%", "é", "", "book", "b\\k"]
PAGES = ["home", "Home", "/a?b=1", "it's", "", "cart"]
# Kinds that a careless collation takes for one.
KINDS = ["visit", "visit", "visit", "click", "click", "Visit", "visit ", "it's", None]
CODES = ["Ab", "aB", "AB", "ab", "abc", "%A", "", "a ", "A", "a'B", "Z-1", "z_1", "a\\B"]
STATUSES = ["open", "Open", "shipped", "", "it's"]
NAN = float("nan")


def data(rng: random.Random, n: int) -> Data:
    """`n` customers, their events and related rows."""
    keys = list(range(n))
    customers = [_customer(rng, key) for key in keys]
    found: Data = {"customers": customers, "purchases": [], "events": [], "orders": [], "deliveries": []}
    makers = {"purchases": _purchase, "events": _event, "orders": _order, "deliveries": _delivery}
    for table, make in makers.items():
        for key in keys:
            # Some have none; a few have many.
            for _ in range(rng.choice([0, 0, 1, 1, 2, 3, 4, 6, 12])):
                # A few belong to nobody, or to a customer who is not there.
                owner = rng.choices([key, None, n + 7, -1], [94, 3, 2, 1])[0]
                found[table].append(make(rng, owner))
        rng.shuffle(found[table])
    return found


def _maybe(rng: random.Random, values: list[Any], missing: float = 0.2) -> Any:
    return None if rng.random() < missing else rng.choice(values)


def _some(rng: random.Random, values: list[Any], most: int, missing: float = 0.2) -> Any:
    return None if rng.random() < missing else [rng.choice(values) for _ in range(rng.randrange(most))]


def _customer(rng: random.Random, key: int) -> Row:
    def maybe(values: list[Any]) -> Any:
        return _maybe(rng, values)

    lat, lon = rng.choice(PLACES)
    return {
        "id": key,
        "i": maybe(INTS), "j": maybe(INTS), "x": maybe(FLOATS), "y": maybe(FLOATS),
        "d": maybe(DECIMALS), "e": maybe(DECIMALS), "s": maybe(TEXTS), "t": maybe(TEXTS),
        "code": maybe(CODES), "b": maybe([True, False]), "day": maybe(DATES), "other_day": maybe(DATES),
        "at": maybe(TIMES), "seen": maybe(TIMES),
        "tags": _some(rng, TAGS, 4), "numbers": _some(rng, INTS[:5], 3), "labels": _some(rng, TAGS, 4, 0),
        "attributes": _document(rng), "lat": lat, "lon": lon,
        "Order": maybe(CODES), "it's [x] \"q\"": maybe([1, 2, 3]), "back`tick": maybe([True, False]),
        "grade": rng.choice(GRADES), "plan": maybe(PLANS), "visits": rng.choice([0, 1, 2, 3, 25, 100]),
        "rate": rng.choice(FLOATS[:-1]), "paid": rng.choice(DECIMALS), "name": rng.choice(TEXTS),
        "active": rng.random() < 0.5, "born": rng.choice(DATES), "joined": rng.choice(TIMES), "facts": facts(rng),
    }


def _purchase(rng: random.Random, owner: int | None) -> Row:
    return {
        "buyer": owner, "at": _maybe(rng, EVENT_TIMES, 0.03), "amount": _maybe(rng, AMOUNTS),
        "qty": _maybe(rng, [0, 1, 1, 2, 3, 10, -1]), "price": _maybe(rng, [*QUARTERS, NAN, -0.0]),
        "item": _maybe(rng, ITEMS), "ok": _maybe(rng, [True, False]), "shipped": _maybe(rng, DATES),
    }


def _event(rng: random.Random, owner: int | None) -> Row:
    return {
        "customer_id": owner, "happened": _maybe(rng, EVENT_TIMES, 0.03), "kind": rng.choice(KINDS),
        "page": _maybe(rng, PAGES), "seconds": _maybe(rng, [0, 1, 5, 60, 600]), "value": _maybe(rng, [*QUARTERS, NAN]),
        "cost": _maybe(rng, AMOUNTS),
    }


def _order(rng: random.Random, owner: int | None) -> Row:
    return {
        "customer_id": owner, "total": _maybe(rng, AMOUNTS), "lines": _maybe(rng, [0, 1, 2, 5]),
        "weight": _maybe(rng, [*QUARTERS, NAN]), "status": _maybe(rng, STATUSES), "paid": _maybe(rng, [True, False]),
        "placed": _maybe(rng, DATES), "paid_at": _maybe(rng, TIMES),
    }


def _delivery(rng: random.Random, owner: int | None) -> Row:
    return {
        "customer_id": owner, "day": _maybe(rng, EVENT_DATES, 0.03), "parcels": rng.choice([0, 1, 2, 5]),
        "weight": _maybe(rng, [*QUARTERS, NAN]), "fee": _maybe(rng, AMOUNTS), "carrier": _maybe(rng, CARRIERS),
        "late": _maybe(rng, [True, False]), "promised": _maybe(rng, EVENT_DATES), "booked": _maybe(rng, EVENT_TIMES),
    }


# What can stand at one place of a document: kinds that look alike, and nothing.
TIERS: list[Any] = ["gold", "gold", "silver", "Gold", "", "it's", "true", "1", 1, True, None, [], {}]
SEATS: list[Any] = [1, 1, 2, 3, "1", 1.0, 1.5, -1, 0, True, "x", None, [1]]
FLAGS: list[Any] = [[], ["a"], ["a", "b"], ["A", "it's"], [1, 2], [1, "1", None, True], "a", {}, None, [["a"]], [1.5]]


def _document(rng: random.Random) -> str | None:
    kind = rng.random()
    if kind < 0.12:
        return None
    if kind < 0.2:
        return rng.choice(["null", "[]", "{}", '"gold"', "1", "true", '[{"plan": 1}]'])
    document: dict[str, Any] = {}
    if rng.random() < 0.8:
        plan: Any = {}
        if rng.random() < 0.8:
            plan["tier"] = rng.choice(TIERS)
        if rng.random() < 0.8:
            plan["seats"] = rng.choice(SEATS)
        document["plan"] = rng.choices([plan, "gold", [plan], None], [85, 5, 5, 5])[0]
    if rng.random() < 0.7:
        document["flags"] = rng.choice(FLAGS)
    if rng.random() < 0.5:
        document["name"] = rng.choice([*TEXTS, None])
    return json.dumps(document, ensure_ascii=rng.random() < 0.5)
