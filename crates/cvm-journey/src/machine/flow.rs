//! How customers move: all who come to a node are taken on together, node after node, until everybody rests or is out.

use std::sync::Arc;

use super::context::{Context, Crossing, Mover, Start};
use super::people::{NEVER, Phase};
use super::program::Program;
use super::run::Run;
use super::trace::{Happened, Step};
use super::world::WorldError;

/// What happened at a node in one go.
#[derive(Debug, Clone, Default)]
struct Tally {
    entered: usize,
    left: Vec<usize>,
    out: usize,
}

/// A version of a journey while its customers move.
pub(super) struct Flow<'f, 'c> {
    pub(super) run: &'f mut Run,
    pub(super) program: &'f Program,
    /// The journey's number.
    pub(super) number: u16,
    pub(super) ctx: &'f mut Context<'c>,
    /// By the node: who is there.
    here: Vec<Vec<Mover>>,
    tallies: Vec<Tally>,
}

impl Run {
    /// Moves customers until they rest.
    pub(super) fn flow(
        &mut self,
        number: u16,
        ctx: &mut Context<'_>,
        movers: Vec<(Mover, Start)>,
    ) -> Result<(), WorldError> {
        let Some((first, _)) = movers.first() else { return Ok(()) };
        let first = self.people.place(first.who).version;
        if movers.iter().all(|(mover, _)| self.people.place(mover.who).version == first) {
            return self.pass(number, ctx, first, movers);
        }
        let throttle = |(mover, start): &(Mover, Start)| {
            let version = self.versions.get(usize::from(self.people.place(mover.who).version));
            version.and_then(Option::as_deref).is_some_and(|program| program.throttle_ahead_from(*start))
        };
        if movers.iter().any(throttle) {
            // Versions share their throttles: whoever has the lower turn passes first, whatever the version.
            for mover in movers {
                self.pass(number, ctx, self.people.place(mover.0.who).version, vec![mover])?;
            }
            return Ok(());
        }
        let mut by_version: Vec<Vec<(Mover, Start)>> = vec![Vec::new(); self.versions.len()];
        for mover in movers {
            if let Some(own) = by_version.get_mut(usize::from(self.people.place(mover.0.who).version)) {
                own.push(mover);
            }
        }
        for (version, movers) in (0_u8..).zip(by_version) {
            self.pass(number, ctx, version, movers)?;
        }
        Ok(())
    }

    fn pass(
        &mut self,
        number: u16,
        ctx: &mut Context<'_>,
        version: u8,
        movers: Vec<(Mover, Start)>,
    ) -> Result<(), WorldError> {
        let Some(program) = self.program(version).filter(|_| !movers.is_empty()) else { return Ok(()) };
        let program: &Program = &Arc::clone(&program);
        let here = vec![Vec::new(); program.steps.len()];
        let tallies = vec![Tally::default(); program.steps.len()];
        let mut flow = Flow { run: self, program, number, ctx, here, tallies };
        let movers = flow.rules(movers)?;
        flow.begin(movers)?;
        for node in &program.order {
            let mut movers = flow.here.get_mut(usize::from(*node)).map(std::mem::take).unwrap_or_default();
            if movers.is_empty() {
                continue;
            }
            if !movers.is_sorted_by_key(|mover| mover.turn) {
                movers.sort_by_key(|mover| mover.turn);
            }
            flow.work(*node, movers)?;
        }
        flow.count();
        Ok(())
    }
}

impl Flow<'_, '_> {
    fn begin(&mut self, movers: Vec<(Mover, Start)>) -> Result<(), WorldError> {
        let mut looks: Vec<(u16, Vec<Mover>)> = Vec::new();
        for (mover, start) in movers {
            match start {
                Start::At(node) => self.come(node, mover),
                Start::From(node, outcome) => self.go(node, outcome, mover),
                Start::Still(node) => {
                    if let Some(here) = self.here.get_mut(usize::from(node)) {
                        here.push(mover);
                    }
                }
                Start::Look(node) => match looks.iter_mut().find(|(own, _)| *own == node) {
                    Some((_, movers)) => movers.push(mover),
                    None => looks.push((node, vec![mover])),
                },
            }
        }
        looks.sort_by_key(|(node, _)| *node);
        for (node, movers) in looks {
            self.look(node, movers)?;
        }
        Ok(())
    }

