//! The SQL that filters become imports back to the same members, wherever it is accepted.

#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout, reason = "tests may")]

#[path = "../../cvm-core/tests/common/population.rs"]
mod population;

use std::collections::BTreeMap;

use cvm_core::{Filter, Value, bind, evaluate};
use cvm_sql::{Dialect, ImportDialect, SqlOptions, Statement, from_sql, to_sql};
use population::{any_condition, any_filter, as_of, catalog, row};
use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};
use proptest::test_runner::{Config, RngSeed, TestRunner};

fn runner(seed: u64) -> TestRunner {
    TestRunner::new(Config { rng_seed: RngSeed::Fixed(seed), ..Config::default() })
}

/// How many of the filters that a dialect says import back; every one that does has the same members.
fn shares(filters: &BoxedStrategy<Filter>, wanted: usize, least: &[(Dialect, usize)], print: bool) {
    // The catalog's zone changes nothing here: SQL has the instants, not the calendar.
    let catalog = catalog();
    let mut runner = runner(5);
    let rows: Vec<Vec<Value>> = (0..50).map(|_| row().new_tree(&mut runner).expect("a row").current()).collect();
    let mut refused: BTreeMap<String, usize> = BTreeMap::new();
    for (dialect, least) in least {
        let import: ImportDialect = dialect.as_str().parse().expect("the same names");
        let options = SqlOptions { parameters: false, ..SqlOptions::new(*dialect, Statement::Members) };
        let (mut said, mut accepted, mut compared) = (0, 0, 0);
        while said < wanted {
            let filter = filters.new_tree(&mut runner).expect("a filter").current();
            let Ok(query) = to_sql(&filter, &catalog, as_of(), &options) else { continue };
            // Case is ignored by the database's rule there, which the query's notes say is another.
            if query.notes.iter().any(|note| note.starts_with("case")) {
                continue;
            }
            said += 1;
            let imported = match from_sql(&query.sql, Some(import), Some(&catalog)) {
                Ok(imported) => imported,
                Err(found) => {
                    *refused
                        .entry(format!("{dialect}: {}", found.0[0].message.split(',').next().unwrap_or("")))
                        .or_default() += 1;
                    continue;
                }
            };
            accepted += 1;
            let before = bind(&filter, &catalog, as_of()).expect("it was said");
            let after = bind(&imported, &catalog, as_of())
                .unwrap_or_else(|found| panic!("{dialect}: {}\nbecame {imported}: {found}", query.sql));
            for row in &rows {
                compared += 1;
                assert_eq!(
                    evaluate(&before, row),
                    evaluate(&after, row),
                    "{dialect}: {filter}\nbecame {}\nbecame {imported}\n{row:?}",
                    query.sql
                );
            }
        }
        println!("{dialect}: {accepted} of {said} import back ({}%), {compared} rows agree", accepted * 100 / said);
        assert!(accepted * 100 >= said * least, "only {accepted} of {said} import back from {dialect}");
    }
    if print {
        let mut refused: Vec<(usize, String)> = refused.into_iter().map(|(reason, n)| (n, reason)).collect();
        refused.sort_unstable();
        refused.iter().rev().take(40).for_each(|(n, reason)| println!("  {n} {reason}"));
    }
}

const DIALECTS: [Dialect; 5] =
    [Dialect::PostgreSql, Dialect::MySql, Dialect::Sqlite, Dialect::DuckDb, Dialect::DataFusion];

#[test]
fn conditions_come_back() {
    let conditions = any_condition().prop_map(Filter::Condition).boxed();
    shares(&conditions, 1_000, &DIALECTS.map(|dialect| (dialect, 93)), true);
}

#[test]
fn filters_come_back() {
    shares(&any_filter(), 300, &DIALECTS.map(|dialect| (dialect, 80)), false);
}
