//! The resident index on a generated shop. Says in JSON how long questions take.
//!
//! ```sh
//! cargo run --release -p cvm-benches --example resident -- 1000000 5000000 [FOLDER]
//! ```
//!
//! With a folder, the tables are written there as Parquet for the peers, with the questions as CVM's SQL, and nothing is
//! measured. A fourth argument is a folder in which the index is saved and opened.

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
mod questions;

use std::error::Error;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use arrow::array::{RecordBatch, Scalar, StringArray};
use arrow::compute::kernels::cmp::eq;
use arrow::compute::{cast, filter};
use arrow::datatypes::{DataType, TimeUnit};
use arrow::error::ArrowError;
use cvm_core::{Filter, Timestamp};
use cvm_index::{Index, IndexBuilder};
use cvm_sql::{Dialect, SqlOptions, Statement, to_sql};
use parquet::arrow::ArrowWriter;
use questions::QUESTIONS;

/// As in the packages for Python and Node.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Ten conditions, one of which is edited.
const TEN: &str = "country in ('FR', 'BE', 'DE') and age between 25 and {} and tier != 'basic' and consent = true and spent > '100.00'
    and orders >= 2 and signed_up >= '2018-01-01' and city is set and count(purchase within last 90 days) >= 1
    and count(open within last 30 days) = 0";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, default: usize| arguments.get(at).and_then(|text| text.parse().ok()).unwrap_or(default);
    let (customers, events) = (number(0, 1_000_000), number(1, 5_000_000));
    let tables = [("customers", population::customers(customers)), ("events", population::events(events, customers))];
    let as_of = Timestamp::from_micros(population::AS_OF).ok_or("an instant")?;
    if let (Some(folder), None) = (arguments.get(2), arguments.get(3)) {
        return for_peers(folder, &tables, as_of);
    }
    let raw: usize = tables.iter().flat_map(|(_, batches)| batches).map(RecordBatch::get_array_memory_size).sum();
    let catalog = Arc::new(population::catalog()?);
    let start = Instant::now();
    let builder = IndexBuilder::new(catalog);
    let index = tables.into_iter().fold(builder, |builder, (name, batches)| builder.table(name, batches)).build()?;
    println!(
        "{{\"build_s\": {:.2}, \"arrow_bytes\": {raw}, \"index_bytes\": {}}}",
        start.elapsed().as_secs_f64(),
        index.data_bytes()
    );
    for (name, text) in QUESTIONS {
        let filter = text.parse()?;
        let (median, first, count) = ask(&index, &filter, as_of)?;
        println!("{{\"question\": \"{name}\", \"ms\": {median:.3}, \"first\": {first:.3}, \"count\": {count}}}");
        let bytes = index.bytes_read(&filter, as_of)?;
        println!("{{\"scanned\": \"{name}\", \"bytes\": {bytes}, \"ms\": {:.3}}}", plain_scan(bytes));
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
    println!("{{\"index_bytes_after\": {}}}", index.data_bytes());
    println!("{{\"question\": \"edited\", \"ms\": {:.3}, \"count\": {count}}}", median(times));
    match arguments.get(3) {
        Some(folder) => saved(&index, Path::new(folder), as_of),
        None => Ok(()),
    }
}

/// The same questions to the index that was saved and opened: its files are mapped.
fn saved(index: &Index, folder: &Path, as_of: Timestamp) -> Result<(), Box<dyn Error>> {
    index.save(folder)?;
    let start = Instant::now();
    let opened = Index::open(folder)?;
    println!("{{\"opened_ms\": {:.3}}}", start.elapsed().as_secs_f64() * 1e3);
    for (name, text) in QUESTIONS {
        let (median, _, count) = ask(&opened, &text.parse()?, as_of)?;
        println!("{{\"question\": \"{name}\", \"peer\": \"mapped\", \"ms\": {median:.3}, \"count\": {count}}}");
    }
    Ok(())
}

/// The median of nine times that so many bytes of memory take to be read once, by as many threads as the index has.
fn plain_scan(bytes: usize) -> f64 {
    let words: Vec<u64> = (0..bytes as u64 / 8).collect();
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let once = || {
        let start = Instant::now();
        let each = words.len().div_ceil(threads).max(1);
        let sum = std::thread::scope(|scope| {
            let parts: Vec<_> = words.chunks(each).map(|part| scope.spawn(|| sum(part))).collect();
            parts.into_iter().map(|part| part.join().unwrap_or(0)).fold(0, u64::wrapping_add)
        });
        std::hint::black_box(sum);
        start.elapsed().as_secs_f64() * 1e3
    };
    median((0..9).map(|_| once()).collect())
}

/// Added up in several places at once, so that memory and not the addition is waited for.
fn sum(words: &[u64]) -> u64 {
    let (chunks, rest) = words.as_chunks::<16>();
    let mut sums = [0_u64; 16];
    for chunk in chunks {
        sums.iter_mut().zip(chunk).for_each(|(sum, word)| *sum = sum.wrapping_add(*word));
    }
    sums.iter().chain(rest).fold(0, |a, b| a.wrapping_add(*b))
}

/// The tables as Parquet: all events in one, and each kind in its own. And the questions as CVM's SQL.
fn for_peers(folder: &str, tables: &[(&str, Vec<RecordBatch>)], as_of: Timestamp) -> Result<(), Box<dyn Error>> {
    for (name, batches) in tables {
        write(&format!("{folder}/{name}.parquet"), batches)?;
        if *name == "events" {
            for kind in ["purchase", "visit", "open"] {
                let own: Vec<RecordBatch> =
                    batches.iter().map(|batch| of_kind(batch, kind)).collect::<Result<_, _>>()?;
                write(&format!("{folder}/{kind}.parquet"), &own)?;
            }
        }
    }
    let catalog = population::catalog()?;
    let options = SqlOptions { parameters: false, ..SqlOptions::new(Dialect::DataFusion, Statement::Count) };
    let mut all = serde_json::Map::new();
    for (name, text) in QUESTIONS {
        all.insert((*name).to_owned(), to_sql(&text.parse()?, &catalog, as_of, &options)?.sql.into());
    }
    Ok(std::fs::write(format!("{folder}/questions.json"), serde_json::Value::Object(all).to_string())?)
}

/// The events of one kind as peers like them best: without the kind, and the time without a zone.
fn of_kind(batch: &RecordBatch, kind: &str) -> Result<RecordBatch, ArrowError> {
    let column = |name: &str| batch.column_by_name(name).ok_or_else(|| ArrowError::SchemaError(name.to_owned()));
    let own = eq(column("kind")?, &Scalar::new(StringArray::from(vec![kind])))?;
    let naive = cast(column("at")?, &DataType::Timestamp(TimeUnit::Microsecond, None))?;
    RecordBatch::try_from_iter([
        ("customer_id", filter(column("customer_id")?, &own)?),
        ("moment", filter(&naive, &own)?),
        ("amount", filter(column("amount")?, &own)?),
    ])
}

/// The median of nine times a question takes when no answer is kept, the first time, and the count.
fn ask(index: &Index, filter: &Filter, as_of: Timestamp) -> Result<(f64, f64, u64), Box<dyn Error>> {
    let mut times = Vec::new();
    let mut count = 0;
    for _ in 0..9 {
        index.forget();
        let start = Instant::now();
        count = index.count(filter, as_of)?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    Ok((median(times.clone()), times[0], count))
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
