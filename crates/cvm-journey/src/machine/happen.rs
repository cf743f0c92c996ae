//! Events: they wake those who wait for them, let customers enter, and count.

use rustc_hash::{FxBuildHasher, FxHashSet};

use super::command::Event;
use super::context::{Mover, Start};
use super::enter::Entrant;
use super::people::{Phase, Place};
use super::program::{Op, Program};
use super::run::{Run, Status};
use super::work_on::Work;
use super::world::WorldError;
use crate::model::{Late, Reentry, Trigger};

/// What happened longer ago than this comes late: an hour.
const LATE: i64 = 3_600_000_000;

/// An event, its place in the command, and the number of its name.
#[derive(Debug, Clone, Copy)]
struct One<'e> {
    at: u32,
    name: u16,
    event: &'e Event,
}

/// Somebody who waits for an event of a name that came.
#[derive(Debug)]
struct Waiting {
    mover: Mover,
    event: u32,
    /// The name of the event.
    name: u16,
    place: Place,
}

/// The cases of a node that an event of a name may be: the outcomes, and what filters must say.
fn cases(program: &Program, node: u16, name: u16) -> impl Iterator<Item = (usize, Option<u32>)> {
    let cases = match program.step(node).map(|step| &step.op) {
        Some(Op::Events { cases, .. }) => cases.as_slice(),
        _ => &[],
    };
    let own = cases.iter().enumerate().filter(move |(_, (event, _))| *event == name);
    own.map(|(outcome, (_, filter))| (outcome, *filter))
}

