//! How two filters stand to each other.

use pyo3::prelude::*;

use crate::arguments::CatalogLike;
use crate::convert;
use crate::errors::Error;
use crate::filter::FilterLike;

/// Whether something holds of two filters. True in an `if` only where it certainly does.
#[pyclass(frozen, module = "cvm")]
pub(crate) struct Relation(cvm::Relation);

#[pymethods]
impl Relation {
    /// True, False, or None where neither could be shown.
    #[getter]
    fn holds(&self) -> Option<bool> {
        match &self.0 {
            cvm::Relation::Yes => Some(true),
            cvm::Relation::No { .. } => Some(false),
            cvm::Relation::Unknown { .. } => None,
        }
    }

    /// Where it does not hold, a customer who shows it: a dict with a value for each field; missing is None.
    #[getter]
    fn customer<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        match &self.0 {
            cvm::Relation::No { customer, .. } => convert::to_python(py, customer).map(Some),
            _ => Ok(None),
        }
    }

    /// Why neither could be shown.
    #[getter]
    fn reason(&self) -> Option<&str> {
        match &self.0 {
            cvm::Relation::Unknown { reason } => Some(reason),
            _ => None,
        }
    }

    fn __bool__(&self) -> bool {
        self.0 == cvm::Relation::Yes
    }

    fn __repr__(&self) -> String {
        match &self.0 {
            cvm::Relation::Yes => "<cvm.Relation: yes>".to_owned(),
            cvm::Relation::No { customer, .. } => {
                format!("<cvm.Relation: no, as in {}>", serde_json::Value::Object(customer.clone()))
            }
            cvm::Relation::Unknown { reason } => format!("<cvm.Relation: unknown, {reason}>"),
        }
    }
}

type Question = fn(&cvm::Filter, &cvm::Filter, &cvm::Catalog) -> Result<cvm::Relation, cvm::Error>;

fn asked(a: FilterLike, b: FilterLike, catalog: CatalogLike, question: Question) -> PyResult<Relation> {
    let (a, b) = (a.read().map_err(Error::from)?, b.read().map_err(Error::from)?);
    Ok(Relation(question(&a, &b, &catalog.read()?).map_err(Error::from)?))
}

/// Whether `b` selects every customer that `a` selects; else one whom it does not.
#[pyfunction]
pub(crate) fn implies(a: FilterLike, b: FilterLike, catalog: CatalogLike) -> PyResult<Relation> {
    asked(a, b, catalog, cvm::implies)
}

/// Whether no customer is selected by both filters; else one who is.
#[pyfunction]
pub(crate) fn disjoint(a: FilterLike, b: FilterLike, catalog: CatalogLike) -> PyResult<Relation> {
    asked(a, b, catalog, cvm::disjoint)
}

/// Whether the filters select the same customers; else one whom only one of them selects.
#[pyfunction]
pub(crate) fn equivalent(a: FilterLike, b: FilterLike, catalog: CatalogLike) -> PyResult<Relation> {
    asked(a, b, catalog, cvm::equivalent)
}
