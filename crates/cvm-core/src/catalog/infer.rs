//! Fields from data: what a CSV file is, and what its columns hold.
//!
//! - [`sniff`] finds out how a file is written, from its first bytes.
//! - [`ColumnProfile`] observes the texts of one column and ends in a [`Column`]: its [`Field`](crate::Field), the
//!   [`TextReader`] for its values, its bad rows, and what is worth a warning.
//! - [`FieldFacts`] does the same for values that already have a type.
//! - [`named_as_key`] and [`key_candidates`] find the columns that can tell customers apart.
//!
//! Nothing here guesses silently: what is not settled by the data stays text, and a finding says why.

mod bars;
mod clock;
mod column;
mod day;
mod decide;
mod distinct;
mod documents;
mod expected;
mod facts;
mod finding;
mod guess;
mod keys;
mod label;
mod missing;
mod number;
mod numbers;
mod pii;
mod profile;
mod range;
mod reader;
mod rules;
mod sniff;
mod tally;
mod times;

pub use column::Column;
pub use facts::FieldFacts;
pub use keys::{key_candidates, named_as_key};
pub use profile::ColumnProfile;
pub use reader::{Cell, Misfit, TextReader};
pub use rules::Rules;
pub use sniff::{CsvFormat, CsvHints, Encoding, SNIFF_BYTES, sniff, sniff_with};
pub use tally::{BadRow, BadRows, RowAt};
