//! Errors of the facade on their way to `index.js`, which makes them `CvmError`s.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use cvm::journey::JourneyError;
use cvm::{Code, Diagnostic};
use serde::Serialize;
use tokio::task::JoinError;

/// Tells the findings of the engine from what napi says on its own.
const MARK: &str = "cvm:";

#[derive(Serialize)]
struct Failure<F> {
    message: String,
    diagnostics: F,
}

/// What work ends with when it does not go well. A panic is one of the engine's errors.
pub(crate) trait Raise: From<cvm::Error> {
    /// The error as napi's: an error of JavaScript carries only a text, so the findings are in it, as JSON.
    fn raise(self) -> napi::Error;
}

impl Raise for cvm::Error {
    fn raise(self) -> napi::Error {
        raised(self.to_string(), self.diagnostics())
    }
}

impl Raise for JourneyError {
    fn raise(self) -> napi::Error {
        raised(self.to_string(), self.findings())
    }
}

fn raised(message: String, diagnostics: impl Serialize) -> napi::Error {
    let text = serde_json::to_string(&Failure { message, diagnostics }).unwrap_or_default();
    napi::Error::from_reason(format!("{MARK}{text}"))
}

/// An error of the engine as napi's.
pub(crate) fn to_napi(error: impl Into<cvm::Error>) -> napi::Error {
    error.into().raise()
}

/// An error of the engine that is no finding about any input.
pub(crate) fn failed(message: impl Into<String>) -> cvm::Error {
    Diagnostic::error(Code::Execution, "", message).into()
}

/// Runs what JavaScript waits for. A panic becomes an error: it must not end the host.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, cvm::Error>) -> napi::Result<T> {
    caught(work)
}

/// As [`guarded`], for work on journeys.
pub(crate) fn guarded_journey<T>(work: impl FnOnce() -> Result<T, JourneyError>) -> napi::Result<T> {
    caught(work)
}

fn caught<T, E: Raise>(work: impl FnOnce() -> Result<T, E>) -> napi::Result<T> {
    // Nothing that a panic leaves half done is seen again: the facade's shared state is behind its own locks.
    let done = catch_unwind(AssertUnwindSafe(work));
    done.unwrap_or_else(|panic| Err(panicked(panic.as_ref()).into())).map_err(Raise::raise)
}

/// What a task on the engine's threads ended with.
pub(crate) fn joined<T, E: Raise>(ended: Result<Result<T, E>, JoinError>) -> napi::Result<T> {
    ended
        .unwrap_or_else(|ended| {
            let error = match ended.try_into_panic() {
                Ok(panic) => panicked(panic.as_ref()),
                Err(_) => failed("the question was given up"),
            };
            Err(error.into())
        })
        .map_err(Raise::raise)
}

fn panicked(panic: &(dyn Any + Send)) -> cvm::Error {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let message = format!("an internal check failed: {}", text.unwrap_or("no message"));
    Diagnostic::error(Code::Execution, "", message).help("please report this").into()
}
