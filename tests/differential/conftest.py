"""The databases, started once for all tests, and the size of the run."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import cvm
import pytest

sys.path.insert(0, str(Path(__file__).parent))

import engines
import filters
import population
from audience import engine_of


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--filters", type=int, default=300, help="how many random filters are tried")
    parser.addoption("--seed", type=int, default=1, help="where the random filters begin")
    parser.addoption("--rows", type=int, default=250, help="how many customers there are")
    parser.addoption("--families", default="all", help="kinds of nodes: " + ",".join(filters.FAMILIES))
    parser.addoption("--databases", default="all", help="some of: " + ",".join(engines.DATABASES))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        wanted = metafunc.config.getoption("databases")
        names = list(engines.DATABASES) if wanted == "all" else wanted.split(",")
        metafunc.parametrize("database", names, indirect=True, scope="session")


@pytest.fixture(scope="session")
def families(pytestconfig: pytest.Config) -> list[str]:
    """The kinds of nodes that random filters hold."""
    wanted = pytestconfig.getoption("families")
    return list(filters.FAMILIES) if wanted == "all" else wanted.split(",")


@pytest.fixture(scope="session")
def data(pytestconfig: pytest.Config) -> population.Data:
    """The same rows for every engine."""
    rng = random.Random(f"customers {pytestconfig.getoption('seed')}")
    return population.data(rng, pytestconfig.getoption("rows"))


@pytest.fixture(scope="session")
def engine(data: population.Data) -> cvm.Engine:
    """Our own engine."""
    return engine_of(data)


@pytest.fixture(scope="session")
def database(
    request: pytest.FixtureRequest, data: population.Data, engine: cvm.Engine
) -> Iterator[engines.Database]:
    """Each database with the rows in it; one that is not installed is skipped, and says so."""
    try:
        made = engines.DATABASES[request.param]()
    except FileNotFoundError as error:
        pytest.skip(f"SKIPPED {request.param}: {error}")
    try:
        if not speaks(engine, made.dialect):
            pytest.skip(f"SKIPPED {request.param}: this version has no dialect {made.dialect}")
        made.show("population", data)
        yield made
    finally:
        made.close()


def speaks(engine: cvm.Engine, dialect: str) -> bool:
    """Whether this version has a dialect."""
    try:
        engine.sql({"type": "everyone"}, dialect=dialect)
    except cvm.CvmError:
        return False
    return True


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the public data sets, named by CVM_SHARED; tests that need it are skipped without it."""
    folder = Path(os.environ.get("CVM_SHARED") or Path(__file__).parents[3] / "shared")
    if not (folder / "data").is_dir():
        pytest.skip("SKIPPED: the public data sets are not here; set CVM_SHARED to the folder that holds data/")
    return folder
