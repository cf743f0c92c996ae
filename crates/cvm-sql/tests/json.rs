//! Conditions inside JSON documents, and items of lists whatever their case, in each dialect.

#![expect(clippy::expect_used, reason = "tests may")]

use cvm_core::{Catalog, Code, Filter, Timestamp};
use cvm_sql::{Dialect, SqlOptions, Statement, to_sql};
use expect_test::{Expect, expect};

fn catalog() -> Catalog {
    Catalog::from_json(
        r#"{"customers": {"table": "customers", "key": "id", "fields": [
            {"name": "id", "type": "int", "nullable": false},
            {"name": "tags", "type": "list<string>"},
            {"name": "extra", "type": "json"}]},
            "events": [{"name": "visit", "table": "visits", "customer": "who", "time": "at",
                "fields": [{"name": "page", "type": "json"}]}]}"#,
    )
    .expect("a valid catalog")
}

/// The dialects that read documents and can run in tests.
const READERS: [Dialect; 6] =
    [Dialect::PostgreSql, Dialect::MySql, Dialect::Sqlite, Dialect::DuckDb, Dialect::ClickHouse, Dialect::Spark];

/// Those that can't run there; they can't compare large numbers exactly.
const WAREHOUSES: [Dialect; 5] =
    [Dialect::BigQuery, Dialect::Snowflake, Dialect::Redshift, Dialect::Trino, Dialect::SqlServer];

fn sql(filter: &str, dialect: Dialect) -> Result<cvm_sql::Query, cvm_core::Diagnostics> {
    let filter: Filter = filter.parse().expect("a filter");
    let as_of = Timestamp::parse_utc("2024-03-31T12:00:00Z").expect("an instant");
    let options = SqlOptions { parameters: false, ..SqlOptions::new(dialect, Statement::Members) };
    to_sql(&filter, &catalog(), as_of, &options)
}

fn check(filter: &str, expected: Expect) {
    check_in(&READERS, filter, expected);
}

fn check_in(dialects: &[Dialect], filter: &str, expected: Expect) {
    let mut shown = String::new();
    for &dialect in dialects {
        let query = sql(filter, dialect).expect("a query");
        let condition = query.sql.split_once(" WHERE ").expect("a condition").1.to_owned();
        shown.push_str(&format!("{dialect}: {condition}\n"));
    }
    expected.assert_eq(&shown);
}

