//! Stores that crash: what was answered is never lost, and nothing is done twice.
//!
//! `DURABLE_EVERY=1 DURABLE_SEEDS=20 DURABLE_SEED=1 cargo test --release -p cvm-journey --all-features --test durable` runs long.

#![cfg(feature = "file")]
#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests may")]

mod chaos;
mod crashes;
mod damage;
#[path = "../machine/draw.rs"]
#[allow(dead_code, reason = "other tests use more of it")]
mod draw;
mod golden;
mod oracle;
mod people;
#[cfg(feature = "webhook")]
#[path = "../common/receiver.rs"]
#[allow(dead_code, reason = "other tests use more of it")]
mod receiver;
mod replay;
mod runner;
mod script;
mod simulation;
#[path = "../machine/world.rs"]
#[allow(dead_code, reason = "other tests use more of it")]
mod world;
