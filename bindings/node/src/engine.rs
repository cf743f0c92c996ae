//! The engine. Filters, catalogs and results are texts here; `index.js` makes objects of them.

use std::sync::Arc;

use cvm::filter::Literal;
use cvm::journey::model::Journey;
use cvm::journey::{SimulateOptions, Simulation, read_journey, read_options};
use cvm::{EngineOptions, Watch, read_filter, read_filters};
use napi::bindgen_prelude::{BigInt, Either, FnArgs, Object, ToNapiValue, Uint8Array};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Result, Status};
use napi_derive::napi;
use serde::Serialize;

use crate::errors::guarded;
use crate::job::{self, Job};
use crate::journeys::Journeys;
use crate::json;
use crate::live::Live;
use crate::options::{LoadOptions, PreviewOptions, StatementOptions};
use crate::rows::Rows;
use crate::source::Source;

/// A function of JavaScript that is told how much is done, and of how much.
type Progress = ThreadsafeFunction<FnArgs<(f64, f64)>, (), FnArgs<(f64, f64)>, Status, false>;

/// One audience and every question about it.
#[napi]
pub struct Engine(Arc<cvm::Engine>);

#[napi]
impl Engine {
    /// An engine with nothing loaded.
    #[napi(constructor)]
    pub fn new(as_of: Option<String>, timezone: Option<String>, index_memory: Option<i64>) -> Result<Self> {
        guarded(|| {
            let zone = timezone.unwrap_or_else(|| EngineOptions::default().zone);
            let as_of = as_of.map(|text| cvm::read_instant(&text, &zone)).transpose()?;
            let index_memory = index_memory.map_or(EngineOptions::INDEX_MEMORY, i64::unsigned_abs);
            Ok(Self(Arc::new(cvm::Engine::new(EngineOptions {
                as_of,
                zone,
                index_memory,
                ..EngineOptions::default()
            })?)))
        })
    }

    /// An engine for what was saved in a folder.
    #[napi(factory)]
    pub fn open(folder: String, as_of: Option<String>, index_memory: Option<i64>) -> Result<Self> {
        guarded(|| {
            let index_memory = index_memory.map_or(EngineOptions::INDEX_MEMORY, i64::unsigned_abs);
            let options = EngineOptions { index_memory, ..EngineOptions::default() };
            let mut engine = cvm::Engine::open(folder.as_ref(), options)?;
            if let Some(text) = as_of {
                let zone = engine.catalog()?.zone.clone();
                engine.set_as_of(cvm::read_instant(&text, &zone)?);
            }
            Ok(Self(Arc::new(engine)))
        })
    }

