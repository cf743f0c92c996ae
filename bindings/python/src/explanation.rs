//! Why one customer is in or out.

use pyo3::prelude::*;

use crate::convert;
use crate::rows::escape;

/// Why one customer is in or out: the verdict of every node of the filter. `str()` is the tree.
#[pyclass(frozen, module = "cvm")]
pub(crate) struct Explanation(pub(crate) cvm::Explanation);

#[pymethods]
impl Explanation {
    /// The customer's key.
    #[getter]
    fn key<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.0.key)
    }

    /// Whether the filter selects the customer.
    #[getter]
    fn member(&self) -> bool {
        self.0.member
    }

    /// The nodes, parents before children: dicts with `path`, `depth`, `text`, `passed`, and `field` and `value` of leaves.
    #[getter]
    fn nodes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.0.nodes)
    }

    /// All of it as dicts, lists and scalars.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.0)
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __repr__(&self) -> String {
        self.0.to_string().trim_end().to_owned()
    }

    fn _repr_html_(&self) -> String {
        format!("<pre>{}</pre>", escape(&self.0.to_string()))
    }
}
