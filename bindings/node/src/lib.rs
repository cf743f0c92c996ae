//! The native half of the Node package `cvm-engine`: the facade's verbs with texts, numbers and Arrow bytes in and out.
//! `index.js` is the other half: it knows classes, options and `AbortSignal`.

mod engine;
mod errors;
#[cfg_attr(test, allow(dead_code, reason = "what JavaScript calls is registered outside of tests"))]
mod filters;
mod job;
#[cfg_attr(test, allow(dead_code, reason = "what JavaScript calls is registered outside of tests"))]
mod journey;
#[cfg_attr(test, allow(dead_code, reason = "what JavaScript calls is registered outside of tests"))]
mod journeys;
mod json;
#[cfg_attr(test, allow(dead_code, reason = "what JavaScript calls is registered outside of tests"))]
mod live;
#[cfg_attr(test, allow(dead_code, reason = "what JavaScript calls is registered outside of tests"))]
mod matcher;
mod options;
mod rows;
mod source;
mod verb;

/// Filters are many small pieces: this allocator serves them several times faster than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
