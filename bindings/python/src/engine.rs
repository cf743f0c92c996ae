//! The engine.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use cvm::journey::{JourneyError, JourneysOptions, SimulateOptions};
use cvm::{EngineOptions, EventName, LoadCustomers, LoadEvents, LoadRelated, Preview, SqlOptions, Watch, words};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::arguments::{AsOf, Document, Key, OrderBy, Progress};
use crate::convert;
use crate::errors::{Error, Raise, failed};
use crate::explanation::Explanation;
use crate::filter::{FilterLike, Filters};
use crate::journey::{JourneyLike, list, named};
use crate::journeys::Journeys;
use crate::live::Live;
use crate::results::{LoadReport, Optimized, Query};
use crate::rows::Rows;
use crate::simulation::Simulation;
use crate::source::Source;
use crate::wait;

/// One audience and every question about it. Shared freely between threads, not between processes.
///
/// `as_of` is the instant at which filters are evaluated: an aware datetime, a date (the start of that day in
/// `timezone`) or an ISO 8601 text; at each call the present one if absent.
///
/// `index_memory` is how many bytes of memory the rows may take for answers while one types; what needs more is answered
/// from the tables. Four gibibytes if absent; 0 makes no index.
#[pyclass(frozen, module = "cvm")]
pub(crate) struct Engine {
    inner: Option<Arc<cvm::Engine>>,
    process: u32,
}

impl Engine {
    /// The engine, in the process that made it: a fork has none of its threads, and would wait for them for ever.
    fn inner(&self) -> PyResult<&Arc<cvm::Engine>> {
        match &self.inner {
            Some(inner) if self.process == std::process::id() => Ok(inner),
            _ => Err(failed(
                "this engine was made in another process; after a fork its threads are not there",
                "make an engine in each process, or start processes with multiprocessing's `spawn` or `forkserver`",
            )
            .into()),
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if self.process != std::process::id() {
            // Ending threads that are not there could wait for a lock that one of them held at the fork.
            std::mem::forget(self.inner.take());
        }
    }
}

#[pymethods]
impl Engine {
    #[new]
    #[pyo3(signature = (as_of=None, timezone="UTC", *, index_memory=4_294_967_296))]
    fn new(as_of: Option<AsOf>, timezone: &str, index_memory: u64) -> PyResult<Self> {
        let as_of = as_of.map(|text| cvm::read_instant(&text.0, timezone)).transpose().map_err(Error::from)?;
        let options = EngineOptions { as_of, zone: timezone.to_owned(), index_memory, ..EngineOptions::default() };
        let inner = cvm::Engine::new(options).map_err(Error::from)?;
        Ok(Self { inner: Some(Arc::new(inner)), process: std::process::id() })
    }

    /// Loads the customers from a file (.csv, .tsv, .txt, .parquet, .arrow, .feather, .ipc) or any Arrow table, infers a
    /// catalog and checks that the key is one.
    ///
    /// `types` declares columns: `{"zip": "string", "spent": "decimal(12,2)"}`. `on_bad_rows` is "error", "skip" or
    /// "missing". `row_number` numbers the rows in a column of that name and takes it for the key. `progress` is called
    /// with (done, total). Ctrl-C ends the wait; a load that is about to end may still take effect.
    #[pyo3(signature = (source, key=None, *, types=None, on_bad_rows="error", row_number=None, table=None, progress=None))]
    #[expect(clippy::too_many_arguments, reason = "Python's keyword arguments")]
    fn load_customers(
        &self,
        py: Python<'_>,
        source: Source,
        key: Option<String>,
        types: Option<BTreeMap<String, String>>,
        on_bad_rows: &str,
        row_number: Option<String>,
        table: Option<String>,
        progress: Option<Progress>,
    ) -> PyResult<LoadReport> {
        let types = words::types(types.unwrap_or_default()).map_err(Error::from)?;
        let on_bad_rows = words::on_bad_rows(on_bad_rows).map_err(Error::from)?;
        let options = LoadCustomers { key, table, types, on_bad_rows, row_number };
        self.load(py, progress, move |engine, progress| engine.load_customers(source.read()?, &options, progress))
    }

