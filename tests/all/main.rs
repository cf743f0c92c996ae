//! Tests of what more than one crate does together, in one binary.

mod bad_catalogs;
mod bad_filters;
mod bad_questions;
mod bad_tables;
mod never_widens;
mod own_context;
