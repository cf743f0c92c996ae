//! Membership that is kept up while things happen. Documents are texts here; `lib/live.js` makes them, and calls one after
//! the other.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cvm::{Transition, Value, read_document, read_filter, read_filters, read_instant};
use napi::bindgen_prelude::{AsyncTask, BigInt, Either, Result};
use napi::{Env, Task};
use napi_derive::napi;
use serde::Serialize;

use crate::errors::{failed, guarded};
use crate::json;

type Answer = std::result::Result<String, cvm::Error>;

/// Who is in which segment, kept up.
#[napi]
pub struct Live(Arc<Mutex<cvm::Live>>);

impl From<cvm::Live> for Live {
    fn from(live: cvm::Live) -> Self {
        Self(Arc::new(Mutex::new(live)))
    }
}

/// Work for a thread of the pool, once.
pub struct LiveTask(Option<Box<dyn FnOnce() -> Answer + Send>>);

impl Task for LiveTask {
    type Output = String;
    type JsValue = String;

    fn compute(&mut self) -> Result<String> {
        let work = self.0.take();
        guarded(|| work.map_or_else(|| Err(failed("a task runs once")), |work| work()))
    }

    fn resolve(&mut self, _: Env, answer: String) -> Result<String> {
        Ok(answer)
    }
}

#[napi]
impl Live {
    /// Begins without customers.
    #[napi(constructor)]
    pub fn new(catalog: String, now: Option<String>) -> Result<Self> {
        guarded(|| {
            let catalog = cvm::Catalog::from_json(&catalog)?;
            let now = instant(now, &catalog.zone)?;
            Ok(cvm::Live::empty(catalog, now).into())
        })
    }

    /// Registers segments, all of them or none; how many members each has.
    #[napi(ts_return_type = "Promise<string>")]
    pub fn register(&self, names: Vec<String>, filters: Vec<String>) -> AsyncTask<LiveTask> {
        self.task(move |live| {
            let filters = read_filters(&filters)?;
            let named: Vec<_> = names.iter().map(String::as_str).zip(&filters).collect();
            json::encode(&live.register_all(&named)?)
        })
    }

    /// Registers one segment; how many members it has.
    #[napi(ts_return_type = "Promise<string>")]
    pub fn register_one(&self, name: String, filter: String) -> AsyncTask<LiveTask> {
        self.task(move |live| json::encode(&live.register(&name, &read_filter(&filter)?)?))
    }

    /// Keeps a segment up no longer.
    #[napi(ts_return_type = "Promise<string>")]
    pub fn unregister(&self, name: String) -> AsyncTask<LiveTask> {
        self.task(move |live| json::encode(&live.unregister(&name)))
    }

    /// Time goes on, and changes take place.
    #[napi(ts_return_type = "Promise<string>")]
    pub fn apply(&self, changes: String, now: Option<String>) -> AsyncTask<LiveTask> {
        self.task(move |live| {
            let now = instant(now, live.zone())?;
            told(&live.apply(now, &read_document(&changes)?)?)
        })
    }

    /// Time goes by.
    #[napi(ts_return_type = "Promise<string>")]
    pub fn advance(&self, to: Option<String>) -> AsyncTask<LiveTask> {
        self.task(move |live| {
            let to = instant(to, live.zone())?;
            told(&live.advance(to)?)
        })
    }

    /// How many members a segment has: null where there is no such segment.
    #[napi(ts_return_type = "Promise<string>")]
    pub fn count(&self, name: String) -> AsyncTask<LiveTask> {
        self.task(move |live| json::encode(&live.count(&name)))
    }

    /// The keys of a segment's members: null where there is no such segment.
    #[napi(ts_return_type = "Promise<string>")]
    pub fn members(&self, name: String) -> AsyncTask<LiveTask> {
        self.task(move |live| {
            let keys = live.members(&name);
            json::encode(&keys.map(|keys| keys.iter().map(Value::to_json).collect::<Vec<_>>()))
        })
    }

    /// Whether a customer is in a segment: null where there is no such segment.
    #[napi(ts_return_type = "Promise<string>")]
    pub fn is_member(&self, name: String, key: Either<String, BigInt>) -> AsyncTask<LiveTask> {
        let key = match key {
            Either::A(text) => Value::Str(text),
            Either::B(int) => Value::Int(int.get_i64().0),
        };
        self.task(move |live| json::encode(&live.is_member(&name, &key)))
    }

    /// How it stands.
    #[napi(ts_return_type = "Promise<string>")]
    pub fn state(&self) -> AsyncTask<LiveTask> {
        self.task(|live| {
            json::encode(&State {
                now: live.now().to_string(),
                next_change: live.next_change().map(|at| at.to_string()),
                customers: live.len(),
                segments: live.segments().collect(),
                left_out: live.left_out(),
            })
        })
    }
}

impl Live {
    fn task(
        &self,
        work: impl FnOnce(&mut MutexGuard<'_, cvm::Live>) -> Answer + Send + 'static,
    ) -> AsyncTask<LiveTask> {
        let live = Arc::clone(&self.0);
        let work = move || work(&mut live.lock().unwrap_or_else(PoisonError::into_inner));
        AsyncTask::new(LiveTask(Some(Box::new(work))))
    }
}

pub(crate) fn instant(given: Option<String>, zone: &str) -> std::result::Result<cvm::Timestamp, cvm::Error> {
    given.map_or_else(|| Ok(cvm::now()), |text| read_instant(&text, zone))
}

fn told(transitions: &[Transition]) -> Answer {
    let told = transitions.iter().map(|one| Told {
        segment: &one.segment,
        key: one.key.to_json(),
        at: one.at.to_string(),
        entered: one.entered,
    });
    json::encode(&told.collect::<Vec<_>>())
}

#[derive(Serialize)]
struct Told<'t> {
    segment: &'t str,
    key: serde_json::Value,
    at: String,
    entered: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct State<'l> {
    now: String,
    next_change: Option<String>,
    customers: usize,
    segments: Vec<&'l str>,
    left_out: u64,
}
