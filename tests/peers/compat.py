"""The published cases of JsonLogic: rules, data and results as JSON, `[rule, data, result]` or objects of these."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Case = tuple[Any, Any, Any]

# What a field without a value can be declared as; each of them must come to the same, or be refused.
UNSEEN = ["int", "string", "bool", "list<string>", "json"]


def cases(folder: Path) -> Iterator[tuple[str, Case, bool]]:
    """Every case with the name of its file, and whether it is an error that is expected."""
    for file in sorted(folder.rglob("*.json")):
        found = json.loads(file.read_text(encoding="utf-8"))
        for case in found if isinstance(found, list) else []:
            if isinstance(case, list) and len(case) == 3:
                yield file.name, (case[0], case[1], case[2]), False
            elif isinstance(case, dict) and "rule" in case:
                yield (
                    file.name,
                    (case["rule"], case.get("data"), case.get("result")),
                    "error" in case,
                )


def truthy(value: Any) -> bool:
    """As JsonLogic has it: objects are, even without anything in them."""
    return isinstance(value, dict) or bool(value)


def names(rule: Any) -> set[str]:
    """The fields that a rule looks at."""
    found: set[str] = set()
    if isinstance(rule, dict):
        for op, value in rule.items():
            if op in {"var", "missing", "missing_some"}:
                found |= {
                    str(name)
                    for name in flat(value)
                    if isinstance(name, (str, int)) and name != ""
                }
            found |= names(value)
    elif isinstance(rule, list):
        for part in rule:
            found |= names(part)
    return found


def flat(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from flat(item)
    else:
        yield value


def look_up(data: Any, name: str) -> Any:
    for part in name.split("."):
        if isinstance(data, dict):
            data = data.get(part)
        elif isinstance(data, list):
            data = data[int(part)] if part.isdigit() and int(part) < len(data) else None
        else:
            return None
    return data


def type_of(value: Any) -> list[str]:
    if isinstance(value, bool):
        return ["bool", "json"]
    if isinstance(value, int):
        return ["int", "float", "json"]
    if isinstance(value, float):
        return ["float", "json"]
    if isinstance(value, str):
        return ["string", "json"]
    if isinstance(value, list):
        items = {type_of(item)[0] for item in value}
        simple = len(items) == 1 and items <= {"bool", "int", "float", "string"}
        return [f"list<{items.pop()}>", "json"] if simple else ["json"]
    return UNSEEN if value is None else ["json"]


def audiences(rule: Any, data: Any) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Catalogs that fit the data, and the customer that the data is."""
    seen = {name: look_up(data, name) for name in sorted(names(rule))}
    row = {
        "the key": 1,
        **{name: value for name, value in seen.items() if value is not None},
    }
    for types in itertools.islice(
        itertools.product(*(type_of(value) for value in seen.values())), 40
    ):
        fields = [{"name": "the key", "type": "int", "nullable": False}]
        fields += [
            {"name": name, "type": type_}
            for name, type_ in zip(seen, types, strict=True)
        ]
        yield {"customers": {"table": "c", "key": "the key", "fields": fields}}, row
