"""The databases, started once for all tests, and the size of the run."""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cvm
import pytest

sys.path.insert(0, str(Path(__file__).parent))

import engines
import population


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--filters", type=int, default=300, help="how many random filters are tried")
    parser.addoption("--seed", type=int, default=1, help="where the random filters begin")
    parser.addoption("--rows", type=int, default=250, help="how many customers there are")


@pytest.fixture(scope="session")
def customers(pytestconfig: pytest.Config) -> list[population.Row]:
    """The same customers for every engine."""
    rng = random.Random(f"customers {pytestconfig.getoption('seed')}")
    return population.rows(rng, pytestconfig.getoption("rows"))


@pytest.fixture(scope="session")
def engine(customers: list[population.Row]) -> cvm.Engine:
    """Our own engine: its SQL, its execution on DataFusion, its reference evaluator."""
    engine = cvm.Engine(as_of=population.AS_OF, timezone=population.ZONE)
    engine.load_customers(population.table(customers), key="id")
    engine.set_catalog(population.catalog())
    return engine


DATABASES: dict[str, Callable[[], engines.Database]] = {
    "sqlite": engines.Sqlite,
    "duckdb": lambda: engines.DuckDb(naive=False),
    "duckdb-naive": lambda: engines.DuckDb(naive=True),
    "postgresql": engines.PostgreSql,
    "mariadb": engines.MariaDb,
}


@pytest.fixture(scope="session", params=list(DATABASES))
def database(request: pytest.FixtureRequest, customers: list[population.Row]) -> Iterator[engines.Database]:
    """Each database with the customers in it; one that is not installed is skipped, and says so."""
    try:
        made = DATABASES[request.param]()
    except FileNotFoundError as error:
        pytest.skip(f"SKIPPED {request.param}: {error}")
    try:
        made.load(customers)
        yield made
    finally:
        made.close()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the public data sets, named by CVM_SHARED; tests that need it are skipped without it."""
    folder = Path(os.environ.get("CVM_SHARED") or Path(__file__).parents[3] / "shared")
    if not (folder / "data").is_dir():
        pytest.skip("SKIPPED: the public data sets are not here; set CVM_SHARED to the folder that holds data/")
    return folder


def show(value: Any) -> str:
    """A filter on one line, to be pasted into a test."""
    return json.dumps(value, ensure_ascii=False)
