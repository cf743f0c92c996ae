//! What a caller may say about a CSV file.

use cvm_core::FieldType;
use cvm_core::catalog::infer::{CsvHints, Encoding, Rules};
use jiff::tz::TimeZone;

/// How a CSV file is to be read. The default finds everything out by itself and refuses bad rows.
///
/// ```
/// use cvm_core::FieldType;
/// use cvm_sql::exec::csv::{CsvOptions, OnBadRows};
/// let options = CsvOptions {
///     delimiter: Some(b';'),
///     types: vec![("zip".to_owned(), FieldType::String)],
///     on_bad_rows: OnBadRows::Skip,
///     ..CsvOptions::default()
/// };
/// # let _ = options;
/// ```
#[derive(Debug, Clone)]
pub struct CsvOptions {
    /// What stands between columns; found out when not given.
    pub delimiter: Option<u8>,
    /// What stands around texts; found out when not given.
    pub quote: Option<u8>,
    /// How characters are written as bytes; found out when not given.
    pub encoding: Option<Encoding>,
    /// Whether the first row has names. When not given it must, and a file without names is an error.
    pub header: Option<bool>,
    /// The types of some columns; the others are inferred.
    pub types: Vec<(String, FieldType)>,
    /// The zone of times without an offset.
    pub zone: TimeZone,
    /// Whether `01/02/2024` is in February, for columns that don't settle it themselves.
    pub day_first: Option<bool>,
    /// What becomes of rows with values that don't fit their column.
    pub on_bad_rows: OnBadRows,
    /// More spellings of "missing", for columns of every type.
    pub nulls: Vec<String>,
}

/// What becomes of rows with values that don't fit the type of their column. Whatever it is, findings name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnBadRows {
    /// Nothing is loaded.
    #[default]
    Error,
    /// These rows are dropped.
    Skip,
    /// These values are missing.
    Missing,
}

/// How far the reading of a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CsvProgress {
    /// Bytes read in this pass.
    pub bytes_done: u64,
    /// Bytes of the file.
    pub bytes_total: u64,
    /// Which pass.
    pub pass: Pass,
}

/// The two passes over a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// Finding the types.
    Profile,
    /// Reading the values.
    Read,
}

impl Default for CsvOptions {
    fn default() -> Self {
        Self {
            delimiter: None,
            quote: None,
            encoding: None,
            header: None,
            types: Vec::new(),
            zone: TimeZone::UTC,
            day_first: None,
            on_bad_rows: OnBadRows::default(),
            nulls: Vec::new(),
        }
    }
}

impl CsvOptions {
    pub(super) fn hints(&self) -> CsvHints {
        CsvHints { delimiter: self.delimiter, quote: self.quote, encoding: self.encoding, header: self.header }
    }

    pub(super) fn rules(&self) -> Rules {
        Rules::new(&self.zone).nulls(self.nulls.iter().cloned()).day_first(self.day_first)
    }
}
