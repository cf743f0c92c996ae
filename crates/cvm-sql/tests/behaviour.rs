//! What customers did, as SQL: one statement each, shown in the dialect that says it most plainly.

#![expect(clippy::expect_used, reason = "tests may")]

use cvm_core::{Catalog, Timestamp};
use cvm_sql::{Dialect, SqlOptions, Statement, Target, to_sql};
use expect_test::{Expect, expect};

fn catalog() -> Catalog {
    Catalog::from_json(
        r#"{"customers": {"table": "customers", "key": "id", "fields": [
            {"name": "id", "type": "string", "nullable": false}, {"name": "city", "type": "string"},
            {"name": "score", "type": "float"}]},
        "events": [
            {"name": "purchase", "table": "shop.events", "customer": "who", "time": "at", "name_column": "kind",
             "fields": [{"name": "amount", "type": "decimal(10,2)"}, {"name": "qty", "type": "int"}]},
            {"name": "visit", "table": "visits", "customer": "who", "time": "day", "time_type": "date"}],
        "related": [{"name": "orders", "table": "orders", "customer": "who",
            "fields": [{"name": "status", "type": "string"}]}],
        "segments": [{"name": "vips", "filter": {"type": "condition", "field": "score", "op": "gt", "value": 9.5},
            "materialized": {"table": "mart.vips", "column": "id"}}]}"#,
    )
    .expect("a catalog")
}

fn check(filter: &str, options: &SqlOptions, expected: &Expect) {
    let as_of = Timestamp::parse_utc("2024-06-30T12:00:00Z").expect("an instant");
    let query = to_sql(&filter.parse().expect("a filter"), &catalog(), as_of, options).expect("said");
    expected.assert_eq(&query.sql);
}

fn literals(dialect: Dialect) -> SqlOptions {
    SqlOptions { parameters: false, ..SqlOptions::new(dialect, Statement::Members) }
}

#[test]
fn any_number_of_events_needs_no_groups() {
    check(
        "count(purchase where amount > '20') >= 1",
        &literals(Dialect::PostgreSql),
        &expect![[
            r#"SELECT c."id" FROM "customers" AS c WHERE c."id" IN (SELECT e."who" AS "k" FROM "shop"."events" AS e WHERE e."who" IS NOT NULL AND e."kind" = 'purchase' AND e."at" <= TIMESTAMPTZ '2024-06-30 12:00:00.000000+00' AND e."amount" > 20.00)"#
        ]],
    );
}

#[test]
fn customers_without_events_are_found_by_those_who_fail() {
    check(
        "count(purchase within last 90 days) < 3",
        &literals(Dialect::PostgreSql),
        &expect![[
            r#"SELECT c."id" FROM "customers" AS c WHERE c."id" NOT IN (SELECT e."who" AS "k" FROM "shop"."events" AS e WHERE e."who" IS NOT NULL AND e."kind" = 'purchase' AND e."at" BETWEEN TIMESTAMPTZ '2024-04-01 12:00:00.000000+00' AND TIMESTAMPTZ '2024-06-30 12:00:00.000000+00' GROUP BY e."who" HAVING COUNT(*) >= 3)"#
        ]],
    );
    check(
        "not (sum(purchase.qty) > 5)",
        &literals(Dialect::Trino),
        &expect![[
            r#"SELECT c."id" FROM "customers" AS c WHERE c."id" NOT IN (SELECT e."who" AS "k" FROM "shop"."events" AS e WHERE e."who" IS NOT NULL AND e."kind" = 'purchase' AND e."at" <= TIMESTAMP '2024-06-30 12:00:00.000000 UTC' GROUP BY e."who" HAVING COALESCE(SUM(CAST(e."qty" AS DECIMAL(20,0))), 0) > DECIMAL '5')"#
        ]],
    );
}

