//! Machines that are kept in PostgreSQL, by many workers at once.
//!
//! Customers are shared out to partitions by their keys ([`partition_of`]). A partition is a machine of its own, with its log
//! and its snapshots in tables; a worker that holds it moves it on, alone. What all customers have together (throttles,
//! budgets, pools of codes) is shared out too ([`Share`]).
//!
//! - [`Database`] is a connection to the tables. [`Database::claim`] takes a partition that nobody holds (`FOR UPDATE SKIP
//!   LOCKED`, so that workers never wait for each other) and gives it a new fence.
//! - [`Partition`] is where a [`Store`](super::Store) keeps such a machine. Everything is written in statements that look at
//!   the fence themselves: a worker that slept for too long and wakes up writes nothing more.
//! - Anybody can leave letters for a partition ([`Database::post`]), also who does not hold it: events, entries, versions.
//!   They are taken away in the same commit in which what they told is logged: each counts once.
//! - [`Worker`] does all of this in a loop, for as many partitions as are its share of the workers that live.
//!
//! Connections are the caller's affair (TLS, passwords). They must keep what is set for a session, as poolers do only in
//! session mode. Calls block: in asynchronous programs they belong on a thread of their own.

mod connection;
mod crew;
mod database;
mod letters;
mod log;
mod partition;
mod schema;
mod share;
mod snapshots;
mod worker;

pub use crew::Crew;
pub use database::{Database, DatabaseOptions, Held};
pub use letters::Letter;
pub use log::PostgresLog;
pub use partition::Partition;
pub use share::{Share, partition_of};
pub use worker::{Turn, Worker};
