//! Errors of the facade on their way to `index.js`, which makes them `CvmError`s.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use cvm::{Code, Diagnostic, Diagnostics};
use serde::Serialize;
use tokio::task::JoinError;

/// Tells the findings of the engine from what napi says on its own.
const MARK: &str = "cvm:";

#[derive(Serialize)]
struct Failure<'a> {
    message: String,
    diagnostics: &'a Diagnostics,
}

/// The error as napi's: an error of JavaScript carries only a text, so the findings are in it, as JSON.
pub(crate) fn to_napi(error: impl Into<cvm::Error>) -> napi::Error {
    let error = error.into();
    let failure = Failure { message: error.to_string(), diagnostics: error.diagnostics() };
    let text = serde_json::to_string(&failure).unwrap_or_default();
    napi::Error::from_reason(format!("{MARK}{text}"))
}

/// An error of the engine that is no finding about any input.
pub(crate) fn failed(message: impl Into<String>) -> cvm::Error {
    Diagnostic::error(Code::Execution, "", message).into()
}

/// Runs what JavaScript waits for. A panic becomes an error: it must not end the host.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, cvm::Error>) -> napi::Result<T> {
    // Nothing that a panic leaves half done is seen again: the facade's shared state is behind its own locks.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(panicked(panic.as_ref()))).map_err(to_napi)
}

/// What a task on the engine's threads ended with.
pub(crate) fn joined<T>(ended: Result<Result<T, cvm::Error>, JoinError>) -> napi::Result<T> {
    ended
        .unwrap_or_else(|ended| {
            Err(match ended.try_into_panic() {
                Ok(panic) => panicked(panic.as_ref()),
                Err(_) => failed("the question was given up"),
            })
        })
        .map_err(to_napi)
}

fn panicked(panic: &(dyn Any + Send)) -> cvm::Error {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let message = format!("an internal check failed: {}", text.unwrap_or("no message"));
    Diagnostic::error(Code::Execution, "", message).help("please report this").into()
}