#[test]
fn missing_measures_follow_the_rule() {
    check(
        "avg(purchase.amount) != 10",
        &literals(Dialect::DuckDb),
        &expect![[
            r#"SELECT c."id" FROM "customers" AS c WHERE c."id" NOT IN (SELECT e."who" AS "k" FROM "shop"."events" AS e WHERE e."who" IS NOT NULL AND e."kind" = 'purchase' AND epoch_us(e."at") <= 1719748800000000 GROUP BY e."who" HAVING CAST(SUM(e."amount") AS DOUBLE) / NULLIF(COUNT(e."amount"), 0) = 10.0)"#
        ]],
    );
    check(
        "last value(purchase.qty) = 1",
        &literals(Dialect::Snowflake),
        &expect![[
            r#"SELECT c."id" FROM "customers" AS c WHERE c."id" IN (SELECT e."k" AS "k" FROM (SELECT e."who" AS "k", e."qty" AS "v", RANK() OVER (PARTITION BY e."who" ORDER BY e."at" DESC) AS "n" FROM "shop"."events" AS e WHERE e."who" IS NOT NULL AND e."kind" = 'purchase' AND e."at" <= CAST('2024-06-30 12:00:00.000000+00:00' AS TIMESTAMP_TZ)) AS e WHERE e."n" = 1 GROUP BY e."k" HAVING MAX(e."v") = 1)"#
        ]],
    );
}

#[test]
fn collations_play_no_part_in_keys() {
    check(
        "count(visit) >= 2",
        &literals(Dialect::MySql),
        &expect![
            "SELECT c.`id` FROM `customers` AS c WHERE CAST(CONVERT(c.`id` USING utf8mb4) AS BINARY) IN (SELECT CAST(CONVERT(e.`who` USING utf8mb4) AS BINARY) AS `k` FROM `visits` AS e WHERE e.`who` IS NOT NULL AND e.`day` <= DATE '2024-06-30' GROUP BY CAST(CONVERT(e.`who` USING utf8mb4) AS BINARY) HAVING COUNT(*) >= 2)"
        ],
    );
}

#[test]
fn sequences_look_back_once() {
    check(
        "sequence(visit, visit within 7 days without visit)",
        &literals(Dialect::Sqlite),
        &expect![[
            r#"SELECT c."id" FROM "customers" AS c WHERE c."id" IN (SELECT e."k" AS "k" FROM (SELECT e."k" AS "k", e."t" AS "t", 1 AS "s" FROM (SELECT e."k" AS "k", e."t" AS "t", e."s" AS "s", MAX(CASE WHEN e."s" = 1 THEN e."t" END) OVER (PARTITION BY e."k" ORDER BY e."t", e."s" ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS "p", MAX(CASE WHEN e."s" = 2 THEN e."t" END) OVER (PARTITION BY e."k" ORDER BY e."t", e."s" ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS "x" FROM (SELECT e."who" AS "k", e."day" AS "t", 1 AS "s" FROM "visits" AS e WHERE e."who" IS NOT NULL AND e."day" <= '2024-06-30' UNION ALL SELECT e."who" AS "k", e."day" AS "t", 0 AS "s" FROM "visits" AS e WHERE e."who" IS NOT NULL AND e."day" <= '2024-06-30' UNION ALL SELECT e."who" AS "k", e."day" AS "t", 2 AS "s" FROM "visits" AS e WHERE e."who" IS NOT NULL AND e."day" <= '2024-06-30') AS e) AS e WHERE e."s" = 0 AND e."p" IS NOT NULL AND (julianday(e."t") - julianday(e."p")) <= 7 AND (e."x" IS NULL OR e."x" <= e."p")) AS e)"#
        ]],
    );
}

#[test]
fn rankings_are_window_functions() {
    check(
        "top 10% by sum(purchase.amount) per city",
        &literals(Dialect::BigQuery),
        &expect![
            "SELECT c.`id` FROM `customers` AS c WHERE c.`id` IN (SELECT r.`k` AS `k` FROM (SELECT c.`id` AS `k`, ROW_NUMBER() OVER (PARTITION BY c.`city` ORDER BY COALESCE(m.`v`, 0) DESC, c.`id`) AS `n`, COUNT(*) OVER (PARTITION BY c.`city`) AS `a` FROM `customers` AS c LEFT JOIN (SELECT e.`who` AS `k`, COALESCE(SUM(e.`amount`), 0) AS `v` FROM `shop`.`events` AS e WHERE e.`who` IS NOT NULL AND e.`kind` = 'purchase' AND e.`at` <= TIMESTAMP '2024-06-30 12:00:00.000000+00:00' GROUP BY e.`who`) AS m ON m.`k` = c.`id`) AS r WHERE (r.`n` - 1) * 1000000 < r.`a` * 100000)"
        ],
    );
}

