//! A thousand segments over a generated shop: counted, laid over one another, without members twice. Says it in JSON.
//!
//! ```sh
//! cargo run --release -p cvm-benches --example segments -- 1000000 5000000 1000
//! cargo run --release -p cvm-benches --example segments -- write FOLDER 1000
//! ```
//!
//! The second form writes the segments for the peers: as trees of conditions, and each as a statement of its own.

#![allow(
    clippy::disallowed_methods,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::indexing_slicing,
    clippy::print_stdout,
    dead_code,
    missing_docs,
    reason = "a program that measures the library"
)]

mod pool;
#[path = "../resident/population.rs"]
mod population;
mod segment;

use std::error::Error;
use std::sync::Arc;
use std::time::Instant;

use cvm_core::{Catalog, Filter, Timestamp};
use cvm_index::{Index, IndexBuilder, Watch};
use cvm_sql::{Dialect, SqlOptions, Statement, to_sql};
use segment::Segments;
use serde_json::{Value, json};

/// As in the packages for Python and Node.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How often each thing is measured.
const TIMES: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, default: usize| arguments.get(at).and_then(|text| text.parse().ok()).unwrap_or(default);
    let segments = Segments::new(number(2, 1_000));
    let as_of = Timestamp::from_micros(population::AS_OF).ok_or("an instant")?;
    if arguments.first().is_some_and(|word| word == "write") {
        let folder = arguments.get(1).ok_or("segments write FOLDER [NUMBER]")?;
        let mut all = segments.json();
        all["statements"] = json!(statements(&segments, as_of)?);
        std::fs::write(format!("{folder}/segments.json"), all.to_string())?;
        return Ok(());
    }
    let (customers, events) = (number(0, 1_000_000), number(1, 5_000_000));
    let tables = [("customers", population::customers(customers)), ("events", population::events(events, customers))];
    let start = Instant::now();
    let builder = IndexBuilder::new(Arc::new(population::catalog()?));
    let index = tables.into_iter().fold(builder, |builder, (name, batches)| builder.table(name, batches)).build()?;
    let build = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let filters: Vec<Filter> = segments.texts().map(|text| text.parse()).collect::<Result<_, _>>()?;
    let parse = start.elapsed().as_secs_f64() * 1e3;
    println!("{}", json!({"build_s": build, "index_bytes": index.data_bytes(), "parse_ms": parse}));
    measure(&index, &filters, as_of)
}

fn measure(index: &Index, filters: &[Filter], as_of: Timestamp) -> Result<(), Box<dyn Error>> {
    let count = |filters: &[Filter]| index.counts(filters, as_of, Watch::NOBODY);
    let counts = count(filters)?;
    // The sets of all conditions are kept by now.
    let kept = index.cache_bytes();
    let line = |step: &str, many: usize, ms: f64, more: Value| {
        println!("{}", json!({"step": step, "segments": many, "ms": ms, "more": more}));
    };
    let fresh = median(|| index.forget(), || count(filters))?;
    line("fresh", filters.len(), fresh, json!({"counts": counts, "kept_bytes": kept}));
    if let Some(some) = filters.get(..100).filter(|some| some.len() < filters.len()) {
        line("fresh", some.len(), median(|| index.forget(), || count(some))?, Value::Null);
        count(filters)?;
    }
    for many in [1, 10, 100, 250, 500, 1_000] {
        let some = &filters[..many.min(filters.len())];
        let ms = median(|| (), || count(some))?;
        line("warm", many, ms, Value::Null);
    }
    let ms = median(
        || index.forget(),
        || {
            filters.iter().take(100).try_for_each(|one| {
                index.forget();
                index.count(one, as_of).map(|_| ())
            })
        },
    )?;
    line("one by one, each fresh", 100.min(filters.len()), ms, Value::Null);
    count(filters)?;
    let fifty = &filters[..50.min(filters.len())];
    line("overlap", fifty.len(), median(|| (), || index.overlap(fifty, as_of, Watch::NOBODY))?, Value::Null);
    line("waterfall", filters.len(), median(|| (), || index.waterfall(filters, as_of, Watch::NOBODY))?, Value::Null);
    let start = Instant::now();
    let members = index.rows_of(filters, as_of, Watch::NOBODY)?;
    let ms = start.elapsed().as_secs_f64() * 1e3;
    let bytes: usize = members.iter().map(roaring::RoaringBitmap::serialized_size).sum();
    let many: u64 = members.iter().map(roaring::RoaringBitmap::len).sum();
    line("members", filters.len(), ms, json!({"bytes": bytes, "members": many}));
    Ok(())
}

/// The median time in milliseconds; what is done before each is not in it.
fn median<T, E>(mut before: impl FnMut(), mut work: impl FnMut() -> Result<T, E>) -> Result<f64, E> {
    let mut times = Vec::new();
    for _ in 0..TIMES {
        before();
        let start = Instant::now();
        work()?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    Ok(times[TIMES / 2])
}

/// Each segment as the library writes it for DuckDB, over a table for each kind of event.
fn statements(segments: &Segments, as_of: Timestamp) -> Result<Vec<String>, Box<dyn Error>> {
    let mut catalog: Value = serde_json::from_str(population::CATALOG)?;
    for stream in catalog["events"].as_array_mut().into_iter().flatten() {
        stream["table"] = stream["name"].clone();
        stream.as_object_mut().and_then(|stream| stream.remove("name_column"));
    }
    let catalog = Catalog::from_json(&catalog.to_string())?;
    let options = SqlOptions { parameters: false, ..SqlOptions::new(Dialect::DuckDb, Statement::Count) };
    segments.texts().map(|text| Ok(to_sql(&text.parse()?, &catalog, as_of, &options)?.sql)).collect()
}
