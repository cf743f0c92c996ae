//! Customer value management as a library: load customers, ask who they are, count, explain, take the SQL along.
//!
//! Everything starts at [`Engine`]; the README has a first example in each
//! language.
//!
//! ```
//! use cvm::{Engine, EngineOptions, Filter, LoadCustomers, Source};
//!
//! # let dir = std::env::temp_dir().join(format!("cvm-doc-{}", std::process::id()));
//! # std::fs::create_dir_all(&dir)?;
//! # let path = dir.join("customers.csv");
//! std::fs::write(&path, "id,age,city\n1,34,Paris\n2,,Lyon\n3,61,Paris\n")?;
//!
//! let engine = Engine::new(EngineOptions::default())?;
//! engine.load_customers(Source::File(path), &LoadCustomers::default(), &mut |_, _| {})?;
//! let filter: Filter = "city = 'Paris' and not (age > 40)".parse()?;
//! assert_eq!(engine.count(&filter)?, 1);
//! // `not` is the complement: the customer of unknown age is among those not over 40.
//! assert_eq!(engine.count(&"not (age > 40)".parse()?)?, 2);
//! # std::fs::remove_dir_all(dir)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod engine;
mod error;
mod explanation;
mod funnel;
mod input;
mod interval;
pub mod journey;
mod live;
mod matcher;
mod relation;
mod rows;
pub mod words;

pub use engine::{
    Engine, EngineOptions, Estimate, EventName, IndexState, LoadCustomers, LoadEvents, LoadRelated, LoadReport,
};
pub use error::Error;
pub use explanation::Explanation;
pub use funnel::Step;
pub use input::{now, read_document, read_filter, read_filters, read_instant};
pub use live::Live;
pub use matcher::Matcher;
pub use relation::{Relation, disjoint, equivalent, implies};
pub use rows::Rows;

pub use cvm_core::{
    Catalog, Code, Date, Decimal, Diagnostic, Diagnostics, Field, FieldType, Filter, Limits, Optimized, Severity,
    Timestamp, Value, Verdict, filter, optimize,
};
pub use cvm_index::Watch;
pub use cvm_index::live::Transition;
pub use cvm_sql::exec::csv::OnBadRows;
pub use cvm_sql::exec::{Session, Source};
pub use cvm_sql::{
    Clock, Dialect, Direction, ImportDialect, Placeholders, Preview, Query, SqlOptions, Statement, Target, from_sql,
};

/// The README's Rust example, run with the other examples.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
pub struct Readme;
