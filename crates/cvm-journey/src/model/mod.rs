//! What a journey is made of.

mod clock;
mod duration;
mod entry;
mod journey;
mod node;
mod offer;
mod percent;
mod read;
mod settings;
mod text;
mod wait;

pub use clock::{DayWindow, TimeOfDay, Weekday};
pub use duration::{Duration, Unit};
pub use entry::{Entry, Members, Offset, Reentry, Trigger};
pub use journey::{Edge, Journey, Point};
pub use node::{
    Arm, Branch, Case, Empty, End, EventBranch, EventCase, Gate, Goal, Holdout, Jump, ListChange, Node, NodeKind,
    Outcome, Per, Quiet, Send, Split, SubJourney, Throttle, Unknown, Update, WantedEffect, Webhook,
};
pub use offer::{Benefit, Offer, Template, VoucherCode};
pub use percent::Percent;
pub(crate) use read::pointer;
pub use settings::{Cap, Late, Rule, Scope, Settings, Zone};
pub use wait::Wait;
