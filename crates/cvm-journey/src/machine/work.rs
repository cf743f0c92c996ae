//! What each node does with those who come to it.

use super::context::{Crossing, Mover};
use super::effects::{Exposed, Reached};
use super::flow::Flow;
use super::people::{NEVER, Phase};
use super::program::{Moment, Op};
use super::world::{When, WorldError};
use crate::model::{NodeKind, Wait};

/// Where no window is found within three weeks, it is looked for again after them.
const THREE_WEEKS: i64 = 21 * 86_400_000_000;

impl Flow<'_, '_> {
    /// The customers of some who are on the move.
    pub(super) fn customers(&self, movers: &[Mover]) -> Vec<u32> {
        self.run.customers(movers.iter().map(|mover| mover.who))
    }

    pub(super) fn work(&mut self, node: u16, movers: Vec<Mover>) -> Result<(), WorldError> {
        let program = self.program;
        let Some(step) = program.step(node) else { return Ok(()) };
        match &step.op {
            Op::Pass => self.go_all(node, 0, &movers),
            Op::Gate(filter) => {
                let holds = self.ctx.holds(*filter, &self.customers(&movers))?;
                for (mover, holds) in movers.into_iter().zip(holds) {
                    self.go(node, usize::from(!holds), mover);
                }
            }
            Op::Branch(cases) => self.branch(node, cases, movers)?,
            Op::Split(ends) => self.split(node, ends, movers),
            Op::Holdout(share) => {
                let drawn = self.draw(node, &movers);
                for (mover, drawn) in movers.into_iter().zip(drawn) {
                    self.go(node, usize::from(drawn < *share), mover);
                }
            }
            Op::Pause(duration) => {
                let who = self.customers(&movers);
                let zone = &program.settings().zone;
                let wakes = self.ctx.instants(When::After(*duration), zone, &who)?;
                for (mover, wake) in movers.into_iter().zip(wakes) {
                    self.rest(node, mover, Phase::Waiting, wake);
                }
            }
            Op::Moment(moment) => self.moment(node, *moment, movers)?,
            Op::Events { timeout, .. } => self.wait(node, *timeout, movers)?,
            Op::Until { filter, timeout } => {
                let holds = self.ctx.holds(*filter, &self.customers(&movers))?;
                let mut rest = Vec::new();
                for (mover, holds) in movers.into_iter().zip(holds) {
                    if holds {
                        self.go(node, 0, mover);
                    } else {
                        rest.push(mover);
                    }
                }
                rest.iter().for_each(|mover| self.run.people.watch(mover.who));
                self.wait(node, *timeout, rest)?;
            }
            Op::Act(_) => {
                let sent = self.run.sent.get(&node);
                let repeated = |mover: &Mover| sent.is_some_and(|sent| sent.has(mover.who));
                let (repeated, fresh): (Vec<_>, Vec<_>) = movers.into_iter().partition(repeated);
                if !repeated.is_empty() {
                    self.run.counts.node(program.journey.version, node).repeated += repeated.len() as u64;
                    self.go_all(node, 0, &repeated);
                }
                for mover in fresh {
                    self.rest(node, mover, Phase::Pending, NEVER);
                    self.ctx.queued.push((self.number, node, mover));
                }
            }
            Op::Throttle { .. } => self.throttle(node, movers),
            Op::Sub(journey) => {
                for mover in movers {
                    let customer = self.run.customer(mover.who);
                    self.rest(node, mover, Phase::Inside, NEVER);
                    self.ctx.inward.push(Crossing { turn: mover.turn, customer, journey: *journey });
                }
            }
            Op::Jump(times) => {
                for mover in movers {
                    let jumps = self.run.jumps.entry(node).or_insert_with(|| super::pages::Column::new(0));
                    let jumped = jumps.get(mover.who);
                    if jumped < *times {
                        jumps.set(mover.who, jumped + 1);
                        let mut place = self.run.people.place(mover.who);
                        place.round += 1;
                        let wake = self.run.people.wake(mover.who);
                        self.run.people.put(mover.who, place, wake);
                        self.run.forget_sent(mover.who);
                        self.go(node, 0, mover);
                    } else {
                        self.go(node, 1, mover);
                    }
                }
            }
            Op::Goal => {
                if let Some(NodeKind::Goal(goal)) = program.node(node).map(|node| &node.kind) {
                    self.reached(&goal.name, &movers);
                }
                self.go_all(node, 0, &movers);
            }
            Op::End => {
                let reason = match program.node(node).map(|node| &node.kind) {
                    Some(NodeKind::End(end)) => end.reason.clone().unwrap_or_else(|| "end".to_owned()),
                    _ => String::new(),
                };
                movers.into_iter().for_each(|mover| self.out_at(node, mover, &reason));
            }
        }
        Ok(())
    }

