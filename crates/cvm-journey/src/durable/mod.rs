//! A machine that survives crashes: what it is told is on the disk before anybody hears what follows from it.
//!
//! - [`Store`] is a machine with its log and its snapshots in a folder. It is opened after any crash, loses nothing that it
//!   has answered, and says what it found ([`Recovered`]).
//! - [`Record`] is what stands in a log ([`CommandLog`]): a command, its instant, and what the world answered. The log keeps
//!   causes, not results, so that it is short and says why everything is as it is ([`Store::explain`]).
//! - [`Runner`] moves a store on by itself: it looks what is due, and sends what is to be sent.
//! - [`Storage`] is where a store keeps all this: a folder, or with the feature `postgres` a partition of a database, for many
//!   workers.
//! - [`Disk`] is what a store wants of a folder; [`RealDisk`] is one, and [`testing`] has one that crashes as planned.

mod disk;
mod error;
mod explain;
mod file_log;
mod frame;
mod header;
mod log;
mod memory_log;
mod options;
mod people;
#[cfg(feature = "postgres")]
pub mod postgres;
mod real_disk;
mod record;
mod recovered;
mod runner;
mod segment;
mod snapshot;
mod storage;
mod store;
pub mod testing;
mod waiting;

pub use disk::Disk;
pub use error::StoreError;
pub use explain::Explanation;
pub use file_log::{FileLog, Opened};
pub use log::{CommandLog, Lsn};
pub use memory_log::MemoryLog;
pub use options::Options;
pub use real_disk::RealDisk;
pub use record::Record;
pub use recovered::Recovered;
pub use runner::{Change, Inbox, Outlet, Profiles, Runner, RunnerOptions, Stepped, Task, Told};
pub use storage::Storage;
pub use store::Store;
