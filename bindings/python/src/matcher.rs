//! One customer at a time.

use pyo3::prelude::*;

use crate::arguments::{AsOf, CatalogLike, Document};
use crate::convert;
use crate::errors::Error;
use crate::filter::FilterLike;

/// A filter made ready to be asked of one customer at a time, without an engine and without any table.
///
/// A profile is a dict with the customer's fields by name; what is not there is missing. A history is a list of events,
/// `{"event": "purchase", "time": "2024-05-01T10:00:00Z", "properties": {"amount": 20}}`, or a dict with `events` and, by
/// table, `related` rows. `as_of` is the present instant if absent.
#[pyclass(frozen, module = "cvm")]
pub(crate) struct Matcher(cvm::Matcher);

#[pymethods]
impl Matcher {
    #[new]
    fn new(f: FilterLike, catalog: CatalogLike) -> PyResult<Self> {
        let filter = f.read().map_err(Error::from)?;
        Ok(Self(cvm::Matcher::new(&filter, &catalog.read()?).map_err(Error::from)?))
    }

    /// Whether the filter selects a customer.
    #[pyo3(signature = (profile, history=None, as_of=None))]
    fn matches(&self, profile: Document, history: Option<Document>, as_of: Option<AsOf>) -> PyResult<bool> {
        let (profile, history) = (cvm::read_document(&profile.0), read(history));
        let as_of = self.instant(as_of)?;
        let (profile, history) = (profile.map_err(Error::from)?, history.map_err(Error::from)?);
        Ok(self.0.matches(&profile, &history, as_of).map_err(Error::from)?)
    }

    /// The first instant after `as_of` at which time alone changes the verdict on a customer; None if it stays the same.
    #[pyo3(signature = (profile, history=None, as_of=None))]
    fn next_change<'py>(
        &self,
        py: Python<'py>,
        profile: Document,
        history: Option<Document>,
        as_of: Option<AsOf>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let (profile, history) = (cvm::read_document(&profile.0), read(history));
        let as_of = self.instant(as_of)?;
        let (profile, history) = (profile.map_err(Error::from)?, history.map_err(Error::from)?);
        let change = self.0.next_change(&profile, &history, as_of).map_err(Error::from)?;
        change.map(|at| convert::value(py, &cvm::Value::Timestamp(at))).transpose()
    }
}

fn read(history: Option<Document>) -> Result<serde_json::Value, cvm::Error> {
    history.map_or_else(|| Ok(serde_json::Value::Array(Vec::new())), |history| cvm::read_document(&history.0))
}

impl Matcher {
    fn instant(&self, as_of: Option<AsOf>) -> PyResult<cvm::Timestamp> {
        let given = as_of.map(|text| cvm::read_instant(&text.0, self.0.zone())).transpose().map_err(Error::from)?;
        Ok(given.unwrap_or_else(cvm::now))
    }
}
