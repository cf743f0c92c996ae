"""What customers did: events, related rows, rankings, parameters, and filters of other languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cvm
import pytest

if TYPE_CHECKING:
    from pathlib import Path

CUSTOMERS = "id,age,city\n1,34,Paris\n2,,Lyon\n3,61,Paris\n"
EVENTS = """customer,kind,at,amount
1,purchase,2024-06-01T10:00:00Z,20.50
1,visit,2024-06-02T10:00:00Z,
3,purchase,2024-01-01T00:00:00Z,5.00
"""
INVOICES = "number,customer,total\n7,1,30\n8,1,5\n"


@pytest.fixture
def shop(tmp_path: Path) -> cvm.Engine:
    for name, text in (("customers", CUSTOMERS), ("events", EVENTS), ("invoices", INVOICES)):
        (tmp_path / f"{name}.csv").write_text(text)
    engine = cvm.Engine(as_of="2024-06-30T12:00:00Z")
    engine.load_customers(tmp_path / "customers.csv")
    engine.load_events(tmp_path / "events.csv", "customer", "kind", "at")
    engine.load_related(tmp_path / "invoices.csv", "invoice", "customer")
    return engine


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("count(purchase within last 90 days) >= 1", {1}),
        ("count(purchase) = 0", {2}),
        ("sum(purchase.amount) > '5.00' or days since(purchase) > 100", {1, 3}),
        ("sequence(purchase, visit within 2 days)", {1}),
        ("all related(invoice where total > 1)", {1}),
        ("not any related(invoice)", {2, 3}),
        ("top 1 by sum(purchase.amount) per city", {1, 2}),
    ],
)
def test_behaviour(shop: cvm.Engine, text: str, members: set[int]) -> None:
    assert {row["id"] for row in shop.members(text).to_dicts()} == members
    assert set(shop.reference_members(text)) == members
    assert shop.count({"type": "not", "child": cvm.Filter(text).to_dict()}) == 3 - len(members)


def test_explanations_show_what_was_measured(shop: cvm.Engine) -> None:
    text = str(shop.explain("count(purchase within last 90 days) >= 2 and top 1 by age", 1))
    assert "✗ count(purchase within last 90 days) >= 2   (count = 1)" in text
    assert "✗ top 1 by age" in text


def test_a_funnel(shop: cvm.Engine) -> None:
    steps = shop.funnel("city = 'Paris' and count(visit) >= 1")
    assert [(step["path"], step["alone"], step["together"]) for step in steps] == [
        ("/children/0", 2, 2),
        ("/children/1", 1, 1),
    ]


def test_statements(shop: cvm.Engine) -> None:
    assert shop.sql("age > 1", "postgresql", "insert", into="mart.adults").sql.startswith('INSERT INTO "mart"."adults"')
    view = shop.sql("age > 1", "bigquery", "view", into="adults")
    assert view.sql.startswith("CREATE VIEW `adults` AS SELECT")
    assert view.params == []
    assert "{{ ref('events') }}" in shop.sql("count(visit) = 1", "snowflake", "dbt").sql
    assert ":p1" in shop.sql("age > 1", "postgresql", placeholders="colon").sql
    for word, into in (("insert", None), ("count", "x")):
        with pytest.raises(cvm.OptionError):
            shop.sql("age > 1", "duckdb", word, into=into)  # type: ignore[arg-type]


def test_parameters(shop: cvm.Engine) -> None:
    segment = cvm.Filter("age > :least and city in :cities")
    assert segment.parameters == ["cities", "least"]
    assert shop.count(segment.with_parameters(least=30, cities=["Paris"])) == 2
    with pytest.raises(cvm.CvmError, match="no value"):
        shop.count(segment)
    with pytest.raises(cvm.CvmError, match="least"):
        segment.with_parameters(lesat=30)


def test_filters_of_other_languages(shop: cvm.Engine) -> None:
    catalog = shop.catalog
    assert cvm.Filter.from_sql("age <> 34", "postgresql", catalog).to_text() == "age != 34 without missing"
    with pytest.raises(cvm.NotSupportedError, match="line 1, column"):
        cvm.Filter.from_sql("age > (select 1)", "postgresql", catalog)
    query = {"combinator": "or", "rules": [{"field": "age", "operator": "<", "value": 40}]}
    segment = cvm.Filter.from_react_querybuilder(query, catalog)
    assert shop.count(segment) == 1
    assert cvm.Filter.from_react_querybuilder(segment.to_react_querybuilder(catalog), catalog) == segment
    # Null counts as 0 in JavaScript.
    rule = cvm.Filter.from_json_logic({"<": [{"var": "age"}, 40]}, catalog)
    assert shop.count(rule) == 2
    assert shop.count(cvm.Filter.from_json_logic(rule.to_json_logic(catalog), catalog)) == 2


def test_filters_beside_each_other(shop: cvm.Engine) -> None:
    catalog = shop.catalog
    assert cvm.implies("age > 30", "age > 20", catalog)
    found = cvm.equivalent("not (age > 30)", "age <= 30", catalog)
    assert found.holds is False
    assert found.customer is not None
    assert found.customer["age"] is None
    unknown = cvm.disjoint("count(visit) > 3", "count(visit) = 0", catalog)
    assert not unknown or unknown.holds
    assert unknown.holds is not None or unknown.reason
    with pytest.raises(cvm.FilterError, match="agee"):
        cvm.implies("agee > 30", "age > 20", catalog)
    smaller = shop.optimize("age > 30 and (age > 20 or city = 'Paris')")
    assert smaller.filter.to_text() == "age > 30"
    assert smaller.filter.fingerprint == cvm.Filter("age > 30 and age > 30").fingerprint
