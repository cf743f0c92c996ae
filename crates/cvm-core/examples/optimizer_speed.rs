//! How long the filter of the benches takes: fifty conditions over thirty fields. Prints medians in nanoseconds.
//!
//! ```sh
//! cargo run --release -p cvm-core --example optimizer_speed
//! ```

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    missing_docs,
    reason = "a program that measures the library"
)]

use std::hint::black_box;
use std::time::Instant;

use cvm_core::{Catalog, Diagnostics, Filter, optimize};

/// As in the packages for Python and Node.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn median(mut run: impl FnMut()) -> u128 {
    let mut times: Vec<u128> = (0..2_000)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_nanos()
        })
        .collect();
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or(0)
}

fn main() -> Result<(), Diagnostics> {
    let read = |name: &str| {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../benches/data/");
        std::fs::read_to_string(format!("{folder}{name}")).unwrap_or_default()
    };
    let (filter, catalog) = (Filter::from_json(&read("filter.json"))?, Catalog::from_json(&read("catalog.json"))?);
    let result = optimize(&filter, &catalog);
    for rewrite in &result.trace {
        println!("{}: {}", rewrite.rule, rewrite.message);
    }
    println!("{} leaves became {}", filter.leaf_count(), result.filter.leaf_count());
    println!("as written: {} ns", median(|| drop(black_box(optimize(black_box(&filter), &catalog)))));
    println!("optimised already: {} ns", median(|| drop(black_box(optimize(black_box(&result.filter), &catalog)))));
    println!("fingerprint: {} ns", median(|| drop(black_box(black_box(&filter).fingerprint().to_string()))));
    Ok(())
}