    /// Saves the index in a folder.
    #[napi(ts_return_type = "Promise<boolean>")]
    pub fn save<'env>(&self, env: &'env Env, folder: String) -> Result<Object<'env>> {
        job::work(env, &self.0, move |engine| engine.save(folder.as_ref()).map(|()| true))
    }

    /// Keeps up who is in which segment from here on.
    #[napi(ts_return_type = "Promise<Live>")]
    pub fn live<'env>(&self, env: &'env Env, now: Option<String>) -> Result<Object<'env>> {
        job::work(env, &self.0, move |engine| {
            let now = match now {
                Some(text) => cvm::read_instant(&text, &engine.catalog()?.zone)?,
                None => engine.as_of(),
            };
            engine.live(now).map(Live::from)
        })
    }

    /// What is wrong with a journey.
    #[napi(ts_return_type = "Promise<string>")]
    pub fn check_journey<'env>(&self, env: &'env Env, journey: String, options: String) -> Result<Object<'env>> {
        job::journey_work(env, &self.0, move |engine| {
            let found = match Journey::from_json(&journey) {
                Ok(journey) => engine.check_journey(&journey, &read_options(&options)?)?,
                Err(found) => found,
            };
            Ok(json::encode(&found)?)
        })
    }

    /// Takes the customers who are loaded through a journey on a virtual clock.
    #[napi(ts_return_type = "Promise<string>")]
    pub fn simulate<'env>(
        &self,
        env: &'env Env,
        journey: String,
        options: String,
        start: Option<String>,
    ) -> Result<Object<'env>> {
        job::journey_work(env, &self.0, move |engine| {
            let mut options: SimulateOptions = read_options(&options)?;
            if let Some(text) = start {
                let zone = engine.catalog()?.zone.clone();
                options.from = Some(cvm::read_instant(&text, &zone)?);
            }
            let told = engine.simulate(&read_journey(&journey)?, &options)?;
            Ok(json::encode(&Simulated { svg: told.svg(), told })?)
        })
    }

    /// Journeys that run over the customers who are loaded now.
    #[napi(ts_return_type = "Promise<Journeys>")]
    pub fn journeys<'env>(&self, env: &'env Env, options: String) -> Result<Object<'env>> {
        let owner = Arc::clone(&self.0);
        job::journey_work(env, &self.0, move |engine| {
            Ok(Journeys::new(engine.journeys(read_options(&options)?)?, owner))
        })
    }

    /// How it stands with the index in memory.
    #[napi]
    pub fn index(&self) -> Result<String> {
        guarded(|| json::encode(&self.0.index()))
    }

    /// Makes the index and waits for it.
    #[napi(ts_return_type = "Promise<string>")]
    pub fn prepare<'env>(&self, env: &'env Env, job: &Job) -> Result<Object<'env>> {
        job::question(env, &self.0, job, |engine| async move { json::encode(&engine.prepare_async().await?) })
    }

    /// How many customers each of many filters selects.
    #[napi(ts_return_type = "Promise<string>")]
    pub fn counts<'env>(
        &self,
        env: &'env Env,
        job: &Job,
        filters: Vec<String>,
        #[napi(ts_arg_type = "((done: number, total: number) => void) | null")] progress: Option<Progress>,
    ) -> Result<Object<'env>> {
        self.many(env, job, filters, progress, |engine, filters, watch| json::encode(&engine.counts(filters, watch)?))
    }

    /// The keys of the customers whom each of many filters selects.
    #[napi(ts_return_type = "Promise<Rows[]>")]
    pub fn members_of<'env>(
        &self,
        env: &'env Env,
        job: &Job,
        filters: Vec<String>,
        #[napi(ts_arg_type = "((done: number, total: number) => void) | null")] progress: Option<Progress>,
    ) -> Result<Object<'env>> {
        let owner = Arc::clone(&self.0);
        self.many(env, job, filters, progress, move |engine, filters, watch| {
            let found = engine.members_of(filters, watch)?;
            Ok(found.into_iter().map(|rows| Rows::new(rows, Arc::clone(&owner))).collect::<Vec<_>>())
        })
    }

    /// How many customers each filter takes who are taken by none before it.
    #[napi(ts_return_type = "Promise<string>")]
    pub fn waterfall<'env>(
        &self,
        env: &'env Env,
        job: &Job,
        filters: Vec<String>,
        #[napi(ts_arg_type = "((done: number, total: number) => void) | null")] progress: Option<Progress>,
    ) -> Result<Object<'env>> {
        self.many(env, job, filters, progress, |engine, filters, watch| {
            json::encode(&engine.waterfall(filters, watch)?)
        })
    }

    /// How many customers each two filters have in common.
    #[napi(ts_return_type = "Promise<string>")]
    pub fn overlap<'env>(
        &self,
        env: &'env Env,
        job: &Job,
        filters: Vec<String>,
        #[napi(ts_arg_type = "((done: number, total: number) => void) | null")] progress: Option<Progress>,
    ) -> Result<Object<'env>> {
        self.many(env, job, filters, progress, |engine, filters, watch| json::encode(&engine.overlap(filters, watch)?))
    }

    /// Loads the customers.
    #[napi(ts_return_type = "Promise<string>")]
    pub fn load_customers<'env>(
        &self,
        env: &'env Env,
        source: Either<String, Uint8Array>,
        options: LoadOptions,
        #[napi(ts_arg_type = "((done: number, total: number) => void) | null")] progress: Option<Progress>,
    ) -> Result<Object<'env>> {
        let source = Source::from(source);
        job::work(env, &self.0, move |engine| {
            let options = options.customers()?;
            report(&engine.load_customers(source.read()?, &options, &mut |done, total| {
                tell(progress.as_ref(), done, total);
            })?)
        })
    }

    /// Loads events of the customers.
    #[napi(ts_return_type = "Promise<string>")]
    pub fn load_events<'env>(
        &self,
        env: &'env Env,
        source: Either<String, Uint8Array>,
        options: LoadOptions,
        #[napi(ts_arg_type = "((done: number, total: number) => void) | null")] progress: Option<Progress>,
    ) -> Result<Object<'env>> {
        let source = Source::from(source);
        job::work(env, &self.0, move |engine| {
            let options = options.events()?;
            report(&engine.load_events(source.read()?, &options, &mut |done, total| {
                tell(progress.as_ref(), done, total);
            })?)
        })
    }

    /// Loads rows that belong to customers.
    #[napi(ts_return_type = "Promise<string>")]
    pub fn load_related<'env>(
        &self,
        env: &'env Env,
        source: Either<String, Uint8Array>,
        options: LoadOptions,
        #[napi(ts_arg_type = "((done: number, total: number) => void) | null")] progress: Option<Progress>,
    ) -> Result<Object<'env>> {
        let source = Source::from(source);
        job::work(env, &self.0, move |engine| {
            let options = options.related()?;
            report(&engine.load_related(source.read()?, &options, &mut |done, total| {
                tell(progress.as_ref(), done, total);
            })?)
        })
    }

    /// What is known about the customers.
    #[napi]
    pub fn catalog(&self) -> Result<String> {
        guarded(|| json::encode(&*self.0.catalog()?))
    }

    /// Puts another catalog in place of the inferred one.
    #[napi]
    pub fn set_catalog(&self, catalog: String) -> Result<()> {
        guarded(|| self.0.set_catalog(cvm::Catalog::from_json(&catalog)?))
    }

    /// All findings of a filter, also of one that can't be read.
    #[napi]
    pub fn validate(&self, filter: String) -> Result<String> {
        guarded(|| match read_filter(&filter) {
            Ok(filter) => json::encode(&self.0.validate(&filter)?),
            Err(findings) => json::encode(&findings),
        })
    }

    /// A smaller filter with the same members.
    #[napi]
    pub fn optimize(&self, filter: String) -> Result<String> {
        guarded(|| {
            let smaller = self.0.optimize(&read_filter(&filter)?)?;
            let text = smaller.filter.to_string();
            json::encode(&Optimized { filter: &smaller.filter, text, trace: &smaller.trace })
        })
    }

    /// The filter as a statement.
    #[napi]
    pub fn sql(&self, filter: String, options: StatementOptions) -> Result<String> {
        guarded(|| json::encode(&self.0.sql(&read_filter(&filter)?, &options.read()?)?))
    }

    /// How many customers the filter selects.
    #[napi(ts_return_type = "Promise<number>")]
    pub fn count<'env>(&self, env: &'env Env, job: &Job, filter: String) -> Result<Object<'env>> {
        job::question(env, &self.0, job, async move |engine| {
            Ok(engine.count_async(&read_filter(&filter)?).await? as f64)
        })
    }

    /// About how many customers the filter selects.
    #[napi(ts_return_type = "Promise<string>")]
    pub fn estimate<'env>(&self, env: &'env Env, job: &Job, filter: String) -> Result<Object<'env>> {
        job::question(env, &self.0, job, |engine| async move {
            json::encode(&engine.estimate_async(&read_filter(&filter)?).await?)
        })
    }

    /// The keys of the customers that the filter selects.
    #[napi(ts_return_type = "Promise<Rows>")]
    pub fn members<'env>(&self, env: &'env Env, job: &Job, filter: String) -> Result<Object<'env>> {
        job::question(env, &self.0, job, |engine| async move {
            let rows = engine.members_async(&read_filter(&filter)?).await?;
            Ok(Rows::new(rows, engine))
        })
    }

    /// Some of the customers that the filter selects.
    #[napi(ts_return_type = "Promise<Rows>")]
    pub fn preview<'env>(
        &self,
        env: &'env Env,
        job: &Job,
        filter: String,
        options: PreviewOptions,
    ) -> Result<Object<'env>> {
        job::question(env, &self.0, job, |engine| async move {
            let rows = engine.preview_async(&read_filter(&filter)?, options.read()?).await?;
            Ok(Rows::new(rows, engine))
        })
    }

    /// How many customers each condition takes.
    #[napi(ts_return_type = "Promise<string>")]
    pub fn funnel<'env>(&self, env: &'env Env, job: &Job, filter: String) -> Result<Object<'env>> {
        job::question(env, &self.0, job, |engine| async move {
            json::encode(&engine.funnel_async(&read_filter(&filter)?).await?)
        })
    }

    /// Why one customer is in or out.
    #[napi(ts_return_type = "Promise<string>")]
    pub fn explain<'env>(
        &self,
        env: &'env Env,
        job: &Job,
        filter: String,
        key: Either<String, BigInt>,
    ) -> Result<Object<'env>> {
        let key = match key {
            Either::A(text) => Literal::Str(text),
            Either::B(int) => Literal::Int(int.get_i64().0),
        };
        job::question(env, &self.0, job, |engine| async move {
            let found = engine.explain_async(&read_filter(&filter)?, &key).await?;
            json::encode(&Explanation { text: found.to_string(), found: &found })
        })
    }

    /// The keys that the reference evaluator selects.
    #[napi(ts_return_type = "Promise<string>")]
    pub fn reference_members<'env>(&self, env: &'env Env, filter: String) -> Result<Object<'env>> {
        job::work(env, &self.0, move |engine| {
            let keys = engine.reference_members(&read_filter(&filter)?)?;
            json::encode(&keys.iter().map(cvm::Value::to_json).collect::<Vec<_>>())
        })
    }
}

