//! What moves a store on by itself: it looks what is due, hands out what is to be done, and tells what became of it.

mod inbox;
mod options;
mod outlet;
mod profiles;
mod run;
mod stepped;
mod tasks;

pub use inbox::{Inbox, Told};
pub use options::RunnerOptions;
pub use outlet::Outlet;
pub use profiles::{Change, Profiles, Task};
pub use run::Runner;
pub use stepped::Stepped;
