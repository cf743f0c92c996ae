"""The recipe of docs/push-down.md: its own code and statements, run on real databases, give the reference's members.

Snowflake and BigQuery can't run here: their statements are read by sqlglot, and run as it writes them for DuckDB.
"""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

import cvm
import duckdb
import psycopg
import pymysql
import pytest
import sqlglot

import engines
import translate
from push_down import AS_OF, BEFORE, SEGMENTS, Place, Rows, fill, page, reference, wanted


def _agrees(place: Place) -> None:
    """A run and its repetition, other dates, a run that finds fewer, one that finds nobody, one that fails."""
    want, before = wanted(SEGMENTS), wanted(SEGMENTS, BEFORE)
    assert {segment for segment, _ in want} == set(SEGMENTS) - {"nobody"}, "each segment shall have members"
    assert want != before

    place.fresh()
    place.run(SEGMENTS, "first", at_once=3 if place.slow else 1)
    assert place.members() == want
    place.run(SEGMENTS, "again", at_once=len(SEGMENTS))
    assert place.members() == want
    assert place.runs() == {"again"}

    place.run(SEGMENTS, "before", as_of=BEFORE, at_once=2)
    assert place.members(BEFORE) == before
    assert place.members() == want

    with pytest.raises(Exception, match=r"(?i)ghost"):
        page.nightly(place.execute, place.recipe, _with_ghost(), {**page.SEGMENTS, "ghost": "ghost = 1"}, AS_OF, "failed")
    assert place.members() == want
    assert place.members(BEFORE) == before
    assert place.left_behind() == []
    with pytest.raises(cvm.FilterError):
        place.run({**SEGMENTS, "wrong": "countri = 'FR'"}, "wrong")
    assert place.members() == want

    fewer = {"loyal": SEGMENTS["loyal"] + " and country = 'FR'"}
    assert 0 < len(wanted(fewer)) < len(wanted({"loyal": SEGMENTS["loyal"]}))
    place.run(fewer, "fewer")
    assert place.members() == wanted(fewer)
    place.run({"nobody": "nobody"}, "none")
    assert place.members() == Counter()
    assert place.members(BEFORE) == before
    assert place.left_behind() == []


def _two_at_once(place: Place, server: str) -> None:
    """PostgreSQL: the later of two runs of one date waits, fails, and leaves nothing."""
    made = page.statements(place.recipe, page.CATALOG, SEGMENTS, AS_OF, "first")
    with psycopg.connect(server, autocommit=True) as other:
        failed: list[Exception] = []

        def later() -> None:
            try:
                page.nightly(other.execute, place.recipe, page.CATALOG, SEGMENTS, AS_OF, "later")
            except psycopg.Error as error:
                failed.append(error)

        for there in (False, True):
            place.fresh()
            if there:
                place.run(SEGMENTS, "there")
            for statement in made[:-1]:
                place.execute(statement)
            thread = threading.Thread(target=later)
            thread.start()
            thread.join(1)
            assert thread.is_alive(), "it waits for the first"
            place.execute(made[-1])
            thread.join(30)
            assert len(failed) == 1 + there
            assert place.members() == wanted(SEGMENTS)
            assert place.runs() == {"first"}


def _nobody_waits(place: Place, database: engines.Database) -> None:
    """MariaDB: a run that is not at its end keeps nobody from writing to the tables that it reads."""
    made = page.statements(place.recipe, page.CATALOG, SEGMENTS, AS_OF, "long")
    server = {"host": "127.0.0.1", "port": database.server.port, "user": "root", "autocommit": True}
    with pymysql.connect(**server) as other, other.cursor() as cursor:
        cursor.execute("SET innodb_lock_wait_timeout = 1")
        for statement in made[:-1]:
            place.execute(statement)
        cursor.execute("UPDATE shop.purchases SET amount = amount")
        cursor.execute("UPDATE crm.customers SET newsletter = newsletter")
        cursor.execute("INSERT INTO crm.customers VALUES (1000, 'FR', NULL, NULL)")
        cursor.execute("DELETE FROM crm.customers WHERE customer_id = 1000")
        place.execute(made[-1])
        assert place.members() == wanted(SEGMENTS)


def _with_ghost() -> dict[str, Any]:
    """A catalog with a column that the database has not: its run fails in the middle."""
    customers = page.CATALOG["customers"]
    return {**page.CATALOG, "customers": {**customers, "fields": [*customers["fields"], {"name": "ghost", "type": "int"}]}}