    /// Loads events of the customers: `customer` is the column with the customer's key, `time` the one with the time,
    /// `name` the one with the kind of event, or the kind itself where all events are of one. The rest is as in
    /// `load_customers`.
    #[pyo3(signature = (source, customer, name, time, *, types=None, on_bad_rows="error", table=None, progress=None))]
    #[expect(clippy::too_many_arguments, reason = "Python's keyword arguments")]
    fn load_events(
        &self,
        py: Python<'_>,
        source: Source,
        customer: String,
        name: String,
        time: String,
        types: Option<BTreeMap<String, String>>,
        on_bad_rows: &str,
        table: Option<String>,
        progress: Option<Progress>,
    ) -> PyResult<LoadReport> {
        let types = words::types(types.unwrap_or_default()).map_err(Error::from)?;
        let on_bad_rows = words::on_bad_rows(on_bad_rows).map_err(Error::from)?;
        let options = LoadEvents { customer, name: EventName::ColumnOrKind(name), time, table, types, on_bad_rows };
        self.load(py, progress, move |engine, progress| engine.load_events(source.read()?, &options, progress))
    }

    /// Loads rows that belong to customers, any number a customer: orders, devices, accounts. `name` is what filters call
    /// them, `customer` the column with the customer's key. The rest is as in `load_customers`.
    #[pyo3(signature = (source, name, customer, *, types=None, on_bad_rows="error", table=None, progress=None))]
    #[expect(clippy::too_many_arguments, reason = "Python's keyword arguments")]
    fn load_related(
        &self,
        py: Python<'_>,
        source: Source,
        name: String,
        customer: String,
        types: Option<BTreeMap<String, String>>,
        on_bad_rows: &str,
        table: Option<String>,
        progress: Option<Progress>,
    ) -> PyResult<LoadReport> {
        let types = words::types(types.unwrap_or_default()).map_err(Error::from)?;
        let on_bad_rows = words::on_bad_rows(on_bad_rows).map_err(Error::from)?;
        let options = LoadRelated { name, customer, table, types, on_bad_rows };
        self.load(py, progress, move |engine, progress| engine.load_related(source.read()?, &options, progress))
    }

    /// What is known about the customers, as a dict.
    #[getter]
    fn catalog<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let catalog = self.inner()?.catalog().map_err(Error::from)?;
        convert::to_python(py, &*catalog)
    }

    /// Puts another catalog in place of the inferred one: with labels, enums, segments and lists of your own.
    fn set_catalog(&self, catalog: &Bound<'_, PyAny>) -> PyResult<()> {
        let text = match catalog.cast::<PyString>() {
            Ok(text) => text.to_string(),
            Err(_) => convert::to_json(catalog)?,
        };
        let catalog = cvm::Catalog::from_json(&text).map_err(Error::from)?;
        Ok(self.inner()?.set_catalog(catalog).map_err(Error::from)?)
    }

