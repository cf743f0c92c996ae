"""Filters on what customers did."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from population import values

from .conditions import LOOK, ORDER, Filter, comparison, decimal_value, where
from .scope import DATED, STREAMS, Scope
from .windows import moment, span, window


#: How often events of each stream are asked for.
_OFTEN = {"purchase": 5, "visit": 3, "click": 2, "it's": 1, "delivery": 4}


def events(rng: random.Random, streams: Sequence[str] = tuple(_OFTEN), *, often: float = 0.4) -> Filter:
    """A kind of event, perhaps with a `where`."""
    name = rng.choices(streams, [_OFTEN[name] for name in streams])[0]
    scope = STREAMS[name]
    made: Filter = {"event": name}
    if rng.random() < often:
        made["where"] = where(rng, scope)
    return made


def measure(rng: random.Random, scope: Scope) -> tuple[Filter, str]:
    """A measure, and the kind of values that it has."""
    kind = rng.choice(
        ["count", "count", "count", "distinct", "sum", "sum", "avg", "min", "max", "first_time", "last_time",
         "first_value", "last_value", "days_since"]
    )
    fields = {"int": scope.ints, "float": scope.floats, "decimal": scope.decimals, "text": scope.texts,
              "bool": scope.bools, "date": scope.dates, "time": scope.times}
    if kind in ("count", "days_since"):
        return {kind: {}}, "int"
    if kind in ("first_time", "last_time"):
        return {kind: {}}, "day" if scope is STREAMS["delivery"] else "time"
    types = {
        "sum": ["int", "float", "decimal"], "avg": ["int", "float", "decimal"],
        "min": ["int", "float", "decimal", "text", "date", "time"], "max": ["int", "float", "decimal", "text", "date", "time"],
    }.get(kind, list(fields))
    ty = rng.choice([ty for ty in types if fields[ty]])
    made = {kind: {"field": rng.choice(fields[ty])}}
    return made, {"distinct": "int", "avg": "mean"}.get(kind, ty)


def _compared(rng: random.Random, ty: str, scope: Scope) -> Filter:
    if rng.random() < 0.06:
        return {"op": rng.choice(["is_set", "is_not_set"])}
    if ty in ("time", "day"):
        instants = ty == "time"
        if rng.random() < 0.4:
            return {"op": "within", "value": window(rng, instants=instants)}
        return {"op": rng.choice(["before", "after", "on", *ORDER]), "value": moment(rng, instants=instants)}
    if ty == "date":
        return {"op": rng.choice(["before", "after", *ORDER]), "value": str(rng.choice(values.DATES))}
    if ty == "bool":
        return {"op": rng.choice(["eq", "ne"]), "value": rng.random() < 0.5}
    if ty == "text":
        if rng.random() < 0.4:
            return {"op": rng.choice(LOOK), "value": rng.choice([text for text in scope.text_values if text])}
        op, value = comparison(rng, scope.text_values)
        return {"op": op, "value": value}
    pool: list[Any] = {
        "int": [0, 1, 2, 3, 5, 7, 30, 90, 1.5],
        "float": [*values.QUARTERS, 0.1, 12.5, 26],
        "decimal": [float(d) for d in values.AMOUNTS] + [40.0, 0.105, 119.99, 20],
        "mean": [0.25, 1.0, 0.5, 2.5, 20.0, 1, 0.1, 33.3],
    }[ty]
    op, value = comparison(rng, pool)
    return {"op": op, "value": decimal_value(rng, value) if ty == "decimal" else value}


def event(rng: random.Random) -> Filter:
    """A measure of a customer's events, compared."""
    made: Filter = {"type": "event", **events(rng)}
    scope = STREAMS[made["event"]]
    if rng.random() < 0.6:
        made["window"] = window(rng, past=True, instants=made["event"] not in DATED)
    made["measure"], ty = measure(rng, scope)
    made.update(_compared(rng, ty, scope))
    if rng.random() < 0.2 and made["op"] not in ("is_set", "is_not_set"):
        made["missing"] = rng.choice(["include", "exclude"])
    return made


def sequence(rng: random.Random) -> Filter:
    """Events one after another."""
    steps: list[Filter] = []
    # Those with a date and those with an instant don't stand in one order.
    streams = sorted(DATED) if rng.random() < 0.2 else [name for name in STREAMS if name not in DATED]
    clock = streams[0] not in DATED
    for i in range(rng.choice([2, 2, 2, 3])):
        step = events(rng, streams, often=0.25)
        if i and rng.random() < 0.4:
            step["within"] = span(rng, clock=clock)
        if i and rng.random() < 0.3:
            step["without"] = events(rng, streams, often=0.3)
        steps.append(step)
    made: Filter = {"type": "sequence", "steps": steps}
    if rng.random() < 0.3:
        made["window"] = window(rng, past=True, instants=clock)
    return made


def habit(rng: random.Random) -> Filter:
    """Regular, stopped or come back."""
    kind = rng.choice(["regularly", "stopped", "restarted"])
    made: Filter = {"type": kind, **events(rng, often=0.25)}
    if kind == "regularly":
        periods = rng.randint(1, 6)
        unit = rng.choice(["day", "week", "month", "month", "quarter", "year"])
        return {**made, "at_least": rng.randint(1, min(3, periods)), "periods": periods, "unit": unit}
    first, second = ("active", "inactive") if kind == "stopped" else ("pause", "within")
    clock = made["event"] not in DATED
    return {**made, first: span(rng, clock=clock), second: span(rng, clock=clock)}
