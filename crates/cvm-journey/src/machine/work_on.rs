//! Carries out commands.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::command::Command;
use super::contacts::Contacts;
use super::context::{Context, Crossing, Mover, Start};
use super::enter::Entrant;
use super::machine::Seen;
use super::names::Names;
use super::people::{NEVER, Phase};
use super::run::{Run, Status};
use super::world::WorldError;

/// The state while a command is carried out.
pub(super) struct Work<'m> {
    pub(super) runs: &'m mut Vec<Run>,
    pub(super) contacts: &'m mut Contacts,
    pub(super) codes: &'m mut BTreeMap<String, u32>,
    pub(super) seen: &'m mut Seen,
    pub(super) journeys: &'m Names,
    pub(super) events: &'m Names,
    pub(super) channels: &'m Names,
    pub(super) ctx: Context<'m>,
}

/// So many move together at most: what is kept of them meanwhile stays in a processor's cache.
pub(super) const TOGETHER: usize = 1 << 14;

/// Movers with turns of their own, from 0 on.
pub(super) fn in_turn(who: impl IntoIterator<Item = (u32, Start)>) -> Vec<(Mover, Start)> {
    (0..).zip(who).map(|(turn, (who, start))| (Mover { turn, who }, start)).collect()
}

/// Each once, in the order of their numbers.
pub(super) fn once(customers: &[u32]) -> Cow<'_, [u32]> {
    if customers.is_sorted_by(|a, b| a < b) {
        return Cow::Borrowed(customers);
    }
    let mut once = customers.to_vec();
    once.sort_unstable();
    once.dedup();
    Cow::Owned(once)
}

