//! The path of a filter, step by step: read, check, resolve, optimise, print as SQL, evaluate.
//!
//! `benches/run.sh` runs this beside the peers and writes `RESULTS.md`.

// The macro of criterion makes a public function, and nobody reads the docs of a bench.
#![allow(missing_docs)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use cvm_benches::{Input, Predicates, SETS, customer};
use cvm_core::{Diagnostics, Filter, bind, check, evaluate, optimize};
use cvm_sql::{Dialect, SqlOptions, Statement, to_sql};

/// As in the packages for Python and Node.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn read_and_check(input: &Input, c: &mut Criterion) {
    let mut group = c.benchmark_group("read");
    group.bench_function("json", |b| b.iter(|| Filter::from_json(black_box(&input.json))));
    group.bench_function("text", |b| b.iter(|| Filter::from_text(black_box(&input.text))));
    group.bench_function("check", |b| b.iter(|| check(black_box(&input.filter), &input.catalog)));
    group.bench_function("json_and_check", |b| {
        b.iter(|| -> Result<Filter, Diagnostics> {
            let filter = Filter::from_json(black_box(&input.json))?;
            check(&filter, &input.catalog)?;
            Ok(filter)
        });
    });
    group.bench_function("bind", |b| b.iter(|| bind(black_box(&input.filter), &input.catalog, input.as_of)));
    group.bench_function("optimize", |b| b.iter(|| optimize(black_box(&input.filter), &input.catalog)));
    let optimized = optimize(&input.filter, &input.catalog).filter;
    group.bench_function("optimize_again", |b| b.iter(|| optimize(black_box(&optimized), &input.catalog)));
    group.finish();
}

/// Whole sets of predicates made smaller: as filters, and from SQL to SQL.
#[expect(clippy::print_stderr, reason = "what is skipped is said")]
fn optimize_sets(c: &mut Criterion) -> Result<(), Diagnostics> {
    for set in SETS {
        let Some(predicates) = Predicates::read(set)? else {
            eprintln!("SKIPPED: there are no predicates `{set}`; benches/run.sh makes them");
            continue;
        };
        let mut group = c.benchmark_group(set);
        // One call is a whole set.
        group.sample_size(50);
        group.bench_function("optimize", |b| b.iter(|| black_box(&predicates).optimize()));
        group.bench_function("sql_to_sql", |b| b.iter(|| black_box(&predicates).sql_to_sql()));
        group.finish();
    }
    Ok(())
}

/// From the filter to the text: checking and resolving are part of it, as in every call of `to_sql`.
fn print_sql(input: &Input, c: &mut Criterion) {
    for (name, parameters) in [("sql_parameters", true), ("sql_literals", false)] {
        let mut group = c.benchmark_group(name);
        // Redshift refuses tests of lists, and how fast it does says nothing.
        for dialect in Dialect::ALL.iter().filter(|dialect| input.sql(**dialect, parameters).is_ok()) {
            group.bench_function(dialect.as_str(), |b| b.iter(|| black_box(input).sql(*dialect, parameters)));
        }
        group.finish();
    }
}

/// What a server does with a request: JSON in, SQL out.
fn json_to_sql(input: &Input, c: &mut Criterion) {
    let options = SqlOptions::new(Dialect::PostgreSql, Statement::Members);
    let mut group = c.benchmark_group("json_to_sql");
    group.bench_function("postgresql", |b| {
        b.iter(|| {
            let filter = Filter::from_json(black_box(&input.json))?;
            to_sql(&filter, &input.catalog, input.as_of, &options)
        });
    });
    group.finish();
}

/// One customer by the reference evaluator, which is made to be plain and not to be fast.
fn evaluate_one(input: &Input, c: &mut Criterion) {
    let row = customer(&input.catalog);
    if let Ok(predicate) = bind(&input.filter, &input.catalog, input.as_of) {
        let mut group = c.benchmark_group("evaluate");
        group.bench_function("one_row", |b| b.iter(|| evaluate(black_box(&predicate), black_box(&row))));
        group.finish();
    }
}

fn measure(c: &mut Criterion) -> Result<(), Diagnostics> {
    let input = Input::read()?;
    for bench in [read_and_check, print_sql, json_to_sql, evaluate_one] {
        bench(&input, c);
    }
    optimize_sets(c)
}

#[expect(clippy::print_stderr, reason = "a bench of an error path would be fast and mean nothing")]
fn all(c: &mut Criterion) {
    if let Err(findings) = measure(c) {
        eprintln!("{findings}");
        std::process::exit(1);
    }
}

criterion_group!(benches, all);
criterion_main!(benches);
