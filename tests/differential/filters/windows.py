"""Windows and moments of time."""

from __future__ import annotations

import random
from typing import Any

from population import values

UNITS = ["day", "week", "month", "quarter", "year"]
MOMENTS = [
    "2024-02-29T21:30:00Z", "2024-02-28", "2024-02-29", "2023-10-29", "2024-03-31T02:30:00", "2199-12-31",
    "2024-02-28T23:59:59.999999+01:00", "2024-02-22T21:30:00Z", "2023-10-29T02:30:00",
]


def span(rng: random.Random, *, clock: bool = False) -> dict[str, Any]:
    """A length of time."""
    if clock and rng.random() < 0.2:
        return {"n": rng.choice([1, 24, 36, 90]), "unit": rng.choice(["minute", "hour"])}
    return {"n": rng.choice([1, 2, 7, 30, 90, 400]), "unit": rng.choice(UNITS)}


def window(rng: random.Random, *, past: bool = False, instants: bool = False) -> dict[str, Any]:
    """A window; `past` for events, `instants` where hours and instants have a meaning."""
    kinds = ["last", "this", "previous", "since", "between"] + ([] if past else ["coming", "next"])
    kind = rng.choice(kinds)
    if kind == "this":
        return {"this": {"unit": rng.choice(UNITS)}}
    moments = MOMENTS if instants and rng.random() < 0.6 else [str(day) for day in values.DATES]
    if kind == "since":
        return {"since": {"from": rng.choice(moments)}}
    if kind == "between":
        low, high = sorted([rng.choice(moments), rng.choice(moments)])
        return {"between": {"from": low, "to": high}}
    return {kind: span(rng, clock=instants and kind in ("last", "coming"))}


def moment(rng: random.Random, *, instants: bool) -> Any:
    """A time to compare with."""
    kind = rng.randrange(5)
    if kind == 0:
        return {"ago": span(rng, clock=instants)}
    if kind == 1:
        return {"ahead": span(rng, clock=instants)}
    if kind == 2:
        return {"now": {}}
    if kind == 3:
        return {"start_of": {"unit": rng.choice(UNITS), "offset": rng.randint(-3, 3)}}
    return rng.choice(MOMENTS) if instants else str(rng.choice(values.DATES))
