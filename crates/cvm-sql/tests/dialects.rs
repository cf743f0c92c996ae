//! What each dialect makes of each kind of test. PostgreSQL stands for all; the others are shown where they differ.

#![expect(clippy::expect_used, reason = "tests may")]

use cvm_core::{Catalog, Code, Filter, Timestamp};
use cvm_sql::{Dialect, Direction, Preview, SqlOptions, Statement, to_sql};
use expect_test::{Expect, expect};

fn catalog() -> Catalog {
    Catalog::from_json(
        r#"{"customers": {"table": "crm.customers", "key": "id", "fields": [
            {"name": "id", "type": "int", "nullable": false},
            {"name": "age", "type": "int"},
            {"name": "kids", "type": "int"},
            {"name": "score", "type": "float"},
            {"name": "spent", "type": "decimal(10,2)"},
            {"name": "city", "type": "string"},
            {"name": "the \"odd\" name", "type": "string"},
            {"name": "active", "type": "bool"},
            {"name": "birthday", "type": "date"},
            {"name": "seen", "type": "timestamp"},
            {"name": "tags", "type": "list<string>"},
            {"name": "extra", "type": "json"}]},
            "segments": [{"name": "young", "filter": {"type": "condition", "field": "age", "op": "lt", "value": 25}}],
            "lists": [{"name": "chosen", "members": [1, 2, 3], "remove": [2]}],
            "zone": "Europe/Paris"}"#,
    )
    .expect("a valid catalog")
}

fn as_of() -> Timestamp {
    Timestamp::parse_utc("2024-03-31T12:00:00Z").expect("an instant")
}

/// The condition of each dialect, equal ones together.
fn conditions(text: &str) -> String {
    let filter: Filter = text.parse().expect("a filter");
    let mut shown: Vec<(String, Vec<&str>)> = Vec::new();
    for dialect in Dialect::ALL {
        let options = SqlOptions { parameters: false, ..SqlOptions::new(*dialect, Statement::Members) };
        let condition = match to_sql(&filter, &catalog(), as_of(), &options) {
            Ok(query) => query.sql.split_once(" WHERE ").map_or("no condition".to_owned(), |(_, c)| c.to_owned()),
            Err(findings) => findings.to_string(),
        };
        // Quotes alone are no difference worth a line.
        let plain = condition.replace('`', "\"");
        match shown.iter_mut().find(|(known, _)| *known == plain) {
            Some((_, dialects)) => dialects.push(dialect.as_str()),
            None => shown.push((plain, vec![dialect.as_str()])),
        }
    }
    shown.iter().map(|(condition, dialects)| format!("{}: {condition}\n", dialects.join(", "))).collect()
}

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&conditions(text));
}

