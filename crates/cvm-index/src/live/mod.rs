//! Membership that is kept up while customers change, events come in and time goes by.
//!
//! Every registered filter is cut into its conditions, and each condition is kept once, whatever number of segments ask
//! it: one bit for each customer and condition, one for each customer and segment. A change asks those conditions again
//! that look at what changed; where a bit turns, the segments that hold the condition are put together anew from bits.
//! What time alone will do is known beforehand: a queue says when which condition of whom must be asked again. Counts and
//! sums in windows of a fixed length are running numbers instead, and the events themselves, in the order of time, are
//! the queue.

mod advance;
mod apply;
mod asks;
mod board;
mod change;
mod check;
mod clauses;
mod fast;
mod flow;
mod formula;
mod gather;
mod judge;
mod leaf;
mod log;
mod look;
mod number;
mod order;
mod people;
mod queue;
mod register;
mod rows;
mod state;
mod tell;
mod window;

pub use change::{Change, EventName, Properties, Transition};
pub use state::Live;
pub use tell::Told;
