"""Conditions on fields: of customers, of events, of related rows."""

from __future__ import annotations

import random
from typing import Any

from population import documents, values

from .scope import Scope
from .windows import moment, window

Filter = dict[str, Any]

ORDER = ["eq", "ne", "lt", "lte", "gt", "gte"]
LOOK = ["contains", "not_contains", "starts_with", "not_starts_with", "ends_with", "not_ends_with", "eq", "ne"]
#: Numbers around those that documents hold, whole and not.
LARGE: list[Any] = [
    2**53 - 1, 2**53, 2**53 + 1, -(2**53) - 1, 2.0**53, -(2.0**53), 2**63 - 1, 2**63 - 2, -(2**63), 2.0**63, -(2.0**63), 1e19,
    12345678901234567890.0, 2.0**64, 1e20, 1e300, -1e300, 1e-7, 5e-324, 0.1, 0.30000000000000004, -0.0, 0, 1, 1.0, 100, 100.0,
]
PATTERNS = ["a", "^a", "b$", "[a-z]+", "^.$", "\\d{2,4}", "(a|b)c?", "^[^a]*$", "\\\\", "\\s", "^$", "é|á", "'"]


def leaf(field: str, op: str, value: Any = None) -> Filter:
    """A condition."""
    made: Filter = {"type": "condition", "field": field, "op": op}
    if value is not None:
        made["value"] = value
    return made


def comparison(rng: random.Random, pool: list[Any]) -> tuple[str, Any]:
    """An operator of ordered values, and what it takes."""
    kind = rng.randrange(8)
    if kind < 4:
        return rng.choice(ORDER), rng.choice(pool)
    if kind < 6:
        return rng.choice(["in", "not_in"]), [rng.choice(pool) for _ in range(rng.randint(1, 4))]
    return rng.choice(["between", "not_between"]), sorted([rng.choice(pool), rng.choice(pool)])


def _ordered(rng: random.Random, fields: list[str], pool: list[Any]) -> Filter:
    field = rng.choice(fields)
    if rng.random() < 0.1:
        return leaf(field, rng.choice(ORDER), {"field": rng.choice(fields)})
    return leaf(field, *comparison(rng, pool))


def decimal_value(rng: random.Random, value: Any) -> Any:
    """A decimal as a number or, to be exact, as a text."""
    if isinstance(value, list):
        return value
    return repr(value) if isinstance(value, float) and rng.random() < 0.5 else value


def _decimal(rng: random.Random, scope: Scope) -> Filter:
    made = _ordered(rng, scope.decimals, scope.decimal_values)
    made["value"] = decimal_value(rng, made["value"])
    return made


def _text(rng: random.Random, scope: Scope) -> Filter:
    if scope.ascii and rng.random() < 0.25:
        field = rng.choice(scope.ascii)
        wanted = rng.choice([text for text in scope.ascii_values if text])
        wanted = rng.choice([wanted, wanted.upper(), wanted.lower()])
        if rng.random() < 0.15:
            return {**leaf(field, rng.choice(["matches", "not_matches"]), rng.choice(PATTERNS[:7])), "case": "insensitive"}
        if rng.random() < 0.2:
            return {**leaf(field, rng.choice(["in", "not_in"]), [wanted, rng.choice(scope.ascii_values)]), "case": "insensitive"}
        return {**leaf(field, rng.choice(LOOK), wanted), "case": "insensitive"}
    field = rng.choice(scope.texts)
    if rng.random() < 0.12:
        return leaf(field, rng.choice(["matches", "not_matches"]), rng.choice(PATTERNS))
    return leaf(field, rng.choice(LOOK), rng.choice([text for text in scope.text_values if text]))


def _enum(rng: random.Random, field: str, known: list[str]) -> Filter:
    """A text of few values; most conditions name many of them, so that all, or none, may be meant."""
    kind = rng.randrange(6)
    if kind < 3:
        return leaf(field, rng.choice(["in", "not_in"]), rng.sample(known, rng.randint(1, len(known))))
    if kind < 4:
        return leaf(field, *comparison(rng, known))
    return leaf(field, rng.choice(LOOK), rng.choice([text for text in known if text]))


def _time(rng: random.Random, scope: Scope) -> Filter:
    field = rng.choice(scope.dates + scope.times)
    instants = field in scope.times
    if not instants and rng.random() < 0.15:
        return leaf(field, "anniversary_within", window(rng))
    if rng.random() < 0.4:
        return leaf(field, "within", window(rng, instants=instants))
    if rng.random() < 0.1:
        other = rng.choice(scope.times if instants else scope.dates)
        return leaf(field, rng.choice(["before", "after", *ORDER]), {"field": other})
    return leaf(field, rng.choice(["before", "after", "on", *ORDER]), moment(rng, instants=instants))


def list_test(rng: random.Random, field: str, pool: list[Any]) -> Filter:
    """A test of a list."""
    if rng.random() < 0.3:
        return leaf(field, "size", {rng.choice(ORDER): rng.randrange(4)})
    wanted = [rng.choice(pool) for _ in range(rng.randint(1, 3))]
    made = leaf(field, rng.choice(["has_any", "has_all", "has_none"]), wanted)
    # Letters that every database lowers alike.
    texts = [text for text in wanted if isinstance(text, str)]
    if texts and field != "numbers" and all(text.isascii() for text in texts) and rng.random() < 0.3:
        made["value"] = [rng.choice([text.upper(), text.lower()]) if isinstance(text, str) else text for text in wanted]
        made["case"] = "insensitive"
    return made


