"""Filters on other tables, and on a customer's place among the others."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

from population.values import PLACES

from .behaviour import measure, events
from .conditions import Filter, comparison, decimal_value, where
from .scope import CUSTOMERS, DATED, ORDERS, STREAMS
from .windows import window


def related(rng: random.Random) -> Filter:
    """Rows of a related table."""
    kind = rng.choice(["any", "all", "none", "count", "count", "sum", "sum"])
    made: Filter = {"type": "related", "table": "order", "quantifier": kind}
    if kind == "all" or rng.random() < 0.6:
        made["where"] = where(rng, ORDERS)
    if kind == "count":
        made["op"], made["value"] = comparison(rng, [0, 1, 2, 3, 1.5])
    elif kind == "sum":
        field, pool = rng.choice(
            [("total", [0.0, 20.0, 0.3, 40.02, 100.0, 20]), ("lines", [0, 1, 2, 5, 7]), ("weight", [0.0, 0.25, 10, 2.5])]
        )
        made["quantifier"] = {"sum": {"field": field}}
        made["op"], value = comparison(rng, pool)
        made["value"] = decimal_value(rng, value) if field == "total" else value
    return made


def rank(rng: random.Random, among: Callable[[], Filter]) -> Filter:
    """The top or bottom of a ranking."""
    by: Filter
    if rng.random() < 0.5:
        fields = [*CUSTOMERS.ints, *CUSTOMERS.floats, *CUSTOMERS.decimals, *CUSTOMERS.dates, *CUSTOMERS.times, "s", "code"]
        by = {"field": rng.choice(fields)}
    else:
        by = events(rng)
        if rng.random() < 0.5:
            by["window"] = window(rng, past=True, instants=by["event"] not in DATED)
        by["measure"] = measure(rng, STREAMS[by["event"]])[0]
    of = rng.choice([2, 3, 4, 10])
    take: dict[str, Any] = rng.choice(
        [
            {"n": rng.choice([1, 5, 20, 100])}, {"percent": rng.choice([10, 50, 33.3, 0.5, 100, 7])},
            {"tile": {"part": rng.randint(1, of), "of": of}},
        ]
    )
    made: Filter = {"type": "rank", "by": by, "order": rng.choice(["top", "bottom"]), "take": take}
    if rng.random() < 0.3:
        made["per"] = rng.choice(["b", "s", "i", "x", "day", "d", "code"])
    if rng.random() < 0.3:
        made["among"] = among()
    return made


def bucket(rng: random.Random) -> Filter:
    """A sample."""
    low = rng.choice([0, 0, 2500, rng.randrange(9999)])
    high = rng.choice([5000, 10_000, 1000, rng.randint(1, 10_000)])
    if low >= high:
        low, high = 0, max(high, 1)
    return {"type": "bucket", "salt": rng.choice(["", "a", "é'", "x:y", "%", "\\"]), "from": low, "to": high}


def distance(a: tuple[float, float], b: tuple[float, float]) -> float:
    """The haversine in metres."""
    (lat1, lon1), (lat2, lon2) = [(math.radians(lat), math.radians(lon)) for lat, lon in (a, b)]
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6_371_008.8 * math.asin(math.sqrt(min(1.0, h)))


def geo(rng: random.Random) -> Filter:
    """Within a radius of a point; no customer lives within a metre of the circle, where the last bits would decide."""
    known = [(lat, lon) for lat, lon in PLACES if lat is not None and lon is not None and not math.isnan(lat)]
    center = rng.choice([*known, (48.8, 2.3), (10.0, 10.0)])
    far = sorted({round(distance(center, place), 1) for place in known})
    steps = [(low + high) / 2 for low, high in zip(far, far[1:], strict=False) if high - low > 2.5] + [far[-1] + 1000]
    return {
        "type": "geo", "latitude": "lat", "longitude": "lon",
        "center": {"lat": center[0], "lon": center[1]}, "radius_m": round(rng.choice(steps), 1),
    }