    /// All findings of a filter, also of one that can't be read; an empty list means that it can be used.
    fn validate<'py>(&self, py: Python<'py>, f: FilterLike) -> PyResult<Bound<'py, PyAny>> {
        let engine = self.inner()?;
        let findings = match f.read() {
            Ok(filter) => engine.validate(&filter).map_err(Error::from)?,
            Err(findings) => findings,
        };
        convert::to_python(py, &findings)
    }

    /// A smaller filter with the same members, and how it came about.
    fn optimize(&self, f: FilterLike) -> PyResult<Optimized> {
        let filter = f.read().map_err(Error::from)?;
        Ok(Optimized(self.inner()?.optimize(&filter).map_err(Error::from)?))
    }

    /// The filter as a statement for "postgresql", "mysql", "sqlite", "duckdb", "datafusion", "clickhouse", "spark",
    /// "bigquery", "snowflake", "redshift", "trino" or "sqlserver": the "members"' keys, their "count", a "preview",
    /// the "funnel" of the conditions, an "insert" `into` a table, a "view" of that name, or a "dbt" model.
    ///
    /// With `parameters=False` values are literals in the text; `placeholders` is "dollar", "question", "at", "colon" or
    /// "clickhouse" where the driver wants others than usual. With `materialized=True` segments whose catalog entry says
    /// where their members are kept are looked up there. With `clock="database"` times that move go by the database's own
    /// clock, for views.
    #[pyo3(signature = (f, dialect, statement="members", parameters=true, *, into=None, placeholders=None, materialized=false, clock="frozen"))]
    #[expect(clippy::too_many_arguments, reason = "Python's keyword arguments")]
    fn sql(
        &self,
        f: FilterLike,
        dialect: &str,
        statement: &str,
        parameters: bool,
        into: Option<&str>,
        placeholders: Option<&str>,
        materialized: bool,
        clock: &str,
    ) -> PyResult<Query> {
        let filter = f.read().map_err(Error::from)?;
        let dialect = dialect.parse().map_err(|findings: cvm::Diagnostics| Error::from(findings))?;
        let statement = words::statement(statement, Preview::first(10), into).map_err(Error::from)?;
        let placeholders = placeholders.map(str::parse).transpose();
        let placeholders = placeholders.map_err(|findings: cvm::Diagnostics| Error::from(findings))?;
        let clock = words::clock(clock).map_err(Error::from)?;
        let options =
            SqlOptions { parameters, placeholders, materialized, clock, ..SqlOptions::new(dialect, statement) };
        Ok(Query(self.inner()?.sql(&filter, &options).map_err(Error::from)?))
    }

    /// How it stands with the index in memory that answers while one types: a dict with `state` "off", "none", "building",
    /// "ready" (with `customers`, `bytes` and `answer_bytes`) or "refused" (with `findings`). It is begun by the first
    /// question, which is answered from the tables meanwhile.
    #[getter]
    fn index<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.inner()?.index())
    }

    /// Makes the index of the rows that are loaded, if there is none yet, and waits for it. Raises MemoryBudgetError where
    /// they need more memory than `index_memory`: questions are still answered, from the tables.
    fn prepare<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let engine = Arc::clone(self.inner()?);
        let state = wait::question(py, self.inner()?, async move { engine.prepare_async().await })?;
        convert::to_python(py, &state)
    }

    /// Saves the index of the rows that are loaded, with the catalog, in a folder of its own: `Engine.open` has it back in
    /// no time. Waits for the index.
    fn save(&self, py: Python<'_>, folder: PathBuf) -> PyResult<()> {
        let engine = Arc::clone(self.inner()?);
        wait::work(py, self.inner()?, |_, _| Ok(()), move |_| engine.save(&folder))
    }

    /// An engine for what was saved in a folder: its files are mapped into memory. All questions are answered from it; it
    /// has no tables, so that nothing can be loaded in addition. `index_memory` is how much memory answers to earlier
    /// questions may take, one gibibyte at the most.
    #[staticmethod]
    #[pyo3(signature = (folder, as_of=None, *, index_memory=4_294_967_296))]
    fn open(py: Python<'_>, folder: PathBuf, as_of: Option<AsOf>, index_memory: u64) -> PyResult<Self> {
        let options = EngineOptions { index_memory, ..EngineOptions::default() };
        let mut inner = py.detach(|| cvm::Engine::open(&folder, options)).map_err(Error::from)?;
        if let Some(text) = as_of {
            let zone = inner.catalog().map_err(Error::from)?.zone.clone();
            inner.set_as_of(cvm::read_instant(&text.0, &zone).map_err(Error::from)?);
        }
        Ok(Self { inner: Some(Arc::new(inner)), process: std::process::id() })
    }

    /// Keeps up who is in which segment from here on, beginning with the customers that are loaded. Waits for the index,
    /// which it shares; what is loaded into the engine afterwards does not change it. `now` is the engine's instant if
    /// absent.
    #[pyo3(signature = (now=None))]
    fn live(&self, py: Python<'_>, now: Option<AsOf>) -> PyResult<Live> {
        let engine = Arc::clone(self.inner()?);
        let now = match now {
            Some(text) => {
                let zone = engine.catalog().map_err(Error::from)?.zone.clone();
                cvm::read_instant(&text.0, &zone).map_err(Error::from)?
            }
            None => engine.as_of(),
        };
        wait::work(py, self.inner()?, |_, _| Ok(()), move |_| engine.live(now)).map(Live::from)
    }

    /// What is wrong with a journey beside the catalog of the customers who are loaded, also with one that can't be read: dicts
    /// with `severity`, `code`, `path`, `message`, and where it is known `help`, `nodes`, `edges` and `fix`, which
    /// `cvm.edit_journey` takes. An empty list means that it can start. `beside` are journeys that it leads into or that run
    /// with it.
    #[pyo3(signature = (journey, *, offers=None, beside=None))]
    fn check_journey<'py>(
        &self,
        py: Python<'py>,
        journey: JourneyLike,
        offers: Option<Document>,
        beside: Option<Document>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let engine = self.inner()?;
        let options =
            SimulateOptions { offers: list(offers, "offers")?, beside: list(beside, "beside")?, ..Default::default() };
        let found = match journey.read() {
            Ok(journey) => py.detach(|| engine.check_journey(&journey, &options)).map_err(Raise::raise)?,
            Err(findings) => findings,
        };
        convert::to_python(py, &found)
    }

    /// Takes the customers who are loaded through a journey on a virtual clock: who would enter, go where, get what, and when.
    /// It is what runs journeys: caps, quiet hours, consent, exits and arms are what they are when it runs.
    ///
    /// It begins at `start`, `days` before the engine's instant if absent, so that what customers did since happens again
    /// (not with `events=False`), and looks every `every_minutes` what is due. `assume` is what they would do beside it:
    /// `[{"event": "purchase", "after": "mail", "percent": 5, "within": {"amount": 3, "unit": "day"}}]`. `failed` is how many
    /// of a hundred messages can't be delivered. `customer` is the key of one whose way is told in `path`.
    #[pyo3(signature = (journey, *, start=None, days=60, every_minutes=60, offers=None, beside=None, assume=None, failed=0.0, events=true, seed=0, customer=None))]
    #[expect(clippy::too_many_arguments, reason = "Python's keyword arguments")]
    fn simulate(
        &self,
        py: Python<'_>,
        journey: JourneyLike,
        start: Option<AsOf>,
        days: u32,
        every_minutes: u32,
        offers: Option<Document>,
        beside: Option<Document>,
        assume: Option<Document>,
        failed: f64,
        events: bool,
        seed: u64,
        customer: Option<Key>,
    ) -> PyResult<Simulation> {
        let engine = Arc::clone(self.inner()?);
        let zone = engine.catalog().map_err(Error::from)?.zone.clone();
        let from = start.map(|text| cvm::read_instant(&text.0, &zone)).transpose().map_err(Error::from)?;
        let options = SimulateOptions {
            from,
            days,
            every_minutes,
            offers: list(offers, "offers")?,
            beside: list(beside, "beside")?,
            assume: list(assume, "assume")?,
            failed: named("failed", &failed.to_string())?,
            events,
            seed,
            customer: customer.map(|key| key.value().to_string()),
        };
        let journey = journey.read().map_err(|found| JourneyError::from(found).raise())?;
        wait::work(py, self.inner()?, |_, _| Ok(()), move |_| engine.simulate(&journey, &options)).map(Simulation)
    }

    /// Journeys that run over the customers who are loaded now. With a `folder` all they are told is kept there through
    /// crashes, and those that ran before go on; without one it is in memory. `offers` and `templates` are what the journeys
    /// speak of.
    #[pyo3(signature = (folder=None, *, offers=None, templates=None))]
    fn journeys(
        &self,
        py: Python<'_>,
        folder: Option<PathBuf>,
        offers: Option<Document>,
        templates: Option<Document>,
    ) -> PyResult<Journeys> {
        let engine = Arc::clone(self.inner()?);
        let options =
            JourneysOptions { folder, offers: list(offers, "offers")?, templates: list(templates, "templates")? };
        wait::work(py, self.inner()?, |_, _| Ok(()), move |_| engine.journeys(options)).map(Journeys::from)
    }

    /// How many customers the filter selects.
    fn count(&self, py: Python<'_>, f: FilterLike) -> PyResult<u64> {
        let filter = f.read().map_err(Error::from)?;
        let engine = Arc::clone(self.inner()?);
        wait::question(py, self.inner()?, async move { engine.count_async(&filter).await })
    }

    /// About how many customers the filter selects: a dict with `count`, `low` and `high`, which hold the true number in at
    /// least 95 of 100 samples, `sampled` and `of`. Where all rows fit `index_memory` it is exact; else it comes from as
    /// many customers as fit.
    fn estimate<'py>(&self, py: Python<'py>, f: FilterLike) -> PyResult<Bound<'py, PyAny>> {
        let filter = f.read().map_err(Error::from)?;
        let engine = Arc::clone(self.inner()?);
        let found = wait::question(py, self.inner()?, async move { engine.estimate_async(&filter).await })?;
        convert::to_python(py, &found)
    }

    /// The keys of the customers that the filter selects: one column, in no order.
    fn members(&self, py: Python<'_>, f: FilterLike) -> PyResult<Rows> {
        let filter = f.read().map_err(Error::from)?;
        let engine = Arc::clone(self.inner()?);
        wait::question(py, self.inner()?, async move { engine.members_async(&filter).await }).map(Rows)
    }

    /// Some of the customers that the filter selects, by key unless another order is asked for: `order_by` is a column,
    /// a (column, "asc" or "desc") pair, or a list of them. Missing values come last.
    #[pyo3(signature = (f, limit=10, columns=None, order_by=None, offset=0))]
    fn preview(
        &self,
        py: Python<'_>,
        f: FilterLike,
        limit: u64,
        columns: Option<Vec<String>>,
        order_by: Option<OrderBy>,
        offset: u64,
    ) -> PyResult<Rows> {
        let filter = f.read().map_err(Error::from)?;
        let order = order_by.map_or_else(Vec::new, |order| order.0);
        let preview = Preview { columns: columns.unwrap_or_default(), order, limit, offset };
        let engine = Arc::clone(self.inner()?);
        wait::question(py, self.inner()?, async move { engine.preview_async(&filter, preview).await }).map(Rows)
    }

    /// How many customers each condition of an outermost `and` takes: dicts with `path`, `text`, `alone` and `together`,
    /// which is with all conditions before it.
    fn funnel<'py>(&self, py: Python<'py>, f: FilterLike) -> PyResult<Bound<'py, PyAny>> {
        let filter = f.read().map_err(Error::from)?;
        let engine = Arc::clone(self.inner()?);
        let steps = wait::question(py, self.inner()?, async move { engine.funnel_async(&filter).await })?;
        convert::to_python(py, &steps)
    }

    /// How many customers each of many filters selects. Conditions that filters share are asked once. `progress` is called
    /// with (done, total).
    #[pyo3(signature = (filters, *, progress=None))]
    fn counts(&self, py: Python<'_>, filters: Filters, progress: Option<Progress>) -> PyResult<Vec<u64>> {
        self.many(py, filters, progress, |engine, filters, watch| engine.counts(filters, watch))
    }

    /// The keys of the customers whom each of many filters selects: a table for each filter.
    #[pyo3(signature = (filters, *, progress=None))]
    fn members_of(&self, py: Python<'_>, filters: Filters, progress: Option<Progress>) -> PyResult<Vec<Rows>> {
        let found = self.many(py, filters, progress, |engine, filters, watch| engine.members_of(filters, watch))?;
        Ok(found.into_iter().map(Rows).collect())
    }

    /// How many customers each filter takes who are taken by none before it, in the order of priority: nobody is counted
    /// twice.
    #[pyo3(signature = (filters, *, progress=None))]
    fn waterfall(&self, py: Python<'_>, filters: Filters, progress: Option<Progress>) -> PyResult<Vec<u64>> {
        self.many(py, filters, progress, |engine, filters, watch| engine.waterfall(filters, watch))
    }

    /// How many customers each two filters have in common: for each filter a list of numbers, one for every filter.
    #[pyo3(signature = (filters, *, progress=None))]
    fn overlap(&self, py: Python<'_>, filters: Filters, progress: Option<Progress>) -> PyResult<Vec<Vec<u64>>> {
        self.many(py, filters, progress, |engine, filters, watch| engine.overlap(filters, watch))
    }

    /// Why one customer is in or out.
    fn explain(&self, py: Python<'_>, f: FilterLike, key: Key) -> PyResult<Explanation> {
        let filter = f.read().map_err(Error::from)?;
        let engine = Arc::clone(self.inner()?);
        wait::question(py, self.inner()?, async move { engine.explain_async(&filter, &key.0).await }).map(Explanation)
    }

    /// The keys that the reference evaluator selects, one row at a time. Slow: it is there to check everything else.
    fn reference_members<'py>(&self, py: Python<'py>, f: FilterLike) -> PyResult<Bound<'py, PyAny>> {
        let filter = f.read().map_err(Error::from)?;
        let engine = Arc::clone(self.inner()?);
        let keys = wait::work(py, self.inner()?, |_, _| Ok(()), move |_| engine.reference_members(&filter))?;
        let keys: Vec<_> = keys.iter().map(|key| convert::value(py, key)).collect::<PyResult<_>>()?;
        keys.into_pyobject(py)
    }

    /// As `reference_members`, for many filters: the rows are read once.
    fn reference_members_of<'py>(&self, py: Python<'py>, filters: Filters) -> PyResult<Bound<'py, PyAny>> {
        let filters = filters.read().map_err(Error::from)?;
        let engine = Arc::clone(self.inner()?);
        let found = wait::work(py, self.inner()?, |_, _| Ok(()), move |_| engine.reference_members_of(&filters))?;
        let found: Vec<Vec<_>> = found
            .iter()
            .map(|keys| keys.iter().map(|key| convert::value(py, key)).collect::<PyResult<_>>())
            .collect::<PyResult<_>>()?;
        found.into_pyobject(py)
    }

    fn __repr__(&self) -> PyResult<String> {
        Ok(match self.inner()?.catalog() {
            Ok(catalog) => {
                let table = &catalog.customers;
                format!("<cvm.Engine: {}, key {}, {} fields>", table.table, table.key, table.fields.len())
            }
            Err(_) => "<cvm.Engine: nothing loaded>".to_owned(),
        })
    }
}