def _asks(place: Place) -> None:
    """The view, made twice, count, funnel, a table of keys, and a segment that stands on members that are kept."""
    place.fresh()
    engine = page.planner(page.CATALOG, AS_OF)
    dialect = place.recipe["dialect"]
    alone = place.table.replace("segment_members", "alone")
    place.execute(f"DROP TABLE IF EXISTS {alone}")
    # A table with the key's column and no rows.
    place.execute(f"CREATE TABLE {alone} AS {engine.sql('nobody', dialect=dialect, parameters=False).sql}")
    insert = engine.sql(SEGMENTS["loyal"], dialect=dialect, statement="insert", into="marketing.alone", parameters=False)
    place.execute(insert.sql)
    found = sorted(row[0] for row in place.rows(f"SELECT customer_id FROM {alone}"))
    assert found == sorted(key for _, key in wanted({"loyal": SEGMENTS["loyal"]}))

    for segment, text in list(page.SEGMENTS.items())[: 1 if place.slow else None]:
        want = {key for _, key in wanted({segment: text})}
        for _ in range(2):
            place.execute(page.view(place.recipe, page.CATALOG, "marketing.now", text))
        made = place.rows(f"SELECT customer_id FROM {place.table.replace('segment_members', 'now')}")
        assert sorted(row[0] for row in made) == sorted(want), segment
        count = engine.sql(text, dialect=dialect, statement="count", parameters=False)
        assert place.rows(count.sql) == [(len(want),)]
        funnel = engine.sql(text, dialect=dialect, statement="funnel", parameters=False)
        steps = reference().funnel(text)
        assert [tuple(row)[1:] for row in sorted(place.rows(funnel.sql))] == [
            (step["path"], step["alone"], step["together"]) for step in steps
        ]

    place.fresh()
    place.run({"loyal": SEGMENTS["loyal"]}, "kept")
    place.execute(page.kept("loyal", AS_OF, place.quote))
    text = "segment loyal and country = 'FR'"
    query = page.planner(page.KEPT, AS_OF).sql(text, dialect=dialect, parameters=False, materialized=True)
    assert "loyal_kept" in query.sql
    found = sorted(row[0] for row in place.rows(query.sql))
    assert found == sorted(key for _, key in wanted({"both": SEGMENTS["loyal"] + " and country = 'FR'"}))
    assert found
    for view in ("loyal_kept", "now"):
        place.execute(f"DROP VIEW {place.table.replace('segment_members', view)}")


@pytest.fixture(scope="session")
def place(database: engines.Database) -> Place:
    """Each database that the page has a recipe for."""
    recipes = {recipe["dialect"]: recipe for recipe in (page.POSTGRESQL, page.CLICKHOUSE, page.SPARK, page.DUCKDB)}
    recipe = page.MARIADB if database.name == "mariadb" else recipes.get(database.dialect)
    if recipe is None:
        pytest.skip(f"SKIPPED {database.name}: the page has no recipe for it")
    fill(database.execute, database.dialect)
    return Place(recipe, database.execute, database.rows)


def test_push_down(place: Place, database: engines.Database) -> None:
    _agrees(place)
    if database.name == "postgresql":
        _two_at_once(place, database.connection.info.dsn)
    if database.name == "mariadb":
        _nobody_waits(place, database)


def test_questions(place: Place) -> None:
    _asks(place)


@pytest.fixture(params=["snowflake", "bigquery"])
def translated(request: pytest.FixtureRequest) -> Place:
    """A database that can't run here: every statement is read as its own dialect, and run as DuckDB's."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("SET TimeZone = 'UTC'")
    fill(lambda sql: connection.execute(sql) and None, "duckdb")

    def rows(sql: str) -> Rows:
        return connection.execute(translate.translate(sql, request.param)).fetchall()

    return Place(getattr(page, request.param.upper()), lambda sql: rows(sql) and None, rows)


def test_translated(translated: Place) -> None:
    if translated.recipe["dialect"] == "bigquery":
        # Its transaction is rolled back by itself when a script fails; DuckDB wants to be told.
        translated.recipe = {**translated.recipe, "undo": ["ROLLBACK TRANSACTION"]}
    _agrees(translated)
    _asks(translated)


@pytest.mark.parametrize("dialect", ["snowflake", "bigquery"])
def test_a_script_is_read_as_the_statements_it_is_made_of(dialect: str) -> None:
    """BigQuery takes a run as one script: what stands in texts ends no statement. Nothing is passed on unread."""
    recipe = getattr(page, dialect.upper())
    made = [*recipe["once"], *page.statements(recipe, page.CATALOG, SEGMENTS, AS_OF, "run")]
    read = sqlglot.parse(";\n".join(made), dialect=dialect)
    assert [tree and tree.sql(dialect) for tree in read] == [
        sqlglot.parse_one(statement, dialect=dialect).sql(dialect) for statement in made
    ]
    assert not any(isinstance(tree, sqlglot.exp.Command) for tree in read)


@pytest.mark.parametrize("name", ["a b", "it's", "x;", "", "x\n", "é"])
def test_names_that_would_change_the_sql_are_refused(name: str) -> None:
    for segments, run_id in (({name: "everyone"}, "run"), ({"all": "everyone"}, name)):
        with pytest.raises(ValueError, match="names of runs and segments"):
            page.statements(page.POSTGRESQL, page.CATALOG, segments, AS_OF, run_id)


def test_a_run_without_segments_is_refused() -> None:
    """It would empty its date."""
    with pytest.raises(ValueError, match="no segments"):
        page.statements(page.POSTGRESQL, page.CATALOG, {}, AS_OF, "run")
