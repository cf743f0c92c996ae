//! Journeys of customers: what happens to whom, when.
//!
//! - [`model`] is what a journey is made of; it reads and prints JSON that React Flow opens as it is.
//! - [`Builder`] makes one node after node.
//! - [`edit`] changes a journey by commands that can be undone, logged and sent over a wire.
//! - [`check`](fn@check) and [`check_with`] find what is wrong before anything starts, and say how to put it right.
//! - [`react_flow`] takes pictures apart and makes them.
//! - [`Chance`] says who gets which arm, again and again the same.
//! - [`machine`] takes customers through journeys.
//! - [`recurrence`] says on which days rules hold.
//! - With the feature `file`, `durable` keeps a machine in a folder, through crashes.
//! - [`time`] says when clocks of customers show something.
//! - [`message`] puts what is known of a customer into the words of a template, [`channel`] takes it away.
//! - [`picture`] draws journeys, with how many customers went where.
//!
//! This crate is pure: no files, no network, no clock, no SQL, no Arrow, other than what features turn on.

mod address;
mod build;
mod chance;
pub mod channel;
mod check;
#[cfg(feature = "file")]
pub mod durable;
pub mod edit;
mod finding;
pub mod machine;
pub mod message;
pub mod model;
pub mod picture;
pub mod react_flow;
pub mod recurrence;
pub mod time;

pub use build::Builder;
pub use chance::{Chance, key_number};
pub use check::{Known, check, check_with};
pub use finding::{Code, Finding, Findings, Severity};
