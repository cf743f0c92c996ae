//! Waiting for the engine: detached from the interpreter, and with an ear for Ctrl-C.

use std::future::Future;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use pyo3::prelude::*;

use crate::errors::{Error, Raise, failed};

/// How long Ctrl-C may take to be heard.
const POLL: Duration = Duration::from_millis(50);

/// Runs a question on the engine's threads. An interrupt gives it up for good.
pub(crate) fn question<T: Send + 'static>(
    py: Python<'_>,
    engine: &cvm::Engine,
    future: impl Future<Output = Result<T, cvm::Error>> + Send + 'static,
) -> PyResult<T> {
    let (sender, mut receiver) = channel();
    let task = engine.handle().map_err(Error::from)?.spawn(async move { drop(sender.send(future.await)) });
    loop {
        match next(py, &mut receiver) {
            Ok(done) => return Ok(done.map_err(Error::from)?),
            Err(RecvTimeoutError::Timeout) => py.check_signals().inspect_err(|_| task.abort())?,
            Err(RecvTimeoutError::Disconnected) => return Err(ended()),
        }
    }
}

enum Message<T, E> {
    Progress(u64, u64),
    Done(Result<T, E>),
}

/// Runs work that blocks on a thread of its own, and hands its progress to `report`. An interrupt ends only the wait.
pub(crate) fn work<T: Send + 'static, E: Raise + Send + 'static>(
    py: Python<'_>,
    engine: &cvm::Engine,
    mut report: impl FnMut(u64, u64) -> PyResult<()>,
    work: impl FnOnce(&mut (dyn FnMut(u64, u64) + Send)) -> Result<T, E> + Send + 'static,
) -> PyResult<T> {
    let (sender, mut receiver) = channel();
    engine.handle().map_err(Error::from)?.spawn_blocking(move || {
        let progress = sender.clone();
        let done = work(&mut |done, total| drop(progress.send(Message::Progress(done, total))));
        drop(sender.send(Message::Done(done)));
    });
    loop {
        let mut next = next(py, &mut receiver);
        let mut latest = None;
        // Only the latest news is worth a call: a slow callback must not hold the reader up.
        while let Ok(Message::Progress(done, total)) = next {
            latest = Some((done, total));
            next = receiver.recv_timeout(Duration::ZERO);
        }
        if let Some((done, total)) = latest {
            report(done, total)?;
        }
        match next {
            Ok(Message::Done(done)) => return done.map_err(Raise::raise),
            Ok(Message::Progress(..)) | Err(RecvTimeoutError::Timeout) => py.check_signals()?,
            Err(RecvTimeoutError::Disconnected) => return Err(ended()),
        }
    }
}

/// The next message, if there is one before it is time to listen for signals. (A receiver is not shared but lent to the
/// detached closure, as it may move between threads and not be used from two.)
fn next<T: Send>(py: Python<'_>, receiver: &mut Receiver<T>) -> Result<T, RecvTimeoutError> {
    py.detach(move || receiver.recv_timeout(POLL))
}

fn ended() -> PyErr {
    failed("the work ended without a result", "please report this").into()
}
