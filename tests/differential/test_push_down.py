"""The recipe of docs/push-down.md: its own code and statements, run on real databases, give the reference's members.

Snowflake and BigQuery can't run here: their statements are read by sqlglot, and run as it writes them for DuckDB.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import random
import re
import threading
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cvm
import duckdb
import engines
import psycopg
import pyarrow as pa
import pymysql
import pytest
import sqlglot
import translate

PAGE = Path(__file__).parents[2] / "docs/push-down.md"
BLOCK = re.compile(r"^```python[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)

NOW = dt.datetime.now(dt.timezone.utc).replace(microsecond=0)
AS_OF = NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
#: Another date, with members of its own.
BEFORE = (NOW - dt.timedelta(days=60)).strftime("%Y-%m-%dT%H:%M:%SZ")
#: How many days ago things were bought: nothing near the edge of a window at either date, as seconds pass while this runs.
DAYS = [-2, 1, 5, 40, 80, 85, 100, 140, 170, 200, 260, 400]

#: What a careless recipe takes for its own: quotes, braces, the end of a statement.
ODD = {"odd": "country != 'it''s {run_id}; -- \\' without missing", "nobody": "nobody"}


def _page() -> SimpleNamespace:
    """What the page's code defines."""
    code = "\n".join(BLOCK.findall(PAGE.read_text(encoding="utf-8")))
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(code, str(PAGE), "exec"), names)
    return SimpleNamespace(**names)


page = _page()
SEGMENTS: dict[str, str] = {**page.SEGMENTS, **ODD}
Rows = list[tuple[Any, ...]]

#: The types of the columns, and how an instant is written.
TYPES: dict[str, tuple[dict[str, str], str]] = {
    "postgresql": (
        {"int": "bigint", "string": "text", "bool": "boolean", "date": "date", "time": "timestamptz",
         "money": "numeric(12,2)"}, "TIMESTAMPTZ '{}+00'"),
    "duckdb": (
        {"int": "BIGINT", "string": "VARCHAR", "bool": "BOOLEAN", "date": "DATE", "time": "TIMESTAMPTZ",
         "money": "DECIMAL(12,2)"}, "TIMESTAMPTZ '{}+00'"),
    "mysql": (
        {"int": "BIGINT", "string": "VARCHAR(40)", "bool": "BOOLEAN", "date": "DATE", "time": "DATETIME(6)",
         "money": "DECIMAL(12,2)"}, "TIMESTAMP '{}'"),
    "clickhouse": (
        {"int": "Nullable(Int64)", "string": "Nullable(String)", "bool": "Nullable(Bool)", "date": "Nullable(Date32)",
         "time": "Nullable(DateTime64(6, 'UTC'))", "money": "Nullable(Decimal(12, 2))"}, "'{}'"),
    "spark": (
        {"int": "BIGINT", "string": "STRING", "bool": "BOOLEAN", "date": "DATE", "time": "TIMESTAMP",
         "money": "DECIMAL(12,2)"}, "TIMESTAMP '{}+00:00'"),
}  # fmt: skip
COLUMNS = {
    "crm.customers": {"customer_id": "int", "country": "string", "newsletter": "bool", "birthday": "date"},
    "shop.purchases": {"customer_id": "int", "bought_at": "time", "amount": "money"},
}
ARROW = {
    "int": pa.int64(), "string": pa.string(), "bool": pa.bool_(), "date": pa.date32(), "time": pa.timestamp("us", tz="UTC"),
    "money": pa.decimal128(12, 2),
}  # fmt: skip


def _population() -> dict[str, Rows]:
    rng = random.Random("push-down")
    customers: Rows = []
    purchases: Rows = []
    for key in range(120):
        country = rng.choice(["FR", "FR", "BE", "BE", "DE", "fr", "it's {run_id}; -- \\", None])
        customers.append((key, country, rng.choice([True, False, None, None]), rng.choice([dt.date(2000, 2, 29), None])))
        for _ in range(rng.choice([0, 0, 1, 2, 3, 5, 8])):
            moment = NOW - dt.timedelta(days=rng.choice(DAYS), hours=rng.randrange(-6, 7))
            amount = rng.choice([*(Decimal(text) for text in ("19.99", "20.00", "20.01", "300.00")), None])
            # Some belong to nobody or to a customer who is not there, some have no time.
            purchases.append((rng.choice([key, key, key, key, key, None, 999]), rng.choice([moment] * 9 + [None]), amount))
    return {"crm.customers": customers, "shop.purchases": purchases}


POPULATION = _population()


def _written(value: Any, time: str) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, dt.datetime):
        return time.format(value.strftime("%Y-%m-%d %H:%M:%S"))
    if isinstance(value, dt.date):
        return f"'{value}'" if time == "'{}'" else f"DATE '{value}'"
    return str(value)


