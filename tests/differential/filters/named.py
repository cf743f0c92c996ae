"""The same filter with parameters in place of values: filled in, it must select whom it selected before."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

import cvm

from .conditions import Filter

#: Nodes that compare with a value, and where filters stand in others.
_COMPARE = ("condition", "event", "related")
_INNER = ("child", "where", "among", "without", "by")


def with_names(rng: random.Random, f: Filter) -> tuple[Filter, dict[str, Any]]:
    """The filter with some of its values replaced by parameters, and what they stand for; equal ones share a name."""
    named = copy.deepcopy(f)
    values: dict[str, Any] = {}
    names: dict[str, str] = {}
    for node in _nodes(named):
        if node.get("type") in _COMPARE and "value" in node and rng.random() < 0.6:
            # Of 1, 1.0 and true, each its own.
            shared = repr(node["value"])
            name = names.get(shared) or rng.choice(["p{}", "Least{}", "né {}", "in{}"]).format(len(values))
            if rng.random() < 0.8:
                names[shared] = name
            values[name] = node["value"]
            node["value"] = {"param": name}
    return named, values


def refilled(rng: random.Random, f: Filter) -> Filter:
    """The filter, after some values were replaced by parameters and filled in again: all at once, or one by one."""
    named, values = with_names(rng, f)
    made = cvm.Filter(named)
    # A list's size has a text only where it is compared with a number.
    sized = any(node.get("op") == "size" and "param" in node["value"] for node in _nodes(named))
    if not sized and rng.random() < 0.5:
        made = cvm.Filter(made.to_text())
    assert made.parameters == sorted(values), made.to_json()
    if rng.random() < 0.5:
        return made.with_parameters(**values).to_dict()
    for name, value in values.items():
        made = made.with_parameters(**{name: value})
    return made.to_dict()


def _nodes(f: Filter) -> Iterator[Filter]:
    yield f
    for key in ("children", "steps"):
        for part in f.get(key, []):
            yield from _nodes(part)
    for key in _INNER:
        if isinstance(f.get(key), dict):
            yield from _nodes(f[key])
