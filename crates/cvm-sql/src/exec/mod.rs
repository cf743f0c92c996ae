//! Filters on DataFusion: tables of CSV, Parquet and Arrow, larger than memory where their format allows.

pub mod csv;
mod facts;
mod fold_list;
mod functions;
mod history;
pub(crate) mod json;
mod normalize;
pub mod profile;
mod read;
mod rows;
mod session;
mod source;

pub use facts::KeyFacts;
pub use history::Histories;
pub use rows::{row_of, value_at};
pub use session::Session;
pub use source::{LoadOptions, Loaded, Progress, Source};

use cvm_core::{Code, Diagnostic, Diagnostics};
use datafusion::error::DataFusionError;

/// An error of DataFusion as a finding.
pub(crate) fn failed(error: &DataFusionError) -> Diagnostics {
    Diagnostic::error(Code::Execution, "", error.strip_backtrace()).into()
}