def _texts(dialect: str) -> Callable[[str], str]:
    doubled = dialect in ("postgresql", "duckdb")
    return lambda text: "'" + (text if doubled else text.replace("\\", "\\\\")).replace("'", "''" if doubled else "\\'") + "'"


def _fill(execute: Callable[[str], None], dialect: str) -> None:
    """Makes the tables that the page's catalog names."""
    types, time = TYPES[dialect]
    text = _texts(dialect)
    end = {"clickhouse": " ENGINE = MergeTree ORDER BY tuple()", "spark": " USING parquet"}.get(dialect, "")
    for name, columns in COLUMNS.items():
        execute(f"CREATE {'DATABASE' if dialect == 'clickhouse' else 'SCHEMA'} IF NOT EXISTS {name.split('.')[0]}")
        execute(f"DROP TABLE IF EXISTS {name}")
        execute(f"CREATE TABLE {name} ({', '.join(f'{column} {types[ty]}' for column, ty in columns.items())}){end}")
        rows = [
            "(" + ", ".join(text(value) if isinstance(value, str) else _written(value, time) for value in row) + ")"
            for row in POPULATION[name]
        ]
        execute(f"INSERT INTO {name} VALUES {', '.join(rows)}")


_references: dict[str, cvm.Engine] = {}


def reference(as_of: str = AS_OF) -> cvm.Engine:
    """The same rows in our own engine, which then answers by the reference evaluator."""
    if as_of not in _references:
        customers, purchases = (
            pa.table(
                {
                    name: pa.array(column, ARROW[ty])
                    for (name, ty), column in zip(columns.items(), zip(*rows, strict=True), strict=True)
                }
            )
            for columns, rows in zip(COLUMNS.values(), POPULATION.values(), strict=True)
        )
        engine = cvm.Engine(as_of=as_of)
        engine.load_customers(customers, key="customer_id")
        engine.load_events(purchases, "customer_id", "purchase", "bought_at", table="purchases")
        catalog = json.dumps(page.CATALOG).replace('"crm.', '"').replace('"shop.', '"')
        engine.set_catalog(catalog)
        _references[as_of] = engine
    return _references[as_of]


def wanted(segments: dict[str, str], as_of: str = AS_OF) -> Counter[tuple[str, int]]:
    """The members of the segments, each once."""
    found = reference(as_of).reference_members_of(list(segments.values()))
    return Counter((segment, int(key)) for segment, keys in zip(segments, found, strict=True) for key in keys)


class Place:
    """A database with the page's tables, and the page's recipe for it."""

    def __init__(self, recipe: dict[str, Any], execute: Callable[[str], None], rows: Callable[[str], Rows]) -> None:
        self.recipe, self.execute, self.rows = recipe, execute, rows
        self.quote = '"' if recipe["dialect"] in ("postgresql", "duckdb", "clickhouse", "snowflake") else "`"
        #: Whether a statement costs much: then several segments go into one, and fewer are asked about.
        self.slow = recipe["dialect"] == "spark"
        #: The table of all members, as its recipe quotes it.
        self.table = re.sub(r"\w+", lambda name: f"{self.quote}{name[0]}{self.quote}", "marketing.segment_members")

    def fresh(self) -> None:
        """No runs yet; what is there once is made twice."""
        for statement in self.recipe["once"] * 2:
            self.execute(statement)
        self.execute(f"DROP TABLE {self.table}")
        for statement in self.recipe["once"] * 2:
            self.execute(statement)

    def run(self, segments: dict[str, str], run_id: str, as_of: str = AS_OF, at_once: int = 1) -> None:
        """A night."""
        page.nightly(self.execute, self.recipe, page.CATALOG, segments, as_of, run_id, at_once)

    def members(self, as_of: str = AS_OF) -> Counter[tuple[str, int]]:
        """What the table holds of a date."""
        found = self.rows(f"SELECT segment, customer_id, run_date FROM {self.table}")
        return Counter((segment, key) for segment, key, date in found if str(date) == as_of[:10])

    def runs(self) -> set[str]:
        """The runs that wrote what is there."""
        return {row[0] for row in self.rows(f"SELECT DISTINCT run_id FROM {self.table}")}

    def left_behind(self) -> list[str]:
        """The tables that runs made for themselves, where they make any."""
        if not any("CREATE TABLE" in statement for statement in self.recipe["begin"]):
            return []
        spark = self.recipe["dialect"] == "spark"
        names = [row[1 if spark else 0] for row in self.rows(f"SHOW TABLES {'IN' if spark else 'FROM'} marketing")]
        assert "segment_members" in names
        return [name for name in names if name.startswith("segment_members_")]


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
    _fill(database.execute, database.dialect)
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
    _fill(lambda sql: connection.execute(sql) and None, "duckdb")

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
