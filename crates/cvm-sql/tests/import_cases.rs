//! What single constructs become, and where and why others are refused.

#![expect(clippy::expect_used, reason = "tests may")]

use cvm_core::{Catalog, Code};
use cvm_sql::{ImportDialect, from_sql};

fn catalog() -> Catalog {
    Catalog::from_json(
        r#"{"customers": {"table": "crm.customers", "key": "id", "fields": [
            {"name": "id", "type": "int", "nullable": false}, {"name": "age", "type": "int"},
            {"name": "score", "type": "float"}, {"name": "spent", "type": "decimal(10,2)"},
            {"name": "City", "type": "string"}, {"name": "plan", "type": "string", "enum": ["free", "gold"]},
            {"name": "active", "type": "bool"}, {"name": "birthday", "type": "date"},
            {"name": "seen", "type": "timestamp"}, {"name": "tags", "type": "list<string>"},
            {"name": "attributes", "type": "json"}]}}"#,
    )
    .expect("a valid catalog")
}

fn becomes(dialect: &str, sql: &str) -> String {
    let dialect: ImportDialect = dialect.parse().expect("a dialect");
    match from_sql(sql, Some(dialect), Some(&catalog())) {
        Ok(filter) => filter.to_string(),
        Err(found) => found.to_string(),
    }
}

