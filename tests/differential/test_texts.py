"""Dialects whose databases can't run here: sqlglot reads every statement, and its translation gives the same members."""

from __future__ import annotations

import json
import random
import time
from collections import Counter

import cvm
import pytest
from audience import engine_of
from checks import Case, Refused, literal_statements
from conftest import speaks
from engines.base import lists_there
from filters import Filter, random_filter
from population import Data
from shrink import smallest_filter
from translate import DIALECTS, database, translate


@pytest.mark.parametrize("dialect", list(DIALECTS))
def test_texts(engine: cvm.Engine, data: Data, dialect: str, families: list[str], pytestconfig: pytest.Config) -> None:
    if not speaks(engine, dialect):
        pytest.skip(f"SKIPPED: this version has no dialect {dialect}")
    if dialect == "bigquery":
        # Its lists can't be missing.
        data = lists_there(data)
        engine = engine_of(data)
    seed, count = pytestconfig.getoption("seed"), max(40, pytestconfig.getoption("filters") // 8)
    rng = random.Random(f"texts {seed}")
    drawn = [random_filter(rng, families) for _ in range(count)]
    cases = Case.of(engine, [f for f in drawn if not engine.validate(f)])
    connection = database(dialect, data)
    refused: Counter[str] = Counter()

    def wrong(case: Case) -> str:
        for statement in literal_statements(engine, dialect, case):
            text = translate(statement.sql, dialect)
            try:
                got = [row[0] for row in connection.execute(text).fetchall()]
            except Exception as error:
                return f"{error}\n{statement.sql}\n{text}"
            difference = statement.judge(case.filter, got)
            if difference:
                return f"{difference}\n{text}"
        return ""

    def differs(f: Filter) -> bool:
        try:
            return not engine.validate(f) and bool(wrong(Case.of(engine, [f])[0]))
        except (Refused, NotImplementedError):
            return False

    started = time.monotonic()
    for case in cases:
        try:
            found = wrong(case)
        except Refused as error:
            refused[str(error).split(f"{dialect}: ")[-1][:160]] += 1
            continue
        if found:
            least = smallest_filter(case.filter, differs, time.monotonic() + 20)
            pytest.fail(f"{cvm.Filter(least)}\n{json.dumps(least, ensure_ascii=False)}\n{wrong(Case.of(engine, [least])[0]) or found}")
    agree = len(cases) - sum(refused.values())
    print(f"\n{dialect}: {agree} of {len(cases)} filters, {sum(refused.values())} refused, {time.monotonic() - started:.0f} s")
    for reason, times in refused.most_common():
        print(f"  {times} × {reason}")
    assert agree > len(cases) / 2
