"""Events that have a date and no hour: lengths of time in hours or minutes mean nothing there, and are refused."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

import cvm
import pytest
from filters import Filter
from filters.behaviour import event, habit, sequence
from filters.scope import DATED


def _lengths(node: Any, path: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Each length of time outside `where`, with its pointer: properties may have hours."""
    if isinstance(node, list):
        for i, item in enumerate(node):
            yield from _lengths(item, f"{path}/{i}")
    elif isinstance(node, dict):
        if set(node) == {"n", "unit"}:
            yield node, path
        for key, inner in node.items():
            if key != "where":
                yield from _lengths(inner, f"{path}/{key}")


@pytest.mark.parametrize("unit", ["hour", "minute"])
def test_hours_over_dates_are_refused(engine: cvm.Engine, unit: str) -> None:
    rng = random.Random(f"hours {unit}")
    refused = 0
    while refused < 200:
        made: Filter = rng.choice([event, habit, sequence])(rng)
        streams = {step["event"] for step in made.get("steps", [made])}
        measured = next(iter(made.get("measure", {"none": {}})))
        of_value = made["type"] == "event" and measured not in ("first_time", "last_time")
        if not streams <= DATED or of_value and "window" not in made or engine.validate(made):
            continue
        for i, (_, path) in enumerate(_lengths(made, "")):
            if of_value and not path.startswith("/window"):
                continue
            wrong = copy.deepcopy(made)
            [*_lengths(wrong, "")][i][0]["unit"] = unit
            found = {(finding["code"], finding["path"]) for finding in engine.validate(wrong)}
            assert ("CVM_INVALID_VALUE", f"{path}/unit") in found, cvm.Filter(wrong).to_json()
            refused += 1