impl Work<'_> {
    pub(super) fn happen(&mut self, names: &[String], events: &[Event]) -> Result<(), WorldError> {
        let numbers: Vec<u16> = names.iter().map(|name| self.events.find(name).unwrap_or(u16::MAX)).collect();
        let now = self.ctx.now;
        // Each customer once: what follows from an event must be there before the customer's next one.
        let mut together: Vec<One<'_>> = Vec::with_capacity(events.len());
        let mut customers = FxHashSet::with_capacity_and_hasher(events.len(), FxBuildHasher);
        let most = if self.ctx.one_by_one { 1 } else { usize::MAX };
        for (at, event) in (0..).zip(events) {
            if event.id.is_some_and(|id| !self.seen.add(id, now)) {
                continue;
            }
            if together.len() >= most || !customers.insert(event.customer) {
                self.together(&std::mem::take(&mut together))?;
                customers.clear();
                customers.insert(event.customer);
            }
            let name = numbers.get(usize::from(event.name)).copied().unwrap_or(u16::MAX);
            together.push(One { at, name, event });
        }
        self.together(&together)
    }

    fn together(&mut self, events: &[One<'_>]) -> Result<(), WorldError> {
        if events.is_empty() {
            return Ok(());
        }
        for number in self.numbers() {
            let Some(run) = self.runs.get_mut(usize::from(number)) else { continue };
            let Some(program) = run.newest().filter(|_| run.status != Status::Stopped) else { continue };
            let mut timely: Vec<One<'_>> = Vec::with_capacity(events.len());
            for one in events {
                if let Some(about) = one.event.about.filter(|about| about.journey == number) {
                    let version = run.program(run.people.place(about.participant).version);
                    let version = version.map_or(program.journey.version, |program| program.journey.version);
                    *run.counts.node(version, about.node).events.entry(one.name).or_default() += 1;
                }
                if program.settings().late_events == Late::Ignore && one.event.at < self.ctx.now - LATE {
                    run.counts.late += 1;
                } else {
                    timely.push(*one);
                }
            }
            let enters = matches!(&program.journey.entry.trigger, Trigger::Event { event, .. }
                if timely.iter().any(|one| Some(one.name) == self.events.find(event)));
            // Who enters and who goes on meet at throttles: then each in turn.
            let at_once = if enters && program.throttle_ahead(program.entry) { 1 } else { timely.len().max(1) };
            for events in timely.chunks(at_once) {
                self.wake(number, events)?;
                self.enter_by_event(number, events)?;
                self.cross()?;
            }
        }
        self.line_up();
        Ok(())
    }

    /// Those who wait for events go on.
    fn wake(&mut self, number: u16, events: &[One<'_>]) -> Result<(), WorldError> {
        let Some(run) = self.runs.get_mut(usize::from(number)) else { return Ok(()) };
        let now = self.ctx.now;
        let mut waiting: Vec<Waiting> = Vec::new();
        let mut movers: Vec<(Mover, Start)> = Vec::new();
        for one in events {
            run.concerned(one, one.at, now, &mut waiting, &mut movers);
        }
        let mut asks: Vec<(u32, u32)> = Vec::new();
        for one in &waiting {
            let Some(program) = run.at(one.place) else { continue };
            asks.extend(cases(program, one.place.node, one.name).filter_map(|(_, filter)| Some((filter?, one.event))));
        }
        asks.sort_unstable();
        asks.dedup();
        // In the order of the questions, so that they can be looked for.
        let mut takes: Vec<(u32, u32)> = Vec::new();
        for asks in asks.chunk_by(|a, b| a.0 == b.0) {
            let Some((filter, _)) = asks.first() else { continue };
            let events: Vec<u32> = asks.iter().map(|(_, event)| *event).collect();
            let answers = self.ctx.world.events(self.ctx.filters.asked(*filter), &events)?;
            takes.extend(asks.iter().zip(answers).filter(|(_, takes)| *takes).map(|(ask, _)| *ask));
        }
        for Waiting { mover, event, name, place } in waiting {
            let Some(program) = run.at(place) else { continue };
            let fits = |filter: Option<u32>| filter.is_none_or(|filter| takes.binary_search(&(filter, event)).is_ok());
            let node = place.node;
            match cases(program, node, name).find(|(_, filter)| fits(*filter)) {
                Some((outcome, _)) => movers.push((mover, Start::From(node, outcome))),
                None if program.has_rules() => movers.push((mover, Start::Look(node))),
                None => {}
            }
        }
        movers.sort_by_key(|(mover, _)| mover.turn);
        self.go_or_hold(number, movers)
    }

    /// Customers whom an event lets in enter.
    fn enter_by_event(&mut self, number: u16, events: &[One<'_>]) -> Result<(), WorldError> {
        let Some(program) = self.runs.get(usize::from(number)).and_then(Run::newest) else { return Ok(()) };
        let Trigger::Event { event, .. } = &program.journey.entry.trigger else { return Ok(()) };
        let name = self.events.find(event);
        let mut entrants: Vec<One<'_>> = events.iter().copied().filter(|one| Some(one.name) == name).collect();
        if entrants.is_empty() {
            return Ok(());
        }
        let which = |entrants: &[One<'_>]| entrants.iter().map(|one| one.at).collect::<Vec<_>>();
        if let Some(filter) = program.entry_filter {
            let takes = self.ctx.world.events(self.ctx.filters.asked(filter), &which(&entrants))?;
            let mut takes = takes.into_iter();
            entrants.retain(|_| takes.next().unwrap_or(false));
        }
        let mut keys = vec![Some(0); entrants.len()];
        if let Reentry::Concurrent { key } = &program.journey.entry.reentry
            && !entrants.is_empty()
        {
            keys = self.ctx.world.keys(key, &which(&entrants))?;
        }
        let without = keys.iter().filter(|key| key.is_none()).count();
        if let Some(run) = self.runs.get_mut(usize::from(number)) {
            run.counts.refuse(super::statistics::Refused::NoKey, without);
        }
        let entrants = entrants
            .into_iter()
            .zip(keys)
            .filter_map(|(one, key)| Some(Entrant { turn: one.at, customer: one.event.customer, key: key? }));
        self.enter(number, entrants.collect())
    }
}

impl Run {
    /// The version in which somebody is.
    fn at(&self, place: Place) -> Option<&Program> {
        self.versions.get(usize::from(place.version))?.as_deref()
    }

    /// The participants whom an event concerns.
    fn concerned(
        &self,
        one: &One<'_>,
        turn: u32,
        now: i64,
        waiting: &mut Vec<Waiting>,
        movers: &mut Vec<(Mover, Start)>,
    ) {
        let mut each = |who: u32| {
            let place = self.people.place(who);
            if place.phase == Phase::Out {
                return;
            }
            let Some(program) = self.at(place) else { return };
            let mover = Mover { turn, who };
            let rules = program.has_rules();
            if place.phase == Phase::Waiting
                && cases(program, place.node, one.name).next().is_some()
                // While a journey pauses, time may be over and nobody has gone on.
                && self.people.wake(who) > now
            {
                waiting.push(Waiting { mover, event: one.at, name: one.name, place });
                return;
            }
            if rules || program.waits_for_filter(place.node) {
                movers.push((mover, Start::Look(place.node)));
            }
        };
        match &self.several {
            None => each(one.event.customer),
            Some(several) => several.of(one.event.customer).for_each(each),
        }
    }
}
