"""Public data sets: sensible catalogs, and counts that agree with DuckDB's own, written by hand in SQL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cvm
import duckdb
import pytest

AS_OF = "2011-12-10T00:00:00Z"


def _fields(engine: cvm.Engine) -> dict[str, dict[str, Any]]:
    return {field["name"]: field for field in engine.catalog["customers"]["fields"]}


@pytest.fixture(scope="module")
def telco(shared: Path) -> tuple[cvm.Engine, Callable[[str], int]]:
    path = shared / "data/ibm_telco_churn/Telco-Customer-Churn.csv"
    engine = cvm.Engine(as_of=AS_OF)
    engine.load_customers(path)
    # Everything as text, so that DuckDB's own guesses play no part; missing is what is blank.
    duckdb.sql(f"CREATE OR REPLACE TABLE telco AS SELECT * FROM read_csv('{path}', all_varchar=true)")
    return engine, lambda where: duckdb.sql(f"SELECT count(*) FROM telco WHERE {where}").fetchall()[0][0]


TOTAL = "TRY_CAST(nullif(trim(TotalCharges), '') AS DECIMAL(18,2))"
MONTHLY = "CAST(MonthlyCharges AS DECIMAL(18,2))"
TENURE = "CAST(tenure AS INTEGER)"

TELCO = [
    ("everyone", "true"),
    ("TotalCharges is not set", f"{TOTAL} IS NULL"),
    ("not (TotalCharges > '1000')", f"({TOTAL} > 1000) IS NOT TRUE"),
    ("TotalCharges > '1000'", f"{TOTAL} > 1000"),
    ("TotalCharges != '20.2'", f"{TOTAL} IS DISTINCT FROM 20.20"),
    ("TotalCharges != '20.2' without missing", f"{TOTAL} <> 20.20"),
    ("TotalCharges not in ('20.2', '19.75')", f"{TOTAL} IS NULL OR {TOTAL} NOT IN (20.20, 19.75)"),
    ("TotalCharges not between '100' and '5000.005'", f"{TOTAL} IS NULL OR {TOTAL} NOT BETWEEN 100 AND 5000.00"),
    ("not (not (TotalCharges <= '29.85'))", f"{TOTAL} <= 29.85"),
    ("MonthlyCharges = '29.85'", f"{MONTHLY} = 29.85"),
    ("MonthlyCharges >= '70.35' and MonthlyCharges < '70.4'", f"{MONTHLY} = 70.35"),
    ("MonthlyCharges > '70.345' and MonthlyCharges <= '70.355'", f"{MONTHLY} = 70.35"),
    ("tenure < 1", f"{TENURE} = 0"),
    ("tenure > 2.5 and not (tenure > 3.5)", f"{TENURE} = 3"),
    ("SeniorCitizen = 1 and Churn = 'Yes'", "SeniorCitizen = '1' AND Churn = 'Yes'"),
    ("InternetService = 'Fiber optic'", "InternetService = 'Fiber optic'"),
    ("InternetService = 'fiber OPTIC' ignoring case", "lower(InternetService) = 'fiber optic'"),
    ("PaymentMethod contains '(automatic)'", "contains(PaymentMethod, '(automatic)')"),
    ("PaymentMethod not ends with 'check'", "NOT ends_with(PaymentMethod, 'check')"),
    ("customerID starts with '7590' or customerID matches '^00'", "customerID LIKE '7590%' OR customerID LIKE '00%'"),
    (
        "at least 2 of (Churn = 'Yes', Contract = 'Two year', TotalCharges > '5000')",
        f"(Churn = 'Yes')::INT + (Contract = 'Two year')::INT + coalesce({TOTAL} > 5000, false)::INT >= 2",
    ),
    (
        "not (Churn = 'No' or TotalCharges >= '100')",
        f"NOT (Churn = 'No') AND ({TOTAL} >= 100) IS NOT TRUE",
    ),
]


@pytest.mark.parametrize(("text", "where"), TELCO)
def test_telco(telco: tuple[cvm.Engine, Callable[[str], int]], text: str, where: str) -> None:
    engine, count = telco
    assert engine.count(text) == count(where)


def test_telco_catalog(telco: tuple[cvm.Engine, Callable[[str], int]]) -> None:
    engine, _ = telco
    fields = _fields(engine)
    assert engine.catalog["customers"]["key"] == "customerID"
    assert fields["TotalCharges"]["type"].startswith("decimal") and fields["TotalCharges"].get("nullable", True)
    assert fields["SeniorCitizen"]["type"] == "int"
    assert fields["Churn"]["enum"] == ["No", "Yes"]
    assert fields["tenure"]["type"] == "int" and fields["tenure"]["nullable"] is False


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("InternetService = 'Fibre optic'", "Fiber optic"),
        ("Churn in ('Yes', 'no')", "No"),
        ("Contract != 'Two years'", "Two year"),
        ("TotalCharge > '10'", "TotalCharges"),
    ],
)
def test_typing_errors_are_errors(telco: tuple[cvm.Engine, Any], text: str, suggestion: str) -> None:
    engine, _ = telco
    with pytest.raises(cvm.CvmError) as caught:
        engine.count(text)
    assert caught.value.diagnostics[0]["suggestion"] == suggestion


@pytest.fixture(scope="module")
def bank(shared: Path) -> tuple[cvm.Engine, Callable[[str], int]]:
    path = shared / "data/bank_marketing/bank-additional-full.csv"
    engine = cvm.Engine(as_of=AS_OF)
    engine.load_customers(path, row_number="row")
    duckdb.sql(f"CREATE OR REPLACE TABLE bank AS SELECT * FROM read_csv('{path}', all_varchar=true, delim=';', quote='\"')")
    return engine, lambda where: duckdb.sql(f"SELECT count(*) FROM bank WHERE {where}").fetchall()[0][0]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("job = 'admin.'", "job = 'admin.'"),
        ("job in ('blue-collar', 'unknown') and not (age >= 30)", "job IN ('blue-collar', 'unknown') AND age::INT < 30"),
        ("\"emp.var.rate\" = '-1.8'", "\"emp.var.rate\"::DECIMAL(9,3) = -1.8"),
        ("euribor3m between '0.7' and '1.25'", "euribor3m::DECIMAL(9,3) BETWEEN 0.7 AND 1.25"),
        ("\"cons.conf.idx\" < '-40' and y = 'yes'", "\"cons.conf.idx\"::DECIMAL(9,3) < -40 AND y = 'yes'"),
        ("pdays != 999", "pdays <> '999'"),
        ("education ends with '.degree' or education contains '4y'", "education LIKE '%.degree' OR education LIKE '%4y%'"),
    ],
)
def test_bank(bank: tuple[cvm.Engine, Callable[[str], int]], text: str, where: str) -> None:
    engine, count = bank
    assert engine.count(text) == count(where)


def test_bank_catalog(bank: tuple[cvm.Engine, Any]) -> None:
    engine, _ = bank
    fields = _fields(engine)
    assert engine.catalog["customers"]["key"] == "row"
    assert fields["age"]["type"] == "int"
    assert fields["euribor3m"]["type"].startswith("decimal")
    assert "admin." in fields["job"]["enum"] and "unknown" in fields["job"]["enum"]


def test_bank_needs_a_key(shared: Path) -> None:
    with pytest.raises(cvm.CvmError) as caught:
        cvm.Engine().load_customers(shared / "data/bank_marketing/bank-additional-full.csv")
    assert caught.value.code == "CVM_CATALOG_KEY"


@pytest.fixture(scope="module")
def retail(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[cvm.Engine, Callable[[str], int]]:
    events = shared / "data/online_retail/online_retail_2010_2011.parquet"
    customers = tmp_path_factory.mktemp("retail") / "customers.parquet"
    duckdb.sql(f"CREATE OR REPLACE TABLE sales AS SELECT * FROM '{events}' WHERE CustomerID IS NOT NULL")
    duckdb.sql(
        f"""
        CREATE OR REPLACE TABLE buyers AS
        SELECT CustomerID::BIGINT AS customer_id, min(Country) AS country,
               min(InvoiceDate::TIMESTAMP) AS first_at, max(InvoiceDate::TIMESTAMP)::DATE AS last_day,
               sum(Quantity * UnitPrice::DECIMAL(12,3))::DECIMAL(18,3) AS spent,
               nullif(max(Description), '') AS a_product
        FROM sales GROUP BY 1
        """
    )
    duckdb.sql(f"COPY buyers TO '{customers}' (FORMAT parquet)")
    engine = cvm.Engine(as_of=AS_OF)
    engine.load_customers(customers, key="customer_id")
    # The file as it is: its customers are floats, a quarter of its rows has none.
    report = engine.load_events(events, customer="CustomerID", name="purchase", time="InvoiceDate")
    assert report.rows == 541_909 and "135080" in str(report.warnings)
    return engine, lambda where: duckdb.sql(f"SELECT count(*) FROM buyers WHERE {where}").fetchall()[0][0]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("country in ('France', 'EIRE')", "country IN ('France', 'EIRE')"),
        ("spent >= '1000.005'", "spent >= 1000.005"),
        ("not (spent > 0)", "(spent > 0) IS NOT TRUE"),
        ("last_day within last 30 days", "last_day BETWEEN DATE '2011-11-10' AND DATE '2011-12-10'"),
        ("last_day within previous month", "last_day >= DATE '2011-11-01' AND last_day < DATE '2011-12-01'"),
        ("first_at on '2010-12-01'", "first_at >= '2010-12-01' AND first_at < '2010-12-02'"),
        ("first_at <= '2010-12-01'", "first_at < '2010-12-02'"),
        ("not (first_at before 180 days ago)", "(first_at < TIMESTAMP '2011-06-13') IS NOT TRUE"),
        ("a_product contains '''S' or a_product contains '\"'", "contains(a_product, '''S') OR contains(a_product, '\"')"),
        ("a_product not contains 'WHITE'", "NOT coalesce(contains(a_product, 'WHITE'), false)"),
    ],
)
def test_retail(retail: tuple[cvm.Engine, Callable[[str], int]], text: str, where: str) -> None:
    engine, count = retail
    assert engine.count(text) == count(where)


def test_retail_events(retail: tuple[cvm.Engine, Any]) -> None:
    engine, _ = retail
    (event,) = engine.catalog["events"]
    assert event["name"] == "purchase"
    assert {field["name"]: field["type"] for field in event["fields"]}["Quantity"] == "int"
    assert event["customer"] == "CustomerID"
    assert engine.validate("count(purchse) >= 2")[0]["suggestion"] == "purchase"


AT = "InvoiceDate::TIMESTAMP"
RECENT = f"{AT} >= TIMESTAMP '2011-09-11' AND {AT} <= TIMESTAMP '2011-12-10'"


@pytest.mark.parametrize(
    ("text", "having"),
    [
        ("count(purchase) >= 100", "count(*) >= 100"),
        ("count(purchase within last 90 days) >= 2", f"count(*) FILTER ({RECENT}) >= 2"),
        ("count(purchase within last 90 days) = 0", f"count(*) FILTER ({RECENT}) = 0"),
        ("not (count(purchase where Quantity < 0) >= 1)", "count(*) FILTER (Quantity < 0) = 0"),
        ("sum(purchase.Quantity within last 90 days) > 300", f"coalesce(sum(Quantity) FILTER ({RECENT}), 0) > 300"),
        ("distinct(purchase.StockCode) between 5 and 20", "count(DISTINCT StockCode) BETWEEN 5 AND 20"),
        ("max(purchase.Quantity) >= 1000 or min(purchase.Quantity) < -500", "max(Quantity) >= 1000 OR min(Quantity) < -500"),
        ("avg(purchase.Quantity) > 20.5", "sum(Quantity)::DOUBLE / count(Quantity) > 20.5"),
        ("first time(purchase) < '2011-01-01'", f"min({AT}) < TIMESTAMP '2011-01-01'"),
        ("days since(purchase) >= 180", f"max({AT}) <= TIMESTAMP '2011-12-10' - INTERVAL 180 DAY"),
        (
            "regularly(purchase, 6 of last 6 months)",
            f"count(DISTINCT date_trunc('month', {AT})) FILTER ({AT} >= TIMESTAMP '2011-06-01' "
            f"AND {AT} < TIMESTAMP '2011-12-01') = 6",
        ),
        (
            "stopped(purchase, active 180 days, inactive 90 days)",
            f"count(*) FILTER ({AT} >= TIMESTAMP '2011-03-15' AND {AT} < TIMESTAMP '2011-09-11') > 0 "
            f"AND count(*) FILTER ({AT} >= TIMESTAMP '2011-09-11') = 0",
        ),
    ],
)
def test_retail_behaviour(retail: tuple[cvm.Engine, Callable[[str], int]], text: str, having: str) -> None:
    engine, _ = retail
    found = duckdb.sql(f"SELECT count(*) FROM (SELECT CustomerID FROM sales GROUP BY 1 HAVING {having})").fetchall()
    assert engine.count(text) == found[0][0]


def test_retail_sequences_and_rankings(retail: tuple[cvm.Engine, Callable[[str], int]]) -> None:
    engine, _ = retail
    bought = f"SELECT CustomerID AS k, {AT} AS t, Quantity AS q FROM sales"
    (pairs,) = duckdb.sql(
        f"SELECT count(DISTINCT a.k) FROM ({bought}) a JOIN ({bought}) b "
        "ON a.k = b.k AND b.t > a.t AND b.t <= a.t + INTERVAL 1 DAY WHERE a.q > 0 AND b.q < 0"
    ).fetchall()
    text = "sequence(purchase where Quantity > 0, purchase where Quantity < 0 within 1 day)"
    assert engine.count(text) == pairs[0]
    assert engine.count("top 10% by sum(purchase.Quantity)") == -(-engine.count("everyone") // 10)
    top = {row["customer_id"] for row in engine.members("top 25 by sum(purchase.Quantity)").to_dicts()}
    rows = duckdb.sql("SELECT CustomerID::BIGINT FROM sales GROUP BY 1 ORDER BY sum(Quantity) DESC, 1 LIMIT 25").fetchall()
    assert top == {row[0] for row in rows}
