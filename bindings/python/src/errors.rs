//! Errors of the facade as the exceptions of `cvm/errors.py`.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use crate::convert;

/// The facade's error, on its way to Python; which class it becomes is settled there, by code.
pub(crate) struct Error(cvm::Error);

impl<E: Into<cvm::Error>> From<E> for Error {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl From<Error> for PyErr {
    fn from(error: Error) -> Self {
        static MAKE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        Python::attach(|py| {
            let make = || {
                let findings = convert::to_python(py, error.0.diagnostics())?;
                MAKE.import(py, "cvm.errors", "error_from_findings")?.call1((error.0.to_string(), findings))
            };
            make().map_or_else(|failed| failed, PyErr::from_value)
        })
    }
}

/// An error of the engine that is no finding about any input.
pub(crate) fn failed(message: &str, help: &str) -> Error {
    cvm::Diagnostic::error(cvm::Code::Execution, "", message).help(help).into()
}
