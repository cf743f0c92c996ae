//! Waiting for futures from threads that may belong to anyone, also to another runtime.

use std::future::Future;
use std::sync::OnceLock;
use std::sync::mpsc;

use cvm_core::{Code, Diagnostic};

use crate::Error;

/// A runtime that is made when it is first needed.
#[derive(Default)]
pub(super) struct Runtime(OnceLock<tokio::runtime::Runtime>);

impl std::fmt::Debug for Runtime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Runtime")
    }
}

impl Runtime {
    /// The threads, made when they are first needed.
    pub(super) fn handle(&self) -> Result<tokio::runtime::Handle, Error> {
        let runtime = match self.0.get() {
            Some(runtime) => runtime,
            None => {
                let made = tokio::runtime::Builder::new_multi_thread().thread_name("cvm").build().map_err(|error| {
                    Diagnostic::error(Code::Execution, "", format!("no threads to work on: {error}"))
                })?;
                self.0.get_or_init(|| made)
            }
        };
        Ok(runtime.handle().clone())
    }

    /// Runs a future to its end on the runtime's threads; the calling thread only waits, so that it may be a thread of
    /// another runtime.
    pub(super) fn block_on<T: Send + 'static>(
        &self,
        future: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Error> {
        let (sender, receiver) = mpsc::sync_channel(1);
        self.handle()?.spawn(async move {
            // Nobody waits any more only when the caller's thread is gone.
            let _ = sender.send(future.await);
        });
        receiver.recv().map_err(|_| Diagnostic::error(Code::Execution, "", "the work ended without a result").into())
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        // A runtime must not be dropped on a thread of another runtime while it waits for its own.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
