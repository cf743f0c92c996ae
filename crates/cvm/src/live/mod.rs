//! Membership that is kept up while things happen, from documents.

mod keep;
mod read;

pub use keep::Live;
pub(crate) use read::changes;
