"""The same random filters select the same customers everywhere."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import cvm
import engines
import pytest
from audience import engine_of
from checks import Case, Difference, Refused, check, check_many, literal_statements
from filters import Filter, random_filter, smaller
from population import Data
from shrink import keep, shrink, smallest_filter

#: A database that is wrong in so many ways is looked at before more are searched for.
MOST = 8


@pytest.fixture(scope="module")
def tried(engine: cvm.Engine, data: Data, families: list[str], pytestconfig: pytest.Config) -> list[Case]:
    """Random filters with their members; of those that select all or none, one in four."""
    seed, count = pytestconfig.getoption("seed"), pytestconfig.getoption("filters")
    print(f"\n{count} random filters of {', '.join(families)} from seed {seed}")
    started = time.monotonic()
    rng = random.Random(f"filters {seed}")
    found: list[Case] = []
    while len(found) < count:
        drawn = [random_filter(rng, families) for _ in range(min(500, count))]
        # A range that ends before it begins is nothing to compare.
        for case in Case.of(engine, [f for f in drawn if not engine.validate(f)]):
            if 0 < len(case.want) < len(data["customers"]) or rng.random() < 0.25:
                found.append(case)
    print(f"reference: {time.monotonic() - started:.0f} s")
    return found[:count]


def test_most_filters_say_something(tried: list[Case]) -> None:
    """A comparison of empty sets would prove nothing."""
    assert sum(bool(case.want) and bool(case.rest) for case in tried) > len(tried) * 0.8


@pytest.mark.parametrize("name", ["datafusion", "index"])
def test_own_execution(engine: cvm.Engine, data: Data, tried: list[Case], name: str) -> None:
    own = engine
    if name == "index":
        own = engine_of(data, index_memory=1 << 30)
        assert own.prepare()["state"] == "ready"

    def run(f: Filter) -> set[int]:
        keys = [row["id"] for row in own.members(f).to_dicts()]
        assert len(keys) == len(set(keys)), "a customer twice"
        return set(keys)

    def wrong(f: Filter) -> bool:
        try:
            return not engine.validate(f) and run(f) != set(engine.reference_members(f))
        except (cvm.CvmError, NotImplementedError, AssertionError):
            return True

    started = time.monotonic()
    for case in tried:
        if wrong(case.filled):
            least = smallest_filter(case.filled, wrong, time.monotonic() + 60)
            print(f"{cvm.Filter(least).to_json()}\n{cvm.Filter(least)}")
            want, got = set(engine.reference_members(least)), run(least)
            pytest.fail(f"missing: {want - got}\ntoo many: {got - want}")
        assert own.count(case.filter) == len(case.want), cvm.Filter(case.filter)
    print(f"\n{name}: {len(tried)} filters compared in {time.monotonic() - started:.0f} s")
    if name == "index":
        filters = [case.filter for case in tried]
        assert own.counts(filters) == [len(case.want) for case in tried]
        inside = [{row["id"] for row in rows.to_dicts()} for rows in own.members_of(filters)]
        assert inside == [case.want for case in tried]
        taken: set[int] = set()
        for case, cell in zip(tried, own.waterfall(filters), strict=True):
            assert cell == len(case.want - taken), cvm.Filter(case.filter)
            taken |= case.want
        few = tried[:40]
        overlap = own.overlap([case.filter for case in few])
        assert overlap == [[len(a.want & b.want) for b in few] for a in few]


def _differences(
    engine: cvm.Engine, database: engines.Database, cases: list[Case], refused: Counter[str]
) -> Iterator[Difference]:
    """Runs all cases; those that come back one by one take turns with parameters and literals."""
    said: list[Case] = []
    for case in cases:
        try:
            literal_statements(engine, database.dialect, case)
            said.append(case)
        except Refused as error:
            refused[re.sub(r" at /[^:]*", "", str(error).split("\n")[0])[:160]] += 1
    size = max(1, database.batch // 4)
    if database.batch == 1:
        for i, case in enumerate(said):
            difference = check(engine, database, case, parameters=i % 2 == 0)
            if difference:
                yield difference
        return
    for start in range(0, len(said), size):
        for _, difference in check_many(engine, database, said[start : start + size]):
            if difference:
                yield difference
        # One of each batch by itself, with parameters.
        difference = check(engine, database, said[start], parameters=True)
        if difference:
            yield difference


def _kind_of(f: Any) -> str:
    """A filter without its names and values: differences of one kind are told once."""
    if isinstance(f, dict):
        parts = [f"{key}:{_kind_of(value)}" for key, value in f.items() if key not in ("field", "value", "event", "op")]
        positive = str(f.get("op", "")).removeprefix("not_").replace("ne", "eq")
        # Of values it is said whether they are many.
        return f"{{{','.join(parts)} {positive} {type(f.get('value')).__name__}}}"
    return ",".join(map(_kind_of, f)) if isinstance(f, list) else re.sub(r"\d+", "", str(f))


def test_database(
    engine: cvm.Engine, database: engines.Database, tried: list[Case], data: Data, pytestconfig: pytest.Config
) -> None:
    seed = pytestconfig.getoption("seed")
    cases = tried[: max(20, int(len(tried) * database.share))]
    database.show("population", data)
    stored = database.as_stored(data)
    if stored is not data:
        # What the database can't keep apart is one there, and for the reference.
        engine = engine_of(stored)
        cases = Case.of(engine, [case.filter for case in cases])
    started = time.monotonic()
    refused: Counter[str] = Counter()
    reports: list[str] = []
    seen: set[str] = set()
    for difference in _differences(engine, database, cases, refused):
        # The same complaint many times over is one difference.
        complaint = re.sub(r"'[^']*'|\d+", "", difference.error)[:120]
        if complaint and complaint in seen:
            continue
        seen.add(complaint)
        case = shrink(engine, database, data, difference, 60 if database.name == "spark" else 20)
        if (kind := _kind_of(case["filter"])) in seen:
            continue
        seen.add(kind)
        path = keep(case, database.name, seed, len(reports))
        wrong = case["error"] or f"missing: {case['missing']}, too many: {case['too_many']}"
        reports.append(f"{case['name']} ({path.name})\n{case['text']}\n{cvm.Filter(case['filter']).to_json()}\n{wrong}\n{case['sql']}\n{case['rows']}")
        if len(reports) == MOST:
            break
    took = time.monotonic() - started
    agree = len(cases) - sum(refused.values())
    print(f"\n{database.name}: {agree} of {len(cases)} filters compared in {took:.0f} s, {sum(refused.values())} refused")
    for reason, times in refused.most_common():
        print(f"  {times} × {reason}")
    if reports:
        pytest.fail(f"{len(reports)} differences (seed {seed})\n\n" + "\n\n".join(reports))
    # What can't be said exactly is refused; if that were most filters, nothing would be shown.
    assert sum(refused.values()) <= len(cases) * (0.5 if database.dialect == "sqlite" else 0.4)


def test_shrinking() -> None:
    """A filter shrinks to the leaf that is to blame."""
    blame = {"type": "condition", "field": "i", "op": "in", "value": [1, 2, 3]}
    f: Filter = {"type": "and", "children": [{"type": "everyone"}, {"type": "not", "child": {"type": "or", "children": [blame]}}]}
    assert smaller(f)

    def wrong(g: Filter) -> bool:
        return "'field': 'i'" in str(g) and "2" in str(g.get("value", g))

    assert smallest_filter(f, wrong, time.monotonic() + 5) == {**blame, "value": [2]}
