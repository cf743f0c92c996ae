//! Time passes, and customers change.

use super::context::Start;
use super::people::Phase;
use super::program::{Op, Program};
use super::run::{Run, Status};
use super::work_on::{Work, in_turn, once};
use super::world::WorldError;
use crate::model::{Members, Trigger};

impl Program {
    /// Where somebody goes on whose wait is over.
    pub(super) fn over(&self, node: u16) -> Option<Start> {
        match &self.step(node)?.op {
            Op::Events { cases, .. } => Some(Start::From(node, cases.len())),
            Op::Until { .. } => Some(Start::From(node, 1)),
            Op::Moment(_) => Some(Start::Still(node)),
            _ => Some(Start::From(node, 0)),
        }
    }

    /// The journey that a node leads into.
    pub(super) fn leads_into(&self, node: u16) -> Option<u16> {
        match self.step(node)?.op {
            Op::Sub(journey) => Some(journey),
            _ => None,
        }
    }

    /// Whether a customer at a node waits for a filter.
    pub(super) fn waits_for_filter(&self, node: u16) -> bool {
        self.step(node).is_some_and(|step| matches!(step.op, Op::Until { .. }))
    }
}

impl Run {
    /// Who may pass the throttles now, in the order of their lines.
    pub(super) fn pass_lines(&mut self, now: i64) -> Vec<(u32, Start)> {
        let mut passed = Vec::new();
        let nodes: Vec<u16> = self.lines.keys().copied().collect();
        for node in nodes {
            // Lines without anybody stay as they are, however often it is looked.
            let Some(line) = self.lines.get_mut(&node).filter(|line| !line.line.is_empty()) else { continue };
            let mut room = line.room(now);
            while room > 0 {
                let Some(who) = line.line.pop_front() else { break };
                let place = self.people.place(who);
                if place.node == node && place.phase == Phase::Line {
                    // Whoever comes up twice in a line has moved on the second time.
                    let moved = super::people::Place { phase: Phase::Happened, mark: 0, ..place };
                    self.people.put(who, moved, super::people::NEVER);
                    passed.push((who, Start::From(node, 0)));
                    line.passed += 1;
                    room -= 1;
                }
            }
        }
        passed
    }
}

impl Work<'_> {
    pub(super) fn tick(&mut self) -> Result<(), WorldError> {
        for number in self.numbers() {
            let Some(run) = self.runs.get_mut(usize::from(number)) else { continue };
            let waits = run.versions.iter().flatten().any(|program| program.has_until);
            if run.status == Status::Running && waits {
                let versions = &run.versions;
                let waiting = run.people.watched(|place| {
                    let program = versions.get(usize::from(place.version)).and_then(Option::as_deref);
                    place.phase == Phase::Waiting && program.is_some_and(|program| program.waits_for_filter(place.node))
                });
                let looks = waiting.into_iter().map(|who| (who, Start::Look(run.people.place(who).node)));
                let looks = in_turn(looks);
                self.move_on(number, looks)?;
                self.settle()?;
            }
            self.look_for_entrants(number)?;
        }
        Ok(())
    }

    pub(super) fn changed(&mut self, customers: &[u32]) -> Result<(), WorldError> {
        let once = once(customers);
        for number in self.numbers() {
            let Some(run) = self.runs.get(usize::from(number)).filter(|run| run.status == Status::Running) else {
                continue;
            };
            let inside = once.iter().flat_map(|customer| run.participants(*customer));
            let looks = inside.filter_map(|who| {
                let place = run.people.place(who);
                (place.phase != Phase::Out).then_some((who, Start::Look(place.node)))
            });
            self.move_on(number, in_turn(looks.collect::<Vec<_>>()))?;
            self.settle()?;
            self.turned(number, &once)?;
        }
        Ok(())
    }

    /// Those of some customers who came into the segment of a journey enter it.
    fn turned(&mut self, number: u16, customers: &[u32]) -> Result<(), WorldError> {
        let now = self.ctx.now;
        let Some(run) = self.runs.get_mut(usize::from(number)).filter(|run| run.is_open(now)) else { return Ok(()) };
        let Some(program) = run.newest() else { return Ok(()) };
        let (Trigger::Segment { who: Members::Future | Members::Both, .. }, Some(filter), Some(_)) =
            (&program.journey.entry.trigger, program.entry_filter, run.looked)
        else {
            return Ok(());
        };
        let holds = self.ctx.holds(filter, customers)?;
        let mut came = Vec::new();
        for (customer, holds) in customers.iter().zip(holds) {
            if holds && !run.members.has(*customer) {
                came.push(*customer);
            }
            run.members.put(*customer, holds);
        }
        self.enter_all(number, &came)
    }
}
