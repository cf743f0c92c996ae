//! The same segments on one machine and on a Ballista cluster: a scheduler and two executors, each its own process.
//!
//! `run.sh` starts the processes, asks, and stops them. Each is this program with another first word.

mod ask;
mod cluster;
mod count;
mod local;
mod segments;
mod shop;

use std::error::Error;
use std::future::Future;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// No process outlives this, even if nobody stops it.
const LIFETIME: Duration = Duration::from_secs(15 * 60);

const USAGE: &str = "usage: cvm-distributed shop FOLDER CUSTOMERS EVENTS
       cvm-distributed scheduler FOLDER
       cvm-distributed executor FOLDER NUMBER
       cvm-distributed ask FOLDER";

fn main() -> ExitCode {
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("warn")).init();
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["shop", folder, customers, events] => shop::write(folder.as_ref(), number(customers)?, number(events)?),
        ["scheduler", folder] => within_lifetime(cluster::scheduler(PathBuf::from(folder))),
        ["executor", folder, which] => within_lifetime(cluster::executor(PathBuf::from(folder), number(which)?)),
        ["ask", folder] => within_lifetime(ask::ask(PathBuf::from(folder))),
        _ => Err(USAGE.into()),
    }
}

fn number(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| format!("`{text}` is no number"))
}

fn within_lifetime(work: impl Future<Output = Result<(), Box<dyn Error>>>) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Runtime::new()?;
    let ended = runtime.block_on(async { tokio::time::timeout(LIFETIME, work).await });
    // Nobody waits for threads that still have work: the process is over.
    runtime.shutdown_background();
    ended.map_err(|_| "gave up: the time is over")?
}
