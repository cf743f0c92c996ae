"""Random queries: the SQL that react-querybuilder writes of them, run in SQLite, against ours."""

from __future__ import annotations

import json
import random
import sqlite3
from typing import Any

import pytest
import queries
from conftest import Lines


@pytest.fixture(scope="module")
def customers(pytestconfig: pytest.Config, ours: Lines) -> list[dict[str, Any]]:
    made = queries.rows(random.Random(f"rows {pytestconfig.getoption('seed')}"), 80)
    assert ours.ask(catalog=queries.catalog(), rows=made) == {"ready": True}
    return made


@pytest.fixture(scope="module")
def connection(customers: list[dict[str, Any]]) -> sqlite3.Connection:
    return queries.database(customers)


def chosen(answer: dict[str, Any], customers: list[dict[str, Any]]) -> list[int]:
    return [
        row["id"]
        for row, inside in zip(customers, answer["members"], strict=True)
        if inside
    ]


def test_random_queries_select_the_same_customers(
    pytestconfig: pytest.Config,
    peers: Lines,
    ours: Lines,
    customers: list[dict[str, Any]],
    connection: sqlite3.Connection,
) -> None:
    rng = random.Random(f"queries {pytestconfig.getoption('seed')}")
    same = refused = back = 0
    for _ in range(pytestconfig.getoption("cases")):
        query = queries.group(rng)
        answer = ours.ask(
            **{
                "from": "react_querybuilder",
                "to": "react_querybuilder",
                "text": json.dumps(query),
            }
        )
        if "refused" in answer:
            assert answer["refused"][0]["path"].startswith("/"), answer
            refused += 1
            continue
        sql = peers.ask(ask="sql", query=query)["answer"]
        expected = queries.members(connection, sql)
        shown = f"{json.dumps(query)}\n{sql}\n{answer['filter']}"
        assert chosen(answer, customers) == expected, shown
        same += 1
        if "written" not in answer:
            continue
        # What is written of our filter says the same, to them and to us.
        written = answer["written"]
        sql = peers.ask(ask="sql", query=written)["answer"]
        assert queries.members(connection, sql) == expected, (
            f"{shown}\n{json.dumps(written)}\n{sql}"
        )
        again = ours.ask(**{"from": "react_querybuilder", "text": json.dumps(written)})
        assert chosen(again, customers) == expected, (
            f"{shown}\n{json.dumps(written)}\n{again}"
        )
        back += 1
    print(f"\nqueries: {same} the same, {refused} refused; {back} written back")
    # The rest holds empty or muted groups, or ranges the wrong way round.
    assert same > 0.6 * (same + refused)
    assert back > 0.5 * same
