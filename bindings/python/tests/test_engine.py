"""Every verb of the engine."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import cvm
import pytest
from cvm.types import AsOf, FilterLike


def test_load_reports(customers: Path) -> None:
    engine = cvm.Engine()
    seen: list[tuple[int, int]] = []
    report = engine.load_customers(customers, "id", progress=lambda done, total: seen.append((done, total)))
    assert report.rows == 3
    assert report.warnings == []
    assert repr(report) == "<cvm.LoadReport: 3 rows>"
    assert seen
    assert all(done <= total for done, total in seen)
    assert repr(engine) == "<cvm.Engine: customers, key id, 6 fields>"


def test_load_options(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("zip,city\n01234,Paris\n01234,Lyon\n")
    engine = cvm.Engine()
    engine.load_customers(path, row_number="row", types={"zip": "string"}, table="people")
    assert engine.catalog["customers"]["table"] == "people"
    assert engine.catalog["customers"]["key"] == "row"
    assert engine.count("zip = '01234'") == 2


def test_errors_of_progress_are_raised(customers: Path) -> None:
    def fail(_done: int, _total: int) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cvm.Engine().load_customers(customers, progress=fail)


def test_events(engine: cvm.Engine, events: Path) -> None:
    assert engine.load_events(events, "customer_id", "kind", "at").rows == 3
    assert sorted(event["name"] for event in engine.catalog["events"]) == ["purchase", "visit"]
    engine.load_events(events, customer="customer_id", name="anything", time="at", table="other")
    assert "anything" in [event["name"] for event in engine.catalog["events"]]


def test_catalog(engine: cvm.Engine) -> None:
    catalog = engine.catalog
    catalog["customers"]["fields"][1]["label"] = "Years"
    engine.set_catalog(catalog)
    assert engine.catalog["customers"]["fields"][1]["label"] == "Years"
    engine.set_catalog(json.dumps(catalog))
    catalog["customers"]["fields"][1]["type"] = "string"
    with pytest.raises(cvm.FilterError) as caught:
        engine.set_catalog(catalog)
    assert caught.value.path.startswith("/customers/fields/1")


FORMS: list[FilterLike] = [
    "age > 40",
    '{"type": "condition", "field": "age", "op": "gt", "value": 40}',
    {"type": "condition", "field": "age", "op": "gt", "value": 40},
    cvm.Filter("age > 40"),
]


@pytest.mark.parametrize("f", FORMS)
def test_every_form_of_filter(engine: cvm.Engine, f: FilterLike) -> None:
    assert engine.count(f) == 1
    assert engine.validate(f) == []
    assert [row["id"] for row in engine.members(f).to_dicts()] == [3]
    assert engine.reference_members(f) == [3]


def test_dicts_may_hold_python_values(engine: cvm.Engine) -> None:
    def condition(field: str, value: object) -> dict[str, Any]:
        return {"type": "condition", "field": field, "op": "gte", "value": value}

    assert engine.count(condition("joined", date(2024, 1, 20))) == 1
    assert engine.count(condition("spent", Decimal("10.50"))) == 2
    with pytest.raises(ValueError, match="no time zone"):
        engine.count(condition("joined", datetime(2024, 1, 20)))
    with pytest.raises(ValueError, match="JSON"):
        engine.count(condition("spent", float("nan")))
    with pytest.raises(TypeError, match="can't hold a object"):
        engine.count(condition("spent", object()))


def test_validate_never_raises_for_findings(engine: cvm.Engine) -> None:
    [finding] = engine.validate("agee > 3")
    assert finding["code"] == "CVM_UNKNOWN_FIELD"
    assert finding["path"] == "/field"
    assert finding["suggestion"] == "age"
    [unread] = engine.validate("age >")
    assert unread["span"]["line"] == 1
    assert {finding["code"] for finding in engine.validate({"type": "condition"})} == {"CVM_MISSING_KEY"}
    assert engine.validate("{")[0]["code"] == "CVM_JSON_SYNTAX"


def test_optimize(engine: cvm.Engine) -> None:
    result = engine.optimize("not not age > 3")
    assert result.filter == cvm.Filter("age > 3")
    assert result.trace[0]["rule"] == "double negation"
    assert "double negation" in repr(result)


def test_sql(engine: cvm.Engine) -> None:
    query = engine.sql("joined >= '2024-01-01' and spent > 5.5 and city = 'Paris'", dialect="duckdb")
    sql, params = query
    assert sql == query.sql == str(query)
    assert params == query.params == [date(2024, 1, 1), Decimal("5.50"), "Paris"]
    assert isinstance(params[0], date)
    assert isinstance(params[1], Decimal)
    assert query.notes == []
    inline = engine.sql("city = 'Paris'", "postgres", "count", parameters=False)
    assert inline.params == []
    assert "'Paris'" in inline.sql
    assert "LIMIT" in engine.sql("everyone", "sqlite", "preview").sql


def test_instants_are_aware(tmp_path: Path) -> None:
    path = tmp_path / "seen.csv"
    path.write_text("id,seen\n1,2024-03-01T10:00:00.000001Z\n2,1969-12-31T23:59:59.5Z\n")
    engine = cvm.Engine()
    engine.load_customers(path)
    seen = [row["seen"] for row in engine.preview("everyone").to_dicts()]
    first = datetime(2024, 3, 1, 10, 0, 0, 1, tzinfo=timezone.utc)
    assert seen == [first, datetime(1969, 12, 31, 23, 59, 59, 500_000, tzinfo=timezone.utc)]
    [param] = engine.sql("seen >= '2024-03-01T10:00:00.000001Z'", "postgresql").params
    assert param == first


def test_preview(engine: cvm.Engine) -> None:
    rows = engine.preview("everyone", 2, ["id", "age"], ("age", "desc"))
    assert rows.to_dicts() == [{"id": 3, "age": 61}, {"id": 1, "age": 34}]
    rows = engine.preview("everyone", limit=1, columns=["id"], order_by=["city", ("id", "desc")], offset=1)
    assert rows.to_dicts() == [{"id": 3}]
    assert engine.preview("nobody").to_dicts() == []
    with pytest.raises(TypeError, match="order_by"):
        engine.preview("everyone", order_by=3)  # type: ignore[arg-type]


def test_explain(engine: cvm.Engine) -> None:
    why = engine.explain("city = 'Paris' and not age > 40", 3)
    assert why.key == 3
    assert not why.member
    assert [node["passed"] for node in why.nodes] == [False, True, False, True]
    assert why.nodes[1]["value"] == "Paris"
    assert str(why).startswith("customer 3 is out\n")
    assert why.to_dict()["nodes"] == why.nodes
    assert "&#39;Paris&#39;" in why._repr_html_()
    with pytest.raises(TypeError, match="key"):
        engine.explain("everyone", True and 1.5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("as_of", "zone"),
    [
        (datetime(2024, 3, 10, 1, tzinfo=timezone(timedelta(hours=1))), "UTC"),
        (date(2024, 3, 10), "UTC"),
        ("2024-03-10", "UTC"),
        ("2024-03-10T01:00:00", "Europe/Paris"),
    ],
)
def test_as_of(customers: Path, as_of: AsOf, zone: str) -> None:
    engine = cvm.Engine(as_of=as_of, timezone=zone)
    engine.load_customers(customers, types={"joined": "timestamp"})
    [param] = engine.sql("joined < now", "postgresql").params
    assert param == datetime(2024, 3, 10, tzinfo=timezone.utc)


def test_as_of_must_be_an_instant() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        cvm.Engine(as_of=datetime(2024, 3, 10))
    with pytest.raises(cvm.FilterError, match="`yesterday` is no instant"):
        cvm.Engine(as_of="yesterday")
    with pytest.raises(TypeError, match="not int"):
        cvm.Engine(as_of=3)  # type: ignore[arg-type]


def test_tables_named_with_a_schema(customers: Path) -> None:
    engine = cvm.Engine(index_memory=0)
    engine.load_customers(customers, table="crm.customers")
    assert engine.count("everyone") == len(engine.reference_members("everyone")) == 3
    assert '"crm"."customers"' in engine.sql("everyone", dialect="postgresql").sql
