//! What is at hand while a command is carried out.

use super::effects::Effects;
use super::keys::Known;
use super::names::Filters;
use super::trace::Trace;
use super::world::{When, World, WorldError};
use crate::model::Zone;

/// Somebody on the move, and the turn in which it is: what is scarce goes to those with lower turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mover {
    pub(super) turn: u32,
    pub(super) who: u32,
}

/// Where somebody begins to move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// Comes to a node.
    At(u16),
    /// Goes on from a node by an outcome.
    From(u16, usize),
    /// Is at a node as before: it is looked at what has become of its wait.
    Still(u16),
    /// Is at a node: rules and filters are looked at, and nothing else.
    Look(u16),
}

impl Start {
    pub(super) const fn node(self) -> u16 {
        match self {
            Self::At(node) | Self::From(node, _) | Self::Still(node) | Self::Look(node) => node,
        }
    }
}

/// Somebody is to enter another journey, or came out of one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Crossing {
    pub(super) turn: u32,
    pub(super) customer: u32,
    /// The journey's number.
    pub(super) journey: u16,
}

/// What is at hand while a command is carried out.
pub(super) struct Context<'c> {
    pub(super) now: i64,
    pub(super) world: &'c mut dyn World,
    pub(super) keys: &'c Known,
    pub(super) filters: &'c Filters,
    pub(super) effects: &'c mut Effects,
    /// Who wants something done: journey, node, and who. Sorted by turns when all have moved.
    pub(super) queued: Vec<(u16, u16, Mover)>,
    /// Who is to enter other journeys.
    pub(super) inward: Vec<Crossing>,
    /// Who came out of journeys.
    pub(super) outward: Vec<Crossing>,
    /// The journeys that others lead into, in order.
    pub(super) inner: Vec<u16>,
    /// Whether customers can get in the way of others by ways through several journeys.
    pub(super) one_by_one: bool,
    pub(super) trace: Option<&'c mut Trace>,
}

impl Context<'_> {
    /// Which of these customers a filter takes; nobody is asked about nobody.
    pub(super) fn holds(&mut self, filter: u32, who: &[u32]) -> Result<Vec<bool>, WorldError> {
        if who.is_empty() {
            return Ok(Vec::new());
        }
        self.world.holds(self.filters.asked(filter), self.now, who)
    }

    pub(super) fn instants(&mut self, when: When<'_>, zone: &Zone, who: &[u32]) -> Result<Vec<i64>, WorldError> {
        if who.is_empty() {
            return Ok(Vec::new());
        }
        self.world.instants(when, zone, self.now, who)
    }
}
