"""Arrow in and out, without a dependency on anybody's Arrow."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cvm
import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

COLUMNS: dict[str, list[Any]] = {"id": [1, 2, 3], "age": [34, None, 61], "city": ["Paris", "Lyon", None]}
SOURCES: dict[str, Callable[[], Any]] = {
    "pyarrow table": lambda: pa.table(COLUMNS),
    "pyarrow batch": lambda: pa.record_batch(COLUMNS),
    "pyarrow reader": lambda: pa.table(COLUMNS).to_reader(),
    "polars": lambda: pl.DataFrame(COLUMNS),
    "pandas": lambda: pd.DataFrame(COLUMNS).astype({"age": "Int64"}),
    "duckdb": lambda: duckdb.connect().sql(
        "from (values (1, 34, 'Paris'), (2, null, 'Lyon'), (3, 61, null)) t(id, age, city)"
    ),
}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())
def test_sources(source: Callable[[], Any]) -> None:
    engine = cvm.Engine()
    assert engine.load_customers(source(), "id").rows == 3
    assert engine.count("age > 40 or city = 'Lyon'") == 2
    assert engine.count("city is not set") == 1


def test_results_are_a_source(engine: cvm.Engine) -> None:
    other = cvm.Engine()
    other.load_customers(engine.preview("city = 'Paris'"), "id")
    assert other.count("everyone") == 2


def test_pyarrow(engine: cvm.Engine) -> None:
    rows = engine.preview("everyone", columns=["id", "age"])
    table = pa.table(rows)
    assert table.to_pydict() == {"id": [1, 2, 3], "age": [34, None, 61]}
    assert pa.table(rows) == table, "a fresh stream at each call"
    assert pa.schema(rows) == table.schema
    assert rows.column_names == table.column_names
    assert len(rows) == table.num_rows
    assert rows.to_pylist() == table.to_pylist()
    narrow = pa.schema([("id", pa.int32()), ("age", pa.int64())])
    assert pa.table(rows, schema=narrow).schema.field("id").type == pa.int32()


def test_polars(engine: cvm.Engine) -> None:
    rows = engine.preview("everyone", columns=["id", "age"])
    assert pl.DataFrame(rows).rows() == [(1, 34), (2, None), (3, 61)]


def test_pandas(engine: cvm.Engine) -> None:
    frame = pd.DataFrame.from_arrow(engine.preview("everyone", columns=["id", "city"]))
    assert frame["city"].tolist() == ["Paris", "Lyon", "Paris"]


def test_duckdb_twice(engine: cvm.Engine) -> None:
    rows = engine.preview("everyone")
    for _ in range(2):
        relation = duckdb.sql("select sum(id) from rows")
        assert relation is not None
        assert relation.fetchall() == [(6,)]
    assert len(rows) == 3


def test_empty(engine: cvm.Engine) -> None:
    rows = engine.members("nobody")
    assert len(rows) == 0
    assert pa.table(rows).column_names == ["id"]


def test_broken_streams_are_source_errors() -> None:
    schema = pa.schema([("id", pa.int64())])

    def batches() -> Iterator[pa.RecordBatch]:
        yield pa.record_batch({"id": [1]})
        raise ZeroDivisionError("half way")

    with pytest.raises(cvm.SourceError, match="half way"):
        cvm.Engine().load_customers(pa.RecordBatchReader.from_batches(schema, batches()), "id")


def test_nothing_is_imported(customers: Path) -> None:
    program = (
        "import sys, cvm\n"
        f"engine = cvm.Engine(); engine.load_customers({str(customers)!r})\n"
        "engine.preview('everyone').to_dicts(); engine.preview('everyone')._repr_html_()\n"
        "assert not {'pyarrow', 'numpy', 'pandas', 'polars', 'logging'} & set(sys.modules), sys.modules.keys()\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