impl Engine {
    /// Asks about many filters; an interrupt ends the work.
    fn many<T: Send + 'static>(
        &self,
        py: Python<'_>,
        filters: Filters,
        progress: Option<Progress>,
        ask: impl FnOnce(&cvm::Engine, &[cvm::Filter], Watch<'_>) -> Result<T, cvm::Error> + Send + 'static,
    ) -> PyResult<T> {
        let filters = filters.read().map_err(Error::from)?;
        let report = |done, total| progress.as_ref().map_or(Ok(()), |progress| progress.report(py, done, total));
        let engine = Arc::clone(self.inner()?);
        let cancelled = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&cancelled);
        let work = move |progress: &mut (dyn FnMut(u64, u64) + Send)| {
            let progress = Mutex::new(progress);
            let tell = |done, total| {
                if let Ok(mut progress) = progress.lock() {
                    (*progress)(done, total);
                }
            };
            ask(&engine, &filters, Watch { progress: &tell, cancelled: &seen })
        };
        wait::work(py, self.inner()?, report, work).inspect_err(|_| cancelled.store(true, Ordering::Relaxed))
    }

    fn load(
        &self,
        py: Python<'_>,
        progress: Option<Progress>,
        load: impl FnOnce(&cvm::Engine, &mut (dyn FnMut(u64, u64) + Send)) -> Result<cvm::LoadReport, cvm::Error>
        + Send
        + 'static,
    ) -> PyResult<LoadReport> {
        let report = |done, total| progress.as_ref().map_or(Ok(()), |progress| progress.report(py, done, total));
        let engine = Arc::clone(self.inner()?);
        wait::work(py, self.inner()?, report, move |progress| load(&engine, progress)).map(LoadReport)
    }
}
