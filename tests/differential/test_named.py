"""Known traps and differences that were found once: each must agree everywhere, for good.

A file of `named/` holds cases, and the rows that they are about; without rows they are about the common population.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import codec
import cvm
import engines
import pytest
from audience import engine_of
from checks import Case, Refused, check, check_many
from population import AS_OF_TEXT, Data

FILES = {path.stem: json.loads(path.read_text()) for path in sorted((Path(__file__).parent / "named").glob("*.json"))}
CASES = [pytest.param(file, case, id=case["trap"]) for file, found in FILES.items() for case in found["cases"]]

_engines: dict[tuple[str, str, bool], tuple[cvm.Engine, Data]] = {}


def _scene(file: str, as_of: str, data: Data, database: engines.Database | None) -> tuple[cvm.Engine, Data]:
    """The engine for a file's rows, as the database keeps them."""
    rows = codec.from_json(FILES[file]["rows"]) if "rows" in FILES[file] else data
    stored = database.as_stored(rows) if database else rows
    key = (file, as_of, stored is rows)
    if key not in _engines:
        _engines[key] = engine_of(stored, as_of), rows
    return _engines[key]


def _runs(engine: cvm.Engine, f: Any) -> None:
    try:
        engine.members(f)
    except NotImplementedError as error:
        pytest.skip(f"SKIPPED: not in this version: {error}")


@pytest.mark.parametrize(("file", "case"), CASES)
def test_named(file: str, case: dict[str, Any], data: Data) -> None:
    """The reference evaluator gives what a person worked out, and DataFusion the same."""
    engine, _ = _scene(file, case.get("as_of", AS_OF_TEXT), data, None)
    assert engine.validate(case["filter"]) == []
    found = set(engine.reference_members(case["filter"]))
    assert found == set(case.get("want", found))
    _runs(engine, case["filter"])
    assert {row["id"] for row in engine.members(case["filter"]).to_dicts()} == found


@pytest.mark.parametrize(("file", "case"), CASES)
def test_named_on_databases(database: engines.Database, file: str, case: dict[str, Any], data: Data) -> None:
    engine, rows = _scene(file, case.get("as_of", AS_OF_TEXT), data, database)
    _runs(engine, case["filter"])
    database.show(file if rows is not data else "population", rows)
    refused = set(case.get("refused", []))
    (made,) = Case.of(engine, [cvm.Filter(case["filter"]).to_dict()])
    if not (case.get("lists") and database.as_stored(rows) is not rows):
        assert made.want == set(case.get("want", made.want))
    for parameters in (False, True):
        try:
            if database.batch > 1 and not parameters:
                # A statement costs much there: all of a case go as one.
                ((_, difference),) = check_many(engine, database, [made])
            else:
                difference = check(engine, database, made, parameters=parameters)
            assert difference is None, str(difference)
        except Refused:
            assert database.dialect in refused
            return
    assert database.dialect not in refused, "it can be said by now"


def test_a_misspelt_column_is_no_text(database: engines.Database, data: Data) -> None:
    """SQLite, MariaDB and Spark can take a quoted name that is no column for a text: `"ghost" = 'ghost'`."""
    from population import arrow

    engine = cvm.Engine(as_of=AS_OF_TEXT)
    table = arrow("customers", data["customers"][:3]).append_column("ghost", [["ghost"] * 3])
    engine.load_customers(table, key="id")
    (stream, *_) = [event for event in engine_of(data).catalog["events"] if event["name"] == "purchase"]
    ghost = {"name": "ghost", "type": "string"}
    engine.set_catalog({**engine.catalog, "events": [{**stream, "fields": [ghost]}]})
    is_ghost = {"type": "condition", "field": "ghost", "op": "eq", "value": "ghost"}
    event = {"type": "event", "event": "purchase", "where": is_ghost, "measure": {"count": {}}, "op": "gte", "value": 1}
    database.show("population", data)
    for f in (is_ghost, event):
        query = engine.sql(f, dialect=database.dialect, parameters=False)
        with pytest.raises(Exception, match="(?i)ghost"):
            database.keys(query.sql)
