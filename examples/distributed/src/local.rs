//! One machine: the tables in an engine of this process.

use std::error::Error;
use std::path::{Path, PathBuf};

use cvm::{Engine, EngineOptions, EventName, LoadCustomers, LoadEvents, OnBadRows, Source, Timestamp};

use crate::shop;

/// A folder of Parquet files, which is one table.
pub fn table(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.parquet"))
}

/// The shop, loaded. What the tables are, the catalog, is found on the way.
pub fn engine(folder: &Path) -> Result<Engine, Box<dyn Error>> {
    let as_of = Timestamp::parse_utc(shop::AS_OF);
    // No index: both sides read the files for each question.
    let engine = Engine::new(EngineOptions { as_of, index_memory: 0, ..EngineOptions::default() })?;
    let key = LoadCustomers { key: Some("id".into()), ..LoadCustomers::default() };
    engine.load_customers(Source::File(table(folder, "customers")), &key, &mut |_, _| {})?;
    let events = LoadEvents {
        customer: "customer_id".into(),
        name: EventName::Column("kind".into()),
        time: "at".into(),
        table: None,
        types: Vec::new(),
        on_bad_rows: OnBadRows::Error,
    };
    engine.load_events(Source::File(table(folder, "events")), &events, &mut |_, _| {})?;
    Ok(engine)
}
