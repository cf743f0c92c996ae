//! The machine that takes customers through journeys.
//!
//! It is a state and a function: [`Machine::apply`] takes a [`Command`] and an instant, asks a [`World`] what it needs to know
//! of customers, and says what follows. No clock, no chance and no file is in it, so that the same commands and answers
//! always lead to the same state: live, in a simulation, or when a log is read again.

mod ahead;
mod answer;
mod command;
mod contacts;
mod context;
mod effects;
mod enter;
mod flow;
mod happen;
mod keys;
mod lease;
mod look;
#[expect(clippy::module_inception, reason = "the concept and the module have one name")]
mod machine;
mod names;
mod pages;
mod people;
mod program;
mod publish;
mod reads;
mod refusal;
mod rules;
mod run;
mod several;
mod statistics;
mod terms;
mod tick;
mod trace;
mod versions;
mod work;
mod work_on;
mod world;

pub use command::{Answered, Command, Event, Handle, InFlight, Keys, Outcome, Publish};
pub use effects::{Effects, Exposed, Leased, Reached};
pub use look::{Person, Position};
pub use machine::{Applied, Machine};
pub use publish::{Fate, Moved};
pub use refusal::{ApplyError, Refusal};
pub use run::Status;
pub use statistics::{Counts, Drawn, Held, NodeCounts, Refused};
pub use terms::Terms;
pub use trace::{Happened, Step, Trace};
pub use world::{Answer, Asked, Before, Days, Turned, When, World, WorldError};
