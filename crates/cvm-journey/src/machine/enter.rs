//! Who enters.

use super::context::{Mover, Start};
use super::people::{NEVER, Phase, Place};
use super::run::{Run, Status};
use super::statistics::Refused;
use super::trace::{Happened, Step};
use super::work_on::Work;
use super::world::{Asked, When, WorldError};
use crate::model::{Members, Reentry, Trigger};

/// A customer who wants to enter.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entrant {
    pub(super) turn: u32,
    pub(super) customer: u32,
    /// The number of the event's key, for journeys in which customers may be several times at once.
    pub(super) key: u64,
}

impl Run {
    /// Whether customers may enter at an instant.
    pub(super) fn is_open(&self, now: i64) -> bool {
        let Some(program) = self.newest().filter(|_| self.status != Status::Stopped) else { return false };
        let settings = program.settings();
        let begun = settings.start.is_none_or(|start| start.micros() <= now);
        begun && settings.end.is_none_or(|end| now < end.micros())
    }

    /// The participants of a customer who ever were in.
    pub(super) fn participants(&self, customer: u32) -> Vec<u32> {
        match &self.several {
            None => vec![customer],
            Some(several) => several.of(customer).collect(),
        }
    }

    /// Whether a customer is in.
    pub(super) fn has(&self, customer: u32) -> bool {
        self.participants(customer).into_iter().any(|who| self.people.place(who).phase != Phase::Out)
    }

    /// The participant that an entrant becomes, and which time it is.
    fn admit(&mut self, entrant: Entrant, now: i64) -> Result<(u32, u16), Refused> {
        if let Some(several) = &mut self.several {
            if let Some(who) = several.find(entrant.customer, entrant.key) {
                let inside = self.people.place(who).phase != Phase::Out;
                return Err(if inside { Refused::Inside } else { Refused::NotAgain });
            }
            let times = several.of(entrant.customer).count();
            let entry = u16::try_from(times + 1).map_err(|_| Refused::Full)?;
            let who = several.add(entrant.customer, entrant.key).ok_or(Refused::Full)?;
            return Ok((who, entry));
        }
        let place = self.people.place(entrant.customer);
        if place.phase != Phase::Out {
            return Err(Refused::Inside);
        }
        if place.entry > 0 && self.people.wake(entrant.customer) > now {
            return Err(Refused::NotAgain);
        }
        Ok((entrant.customer, place.entry.checked_add(1).ok_or(Refused::Full)?))
    }
}