def condition(rng: random.Random, scope: Scope) -> Filter:
    """Any condition on the fields of a scope."""
    kinds: list[tuple[str, int]] = [("int", 4), ("float", 3), ("decimal", 2), ("set", 1)]
    kinds += [("order", 2), ("text", 4)] if scope.texts else []
    kinds += [("enum", 2)] if scope.enums else []
    kinds += [("time", 4)] if scope.dates or scope.times else []
    kinds += [("list", 2), ("empty", 1)] if scope.lists else []
    kinds += [("bool", 1)] if scope.bools else []
    kind = rng.choices([name for name, _ in kinds], [weight for _, weight in kinds])[0]
    if kind == "int":
        made = _ordered(rng, scope.ints, scope.int_values)
        # Mixed numbers: an int beside a float or a decimal.
        if isinstance(made["value"], dict) and rng.random() < 0.5:
            made["value"] = {"field": rng.choice([*scope.floats, *scope.decimals])}
    elif kind == "float":
        made = _ordered(rng, scope.floats, scope.float_values)
    elif kind == "decimal":
        made = _decimal(rng, scope)
    elif kind == "order":
        made = _ordered(rng, scope.texts, scope.text_values)
    elif kind == "text":
        made = _text(rng, scope)
    elif kind == "time":
        made = _time(rng, scope)
    elif kind == "list":
        made = list_test(rng, *rng.choice(scope.lists))
    elif kind == "enum":
        made = _enum(rng, *rng.choice(scope.enums))
    elif kind == "bool":
        made = leaf(rng.choice(scope.bools), rng.choice(["eq", "ne"]), rng.random() < 0.5)
    elif kind == "empty":
        made = leaf(rng.choice([*scope.texts, *(name for name, _ in scope.lists)]), "is_empty")
    else:
        names = [*scope.ints, *scope.floats, *scope.decimals, *scope.texts, *scope.bools, *scope.dates, *scope.times]
        names += [name for name, _ in [*scope.lists, *scope.enums]] + scope.documents
        return leaf(rng.choice(names), rng.choice(["is_set", "is_not_set"]))
    if rng.random() < 0.2:
        made["missing"] = rng.choice(["include", "exclude"])
    return made


def where(rng: random.Random, scope: Scope, depth: int = 2) -> Filter:
    """What a `where` can hold: conditions and groups of them."""
    kind = rng.randrange(10)
    if depth == 0 or kind < 6:
        return condition(rng, scope)
    if kind == 6:
        return {"type": "not", "child": where(rng, scope, depth - 1)}
    children = [where(rng, scope, depth - 1) for _ in range(rng.randint(1, 3))]
    if kind == 7:
        return {"type": "at_least", "n": rng.randint(1, len(children)), "children": children}
    return {"type": rng.choice(["and", "or"]), "children": children}


def document(rng: random.Random) -> Filter:
    """A condition inside a JSON document, where any kind of value can stand."""
    tiers: list[Any] = ["gold", "Gold", "silver", "", "it's", "1", 1, True, "true", "x"]
    seats: list[Any] = [1, 2, 3, "1", 1.5, -1, 0, True, 2.0]
    numbers: list[Any] = [*LARGE, *LARGE, *seats, "9007199254740993", "1e2"]
    path, pool = rng.choice(
        [
            ("facts.big", numbers), ("facts.big", LARGE), ("facts.list", numbers), ("facts.list.0", numbers),
            ("facts.deep.a.b.0.c", numbers), ("facts", [*LARGE, "n"]), ("facts.deep.a.b.0.c.1", numbers),
            *((f"facts.{key}", [*numbers, *values.TEXTS]) for key in rng.sample(documents.KEYS, 4)),
            ("attributes.plan.tier", tiers), ("attributes.plan.seats", seats), ("attributes.name", values.TEXTS),
            ("attributes.flags", ["a", "b", "A", 1, "1", True, "it's", 1.5]), ("attributes.flags.0", ["a", 1, "A", True]),
            ("attributes.plan", ["gold", 1]), ("attributes", ["gold", 1, True]), ("attributes.none", [1]),
            ("attributes.flags.1", ["b", 2, "1"]),
        ]
    )
    kind = rng.randrange(10)
    if kind < 3:
        made = leaf(path, rng.choice(["eq", "ne"]), rng.choice(pool))
    elif kind < 4:
        made = leaf(path, rng.choice(["in", "not_in"]), [rng.choice(pool) for _ in range(rng.randint(1, 4))])
    elif kind < 6:
        same = [v for v in pool if type(v) in rng.choice([(str,), (int, float)])] or pool
        op = rng.choice(["lt", "lte", "gt", "gte", "between", "not_between"])
        two = [rng.choice(same), rng.choice(same)]
        made = leaf(path, op, (two if str in map(type, two) and len({*map(type, two)}) > 1 else sorted(two)) if "between" in op else two[0])
    elif kind < 7:
        made = leaf(path, rng.choice(LOOK), rng.choice([v for v in pool if isinstance(v, str) and v] or ["a"]))
    elif kind < 9:
        made = list_test(rng, path, pool)
    else:
        return leaf(path, rng.choice(["is_set", "is_not_set", "is_empty"]))
    if rng.random() < 0.2:
        made["missing"] = rng.choice(["include", "exclude"])
    return made
