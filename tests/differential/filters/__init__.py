"""Random filters over the population; most of them valid, and all of them JSON."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from . import behaviour, population
from .conditions import Filter, condition, document
from .named import refilled
from .redundant import crowded
from .scope import CUSTOMERS
from .smaller import smaller

#: The families of nodes and how often each is drawn.
FAMILIES = {
    "conditions": 30, "json": 8, "references": 4, "events": 22, "sequences": 5, "habits": 5, "related": 9, "ranks": 6,
    "buckets": 2, "geo": 3,
}


def random_filter(rng: random.Random, families: Sequence[str] = tuple(FAMILIES), depth: int = 4) -> Filter:
    """A random filter of nodes of these families, in groups."""

    def leaf() -> Filter:
        family = rng.choices(list(families), [FAMILIES[name] for name in families])[0]
        makers: dict[str, Callable[[], Filter]] = {
            "conditions": lambda: condition(rng, CUSTOMERS),
            "json": lambda: document(rng),
            "references": lambda: _reference(rng),
            "events": lambda: behaviour.event(rng),
            "sequences": lambda: behaviour.sequence(rng),
            "habits": lambda: behaviour.habit(rng),
            "related": lambda: population.related(rng),
            "ranks": lambda: population.rank(rng, lambda: random_filter(rng, families, depth=1)),
            "buckets": lambda: population.bucket(rng),
            "geo": lambda: population.geo(rng),
        }
        return makers[family]()

    kind = rng.randrange(20)
    if depth <= 0 or kind < 9:
        return leaf()
    if kind < 12:
        return {"type": "not", "child": random_filter(rng, families, depth - 1)}
    children = [random_filter(rng, families, depth - 1) for _ in range(rng.randint(1, 3))]
    if rng.random() < 0.25:
        children = crowded(rng, children, leaf)
    if kind == 12:
        return {"type": "at_least", "n": rng.randint(1, len(children)), "children": children}
    return {"type": rng.choice(["and", "or"]), "children": children}


def _reference(rng: random.Random) -> Filter:
    return rng.choice(
        [
            {"type": "everyone"}, {"type": "nobody"}, {"type": "list", "list": "chosen"},
            {"type": "segment", "segment": rng.choice(["young", "not young"])},
        ]
    )


__all__ = ["FAMILIES", "Filter", "random_filter", "refilled", "smaller"]
