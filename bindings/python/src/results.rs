//! Small results: what was loaded, a smaller filter, a statement.

use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::convert;
use crate::filter::Filter;

/// What was loaded.
#[pyclass(frozen, module = "cvm")]
pub(crate) struct LoadReport(pub(crate) cvm::LoadReport);

#[pymethods]
impl LoadReport {
    /// How many rows.
    #[getter]
    fn rows(&self) -> u64 {
        self.0.rows
    }

    /// What is worth a look.
    #[getter]
    fn warnings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.0.warnings)
    }

    fn __repr__(&self) -> String {
        let warnings = self.0.warnings.iter().map(|finding| format!("\n  {finding}"));
        format!("<cvm.LoadReport: {} rows>{}", self.0.rows, warnings.collect::<String>())
    }
}

/// A smaller filter with the same members, and how it came about.
#[pyclass(frozen, module = "cvm")]
pub(crate) struct Optimized(pub(crate) cvm::Optimized);

#[pymethods]
impl Optimized {
    /// The smaller filter.
    #[getter]
    fn filter(&self) -> Filter {
        self.0.filter.clone().into()
    }

    /// What was done, in order: dicts with `rule` and `message`.
    #[getter]
    fn trace<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.0.trace)
    }

    fn __repr__(&self) -> String {
        let steps = self.0.trace.iter().map(|step| format!("\n  {}: {}", step.rule, step.message));
        format!("<cvm.Optimized: {}>{}", self.0.filter, steps.collect::<String>())
    }
}

/// A statement for a database: `sql, params = engine.sql(...)`.
#[pyclass(frozen, module = "cvm")]
pub(crate) struct Query(pub(crate) cvm::Query);

#[pymethods]
impl Query {
    /// The text.
    #[getter]
    fn sql(&self) -> &str {
        &self.0.sql
    }

    /// The values of its placeholders, in order.
    #[getter]
    fn params<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let values: Vec<_> = self.0.params.iter().map(|value| convert::value(py, value)).collect::<PyResult<_>>()?;
        values.into_pyobject(py)
    }

    /// Where the database may differ from the filter's meaning, in words.
    #[getter]
    fn notes(&self) -> Vec<String> {
        self.0.notes.clone()
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let parts = PyTuple::new(py, [self.sql().into_pyobject(py)?.into_any(), self.params(py)?])?;
        Ok(parts.try_iter()?.into_any())
    }

    fn __str__(&self) -> &str {
        &self.0.sql
    }

    fn __repr__(&self) -> String {
        let params: Vec<String> = self.0.params.iter().map(|value| value.to_json().to_string()).collect();
        format!("<cvm.Query: {}; params [{}]>", self.0.sql, params.join(", "))
    }
}
