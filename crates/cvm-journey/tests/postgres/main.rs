//! Machines in PostgreSQL: many workers, and nothing is lost or done twice.
//!
//! `POSTGRES_KILLS=100 POSTGRES_SEED=7 cargo test --release -p cvm-journey --all-features --test postgres` runs long.

#![cfg(all(feature = "postgres", unix))]
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests may, and they start servers"
)]

#[path = "../machine/draw.rs"]
#[allow(dead_code, reason = "other tests use more of it")]
mod draw;
mod fences;
mod killed;
#[path = "../durable/script.rs"]
#[allow(dead_code, reason = "other tests use more of it")]
mod script;
mod server;
mod shares;
mod shop;
mod tables;
mod workers;
#[path = "../machine/world.rs"]
#[allow(dead_code, reason = "other tests use more of it")]
mod world;