#[test]
fn constructs_that_import() {
    let mut differ = Vec::new();
    for (dialect, sql, text) in [
        ("postgresql", "c.city = 'Paris'", "City = 'Paris'"),
        ("postgresql", "SELECT c.id FROM crm.customers c WHERE c.age > 2.5 ORDER BY c.id;", "age > 2"),
        ("postgresql", "SELECT count(*) FROM customers", "everyone"),
        ("mysql", "active = 1 AND city = \"Paris\"", "active = true and City = 'Paris'"),
        ("sqlite", "city LIKE 'ol%'", "City starts with 'ol' ignoring case"),
        ("sqlite", "city LIKE '50%'", "City starts with '50'"),
        ("postgresql", "city LIKE '50\\%'", "City = '50%'"),
        ("duckdb", "city LIKE '50\\%'", "City starts with '50\\'"),
        ("postgresql", "spent >= '100.00' AND spent < 0.1", "spent >= 100 and spent < '0.1'"),
        ("postgresql", "seen >= '2024-01-31'", "seen >= '2024-01-31T00:00:00Z'"),
        ("postgresql", "seen < TIMESTAMP '2024-01-31 10:00:00+02'", "seen < '2024-01-31T08:00:00Z'"),
        ("postgresql", "seen >= now() - interval '90 days'", "seen >= 90 days ago"),
        ("mysql", "seen >= DATE_SUB(NOW(), INTERVAL 90 DAY)", "seen >= 90 days ago"),
        ("sqlserver", "seen >= DATEADD(day, -90, GETDATE())", "seen >= 90 days ago"),
        ("postgresql", "birthday >= CURRENT_DATE - 7", "birthday >= 7 days ago"),
        ("postgresql", "seen >= date_trunc('month', now())", "seen >= start of month"),
        ("postgresql", "tags && ARRAY['vip', 'new']", "tags has any ('vip', 'new')"),
        ("postgresql", "'vip' = ANY(tags)", "tags has any ('vip')"),
        ("clickhouse", "NOT has(tags, 'vip')", "tags has none ('vip') without missing"),
        ("mysql", "'vip' MEMBER OF(tags)", "tags has any ('vip')"),
        ("bigquery", "'vip' IN UNNEST(tags)", "tags has any ('vip')"),
        ("duckdb", "len(tags) >= 2", "size(tags) >= 2"),
        ("postgresql", "attributes ->> 'plan' = 'gold'", "attributes.plan = 'gold'"),
        ("postgresql", "city ~ '^P[a-z]+$'", "City matches '^P[a-z]+$'"),
        ("postgresql", "city LIKE 'a_b'", "City matches '^a(.|\\n)b$'"),
        ("postgresql", "score = 'NaN'::float8 OR score IS NULL", "score is not set"),
        ("oracle", "city = ''", "nobody"),
        ("mysql", "age <=> NULL", "age is not set"),
    ] {
        let got = becomes(dialect, sql);
        if got != text {
            differ.push(format!("{dialect}: {sql}\n  is {got}\n not {text}"));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

#[test]
fn constructs_that_are_refused_with_their_place() {
    use Code as C;
    let mut differ = Vec::new();
    for (dialect, sql, code, place) in [
        ("postgresql", "age > 1 AND citty = 'x'", C::UnknownField, (1, 13)),
        ("postgresql", "plan = 'golden'", C::NotInEnum, (1, 1)),
        ("postgresql", "age = 1 AND\n  EXTRACT(YEAR FROM seen) = 2024", C::NotSupported, (2, 21)),
        ("postgresql", "NOT ('vip' = ANY(tags))", C::NotSupported, (1, 6)),
        ("postgresql", "age IN (SELECT 1)", C::NotSupported, (1, 1)),
        ("postgresql", "age = $1", C::NotSupported, (1, 7)),
        ("postgresql", "spent + 1 > 5", C::NotSupported, (1, 1)),
        ("clickhouse", "age + 1 > 5", C::NotSupported, (1, 1)),
        ("postgresql", "city ILIKE 'paris'", C::NotSupported, (1, 1)),
        ("postgresql", "city = 5", C::NotSupported, (1, 1)),
        ("postgresql", "active IS DISTINCT FROM TRUE AND age = 1", C::NotSupported, (1, 25)),
        ("postgresql", "age = 1 GROUP BY age", C::NotSupported, (1, 9)),
        ("postgresql", "age = 1 1", C::TextSyntax, (1, 9)),
        ("postgresql", "SELECT id FROM customers WHERE age = 1 LIMIT 3", C::NotSupported, (1, 40)),
        ("postgresql", "SELECT DISTINCT id FROM customers WHERE age = 1", C::NotSupported, (1, 8)),
        ("postgresql", "SELECT id FROM customers JOIN orders USING (id)", C::NotSupported, (1, 26)),
        ("postgresql", "SELECT id FROM orders WHERE age = 1", C::UnknownTable, (1, 16)),
        ("postgresql", "c.age = 1 AND o.age = 2", C::NotSupported, (1, 15)),
        ("mysql", "city = 'a' || 'b'", C::NotSupported, (1, 8)),
        ("sqlite", "\"citty\" = 'Paris'", C::NotSupported, (1, 1)),
        ("spark", "city = 'it''s'", C::NotSupported, (1, 8)),
        ("spark", "city = 'a\\nb'", C::NotSupported, (1, 8)),
        ("mysql", "city = 'a' /*! OR TRUE */", C::NotSupported, (1, 12)),
        ("postgresql", "age = 1 AND (", C::TextSyntax, (1, 14)),
        ("postgresql", "", C::TextSyntax, (0, 0)),
    ] {
        let dialect: ImportDialect = dialect.parse().expect("a dialect");
        let found = match from_sql(sql, Some(dialect), Some(&catalog())) {
            Ok(filter) => {
                differ.push(format!("{sql}: is {filter}"));
                continue;
            }
            Err(found) => found,
        };
        let finding = &found.0[0];
        let span = finding.span.map_or((0, 0), |span| (span.line, span.column));
        if finding.code != code || span != place {
            differ.push(format!("{sql}: {finding}, not {code} at {place:?}"));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

#[test]
fn a_zone_that_is_not_utc_moves_days_and_months() {
    let zoned = Catalog { zone: "Europe/Paris".into(), ..catalog() };
    let import = |sql: &str| from_sql(sql, Some(ImportDialect::PostgreSql), Some(&zoned));
    assert!(import("seen > now() - interval '90 days'").is_ok());
    for sql in ["seen > now() - interval '3 months'", "birthday = CURRENT_DATE"] {
        assert_eq!(import(sql).expect_err("it depends on the zone").0[0].code, Code::NotSupported);
    }
}

#[test]
fn names_of_dialects() {
    for dialect in ImportDialect::ALL {
        assert_eq!(dialect.as_str().parse::<ImportDialect>().expect("its name"), *dialect);
        assert!(from_sql("x > 1", Some(*dialect), None).is_ok(), "{dialect}");
    }
    assert_eq!(
        "postgress".parse::<ImportDialect>().expect_err("a slip").0[0].suggestion.as_deref(),
        Some("postgresql")
    );
}
