//! What each dialect can say, as a page: made by really building the SQL of a sample of each kind of condition.
//! `UPDATE=1 cargo test -p cvm-sql --test support` writes the page.

#![expect(clippy::expect_used, clippy::panic, reason = "tests may")]

use std::fmt::Write;
use std::path::Path;

use cvm_core::{Catalog, Timestamp};
use cvm_sql::{Dialect, SqlOptions, Statement, to_sql};

const CATALOG: &str = r#"{"customers": {"table": "customers", "key": "id", "fields": [
        {"name": "id", "type": "int", "nullable": false}, {"name": "int", "type": "int"},
        {"name": "float", "type": "float"}, {"name": "decimal", "type": "decimal(12,2)"},
        {"name": "text", "type": "string"}, {"name": "other", "type": "string"}, {"name": "flag", "type": "bool"},
        {"name": "day", "type": "date"}, {"name": "at", "type": "timestamp"}, {"name": "tags", "type": "list<string>"},
        {"name": "numbers", "type": "list<int>"}, {"name": "document", "type": "json"},
        {"name": "lat", "type": "float"}, {"name": "lon", "type": "float"}]},
    "events": [{"name": "buy", "table": "buys", "customer": "id", "time": "at", "fields": [
        {"name": "amount", "type": "decimal(10,2)"}, {"name": "qty", "type": "int"}, {"name": "item", "type": "string"}]}],
    "related": [{"name": "orders", "table": "orders", "customer": "id", "fields": [{"name": "total", "type": "int"}]}],
    "segments": [{"name": "vip", "filter": {"type": "condition", "field": "int", "op": "gt", "value": 9}}],
    "lists": [{"name": "blocked", "members": [1, 2]}]}"#;

/// A kind of condition, and a sample of it.
const SAMPLES: &[(&str, &str)] = &[
    ("everyone, nobody, and, or, not", "everyone and not (int = 1 or nobody)"),
    ("at least n of", "at least 2 of (int = 1, flag = true, text = 'a')"),
    ("numbers: = != < in between", "int in (1, 2) and decimal between '1.50' and '3' and not (int > 5)"),
    ("floats, where NaN is missing", "float > 1.5 and not (float < 9)"),
    ("texts: = != in", "text = 'a' or text not in ('b', 'c')"),
    ("texts: order", "text > 'm'"),
    (
        "texts: contains, starts with, ends with",
        "text contains 'a' and text starts with 'b' and not (text ends with 'c')",
    ),
    ("texts: matches", "text matches '^[a-c]+$'"),
    ("texts ignoring case", "text = 'Ab' ignoring case or text contains 'x' ignoring case"),
    ("true, false", "flag = true and not (flag = false)"),
    ("dates", "day within last 30 days and day != '2024-02-29'"),
    ("instants", "at >= '2024-01-31T09:30:00Z' and at before 3 days ago"),
    ("anniversaries", "day anniversary within coming 7 days"),
    ("is set, is empty", "text is set and text is empty"),
    ("a field beside a field", "int < field(decimal) and text = field(other)"),
    ("lists: has any, has all, has none", "tags has any ('a') and numbers has all (1, 2) and tags has none ('b')"),
    ("lists ignoring case", "tags has any ('A') ignoring case"),
    ("lists: size, is empty", "size(tags) >= 2 and not (numbers is empty)"),
    ("inside JSON", "document.plan.tier = 'gold' and not (document.seats > 2)"),
    ("events: count", "count(buy where qty > 1 within last 90 days) >= 2"),
    ("events: sum, average, least, greatest", "sum(buy.amount) > 100 and avg(buy.qty) < 3 and max(buy.item) = 'x'"),
    ("events: different values", "distinct(buy.item) >= 2"),
    ("events: first and last", "first time(buy) > '2024-01-01' and last value(buy.item) = 'x'"),
    ("events: days since", "days since(buy) < 30"),
    ("sequence", "sequence(buy, buy within 1 day without buy where qty = 0)"),
    ("regularly, stopped", "regularly(buy, 2 of last 4 weeks) or stopped(buy, active 30 days, inactive 30 days)"),
    ("restarted", "restarted(buy, pause 60 days, within 7 days)"),
    ("related rows", "all related(orders where total > 1) and sum related(orders.total) >= 10"),
    ("segment, list", "segment vip and not list blocked"),
    ("rank: n, per cent, part", "top 10 by decimal or bottom 5% by sum(buy.amount) per text or top part 1 of 4 by int"),
    ("bucket", "bucket('spring', 0, 1000)"),
    ("geo", "distance(lat, lon) to (48.85, 2.35) <= 5000 m"),
];

