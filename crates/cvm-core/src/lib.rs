//! The language of customers.
//!
//! - [`Catalog`] describes what is known about customers: fields, event streams, related tables, lists, segments.
//! - [`Filter`] decides for each customer *in* or *out*; it reads and prints JSON and a text form.
//! - [`check`](fn@check) finds everything that is wrong with a filter, with codes, places and suggestions.
//! - [`Predicate`] is a checked filter with every name resolved and every value typed.
//! - [`evaluate`](fn@evaluate) is the reference: small, slow, one customer at a time.
//! - [`Matcher`] answers the same fast: compiled once, for one customer at any instant.
//! - [`optimize`](fn@optimize) makes a filter smaller without changing its members.
//!
//! This crate is pure: no files, no network, no clock, no SQL, no Arrow.
//!
//! ```
//! use cvm_core::{Catalog, Filter, check};
//!
//! let catalog = Catalog::from_json(r#"{
//!     "customers": {"table": "customers", "key": "id", "fields": [
//!         {"name": "id", "type": "int", "nullable": false},
//!         {"name": "age", "type": "int"}]}}"#)?;
//! let filter: Filter = "not (age > 30)".parse()?;
//! assert!(check(&filter, &catalog).is_ok());
//! # Ok::<(), cvm_core::Diagnostics>(())
//! ```

pub mod catalog;
mod check;
mod diagnostic;
mod eval;
pub mod filter;
pub mod interop;
mod json;
pub mod matcher;
pub mod optimize;
pub mod predicate;
pub mod text;
pub mod value;

pub use catalog::{Catalog, Field, FieldType};
pub use check::{Limits, check, check_with};
pub use diagnostic::{Code, Diagnostic, Diagnostics, Severity, Span, nearest};
pub use eval::{History, Occurrence, Verdict, evaluate, evaluate_with, field_value, measured_value, settle, trace};
pub use filter::Filter;
pub use matcher::Matcher;
pub use optimize::{Fingerprint, OptimizeOptions, Optimized, optimize, optimize_with};
pub use predicate::{Predicate, bind};
pub use value::{Date, Decimal, Timestamp, Value};
