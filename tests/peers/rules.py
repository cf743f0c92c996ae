"""Customers as JSON data, and random rules of JsonLogic about them."""

from __future__ import annotations

import random
from typing import Any

TYPES = {
    "id": "int", "i": "int", "j": "int", "x": "float", "y": "float", "d": "decimal(12,2)", "s": "string",
    "t": "string", "b": "bool", "c": "bool", "day": "date", "other_day": "date", "tags": "list<string>",
    "numbers": "list<int>", "doc": "json",
}  # fmt: skip
TEXTS = ["", " ", "A", "a", "á", "a\u0301", "a ", "'", "a\nb", "ß", "🦀", "\ufffd", "ab", "abc", "null", "0", "1", "01",
         "Null", "l", "2024-02-29"]  # fmt: skip
INTS = [0, 1, -1, 2, 3, 25, 100]
FLOATS = [0.0, 0.1, 0.2, 0.3, 1.5, -2.5, 2.0, 25.0]
DAYS = ["2024-02-29", "2023-02-28", "1899-12-31", "2200-01-01"]
TAGS = ["vip", "VIP", "new", "", "a'b"]
PARTS = [
    None,
    False,
    True,
    0,
    1,
    1.5,
    "",
    "gold",
    "1",
    [],
    ["gold"],
    ["gold", 1],
    {},
    {"a": 1},
    [0],
    [None],
]
VALUES: dict[str, list[Any]] = {
    "int": INTS, "float": FLOATS, "decimal(12,2)": ["0.00", "0.10", "-0.01", "99.99", "25.00"], "string": TEXTS,
    "bool": [True, False], "date": DAYS,
}  # fmt: skip
NAMES = [*TYPES, "doc.tier", "doc.seats", "doc.a.b"]
CONSTANTS = [
    None,
    True,
    False,
    0,
    1,
    2,
    25,
    0.1,
    1.5,
    "",
    "a",
    "ab",
    "gold",
    "1",
    "01",
    "vip",
    "2024-02-29",
    "abc ",
    [],
]


def catalog() -> dict[str, Any]:
    fields = [
        {"name": name, "type": type_, "nullable": name != "id"}
        for name, type_ in TYPES.items()
    ]
    return {"customers": {"table": "customers", "key": "id", "fields": fields}}


def rows(rng: random.Random, number: int) -> list[dict[str, Any]]:
    """Customers, a quarter of whose values are missing: null, or not there at all."""
    made: list[dict[str, Any]] = [{"id": 0}, {**dict.fromkeys(TYPES), "id": 1}]
    for id_ in range(2, number):
        row: dict[str, Any] = {"id": id_}
        for name, type_ in TYPES.items():
            if name == "id" or rng.random() < 0.12:
                continue
            row[name] = None if rng.random() < 0.12 else value(rng, type_)
        made.append(row)
    return made


def value(rng: random.Random, type_: str) -> Any:
    if type_ == "json":
        parts = {
            "tier": rng.choice(PARTS),
            "seats": rng.choice(PARTS),
            "a": rng.choice([{"b": rng.choice(PARTS)}, 1]),
        }
        return {key: part for key, part in parts.items() if rng.random() < 0.8}
    if type_.startswith("list"):
        return [
            rng.choice(TAGS if "string" in type_ else INTS)
            for _ in range(rng.randint(0, 3))
        ]
    return rng.choice(VALUES[type_])


def data(row: dict[str, Any]) -> dict[str, Any]:
    """What JavaScript sees: decimals are numbers."""
    return {
        key: float(part) if key == "d" and part is not None else part
        for key, part in row.items()
    }


def constant(rng: random.Random, name: str) -> Any:
    """Mostly a value that goes with the field."""
    type_ = TYPES.get(name, "json")
    if rng.random() < 0.2 or name == "id":
        return rng.choice(CONSTANTS)
    if type_ == "json":
        return rng.choice(["gold", 1, True, 0, "", None])
    if type_.startswith("list"):
        return rng.choice(TAGS if "string" in type_ else INTS)
    made = value(rng, type_)
    return float(made) if type_.startswith("decimal") else made


def var(rng: random.Random, name: str) -> Any:
    shape = rng.random()
    if shape < 0.06:
        return {"var": [name, rng.choice([0, False, "", "a", 1, None])]}
    return {"var": name} if shape < 0.8 else {"var": [name]}