#[test]
fn missing_values() {
    check(
        "age > 30",
        expect![[r#"
        postgresql, mysql, sqlite, duckdb, datafusion: c."age" > 30
    "#]],
    );
    check(
        "not (age > 30)",
        expect![[r#"
        postgresql, mysql, sqlite, duckdb, datafusion: c."age" <= 30 OR c."age" IS NULL
    "#]],
    );
    check(
        "age != 30",
        expect![[r#"
        postgresql, mysql, sqlite, duckdb, datafusion: c."age" <> 30 OR c."age" IS NULL
    "#]],
    );
    check(
        "age != 30 without missing",
        expect![[r#"
        postgresql, mysql, sqlite, duckdb, datafusion: c."age" <> 30
    "#]],
    );
    check(
        "age > 30 with missing",
        expect![[r#"
        postgresql, mysql, sqlite, duckdb, datafusion: c."age" > 30 OR c."age" IS NULL
    "#]],
    );
    check(
        "age not in (1, 2)",
        expect![[r#"
        postgresql, mysql, sqlite, duckdb, datafusion: c."age" NOT IN (1, 2) OR c."age" IS NULL
    "#]],
    );
    check(
        "age is set or city is not set",
        expect![[r#"
        postgresql, mysql, sqlite, duckdb, datafusion: c."age" IS NOT NULL OR c."city" IS NULL
    "#]],
    );
    check(
        "not (age is set)",
        expect![[r#"
        postgresql, mysql, sqlite, duckdb, datafusion: c."age" IS NULL
    "#]],
    );
}

#[test]
fn numbers() {
    check(
        "age > 2.5",
        expect![[r#"
        postgresql, mysql, sqlite, duckdb, datafusion: c."age" > 2
    "#]],
    );
    check(
        "age = 2.5",
        expect![[r#"
        postgresql, mysql, sqlite, duckdb, datafusion: false
    "#]],
    );
    check(
        "not (age = 2.5)",
        expect![[r#"
        postgresql, mysql, sqlite, duckdb, datafusion: no condition
    "#]],
    );
    check(
        "age < 1e30",
        expect![[r#"
            postgresql, mysql, sqlite, duckdb, datafusion: CVM_INVALID_VALUE at /value: "1e30" has more than 15 digits, so its last ones may be lost; write a whole number from -9223372036854775808 to 9223372036854775807
        "#]],
    );
    check(
        "score > 0.5",
        expect![[r#"
        postgresql: c."score" > 0.5 AND c."score" <> CAST('NaN' AS DOUBLE PRECISION)
        mysql, sqlite: c."score" > 0.5
        duckdb, datafusion: c."score" > 0.5 AND NOT isnan(c."score")
    "#]],
    );
    check(
        "score = 0.0 or score < 0.0",
        expect![[r#"
        postgresql, mysql, sqlite, duckdb: c."score" = 0.0 OR c."score" < 0.0
        datafusion: c."score" IN (0.0, -0.0) OR c."score" < -0.0
    "#]],
    );
    check(
        "score is set",
        expect![[r#"
        postgresql: c."score" IS NOT NULL AND c."score" <> CAST('NaN' AS DOUBLE PRECISION)
        mysql, sqlite: c."score" IS NOT NULL
        duckdb, datafusion: c."score" IS NOT NULL AND NOT isnan(c."score")
    "#]],
    );
    check(
        "spent >= '100.005'",
        expect![[r#"
        postgresql, mysql, sqlite, duckdb: c."spent" > 100.00
        datafusion: c."spent" > CAST('100.00' AS DECIMAL(5,2))
    "#]],
    );
    check(
        "spent between '1.50' and '9.99'",
        expect![[r#"
        postgresql, mysql, sqlite, duckdb: c."spent" BETWEEN 1.50 AND 9.99
        datafusion: c."spent" BETWEEN CAST('1.50' AS DECIMAL(3,2)) AND CAST('9.99' AS DECIMAL(3,2))
    "#]],
    );
    check(
        "age > field(kids)",
        expect![[r#"
        postgresql, mysql, sqlite, duckdb, datafusion: c."age" > c."kids"
    "#]],
    );
    check(
        "age != field(score)",
        expect![[r#"
        postgresql: c."age" <> c."score" OR c."age" IS NULL OR c."score" IS NULL OR c."score" = CAST('NaN' AS DOUBLE PRECISION)
        mysql: c."age" <> c."score" OR c."age" IS NULL OR c."score" IS NULL
        sqlite: CAST(c."age" AS REAL) <> c."score" OR c."age" IS NULL OR c."score" IS NULL
        duckdb: c."age" <> c."score" OR c."age" IS NULL OR c."score" IS NULL OR isnan(c."score")
        datafusion: c."age" <> (c."score" + 0.0) OR c."age" IS NULL OR c."score" IS NULL OR isnan(c."score")
    "#]],
    );
}

#[test]
fn texts() {
    check(
        "city = 'L''Aquila'",
        expect![[r#"
        postgresql, sqlite, duckdb, datafusion: c."city" = 'L''Aquila'
        mysql: c."city" = 'L''Aquila' AND CAST(CONVERT(c."city" USING utf8mb4) AS BINARY) = 'L''Aquila'
    "#]],
    );
    check(
        r"city = 'a\'",
        expect![[r#"
        postgresql, sqlite, duckdb, datafusion: c."city" = 'a\'
        mysql: c."city" = 'a\\' AND CAST(CONVERT(c."city" USING utf8mb4) AS BINARY) = 'a\\'
    "#]],
    );
    check(
        "city < 'M'",
        expect![[r#"
        postgresql: c."city" COLLATE "C" < 'M'
        mysql: CAST(CONVERT(c."city" USING utf8mb4) AS BINARY) < 'M'
        sqlite, duckdb, datafusion: c."city" < 'M'
    "#]],
    );
    check(
        "city contains '100%'",
        expect![[r#"
        postgresql: strpos(c."city", '100%') > 0
        mysql: LOCATE('100%', CAST(CONVERT(c."city" USING utf8mb4) AS BINARY)) > 0
        sqlite: instr(c."city", '100%') > 0
        duckdb, datafusion: contains(c."city", '100%')
    "#]],
    );
    check(
        "city not starts with 'Saint-'",
        expect![[r#"
        postgresql, duckdb, datafusion: NOT starts_with(c."city", 'Saint-') OR c."city" IS NULL
        mysql: NOT (LEFT(CAST(CONVERT(c."city" USING utf8mb4) AS BINARY), 6) = 'Saint-') OR c."city" IS NULL
        sqlite: NOT (substr(c."city", 1, 6) = 'Saint-') OR c."city" IS NULL
    "#]],
    );
    check(
        "city ends with 'é'",
        expect![[r#"
        postgresql: right(c."city", 1) = 'é'
        mysql: RIGHT(CAST(CONVERT(c."city" USING utf8mb4) AS BINARY), 2) = 'é'
        sqlite: substr(c."city", -1) = 'é'
        duckdb, datafusion: ends_with(c."city", 'é')
    "#]],
    );
    check(
        "city = 'PARIS' ignoring case",
        expect![[r#"
        postgresql, sqlite, duckdb, datafusion: lower(c."city") = 'paris'
        mysql: CAST(CONVERT(lower(c."city") USING utf8mb4) AS BINARY) = 'paris'
    "#]],
    );
    check(
        r"city matches '^\d+\.$'",
        expect![[r#"
        postgresql: c."city" ~ '^[0-9]+\.$'
        mysql: CONVERT(c."city" USING utf8mb4) REGEXP '(?-i)^[0-9]+\\.\\z'
        sqlite: CVM_NOT_SUPPORTED: sqlite: the database has no regular expressions of its own
        duckdb: regexp_matches(c."city", '^[0-9]+\.\z')
        datafusion: regexp_like(c."city", '^[0-9]+\.\z')
    "#]],
    );
    check(
        "city is empty",
        expect![[r#"
        postgresql, sqlite, duckdb, datafusion: c."city" = ''
        mysql: OCTET_LENGTH(c."city") = 0
    "#]],
    );
    check(
        "\"the \"\"odd\"\" name\" = 'x'",
        expect![[r#"
        postgresql, sqlite, duckdb, datafusion: c."the ""odd"" name" = 'x'
        mysql: c."the "odd" name" = 'x' AND CAST(CONVERT(c."the "odd" name" USING utf8mb4) AS BINARY) = 'x'
    "#]],
    );
}

#[test]
fn times() {
    check(
        "birthday = '1990-05-01'",
        expect![[r#"
        postgresql, mysql, duckdb, datafusion: c."birthday" = DATE '1990-05-01'
        sqlite: c."birthday" = '1990-05-01'
    "#]],
    );
    check(
        "birthday within last 90 days",
        expect![[r#"
        postgresql, mysql, duckdb, datafusion: c."birthday" BETWEEN DATE '2024-01-01' AND DATE '2024-03-31'
        sqlite: c."birthday" BETWEEN '2024-01-01' AND '2024-03-31'
    "#]],
    );
    check(
        "birthday anniversary within coming 7 days",
        expect![[r#"
        postgresql: EXTRACT(MONTH FROM c."birthday") * 100 + EXTRACT(DAY FROM c."birthday") BETWEEN 331 AND 407
        mysql, duckdb: MONTH(c."birthday") * 100 + DAY(c."birthday") BETWEEN 331 AND 407
        sqlite: CAST(strftime('%m%d', c."birthday") AS INTEGER) BETWEEN 331 AND 407
        datafusion: date_part('month', c."birthday") * 100 + date_part('day', c."birthday") BETWEEN 331 AND 407
    "#]],
    );
    check(
        "birthday anniversary within last 60 days",
        expect![[r#"
        postgresql: EXTRACT(MONTH FROM c."birthday") * 100 + EXTRACT(DAY FROM c."birthday") BETWEEN 131 AND 331
        mysql, duckdb: MONTH(c."birthday") * 100 + DAY(c."birthday") BETWEEN 131 AND 331
        sqlite: CAST(strftime('%m%d', c."birthday") AS INTEGER) BETWEEN 131 AND 331
        datafusion: date_part('month', c."birthday") * 100 + date_part('day', c."birthday") BETWEEN 131 AND 331
    "#]],
    );
    check(
        "seen on '2024-03-31'",
        expect![[r#"
        postgresql: c."seen" >= TIMESTAMPTZ '2024-03-30 23:00:00.000000+00' AND c."seen" < TIMESTAMPTZ '2024-03-31 22:00:00.000000+00'
        mysql: c."seen" >= TIMESTAMP '2024-03-30 23:00:00.000000' AND c."seen" < TIMESTAMP '2024-03-31 22:00:00.000000'
        sqlite: c."seen" >= '2024-03-30 23:00:00.000000' AND c."seen" < '2024-03-31 22:00:00.000000'
        duckdb: epoch_us(c."seen") >= 1711839600000000 AND epoch_us(c."seen") < 1711922400000000
        datafusion: c."seen" >= arrow_cast(1711839600000000, 'Timestamp(Microsecond, Some("UTC"))') AND c."seen" < arrow_cast(1711922400000000, 'Timestamp(Microsecond, Some("UTC"))')
    "#]],
    );
    check(
        "seen within last 1 day",
        expect![[r#"
        postgresql: c."seen" BETWEEN TIMESTAMPTZ '2024-03-30 12:00:00.000000+00' AND TIMESTAMPTZ '2024-03-31 12:00:00.000000+00'
        mysql: c."seen" BETWEEN TIMESTAMP '2024-03-30 12:00:00.000000' AND TIMESTAMP '2024-03-31 12:00:00.000000'
        sqlite: c."seen" BETWEEN '2024-03-30 12:00:00.000000' AND '2024-03-31 12:00:00.000000'
        duckdb: epoch_us(c."seen") BETWEEN 1711800000000000 AND 1711886400000000
        datafusion: c."seen" BETWEEN arrow_cast(1711800000000000, 'Timestamp(Microsecond, Some("UTC"))') AND arrow_cast(1711886400000000, 'Timestamp(Microsecond, Some("UTC"))')
    "#]],
    );
    check(
        "seen within this month",
        expect![[r#"
        postgresql: c."seen" >= TIMESTAMPTZ '2024-02-29 23:00:00.000000+00' AND c."seen" < TIMESTAMPTZ '2024-03-31 22:00:00.000000+00'
        mysql: c."seen" >= TIMESTAMP '2024-02-29 23:00:00.000000' AND c."seen" < TIMESTAMP '2024-03-31 22:00:00.000000'
        sqlite: c."seen" >= '2024-02-29 23:00:00.000000' AND c."seen" < '2024-03-31 22:00:00.000000'
        duckdb: epoch_us(c."seen") >= 1709247600000000 AND epoch_us(c."seen") < 1711922400000000
        datafusion: c."seen" >= arrow_cast(1709247600000000, 'Timestamp(Microsecond, Some("UTC"))') AND c."seen" < arrow_cast(1711922400000000, 'Timestamp(Microsecond, Some("UTC"))')
    "#]],
    );
}

#[test]
fn lists_and_others() {
    check(
        "tags has any ('vip', 'new')",
        expect![[r#"
        postgresql: c."tags" && CAST(ARRAY['vip', 'new'] AS TEXT[])
        mysql: JSON_OVERLAPS(c."tags", '["vip","new"]')
        sqlite: EXISTS (SELECT 1 FROM json_each(c."tags") AS j WHERE j.value IN ('vip', 'new'))
        duckdb: list_has_any(c."tags", ['vip', 'new'])
        datafusion: array_has_any(c."tags", make_array('vip', 'new'))
    "#]],
    );
    check(
        "tags has all ('vip', 'new')",
        expect![[r#"
        postgresql: c."tags" @> CAST(ARRAY['vip', 'new'] AS TEXT[])
        mysql: JSON_CONTAINS(c."tags", '["vip","new"]')
        sqlite: EXISTS (SELECT 1 FROM json_each(c."tags") AS j WHERE j.value IN ('vip')) AND EXISTS (SELECT 1 FROM json_each(c."tags") AS j WHERE j.value IN ('new'))
        duckdb: list_has_all(c."tags", ['vip', 'new'])
        datafusion: array_has_all(c."tags", make_array('vip', 'new'))
    "#]],
    );
    check(
        "tags has none ('vip')",
        expect![[r#"
        postgresql: NOT (c."tags" && CAST(ARRAY['vip'] AS TEXT[])) OR c."tags" IS NULL
        mysql: NOT JSON_OVERLAPS(c."tags", '["vip"]') OR c."tags" IS NULL
        sqlite: NOT (EXISTS (SELECT 1 FROM json_each(c."tags") AS j WHERE j.value IN ('vip'))) OR c."tags" IS NULL
        duckdb: NOT list_has_any(c."tags", ['vip']) OR c."tags" IS NULL
        datafusion: NOT array_has_any(c."tags", make_array('vip')) OR c."tags" IS NULL
    "#]],
    );
    check(
        "size(tags) > 2",
        expect![[r#"
        postgresql, datafusion: cardinality(c."tags") > 2
        mysql: JSON_LENGTH(c."tags") > 2
        sqlite: json_array_length(c."tags") > 2
        duckdb: len(c."tags") > 2
    "#]],
    );
    check(
        "active = true",
        expect![[r#"
        postgresql, mysql, sqlite, duckdb, datafusion: c."active" = true
    "#]],
    );
    check(
        "segment young and list chosen",
        expect![[r#"
        postgresql, mysql, sqlite, duckdb, datafusion: c."age" < 25 AND c."id" IN (1, 3)
    "#]],
    );
    check(
        "at least 2 of (age > 1, kids > 1, active = true)",
        expect![[r#"
        postgresql, mysql, sqlite, duckdb, datafusion: (CASE WHEN c."age" > 1 THEN 1 ELSE 0 END + CASE WHEN c."kids" > 1 THEN 1 ELSE 0 END + CASE WHEN c."active" = true THEN 1 ELSE 0 END) >= 2
    "#]],
    );
    check(
        "everyone",
        expect![[r#"
        postgresql, mysql, sqlite, duckdb, datafusion: no condition
    "#]],
    );
    check(
        "nobody",
        expect![[r#"
        postgresql, mysql, sqlite, duckdb, datafusion: false
    "#]],
    );
    check(
        "age > 1 and (kids > 1 or active = true) and not (city = 'x' and age < 9)",
        expect![[r#"
        postgresql, sqlite, duckdb, datafusion: c."age" > 1 AND (c."kids" > 1 OR c."active" = true) AND (c."city" <> 'x' OR c."city" IS NULL OR c."age" >= 9 OR c."age" IS NULL)
        mysql: c."age" > 1 AND (c."kids" > 1 OR c."active" = true) AND (CAST(CONVERT(c."city" USING utf8mb4) AS BINARY) <> 'x' OR c."city" IS NULL OR c."age" >= 9 OR c."age" IS NULL)
    "#]],
    );
}

#[test]
fn statements() {
    let filter: Filter =
        "city in ('Paris', 'Lyon') and spent > '10.50' and birthday < '2000-01-01'".parse().expect("a filter");
    let mut shown = String::new();
    let preview = Preview {
        columns: vec!["id".into(), "city".into()],
        order: vec![("spent".into(), Direction::Descending)],
        limit: 10,
        offset: 20,
    };
    for dialect in Dialect::ALL {
        for statement in [Statement::Members, Statement::Count, Statement::Preview(preview.clone())] {
            let query =
                to_sql(&filter, &catalog(), as_of(), &SqlOptions::new(*dialect, statement)).expect("a statement");
            let params: Vec<String> = query.params.iter().map(ToString::to_string).collect();
            shown.push_str(&format!("{dialect}: {}\n    {}\n", query.sql, params.join(" · ")));
        }
    }
    expect![[r#"
        postgresql: SELECT c."id" FROM "crm"."customers" AS c WHERE c."city" IN ($1, $2) AND c."spent" > CAST($3 AS DECIMAL(4,2)) AND c."birthday" < CAST($4 AS DATE)
            Paris · Lyon · 10.50 · 2000-01-01
        postgresql: SELECT COUNT(*) AS "count" FROM "crm"."customers" AS c WHERE c."city" IN ($1, $2) AND c."spent" > CAST($3 AS DECIMAL(4,2)) AND c."birthday" < CAST($4 AS DATE)
            Paris · Lyon · 10.50 · 2000-01-01
        postgresql: SELECT c."id", c."city" FROM "crm"."customers" AS c WHERE c."city" IN ($1, $2) AND c."spent" > CAST($3 AS DECIMAL(4,2)) AND c."birthday" < CAST($4 AS DATE) ORDER BY c."spent" IS NULL, c."spent" DESC, c."id" LIMIT 10 OFFSET 20
            Paris · Lyon · 10.50 · 2000-01-01
        mysql: SELECT c.`id` FROM `crm`.`customers` AS c WHERE c.`city` IN (?, ?) AND CAST(CONVERT(c.`city` USING utf8mb4) AS BINARY) IN (?, ?) AND c.`spent` > CAST(? AS DECIMAL(4,2)) AND c.`birthday` < CAST(? AS DATE)
            Paris · Lyon · Paris · Lyon · 10.50 · 2000-01-01
        mysql: SELECT COUNT(*) AS `count` FROM `crm`.`customers` AS c WHERE c.`city` IN (?, ?) AND CAST(CONVERT(c.`city` USING utf8mb4) AS BINARY) IN (?, ?) AND c.`spent` > CAST(? AS DECIMAL(4,2)) AND c.`birthday` < CAST(? AS DATE)
            Paris · Lyon · Paris · Lyon · 10.50 · 2000-01-01
        mysql: SELECT c.`id`, c.`city` FROM `crm`.`customers` AS c WHERE c.`city` IN (?, ?) AND CAST(CONVERT(c.`city` USING utf8mb4) AS BINARY) IN (?, ?) AND c.`spent` > CAST(? AS DECIMAL(4,2)) AND c.`birthday` < CAST(? AS DATE) ORDER BY c.`spent` IS NULL, c.`spent` DESC, c.`id` LIMIT 10 OFFSET 20
            Paris · Lyon · Paris · Lyon · 10.50 · 2000-01-01
        sqlite: SELECT c."id" FROM "crm"."customers" AS c WHERE c."city" IN (?, ?) AND c."spent" > ? AND c."birthday" < ?
            Paris · Lyon · 10.5 · 2000-01-01
        sqlite: SELECT COUNT(*) AS "count" FROM "crm"."customers" AS c WHERE c."city" IN (?, ?) AND c."spent" > ? AND c."birthday" < ?
            Paris · Lyon · 10.5 · 2000-01-01
        sqlite: SELECT c."id", c."city" FROM "crm"."customers" AS c WHERE c."city" IN (?, ?) AND c."spent" > ? AND c."birthday" < ? ORDER BY c."spent" IS NULL, c."spent" DESC, c."id" LIMIT 10 OFFSET 20
            Paris · Lyon · 10.5 · 2000-01-01
        duckdb: SELECT c."id" FROM "crm"."customers" AS c WHERE c."city" IN ($1, $2) AND c."spent" > CAST($3 AS DECIMAL(4,2)) AND c."birthday" < CAST($4 AS DATE)
            Paris · Lyon · 10.50 · 2000-01-01
        duckdb: SELECT COUNT(*) AS "count" FROM "crm"."customers" AS c WHERE c."city" IN ($1, $2) AND c."spent" > CAST($3 AS DECIMAL(4,2)) AND c."birthday" < CAST($4 AS DATE)
            Paris · Lyon · 10.50 · 2000-01-01
        duckdb: SELECT c."id", c."city" FROM "crm"."customers" AS c WHERE c."city" IN ($1, $2) AND c."spent" > CAST($3 AS DECIMAL(4,2)) AND c."birthday" < CAST($4 AS DATE) ORDER BY c."spent" IS NULL, c."spent" DESC, c."id" LIMIT 10 OFFSET 20
            Paris · Lyon · 10.50 · 2000-01-01
        datafusion: SELECT c."id" FROM "crm"."customers" AS c WHERE c."city" IN ($1, $2) AND c."spent" > CAST($3 AS DECIMAL(4,2)) AND c."birthday" < CAST($4 AS DATE)
            Paris · Lyon · 10.50 · 2000-01-01
        datafusion: SELECT COUNT(*) AS "count" FROM "crm"."customers" AS c WHERE c."city" IN ($1, $2) AND c."spent" > CAST($3 AS DECIMAL(4,2)) AND c."birthday" < CAST($4 AS DATE)
            Paris · Lyon · 10.50 · 2000-01-01
        datafusion: SELECT c."id", c."city" FROM "crm"."customers" AS c WHERE c."city" IN ($1, $2) AND c."spent" > CAST($3 AS DECIMAL(4,2)) AND c."birthday" < CAST($4 AS DATE) ORDER BY c."spent" IS NULL, c."spent" DESC, c."id" LIMIT 10 OFFSET 20
            Paris · Lyon · 10.50 · 2000-01-01
    "#]].assert_eq(&shown);
}

#[test]
fn what_a_dialect_cant_say_names_node_and_reason() {
    let filter: Filter = "age > 1 and (city matches 'x' or age < 0)".parse().expect("a filter");
    let options = SqlOptions::new(Dialect::Sqlite, Statement::Count);
    let findings = to_sql(&filter, &catalog(), as_of(), &options).expect_err("no regular expressions");
    assert_eq!(
        findings.0.first().map(|f| (f.code, f.path.as_str())),
        Some((Code::NotSupported, "/children/1/children/0"))
    );

    let filter: Filter = "not (extra.plan = 'gold')".parse().expect("a filter");
    for dialect in Dialect::ALL {
        let options = SqlOptions::new(*dialect, Statement::Count);
        let findings = to_sql(&filter, &catalog(), as_of(), &options).expect_err("no json yet");
        assert_eq!(findings.0.first().map(|f| (f.code, f.path.as_str())), Some((Code::NotSupported, "/child")));
    }
}

#[test]
fn ten_thousand_conditions_are_no_deep_tree() {
    let many: Vec<String> = (0..9_000).map(|n| format!("kids = {n}")).collect();
    let filter: Filter = many.join(" or ").parse().expect("a filter");
    let options = SqlOptions::new(Dialect::PostgreSql, Statement::Count);
    let query = to_sql(&filter, &catalog(), as_of(), &options).expect("a statement");
    assert_eq!(query.params.len(), 9_000);
}