impl Work<'_> {
    pub(super) fn carry_out(&mut self, command: &Command) -> Result<(), WorldError> {
        if let Command::Publish(publish) = command {
            // Whether everybody has a place was seen where they are now: who is due goes on in the new version.
            self.published(publish)?;
            return self.advance();
        }
        self.advance()?;
        match command {
            Command::Customers(_) | Command::Publish(_) => Ok(()),
            Command::Enrol { journey, customers } => {
                let Some(number) = self.journeys.find(journey) else { return Ok(()) };
                let once = once(customers);
                self.enter_all(number, &once)
            }
            Command::Events { names, events } => self.happen(names, events),
            Command::Changed { customers } => self.changed(customers),
            Command::Tick => self.tick(),
            Command::Lease { channels, limit, until } => self.lease(channels, *limit as usize, *until),
            Command::Answers(answers) => self.answer(answers),
            Command::Pause { journey } => {
                self.set_status(journey, Status::Paused);
                Ok(())
            }
            Command::Resume { journey } => {
                self.set_status(journey, Status::Running);
                self.advance()
            }
            Command::Stop { journey } => self.stop(journey),
        }
    }

    fn set_status(&mut self, journey: &str, status: Status) {
        if let Some(run) = self.journeys.find(journey).and_then(|number| self.runs.get_mut(usize::from(number))) {
            run.status = status;
        }
    }

    /// The numbers of the journeys.
    pub(super) fn numbers(&self) -> std::ops::Range<u16> {
        0..u16::try_from(self.runs.len()).unwrap_or(u16::MAX)
    }

    /// Carries out what is due.
    pub(super) fn advance(&mut self) -> Result<(), WorldError> {
        for number in self.numbers() {
            let Some(run) = self.runs.get_mut(usize::from(number)) else { continue };
            if run.wake() > self.ctx.now {
                continue;
            }
            let passed = in_turn(run.pass_lines(self.ctx.now));
            let due = run.people.due(self.ctx.now);
            self.move_on(number, passed)?;
            self.settle()?;
            for due in due.chunks(TOGETHER) {
                let mut movers = Vec::with_capacity(due.len());
                for (turn, who) in (0..).zip(due) {
                    let mover = Mover { turn, who: *who };
                    movers.extend(self.due(number, mover).map(|start| (mover, start)));
                }
                self.move_on(number, movers)?;
                self.settle()?;
            }
            self.by_calendar(number)?;
        }
        Ok(())
    }

    /// Where somebody who is due goes on.
    fn due(&mut self, number: u16, mover: Mover) -> Option<Start> {
        let who = mover.who;
        let run = self.runs.get_mut(usize::from(number))?;
        let place = run.people.place(who);
        let node = place.node;
        match place.phase {
            Phase::Waiting => run.versions.get(usize::from(place.version))?.as_deref()?.over(node),
            Phase::Happened => Some(Start::From(node, usize::from(place.mark))),
            Phase::Arriving => Some(Start::Still(node)),
            Phase::Leased => self.unknown(number, mover),
            Phase::Later => {
                run.people.put(who, super::people::Place { phase: Phase::Pending, ..place }, NEVER);
                self.ctx.queued.push((number, node, mover));
                None
            }
            Phase::Out | Phase::Pending | Phase::Line | Phase::Inside => None,
        }
    }

    /// Moves customers of a journey, and puts in the queues who wants something done.
    pub(super) fn move_on(&mut self, number: u16, movers: Vec<(Mover, Start)>) -> Result<(), WorldError> {
        let at_once = if self.ctx.one_by_one { 1 } else { TOGETHER };
        if movers.len() <= at_once {
            return self.move_together(number, movers);
        }
        for movers in movers.chunks(at_once) {
            self.move_together(number, movers.to_vec())?;
            self.cross()?;
        }
        Ok(())
    }

    fn move_together(&mut self, number: u16, movers: Vec<(Mover, Start)>) -> Result<(), WorldError> {
        match self.runs.get_mut(usize::from(number)) {
            Some(run) => run.flow(number, &mut self.ctx, movers),
            None => Ok(()),
        }
    }

    /// Customers enter a journey, each for itself.
    pub(super) fn enter_all(&mut self, number: u16, customers: &[u32]) -> Result<(), WorldError> {
        let mut turns = 0..;
        for customers in customers.chunks(TOGETHER) {
            let entrants = turns.by_ref().zip(customers);
            let entrants = entrants.map(|(turn, customer)| Entrant { turn, customer: *customer, key: 0 });
            self.enter(number, entrants.collect())?;
            self.settle()?;
        }
        Ok(())
    }

    /// Takes customers into other journeys and back until nobody crosses; then those who want something done get in line.
    pub(super) fn settle(&mut self) -> Result<(), WorldError> {
        self.cross()?;
        self.line_up();
        Ok(())
    }

    /// Takes customers into other journeys and back until nobody crosses.
    pub(super) fn cross(&mut self) -> Result<(), WorldError> {
        while !self.ctx.inward.is_empty() || !self.ctx.outward.is_empty() {
            let mut outward = std::mem::take(&mut self.ctx.outward);
            let mut inward = std::mem::take(&mut self.ctx.inward);
            outward.sort_by_key(|crossing| crossing.turn);
            inward.sort_by_key(|crossing| crossing.turn);
            self.back(&outward)?;
            let mut by_journey: BTreeMap<u16, Vec<Crossing>> = BTreeMap::new();
            for crossing in inward {
                by_journey.entry(crossing.journey).or_default().push(crossing);
            }
            for (journey, crossings) in by_journey {
                let entrants = crossings.iter().map(|crossing| {
                    let &Crossing { turn, customer, .. } = crossing;
                    Entrant { turn, customer, key: 0 }
                });
                self.enter(journey, entrants.collect())?;
                // Who is not in the other journey now goes on: those who were, and are out already, crossed back.
                let run = self.runs.get(usize::from(journey));
                let gone = |crossing: &Crossing| !run.is_some_and(|run| run.has(crossing.customer));
                self.ctx.outward.extend(crossings.iter().filter(|crossing| gone(crossing)));
            }
        }
        Ok(())
    }

    /// Those who want something done get in line, in their turns.
    pub(super) fn line_up(&mut self) {
        let mut queued = std::mem::take(&mut self.ctx.queued);
        queued.sort_by_key(|(_, _, mover)| mover.turn);
        for (journey, node, mover) in queued {
            if let Some(run) = self.runs.get_mut(usize::from(journey)) {
                run.outbox.entry(node).or_default().push_back(mover.who);
            }
        }
    }

    /// Those who waited for customers to come out of other journeys go on.
    fn back(&mut self, outward: &[Crossing]) -> Result<(), WorldError> {
        if outward.is_empty() {
            return Ok(());
        }
        for number in self.numbers() {
            let Some(run) = self.runs.get(usize::from(number)) else { continue };
            let mut movers: Vec<(Mover, Start)> = Vec::new();
            let mut once = FxHashSet::default();
            for crossing in outward {
                for who in run.participants(crossing.customer) {
                    let place = run.people.place(who);
                    let leads = run.program(place.version).and_then(|program| program.leads_into(place.node));
                    if place.phase == Phase::Inside && leads == Some(crossing.journey) && once.insert(who) {
                        movers.push((Mover { turn: crossing.turn, who }, Start::From(place.node, 0)));
                    }
                }
            }
            if !movers.is_empty() {
                self.go_or_hold(number, movers)?;
            }
        }
        Ok(())
    }

    /// Moves customers of a journey that runs; of one that pauses they are held where they are.
    pub(super) fn go_or_hold(&mut self, number: u16, movers: Vec<(Mover, Start)>) -> Result<(), WorldError> {
        let Some(run) = self.runs.get_mut(usize::from(number)) else { return Ok(()) };
        if run.status == Status::Running {
            return self.move_together(number, movers);
        }
        for (mover, start) in movers {
            let mut place = run.people.place(mover.who);
            match start {
                Start::From(node, outcome) => {
                    (place.node, place.phase) = (node, Phase::Happened);
                    place.mark = u8::try_from(outcome).unwrap_or(u8::MAX);
                }
                Start::Still(node) | Start::At(node) => (place.node, place.phase) = (node, Phase::Arriving),
                Start::Look(_) => continue,
            }
            run.people.put(mover.who, place, i64::MIN);
        }
        Ok(())
    }

    fn stop(&mut self, journey: &str) -> Result<(), WorldError> {
        let Some(number) = self.journeys.find(journey) else { return Ok(()) };
        if let Some(run) = self.runs.get_mut(usize::from(number)) {
            run.status = Status::Stopped;
            let inside: Vec<u32> = run.people.inside().map(|(who, _)| who).collect();
            run.turn_out(number, &mut self.ctx, &inside, "stopped");
        }
        self.settle()
    }
}
