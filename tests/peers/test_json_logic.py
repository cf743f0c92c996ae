"""Random rules: what json-logic-js makes of them for each customer, against ours; and the published cases."""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from pathlib import Path

import compat
import pytest
import rules
from conftest import Lines


def test_random_rules_are_true_of_the_same_customers(
    pytestconfig: pytest.Config, peers: Lines, ours: Lines
) -> None:
    rng = random.Random(f"rules {pytestconfig.getoption('seed')}")
    customers = rules.rows(rng, 60)
    seen = [rules.data(row) for row in customers]
    assert ours.ask(catalog=rules.catalog(), rows=customers) == {"ready": True}
    same = refused = back = 0
    for _ in range(pytestconfig.getoption("cases")):
        rule = rules.rule(rng)
        answer = ours.ask(
            **{"from": "json_logic", "to": "json_logic", "text": json.dumps(rule)}
        )
        if "refused" in answer:
            refused += 1
            continue
        expected = peers.ask(ask="json_logic", rule=rule, rows=seen)["answer"]
        shown = f"{json.dumps(rule)}\n{answer['filter']}"
        assert answer["members"] == expected, (
            f"{shown}\n{differing(answer['members'], expected, customers)}"
        )
        same += 1
        if "written" not in answer:
            continue
        written = answer["written"]
        again = peers.ask(ask="json_logic", rule=written, rows=seen)["answer"]
        assert again == expected, (
            f"{shown}\n{json.dumps(written)}\n{differing(again, expected, customers)}"
        )
        read = ours.ask(**{"from": "json_logic", "text": json.dumps(written)})
        assert read.get("members") == expected, (
            f"{shown}\n{json.dumps(written)}\n{read}"
        )
        back += 1
    print(f"\nrules: {same} the same, {refused} refused; {back} written back")
    assert same > 0.4 * (same + refused)
    assert back > 0.5 * same


def differing(
    found: list[bool], expected: list[bool], customers: list[dict[str, object]]
) -> str:
    pairs = zip(found, expected, customers, strict=True)
    return "\n".join(f"ours {a}, theirs {b}: {row}" for a, b, row in pairs if a != b)


def test_published_cases_agree_or_are_refused(peers: Lines, ours: Lines) -> None:
    """The compatibility tables of JsonLogic, in a folder named by JSON_LOGIC_CASES."""
    folder = Path(os.environ.get("JSON_LOGIC_CASES") or "")
    if not os.environ.get("JSON_LOGIC_CASES") or not folder.is_dir():
        pytest.skip(
            "SKIPPED the published cases: set JSON_LOGIC_CASES to a folder with github.com/json-logic/compat-tables"
        )
    counts: Counter[str] = Counter()
    for file, (rule, data, result), is_error in compat.cases(folder):
        verdicts = set()
        for catalog, row in compat.audiences(rule, data):
            assert ours.ask(catalog=catalog, rows=[row]) == {"ready": True}
            answer = ours.ask(**{"from": "json_logic", "text": json.dumps(rule)})
            verdicts |= set(answer.get("members", []))
        if not verdicts:
            counts["refused"] += 1
            continue
        shown = f"{file}: {json.dumps(rule)} of {json.dumps(data)}"
        if is_error:
            # Where the tables want an error, the library answers; so do we then.
            assert verdicts == set(
                peers.ask(ask="json_logic", rule=rule, rows=[data])["answer"]
            ), shown
            counts["as json-logic-js, where the tables want an error"] += 1
            continue
        assert verdicts == {compat.truthy(result)}, shown
        counts["agree"] += 1
    print(f"\npublished cases: {dict(counts)}")
    assert counts["agree"] > 500
