//! Customers and their events in memory, laid out so that filters are answered while one types.
//!
//! Customers are numbered; each column is kept as narrow as its values allow, and each customer's events lie side by
//! side in the order of time. A condition becomes a set of customers, one bit each, in one pass over what it speaks of;
//! `and`, `or` and `not` are operations on those bits, and the sets are kept, so that editing one condition asks for one
//! anew. Answers are those of the reference evaluator, [`cvm_core::evaluate_with`].

mod arrays;
mod ask;
mod behaviour;
mod bitmap;
mod build;
mod bytes_read;
mod cache;
mod column;
mod evaluate;
mod explain;
mod fold;
mod holds;
mod index;
mod ints;
mod keys;
mod last_values;
mod leaf;
pub mod live;
mod many;
mod measured;
mod persist;
mod places;
mod preview;
mod program;
mod question;
mod range;
mod rank;
mod read;
mod recent;
mod scan;
mod stream;
mod stretch;
mod table;
mod tally;
mod texts;
mod wide;
mod with_catalog;

pub use build::IndexBuilder;
pub use holds::Occurred;
pub use index::Index;
pub use many::Watch;
pub use persist::IndexReader;
pub use preview::Page;
