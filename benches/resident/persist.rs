//! How long a generated shop takes to be saved and opened. Says it in JSON.
//!
//! ```sh
//! cargo run --release -p cvm-benches --example persist -- FOLDER 10000000 50000000
//! ```
//!
//! Where the folder holds an index already it is only opened: drop the system's page cache before, and it is a cold one.

#![allow(
    clippy::disallowed_methods,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::indexing_slicing,
    clippy::print_stdout,
    dead_code,
    missing_docs,
    reason = "a program that measures the library"
)]

mod population;

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use cvm_core::Timestamp;
use cvm_index::{Index, IndexBuilder, IndexReader};

/// As in the packages for Python and Node.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const QUESTIONS: &[&str] =
    &["country in ('FR', 'BE', 'DE') and age between 25 and 45", "count(purchase within last 90 days) >= 2"];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = Path::new(arguments.first().ok_or("persist FOLDER [CUSTOMERS] [EVENTS]")?);
    let number = |at: usize, default: usize| arguments.get(at).and_then(|text| text.parse().ok()).unwrap_or(default);
    let (customers, events) = (number(1, 1_000_000), number(2, 5_000_000));
    if !folder.join("manifest.json").exists() {
        let builder = IndexBuilder::new(Arc::new(population::catalog()?));
        let builder = builder.table("customers", population::customers(customers));
        let index = builder.table("events", population::events(events, customers)).build()?;
        let start = Instant::now();
        index.save(folder)?;
        println!("{{\"save_s\": {:.3}, \"disk_bytes\": {}}}", start.elapsed().as_secs_f64(), bytes(folder)?);
        ask("built", &index)?;
    }
    for round in 0..4 {
        for (way, reader) in [("mapped", IndexReader::new(folder)), ("copied", IndexReader::new(folder).copied())] {
            let start = Instant::now();
            let index = reader.open()?;
            let seconds = start.elapsed().as_secs_f64();
            println!(
                "{{\"way\": \"{way}\", \"round\": {round}, \"open_s\": {seconds:.3}, \"customers\": {}}}",
                index.len()
            );
            ask(way, &index)?;
        }
    }
    Ok(())
}

/// The first answers, and the same once more.
fn ask(way: &str, index: &Index) -> Result<(), Box<dyn Error>> {
    let as_of = Timestamp::from_micros(population::AS_OF).ok_or("an instant")?;
    for question in QUESTIONS {
        let filter = question.parse()?;
        for when in ["first", "again"] {
            index.forget();
            let start = Instant::now();
            let count = index.count(&filter, as_of)?;
            let ms = start.elapsed().as_secs_f64() * 1e3;
            println!(
                "{{\"way\": \"{way}\", \"question\": \"{question}\", \"{when}_ms\": {ms:.1}, \"count\": {count}}}"
            );
        }
    }
    Ok(())
}

fn bytes(folder: &Path) -> Result<u64, std::io::Error> {
    let mut sum = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let about = entry.metadata()?;
        sum += if about.is_dir() { bytes(&entry.path())? } else { about.len() };
    }
    Ok(sum)
}
