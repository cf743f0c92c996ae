//! Work on the engine's threads, as promises. The event loop never waits, and a panic is a rejection.

use std::sync::{Mutex, PoisonError};

use napi::bindgen_prelude::*;
use napi_derive::napi;
use tokio::task::{AbortHandle, JoinHandle};

use crate::errors::{ended, thrown};

/// Gives work up: what an `AbortSignal` calls.
#[napi]
#[derive(Default)]
pub struct Cancel {
    running: Mutex<Option<AbortHandle>>,
}

#[napi]
impl Cancel {
    /// A handle for one piece of work.
    #[napi(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives the work up. Questions end; a load only goes unheard.
    #[napi]
    pub fn cancel(&self) {
        if let Some(running) = self.running.lock().unwrap_or_else(PoisonError::into_inner).take() {
            running.abort();
        }
    }

    fn watch<T>(&self, task: &JoinHandle<T>) {
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = Some(task.abort_handle());
    }
}

/// A promise of a task's result.
pub(crate) fn promise<'env, T: Send + 'static, V: ToNapiValue + 'static>(
    env: &'env Env,
    task: JoinHandle<std::result::Result<T, cvm::Error>>,
    cancel: &Cancel,
    finish: fn(T) -> V,
) -> Result<PromiseRaw<'env, V>> {
    cancel.watch(&task);
    env.spawn_future_with_callback(
        async move { Ok(task.await.unwrap_or_else(|_| Err(ended()))) },
        move |env, done| done.map(finish).map_err(|error| thrown(env, &error)),
    )
}