impl Work<'_> {
    /// Customers enter a journey, if they may.
    pub(super) fn enter(&mut self, number: u16, entrants: Vec<Entrant>) -> Result<(), WorldError> {
        let now = self.ctx.now;
        let Some(run) = self.runs.get_mut(usize::from(number)) else { return Ok(()) };
        if entrants.is_empty() {
            return Ok(());
        }
        let Some(program) = run.newest().filter(|_| run.is_open(now)) else {
            run.counts.refuse(Refused::NotRunning, entrants.len());
            return Ok(());
        };
        let holdout = program.settings().holdout.map_or(0, crate::model::Percent::millionths);
        let most = program.settings().audience_cap.unwrap_or(u64::MAX);
        let mut entered = Vec::with_capacity(entrants.len());
        let mut drawn = Vec::new();
        if holdout > 0 {
            let customers: Vec<u32> = entrants.iter().map(|entrant| entrant.customer).collect();
            drawn = program.chance.of_all("", &customers, |customer, text| self.ctx.keys.write(customer, text));
        }
        let drawn = drawn.into_iter().chain(std::iter::repeat(u32::MAX));
        for (entrant, drawn) in entrants.into_iter().zip(drawn) {
            let admitted = if drawn < holdout {
                Err(Refused::HeldOut)
            } else if run.counts.entered >= most {
                Err(Refused::Full)
            } else {
                run.admit(entrant, now)
            };
            let told = self.ctx.trace.as_deref_mut().filter(|trace| trace.customer == entrant.customer);
            match admitted {
                Err(why) => {
                    run.counts.refuse(why, 1);
                    if let Some(trace) = told {
                        trace.steps.push(Happened { at: now, journey: run.id.clone(), step: Step::Refused { why } });
                    }
                }
                Ok((who, entry)) => {
                    run.counts.entered += 1;
                    run.begin(who, entry, program.entry);
                    entered.push(Mover { turn: entrant.turn, who });
                    if let Some(trace) = told {
                        let step = Step::Entered { entry, version: program.journey.version };
                        trace.steps.push(Happened { at: now, journey: run.id.clone(), step });
                    }
                }
            }
        }
        if entered.is_empty() {
            return Ok(());
        }
        if let Reentry::Cooldown { after } = program.journey.entry.reentry {
            let who = run.customers(entered.iter().map(|mover| mover.who));
            let again = self.ctx.instants(When::After(after), &program.settings().zone, &who)?;
            for (mover, again) in entered.iter().zip(again) {
                run.again.set(mover.who, again);
            }
        }
        if run.status == Status::Running {
            let movers = entered.into_iter().map(|mover| (mover, Start::At(program.entry)));
            return self.move_on(number, movers.collect());
        }
        // They are in, and go on when the journey does.
        run.counts.node(program.journey.version, program.entry).entered += entered.len() as u64;
        let movers = entered.into_iter().map(|mover| (mover, Start::From(program.entry, 0)));
        self.go_or_hold(number, movers.collect())
    }

    /// All of a segment enter, if it is the day for it.
    pub(super) fn by_calendar(&mut self, number: u16) -> Result<(), WorldError> {
        let Some(run) = self.runs.get_mut(usize::from(number)).filter(|run| run.entry_at <= self.ctx.now) else {
            return Ok(());
        };
        let Some(program) = run.newest() else { return Ok(()) };
        let Trigger::Schedule { rule, from, at, .. } = &program.journey.entry.trigger else {
            run.entry_at = NEVER;
            return Ok(());
        };
        let zone = &program.settings().zone;
        let next = self.ctx.world.next(rule, from, *at, zone, self.ctx.now)?;
        run.entry_at = next.unwrap_or(NEVER);
        if !run.is_open(self.ctx.now) {
            return Ok(());
        }
        let Some(filter) = program.entry_filter else { return Ok(()) };
        let members = self.ctx.world.members(self.ctx.filters.asked(filter), self.ctx.now)?;
        self.enter_all(number, &members)
    }

    /// Looks who came into the segment of a journey, or whose day it is.
    pub(super) fn look_for_entrants(&mut self, number: u16) -> Result<(), WorldError> {
        let now = self.ctx.now;
        let Some(run) = self.runs.get_mut(usize::from(number)).filter(|run| run.is_open(now)) else { return Ok(()) };
        let Some(program) = run.newest().filter(|_| run.status == Status::Running) else { return Ok(()) };
        match &program.journey.entry.trigger {
            Trigger::Segment { who, .. } => {
                let first = run.looked.is_none();
                if *who == Members::Current && !first {
                    return Ok(());
                }
                let Some(filter) = program.entry_filter else { return Ok(()) };
                let asked: Asked<'_> = self.ctx.filters.asked(filter);
                let turned = self.ctx.world.turned(asked, now, &run.members)?;
                run.looked = Some(now);
                turned.went.iter().for_each(|who| run.members.put(*who, false));
                turned.came.iter().for_each(|who| run.members.put(*who, true));
                if *who == Members::Future && first {
                    return Ok(());
                }
                self.enter_all(number, &turned.came)
            }
            Trigger::Date { field, offset, at, every_year } => {
                let from = run.looked.map_or(now, |looked| looked.saturating_add(1));
                let to = now.saturating_add(1);
                run.looked = Some(now);
                if from >= to {
                    return Ok(());
                }
                let days = super::world::Days { field, offset: *offset, at: *at, every_year: *every_year, from, to };
                let customers = self.ctx.world.days(days, &program.settings().zone)?;
                self.enter_all(number, &customers)
            }
            Trigger::Event { .. } | Trigger::Schedule { .. } | Trigger::Api => Ok(()),
        }
    }
}

impl Run {
    /// Somebody is in, at a node.
    fn begin(&mut self, who: u32, entry: u16, node: u16) {
        if entry > 1 {
            self.forget_sent(who);
            self.reached.values_mut().filter(|flags| flags.has(who)).for_each(|flags| flags.put(who, false));
            self.jumps.values_mut().for_each(|jumps| jumps.set(who, 0));
        }
        let place = Place { node, entry, round: 0, version: self.current, phase: Phase::Waiting, mark: 0 };
        self.people.put(who, place, NEVER);
    }
}