#[test]
fn related_rows() {
    check(
        "all related(orders where status = 'paid')",
        &literals(Dialect::ClickHouse),
        &expect![[
            r#"SELECT c."id" FROM "customers" AS c WHERE c."id" IN (SELECT e."who" AS "k" FROM "orders" AS e WHERE e."who" IS NOT NULL) AND c."id" NOT IN (SELECT e."who" AS "k" FROM "orders" AS e WHERE e."who" IS NOT NULL AND (e."status" <> 'paid' OR e."status" IS NULL))"#
        ]],
    );
}

#[test]
fn kept_members_are_looked_up_when_asked_for() {
    let kept = SqlOptions { materialized: true, ..literals(Dialect::PostgreSql) };
    check(
        "not segment vips",
        &kept,
        &expect![[
            r#"SELECT c."id" FROM "customers" AS c WHERE c."id" NOT IN (SELECT e."id" AS "k" FROM "mart"."vips" AS e WHERE e."id" IS NOT NULL)"#
        ]],
    );
    check(
        "not segment vips",
        &literals(Dialect::PostgreSql),
        &expect![[
            r#"SELECT c."id" FROM "customers" AS c WHERE c."score" <= 9.5 OR c."score" IS NULL OR c."score" = CAST('NaN' AS DOUBLE PRECISION)"#
        ]],
    );
}

#[test]
fn statements_that_keep_members() {
    let into = Target { table: "mart.vips".into(), column: None };
    let insert = SqlOptions { statement: Statement::Insert(into), ..literals(Dialect::SqlServer) };
    check(
        "score > 9.5",
        &insert,
        &expect!["INSERT INTO [mart].[vips] ([id]) SELECT c.[id] FROM [customers] AS c WHERE c.[score] > 9.5e0"],
    );
    let view = SqlOptions::new(Dialect::BigQuery, Statement::View("vips".into()));
    check(
        "score > 9.5",
        &view,
        &expect![
            "CREATE VIEW `vips` AS SELECT c.`id` FROM `customers` AS c WHERE c.`score` > 9.5 AND NOT IS_NAN(c.`score`)"
        ],
    );
    let model = SqlOptions::new(Dialect::Spark, Statement::DbtModel);
    check(
        "city = '{{ oops }}' and count(purchase) >= 1",
        &model,
        &expect![[r#"
        {{ config(materialized='view') }}
        {# city = '{{ oops }}' and count(purchase) >= 1 #}
        SELECT c.`id` FROM {{ ref('customers') }} AS c WHERE c.`city` = '{{ '{' }}{{ '{' }} oops }}' AND c.`id` IN (SELECT e.`who` AS `k` FROM {{ source('shop', 'events') }} AS e WHERE e.`who` IS NOT NULL AND e.`kind` = 'purchase' AND e.`at` <= TIMESTAMP '2024-06-30 12:00:00.000000+00:00')
    "#]],
    );
}

#[test]
fn a_funnel_has_a_row_a_step() {
    let funnel = SqlOptions { statement: Statement::Funnel, ..literals(Dialect::PostgreSql) };
    check(
        "city = 'Paris' and score > 1",
        &funnel,
        &expect![[
            r#"SELECT 1 AS "step", '/children/0' AS "path", (SELECT COUNT(*) FROM "customers" AS c WHERE c."city" = 'Paris') AS "alone", (SELECT COUNT(*) FROM "customers" AS c WHERE c."city" = 'Paris') AS "together" UNION ALL SELECT 2 AS "step", '/children/1' AS "path", (SELECT COUNT(*) FROM "customers" AS c WHERE c."score" > 1.0 AND c."score" <> CAST('NaN' AS DOUBLE PRECISION)) AS "alone", (SELECT COUNT(*) FROM "customers" AS c WHERE c."city" = 'Paris' AND c."score" > 1.0 AND c."score" <> CAST('NaN' AS DOUBLE PRECISION)) AS "together""#
        ]],
    );
}