def term(rng: random.Random, depth: int) -> Any:
    kind = rng.random()
    if kind < 0.6 or depth > 3:
        return var(rng, rng.choice(NAMES))
    if kind < 0.8:
        return rng.choice(CONSTANTS)
    if kind < 0.9:
        return {
            "if": [rule(rng, depth + 1), rng.choice(CONSTANTS), term(rng, depth + 1)]
        }
    return {rng.choice(["and", "or"]): [term(rng, depth + 1), term(rng, depth + 1)]}


def item_rule(rng: random.Random, constants: list[Any], depth: int = 0) -> Any:
    item = {"var": ""}
    kind = rng.random()
    if kind < 0.45:
        return {rng.choice(["==", "===", "!=", "!=="]): [item, rng.choice(constants)]}
    if kind < 0.7:
        return {"in": [item, rng.sample(constants, 2)]}
    if depth > 2:
        return True
    parts = [item_rule(rng, constants, depth + 1) for _ in range(2)]
    return {"!": parts[:1]} if kind < 0.8 else {rng.choice(["and", "or"]): parts}


def comparison(rng: random.Random, depth: int) -> Any:
    name = rng.choice(NAMES)
    kind = rng.random()
    op = rng.choice(["==", "===", "!=", "!==", "<", "<=", ">", ">="])
    if kind < 0.4:
        sides = [var(rng, name), constant(rng, name)]
        return {op: sides[:: rng.choice([1, -1])]}
    if kind < 0.48:
        same = [other for other in TYPES if TYPES[other] == TYPES.get(name)]
        return {op: [{"var": name}, {"var": rng.choice(same or ["i"])}]}
    if kind < 0.53:
        return {
            rng.choice(["<", "<="]): [
                constant(rng, name),
                var(rng, name),
                constant(rng, name),
            ]
        }
    if kind < 0.63:
        return {
            "in": [
                var(rng, name),
                [constant(rng, name) for _ in range(rng.randint(0, 3))],
            ]
        }
    if kind < 0.71:
        whole = rng.choice(["s", "t", "tags", "numbers", "doc.tier"])
        return {"in": [constant(rng, whole), var(rng, whole)]}
    if kind < 0.79:
        whole = rng.choice(["tags", "numbers", "doc.tier", "s"])
        constants = {"tags": TAGS, "numbers": INTS}.get(whole, ["gold", 1, "1", 0])
        return {
            rng.choice(["some", "all", "none"]): [
                {"var": whole},
                item_rule(rng, constants),
            ]
        }
    if kind < 0.84:
        keys = rng.sample(NAMES, rng.randint(1, 3))
        return rng.choice(
            [
                {"missing": keys},
                {"missing_some": [rng.randint(0, 4), keys]},
                {"missing": keys[0]},
            ]
        )
    if kind < 0.88:
        text = rng.choice(TEXTS)
        units = len(text.encode("utf-16-le")) // 2
        part = rng.choice(
            [{"substr": [{"var": "s"}, 0, units]}, {"substr": [{"var": "s"}, -units]}]
        )
        return {rng.choice(["==", "===", "!="]): [part, text]}
    if kind < 0.92:
        numbers = [
            rng.choice([{"var": "i"}, {"var": "x"}, {"var": "d"}, {"var": "b"}, 2, 0])
            for _ in range(2)
        ]
        return {op: [{rng.choice(["min", "max"]): numbers}, rng.choice(INTS)]}
    return {op: [term(rng, depth), term(rng, depth)]}


def rule(rng: random.Random, depth: int = 0) -> Any:
    kind = rng.random()
    if kind < 0.5 or depth > 3:
        return comparison(rng, depth)
    if kind < 0.8:
        return {
            rng.choice(["and", "or"]): [
                rule(rng, depth + 1) for _ in range(rng.randint(1, 3))
            ]
        }
    if kind < 0.88:
        return {
            rng.choice(["!", "!!"]): rng.choice(
                [rule(rng, depth + 1), [rule(rng, depth + 1)]]
            )
        }
    if kind < 0.94:
        return {
            rng.choice(["if", "?:"]): [
                rule(rng, depth + 1) for _ in range(rng.randint(2, 5))
            ]
        }
    return term(rng, depth)
