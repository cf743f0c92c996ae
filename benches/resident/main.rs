//! The resident index on a generated shop. Says in JSON how long questions take.
//!
//! ```sh
//! cargo run --release -p cvm-benches --example resident -- 1000000 5000000 [FOLDER]
//! ```
//!
//! With a folder, the tables are written there as Parquet for the peers, and nothing is measured.

#![allow(
    clippy::disallowed_methods,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs,
    reason = "a program that measures the library"
)]

mod population;

use std::error::Error;
use std::fs::File;
use std::sync::Arc;
use std::time::Instant;

use arrow::array::RecordBatch;
use cvm_core::{Filter, Timestamp};
use cvm_index::{Index, IndexBuilder};
use parquet::arrow::ArrowWriter;

/// As in the packages for Python and Node.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The questions, by the names that the peers use.
const QUESTIONS: &[(&str, &str)] = &[
    (
        "attributes",
        "country in ('FR', 'BE', 'DE') and age between 25 and 45 and tier = 'gold' and consent = true and spent > '100.00'",
    ),
    ("purchases", "count(purchase within last 90 days) >= 2"),
    ("amount", "sum(purchase.amount within last 90 days) > '300.00'"),
    ("lapsed", "tier = 'gold' and count(purchase within last 90 days) = 0"),
    ("recent", "last time(visit) > 7 days ago"),
    ("large", "count(purchase within last 1 year where amount > '150.00') >= 1"),
];

/// Ten conditions, one of which is edited.
const TEN: &str = "country in ('FR', 'BE', 'DE') and age between 25 and {} and tier != 'basic' and consent = true and spent > '100.00'
    and orders >= 2 and signed_up >= '2018-01-01' and city is set and count(purchase within last 90 days) >= 1
    and count(open within last 30 days) = 0";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, default: usize| arguments.get(at).and_then(|text| text.parse().ok()).unwrap_or(default);
    let (customers, events) = (number(0, 1_000_000), number(1, 5_000_000));
    let tables = [("customers", population::customers(customers)), ("events", population::events(events, customers))];
    if let Some(folder) = arguments.get(2) {
        for (name, batches) in &tables {
            write(&format!("{folder}/{name}.parquet"), batches)?;
        }
        return Ok(());
    }
    let raw: usize = tables.iter().flat_map(|(_, batches)| batches).map(RecordBatch::get_array_memory_size).sum();
    let catalog = Arc::new(population::catalog()?);
    let as_of = Timestamp::from_micros(population::AS_OF).ok_or("an instant")?;
    let start = Instant::now();
    let builder = IndexBuilder::new(catalog);
    let index = tables.into_iter().fold(builder, |builder, (name, batches)| builder.table(name, batches)).build()?;
    println!(
        "{{\"build_s\": {:.2}, \"arrow_bytes\": {raw}, \"index_bytes\": {}}}",
        start.elapsed().as_secs_f64(),
        index.data_bytes()
    );
    for (name, text) in QUESTIONS {
        let (median, count) = ask(&index, &text.parse()?, as_of)?;
        println!("{{\"question\": \"{name}\", \"ms\": {median:.3}, \"count\": {count}}}");
    }
    // The last of ten conditions is edited; what was answered before is kept.
    index.count(&TEN.replace("{}", "45").parse()?, as_of)?;
    let mut times = Vec::new();
    let mut count = 0;
    for age in 46..57 {
        let filter: Filter = TEN.replace("{}", &age.to_string()).parse()?;
        let start = Instant::now();
        count = index.count(&filter, as_of)?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    println!("{{\"question\": \"edited\", \"ms\": {:.3}, \"count\": {count}}}", median(times));
    Ok(())
}

/// The median of nine times a question takes when nothing is kept, and the count.
fn ask(index: &Index, filter: &Filter, as_of: Timestamp) -> Result<(f64, u64), Box<dyn Error>> {
    let mut times = Vec::new();
    let mut count = 0;
    for _ in 0..9 {
        index.forget();
        let start = Instant::now();
        count = index.count(filter, as_of)?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    Ok((median(times), count))
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn write(path: &str, batches: &[RecordBatch]) -> Result<(), Box<dyn Error>> {
    let Some(first) = batches.first() else { return Ok(()) };
    let mut writer = ArrowWriter::try_new(File::create(path)?, first.schema(), None)?;
    batches.iter().try_for_each(|batch| writer.write(batch))?;
    writer.close()?;
    Ok(())
}
