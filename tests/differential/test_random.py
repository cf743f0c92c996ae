"""The same random filters select the same customers everywhere."""

from __future__ import annotations

import random
from typing import Any

import cvm
import engines
import pytest
from conftest import show
from filters import Filter, random_filter, smaller

Keys = set[int]


def _valid(engine: cvm.Engine, count: int, seed: int) -> list[Filter]:
    """Random filters that the checker accepts: a range that ends before it begins is nothing to compare."""
    rng = random.Random(f"filters {seed}")
    found: list[Filter] = []
    while len(found) < count:
        candidate = random_filter(rng)
        if not engine.validate(candidate):
            found.append(candidate)
    return found


@pytest.fixture(scope="module")
def tried(engine: cvm.Engine, pytestconfig: pytest.Config) -> list[Filter]:
    seed, count = pytestconfig.getoption("seed"), pytestconfig.getoption("filters")
    print(f"\n{count} random filters from seed {seed}")
    return _valid(engine, count, seed)


@pytest.fixture(scope="module")
def expected(engine: cvm.Engine, tried: list[Filter]) -> list[Keys]:
    """What the reference evaluator says."""
    return [set(engine.reference_members(f)) for f in tried]


def _smallest(f: Filter, differs: Any) -> Filter:
    """The smallest part of a filter that still shows the difference."""
    for candidate in smaller(f):
        if differs(candidate):
            return _smallest(candidate, differs)
    return f


def _report(f: Filter, want: Keys, got: Keys, extra: str = "") -> str:
    return f"\n{show(f)}\n{cvm.Filter(f)}\nmissing: {sorted(want - got)}\ntoo many: {sorted(got - want)}\n{extra}"


def test_reference_splits_the_customers(engine: cvm.Engine, tried: list[Filter], expected: list[Keys]) -> None:
    everyone = set(engine.reference_members({"type": "everyone"}))
    for f, inside in zip(tried[:200], expected, strict=False):
        outside = set(engine.reference_members({"type": "not", "child": f}))
        assert inside | outside == everyone and not inside & outside, show(f)


def test_most_filters_say_something(expected: list[Keys], customers: list[Any]) -> None:
    """A comparison of empty sets would prove nothing."""
    some = sum(0 < len(keys) < len(customers) for keys in expected)
    assert some > len(expected) / 2


def test_datafusion(engine: cvm.Engine, tried: list[Filter], expected: list[Keys]) -> None:
    def run(f: Filter) -> Keys:
        return {row["id"] for row in engine.members(f).to_dicts()}

    for f, want in zip(tried, expected, strict=True):
        got = run(f)
        if got != want:
            least = _smallest(f, lambda g: not engine.validate(g) and run(g) != set(engine.reference_members(g)))
            pytest.fail(_report(least, set(engine.reference_members(least)), run(least)))
        assert engine.count(f) == len(want), show(f)


def test_optimized(engine: cvm.Engine, tried: list[Filter], expected: list[Keys]) -> None:
    for f, want in zip(tried, expected, strict=True):
        result = engine.optimize(f)
        assert set(engine.reference_members(result.filter)) == want, show(f)


def test_database(engine: cvm.Engine, database: engines.Database, tried: list[Filter], expected: list[Keys]) -> None:
    notes, unsupported = 0, 0

    def run(f: Filter, parameters: bool) -> Keys:
        query = engine.sql(f, dialect=database.dialect, parameters=parameters)
        keys = database.keys(query.sql, list(query.params))
        assert len(keys) == len(set(keys)), f"a customer twice: {query.sql}"
        return set(keys)

    for i, (f, want) in enumerate(zip(tried, expected, strict=True)):
        parameters = i % 2 == 0
        try:
            got = run(f, parameters)
        except NotImplementedError as error:
            # What a dialect can't say exactly is refused; which nodes those are is tested by name elsewhere.
            assert error.code == "CVM_NOT_SUPPORTED"  # type: ignore[attr-defined]
            unsupported += 1
            continue
        if got != want:
            def differs(g: Filter) -> bool:
                if engine.validate(g):
                    return False
                try:
                    return run(g, parameters) != set(engine.reference_members(g))
                except NotImplementedError:
                    return False

            least = _smallest(f, differs)
            query = engine.sql(least, dialect=database.dialect, parameters=parameters)
            report = _report(least, set(engine.reference_members(least)), run(least, parameters), f"{query.sql}\n{query.params}")
            pytest.fail(f"{database.name}: {report}")
    print(f"{database.name}: {len(tried) - unsupported} filters agree, {unsupported} refused")
    limit = 0.5 if database.dialect == "sqlite" else 0.0
    assert unsupported <= len(tried) * limit
