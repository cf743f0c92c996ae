//! What lies ahead of customers until they rest: where they can get in each other's way, they move one by one.

use super::context::Start;
use super::program::{Op, Program, Step};
use super::run::Run;

/// By the node: whether who comes to it may stand before a throttle without having rested.
pub(super) fn throttles(steps: &[Option<Step>], order: &[u16]) -> Vec<bool> {
    let mut ahead = vec![false; steps.len()];
    for node in order.iter().rev() {
        let Some(step) = steps.get(usize::from(*node)).and_then(Option::as_ref) else { continue };
        let met = match step.op {
            Op::Throttle { .. } => true,
            Op::Pause(_) | Op::Events { .. } => false,
            _ => step.next.iter().flatten().any(|next| ahead.get(usize::from(*next)) == Some(&true)),
        };
        if let Some(ahead) = ahead.get_mut(usize::from(*node)) {
            *ahead = met;
        }
    }
    ahead
}

impl Program {
    /// Whether who comes to a node may stand before a throttle without having rested.
    pub(super) fn throttle_ahead(&self, node: u16) -> bool {
        self.throttles.get(usize::from(node)) == Some(&true)
    }

    /// The same of who begins to move.
    pub(super) fn throttle_ahead_from(&self, start: Start) -> bool {
        match start {
            Start::At(node) | Start::Still(node) | Start::Look(node) => self.throttle_ahead(node),
            Start::From(node, outcome) => {
                let next = self.step(node).and_then(|step| step.next.get(outcome).copied().flatten());
                next.is_some_and(|next| self.throttle_ahead(next))
            }
        }
    }
}

/// The journeys that others lead into, in order.
pub(super) fn inner(runs: &[Run]) -> Vec<u16> {
    let programs = runs.iter().flat_map(|run| run.versions.iter().flatten());
    let mut inner: Vec<u16> = programs.flat_map(|program| program.subs.iter().map(|(_, journey)| *journey)).collect();
    inner.sort_unstable();
    inner.dedup();
    inner
}

/// Whether customers can get in the way of others by ways through several journeys: who comes back out of a journey, or
/// enters it, comes after all who move in it meanwhile.
pub(super) fn one_by_one(runs: &[Run]) -> bool {
    let scarce = |journey: u16| {
        let program = runs.get(usize::from(journey)).and_then(Run::newest);
        program
            .is_some_and(|program| program.settings().audience_cap.is_some() || program.throttle_ahead(program.entry))
    };
    let mut programs = runs.iter().flat_map(|run| run.versions.iter().flatten());
    programs.any(|program| {
        let mut subs = program.subs.iter();
        subs.any(|(node, journey)| program.throttle_ahead_from(Start::From(*node, 0)) || scarce(*journey))
    })
}
