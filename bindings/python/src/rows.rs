//! Results as Arrow, as dicts, and as tables to look at.

use std::fmt::Write;
use std::sync::Arc;

use arrow::array::{ArrayRef, StructArray};
use arrow::datatypes::Field;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyList, PyString};
use pyo3_arrow::ffi::{ArrayIterator, to_schema_pycapsule, to_stream_pycapsule};

use crate::convert;

/// How many rows are shown where nobody asked for a number.
const SHOWN_TEXT: usize = 20;
const SHOWN_HTML: usize = 50;

/// A table of results. Hand it to whatever reads Arrow: `pyarrow.table(rows)`, `polars.DataFrame(rows)`,
/// `duckdb.sql("from rows")`; or take `to_dicts()`.
#[pyclass(frozen, module = "cvm")]
pub(crate) struct Rows(pub(crate) cvm::Rows);

#[pymethods]
impl Rows {
    /// The names of the columns.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.0.schema().fields().iter().map(|field| field.name().clone()).collect()
    }

    /// The rows as dicts, with `Decimal`, `date` and aware `datetime` values; missing is `None`.
    fn to_dicts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let names: Vec<_> = self.column_names().iter().map(|name| PyString::new(py, name)).collect();
        let rows = PyList::empty(py);
        for (number, values) in self.0.values().enumerate() {
            // Large tables take a while: Ctrl-C must work here too.
            if number % 10_000 == 0 {
                py.check_signals()?;
            }
            let row = PyDict::new(py);
            for (name, value) in names.iter().zip(&values) {
                row.set_item(name, convert::value(py, value)?)?;
            }
            rows.append(row)?;
        }
        Ok(rows.into_any())
    }

    /// As `to_dicts`, under pyarrow's name for it.
    fn to_pylist<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.to_dicts(py)
    }

    /// A new Arrow stream at every call.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = self.0.schema();
        let field = Field::new_struct("", schema.fields().clone(), false).with_metadata(schema.metadata().clone());
        let arrays =
            self.0.batches().to_vec().into_iter().map(|batch| Ok(Arc::new(StructArray::from(batch)) as ArrayRef));
        let reader = Box::new(ArrayIterator::new(arrays, Arc::new(field)));
        Ok(to_stream_pycapsule(py, reader, requested_schema)?)
    }

    /// The Arrow schema.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        Ok(to_schema_pycapsule(py, self.0.schema().as_ref())?)
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }

    fn __repr__(&self) -> String {
        let shown = self.0.head(SHOWN_TEXT);
        format!("{shown}\n{}", footer(self.0.len(), SHOWN_TEXT))
    }

    fn _repr_html_(&self) -> PyResult<String> {
        html(&self.0).map_err(|error| PyValueError::new_err(error.to_string()))
    }
}

fn html(rows: &cvm::Rows) -> Result<String, std::fmt::Error> {
    let mut out = String::from("<table><thead><tr>");
    for field in rows.schema().fields() {
        write!(out, "<th>{}</th>", escape(field.name()))?;
    }
    out.push_str("</tr></thead><tbody>");
    for values in rows.head(SHOWN_HTML).values() {
        out.push_str("<tr>");
        for value in values {
            match value.is_missing() {
                true => out.push_str("<td><i>missing</i></td>"),
                false => write!(out, "<td>{}</td>", escape(&value.to_string()))?,
            }
        }
        out.push_str("</tr>");
    }
    write!(out, "</tbody></table><p>{}</p>", footer(rows.len(), SHOWN_HTML))?;
    Ok(out)
}

fn footer(rows: usize, shown: usize) -> String {
    match rows {
        1 => "1 row".to_owned(),
        _ if rows > shown => format!("{rows} rows, the first {shown} shown"),
        _ => format!("{rows} rows"),
    }
}

/// Text that is only text in HTML.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