    /// Somebody comes to a node.
    #[inline]
    pub(super) fn come(&mut self, node: u16, mover: Mover) {
        let at = usize::from(node);
        if let (Some(tally), Some(here)) = (self.tallies.get_mut(at), self.here.get_mut(at)) {
            tally.entered += 1;
            here.push(mover);
        }
        if self.ctx.trace.is_some() {
            let node = self.run.nodes.name(node).to_owned();
            self.tell(mover, || Step::Came { node });
        }
    }

    /// Somebody has come to a node and goes no further.
    pub(super) fn came(&mut self, node: u16) {
        if let Some(tally) = self.tallies.get_mut(usize::from(node)) {
            tally.entered += 1;
        }
    }

    /// Somebody goes on from a node by an outcome.
    #[inline]
    pub(super) fn go(&mut self, node: u16, outcome: usize, mover: Mover) {
        if let Some(tally) = self.tallies.get_mut(usize::from(node)) {
            if tally.left.len() <= outcome {
                tally.left.resize(outcome + 1, 0);
            }
            if let Some(left) = tally.left.get_mut(outcome) {
                *left += 1;
            }
        }
        if self.ctx.trace.is_some() {
            let outcomes = self.program.node(node).map(|node| node.kind.outcomes()).unwrap_or_default();
            let outcome = outcomes.get(outcome).map_or_else(String::new, |outcome| outcome.name.clone().into_owned());
            let node = self.run.nodes.name(node).to_owned();
            self.tell(mover, || Step::Went { node, outcome });
        }
        match self.program.step(node).and_then(|step| step.next.get(outcome).copied().flatten()) {
            Some(next) => self.come(next, mover),
            None => self.out(mover, "held out"),
        }
    }

    /// All of some customers go on by an outcome.
    pub(super) fn go_all(&mut self, node: u16, outcome: usize, movers: &[Mover]) {
        movers.iter().for_each(|mover| self.go(node, outcome, *mover));
    }

    /// Somebody leaves at a node.
    pub(super) fn out_at(&mut self, node: u16, mover: Mover, reason: &str) {
        if let Some(tally) = self.tallies.get_mut(usize::from(node)) {
            tally.out += 1;
        }
        self.out(mover, reason);
    }

    fn out(&mut self, mover: Mover, reason: &str) {
        self.run.leave(mover.who, self.ctx.now);
        match self.run.counts.left.get_mut(reason) {
            Some(left) => *left += 1,
            None => {
                self.run.counts.left.insert(reason.to_owned(), 1);
            }
        }
        if self.ctx.inner.contains(&self.number) {
            let customer = self.run.customer(mover.who);
            self.ctx.outward.push(Crossing { turn: mover.turn, customer, journey: self.number });
        }
        self.tell(mover, || Step::Left { reason: reason.to_owned() });
    }

    /// Somebody rests at a node.
    #[inline]
    pub(super) fn rest(&mut self, node: u16, mover: Mover, phase: Phase, wake: i64) {
        let mut place = self.run.people.place(mover.who);
        (place.node, place.phase, place.mark) = (node, phase, 0);
        self.run.people.put(mover.who, place, wake);
        if self.ctx.trace.is_some() && matches!(phase, Phase::Waiting | Phase::Later | Phase::Line | Phase::Inside) {
            let node = self.run.nodes.name(node).to_owned();
            self.tell(mover, || Step::Waits { node, until: (wake != NEVER).then_some(wake) });
        }
    }

    /// Something happened to a customer, in case it is told.
    #[inline]
    pub(super) fn tell(&mut self, mover: Mover, step: impl FnOnce() -> Step) {
        if let Some(trace) = self.ctx.trace.as_deref_mut()
            && trace.customer == self.run.customer(mover.who)
        {
            trace.steps.push(Happened { at: self.ctx.now, journey: self.run.id.clone(), step: step() });
        }
    }

    /// Adds what happened to what is counted.
    fn count(self) {
        let version = self.program.journey.version;
        for (node, tally) in (0_u16..).zip(self.tallies) {
            if tally.entered == 0 && tally.out == 0 && tally.left.is_empty() {
                continue;
            }
            self.ctx.effects.steps += tally.entered as u64;
            let counts = self.run.counts.node(version, node);
            counts.entered += tally.entered as u64;
            counts.out += tally.out as u64;
            for (outcome, many) in tally.left.into_iter().enumerate() {
                counts.left_by(outcome, many);
            }
        }
    }
}
