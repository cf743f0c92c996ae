//! Work on the engine's threads as promises. JavaScript's thread only hands over and takes delivery.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use cvm::journey::JourneyError;
use napi::bindgen_prelude::{Object, ToNapiValue};
use napi::{Env, Result};
use napi_derive::napi;
use tokio::task::{AbortHandle, JoinHandle};

use crate::errors::{Raise, failed, joined, to_napi};

/// A handle on one question, to give it up.
#[napi]
pub struct Job {
    task: OnceLock<AbortHandle>,
    /// For work that blocks and looks here at its steps.
    cancelled: Arc<AtomicBool>,
}

#[napi]
impl Job {
    /// A handle to hand to one question.
    #[napi(constructor)]
    pub fn new() -> Self {
        Self { task: OnceLock::new(), cancelled: Arc::default() }
    }

    /// Gives the question up: what is queued is dropped, what runs ends at its next pause.
    #[napi]
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
        if let Some(task) = self.task.get() {
            task.abort();
        }
    }
}

impl Job {
    /// Whether the work was given up.
    pub(crate) fn cancelled(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.cancelled)
    }
}

/// The promise of a question that awaits; `job` may give it up.
pub(crate) fn question<'env, T, F>(
    env: &'env Env,
    engine: &Arc<cvm::Engine>,
    job: &Job,
    ask: impl FnOnce(Arc<cvm::Engine>) -> F + Send + 'static,
) -> Result<Object<'env>>
where
    T: ToNapiValue + Send + 'static,
    F: Future<Output = std::result::Result<T, cvm::Error>> + Send + 'static,
{
    let asked = Arc::clone(engine);
    // The question is made inside the task: reading a long filter takes its time too.
    let task = engine.handle().map_err(to_napi)?.spawn(async move { ask(asked).await });
    if job.task.set(task.abort_handle()).is_err() {
        return Err(to_napi(failed("a job is for one question")));
    }
    promise(env, engine, task)
}

/// The promise of work that blocks a thread of its own.
pub(crate) fn work<'env, T: ToNapiValue + Send + 'static>(
    env: &'env Env,
    engine: &Arc<cvm::Engine>,
    work: impl FnOnce(&cvm::Engine) -> std::result::Result<T, cvm::Error> + Send + 'static,
) -> Result<Object<'env>> {
    blocking(env, engine, work)
}

/// As [`work`], on journeys.
pub(crate) fn journey_work<'env, T: ToNapiValue + Send + 'static>(
    env: &'env Env,
    engine: &Arc<cvm::Engine>,
    work: impl FnOnce(&cvm::Engine) -> std::result::Result<T, JourneyError> + Send + 'static,
) -> Result<Object<'env>> {
    blocking(env, engine, work)
}

fn blocking<'env, T: ToNapiValue + Send + 'static, E: Raise + Send + 'static>(
    env: &'env Env,
    engine: &Arc<cvm::Engine>,
    work: impl FnOnce(&cvm::Engine) -> std::result::Result<T, E> + Send + 'static,
) -> Result<Object<'env>> {
    let worker = Arc::clone(engine);
    let task = engine.handle().map_err(to_napi)?.spawn_blocking(move || work(&worker));
    promise(env, engine, task)
}

fn promise<'env, T: ToNapiValue + Send + 'static, E: Raise + Send + 'static>(
    env: &'env Env,
    engine: &Arc<cvm::Engine>,
    task: JoinHandle<std::result::Result<T, E>>,
) -> Result<Object<'env>> {
    let (deferred, promise) = env.create_deferred()?;
    let handle = engine.handle().map_err(to_napi)?;
    // The engine owns the threads: it must not go before the promise is settled.
    let engine = Arc::clone(engine);
    handle.spawn(async move {
        match joined(task.await) {
            Ok(value) => deferred.resolve(move |_| Ok(value)),
            Err(error) => deferred.reject(error),
        }
        drop(engine);
    });
    Ok(promise)
}
