//! Journeys that run.

use std::sync::{Arc, PoisonError, RwLock};

use cvm::journey::machine::{InFlight, Outcome};
use cvm::journey::{Findings, JourneyError, read_people};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::arguments::{AsOf, Document, Key};
use crate::convert;
use crate::errors::{Error, Raise};
use crate::journey::JourneyLike;
use crate::live;
use crate::rows::Rows;

/// Journeys that run over the customers of an engine, made by `Engine.journeys`. Nothing happens between calls: customers enter
/// and go on when something is told, and `tick` says that time has passed. `now` is the present instant if absent.
///
/// A journey is a dict, JSON text, or an object with `to_json()`. `people` is what becomes of customers who are in an older
/// version: "pinned", they stay in it; "follow", they go on in the new one; or a dict that says for nodes that are gone where
/// their customers go.
///
/// As a context manager it closes the folder at the end, so that it can be opened again.
#[pyclass(frozen, module = "cvm")]
pub(crate) struct Journeys(RwLock<Option<Arc<cvm::journey::Journeys>>>);

impl From<cvm::journey::Journeys> for Journeys {
    fn from(journeys: cvm::journey::Journeys) -> Self {
        Self(RwLock::new(Some(Arc::new(journeys))))
    }
}

#[pymethods]
impl Journeys {
    /// What is wrong with a journey beside the catalog, the offers, the templates and the journeys that run, also with one that
    /// can't be read: findings as `Engine.check_journey` has them.
    #[pyo3(signature = (journey, now=None))]
    fn validate<'py>(&self, py: Python<'py>, journey: JourneyLike, now: Option<AsOf>) -> PyResult<Bound<'py, PyAny>> {
        let (journeys, now) = self.at(now)?;
        let found: Findings = match journey.read() {
            Ok(journey) => py.detach(|| journeys.validate(&journey, now)),
            Err(found) => found,
        };
        convert::to_python(py, &found)
    }

    /// What would become of everybody who is in the journey, if this version were published: dicts with `version`, `node`,
    /// `customers`, and `fate`: "pinned", "stay", "move" (with `to`), or "homeless", which stops it.
    #[pyo3(signature = (journey, people=None))]
    fn preview<'py>(
        &self,
        py: Python<'py>,
        journey: JourneyLike,
        people: Option<Document>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (journeys, journey, people) = (self.open()?, journey.journey()?, in_flight(people)?);
        convert::to_python(py, &py.detach(|| journeys.preview(&journey, people)))
    }

    /// Lets a journey run, or a new version of one. What is wrong with it is a JourneyError, and nothing has changed.
    #[pyo3(signature = (journey, people=None, now=None))]
    fn publish(
        &self,
        py: Python<'_>,
        journey: JourneyLike,
        people: Option<Document>,
        now: Option<AsOf>,
    ) -> PyResult<()> {
        let (journeys, now) = self.at(now)?;
        let (journey, people) = (journey.journey()?, in_flight(people)?);
        py.detach(|| journeys.publish(&journey, people, now)).map_err(Raise::raise)
    }

    /// Customers enter a journey, by their keys: all, or where one is not there, none.
    #[pyo3(signature = (journey, customers, now=None))]
    fn enrol(&self, py: Python<'_>, journey: &str, customers: Vec<Key>, now: Option<AsOf>) -> PyResult<()> {
        let (journeys, now) = self.at(now)?;
        let customers: Vec<cvm::Value> = customers.into_iter().map(Key::value).collect();
        py.detach(|| journeys.enrol(journey, &customers, now)).map_err(Raise::raise)
    }

    /// What happened to customers, as `Live.apply` takes it. An event may have an `id`: one that comes again with the same
    /// counts once. It may name the `message` that it is about, by the `key` or the `receipt` of what was polled: openings and
    /// clicks count where that was sent. Gives a dict with `events`, `changed`, `new`, `repeated` and `left_out`.
    #[pyo3(signature = (changes, now=None))]
    fn feed<'py>(&self, py: Python<'py>, changes: Document, now: Option<AsOf>) -> PyResult<Bound<'py, PyAny>> {
        let (journeys, now) = self.at(now)?;
        let fed = py.detach(|| {
            let changes = cvm::read_document(&changes.0)?;
            journeys.feed(&changes, now)
        });
        convert::to_python(py, &fed.map_err(Raise::raise)?)
    }

    /// Time has passed: what is due happens, segments are looked at anew. In a folder an instant more than a week after the
    /// last one is refused, as the clock may be wrong: see `allow_jump`.
    #[pyo3(signature = (now=None))]
    fn tick(&self, py: Python<'_>, now: Option<AsOf>) -> PyResult<()> {
        let (journeys, now) = self.at(now)?;
        py.detach(|| journeys.tick(now)).map_err(Raise::raise)
    }

    /// The clock is right, however far after the last instant it is: instants up to this one are taken.
    fn allow_jump(&self, until: AsOf) -> PyResult<()> {
        let (journeys, until) = self.at(Some(until))?;
        journeys.allow_jump(until);
        Ok(())
    }

    /// What is to be sent now on some channels, all if none is named, at most `limit`: a dict with `messages` (dicts with
    /// `receipt`, `key`, `customer`, `channel`, `parts` and so on) and `unmade`, those that could not be made, with the
    /// `reason`. What is not acknowledged within `seconds` is done as its node says, for nobody knows what became of it.
    #[pyo3(signature = (channels=None, limit=100, seconds=300, now=None))]
    fn poll<'py>(
        &self,
        py: Python<'py>,
        channels: Option<Texts>,
        limit: u32,
        seconds: u32,
        now: Option<AsOf>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (journeys, now) = self.at(now)?;
        let channels = channels.map_or_else(Vec::new, |channels| channels.0);
        let channels: Vec<&str> = channels.iter().map(String::as_str).collect();
        let polled = py.detach(|| journeys.poll(&channels, limit, seconds, now)).map_err(Raise::raise)?;
        convert::to_python(py, &polled)
    }

    /// What became of what was polled, by its receipts: "done", "failed", "unknown", or "again", which tries it once more, not
    /// before `after` (at once if absent).
    #[pyo3(signature = (receipts, outcome="done", now=None, *, after=None))]
    fn acknowledge(
        &self,
        py: Python<'_>,
        receipts: Texts,
        outcome: &str,
        now: Option<AsOf>,
        after: Option<AsOf>,
    ) -> PyResult<()> {
        let (journeys, now) = self.at(now)?;
        let after = live::instant(after, &journeys.zone());
        let outcome = cvm::journey::read_outcome(outcome, after?).map_err(Raise::raise)?;
        let answers: Vec<(String, Outcome)> = receipts.0.into_iter().map(|receipt| (receipt, outcome)).collect();
        py.detach(|| journeys.acknowledge(&answers, now)).map_err(Raise::raise)
    }

    /// Nobody goes on, nobody is lost.
    #[pyo3(signature = (journey, now=None))]
    fn pause(&self, py: Python<'_>, journey: &str, now: Option<AsOf>) -> PyResult<()> {
        let (journeys, now) = self.at(now)?;
        py.detach(|| journeys.pause(journey, now)).map_err(Raise::raise)
    }

    /// A journey goes on after a pause.
    #[pyo3(signature = (journey, now=None))]
    fn resume(&self, py: Python<'_>, journey: &str, now: Option<AsOf>) -> PyResult<()> {
        let (journeys, now) = self.at(now)?;
        py.detach(|| journeys.resume(journey, now)).map_err(Raise::raise)
    }

    /// Everybody leaves a journey, and nobody enters.
    #[pyo3(signature = (journey, now=None))]
    fn stop(&self, py: Python<'_>, journey: &str, now: Option<AsOf>) -> PyResult<()> {
        let (journeys, now) = self.at(now)?;
        py.detach(|| journeys.stop(journey, now)).map_err(Raise::raise)
    }

    /// Where a customer is: dicts with `journey`, `version`, `node`, `entry` and `until`.
    fn positions<'py>(&self, py: Python<'py>, customer: Key) -> PyResult<Bound<'py, PyAny>> {
        let (journeys, customer) = (self.open()?, customer.value());
        convert::to_python(py, &py.detach(|| journeys.positions(&customer)).map_err(Raise::raise)?)
    }

    /// A customer's way through all journeys, step by step: dicts with `at`, `journey`, `step`, and what belongs to the step.
    fn explain<'py>(&self, py: Python<'py>, customer: Key) -> PyResult<Bound<'py, PyAny>> {
        let (journeys, customer) = (self.open()?, customer.value());
        convert::to_python(py, &py.detach(|| journeys.explain(&customer)).map_err(Raise::raise)?)
    }

    /// What was counted of a journey: a dict with `status`, `version`, `entered`, `waiting`, `refused`, `left`, `reached`,
    /// `late`, and `nodes`, which has a dict for each node of each version.
    fn statistics<'py>(&self, py: Python<'py>, journey: &str) -> PyResult<Bound<'py, PyAny>> {
        let journeys = self.open()?;
        convert::to_python(py, &py.detach(|| journeys.statistics(journey)).map_err(Raise::raise)?)
    }

    /// Who got which arm of the journey's experiments, and when first: a table with `customer`, `node`, `arm`, `version` and
    /// `at`, in the order of time. All that was told is done again for it.
    fn exposures(&self, py: Python<'_>, journey: &str) -> PyResult<Rows> {
        let journeys = self.open()?;
        py.detach(|| journeys.exposures(journey)).map(Rows).map_err(Raise::raise)
    }

    /// The ids of the journeys that were published, those that were stopped included.
    #[getter]
    fn ids(&self) -> PyResult<Vec<String>> {
        Ok(self.open()?.ids())
    }

    /// Whether a journey runs: "running", "paused" or "stopped"; None where there is no such journey.
    fn status<'py>(&self, py: Python<'py>, journey: &str) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.open()?.status(journey))
    }

    /// The newest version of a journey, as a dict; None where there is no such journey.
    fn journey<'py>(&self, py: Python<'py>, id: &str) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.open()?.journey(id))
    }

    /// A picture of the newest version of a journey, with how many customers went where, as SVG.
    fn svg(&self, py: Python<'_>, journey: &str) -> PyResult<String> {
        let journeys = self.open()?;
        py.detach(|| journeys.svg(journey)).map_err(Raise::raise)
    }

    /// The first instant at which `tick` does something that is known now, or an earlier one; None where there is none.
    fn wake<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.open()?.wake().map(|at| convert::value(py, &cvm::Value::Timestamp(at))).transpose()
    }

    /// Closes the folder. All that was told is in it already.
    fn close(&self, py: Python<'_>) {
        py.detach(|| drop(self.0.write().unwrap_or_else(PoisonError::into_inner).take()));
    }

    fn __enter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    #[pyo3(signature = (*_details))]
    fn __exit__(&self, py: Python<'_>, _details: &Bound<'_, PyAny>) {
        self.close(py);
    }

    fn __repr__(&self) -> String {
        match self.open() {
            Ok(journeys) => {
                let wake = journeys.wake().map_or_else(|| "nothing is due".to_owned(), |wake| format!("due at {wake}"));
                format!("<cvm.Journeys: {} published, {wake}>", journeys.ids().len())
            }
            Err(_) => "<cvm.Journeys: closed>".to_owned(),
        }
    }
}

