"""What people see in terminals and notebooks."""

from __future__ import annotations

import cvm
import pyarrow as pa


def test_html_is_escaped(engine: cvm.Engine) -> None:
    html = engine.preview("everyone")._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<i>missing</i>" in html


def test_column_names_are_escaped() -> None:
    engine = cvm.Engine()
    engine.load_customers(pa.table({"id": [1], "<b>": ["x"]}), "id")
    assert "<b>" not in engine.preview("everyone")._repr_html_()


def test_large_tables_are_cut() -> None:
    engine = cvm.Engine()
    engine.load_customers(pa.table({"id": range(1000)}), "id")
    rows = engine.preview("everyone", limit=1000)
    assert len(rows) == 1000
    assert rows._repr_html_().count("<tr>") == 51
    assert "1000 rows, the first 50 shown" in rows._repr_html_()
    assert "1000 rows, the first 20 shown" in repr(rows)
    assert len(repr(rows).splitlines()) < 30


def test_table(engine: cvm.Engine) -> None:
    shown = repr(engine.preview("id = 1", columns=["id", "city"]))
    assert shown.splitlines()[-2:] == ["+----+-------+", "1 row"]
