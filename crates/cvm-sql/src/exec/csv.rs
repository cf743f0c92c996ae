//! CSV files as typed Arrow batches, in two passes: the first one finds the types over all rows, the second one reads.
//!
//! Memory is that of the Arrow data; nothing of the text is kept. Nothing is repaired silently: rows of different
//! length, broken characters and values that don't fit are errors that name lines.

mod builder;
mod decode;
mod header;
mod options;
mod profile;
mod read;
mod rows;
mod schema;
mod shape;
mod source;
mod table;

pub(super) use source::not_found;

pub use options::{CsvOptions, CsvProgress, OnBadRows, Pass};
pub use table::{CsvTable, read_csv};
