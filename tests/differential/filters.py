"""Random filters over the population; most of them valid, and all of them JSON."""

from __future__ import annotations

import random
from typing import Any

from population import DATES, DECIMALS, INTS, TAGS, TEXTS

Filter = dict[str, Any]

UNITS = ["day", "week", "month", "quarter", "year"]
ORDER = ["eq", "ne", "lt", "lte", "gt", "gte"]
LOOK = ["contains", "not_contains", "starts_with", "not_starts_with", "ends_with", "not_ends_with", "eq", "ne"]
PATTERNS = ["a", "^a", "b$", "[a-z]+", "^.$", "\\d{2,4}", "(a|b)c?", "^[^a]*$", "\\\\", "\\s", "^$", "é|á", "'"]
TIMES = [
    "2024-02-29T21:30:00Z", "2024-02-28", "2024-02-29", "2023-10-29", "2024-03-31T02:30:00", "2199-12-31",
    "2024-02-28T23:59:59.999999+01:00",
]
FLOATS = [0.0, -0.0, 0.1, 0.2, 0.3, 1.5, -2.5, 1e300, 9007199254740992.0, 0, 1]


def _leaf(field: str, op: str, value: Any = None) -> Filter:
    leaf: Filter = {"type": "condition", "field": field, "op": op}
    if value is not None:
        leaf["value"] = value
    return leaf


def _ordered(rng: random.Random, fields: list[str], values: list[Any]) -> Filter:
    field = rng.choice(fields)
    kind = rng.randrange(9)
    if kind < 4:
        return _leaf(field, rng.choice(ORDER), rng.choice(values))
    if kind < 6:
        return _leaf(field, rng.choice(["in", "not_in"]), [rng.choice(values) for _ in range(rng.randint(1, 4))])
    if kind < 8:
        return _leaf(field, rng.choice(["between", "not_between"]), sorted([rng.choice(values), rng.choice(values)]))
    return _leaf(field, rng.choice(ORDER), {"field": rng.choice(fields)})


def _decimal(rng: random.Random) -> Filter:
    leaf = _ordered(rng, ["d", "e"], [float(d) for d in DECIMALS] + [0.105, 100.001])
    value = leaf.get("value")
    if isinstance(value, float):
        leaf["value"] = repr(value) if rng.random() < 0.5 else value
    return leaf


def _text(rng: random.Random) -> Filter:
    field = rng.choice(["s", "t"])
    if rng.random() < 0.15:
        return _leaf(field, rng.choice(["matches", "not_matches"]), rng.choice(PATTERNS))
    return _leaf(field, rng.choice(LOOK), rng.choice(TEXTS[1:]))


def _span(rng: random.Random) -> dict[str, Any]:
    return {"n": rng.choice([1, 2, 7, 30, 90, 400]), "unit": rng.choice(UNITS)}


def _window(rng: random.Random) -> dict[str, Any]:
    kind = rng.choice(["last", "coming", "this", "previous", "next", "since", "between"])
    if kind == "this":
        return {"this": {"unit": rng.choice(UNITS)}}
    if kind == "since":
        return {"since": {"from": str(rng.choice(DATES))}}
    if kind == "between":
        low, high = sorted([rng.choice(DATES), rng.choice(DATES)])
        return {"between": {"from": str(low), "to": str(high)}}
    return {kind: _span(rng)}


def _time(rng: random.Random) -> Filter:
    field = rng.choice(["day", "other_day", "at", "seen"])
    if rng.random() < 0.15:
        return _leaf("day", "anniversary_within", _window(rng))
    if rng.random() < 0.4:
        return _leaf(field, "within", _window(rng))
    values: list[Any] = [{"ago": _span(rng)}, {"ahead": _span(rng)}, {"now": {}}]
    values.append({"start_of": {"unit": rng.choice(UNITS), "offset": rng.randint(-3, 3)}})
    values.append(str(rng.choice(DATES)) if field in ("day", "other_day") else rng.choice(TIMES))
    if rng.random() < 0.1:
        other = rng.choice(["day", "other_day"] if "day" in field else ["at", "seen"])
        return _leaf(field, rng.choice(["before", "after", *ORDER]), {"field": other})
    return _leaf(field, rng.choice(["before", "after", "on", *ORDER]), rng.choice(values))


def _list(rng: random.Random) -> Filter:
    if rng.random() < 0.3:
        size = {rng.choice(ORDER): rng.randrange(4)}
        return _leaf(rng.choice(["tags", "numbers"]), "size", size)
    field, values = rng.choice([("tags", TAGS), ("numbers", INTS[:5])])
    return _leaf(field, rng.choice(["has_any", "has_all", "has_none"]), [rng.choice(values) for _ in range(rng.randint(1, 3))])


def _condition(rng: random.Random) -> Filter:
    kind = rng.randrange(24)
    if kind < 4:
        leaf = _ordered(rng, ["i", "j", "id"], [*INTS, 2.5, -0.5])
    elif kind < 7:
        leaf = _ordered(rng, ["x", "y"], FLOATS)
    elif kind < 9:
        leaf = _decimal(rng)
    elif kind < 11:
        leaf = _ordered(rng, ["s", "t"], TEXTS)
    elif kind < 15:
        leaf = _text(rng)
    elif kind < 19:
        leaf = _time(rng)
    elif kind < 21:
        leaf = _list(rng)
    elif kind < 22:
        leaf = _leaf("b", rng.choice(["eq", "ne"]), rng.random() < 0.5)
    elif kind < 23:
        leaf = _leaf(rng.choice(["s", "tags"]), "is_empty")
    else:
        field = rng.choice(["i", "x", "d", "s", "b", "day", "at", "tags"])
        return _leaf(field, rng.choice(["is_set", "is_not_set"]))
    # Mixed numbers: an int beside a float or a decimal.
    if isinstance(leaf.get("value"), dict) and leaf["field"] == "i" and "field" in leaf["value"] and rng.random() < 0.5:
        leaf["value"] = {"field": rng.choice(["x", "d"])}
    if rng.random() < 0.2:
        leaf["missing"] = rng.choice(["include", "exclude"])
    return leaf


def random_filter(rng: random.Random, depth: int = 4) -> Filter:
    """A random filter."""
    kind = rng.randrange(20)
    if depth == 0 or kind < 8:
        return _condition(rng)
    if kind == 8:
        return rng.choice(
            [
                {"type": "everyone"},
                {"type": "nobody"},
                {"type": "segment", "segment": rng.choice(["young", "not young"])},
                {"type": "list", "list": "chosen"},
            ]
        )
    if kind < 12:
        return {"type": "not", "child": random_filter(rng, depth - 1)}
    children = [random_filter(rng, depth - 1) for _ in range(rng.randint(1, 3))]
    if kind == 12:
        return {"type": "at_least", "n": rng.randint(1, len(children)), "children": children}
    return {"type": rng.choice(["and", "or"]), "children": children}


def smaller(f: Filter) -> list[Filter]:
    """Filters that are one step smaller: for finding the smallest that still shows a difference."""
    if f["type"] == "not":
        return [f["child"], *({**f, "child": child} for child in smaller(f["child"]))]
    if "children" not in f:
        return []
    children = f["children"]
    found = list(children)
    if len(children) > 1 and f["type"] != "at_least":
        found += [{**f, "children": children[:i] + children[i + 1 :]} for i in range(len(children))]
    for i, child in enumerate(children):
        found += [{**f, "children": [*children[:i], less, *children[i + 1 :]]} for less in smaller(child)]
    return found
