"""Near-copies of what a group holds already: what an optimiser looks for, and may get wrong."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any

from .conditions import ORDER, Filter

_OTHER_WAY = {"in": "not_in", "not_in": "in", "between": "not_between", "not_between": "between",
              "has_any": "has_none", "has_none": "has_any", "is_set": "is_not_set", "is_not_set": "is_set"}


def crowded(rng: random.Random, children: list[Filter], leaf: Callable[[], Filter]) -> list[Filter]:
    """The children and one to three near-copies of some of them."""
    made = list(children)
    for _ in range(rng.randint(1, 3)):
        made.insert(rng.randint(0, len(made)), _near(rng, rng.choice(children), leaf))
    return made


def _near(rng: random.Random, f: Filter, leaf: Callable[[], Filter]) -> Filter:
    kind = rng.randrange(10)
    if kind == 0:
        return copy.deepcopy(f)
    if kind < 3:
        return {"type": "not", "child": _changed(rng, f) if kind == 1 else copy.deepcopy(f)}
    if kind < 6:
        # Absorbed by what it holds, or with an opposite to fold with.
        inner = [copy.deepcopy(f) if rng.random() < 0.6 else _changed(rng, f), leaf()]
        rng.shuffle(inner)
        return {"type": rng.choice(["and", "or"]), "children": inner}
    return _changed(rng, f)


def _changed(rng: random.Random, f: Filter) -> Filter:
    """The same question with another operator, another bound or another word on missing values."""
    made = copy.deepcopy(f)
    if made.get("type") == "not":
        return {"type": "not", "child": _changed(rng, made["child"])}
    if "children" in made:
        return {**made, "children": [_changed(rng, child) if rng.random() < 0.5 else child for child in made["children"]]}
    op, value = made.get("op"), made.get("value")
    kind = rng.randrange(4)
    if kind == 0 and op in ORDER:
        made["op"] = rng.choice(ORDER)
    elif kind == 1 and isinstance(op, str):
        bare = op.removeprefix("not_")
        made["op"] = _OTHER_WAY.get(op) or (rng.choice(ORDER) if op in ORDER else bare if bare != op else f"not_{op}")
    elif kind == 2 and op not in (None, "is_set", "is_not_set", "is_empty"):
        made["missing"] = rng.choice(["include", "exclude"])
    elif isinstance(value, list) and value:
        made["value"] = _list(rng, value) if "between" not in str(op) else _ends(rng, value)
    elif op in ORDER and value is not None and not isinstance(value, (dict, bool)):
        made["value"] = _beside(rng, value)
    if "window" in made and rng.random() < 0.3:
        del made["window"]
    return made


def _list(rng: random.Random, value: list[Any]) -> list[Any]:
    kept = [item for item in value if rng.random() < 0.6] or value[:1]
    return kept + [rng.choice(value)] * (rng.random() < 0.3)


def _ends(rng: random.Random, value: list[Any]) -> list[Any]:
    """A range that shares an end, or lies inside."""
    low, high = (_beside(rng, end) if rng.random() < 0.5 else end for end in value)
    return [low, high]


def _beside(rng: random.Random, value: Any) -> Any:
    """A value near by; texts and times are written as they are, or a little longer."""
    if isinstance(value, int) and not isinstance(value, bool):
        near = value + rng.choice([-1, 0, 1, 10])
        return near if -(2**63) <= near < 2**63 else value
    if isinstance(value, float):
        return value + rng.choice([-0.5, 0.0, 0.25, 1.0])
    return value
