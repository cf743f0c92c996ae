//! Arguments that are more than a scalar.

use cvm::filter::Literal;
use cvm::{Direction, words};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDate, PyDateTime, PyString, PyTzInfo};

use crate::convert;
use crate::errors::Error;

/// An instant as ISO 8601 text.
pub(crate) struct AsOf(pub(crate) String);

impl FromPyObject<'_, '_> for AsOf {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        let text = |value: &Bound<'_, PyAny>| Ok(Self(value.call_method0("isoformat")?.extract()?));
        if let Ok(text) = given.cast::<PyString>() {
            return Ok(Self(text.to_string()));
        }
        // A datetime is a date too, so it comes first.
        if given.cast::<PyDateTime>().is_ok() {
            if given.call_method0("utcoffset")?.is_none() {
                return Err(PyValueError::new_err(
                    "a datetime without a time zone could be any of 24 hours; add one: \
                     datetime(..., tzinfo=timezone.utc)",
                ));
            }
            return text(&given.call_method1("astimezone", (PyTzInfo::utc(given.py())?,))?);
        }
        if given.cast::<PyDate>().is_ok() {
            return text(&given);
        }
        let kind = given.get_type().qualname()?;
        Err(PyTypeError::new_err(format!("an instant is an aware datetime, a date or an ISO 8601 text, not {kind}")))
    }
}

/// A customer's key.
pub(crate) struct Key(pub(crate) Literal);

impl Key {
    pub(crate) fn value(self) -> cvm::Value {
        match self.0 {
            Literal::Int(key) => cvm::Value::Int(key),
            Literal::Str(key) => cvm::Value::Str(key),
            _ => cvm::Value::Missing,
        }
    }
}

impl FromPyObject<'_, '_> for Key {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        if let Ok(text) = given.cast::<PyString>() {
            return Ok(Self(Literal::Str(text.to_string())));
        }
        if given.cast::<PyBool>().is_err()
            && let Ok(int) = given.extract::<i64>()
        {
            return Ok(Self(Literal::Int(int)));
        }
        let kind = given.get_type().qualname()?;
        Err(PyTypeError::new_err(format!("a customer's key is an int or a str, not {kind}")))
    }
}

/// `"age"`, `("age", "desc")`, or a list of such.
pub(crate) struct OrderBy(pub(crate) Vec<(String, Direction)>);

impl FromPyObject<'_, '_> for OrderBy {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        if let Some(one) = term(&given)? {
            return Ok(Self(vec![one]));
        }
        let wrong =
            || PyTypeError::new_err("order_by is a column, a (column, \"asc\" or \"desc\") pair, or a list of them");
        let items = given.try_iter().map_err(|_| wrong())?;
        items.map(|item| term(&item?)?.ok_or_else(wrong)).collect::<PyResult<_>>().map(Self)
    }
}

fn term(given: &Bound<'_, PyAny>) -> PyResult<Option<(String, Direction)>> {
    if let Ok(column) = given.cast::<PyString>() {
        return Ok(Some((column.to_string(), Direction::Ascending)));
    }
    match given.extract::<(String, String)>() {
        Ok((column, word)) => Ok(Some((column, words::direction(&word).map_err(Error::from)?))),
        Err(_) => Ok(None),
    }
}

/// A function that is told `(done, total)`.
pub(crate) struct Progress(Py<PyAny>);

impl Progress {
    pub(crate) fn report(&self, py: Python<'_>, done: u64, total: u64) -> PyResult<()> {
        self.0.call1(py, (done, total)).map(drop)
    }
}

impl FromPyObject<'_, '_> for Progress {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        if given.is_callable() {
            return Ok(Self(given.to_owned().unbind()));
        }
        Err(PyTypeError::new_err("progress is a function of (done, total)"))
    }
}

/// A document as JSON text: a text, or dicts, lists and scalars.
pub(crate) struct Document(pub(crate) String);

impl FromPyObject<'_, '_> for Document {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        match given.cast::<PyString>() {
            Ok(text) => Ok(Self(text.to_string())),
            Err(_) => convert::to_json(&given).map(Self),
        }
    }
}

/// A catalog, not yet read: a dict or JSON text, as `Engine.catalog` gives it.
pub(crate) struct CatalogLike(Document);

impl CatalogLike {
    pub(crate) fn read(self) -> PyResult<cvm::Catalog> {
        Ok(cvm::Catalog::from_json(&self.0.0).map_err(Error::from)?)
    }

    pub(crate) fn read_optional(given: Option<Self>) -> PyResult<Option<cvm::Catalog>> {
        given.map(Self::read).transpose()
    }
}

impl FromPyObject<'_, '_> for CatalogLike {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        given.extract().map(Self)
    }
}
