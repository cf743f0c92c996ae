//! Examples: a filter in text form, and what is made of it.

use std::fmt::Write;

use cvm_core::{Catalog, Code, Filter, Timestamp};
use cvm_sql::{Dialect, SqlOptions, Statement, to_sql};

use crate::layout;

const START: &str = "<!-- made from the text above -->";
const END: &str = "<!-- end -->";
const FENCE: &str = "```text example=";

/// The page with the parts under its examples written anew, and how many there are.
pub(crate) fn written(page: &str, text: &str, catalog: &Catalog, as_of: Timestamp) -> (String, usize) {
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut found) = (text, 0);
    let mut names: Vec<&str> = Vec::new();
    while let Some(at) = rest.find(FENCE) {
        let (before, block) = rest.split_at(at);
        out.push_str(before);
        let (info, body) = block.split_once('\n').expect("a line after the fence");
        let (body, after) = body.split_once("\n```\n").expect("the end of the block");
        let _ = write!(out, "{info}\n{body}\n```\n");
        let (name, dialects) = options(page, info);
        assert!(!names.contains(&name), "{page}: two examples are called `{name}`");
        names.push(name);
        let filter: Filter = body.parse().unwrap_or_else(|error| panic!("{page}: `{name}`: {error}"));
        let _ = write!(out, "\n{START}\n\n{}\n{END}\n", made(page, name, &filter, &dialects, catalog, as_of));
        rest = match after.trim_start().strip_prefix(START) {
            None => after,
            Some(made) => made.split_once(&format!("{END}\n")).expect("the end of what was made").1,
        };
        found += 1;
    }
    out.push_str(rest);
    (out, found)
}

/// The name of an example and its dialects: `example=vip sql=postgresql,mysql`.
fn options<'p>(page: &str, info: &'p str) -> (&'p str, Vec<Dialect>) {
    let mut words = info.trim_start_matches(FENCE).split(' ');
    let name = words.next().unwrap_or_default();
    let dialects = words.next().and_then(|word| word.strip_prefix("sql=")).unwrap_or("postgresql,bigquery,mysql");
    let read = |name: &str| name.parse().unwrap_or_else(|error| panic!("{page}: {error}"));
    (name, if dialects == "none" { Vec::new() } else { dialects.split(',').map(read).collect() })
}

fn made(page: &str, name: &str, filter: &Filter, dialects: &[Dialect], catalog: &Catalog, as_of: Timestamp) -> String {
    let pretty = filter.to_json();
    let compact: String = {
        // A string can't hold a line end, so lines are only broken between tokens.
        let lines: Vec<&str> = pretty.lines().map(str::trim_start).collect();
        lines.concat().replace("\": ", "\":")
    };
    assert_eq!(Filter::from_json(&compact).as_ref(), Ok(filter), "{page}: `{name}`");
    let laid = layout::json(&compact);
    assert_eq!(Filter::from_json(&laid).as_ref(), Ok(filter), "{page}: `{name}`");
    let mut out = format!("```json\n{laid}\n```\n");
    if !filter.parameters().is_empty() {
        return out;
    }
    cvm_core::check(filter, catalog).unwrap_or_else(|error| panic!("{page}: `{name}`: {error}"));
    if dialects.is_empty() {
        return out;
    }
    let titles: Vec<&str> = dialects.iter().copied().map(title).collect();
    let _ = write!(out, "\n<details><summary>In SQL: {}</summary>\n", titles.join(", "));
    for dialect in dialects {
        let _ = write!(out, "\n{}", sql(page, name, filter, *dialect, catalog, as_of));
    }
    out.push_str("\n</details>\n");
    out
}

/// The members' statement for a dialect and its notes, or why there is none.
fn sql(page: &str, name: &str, filter: &Filter, dialect: Dialect, catalog: &Catalog, as_of: Timestamp) -> String {
    let options = SqlOptions { parameters: false, ..SqlOptions::new(dialect, Statement::Members) };
    match to_sql(filter, catalog, as_of, &options) {
        Ok(query) => {
            let mut out = format!("{}:\n\n```sql\n{}\n```\n", title(dialect), layout::sql(&query.sql));
            if !query.notes.is_empty() {
                let notes: Vec<String> = query.notes.iter().map(|note| format!("- Note: {note}.\n")).collect();
                let _ = write!(out, "\n{}", notes.concat());
            }
            out
        }
        Err(findings) => {
            let reasons: Vec<&str> = findings
                .0
                .iter()
                .map(|finding| finding.message.split_once(": ").map_or(finding.message.as_str(), |(_, reason)| reason))
                .collect();
            assert!(
                findings.0.iter().all(|finding| finding.code == Code::NotSupported),
                "{page}: `{name}`: {findings}"
            );
            format!("Refused by {}: “{}”.\n", title(dialect), reasons.join("; "))
        }
    }
}

/// How people write the name.
fn title(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::PostgreSql => "PostgreSQL",
        Dialect::MySql => "MySQL",
        Dialect::Sqlite => "SQLite",
        Dialect::DuckDb => "DuckDB",
        Dialect::DataFusion => "DataFusion",
        Dialect::ClickHouse => "ClickHouse",
        Dialect::Spark => "Spark",
        Dialect::BigQuery => "BigQuery",
        Dialect::Snowflake => "Snowflake",
        Dialect::Redshift => "Redshift",
        Dialect::Trino => "Trino",
        Dialect::SqlServer => "SQL Server",
    }
}
