//! Optimises random filters and evaluates each before and after on random customers, many of whose values are missing.
//!
//! ```sh
//! cargo run --release -p cvm-core --example optimizer_soak
//! PAIRS=10000000 SEED=7 cargo run --release -p cvm-core --example optimizer_soak
//! ```
//!
//! Few fields and few values, so that conditions meet; half of the filters at a fixed instant, half with relative
//! times left open and evaluated at several instants. Exits with 1 when a row is judged differently, a filter grows or
//! doesn't settle.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    reason = "a program that checks the library"
)]

#[path = "../tests/common/random.rs"]
mod random;

use std::collections::BTreeMap;
use std::time::Instant;

use cvm_core::{OptimizeOptions, Timestamp, bind, evaluate_with, optimize_with};
use random::{Random, catalog};

/// Customers for each filter, at each instant.
const ROWS: usize = 24;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn main() {
    let (pairs, seed) = (number("PAIRS", 1_000_000), number("SEED", 1));
    let catalog = catalog();
    let mut random = Random::new(seed);
    let instants = ["2024-02-29T21:30:00Z", "2024-03-31T00:15:00Z", "2023-12-31T23:59:59Z"]
        .map(|text| Timestamp::parse_utc(text).expect("an instant"));
    let (mut done, mut filters, mut changed, mut invalid) = (0_u64, 0_u64, 0_u64, 0_u64);
    let (mut leaves_before, mut leaves_after) = (0_u64, 0_u64);
    let mut wrong = 0_u64;
    let mut rules: BTreeMap<&str, u64> = BTreeMap::new();
    let start = Instant::now();
    while done < pairs {
        let filter = random.filter();
        let frozen = random.below(2) == 0;
        let at = &instants[..if frozen { 1 } else { 3 }];
        let Ok(before) = at.iter().map(|at| bind(&filter, &catalog, *at)).collect::<Result<Vec<_>, _>>() else {
            invalid += 1;
            continue;
        };
        filters += 1;
        let options = OptimizeOptions {
            as_of: frozen.then_some(instants[0]),
            inline_segments: random.below(4) == 0,
            ..OptimizeOptions::default()
        };
        let result = optimize_with(&filter, &catalog, &options);
        for rewrite in &result.trace {
            *rules.entry(rewrite.rule).or_default() += 1;
        }
        changed += u64::from(result.filter != filter);
        leaves_before += filter.leaf_count() as u64;
        leaves_after += result.filter.leaf_count() as u64;
        let mut complain = |what: &str| {
            wrong += 1;
            println!("{what}\n  before {filter}\n  after  {}\n  {:?}", result.filter, result.trace);
        };
        let grew = result.filter.leaf_count() > filter.leaf_count() || result.filter.node_count() > filter.node_count();
        if grew && !options.inline_segments {
            complain("it grew");
        }
        let again = optimize_with(&result.filter, &catalog, &options);
        if again.filter != result.filter || !again.trace.is_empty() {
            complain(&format!("it did not settle: {} {:?}", again.filter, again.trace));
        }
        let after: Result<Vec<_>, _> = at.iter().map(|at| bind(&result.filter, &catalog, *at)).collect();
        let Ok(after) = after else {
            complain("it is not valid any more");
            continue;
        };
        for ((before, after), at) in before.iter().zip(&after).zip(at) {
            for _ in 0..ROWS {
                let (row, history) = random.customer();
                done += 1;
                if evaluate_with(before, &row, &history) != evaluate_with(after, &row, &history) {
                    complain(&format!("a customer is judged differently at {at}: {row:?} {history:?}"));
                    break;
                }
            }
        }
        if wrong > 10 {
            break;
        }
    }
    println!("{rules:#?}");
    println!(
        "seed {seed}: {done} pairs, {filters} filters ({changed} changed, {invalid} more were invalid), \
         {leaves_before} leaves became {leaves_after}, {wrong} wrong, {:.0?}",
        start.elapsed()
    );
    std::process::exit(i32::from(wrong > 0));
}