/// The footnotes of the page, each once.
#[derive(Default)]
struct Notes(Vec<String>);

impl Notes {
    fn number(&mut self, note: String) -> usize {
        let at = self.0.iter().position(|known| *known == note).unwrap_or_else(|| {
            self.0.push(note);
            self.0.len() - 1
        });
        at + 1
    }
}

fn cell(text: &str, catalog: &Catalog, dialect: Dialect, notes: &mut Notes) -> String {
    let as_of = Timestamp::parse_utc("2024-06-30T12:00:00Z").expect("an instant");
    let filter = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
    match to_sql(&filter, catalog, as_of, &SqlOptions::new(dialect, Statement::Members)) {
        Ok(query) => {
            // Names of the sample's columns say nothing to a reader.
            let found = query.notes.into_iter().map(|note| notes.number(note.replace("`at`", "an instant")));
            let marks: Vec<String> = found.map(|n| n.to_string()).collect();
            if marks.is_empty() { "✓".to_owned() } else { format!("✓ [{}]", marks.join(", ")) }
        }
        Err(findings) => {
            let reasons: Vec<String> = findings
                .iter()
                .map(|finding| {
                    let reason = finding.message.split_once(": ").map_or(finding.message.as_str(), |(_, tail)| tail);
                    notes.number(format!("refused: {reason}")).to_string()
                })
                .collect();
            format!("– [{}]", reasons.join(", "))
        }
    }
}

fn page() -> String {
    let catalog = Catalog::from_json(CATALOG).expect("a catalog");
    let mut out = String::from(
        "# What each dialect can say\n\n\
         Made by building the SQL of a sample of each kind; `✓` is exact, `✓ [n]` is exact but for what note n says, and\n\
         `– [n]` is refused, for the reason in note n. Nothing is ever approximated.\n\n",
    );
    let mut notes = Notes::default();
    let (first, second) = Dialect::ALL.split_at(Dialect::ALL.len() / 2);
    for half in [first, second] {
        let names: Vec<&str> = half.iter().map(|dialect| dialect.as_str()).collect();
        let _ = writeln!(out, "| | {} |\n|---|{}", names.join(" | "), "---|".repeat(names.len()));
        for (kind, sample) in SAMPLES {
            let cells: Vec<String> = half.iter().map(|dialect| cell(sample, &catalog, *dialect, &mut notes)).collect();
            let _ = writeln!(out, "| {kind} | {} |", cells.join(" | "));
        }
        out.push('\n');
    }
    out.push_str("Notes:\n\n");
    for (i, note) in notes.0.iter().enumerate() {
        let _ = writeln!(out, "{}. {note}", i + 1);
    }
    out.push_str(
        "\nWhich versions each dialect is for, and which types its columns should have, stands with the variants of\n\
         `Dialect`. Statements for the keys, their number, a preview, a funnel, an insert, a view and a dbt model are\n\
         made for every one.\n",
    );
    out
}

#[test]
fn the_page_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/dialects.md");
    let page = page();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &page).expect("written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == page, "docs/dialects.md is not what the code says: UPDATE=1 cargo test -p cvm-sql --test support");
}