impl Journeys {
    fn open(&self) -> PyResult<Arc<cvm::journey::Journeys>> {
        let open = self.0.read().unwrap_or_else(PoisonError::into_inner).as_ref().map(Arc::clone);
        open.ok_or_else(|| {
            let message = "these journeys are closed: open them again with `Engine.journeys`".to_owned();
            JourneyError::Given { path: String::new(), message }.raise()
        })
    }

    fn at(&self, now: Option<AsOf>) -> PyResult<(Arc<cvm::journey::Journeys>, cvm::Timestamp)> {
        let journeys = self.open()?;
        let now = match now {
            Some(text) => cvm::read_instant(&text.0, &journeys.zone()).map_err(Error::from)?,
            None => cvm::now(),
        };
        Ok((journeys, now))
    }
}

fn in_flight(people: Option<Document>) -> PyResult<InFlight> {
    people.map_or(Ok(InFlight::Pinned), |people| read_people(&people.0).map_err(Raise::raise))
}

/// A text, or a list of texts.
struct Texts(Vec<String>);

impl FromPyObject<'_, '_> for Texts {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        if let Ok(text) = given.cast::<PyString>() {
            return Ok(Self(vec![text.to_string()]));
        }
        let items = given.try_iter().and_then(|items| items.map(|item| item?.extract()).collect::<PyResult<_>>());
        let kind = given.get_type().qualname()?;
        items.map(Self).map_err(|_| PyTypeError::new_err(format!("this is a str or a list of them, not {kind}")))
    }
}