#[test]
fn equality_by_kind() {
    check(
        "extra.plan.tier in ('gold', 1, true)",
        expect![[r#"
            postgresql: (CAST(c."extra" AS JSONB) -> 'plan' -> 'tier') IN (CAST('"gold"' AS JSONB), CAST('1' AS JSONB), CAST('true' AS JSONB))
            mysql: CAST(CONVERT(CASE WHEN JSON_TYPE(JSON_EXTRACT(c.`extra`, '$."plan"."tier"')) = 'STRING' THEN JSON_UNQUOTE(JSON_EXTRACT(c.`extra`, '$."plan"."tier"')) END USING utf8mb4) AS BINARY) = 'gold' OR CASE WHEN JSON_TYPE(JSON_EXTRACT(c.`extra`, '$."plan"."tier"')) IN ('INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL') THEN CAST(JSON_EXTRACT(c.`extra`, '$."plan"."tier"') AS DOUBLE) END = 1 OR (JSON_TYPE(JSON_EXTRACT(c.`extra`, '$."plan"."tier"')) = 'BOOLEAN' AND JSON_UNQUOTE(JSON_EXTRACT(c.`extra`, '$."plan"."tier"')) = 'true')
            sqlite: CASE WHEN json_type(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."plan"."tier"') = 'text' THEN json_extract(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."plan"."tier"') END = 'gold' OR CASE WHEN json_type(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."plan"."tier"') IN ('integer', 'real') THEN CAST(json_extract(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."plan"."tier"') AS REAL) END = 1 OR json_type(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."plan"."tier"') = 'true'
            duckdb: CASE WHEN json_type(c."extra", '/plan/tier') = 'VARCHAR' THEN json_extract_string(c."extra", '/plan/tier') END = 'gold' OR CASE WHEN json_type(c."extra", '/plan/tier') IN ('BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE') THEN TRY_CAST(json_extract_string(c."extra", '/plan/tier') AS DOUBLE) END = 1 OR (json_type(c."extra", '/plan/tier') = 'BOOLEAN' AND json_extract_string(c."extra", '/plan/tier') = 'true')
            clickhouse: CASE WHEN JSONType(c."extra", 'plan', 'tier') = 'String' THEN JSONExtractString(c."extra", 'plan', 'tier') END = 'gold' OR CASE WHEN JSONType(c."extra", 'plan', 'tier') IN ('Int64', 'Double', 'UInt64') THEN JSONExtractFloat(c."extra", 'plan', 'tier') END = 1 OR (JSONType(c."extra", 'plan', 'tier') = 'Bool' AND JSONExtractBool(c."extra", 'plan', 'tier') = 1)
            spark: CASE WHEN substring_index(substring_index(schema_of_variant(try_variant_get(try_parse_json(c.`extra`), '$["plan"]["tier"]', 'variant')), '<', 1), '(', 1) = 'STRING' THEN try_variant_get(try_variant_get(try_parse_json(c.`extra`), '$["plan"]["tier"]', 'variant'), '$', 'string') END = 'gold' OR CASE WHEN substring_index(substring_index(schema_of_variant(try_variant_get(try_parse_json(c.`extra`), '$["plan"]["tier"]', 'variant')), '<', 1), '(', 1) IN ('BIGINT', 'DOUBLE', 'DECIMAL') THEN CAST(try_variant_get(try_variant_get(try_parse_json(c.`extra`), '$["plan"]["tier"]', 'variant'), '$', 'double') AS DOUBLE) END = 1 OR (schema_of_variant(try_variant_get(try_parse_json(c.`extra`), '$["plan"]["tier"]', 'variant')) = 'BOOLEAN' AND try_variant_get(try_variant_get(try_parse_json(c.`extra`), '$["plan"]["tier"]', 'variant'), '$', 'string') = 'true')
        "#]],
    );
}

#[test]
fn what_is_of_another_kind_fails_and_is_there() {
    check(
        "extra.plan.seats not between 1 and 2.5 without missing",
        expect![[r#"
            postgresql: NOT COALESCE(CASE WHEN jsonb_typeof((CAST(c."extra" AS JSONB) -> 'plan' -> 'seats')) = 'number' THEN CAST((CAST(c."extra" AS JSONB) -> 'plan' -> 'seats') AS NUMERIC) END >= CAST(1 AS BIGINT) AND CASE WHEN jsonb_typeof((CAST(c."extra" AS JSONB) -> 'plan' -> 'seats')) = 'number' THEN CAST((CAST(c."extra" AS JSONB) -> 'plan' -> 'seats') AS NUMERIC) END <= CAST(2.5 AS DOUBLE PRECISION), false) AND jsonb_typeof((CAST(c."extra" AS JSONB) -> 'plan' -> 'seats')) <> 'null'
            mysql: NOT COALESCE(CASE WHEN JSON_TYPE(JSON_EXTRACT(c.`extra`, '$."plan"."seats"')) IN ('INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL') THEN CAST(JSON_EXTRACT(c.`extra`, '$."plan"."seats"') AS DOUBLE) END >= 1 AND CASE WHEN JSON_TYPE(JSON_EXTRACT(c.`extra`, '$."plan"."seats"')) IN ('INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL') THEN CAST(JSON_EXTRACT(c.`extra`, '$."plan"."seats"') AS DOUBLE) END <= 2.5, false) AND JSON_TYPE(JSON_EXTRACT(c.`extra`, '$."plan"."seats"')) <> 'NULL'
            sqlite: NOT COALESCE(CASE WHEN json_type(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."plan"."seats"') IN ('integer', 'real') THEN CAST(json_extract(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."plan"."seats"') AS REAL) END >= 1 AND CASE WHEN json_type(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."plan"."seats"') IN ('integer', 'real') THEN CAST(json_extract(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."plan"."seats"') AS REAL) END <= 2.5, false) AND json_type(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."plan"."seats"') <> 'null'
            duckdb: NOT COALESCE(CASE WHEN json_type(c."extra", '/plan/seats') IN ('BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE') THEN TRY_CAST(json_extract_string(c."extra", '/plan/seats') AS DOUBLE) END >= 1 AND CASE WHEN json_type(c."extra", '/plan/seats') IN ('BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE') THEN TRY_CAST(json_extract_string(c."extra", '/plan/seats') AS DOUBLE) END <= 2.5, false) AND json_type(c."extra", '/plan/seats') <> 'NULL'
            clickhouse: NOT COALESCE(CASE WHEN JSONType(c."extra", 'plan', 'seats') IN ('Int64', 'Double', 'UInt64') THEN JSONExtractFloat(c."extra", 'plan', 'seats') END >= 1 AND CASE WHEN JSONType(c."extra", 'plan', 'seats') IN ('Int64', 'Double', 'UInt64') THEN JSONExtractFloat(c."extra", 'plan', 'seats') END <= 2.5, false) AND JSONType(c."extra", 'plan', 'seats') <> 'Null'
            spark: NOT COALESCE(CASE WHEN substring_index(substring_index(schema_of_variant(try_variant_get(try_parse_json(c.`extra`), '$["plan"]["seats"]', 'variant')), '<', 1), '(', 1) IN ('BIGINT', 'DOUBLE', 'DECIMAL') THEN CAST(try_variant_get(try_variant_get(try_parse_json(c.`extra`), '$["plan"]["seats"]', 'variant'), '$', 'double') AS DOUBLE) END >= 1 AND CASE WHEN substring_index(substring_index(schema_of_variant(try_variant_get(try_parse_json(c.`extra`), '$["plan"]["seats"]', 'variant')), '<', 1), '(', 1) IN ('BIGINT', 'DOUBLE', 'DECIMAL') THEN CAST(try_variant_get(try_variant_get(try_parse_json(c.`extra`), '$["plan"]["seats"]', 'variant'), '$', 'double') AS DOUBLE) END <= 2.5D, false) AND substring_index(substring_index(schema_of_variant(try_variant_get(try_parse_json(c.`extra`), '$["plan"]["seats"]', 'variant')), '<', 1), '(', 1) <> 'VOID'
        "#]],
    );
}

#[test]
fn whole_numbers_that_floats_can_not_tell_apart() {
    check(
        "extra.n > 9007199254740993",
        expect![[r#"
            postgresql: (CASE WHEN CASE WHEN jsonb_typeof((CAST(c."extra" AS JSONB) -> 'n')) = 'number' THEN scale(CAST((CAST(c."extra" AS JSONB) -> 'n') AS NUMERIC)) = 0 AND CAST((CAST(c."extra" AS JSONB) -> 'n') AS NUMERIC) BETWEEN -9223372036854775808 AND 9223372036854775807 END IS TRUE THEN CAST((CAST(c."extra" AS JSONB) -> 'n') AS NUMERIC) END > CAST(9007199254740993 AS BIGINT) OR CASE WHEN NOT (CASE WHEN jsonb_typeof((CAST(c."extra" AS JSONB) -> 'n')) = 'number' THEN scale(CAST((CAST(c."extra" AS JSONB) -> 'n') AS NUMERIC)) = 0 AND CAST((CAST(c."extra" AS JSONB) -> 'n') AS NUMERIC) BETWEEN -9223372036854775808 AND 9223372036854775807 END IS TRUE) THEN CASE WHEN jsonb_typeof((CAST(c."extra" AS JSONB) -> 'n')) = 'number' THEN CAST((CAST(c."extra" AS JSONB) -> 'n') AS NUMERIC) END END > CAST(9007199254740992.0 AS DOUBLE PRECISION))
            mysql: (CASE WHEN CASE WHEN JSON_TYPE(JSON_EXTRACT(c.`extra`, '$."n"')) IN ('INTEGER', 'UNSIGNED INTEGER') THEN CAST(JSON_EXTRACT(c.`extra`, '$."n"') AS DECIMAL(65,0)) BETWEEN -9223372036854775808 AND 9223372036854775807 END IS TRUE THEN CAST(JSON_EXTRACT(c.`extra`, '$."n"') AS DECIMAL(65,0)) END > 9007199254740993 OR CASE WHEN NOT (CASE WHEN JSON_TYPE(JSON_EXTRACT(c.`extra`, '$."n"')) IN ('INTEGER', 'UNSIGNED INTEGER') THEN CAST(JSON_EXTRACT(c.`extra`, '$."n"') AS DECIMAL(65,0)) BETWEEN -9223372036854775808 AND 9223372036854775807 END IS TRUE) THEN CASE WHEN JSON_TYPE(JSON_EXTRACT(c.`extra`, '$."n"')) IN ('INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL') THEN CAST(JSON_EXTRACT(c.`extra`, '$."n"') AS DOUBLE) END END > 9007199254740992.0)
            sqlite: (CASE WHEN CASE WHEN json_type(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."n"') = 'integer' THEN typeof(json_extract(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."n"')) = 'integer' END IS TRUE THEN json_extract(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."n"') END > 9007199254740993 OR CASE WHEN NOT (CASE WHEN json_type(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."n"') = 'integer' THEN typeof(json_extract(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."n"')) = 'integer' END IS TRUE) THEN CASE WHEN json_type(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."n"') IN ('integer', 'real') THEN CAST(json_extract(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."n"') AS REAL) END END > 9007199254740992.0)
            duckdb: (CASE WHEN CASE WHEN json_type(c."extra", '/n') IN ('BIGINT', 'UBIGINT', 'HUGEINT') THEN TRY_CAST(json_extract_string(c."extra", '/n') AS HUGEINT) BETWEEN -9223372036854775808 AND 9223372036854775807 END IS TRUE THEN TRY_CAST(json_extract_string(c."extra", '/n') AS HUGEINT) END > 9007199254740993 OR CASE WHEN NOT (CASE WHEN json_type(c."extra", '/n') IN ('BIGINT', 'UBIGINT', 'HUGEINT') THEN TRY_CAST(json_extract_string(c."extra", '/n') AS HUGEINT) BETWEEN -9223372036854775808 AND 9223372036854775807 END IS TRUE) THEN CASE WHEN json_type(c."extra", '/n') IN ('BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE') THEN TRY_CAST(json_extract_string(c."extra", '/n') AS DOUBLE) END END > 9007199254740992.0)
            clickhouse: (CASE WHEN JSONType(c."extra", 'n') = 'Int64' THEN JSONExtractInt(c."extra", 'n') END > 9007199254740993 OR CASE WHEN JSONType(c."extra", 'n') IN ('Double', 'UInt64') THEN CASE WHEN JSONType(c."extra", 'n') IN ('Int64', 'Double', 'UInt64') THEN JSONExtractFloat(c."extra", 'n') END END > 9007199254740992.0)
            spark: (CASE WHEN substring_index(substring_index(schema_of_variant(try_variant_get(try_parse_json(c.`extra`), '$["n"]', 'variant')), '<', 1), '(', 1) = 'BIGINT' THEN try_variant_get(try_variant_get(try_parse_json(c.`extra`), '$["n"]', 'variant'), '$', 'bigint') END > 9007199254740993 OR CASE WHEN substring_index(substring_index(schema_of_variant(try_variant_get(try_parse_json(c.`extra`), '$["n"]', 'variant')), '<', 1), '(', 1) IN ('DOUBLE', 'DECIMAL') THEN CASE WHEN substring_index(substring_index(schema_of_variant(try_variant_get(try_parse_json(c.`extra`), '$["n"]', 'variant')), '<', 1), '(', 1) IN ('BIGINT', 'DOUBLE', 'DECIMAL') THEN CAST(try_variant_get(try_variant_get(try_parse_json(c.`extra`), '$["n"]', 'variant'), '$', 'double') AS DOUBLE) END END > 9007199254740992.0D)
        "#]],
    );
}

#[test]
fn null_is_missing() {
    check(
        "extra is set and extra.plan is not set",
        expect![[r#"
        postgresql: jsonb_typeof(CAST(c."extra" AS JSONB)) <> 'null' AND (jsonb_typeof((CAST(c."extra" AS JSONB) -> 'plan')) IS NULL OR jsonb_typeof((CAST(c."extra" AS JSONB) -> 'plan')) = 'null')
        mysql: JSON_TYPE(JSON_EXTRACT(c.`extra`, '$')) <> 'NULL' AND (JSON_TYPE(JSON_EXTRACT(c.`extra`, '$."plan"')) IS NULL OR JSON_TYPE(JSON_EXTRACT(c.`extra`, '$."plan"')) = 'NULL')
        sqlite: json_type(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$') <> 'null' AND (json_type(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."plan"') IS NULL OR json_type(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."plan"') = 'null')
        duckdb: json_type(c."extra", '$') <> 'NULL' AND (json_type(c."extra", '/plan') IS NULL OR json_type(c."extra", '/plan') = 'NULL')
        clickhouse: JSONType(c."extra") <> 'Null' AND (JSONType(c."extra", 'plan') IS NULL OR JSONType(c."extra", 'plan') = 'Null')
        spark: substring_index(substring_index(schema_of_variant(try_parse_json(c.`extra`)), '<', 1), '(', 1) <> 'VOID' AND (substring_index(substring_index(schema_of_variant(try_variant_get(try_parse_json(c.`extra`), '$["plan"]', 'variant')), '<', 1), '(', 1) IS NULL OR substring_index(substring_index(schema_of_variant(try_variant_get(try_parse_json(c.`extra`), '$["plan"]', 'variant')), '<', 1), '(', 1) = 'VOID')
    "#]],
    );
}

#[test]
fn a_number_in_a_path_is_a_key_or_an_index() {
    check(
        "extra.seats.0 = 'a'",
        expect![[r#"
        postgresql: (CAST(c."extra" AS JSONB) -> 'seats' #> ARRAY['0']) = CAST('"a"' AS JSONB)
        mysql: CAST(CONVERT(CASE WHEN JSON_TYPE(COALESCE(CASE WHEN JSON_TYPE(JSON_EXTRACT(c.`extra`, '$."seats"')) = 'ARRAY' THEN JSON_EXTRACT(JSON_EXTRACT(c.`extra`, '$."seats"'), '$[0]') END, JSON_EXTRACT(JSON_EXTRACT(c.`extra`, '$."seats"'), '$."0"'))) = 'STRING' THEN JSON_UNQUOTE(COALESCE(CASE WHEN JSON_TYPE(JSON_EXTRACT(c.`extra`, '$."seats"')) = 'ARRAY' THEN JSON_EXTRACT(JSON_EXTRACT(c.`extra`, '$."seats"'), '$[0]') END, JSON_EXTRACT(JSON_EXTRACT(c.`extra`, '$."seats"'), '$."0"'))) END USING utf8mb4) AS BINARY) = 'a'
        sqlite: CASE WHEN COALESCE(json_type(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."seats"[0]'), json_type(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."seats"."0"')) = 'text' THEN COALESCE(json_extract(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."seats"[0]'), json_extract(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."seats"."0"')) END = 'a'
        duckdb: CASE WHEN json_type(c."extra", '/seats/0') = 'VARCHAR' THEN json_extract_string(c."extra", '/seats/0') END = 'a'
        clickhouse: CASE WHEN JSONType(COALESCE(CASE WHEN JSONType(c."extra", 'seats') = 'Array' THEN JSONExtractRaw(c."extra", 'seats', 1) END, JSONExtractRaw(c."extra", 'seats', '0'))) = 'String' THEN JSONExtractString(COALESCE(CASE WHEN JSONType(c."extra", 'seats') = 'Array' THEN JSONExtractRaw(c."extra", 'seats', 1) END, JSONExtractRaw(c."extra", 'seats', '0'))) END = 'a'
        spark: CASE WHEN substring_index(substring_index(schema_of_variant(COALESCE(try_variant_get(try_parse_json(c.`extra`), '$["seats"][0]', 'variant'), try_variant_get(try_parse_json(c.`extra`), '$["seats"]["0"]', 'variant'))), '<', 1), '(', 1) = 'STRING' THEN try_variant_get(COALESCE(try_variant_get(try_parse_json(c.`extra`), '$["seats"][0]', 'variant'), try_variant_get(try_parse_json(c.`extra`), '$["seats"]["0"]', 'variant')), '$', 'string') END = 'a'
    "#]],
    );
}

#[test]
fn arrays() {
    check(
        "extra.flags has all ('a', 1) or extra.flags is empty",
        expect![[r#"
            postgresql: (CAST(c."extra" AS JSONB) -> 'flags') @> CAST('["a",1]' AS JSONB) OR CASE WHEN jsonb_typeof((CAST(c."extra" AS JSONB) -> 'flags')) = 'string' THEN (CAST(c."extra" AS JSONB) -> 'flags') #>> CAST(ARRAY[] AS TEXT[]) END = '' OR CASE WHEN jsonb_typeof((CAST(c."extra" AS JSONB) -> 'flags')) = 'array' THEN jsonb_array_length((CAST(c."extra" AS JSONB) -> 'flags')) END = 0
            mysql: (EXISTS (SELECT 1 FROM JSON_TABLE(CASE WHEN JSON_TYPE(JSON_EXTRACT(c.`extra`, '$."flags"')) = 'ARRAY' THEN JSON_EXTRACT(c.`extra`, '$."flags"') END, '$[*]' COLUMNS(v JSON PATH '$')) AS j WHERE CAST(CONVERT(CASE WHEN JSON_TYPE(j.v) = 'STRING' THEN JSON_UNQUOTE(j.v) END USING utf8mb4) AS BINARY) = 'a') AND EXISTS (SELECT 1 FROM JSON_TABLE(CASE WHEN JSON_TYPE(JSON_EXTRACT(c.`extra`, '$."flags"')) = 'ARRAY' THEN JSON_EXTRACT(c.`extra`, '$."flags"') END, '$[*]' COLUMNS(v JSON PATH '$')) AS j WHERE CASE WHEN JSON_TYPE(j.v) IN ('INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL') THEN CAST(j.v AS DOUBLE) END = 1)) OR OCTET_LENGTH(CASE WHEN JSON_TYPE(JSON_EXTRACT(c.`extra`, '$."flags"')) = 'STRING' THEN JSON_UNQUOTE(JSON_EXTRACT(c.`extra`, '$."flags"')) END) = 0 OR CASE WHEN JSON_TYPE(JSON_EXTRACT(c.`extra`, '$."flags"')) = 'ARRAY' THEN JSON_LENGTH(JSON_EXTRACT(c.`extra`, '$."flags"')) END = 0
            sqlite: (EXISTS (SELECT 1 FROM json_each(CASE WHEN json_type(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."flags"') = 'array' THEN json_extract(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."flags"') END) AS j WHERE CASE WHEN j.type = 'text' THEN j.value END = 'a') AND EXISTS (SELECT 1 FROM json_each(CASE WHEN json_type(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."flags"') = 'array' THEN json_extract(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."flags"') END) AS j WHERE CASE WHEN j.type IN ('integer', 'real') THEN CAST(j.value AS REAL) END = 1)) OR CASE WHEN json_type(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."flags"') = 'text' THEN json_extract(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."flags"') END = '' OR CASE WHEN json_type(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."flags"') = 'array' THEN json_array_length(CASE WHEN json_valid(c."extra") THEN c."extra" END, '$."flags"') END = 0
            duckdb: (EXISTS (SELECT 1 FROM (SELECT UNNEST(CASE WHEN json_type(c."extra", '/flags') = 'ARRAY' THEN json_extract(json_extract(c."extra", '/flags'), '$[*]') END) AS "v") AS j WHERE CASE WHEN json_type(j.v, '$') = 'VARCHAR' THEN json_extract_string(j.v, '$') END = 'a') AND EXISTS (SELECT 1 FROM (SELECT UNNEST(CASE WHEN json_type(c."extra", '/flags') = 'ARRAY' THEN json_extract(json_extract(c."extra", '/flags'), '$[*]') END) AS "v") AS j WHERE CASE WHEN json_type(j.v, '$') IN ('BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE') THEN TRY_CAST(json_extract_string(j.v, '$') AS DOUBLE) END = 1)) OR CASE WHEN json_type(c."extra", '/flags') = 'VARCHAR' THEN json_extract_string(c."extra", '/flags') END = '' OR CASE WHEN json_type(c."extra", '/flags') = 'ARRAY' THEN json_array_length(c."extra", '/flags') END = 0
            clickhouse: (arrayExists(x -> CASE WHEN JSONType(x) = 'String' THEN JSONExtractString(x) END = 'a', JSONExtractArrayRaw(ifNull(c."extra", ''), 'flags')) AND arrayExists(x -> CASE WHEN JSONType(x) IN ('Int64', 'Double', 'UInt64') THEN JSONExtractFloat(x) END = 1, JSONExtractArrayRaw(ifNull(c."extra", ''), 'flags'))) OR CASE WHEN JSONType(c."extra", 'flags') = 'String' THEN JSONExtractString(c."extra", 'flags') END = '' OR CASE WHEN JSONType(c."extra", 'flags') = 'Array' THEN JSONLength(c."extra", 'flags') END = 0
            spark: (exists(CASE WHEN substring_index(substring_index(schema_of_variant(try_variant_get(try_parse_json(c.`extra`), '$["flags"]', 'variant')), '<', 1), '(', 1) = 'ARRAY' THEN try_variant_get(try_variant_get(try_parse_json(c.`extra`), '$["flags"]', 'variant'), '$', 'array<variant>') END, x -> CASE WHEN substring_index(substring_index(schema_of_variant(x), '<', 1), '(', 1) = 'STRING' THEN try_variant_get(x, '$', 'string') END = 'a') AND exists(CASE WHEN substring_index(substring_index(schema_of_variant(try_variant_get(try_parse_json(c.`extra`), '$["flags"]', 'variant')), '<', 1), '(', 1) = 'ARRAY' THEN try_variant_get(try_variant_get(try_parse_json(c.`extra`), '$["flags"]', 'variant'), '$', 'array<variant>') END, x -> CASE WHEN substring_index(substring_index(schema_of_variant(x), '<', 1), '(', 1) IN ('BIGINT', 'DOUBLE', 'DECIMAL') THEN CAST(try_variant_get(x, '$', 'double') AS DOUBLE) END = 1)) OR CASE WHEN substring_index(substring_index(schema_of_variant(try_variant_get(try_parse_json(c.`extra`), '$["flags"]', 'variant')), '<', 1), '(', 1) = 'STRING' THEN try_variant_get(try_variant_get(try_parse_json(c.`extra`), '$["flags"]', 'variant'), '$', 'string') END = '' OR CASE WHEN substring_index(substring_index(schema_of_variant(try_variant_get(try_parse_json(c.`extra`), '$["flags"]', 'variant')), '<', 1), '(', 1) = 'ARRAY' THEN array_size(try_variant_get(try_variant_get(try_parse_json(c.`extra`), '$["flags"]', 'variant'), '$', 'array<variant>')) END = 0
        "#]],
    );
}

#[test]
fn items_whatever_their_case() {
    check(
        "tags has none ('VIP') ignoring case without missing",
        expect![[r#"
            postgresql: NOT (EXISTS (SELECT 1 FROM unnest(c."tags") AS j (v) WHERE lower(j.v) = 'vip')) AND c."tags" IS NOT NULL
            mysql: NOT (EXISTS (SELECT 1 FROM JSON_TABLE(c.`tags`, '$[*]' COLUMNS(v LONGTEXT PATH '$')) AS j WHERE CAST(CONVERT(lower(j.v) USING utf8mb4) AS BINARY) = 'vip')) AND c.`tags` IS NOT NULL
            sqlite: NOT (EXISTS (SELECT 1 FROM json_each(c."tags") AS j WHERE lower(j.value) = 'vip')) AND c."tags" IS NOT NULL
            duckdb: NOT (EXISTS (SELECT 1 FROM (SELECT UNNEST(c."tags") AS "v") AS j WHERE lower(j.v) = 'vip')) AND c."tags" IS NOT NULL
            clickhouse: NOT arrayExists(x -> lowerUTF8(x) = 'vip', c."tags") AND c."tags" IS NOT NULL
            spark: NOT exists(c.`tags`, x -> x IS NOT NULL AND lower(x) = 'vip') AND c.`tags` IS NOT NULL
        "#]],
    );
}

#[test]
fn in_events_too() {
    check(
        "count(visit where page.url starts with '/shop') >= 1",
        expect![[r#"
        postgresql: c."id" IN (SELECT e."who" AS "k" FROM "visits" AS e WHERE e."who" IS NOT NULL AND e."at" <= TIMESTAMPTZ '2024-03-31 12:00:00.000000+00' AND starts_with(CASE WHEN jsonb_typeof((CAST(e."page" AS JSONB) -> 'url')) = 'string' THEN (CAST(e."page" AS JSONB) -> 'url') #>> CAST(ARRAY[] AS TEXT[]) END, '/shop'))
        mysql: c.`id` IN (SELECT e.`who` AS `k` FROM `visits` AS e WHERE e.`who` IS NOT NULL AND e.`at` <= TIMESTAMP '2024-03-31 12:00:00.000000' AND LEFT(CAST(CONVERT(CASE WHEN JSON_TYPE(JSON_EXTRACT(e.`page`, '$."url"')) = 'STRING' THEN JSON_UNQUOTE(JSON_EXTRACT(e.`page`, '$."url"')) END USING utf8mb4) AS BINARY), 5) = '/shop')
        sqlite: c."id" IN (SELECT e."who" AS "k" FROM "visits" AS e WHERE e."who" IS NOT NULL AND e."at" <= '2024-03-31 12:00:00.000000' AND substr(CASE WHEN json_type(CASE WHEN json_valid(e."page") THEN e."page" END, '$."url"') = 'text' THEN json_extract(CASE WHEN json_valid(e."page") THEN e."page" END, '$."url"') END, 1, 5) = '/shop')
        duckdb: c."id" IN (SELECT e."who" AS "k" FROM "visits" AS e WHERE e."who" IS NOT NULL AND epoch_us(e."at") <= 1711886400000000 AND starts_with(CASE WHEN json_type(e."page", '/url') = 'VARCHAR' THEN json_extract_string(e."page", '/url') END, '/shop'))
        clickhouse: c."id" IN (SELECT e."who" AS "k" FROM "visits" AS e WHERE e."who" IS NOT NULL AND e."at" <= toDateTime64('2024-03-31 12:00:00.000000', 6, 'UTC') AND startsWith(CASE WHEN JSONType(e."page", 'url') = 'String' THEN JSONExtractString(e."page", 'url') END, '/shop'))
        spark: c.`id` IN (SELECT e.`who` AS `k` FROM `visits` AS e WHERE e.`who` IS NOT NULL AND e.`at` <= TIMESTAMP '2024-03-31 12:00:00.000000+00:00' AND startswith(CASE WHEN substring_index(substring_index(schema_of_variant(try_variant_get(try_parse_json(e.`page`), '$["url"]', 'variant')), '<', 1), '(', 1) = 'STRING' THEN try_variant_get(try_variant_get(try_parse_json(e.`page`), '$["url"]', 'variant'), '$', 'string') END, '/shop'))
    "#]],
    );
}

/// What a dialect can't say exactly is refused at its node.
#[test]
fn refused() {
    let refused = |filter: &str, dialect: Dialect| {
        let findings = sql(filter, dialect).expect_err("a refusal");
        let [finding] = findings.0.as_slice() else { panic!("one finding: {findings}") };
        assert_eq!(finding.code, Code::NotSupported);
        finding.message.clone()
    };
    refused("extra.plan.tier = 'gold'", Dialect::DataFusion);
    refused("extra is set", Dialect::DataFusion);
    for dialect in READERS.into_iter().chain(WAREHOUSES) {
        refused("extra.seats.01 = 1", dialect);
    }
    let asked_twice = [Dialect::MySql, Dialect::Sqlite, Dialect::ClickHouse, Dialect::Spark];
    for dialect in asked_twice.into_iter().chain(WAREHOUSES) {
        refused("extra.0.1.2 = 1", dialect);
    }
    for dialect in WAREHOUSES {
        for filter in ["extra.n > 9007199254740993", "extra.n in (1, 9007199254740992)", "extra.n <= 1e300"] {
            assert!(refused(filter, dialect).contains("9007199254740992"));
        }
        assert!(sql("extra.n < 9007199254740991", dialect).is_ok());
    }
    refused("extra.tags has any ('a')", Dialect::Redshift);
    assert!(sql("size(extra.tags) > 1", Dialect::Redshift).is_ok());
    for dialect in [Dialect::DataFusion, Dialect::Snowflake, Dialect::Redshift, Dialect::SqlServer] {
        refused("tags has any ('VIP') ignoring case", dialect);
    }
}

/// Keys that a dialect's paths can't hold are refused, not cut or escaped by guess.
#[test]
fn keys_that_can_not_be_written() {
    let refused = |key: &str, dialect: Dialect| {
        let json = serde_json::json!({"type": "condition", "field": format!("extra.{key}"), "op": "is_set"});
        let filter = Filter::from_json(&json.to_string()).expect("a filter");
        let as_of = Timestamp::parse_utc("2024-03-31T12:00:00Z").expect("an instant");
        to_sql(&filter, &catalog(), as_of, &SqlOptions::new(dialect, Statement::Members)).is_err()
    };
    for (key, dialects) in [
        (r#"a"b"#, &[Dialect::Sqlite, Dialect::Trino, Dialect::SqlServer][..]),
        (r"a\b", &[Dialect::Sqlite, Dialect::Trino, Dialect::SqlServer]),
        (&"k".repeat(128), &[Dialect::Redshift]),
        ("-1", &[Dialect::MySql]),
        ("Key", &[]),
        ("é ' [0] $", &[]),
    ] {
        for dialect in READERS.into_iter().chain(WAREHOUSES) {
            assert_eq!(refused(key, dialect), dialects.contains(&dialect), "{key} in {dialect}");
        }
    }
}

#[test]
fn notes_of_warehouses() {
    let notes = |filter: &str, dialect| {
        let mut notes = sql(filter, dialect).expect("a query").notes;
        // None of them runs in the tests, and every query says so.
        assert!(notes.remove(0).contains("tried on a translation"), "{dialect}");
        notes
    };
    for dialect in [Dialect::BigQuery, Dialect::Trino, Dialect::SqlServer] {
        assert!(notes("extra.Plan = 1.5", dialect).is_empty());
    }
    assert!(notes("extra.plan = 1.5", Dialect::Snowflake).concat().contains("15 digits"));
    assert_eq!(notes("extra.plan = 1.5", Dialect::Redshift).len(), 1);
    assert!(notes("extra.plan = 'gold'", Dialect::Snowflake).is_empty());
    assert!(notes("extra.Plan = 1.5", Dialect::Redshift).concat().contains("enable_case_sensitive_identifier"));
}

#[test]
fn warehouses() {
    check_in(
        &WAREHOUSES,
        "extra.plan.tier in ('gold', 1, true)",
        expect![[r#"
        bigquery: CASE WHEN JSON_TYPE(c.`extra`['plan']['tier']) = 'string' THEN LAX_STRING(c.`extra`['plan']['tier']) END = 'gold' OR CASE WHEN JSON_TYPE(c.`extra`['plan']['tier']) = 'number' THEN LAX_FLOAT64(c.`extra`['plan']['tier']) END = 1 OR (JSON_TYPE(c.`extra`['plan']['tier']) = 'boolean' AND LAX_BOOL(c.`extra`['plan']['tier']) = true)
        snowflake: CASE WHEN TYPEOF(GET(GET(c."extra", 'plan'), 'tier')) = 'VARCHAR' THEN AS_VARCHAR(GET(GET(c."extra", 'plan'), 'tier')) END = 'gold' OR CASE WHEN TYPEOF(GET(GET(c."extra", 'plan'), 'tier')) IN ('INTEGER', 'DECIMAL', 'DOUBLE') THEN CAST(GET(GET(c."extra", 'plan'), 'tier') AS DOUBLE) END = 1 OR (TYPEOF(GET(GET(c."extra", 'plan'), 'tier')) = 'BOOLEAN' AND AS_BOOLEAN(GET(GET(c."extra", 'plan'), 'tier')) = true)
        redshift: CAST(CASE WHEN JSON_TYPEOF(c."extra"."plan"."tier") = 'string' THEN CAST(c."extra"."plan"."tier" AS VARCHAR(65535)) END AS VARBYTE(65535)) = CAST('gold' AS VARBYTE(65535)) OR CASE WHEN JSON_TYPEOF(c."extra"."plan"."tier") = 'number' THEN CAST(c."extra"."plan"."tier" AS DOUBLE PRECISION) END = 1 OR CASE WHEN JSON_TYPEOF(c."extra"."plan"."tier") = 'boolean' THEN CAST(c."extra"."plan"."tier" AS BOOLEAN) END = true
        trino: CASE WHEN translate(substr(json_format(json_extract(c."extra", '$["plan"]["tier"]')), 1, 1), '-123456789', '0000000000') = '"' THEN json_extract_scalar(json_extract(c."extra", '$["plan"]["tier"]'), '$') END = 'gold' OR CASE WHEN translate(substr(json_format(json_extract(c."extra", '$["plan"]["tier"]')), 1, 1), '-123456789', '0000000000') = '0' THEN CAST(json_format(json_extract(c."extra", '$["plan"]["tier"]')) AS DOUBLE) END = 1 OR json_format(json_extract(c."extra", '$["plan"]["tier"]')) = 'true'
        sqlserver: CAST(CAST(CASE WHEN (SELECT TOP 1 p.[type] FROM OPENJSON(CASE WHEN ISJSON(c.[extra]) = 1 THEN c.[extra] END, N'$."plan"') AS p WHERE CAST(p.[key] AS VARBINARY(8000)) = CAST(N'tier' AS VARBINARY(8000))) = 1 THEN (SELECT TOP 1 p.[value] FROM OPENJSON(CASE WHEN ISJSON(c.[extra]) = 1 THEN c.[extra] END, N'$."plan"') AS p WHERE CAST(p.[key] AS VARBINARY(8000)) = CAST(N'tier' AS VARBINARY(8000))) END COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX)) = CAST(CAST(N'gold' COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX)) OR CASE WHEN (SELECT TOP 1 p.[type] FROM OPENJSON(CASE WHEN ISJSON(c.[extra]) = 1 THEN c.[extra] END, N'$."plan"') AS p WHERE CAST(p.[key] AS VARBINARY(8000)) = CAST(N'tier' AS VARBINARY(8000))) = 2 THEN TRY_CAST((SELECT TOP 1 p.[value] FROM OPENJSON(CASE WHEN ISJSON(c.[extra]) = 1 THEN c.[extra] END, N'$."plan"') AS p WHERE CAST(p.[key] AS VARBINARY(8000)) = CAST(N'tier' AS VARBINARY(8000))) AS DOUBLE PRECISION) END = 1 OR ((SELECT TOP 1 p.[type] FROM OPENJSON(CASE WHEN ISJSON(c.[extra]) = 1 THEN c.[extra] END, N'$."plan"') AS p WHERE CAST(p.[key] AS VARBINARY(8000)) = CAST(N'tier' AS VARBINARY(8000))) = 3 AND (SELECT TOP 1 p.[value] FROM OPENJSON(CASE WHEN ISJSON(c.[extra]) = 1 THEN c.[extra] END, N'$."plan"') AS p WHERE CAST(p.[key] AS VARBINARY(8000)) = CAST(N'tier' AS VARBINARY(8000))) = 'true')
    "#]],
    );
    check_in(
        &WAREHOUSES,
        "extra.plan.seats not between 1 and 2.5 without missing",
        expect![[r#"
        bigquery: NOT COALESCE(CASE WHEN JSON_TYPE(c.`extra`['plan']['seats']) = 'number' THEN LAX_FLOAT64(c.`extra`['plan']['seats']) END >= 1 AND CASE WHEN JSON_TYPE(c.`extra`['plan']['seats']) = 'number' THEN LAX_FLOAT64(c.`extra`['plan']['seats']) END <= 2.5, false) AND JSON_TYPE(c.`extra`['plan']['seats']) <> 'null'
        snowflake: NOT COALESCE(CASE WHEN TYPEOF(GET(GET(c."extra", 'plan'), 'seats')) IN ('INTEGER', 'DECIMAL', 'DOUBLE') THEN CAST(GET(GET(c."extra", 'plan'), 'seats') AS DOUBLE) END >= 1 AND CASE WHEN TYPEOF(GET(GET(c."extra", 'plan'), 'seats')) IN ('INTEGER', 'DECIMAL', 'DOUBLE') THEN CAST(GET(GET(c."extra", 'plan'), 'seats') AS DOUBLE) END <= CAST('2.5' AS DOUBLE PRECISION), false) AND TYPEOF(GET(GET(c."extra", 'plan'), 'seats')) <> 'NULL_VALUE'
        redshift: NOT COALESCE(CASE WHEN JSON_TYPEOF(c."extra"."plan"."seats") = 'number' THEN CAST(c."extra"."plan"."seats" AS DOUBLE PRECISION) END >= 1 AND CASE WHEN JSON_TYPEOF(c."extra"."plan"."seats") = 'number' THEN CAST(c."extra"."plan"."seats" AS DOUBLE PRECISION) END <= CAST('2.5' AS DOUBLE PRECISION), false) AND JSON_TYPEOF(c."extra"."plan"."seats") <> 'null'
        trino: NOT COALESCE(CASE WHEN translate(substr(json_format(json_extract(c."extra", '$["plan"]["seats"]')), 1, 1), '-123456789', '0000000000') = '0' THEN CAST(json_format(json_extract(c."extra", '$["plan"]["seats"]')) AS DOUBLE) END >= 1 AND CASE WHEN translate(substr(json_format(json_extract(c."extra", '$["plan"]["seats"]')), 1, 1), '-123456789', '0000000000') = '0' THEN CAST(json_format(json_extract(c."extra", '$["plan"]["seats"]')) AS DOUBLE) END <= CAST('2.5' AS DOUBLE PRECISION), false) AND translate(substr(json_format(json_extract(c."extra", '$["plan"]["seats"]')), 1, 1), '-123456789', '0000000000') <> 'n'
        sqlserver: CASE WHEN CASE WHEN (SELECT TOP 1 p.[type] FROM OPENJSON(CASE WHEN ISJSON(c.[extra]) = 1 THEN c.[extra] END, N'$."plan"') AS p WHERE CAST(p.[key] AS VARBINARY(8000)) = CAST(N'seats' AS VARBINARY(8000))) = 2 THEN TRY_CAST((SELECT TOP 1 p.[value] FROM OPENJSON(CASE WHEN ISJSON(c.[extra]) = 1 THEN c.[extra] END, N'$."plan"') AS p WHERE CAST(p.[key] AS VARBINARY(8000)) = CAST(N'seats' AS VARBINARY(8000))) AS DOUBLE PRECISION) END >= 1 AND CASE WHEN (SELECT TOP 1 p.[type] FROM OPENJSON(CASE WHEN ISJSON(c.[extra]) = 1 THEN c.[extra] END, N'$."plan"') AS p WHERE CAST(p.[key] AS VARBINARY(8000)) = CAST(N'seats' AS VARBINARY(8000))) = 2 THEN TRY_CAST((SELECT TOP 1 p.[value] FROM OPENJSON(CASE WHEN ISJSON(c.[extra]) = 1 THEN c.[extra] END, N'$."plan"') AS p WHERE CAST(p.[key] AS VARBINARY(8000)) = CAST(N'seats' AS VARBINARY(8000))) AS DOUBLE PRECISION) END <= 2.5e0 THEN 1 ELSE 0 END = 0 AND (SELECT TOP 1 p.[type] FROM OPENJSON(CASE WHEN ISJSON(c.[extra]) = 1 THEN c.[extra] END, N'$."plan"') AS p WHERE CAST(p.[key] AS VARBINARY(8000)) = CAST(N'seats' AS VARBINARY(8000))) <> 0
    "#]],
    );
    check_in(
        &WAREHOUSES,
        "extra is set and extra.plan is not set",
        expect![[r#"
        bigquery: JSON_TYPE(c.`extra`) <> 'null' AND (JSON_TYPE(c.`extra`['plan']) IS NULL OR JSON_TYPE(c.`extra`['plan']) = 'null')
        snowflake: TYPEOF(c."extra") <> 'NULL_VALUE' AND (TYPEOF(GET(c."extra", 'plan')) IS NULL OR TYPEOF(GET(c."extra", 'plan')) = 'NULL_VALUE')
        redshift: JSON_TYPEOF(c."extra") <> 'null' AND (JSON_TYPEOF(c."extra"."plan") IS NULL OR JSON_TYPEOF(c."extra"."plan") = 'null')
        trino: translate(substr(json_format(json_extract(c."extra", '$')), 1, 1), '-123456789', '0000000000') <> 'n' AND (translate(substr(json_format(json_extract(c."extra", '$["plan"]')), 1, 1), '-123456789', '0000000000') IS NULL OR translate(substr(json_format(json_extract(c."extra", '$["plan"]')), 1, 1), '-123456789', '0000000000') = 'n')
        sqlserver: (SELECT TOP 1 p.[type] FROM OPENJSON(CASE WHEN c.[extra] IS NOT NULL AND ISJSON(CONCAT(N'[', CAST(c.[extra] AS NVARCHAR(MAX)), N']')) = 1 THEN CONCAT(N'[', CAST(c.[extra] AS NVARCHAR(MAX)), N']') END) AS p WHERE CAST(p.[key] AS VARBINARY(8000)) = CAST(N'0' AS VARBINARY(8000))) <> 0 AND ((SELECT TOP 1 p.[type] FROM OPENJSON(CASE WHEN ISJSON(c.[extra]) = 1 THEN c.[extra] END) AS p WHERE CAST(p.[key] AS VARBINARY(8000)) = CAST(N'plan' AS VARBINARY(8000))) IS NULL OR (SELECT TOP 1 p.[type] FROM OPENJSON(CASE WHEN ISJSON(c.[extra]) = 1 THEN c.[extra] END) AS p WHERE CAST(p.[key] AS VARBINARY(8000)) = CAST(N'plan' AS VARBINARY(8000))) = 0)
    "#]],
    );
    check_in(
        &WAREHOUSES,
        "extra.seats.0 = 'a'",
        expect![[r#"
        bigquery: CASE WHEN JSON_TYPE(COALESCE(c.`extra`['seats'][0], c.`extra`['seats']['0'])) = 'string' THEN LAX_STRING(COALESCE(c.`extra`['seats'][0], c.`extra`['seats']['0'])) END = 'a'
        snowflake: CASE WHEN TYPEOF(COALESCE(GET(GET(c."extra", 'seats'), 0), GET(GET(c."extra", 'seats'), '0'))) = 'VARCHAR' THEN AS_VARCHAR(COALESCE(GET(GET(c."extra", 'seats'), 0), GET(GET(c."extra", 'seats'), '0'))) END = 'a'
        redshift: CAST(CASE WHEN JSON_TYPEOF(COALESCE(c."extra"."seats"[0], c."extra"."seats"."0")) = 'string' THEN CAST(COALESCE(c."extra"."seats"[0], c."extra"."seats"."0") AS VARCHAR(65535)) END AS VARBYTE(65535)) = CAST('a' AS VARBYTE(65535))
        trino: CASE WHEN translate(substr(json_format(COALESCE(json_extract(c."extra", '$["seats"][0]'), json_extract(c."extra", '$["seats"]["0"]'))), 1, 1), '-123456789', '0000000000') = '"' THEN json_extract_scalar(COALESCE(json_extract(c."extra", '$["seats"][0]'), json_extract(c."extra", '$["seats"]["0"]')), '$') END = 'a'
        sqlserver: CAST(CAST(CASE WHEN (SELECT TOP 1 p.[type] FROM OPENJSON(CASE WHEN ISJSON(c.[extra]) = 1 THEN c.[extra] END, N'$."seats"') AS p WHERE CAST(p.[key] AS VARBINARY(8000)) = CAST(N'0' AS VARBINARY(8000))) = 1 THEN (SELECT TOP 1 p.[value] FROM OPENJSON(CASE WHEN ISJSON(c.[extra]) = 1 THEN c.[extra] END, N'$."seats"') AS p WHERE CAST(p.[key] AS VARBINARY(8000)) = CAST(N'0' AS VARBINARY(8000))) END COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX)) = CAST(CAST(N'a' COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX))
    "#]],
    );
    check_in(
        &[Dialect::BigQuery, Dialect::Snowflake, Dialect::Trino, Dialect::SqlServer],
        "extra.flags has all ('a', 1) or extra.flags is empty",
        expect![[r#"
            bigquery: (EXISTS (SELECT 1 FROM UNNEST(CASE WHEN JSON_TYPE(c.`extra`['flags']) = 'array' THEN JSON_QUERY_ARRAY(c.`extra`['flags']) END) AS j WHERE CASE WHEN JSON_TYPE(j) = 'string' THEN LAX_STRING(j) END = 'a') AND EXISTS (SELECT 1 FROM UNNEST(CASE WHEN JSON_TYPE(c.`extra`['flags']) = 'array' THEN JSON_QUERY_ARRAY(c.`extra`['flags']) END) AS j WHERE CASE WHEN JSON_TYPE(j) = 'number' THEN LAX_FLOAT64(j) END = 1)) OR CASE WHEN JSON_TYPE(c.`extra`['flags']) = 'string' THEN LAX_STRING(c.`extra`['flags']) END = '' OR CASE WHEN JSON_TYPE(c.`extra`['flags']) = 'array' THEN ARRAY_LENGTH(JSON_QUERY_ARRAY(c.`extra`['flags'])) END = 0
            snowflake: (ARRAY_SIZE(FILTER(CASE WHEN TYPEOF(GET(c."extra", 'flags')) = 'ARRAY' THEN AS_ARRAY(GET(c."extra", 'flags')) END, x -> CASE WHEN TYPEOF(x) = 'VARCHAR' THEN AS_VARCHAR(x) END = 'a')) > 0 AND ARRAY_SIZE(FILTER(CASE WHEN TYPEOF(GET(c."extra", 'flags')) = 'ARRAY' THEN AS_ARRAY(GET(c."extra", 'flags')) END, x -> CASE WHEN TYPEOF(x) IN ('INTEGER', 'DECIMAL', 'DOUBLE') THEN CAST(x AS DOUBLE) END = 1)) > 0) OR CASE WHEN TYPEOF(GET(c."extra", 'flags')) = 'VARCHAR' THEN AS_VARCHAR(GET(c."extra", 'flags')) END = '' OR CASE WHEN TYPEOF(GET(c."extra", 'flags')) = 'ARRAY' THEN ARRAY_SIZE(AS_ARRAY(GET(c."extra", 'flags'))) END = 0
            trino: (any_match(CASE WHEN translate(substr(json_format(json_extract(c."extra", '$["flags"]')), 1, 1), '-123456789', '0000000000') = '[' THEN CAST(json_extract(c."extra", '$["flags"]') AS ARRAY(JSON)) END, x -> CASE WHEN translate(substr(json_format(x), 1, 1), '-123456789', '0000000000') = '"' THEN json_extract_scalar(x, '$') END = 'a') AND any_match(CASE WHEN translate(substr(json_format(json_extract(c."extra", '$["flags"]')), 1, 1), '-123456789', '0000000000') = '[' THEN CAST(json_extract(c."extra", '$["flags"]') AS ARRAY(JSON)) END, x -> CASE WHEN translate(substr(json_format(x), 1, 1), '-123456789', '0000000000') = '0' THEN CAST(json_format(x) AS DOUBLE) END = 1)) OR CASE WHEN translate(substr(json_format(json_extract(c."extra", '$["flags"]')), 1, 1), '-123456789', '0000000000') = '"' THEN json_extract_scalar(json_extract(c."extra", '$["flags"]'), '$') END = '' OR CASE WHEN translate(substr(json_format(json_extract(c."extra", '$["flags"]')), 1, 1), '-123456789', '0000000000') = '[' THEN json_array_length(json_extract(c."extra", '$["flags"]')) END = 0
            sqlserver: (EXISTS (SELECT 1 FROM OPENJSON(CASE WHEN (SELECT TOP 1 p.[type] FROM OPENJSON(CASE WHEN ISJSON(c.[extra]) = 1 THEN c.[extra] END) AS p WHERE CAST(p.[key] AS VARBINARY(8000)) = CAST(N'flags' AS VARBINARY(8000))) = 4 THEN (SELECT TOP 1 p.[value] FROM OPENJSON(CASE WHEN ISJSON(c.[extra]) = 1 THEN c.[extra] END) AS p WHERE CAST(p.[key] AS VARBINARY(8000)) = CAST(N'flags' AS VARBINARY(8000))) END) AS j WHERE CAST(CAST(CASE WHEN j.[type] = 1 THEN j.[value] END COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX)) = CAST(CAST(N'a' COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX))) AND EXISTS (SELECT 1 FROM OPENJSON(CASE WHEN (SELECT TOP 1 p.[type] FROM OPENJSON(CASE WHEN ISJSON(c.[extra]) = 1 THEN c.[extra] END) AS p WHERE CAST(p.[key] AS VARBINARY(8000)) = CAST(N'flags' AS VARBINARY(8000))) = 4 THEN (SELECT TOP 1 p.[value] FROM OPENJSON(CASE WHEN ISJSON(c.[extra]) = 1 THEN c.[extra] END) AS p WHERE CAST(p.[key] AS VARBINARY(8000)) = CAST(N'flags' AS VARBINARY(8000))) END) AS j WHERE CASE WHEN j.[type] = 2 THEN TRY_CAST(j.[value] AS DOUBLE PRECISION) END = 1)) OR DATALENGTH(CASE WHEN (SELECT TOP 1 p.[type] FROM OPENJSON(CASE WHEN ISJSON(c.[extra]) = 1 THEN c.[extra] END) AS p WHERE CAST(p.[key] AS VARBINARY(8000)) = CAST(N'flags' AS VARBINARY(8000))) = 1 THEN (SELECT TOP 1 p.[value] FROM OPENJSON(CASE WHEN ISJSON(c.[extra]) = 1 THEN c.[extra] END) AS p WHERE CAST(p.[key] AS VARBINARY(8000)) = CAST(N'flags' AS VARBINARY(8000))) END) = 0 OR CASE WHEN (SELECT TOP 1 p.[type] FROM OPENJSON(CASE WHEN ISJSON(c.[extra]) = 1 THEN c.[extra] END) AS p WHERE CAST(p.[key] AS VARBINARY(8000)) = CAST(N'flags' AS VARBINARY(8000))) = 4 THEN (SELECT COUNT(*) FROM OPENJSON(CASE WHEN (SELECT TOP 1 p.[type] FROM OPENJSON(CASE WHEN ISJSON(c.[extra]) = 1 THEN c.[extra] END) AS p WHERE CAST(p.[key] AS VARBINARY(8000)) = CAST(N'flags' AS VARBINARY(8000))) = 4 THEN (SELECT TOP 1 p.[value] FROM OPENJSON(CASE WHEN ISJSON(c.[extra]) = 1 THEN c.[extra] END) AS p WHERE CAST(p.[key] AS VARBINARY(8000)) = CAST(N'flags' AS VARBINARY(8000))) END) AS j) END = 0
        "#]],
    );
    check_in(
        &WAREHOUSES,
        "count(visit where page.url starts with '/shop') >= 1",
        expect![[r#"
        bigquery: c.`id` IN (SELECT e.`who` AS `k` FROM `visits` AS e WHERE e.`who` IS NOT NULL AND e.`at` <= TIMESTAMP '2024-03-31 12:00:00.000000+00:00' AND STARTS_WITH(CASE WHEN JSON_TYPE(e.`page`['url']) = 'string' THEN LAX_STRING(e.`page`['url']) END, '/shop'))
        snowflake: c."id" IN (SELECT e."who" AS "k" FROM "visits" AS e WHERE e."who" IS NOT NULL AND e."at" <= CAST('2024-03-31 12:00:00.000000+00:00' AS TIMESTAMP_TZ) AND STARTSWITH(CASE WHEN TYPEOF(GET(e."page", 'url')) = 'VARCHAR' THEN AS_VARCHAR(GET(e."page", 'url')) END, '/shop'))
        redshift: c."id" IN (SELECT e."who" AS "k" FROM "visits" AS e WHERE e."who" IS NOT NULL AND e."at" <= TIMESTAMPTZ '2024-03-31 12:00:00.000000+00' AND STRPOS(CASE WHEN JSON_TYPEOF(e."page"."url") = 'string' THEN CAST(e."page"."url" AS VARCHAR(65535)) END, '/shop') = 1)
        trino: c."id" IN (SELECT e."who" AS "k" FROM "visits" AS e WHERE e."who" IS NOT NULL AND e."at" <= TIMESTAMP '2024-03-31 12:00:00.000000 UTC' AND starts_with(CASE WHEN translate(substr(json_format(json_extract(e."page", '$["url"]')), 1, 1), '-123456789', '0000000000') = '"' THEN json_extract_scalar(json_extract(e."page", '$["url"]'), '$') END, '/shop'))
        sqlserver: c.[id] IN (SELECT e.[who] AS [k] FROM [visits] AS e WHERE e.[who] IS NOT NULL AND e.[at] <= CAST('2024-03-31 12:00:00.000000+00:00' AS DATETIMEOFFSET(6)) AND CHARINDEX(N'/shop', CASE WHEN (SELECT TOP 1 p.[type] FROM OPENJSON(CASE WHEN ISJSON(e.[page]) = 1 THEN e.[page] END) AS p WHERE CAST(p.[key] AS VARBINARY(8000)) = CAST(N'url' AS VARBINARY(8000))) = 1 THEN (SELECT TOP 1 p.[value] FROM OPENJSON(CASE WHEN ISJSON(e.[page]) = 1 THEN e.[page] END) AS p WHERE CAST(p.[key] AS VARBINARY(8000)) = CAST(N'url' AS VARBINARY(8000))) END COLLATE Latin1_General_100_BIN2_UTF8) = 1)
    "#]],
    );
}

/// Keys are names: they are never parameters, and can't leave their quotes.
#[test]
fn keys_stay_in_their_quotes() {
    let filter =
        Filter::from_json(r#"{"type": "condition", "field": "extra.it's \\", "op": "is_set"}"#).expect("a filter");
    let as_of = Timestamp::parse_utc("2024-03-31T12:00:00Z").expect("an instant");
    for (dialect, key) in [
        (Dialect::PostgreSql, r"'it''s \'"),
        (Dialect::MySql, r#"'$."it''s \\\\"'"#),
        (Dialect::DuckDb, r"'/it''s \'"),
        (Dialect::ClickHouse, r"'it''s \\'"),
        (Dialect::Spark, r#"'$["it\'s \\"]'"#),
        (Dialect::BigQuery, r"['it\'s \\']"),
        (Dialect::Snowflake, r"'it''s \\'"),
        (Dialect::Redshift, r#"."it's \""#),
    ] {
        let query = to_sql(&filter, &catalog(), as_of, &SqlOptions::new(dialect, Statement::Members)).expect("a query");
        assert!(query.sql.contains(key), "{dialect}: {}", query.sql);
        assert!(query.params.is_empty());
    }
}
