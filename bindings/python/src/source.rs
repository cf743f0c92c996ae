//! Where rows come from: a path, or anything that speaks the Arrow PyCapsule interface.

use std::path::PathBuf;

use arrow::array::RecordBatchReader;
use cvm::{Code, Diagnostic};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3_arrow::input::AnyRecordBatch;

/// A source that was asked for but not yet read.
pub(crate) enum Source {
    File(PathBuf),
    Stream(Box<dyn RecordBatchReader + Send>),
}

impl Source {
    /// Reads all of a stream. Not for threads that are attached to the interpreter: the producer may want it.
    pub(crate) fn read(self) -> Result<cvm::Source, cvm::Error> {
        match self {
            Self::File(path) => Ok(cvm::Source::File(path)),
            Self::Stream(reader) => {
                let schema = reader.schema();
                let batches: Result<Vec<_>, _> = reader.collect();
                let failed = |error: arrow::error::ArrowError| {
                    Diagnostic::error(Code::SourceKind, "", format!("the Arrow stream broke: {error}"))
                };
                Ok(cvm::Source::Batches(schema, batches.map_err(failed)?))
            }
        }
    }
}

impl FromPyObject<'_, '_> for Source {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        if given.hasattr("__arrow_c_stream__")? || given.hasattr("__arrow_c_array__")? {
            return given.extract::<AnyRecordBatch>()?.into_reader().map(Self::Stream);
        }
        if let Ok(path) = given.extract::<PathBuf>() {
            return Ok(Self::File(path));
        }
        let kind = given.get_type().qualname()?;
        Err(PyTypeError::new_err(format!(
            "a source is a path or a table with __arrow_c_stream__ (pyarrow, polars, pandas 2.2 or later, a DuckDB \
             relation), not {kind}"
        )))
    }
}