    pub(super) fn reached(&mut self, goal: &str, movers: &[Mover]) {
        *self.run.counts.reached.entry(goal.to_owned()).or_default() += movers.len() as u64;
        let customers = self.customers(movers);
        self.ctx.effects.reached.push(Reached { journey: self.number, goal: goal.to_owned(), customers });
        for mover in movers {
            self.tell(*mover, || super::trace::Step::Reached { goal: goal.to_owned() });
        }
    }

    fn branch(&mut self, node: u16, cases: &[u32], mut movers: Vec<Mover>) -> Result<(), WorldError> {
        for (outcome, filter) in cases.iter().enumerate() {
            let holds = self.ctx.holds(*filter, &self.customers(&movers))?;
            let mut rest = Vec::with_capacity(movers.len());
            for (mover, holds) in movers.into_iter().zip(holds) {
                if holds {
                    self.go(node, outcome, mover);
                } else {
                    rest.push(mover);
                }
            }
            movers = rest;
        }
        self.go_all(node, cases.len(), &movers);
        Ok(())
    }

    fn draw(&self, node: u16, movers: &[Mover]) -> Vec<u32> {
        let key = |customer: u32, text: &mut String| self.ctx.keys.write(customer, text);
        self.program.chance.of_all(self.run.nodes.name(node), &self.customers(movers), key)
    }

    fn split(&mut self, node: u16, ends: &[u32], movers: Vec<Mover>) {
        let experiment = match self.program.node(node).map(|node| &node.kind) {
            Some(NodeKind::Split(split)) => split.experiment.is_some(),
            _ => false,
        };
        let mut arms: Vec<Vec<u32>> = vec![Vec::new(); if experiment { ends.len() } else { 0 }];
        let drawn = self.draw(node, &movers);
        for (mover, drawn) in movers.into_iter().zip(drawn) {
            let arm = ends.iter().position(|end| drawn < *end).unwrap_or(0);
            if let Some(arm) = arms.get_mut(arm) {
                arm.push(self.run.customer(mover.who));
            }
            self.go(node, arm, mover);
        }
        for (arm, customers) in (0_u16..).zip(arms).filter(|(_, customers)| !customers.is_empty()) {
            let (journey, version) = (self.number, self.program.journey.version);
            self.ctx.effects.exposed.push(Exposed { journey, version, node, arm, customers });
        }
    }

    fn moment(&mut self, node: u16, moment: Moment, movers: Vec<Mover>) -> Result<(), WorldError> {
        let program = self.program;
        let Some(NodeKind::Wait(wait)) = program.node(node).map(|node| &node.kind) else { return Ok(()) };
        let when = match (moment, wait) {
            (Moment::Day, Wait::Date { field, offset, at }) => When::Day { field, offset: *offset, at: *at },
            (Moment::Window, Wait::Window { window }) => When::Within(window),
            _ => return Ok(()),
        };
        let who = self.customers(&movers);
        let wakes = self.ctx.instants(when, &program.settings().zone, &who)?;
        for (mover, wake) in movers.into_iter().zip(wakes) {
            if wake <= self.ctx.now {
                self.go(node, 0, mover);
            } else if wake == NEVER {
                self.rest(node, mover, Phase::Waiting, self.ctx.now.saturating_add(THREE_WEEKS));
            } else {
                self.rest(node, mover, Phase::Waiting, wake);
            }
        }
        Ok(())
    }

    fn wait(
        &mut self,
        node: u16,
        timeout: Option<crate::model::Duration>,
        movers: Vec<Mover>,
    ) -> Result<(), WorldError> {
        let wakes = match timeout {
            None => vec![NEVER; movers.len()],
            Some(timeout) => {
                let who = self.customers(&movers);
                self.ctx.instants(When::After(timeout), &self.program.settings().zone, &who)?
            }
        };
        for (mover, wake) in movers.into_iter().zip(wakes) {
            self.rest(node, mover, Phase::Waiting, wake);
        }
        Ok(())
    }

    fn throttle(&mut self, node: u16, movers: Vec<Mover>) {
        let now = self.ctx.now;
        let Some(line) = self.run.lines.get_mut(&node) else { return };
        let room = line.room(now);
        // Who stands in line goes first.
        let pass = if line.line.is_empty() { room.min(movers.len()) } else { 0 };
        line.passed += pass as u64;
        let (passed, waiting) = movers.split_at(pass);
        line.line.extend(waiting.iter().map(|mover| mover.who));
        self.go_all(node, 0, passed);
        for mover in waiting {
            self.rest(node, *mover, Phase::Line, NEVER);
        }
    }
}
