//! Membership that is kept up while things happen.

use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyMapping};

use crate::arguments::{AsOf, CatalogLike, Document, Key};
use crate::convert;
use crate::errors::Error;
use crate::filter::FilterLike;

/// Who is in which segment, kept up while customers change, events come in and time goes by: every coming and going is
/// told, with the microsecond at which it happened, also that which time alone causes. Made by `Engine.live` with the
/// customers that are loaded, or from a catalog without customers.
///
/// A change is a dict with the customer's `key` and one of `event` (with `time` and `properties`), `fields` (None takes a
/// value away; a customer who was not there comes), `table` (a related one, with the customer's `rows` in place of all
/// that were there) and `erase` (True: the customer and everything of the customer goes).
///
/// A transition is a dict with `segment`, `key`, `at` and `entered`. `now` and `to` are the present instant if absent.
#[pyclass(frozen, module = "cvm")]
pub(crate) struct Live(Mutex<cvm::Live>);

impl From<cvm::Live> for Live {
    fn from(live: cvm::Live) -> Self {
        Self(Mutex::new(live))
    }
}

#[pymethods]
impl Live {
    #[new]
    #[pyo3(signature = (catalog, now=None))]
    fn new(catalog: CatalogLike, now: Option<AsOf>) -> PyResult<Self> {
        let catalog = catalog.read()?;
        let now = instant(now, &catalog.zone)?;
        Ok(cvm::Live::empty(catalog, now).into())
    }

    /// Keeps up who is in a segment from now on, and says how many there are.
    fn register(&self, py: Python<'_>, name: &str, f: FilterLike) -> PyResult<u64> {
        let filter = f.read().map_err(Error::from)?;
        Ok(py.detach(|| self.live().register(name, &filter)).map_err(Error::from)?)
    }

    /// Registers many, which takes much less time than one after the other: all of them, or, where something is wrong
    /// with one, none. `segments` is a dict of filters by name; the result is how many members each has, by name.
    fn register_all<'py>(&self, py: Python<'py>, segments: &Bound<'py, PyMapping>) -> PyResult<Bound<'py, PyDict>> {
        let mut read: Vec<(String, cvm::Filter)> = Vec::new();
        for (number, item) in segments.items()?.iter().enumerate() {
            let (name, filter): (String, FilterLike) = item.extract()?;
            let filter = filter.read().map_err(|found| Error::from(found.below(&format!("/{number}"))))?;
            read.push((name, filter));
        }
        let named: Vec<(&str, &cvm::Filter)> = read.iter().map(|(name, filter)| (name.as_str(), filter)).collect();
        let counts = py.detach(|| self.live().register_all(&named)).map_err(Error::from)?;
        let out = PyDict::new(py);
        for ((name, _), count) in read.iter().zip(counts) {
            out.set_item(name, count)?;
        }
        Ok(out)
    }

    /// Keeps a segment up no longer; False where there was none of that name.
    fn unregister(&self, name: &str) -> bool {
        self.live().unregister(name)
    }

    /// Time goes on to `now`, and then all changes take place, in their order: all of them, or, where something is wrong
    /// with one, none. Says who came and went, in the order of time.
    #[pyo3(signature = (changes, now=None))]
    fn apply<'py>(&self, py: Python<'py>, changes: Document, now: Option<AsOf>) -> PyResult<Bound<'py, PyList>> {
        let told = py.detach(|| {
            let changes = cvm::read_document(&changes.0).map_err(Error::from)?;
            let mut live = self.live();
            let now = instant(now, live.zone())?;
            PyResult::Ok(live.apply(now, &changes).map_err(Error::from)?)
        })?;
        transitions(py, &told)
    }

    /// Time goes by, and nothing else happens. Says who came and went by time alone.
    #[pyo3(signature = (to=None))]
    fn advance<'py>(&self, py: Python<'py>, to: Option<AsOf>) -> PyResult<Bound<'py, PyList>> {
        let told = py.detach(|| {
            let mut live = self.live();
            let to = instant(to, live.zone())?;
            PyResult::Ok(live.advance(to).map_err(Error::from)?)
        })?;
        transitions(py, &told)
    }

    /// An instant up to which nothing comes or goes by time alone; None where time alone changes nothing.
    fn next_change<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let next = self.live().next_change();
        next.map(|at| convert::value(py, &cvm::Value::Timestamp(at))).transpose()
    }

    /// The instant that everything is as of.
    #[getter]
    fn now<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::value(py, &cvm::Value::Timestamp(self.live().now()))
    }

    /// The names of the registered segments.
    #[getter]
    fn segments(&self) -> Vec<String> {
        self.live().segments().map(str::to_owned).collect()
    }

    /// How many members a segment has.
    fn count(&self, name: &str) -> PyResult<u64> {
        self.live().count(name).ok_or_else(|| unknown(name))
    }

    /// The keys of a segment's members, in no order.
    fn members<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        let keys = py.detach(|| self.live().members(name)).ok_or_else(|| unknown(name))?;
        let keys: Vec<_> = keys.iter().map(|key| convert::value(py, key)).collect::<PyResult<_>>()?;
        keys.into_pyobject(py)
    }

    /// Whether a customer is in a segment.
    fn is_member(&self, name: &str, key: Key) -> PyResult<bool> {
        self.live().is_member(name, &key.value()).ok_or_else(|| unknown(name))
    }

    /// How many events and rows of nobody were left out so far.
    #[getter]
    fn left_out(&self) -> u64 {
        self.live().left_out()
    }

    fn __len__(&self) -> usize {
        self.live().len()
    }

    fn __repr__(&self) -> String {
        let live = self.live();
        format!("<cvm.Live: {} customers, {} segments, {}>", live.len(), live.segments().count(), live.now())
    }
}

impl Live {
    fn live(&self) -> MutexGuard<'_, cvm::Live> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) fn instant(given: Option<AsOf>, zone: &str) -> PyResult<cvm::Timestamp> {
    let given = given.map(|text| cvm::read_instant(&text.0, zone)).transpose().map_err(Error::from)?;
    Ok(given.unwrap_or_else(cvm::now))
}

fn unknown(name: &str) -> PyErr {
    PyKeyError::new_err(format!("no segment `{name}` is registered"))
}

fn transitions<'py>(py: Python<'py>, told: &[cvm::Transition]) -> PyResult<Bound<'py, PyList>> {
    let out = PyList::empty(py);
    for one in told {
        let item = PyDict::new(py);
        item.set_item("segment", &*one.segment)?;
        item.set_item("key", convert::value(py, &one.key)?)?;
        item.set_item("at", convert::value(py, &cvm::Value::Timestamp(one.at))?)?;
        item.set_item("entered", one.entered)?;
        out.append(item)?;
    }
    Ok(out)
}
