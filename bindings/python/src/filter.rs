//! Filters as values.

use std::hash::{DefaultHasher, Hash, Hasher};

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMapping, PyString};

use crate::arguments::{CatalogLike, Document};
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

/// Many filters, not yet read.
pub(crate) struct Filters(Vec<FilterLike>);

impl Filters {
    /// The filters; findings begin their place with the number of the filter.
    pub(crate) fn read(self) -> Result<Vec<cvm::Filter>, cvm::Diagnostics> {
        let read = |(i, filter): (usize, FilterLike)| filter.read().map_err(|found| found.below(&format!("/{i}")));
        self.0.into_iter().enumerate().map(read).collect()
    }
}

impl FromPyObject<'_, '_> for Filters {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        // A text and a dict can be walked through too, and are one filter each.
        let one = given.cast::<PyString>().is_ok() || given.cast::<PyMapping>().is_ok();
        if !one && let Ok(items) = given.try_iter() {
            return items.map(|item| item?.extract()).collect::<PyResult<_>>().map(Self);
        }
        let kind = given.get_type().qualname()?;
        Err(PyTypeError::new_err(format!("filters are a list of filters, not {kind}")))
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

    /// Reads a SQL condition, or a whole `SELECT … FROM one_table WHERE …`: the filter selects the rows for which it is
    /// true, with SQL's own treatment of NULL. What no filter says exactly is an error with its place in the text.
    ///
    /// >>> Filter.from_sql("age <> 30 and not (city = 'Paris')")
    /// Filter("age != 30 without missing and city != 'Paris' without missing")
    #[staticmethod]
    #[pyo3(signature = (text, dialect=None, catalog=None))]
    fn from_sql(text: &str, dialect: Option<&str>, catalog: Option<CatalogLike>) -> PyResult<Self> {
        let dialect = dialect.map(str::parse).transpose();
        let dialect = dialect.map_err(|findings: cvm::Diagnostics| Error::from(findings))?;
        let catalog = CatalogLike::read_optional(catalog)?;
        Ok(cvm::from_sql(text, dialect, catalog.as_ref()).map_err(Error::from)?.into())
    }

    /// Reads a query of react-querybuilder, a dict or JSON text: the filter selects whom the SQL of its `formatQuery`
    /// selects.
    #[staticmethod]
    #[pyo3(signature = (query, catalog=None))]
    fn from_react_querybuilder(query: Document, catalog: Option<CatalogLike>) -> PyResult<Self> {
        let catalog = CatalogLike::read_optional(catalog)?;
        Ok(cvm::Filter::from_react_querybuilder(&query.0, catalog.as_ref()).map_err(Error::from)?.into())
    }

    /// Reads a rule of JsonLogic, a dict or JSON text: the filter selects those for whom its result is truthy.
    #[staticmethod]
    #[pyo3(signature = (rule, catalog=None))]
    fn from_json_logic(rule: Document, catalog: Option<CatalogLike>) -> PyResult<Self> {
        let catalog = CatalogLike::read_optional(catalog)?;
        Ok(cvm::Filter::from_json_logic(&rule.0, catalog.as_ref()).map_err(Error::from)?.into())
    }

    /// The filter as a query of react-querybuilder, a dict.
    fn to_react_querybuilder<'py>(&self, py: Python<'py>, catalog: CatalogLike) -> PyResult<Bound<'py, PyAny>> {
        let query = self.inner.to_react_querybuilder(&catalog.read()?).map_err(Error::from)?;
        convert::to_python(py, &query)
    }

    /// The filter as a rule of JsonLogic, a dict.
    fn to_json_logic<'py>(&self, py: Python<'py>, catalog: CatalogLike) -> PyResult<Bound<'py, PyAny>> {
        let rule = self.inner.to_json_logic(&catalog.read()?).map_err(Error::from)?;
        convert::to_python(py, &rule)
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

    /// 32 hexadecimal digits, the same for filters that differ in order, repetition, nesting and spelling only.
    #[getter]
    fn fingerprint(&self) -> String {
        self.inner.fingerprint().to_string()
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
