//! Why a command is not carried out.

use thiserror::Error;

use super::command::Handle;
use super::world::WorldError;
use crate::finding::Findings;

/// Why a command is refused. Nothing has changed then.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum Refusal {
    /// There is no such journey.
    #[error("there is no journey `{0}`: publish it first")]
    UnknownJourney(String),
    /// There is no customer of this number.
    #[error("there is no customer number {0}: tell the customers' keys first")]
    UnknownCustomer(u32),
    /// An event has a name that the command does not have.
    #[error("an event has the name number {0}, but there are fewer names")]
    UnknownEvent(u16),
    /// An answer is about something of a journey that there is not.
    #[error("an answer is about the journey number {}, which there is not", .0.journey)]
    UnknownHandle(Handle),
    /// The journey was stopped.
    #[error("the journey `{0}` was stopped, and everybody has left it: publish a new version to start again")]
    Stopped(String),
    /// The journey is not right.
    #[error("the journey can't be published:\n{0}")]
    Findings(Findings),
    /// The version is not greater than those before.
    #[error("version {version} of `{journey}` is not after version {newest}: give it a greater number")]
    Version {
        /// The journey's id.
        journey: String,
        /// The version that was to be published.
        version: u32,
        /// The newest one.
        newest: u32,
    },
    /// Customers are at nodes that the new version does not have, and nothing says where they go.
    #[error("customers are at nodes that the new version does not have or has as others: {}. say for each where they go",
        listed(.0))]
    Homeless(Vec<(String, u64)>),
    /// A node for customers in flight is none of the new version.
    #[error("`{0}` is no node of the new version")]
    UnknownNode(String),
    /// An offer that the journey speaks of is not told.
    #[error("the terms of the offer `{0}` are missing")]
    UnknownOffer(String),
    /// Whether customers may be in a journey several times at once can't be changed while it runs.
    #[error("`{0}` began with another rule for who may be in it several times at once: give the new one another id")]
    Reentry(String),
    /// There is no room for more.
    #[error("there are too many {0}")]
    TooMany(&'static str),
}

fn listed(nodes: &[(String, u64)]) -> String {
    nodes.iter().map(|(node, many)| format!("`{node}` ({many})")).collect::<Vec<_>>().join(", ")
}

/// Why a command was not carried out.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ApplyError {
    /// It is refused; nothing has changed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The world did not answer. The machine must be made anew from its log.
    #[error("{0}; the machine must be made anew from its log")]
    World(WorldError),
    /// The log has answers that nobody asked for.
    #[error("the log holds answers that the machine does not ask for: it is of another version")]
    Other,
    /// An earlier command was not carried through.
    #[error("an earlier command was not carried through: the machine must be made anew from its log")]
    Broken,
}
