//! What a step of a runner did.

/// What a step of a runner did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stepped {
    /// How many commands came from others.
    pub told: u64,
    /// Whether it was looked what is due.
    pub ticked: bool,
    /// How much was handed out.
    pub handed: u64,
    /// How much of it is done.
    pub done: u64,
    /// How much can't be done.
    pub failed: u64,
    /// How much is tried again.
    pub again: u64,
    /// Of how much nobody knows.
    pub unknown: u64,
    /// When there may be something to do again, without a command: microseconds since 1970.
    pub next: i64,
}
