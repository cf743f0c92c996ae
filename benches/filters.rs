//! The path of a filter, step by step: read, check, resolve, optimise, print as SQL, evaluate.
//!
//! `benches/run.sh` runs this beside the peers and writes `RESULTS.md`.

// The macro of criterion makes a public function, and nobody reads the docs of a bench.
#![allow(missing_docs)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use cvm_benches::{Input, customer};
use cvm_core::{Diagnostics, Filter, bind, check, evaluate, optimize};
use cvm_sql::{Dialect, SqlOptions, Statement, to_sql};

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
    group.finish();
}

/// From the filter to the text: checking and resolving are part of it, as in every call of `to_sql`.
fn print_sql(input: &Input, c: &mut Criterion) {
    for (name, parameters) in [("sql_parameters", true), ("sql_literals", false)] {
        let mut group = c.benchmark_group(name);
        for dialect in Dialect::ALL {
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

fn all(c: &mut Criterion) {
    match Input::read() {
        Ok(input) => {
            for bench in [read_and_check, print_sql, json_to_sql, evaluate_one] {
                bench(&input, c);
            }
        }
        // A test of the library says so with more words.
        Err(findings) => std::process::exit(i32::from(!findings.0.is_empty())),
    }
}

criterion_group!(benches, all);
criterion_main!(benches);