#[derive(Serialize)]
struct Simulated {
    #[serde(flatten)]
    told: Simulation,
    svg: String,
}

impl Engine {
    /// Asks about many filters on a thread of its own; the job ends the work.
    fn many<'env, T: ToNapiValue + Send + 'static>(
        &self,
        env: &'env Env,
        job: &Job,
        filters: Vec<String>,
        progress: Option<Progress>,
        ask: impl FnOnce(&cvm::Engine, &[cvm::Filter], Watch<'_>) -> std::result::Result<T, cvm::Error> + Send + 'static,
    ) -> Result<Object<'env>> {
        let cancelled = job.cancelled();
        job::work(env, &self.0, move |engine| {
            let filters = read_filters(&filters)?;
            let progress = |done, total| tell(progress.as_ref(), done, total);
            ask(engine, &filters, Watch { progress: &progress, cancelled: &cancelled })
        })
    }
}

fn tell(progress: Option<&Progress>, done: u64, total: u64) {
    if let Some(progress) = progress {
        // A host that is about to end hears nothing any more.
        let _ = progress.call((done as f64, total as f64).into(), ThreadsafeFunctionCallMode::NonBlocking);
    }
}

fn report(report: &cvm::LoadReport) -> std::result::Result<String, cvm::Error> {
    json::encode(&LoadReport { rows: report.rows, warnings: &report.warnings })
}

#[derive(Serialize)]
struct LoadReport<'a> {
    rows: u64,
    warnings: &'a cvm::Diagnostics,
}

#[derive(Serialize)]
struct Optimized<'a, F: Serialize, T: Serialize> {
    filter: &'a F,
    text: String,
    trace: &'a T,
}

#[derive(Serialize)]
struct Explanation<'a> {
    #[serde(flatten)]
    found: &'a cvm::Explanation,
    text: String,
}
