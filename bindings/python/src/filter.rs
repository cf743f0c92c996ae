//! Filters as values.

use std::hash::{DefaultHasher, Hash, Hasher};

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMapping, PyString};

use crate::convert;
use crate::errors::Error;

/// A filter as people hand it over, not yet read: what is wrong with it is for the verbs to say.
pub(crate) enum FilterLike {
    Ready(cvm::Filter),
    Text(String),
}

impl FilterLike {
    pub(crate) fn read(self) -> Result<cvm::Filter, cvm::Diagnostics> {
        match self {
            Self::Ready(filter) => Ok(filter),
            Self::Text(text) => cvm::read_filter(&text),
        }
    }
}

impl FromPyObject<'_, '_> for FilterLike {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        if let Ok(filter) = given.cast::<Filter>() {
            return Ok(Self::Ready(filter.get().inner.clone()));
        }
        if let Ok(text) = given.cast::<PyString>() {
            return Ok(Self::Text(text.to_string()));
        }
        if given.cast::<PyMapping>().is_ok() {
            return convert::to_json(&given).map(Self::Text);
        }
        let kind = given.get_type().qualname()?;
        Err(PyTypeError::new_err(format!(
            "a filter is a dict, a JSON text, a text like \"age > 30\" or a Filter, not {kind}"
        )))
    }
}

/// Decides for each customer in or out. Made from a dict, a JSON text or the text form.
///
/// >>> adults = Filter("age >= 18")
/// >>> adults & ~Filter("city = 'Paris'")
/// Filter("age >= 18 and not (city = 'Paris')")
#[pyclass(frozen, module = "cvm", weakref)]
pub(crate) struct Filter {
    pub(crate) inner: cvm::Filter,
}

impl From<cvm::Filter> for Filter {
    fn from(inner: cvm::Filter) -> Self {
        Self { inner }
    }
}

impl Filter {
    fn json(&self) -> PyResult<String> {
        serde_json::to_string(&self.inner).map_err(|error| PyTypeError::new_err(error.to_string()))
    }
}

#[pymethods]
impl Filter {
    #[new]
    fn new(f: FilterLike) -> PyResult<Self> {
        Ok(f.read().map_err(Error::from)?.into())
    }

    /// Reads JSON.
    #[staticmethod]
    fn from_json(text: &str) -> PyResult<Self> {
        Ok(cvm::Filter::from_json(text).map_err(Error::from)?.into())
    }

    /// Reads the text form.
    #[staticmethod]
    fn from_text(text: &str) -> PyResult<Self> {
        Ok(text.parse::<cvm::Filter>().map_err(Error::from)?.into())
    }

    /// The text form.
    fn to_text(&self) -> String {
        self.inner.to_string()
    }

    /// JSON on one line.
    fn to_json(&self) -> PyResult<String> {
        self.json()
    }

    /// JSON as dicts, lists and scalars.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.inner)
    }

    /// How many conditions there are.
    #[getter]
    fn leaf_count(&self) -> usize {
        self.inner.leaf_count()
    }

    /// The names of the parameters, each once.
    #[getter]
    fn parameters(&self) -> Vec<String> {
        self.inner.parameters()
    }

    /// The filter with values in place of parameters: `Filter("age > :least").with_parameters(least=30)`.
    #[pyo3(signature = (**values))]
    fn with_parameters(&self, py: Python<'_>, values: Option<Bound<'_, PyDict>>) -> PyResult<Self> {
        let values = values.unwrap_or_else(|| PyDict::new(py));
        let text = convert::to_json(values.as_any())?;
        Ok(self.inner.with_parameters_json(&text).map_err(Error::from)?.into())
    }

    fn __and__(&self, other: PyRef<'_, Self>) -> Self {
        (self.inner.clone() & other.inner.clone()).into()
    }

    fn __or__(&self, other: PyRef<'_, Self>) -> Self {
        (self.inner.clone() | other.inner.clone()).into()
    }

    fn __invert__(&self) -> Self {
        (!self.inner.clone()).into()
    }

    fn __eq__(&self, other: PyRef<'_, Self>) -> bool {
        self.inner == other.inner
    }

    fn __hash__(&self) -> PyResult<u64> {
        let mut hasher = DefaultHasher::new();
        // 0.0 equals -0.0, so signs must not count.
        self.json()?.replace('-', "").hash(&mut hasher);
        Ok(hasher.finish())
    }

    fn __str__(&self) -> String {
        self.inner.to_string()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("Filter({})", PyString::new(py, &self.inner.to_string()).repr()?))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let json = slf.get().json()?;
        Ok((slf.get_type(), (json,)).into_pyobject(slf.py())?.into_any())
    }
}
