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
            postgresql, mysql, sqlite, duckdb, datafusion, clickhouse, spark, bigquery, snowflake, redshift, trino: c."age" > 30
            sqlserver: c.[age] > 30
        "#]],
    );
    check(
        "not (age > 30)",
        expect![[r#"
            postgresql, mysql, sqlite, duckdb, datafusion, clickhouse, spark, bigquery, snowflake, redshift, trino: c."age" <= 30 OR c."age" IS NULL
            sqlserver: c.[age] <= 30 OR c.[age] IS NULL
        "#]],
    );
    check(
        "age != 30",
        expect![[r#"
            postgresql, mysql, sqlite, duckdb, datafusion, clickhouse, spark, bigquery, snowflake, redshift, trino: c."age" <> 30 OR c."age" IS NULL
            sqlserver: c.[age] <> 30 OR c.[age] IS NULL
        "#]],
    );
    check(
        "age != 30 without missing",
        expect![[r#"
            postgresql, mysql, sqlite, duckdb, datafusion, clickhouse, spark, bigquery, snowflake, redshift, trino: c."age" <> 30
            sqlserver: c.[age] <> 30
        "#]],
    );
    check(
        "age > 30 with missing",
        expect![[r#"
            postgresql, mysql, sqlite, duckdb, datafusion, clickhouse, spark, bigquery, snowflake, redshift, trino: c."age" > 30 OR c."age" IS NULL
            sqlserver: c.[age] > 30 OR c.[age] IS NULL
        "#]],
    );
    check(
        "age not in (1, 2)",
        expect![[r#"
            postgresql, mysql, sqlite, duckdb, datafusion, clickhouse, spark, bigquery, snowflake, redshift, trino: c."age" NOT IN (1, 2) OR c."age" IS NULL
            sqlserver: c.[age] NOT IN (1, 2) OR c.[age] IS NULL
        "#]],
    );
    check(
        "age is set or city is not set",
        expect![[r#"
            postgresql, mysql, sqlite, duckdb, datafusion, clickhouse, spark, bigquery, snowflake, redshift, trino: c."age" IS NOT NULL OR c."city" IS NULL
            sqlserver: c.[age] IS NOT NULL OR c.[city] IS NULL
        "#]],
    );
    check(
        "not (age is set)",
        expect![[r#"
            postgresql, mysql, sqlite, duckdb, datafusion, clickhouse, spark, bigquery, snowflake, redshift, trino: c."age" IS NULL
            sqlserver: c.[age] IS NULL
        "#]],
    );
}

#[test]
fn numbers() {
    check(
        "age > 2.5",
        expect![[r#"
            postgresql, mysql, sqlite, duckdb, datafusion, clickhouse, spark, bigquery, snowflake, redshift, trino: c."age" > 2
            sqlserver: c.[age] > 2
        "#]],
    );
    check(
        "age = 2.5",
        expect![[r#"
            postgresql, mysql, sqlite, duckdb, datafusion, clickhouse, spark, bigquery, snowflake, redshift, trino: false
            sqlserver: 1 = 0
        "#]],
    );
    check(
        "not (age = 2.5)",
        expect![[r#"
            postgresql, mysql, sqlite, duckdb, datafusion, clickhouse, spark, bigquery, snowflake, redshift, trino, sqlserver: no condition
        "#]],
    );
    check(
        "age < 1e30",
        expect![[r#"
            postgresql, mysql, sqlite, duckdb, datafusion, clickhouse, spark, bigquery, snowflake, redshift, trino, sqlserver: CVM_INVALID_VALUE at /value: "1e30" has more than 15 digits, so its last ones may be lost; write a whole number from -9223372036854775808 to 9223372036854775807
        "#]],
    );
    check(
        "score > 0.5",
        expect![[r#"
            postgresql: c."score" > 0.5 AND c."score" <> CAST('NaN' AS DOUBLE PRECISION)
            mysql, sqlite: c."score" > 0.5
            duckdb, datafusion: c."score" > 0.5 AND NOT isnan(c."score")
            clickhouse: c."score" > 0.5 AND NOT isNaN(c."score")
            spark: c."score" > 0.5D AND NOT isnan(c."score")
            bigquery: c."score" > 0.5 AND NOT IS_NAN(c."score")
            snowflake: c."score" > CAST('0.5' AS DOUBLE PRECISION) AND c."score" <> CAST('NaN' AS DOUBLE PRECISION)
            redshift: c."score" > CAST('0.5' AS DOUBLE PRECISION) AND c."score" <= CAST('Infinity' AS DOUBLE PRECISION)
            trino: c."score" > CAST('0.5' AS DOUBLE PRECISION) AND NOT is_nan(c."score")
            sqlserver: c.[score] > 5e-1
        "#]],
    );
    check(
        "score = 0.0 or score < 0.0",
        expect![[r#"
            postgresql, mysql, sqlite, duckdb, bigquery: c."score" = 0.0 OR c."score" < 0.0
            datafusion: c."score" IN (0.0, -0.0) OR c."score" < -0.0
            clickhouse: c."score" IN (0.0, -0.0) OR c."score" < 0.0
            spark: c."score" = 0.0D OR c."score" < 0.0D
            snowflake, redshift, trino: c."score" = CAST('0.0' AS DOUBLE PRECISION) OR c."score" < CAST('0.0' AS DOUBLE PRECISION)
            sqlserver: c.[score] = 0e0 OR c.[score] < 0e0
        "#]],
    );
    check(
        "score is set",
        expect![[r#"
            postgresql, snowflake: c."score" IS NOT NULL AND c."score" <> CAST('NaN' AS DOUBLE PRECISION)
            mysql, sqlite: c."score" IS NOT NULL
            duckdb, datafusion, spark: c."score" IS NOT NULL AND NOT isnan(c."score")
            clickhouse: c."score" IS NOT NULL AND NOT isNaN(c."score")
            bigquery: c."score" IS NOT NULL AND NOT IS_NAN(c."score")
            redshift: c."score" IS NOT NULL AND c."score" <= CAST('Infinity' AS DOUBLE PRECISION)
            trino: c."score" IS NOT NULL AND NOT is_nan(c."score")
            sqlserver: c.[score] IS NOT NULL
        "#]],
    );
    check(
        "spent >= '100.005'",
        expect![[r#"
            postgresql, mysql, sqlite, duckdb, snowflake, redshift: c."spent" > 100.00
            datafusion, clickhouse: c."spent" > CAST('100.00' AS DECIMAL(5,2))
            spark: c."spent" > 100.00BD
            bigquery: c."spent" > NUMERIC '100.00'
            trino: c."spent" > DECIMAL '100.00'
            sqlserver: c.[spent] > 100.00
        "#]],
    );
    check(
        "spent between '1.50' and '9.99'",
        expect![[r#"
            postgresql, mysql, sqlite, duckdb, snowflake, redshift: c."spent" BETWEEN 1.50 AND 9.99
            datafusion, clickhouse: c."spent" BETWEEN CAST('1.50' AS DECIMAL(3,2)) AND CAST('9.99' AS DECIMAL(3,2))
            spark: c."spent" BETWEEN 1.50BD AND 9.99BD
            bigquery: c."spent" BETWEEN NUMERIC '1.50' AND NUMERIC '9.99'
            trino: c."spent" BETWEEN DECIMAL '1.50' AND DECIMAL '9.99'
            sqlserver: c.[spent] BETWEEN 1.50 AND 9.99
        "#]],
    );
    check(
        "age > field(kids)",
        expect![[r#"
            postgresql, mysql, sqlite, duckdb, datafusion, clickhouse, spark, bigquery, snowflake, redshift, trino: c."age" > c."kids"
            sqlserver: c.[age] > c.[kids]
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
            clickhouse: toFloat64(c."age") <> c."score" OR c."age" IS NULL OR c."score" IS NULL OR isNaN(c."score")
            spark: CAST(c."age" AS DOUBLE) <> c."score" OR c."age" IS NULL OR c."score" IS NULL OR isnan(c."score")
            bigquery: CAST(c."age" AS FLOAT64) <> c."score" OR c."age" IS NULL OR c."score" IS NULL OR IS_NAN(c."score")
            snowflake: CAST(c."age" AS DOUBLE PRECISION) <> c."score" OR c."age" IS NULL OR c."score" IS NULL OR c."score" = CAST('NaN' AS DOUBLE PRECISION)
            redshift: CAST(c."age" AS DOUBLE PRECISION) <> c."score" OR c."age" IS NULL OR c."score" IS NULL OR CASE WHEN c."score" <= CAST('Infinity' AS DOUBLE PRECISION) THEN 1 ELSE 0 END = 0
            trino: CAST(c."age" AS DOUBLE PRECISION) <> c."score" OR c."age" IS NULL OR c."score" IS NULL OR is_nan(c."score")
            sqlserver: CAST(c.[age] AS FLOAT) <> c.[score] OR c.[age] IS NULL OR c.[score] IS NULL
        "#]],
    );
}

#[test]
fn texts() {
    check(
        "city = 'L''Aquila'",
        expect![[r#"
            postgresql, sqlite, duckdb, datafusion, clickhouse, snowflake, trino: c."city" = 'L''Aquila'
            mysql: c."city" = 'L''Aquila' AND CAST(CONVERT(c."city" USING utf8mb4) AS BINARY) = 'L''Aquila'
            spark, bigquery: c."city" = 'L\'Aquila'
            redshift: c."city" = 'L''Aquila' AND CAST(c."city" AS VARBYTE(65535)) = CAST('L''Aquila' AS VARBYTE(65535))
            sqlserver: c.[city] = N'L''Aquila' AND CAST(CAST(c.[city] COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX)) = CAST(CAST(N'L''Aquila' COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX))
        "#]],
    );
    check(
        r"city = 'a\'",
        expect![[r#"
            postgresql, sqlite, duckdb, datafusion, trino: c."city" = 'a\'
            mysql: c."city" = 'a\\' AND CAST(CONVERT(c."city" USING utf8mb4) AS BINARY) = 'a\\'
            clickhouse, spark, bigquery, snowflake: c."city" = 'a\\'
            redshift: c."city" = 'a\\' AND CAST(c."city" AS VARBYTE(65535)) = CAST('a\\' AS VARBYTE(65535))
            sqlserver: c.[city] = N'a\' AND CAST(CAST(c.[city] COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX)) = CAST(CAST(N'a\' COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX))
        "#]],
    );
    check(
        "city < 'M'",
        expect![[r#"
            postgresql: c."city" COLLATE "C" < 'M'
            mysql: CAST(CONVERT(c."city" USING utf8mb4) AS BINARY) < 'M'
            sqlite, duckdb, datafusion, clickhouse, spark, bigquery, snowflake, trino: c."city" < 'M'
            redshift: CAST(c."city" AS VARBYTE(65535)) < CAST('M' AS VARBYTE(65535))
            sqlserver: CAST(CAST(c.[city] COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX)) < CAST(CAST(N'M' COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX))
        "#]],
    );
    check(
        "city contains '100%'",
        expect![[r#"
            postgresql, trino: strpos(c."city", '100%') > 0
            mysql: LOCATE('100%', CAST(CONVERT(c."city" USING utf8mb4) AS BINARY)) > 0
            sqlite: instr(c."city", '100%') > 0
            duckdb, datafusion, spark: contains(c."city", '100%')
            clickhouse: position(c."city", '100%') > 0
            bigquery, redshift: STRPOS(c."city", '100%') > 0
            snowflake: CONTAINS(c."city", '100%')
            sqlserver: CHARINDEX(N'100%', c.[city] COLLATE Latin1_General_100_BIN2_UTF8) > 0
        "#]],
    );
    check(
        "city not starts with 'Saint-'",
        expect![[r#"
            postgresql, duckdb, datafusion, trino: NOT starts_with(c."city", 'Saint-') OR c."city" IS NULL
            mysql: NOT (LEFT(CAST(CONVERT(c."city" USING utf8mb4) AS BINARY), 6) = 'Saint-') OR c."city" IS NULL
            sqlite: NOT (substr(c."city", 1, 6) = 'Saint-') OR c."city" IS NULL
            clickhouse: NOT startsWith(c."city", 'Saint-') OR c."city" IS NULL
            spark: NOT startswith(c."city", 'Saint-') OR c."city" IS NULL
            bigquery: NOT STARTS_WITH(c."city", 'Saint-') OR c."city" IS NULL
            snowflake: NOT STARTSWITH(c."city", 'Saint-') OR c."city" IS NULL
            redshift: NOT (STRPOS(c."city", 'Saint-') = 1) OR c."city" IS NULL
            sqlserver: NOT (CHARINDEX(N'Saint-', c.[city] COLLATE Latin1_General_100_BIN2_UTF8) = 1) OR c.[city] IS NULL
        "#]],
    );
    check(
        "city ends with 'é'",
        expect![[r#"
            postgresql: right(c."city", 1) = 'é'
            mysql: RIGHT(CAST(CONVERT(c."city" USING utf8mb4) AS BINARY), 2) = 'é'
            sqlite, trino: substr(c."city", -1) = 'é'
            duckdb, datafusion: ends_with(c."city", 'é')
            clickhouse: endsWith(c."city", 'é')
            spark: endswith(c."city", 'é')
            bigquery: ENDS_WITH(c."city", 'é')
            snowflake: ENDSWITH(c."city", 'é')
            redshift: CAST(RIGHT(c."city", 1) AS VARBYTE(65535)) = CAST('é' AS VARBYTE(65535))
            sqlserver: CHARINDEX(REVERSE(N'é' COLLATE Latin1_General_100_BIN2_UTF8), REVERSE(c.[city] COLLATE Latin1_General_100_BIN2_UTF8)) = 1
        "#]],
    );
    check(
        "city = 'PARIS' ignoring case",
        expect![[r#"
            postgresql, sqlite, duckdb, datafusion, spark, bigquery, snowflake, trino: lower(c."city") = 'paris'
            mysql: CAST(CONVERT(lower(c."city") USING utf8mb4) AS BINARY) = 'paris'
            clickhouse: lowerUTF8(c."city") = 'paris'
            redshift: CAST(lower(c."city") AS VARBYTE(65535)) = CAST('paris' AS VARBYTE(65535))
            sqlserver: CAST(CAST(lower(c.[city]) COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX)) = CAST(CAST(N'paris' COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX))
        "#]],
    );
    check(
        r"city matches '^\d+\.$'",
        expect![[r#"
            postgresql: c."city" ~ '^[0-9]+\.$'
            mysql: CONVERT(c."city" USING utf8mb4) REGEXP '(?-i)^[0-9]+\\.\\z'
            sqlite: CVM_NOT_SUPPORTED: sqlite: the database has no regular expressions of its own
            duckdb: regexp_matches(c."city", '^[0-9]+\.\z')
            datafusion, trino: regexp_like(c."city", '^[0-9]+\.\z')
            clickhouse: match(c."city", '^[0-9]+\\.\\z')
            spark: regexp_like(c."city", '^[0-9]+\\.\\z')
            bigquery: REGEXP_CONTAINS(c."city", '^[0-9]+\\.\\z')
            snowflake: REGEXP_LIKE(c."city", '.*(^[0-9]+\\.$).*', 's')
            redshift: REGEXP_INSTR(c."city", '^[0-9]+\\.\\z', 1, 1, 0, 'p') > 0
            sqlserver: CVM_NOT_SUPPORTED: sqlserver: the database has no regular expressions of its own
        "#]],
    );
    check(
        "city is empty",
        expect![[r#"
            postgresql, sqlite, duckdb, datafusion, clickhouse, spark, bigquery, snowflake, trino: c."city" = ''
            mysql, redshift: OCTET_LENGTH(c."city") = 0
            sqlserver: DATALENGTH(c.[city]) = 0
        "#]],
    );
    check(
        "\"the \"\"odd\"\" name\" = 'x'",
        expect![[r#"
            postgresql, sqlite, duckdb, datafusion, snowflake, trino: c."the ""odd"" name" = 'x'
            mysql: c."the "odd" name" = 'x' AND CAST(CONVERT(c."the "odd" name" USING utf8mb4) AS BINARY) = 'x'
            clickhouse: c."the \"odd\" name" = 'x'
            spark, bigquery: c."the "odd" name" = 'x'
            redshift: c."the ""odd"" name" = 'x' AND CAST(c."the ""odd"" name" AS VARBYTE(65535)) = CAST('x' AS VARBYTE(65535))
            sqlserver: c.[the "odd" name] = N'x' AND CAST(CAST(c.[the "odd" name] COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX)) = CAST(CAST(N'x' COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX))
        "#]],
    );
}

#[test]
fn times() {
    check(
        "birthday = '1990-05-01'",
        expect![[r#"
            postgresql, mysql, duckdb, datafusion, spark, bigquery, snowflake, redshift, trino: c."birthday" = DATE '1990-05-01'
            sqlite: c."birthday" = '1990-05-01'
            clickhouse: c."birthday" = toDate32('1990-05-01')
            sqlserver: c.[birthday] = CAST('1990-05-01' AS DATE)
        "#]],
    );
    check(
        "birthday within last 90 days",
        expect![[r#"
            postgresql, mysql, duckdb, datafusion, spark, bigquery, snowflake, redshift, trino: c."birthday" BETWEEN DATE '2024-01-01' AND DATE '2024-03-31'
            sqlite: c."birthday" BETWEEN '2024-01-01' AND '2024-03-31'
            clickhouse: c."birthday" BETWEEN toDate32('2024-01-01') AND toDate32('2024-03-31')
            sqlserver: c.[birthday] BETWEEN CAST('2024-01-01' AS DATE) AND CAST('2024-03-31' AS DATE)
        "#]],
    );
    check(
        "birthday anniversary within coming 7 days",
        expect![[r#"
            postgresql, bigquery, redshift: EXTRACT(MONTH FROM c."birthday") * 100 + EXTRACT(DAY FROM c."birthday") BETWEEN 331 AND 407
            mysql, duckdb, clickhouse, spark, snowflake, trino: MONTH(c."birthday") * 100 + DAY(c."birthday") BETWEEN 331 AND 407
            sqlite: CAST(strftime('%m%d', c."birthday") AS INTEGER) BETWEEN 331 AND 407
            datafusion: date_part('month', c."birthday") * 100 + date_part('day', c."birthday") BETWEEN 331 AND 407
            sqlserver: MONTH(c.[birthday]) * 100 + DAY(c.[birthday]) BETWEEN 331 AND 407
        "#]],
    );
    check(
        "birthday anniversary within last 60 days",
        expect![[r#"
            postgresql, bigquery, redshift: EXTRACT(MONTH FROM c."birthday") * 100 + EXTRACT(DAY FROM c."birthday") BETWEEN 131 AND 331
            mysql, duckdb, clickhouse, spark, snowflake, trino: MONTH(c."birthday") * 100 + DAY(c."birthday") BETWEEN 131 AND 331
            sqlite: CAST(strftime('%m%d', c."birthday") AS INTEGER) BETWEEN 131 AND 331
            datafusion: date_part('month', c."birthday") * 100 + date_part('day', c."birthday") BETWEEN 131 AND 331
            sqlserver: MONTH(c.[birthday]) * 100 + DAY(c.[birthday]) BETWEEN 131 AND 331
        "#]],
    );
    check(
        "seen on '2024-03-31'",
        expect![[r#"
            postgresql, redshift: c."seen" >= TIMESTAMPTZ '2024-03-30 23:00:00.000000+00' AND c."seen" < TIMESTAMPTZ '2024-03-31 22:00:00.000000+00'
            mysql: c."seen" >= TIMESTAMP '2024-03-30 23:00:00.000000' AND c."seen" < TIMESTAMP '2024-03-31 22:00:00.000000'
            sqlite: c."seen" >= '2024-03-30 23:00:00.000000' AND c."seen" < '2024-03-31 22:00:00.000000'
            duckdb: epoch_us(c."seen") >= 1711839600000000 AND epoch_us(c."seen") < 1711922400000000
            datafusion: c."seen" >= arrow_cast(1711839600000000, 'Timestamp(Microsecond, Some("UTC"))') AND c."seen" < arrow_cast(1711922400000000, 'Timestamp(Microsecond, Some("UTC"))')
            clickhouse: c."seen" >= toDateTime64('2024-03-30 23:00:00.000000', 6, 'UTC') AND c."seen" < toDateTime64('2024-03-31 22:00:00.000000', 6, 'UTC')
            spark, bigquery: c."seen" >= TIMESTAMP '2024-03-30 23:00:00.000000+00:00' AND c."seen" < TIMESTAMP '2024-03-31 22:00:00.000000+00:00'
            snowflake: c."seen" >= CAST('2024-03-30 23:00:00.000000+00:00' AS TIMESTAMP_TZ) AND c."seen" < CAST('2024-03-31 22:00:00.000000+00:00' AS TIMESTAMP_TZ)
            trino: c."seen" >= TIMESTAMP '2024-03-30 23:00:00.000000 UTC' AND c."seen" < TIMESTAMP '2024-03-31 22:00:00.000000 UTC'
            sqlserver: c.[seen] >= CAST('2024-03-30 23:00:00.000000+00:00' AS DATETIMEOFFSET(6)) AND c.[seen] < CAST('2024-03-31 22:00:00.000000+00:00' AS DATETIMEOFFSET(6))
        "#]],
    );
    check(
        "seen within last 1 day",
        expect![[r#"
            postgresql, redshift: c."seen" BETWEEN TIMESTAMPTZ '2024-03-30 12:00:00.000000+00' AND TIMESTAMPTZ '2024-03-31 12:00:00.000000+00'
            mysql: c."seen" BETWEEN TIMESTAMP '2024-03-30 12:00:00.000000' AND TIMESTAMP '2024-03-31 12:00:00.000000'
            sqlite: c."seen" BETWEEN '2024-03-30 12:00:00.000000' AND '2024-03-31 12:00:00.000000'
            duckdb: epoch_us(c."seen") BETWEEN 1711800000000000 AND 1711886400000000
            datafusion: c."seen" BETWEEN arrow_cast(1711800000000000, 'Timestamp(Microsecond, Some("UTC"))') AND arrow_cast(1711886400000000, 'Timestamp(Microsecond, Some("UTC"))')
            clickhouse: c."seen" BETWEEN toDateTime64('2024-03-30 12:00:00.000000', 6, 'UTC') AND toDateTime64('2024-03-31 12:00:00.000000', 6, 'UTC')
            spark, bigquery: c."seen" BETWEEN TIMESTAMP '2024-03-30 12:00:00.000000+00:00' AND TIMESTAMP '2024-03-31 12:00:00.000000+00:00'
            snowflake: c."seen" BETWEEN CAST('2024-03-30 12:00:00.000000+00:00' AS TIMESTAMP_TZ) AND CAST('2024-03-31 12:00:00.000000+00:00' AS TIMESTAMP_TZ)
            trino: c."seen" BETWEEN TIMESTAMP '2024-03-30 12:00:00.000000 UTC' AND TIMESTAMP '2024-03-31 12:00:00.000000 UTC'
            sqlserver: c.[seen] BETWEEN CAST('2024-03-30 12:00:00.000000+00:00' AS DATETIMEOFFSET(6)) AND CAST('2024-03-31 12:00:00.000000+00:00' AS DATETIMEOFFSET(6))
        "#]],
    );
    check(
        "seen within this month",
        expect![[r#"
            postgresql, redshift: c."seen" >= TIMESTAMPTZ '2024-02-29 23:00:00.000000+00' AND c."seen" < TIMESTAMPTZ '2024-03-31 22:00:00.000000+00'
            mysql: c."seen" >= TIMESTAMP '2024-02-29 23:00:00.000000' AND c."seen" < TIMESTAMP '2024-03-31 22:00:00.000000'
            sqlite: c."seen" >= '2024-02-29 23:00:00.000000' AND c."seen" < '2024-03-31 22:00:00.000000'
            duckdb: epoch_us(c."seen") >= 1709247600000000 AND epoch_us(c."seen") < 1711922400000000
            datafusion: c."seen" >= arrow_cast(1709247600000000, 'Timestamp(Microsecond, Some("UTC"))') AND c."seen" < arrow_cast(1711922400000000, 'Timestamp(Microsecond, Some("UTC"))')
            clickhouse: c."seen" >= toDateTime64('2024-02-29 23:00:00.000000', 6, 'UTC') AND c."seen" < toDateTime64('2024-03-31 22:00:00.000000', 6, 'UTC')
            spark, bigquery: c."seen" >= TIMESTAMP '2024-02-29 23:00:00.000000+00:00' AND c."seen" < TIMESTAMP '2024-03-31 22:00:00.000000+00:00'
            snowflake: c."seen" >= CAST('2024-02-29 23:00:00.000000+00:00' AS TIMESTAMP_TZ) AND c."seen" < CAST('2024-03-31 22:00:00.000000+00:00' AS TIMESTAMP_TZ)
            trino: c."seen" >= TIMESTAMP '2024-02-29 23:00:00.000000 UTC' AND c."seen" < TIMESTAMP '2024-03-31 22:00:00.000000 UTC'
            sqlserver: c.[seen] >= CAST('2024-02-29 23:00:00.000000+00:00' AS DATETIMEOFFSET(6)) AND c.[seen] < CAST('2024-03-31 22:00:00.000000+00:00' AS DATETIMEOFFSET(6))
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
            clickhouse: has(c."tags", 'vip') OR has(c."tags", 'new')
            spark: exists(c."tags", x -> x IN ('vip', 'new'))
            bigquery: EXISTS (SELECT 1 FROM UNNEST(c."tags") AS j WHERE j IN ('vip', 'new'))
            snowflake: ARRAYS_OVERLAP(c."tags", ARRAY_CONSTRUCT('vip', 'new'))
            redshift: CVM_NOT_SUPPORTED: redshift: how it compares the items of a SUPER value isn't documented well enough to be exact; ask for the size, or keep the items in a related table
            trino: any_match(c."tags", x -> x IN ('vip', 'new'))
            sqlserver: EXISTS (SELECT 1 FROM OPENJSON(c.[tags]) AS j WHERE CAST(CAST(j.[value] COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX)) IN (CAST(CAST(N'vip' COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX)), CAST(CAST(N'new' COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX))))
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
            clickhouse: has(c."tags", 'vip') AND has(c."tags", 'new')
            spark: exists(c."tags", x -> x IN ('vip')) AND exists(c."tags", x -> x IN ('new'))
            bigquery: EXISTS (SELECT 1 FROM UNNEST(c."tags") AS j WHERE j IN ('vip')) AND EXISTS (SELECT 1 FROM UNNEST(c."tags") AS j WHERE j IN ('new'))
            snowflake: ARRAY_CONTAINS(CAST('vip' AS VARIANT), c."tags") AND ARRAY_CONTAINS(CAST('new' AS VARIANT), c."tags")
            redshift: CVM_NOT_SUPPORTED: redshift: how it compares the items of a SUPER value isn't documented well enough to be exact; ask for the size, or keep the items in a related table
            trino: any_match(c."tags", x -> x IN ('vip')) AND any_match(c."tags", x -> x IN ('new'))
            sqlserver: EXISTS (SELECT 1 FROM OPENJSON(c.[tags]) AS j WHERE CAST(CAST(j.[value] COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX)) IN (CAST(CAST(N'vip' COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX)))) AND EXISTS (SELECT 1 FROM OPENJSON(c.[tags]) AS j WHERE CAST(CAST(j.[value] COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX)) IN (CAST(CAST(N'new' COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX))))
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
            clickhouse: NOT has(c."tags", 'vip') OR c."tags" IS NULL
            spark: NOT exists(c."tags", x -> x IS NOT NULL AND x IN ('vip')) OR c."tags" IS NULL
            bigquery: NOT (EXISTS (SELECT 1 FROM UNNEST(c."tags") AS j WHERE j IN ('vip'))) OR c."tags" IS NULL
            snowflake: NOT ARRAYS_OVERLAP(c."tags", ARRAY_CONSTRUCT('vip')) OR c."tags" IS NULL
            redshift: CVM_NOT_SUPPORTED: redshift: how it compares the items of a SUPER value isn't documented well enough to be exact; ask for the size, or keep the items in a related table
            trino: NOT any_match(c."tags", x -> x IS NOT NULL AND x IN ('vip')) OR c."tags" IS NULL
            sqlserver: NOT (EXISTS (SELECT 1 FROM OPENJSON(c.[tags]) AS j WHERE CAST(CAST(j.[value] COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX)) IN (CAST(CAST(N'vip' COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX))))) OR c.[tags] IS NULL
        "#]],
    );
    check(
        "size(tags) > 2",
        expect![[r#"
            postgresql, datafusion, trino: cardinality(c."tags") > 2
            mysql: JSON_LENGTH(c."tags") > 2
            sqlite: json_array_length(c."tags") > 2
            duckdb: len(c."tags") > 2
            clickhouse: length(c."tags") > 2
            spark: array_size(c."tags") > 2
            bigquery: ARRAY_LENGTH(c."tags") > 2
            snowflake: ARRAY_SIZE(c."tags") > 2
            redshift: GET_ARRAY_LENGTH(c."tags") > 2
            sqlserver: CASE WHEN c.[tags] IS NOT NULL THEN (SELECT COUNT(*) FROM OPENJSON(c.[tags]) AS j) END > 2
        "#]],
    );
    check(
        "active = true",
        expect![[r#"
            postgresql, mysql, sqlite, duckdb, datafusion, clickhouse, spark, bigquery, snowflake, redshift, trino: c."active" = true
            sqlserver: c.[active] = 1
        "#]],
    );
    check(
        "segment young and list chosen",
        expect![[r#"
            postgresql, mysql, sqlite, duckdb, datafusion, clickhouse, spark, bigquery, snowflake, redshift, trino: c."age" < 25 AND c."id" IN (1, 3)
            sqlserver: c.[age] < 25 AND c.[id] IN (1, 3)
        "#]],
    );
    check(
        "at least 2 of (age > 1, kids > 1, active = true)",
        expect![[r#"
            postgresql, mysql, sqlite, duckdb, datafusion, clickhouse, spark, bigquery, snowflake, redshift, trino: (CASE WHEN c."age" > 1 THEN 1 ELSE 0 END + CASE WHEN c."kids" > 1 THEN 1 ELSE 0 END + CASE WHEN c."active" = true THEN 1 ELSE 0 END) >= 2
            sqlserver: (CASE WHEN c.[age] > 1 THEN 1 ELSE 0 END + CASE WHEN c.[kids] > 1 THEN 1 ELSE 0 END + CASE WHEN c.[active] = 1 THEN 1 ELSE 0 END) >= 2
        "#]],
    );
    check(
        "everyone",
        expect![[r#"
            postgresql, mysql, sqlite, duckdb, datafusion, clickhouse, spark, bigquery, snowflake, redshift, trino, sqlserver: no condition
        "#]],
    );
    check(
        "nobody",
        expect![[r#"
            postgresql, mysql, sqlite, duckdb, datafusion, clickhouse, spark, bigquery, snowflake, redshift, trino: false
            sqlserver: 1 = 0
        "#]],
    );
    check(
        "age > 1 and (kids > 1 or active = true) and not (city = 'x' and age < 9)",
        expect![[r#"
            postgresql, sqlite, duckdb, datafusion, clickhouse, spark, bigquery, snowflake, trino: c."age" > 1 AND (c."kids" > 1 OR c."active" = true) AND (c."city" <> 'x' OR c."city" IS NULL OR c."age" >= 9)
            mysql: c."age" > 1 AND (c."kids" > 1 OR c."active" = true) AND (CAST(CONVERT(c."city" USING utf8mb4) AS BINARY) <> 'x' OR c."city" IS NULL OR c."age" >= 9)
            redshift: c."age" > 1 AND (c."kids" > 1 OR c."active" = true) AND (CAST(c."city" AS VARBYTE(65535)) <> CAST('x' AS VARBYTE(65535)) OR c."city" IS NULL OR c."age" >= 9)
            sqlserver: c.[age] > 1 AND (c.[kids] > 1 OR c.[active] = 1) AND (CAST(CAST(c.[city] COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX)) <> CAST(CAST(N'x' COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX)) OR c.[city] IS NULL OR c.[age] >= 9)
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
        clickhouse: SELECT c."id" FROM "crm"."customers" AS c WHERE c."city" IN ({p1:String}, {p2:String}) AND c."spent" > {p3:Decimal(4,2)} AND c."birthday" < {p4:Date32}
            Paris · Lyon · 10.50 · 2000-01-01
        clickhouse: SELECT COUNT(*) AS "count" FROM "crm"."customers" AS c WHERE c."city" IN ({p1:String}, {p2:String}) AND c."spent" > {p3:Decimal(4,2)} AND c."birthday" < {p4:Date32}
            Paris · Lyon · 10.50 · 2000-01-01
        clickhouse: SELECT c."id", c."city" FROM "crm"."customers" AS c WHERE c."city" IN ({p1:String}, {p2:String}) AND c."spent" > {p3:Decimal(4,2)} AND c."birthday" < {p4:Date32} ORDER BY c."spent" IS NULL, c."spent" DESC, c."id" LIMIT 10 OFFSET 20
            Paris · Lyon · 10.50 · 2000-01-01
        spark: SELECT c.`id` FROM `crm`.`customers` AS c WHERE c.`city` IN (?, ?) AND c.`spent` > CAST(? AS DECIMAL(4,2)) AND c.`birthday` < CAST(? AS DATE)
            Paris · Lyon · 10.50 · 2000-01-01
        spark: SELECT COUNT(*) AS `count` FROM `crm`.`customers` AS c WHERE c.`city` IN (?, ?) AND c.`spent` > CAST(? AS DECIMAL(4,2)) AND c.`birthday` < CAST(? AS DATE)
            Paris · Lyon · 10.50 · 2000-01-01
        spark: SELECT c.`id`, c.`city` FROM `crm`.`customers` AS c WHERE c.`city` IN (?, ?) AND c.`spent` > CAST(? AS DECIMAL(4,2)) AND c.`birthday` < CAST(? AS DATE) ORDER BY c.`spent` IS NULL, c.`spent` DESC, c.`id` LIMIT 10 OFFSET 20
            Paris · Lyon · 10.50 · 2000-01-01
        bigquery: SELECT c.`id` FROM `crm`.`customers` AS c WHERE c.`city` IN (@p1, @p2) AND c.`spent` > CAST(@p3 AS NUMERIC) AND c.`birthday` < CAST(@p4 AS DATE)
            Paris · Lyon · 10.50 · 2000-01-01
        bigquery: SELECT COUNT(*) AS `count` FROM `crm`.`customers` AS c WHERE c.`city` IN (@p1, @p2) AND c.`spent` > CAST(@p3 AS NUMERIC) AND c.`birthday` < CAST(@p4 AS DATE)
            Paris · Lyon · 10.50 · 2000-01-01
        bigquery: SELECT c.`id`, c.`city` FROM `crm`.`customers` AS c WHERE c.`city` IN (@p1, @p2) AND c.`spent` > CAST(@p3 AS NUMERIC) AND c.`birthday` < CAST(@p4 AS DATE) ORDER BY c.`spent` IS NULL, c.`spent` DESC, c.`id` LIMIT 10 OFFSET 20
            Paris · Lyon · 10.50 · 2000-01-01
        snowflake: SELECT c."id" FROM "crm"."customers" AS c WHERE c."city" IN (?, ?) AND c."spent" > CAST(? AS DECIMAL(4,2)) AND c."birthday" < CAST(? AS DATE)
            Paris · Lyon · 10.50 · 2000-01-01
        snowflake: SELECT COUNT(*) AS "count" FROM "crm"."customers" AS c WHERE c."city" IN (?, ?) AND c."spent" > CAST(? AS DECIMAL(4,2)) AND c."birthday" < CAST(? AS DATE)
            Paris · Lyon · 10.50 · 2000-01-01
        snowflake: SELECT c."id", c."city" FROM "crm"."customers" AS c WHERE c."city" IN (?, ?) AND c."spent" > CAST(? AS DECIMAL(4,2)) AND c."birthday" < CAST(? AS DATE) ORDER BY c."spent" IS NULL, c."spent" DESC, c."id" LIMIT 10 OFFSET 20
            Paris · Lyon · 10.50 · 2000-01-01
        redshift: SELECT c."id" FROM "crm"."customers" AS c WHERE c."city" IN ($1, $2) AND CAST(c."city" AS VARBYTE(65535)) IN (CAST($3 AS VARBYTE(65535)), CAST($4 AS VARBYTE(65535))) AND c."spent" > CAST($5 AS DECIMAL(4,2)) AND c."birthday" < CAST($6 AS DATE)
            Paris · Lyon · Paris · Lyon · 10.50 · 2000-01-01
        redshift: SELECT COUNT(*) AS "count" FROM "crm"."customers" AS c WHERE c."city" IN ($1, $2) AND CAST(c."city" AS VARBYTE(65535)) IN (CAST($3 AS VARBYTE(65535)), CAST($4 AS VARBYTE(65535))) AND c."spent" > CAST($5 AS DECIMAL(4,2)) AND c."birthday" < CAST($6 AS DATE)
            Paris · Lyon · Paris · Lyon · 10.50 · 2000-01-01
        redshift: SELECT c."id", c."city" FROM "crm"."customers" AS c WHERE c."city" IN ($1, $2) AND CAST(c."city" AS VARBYTE(65535)) IN (CAST($3 AS VARBYTE(65535)), CAST($4 AS VARBYTE(65535))) AND c."spent" > CAST($5 AS DECIMAL(4,2)) AND c."birthday" < CAST($6 AS DATE) ORDER BY c."spent" IS NULL, c."spent" DESC, c."id" LIMIT 10 OFFSET 20
            Paris · Lyon · Paris · Lyon · 10.50 · 2000-01-01
        trino: SELECT c."id" FROM "crm"."customers" AS c WHERE c."city" IN (?, ?) AND c."spent" > CAST(? AS DECIMAL(4,2)) AND c."birthday" < CAST(? AS DATE)
            Paris · Lyon · 10.50 · 2000-01-01
        trino: SELECT COUNT(*) AS "count" FROM "crm"."customers" AS c WHERE c."city" IN (?, ?) AND c."spent" > CAST(? AS DECIMAL(4,2)) AND c."birthday" < CAST(? AS DATE)
            Paris · Lyon · 10.50 · 2000-01-01
        trino: SELECT c."id", c."city" FROM "crm"."customers" AS c WHERE c."city" IN (?, ?) AND c."spent" > CAST(? AS DECIMAL(4,2)) AND c."birthday" < CAST(? AS DATE) ORDER BY c."spent" IS NULL, c."spent" DESC, c."id" OFFSET 20 ROWS FETCH FIRST 10 ROWS ONLY
            Paris · Lyon · 10.50 · 2000-01-01
        sqlserver: SELECT c.[id] FROM [crm].[customers] AS c WHERE c.[city] IN (@p1, @p2) AND CAST(CAST(c.[city] COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX)) IN (CAST(CAST(@p3 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX)), CAST(CAST(@p4 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX))) AND c.[spent] > CAST(@p5 AS DECIMAL(4,2)) AND c.[birthday] < CAST(@p6 AS DATE)
            Paris · Lyon · Paris · Lyon · 10.50 · 2000-01-01
        sqlserver: SELECT COUNT(*) AS [count] FROM [crm].[customers] AS c WHERE c.[city] IN (@p1, @p2) AND CAST(CAST(c.[city] COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX)) IN (CAST(CAST(@p3 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX)), CAST(CAST(@p4 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX))) AND c.[spent] > CAST(@p5 AS DECIMAL(4,2)) AND c.[birthday] < CAST(@p6 AS DATE)
            Paris · Lyon · Paris · Lyon · 10.50 · 2000-01-01
        sqlserver: SELECT c.[id], c.[city] FROM [crm].[customers] AS c WHERE c.[city] IN (@p1, @p2) AND CAST(CAST(c.[city] COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX)) IN (CAST(CAST(@p3 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX)), CAST(CAST(@p4 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(MAX)) AS VARBINARY(MAX))) AND c.[spent] > CAST(@p5 AS DECIMAL(4,2)) AND c.[birthday] < CAST(@p6 AS DATE) ORDER BY CASE WHEN c.[spent] IS NULL THEN 1 ELSE 0 END, c.[spent] DESC, c.[id] OFFSET 20 ROWS FETCH FIRST 10 ROWS ONLY
            Paris · Lyon · Paris · Lyon · 10.50 · 2000-01-01
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

    for (dialect, filter) in [
        (Dialect::DataFusion, "not (extra.plan = 'gold')"),
        (Dialect::BigQuery, "not (extra.plan > 9007199254740993)"),
        (Dialect::Snowflake, "not (extra.plan > 9007199254740993)"),
        (Dialect::Redshift, "not (extra.plan has any ('gold'))"),
        (Dialect::SqlServer, "not (extra.0.1.2 = 'gold')"),
    ] {
        let filter: Filter = filter.parse().expect("a filter");
        let options = SqlOptions::new(dialect, Statement::Count);
        let findings = to_sql(&filter, &catalog(), as_of(), &options).expect_err("not said there");
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
