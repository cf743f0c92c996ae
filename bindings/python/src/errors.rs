//! Errors of the facade as the exceptions of `cvm/errors.py`.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use serde::Serialize;

use crate::convert;

/// What can be raised.
pub(crate) trait Raise {
    /// As an exception of `cvm/errors.py`; which class it becomes is settled there, by code.
    fn raise(self) -> PyErr;
}

impl Raise for cvm::Error {
    fn raise(self) -> PyErr {
        raised(&self.to_string(), self.diagnostics())
    }
}

impl Raise for cvm::journey::JourneyError {
    fn raise(self) -> PyErr {
        raised(&self.to_string(), &self.findings())
    }
}

/// The facade's error, on its way to Python; which class it becomes is settled there, by code.
pub(crate) struct Error(cvm::Error);

impl<E: Into<cvm::Error>> From<E> for Error {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl From<Error> for PyErr {
    fn from(error: Error) -> Self {
        error.0.raise()
    }
}

fn raised(message: &str, findings: &impl Serialize) -> PyErr {
    static MAKE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    Python::attach(|py| {
        let make = || {
            let findings = convert::to_python(py, findings)?;
            MAKE.import(py, "cvm.errors", "error_from_findings")?.call1((message, findings))
        };
        make().map_or_else(|failed| failed, PyErr::from_value)
    })
}

/// An error of the engine that is no finding about any input.
pub(crate) fn failed(message: &str, help: &str) -> Error {
    cvm::Diagnostic::error(cvm::Code::Execution, "", message).help(help).into()
}
