//! The machine: what it is told goes in, what follows from it comes out.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize, Serializer};

use super::command::{Command, Publish};
use super::contacts::Contacts;
use super::context::Context;
use super::effects::Effects;
use super::keys::Known;
use super::names::{Filters, Names};
use super::people::NEVER;
use super::program::Numbers;
use super::reads::{Recorder, Replay};
use super::refusal::{ApplyError, Refusal};
use super::run::{Run, Status};
use super::trace::Trace;
use super::work_on::Work;
use super::world::{Answer, World};

/// All that a machine knows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct State {
    /// The latest instant that it was told.
    pub(super) now: i64,
    pub(super) keys: Known,
    pub(super) journeys: Names,
    pub(super) events: Names,
    pub(super) channels: Names,
    /// By the journey's number.
    pub(super) runs: Vec<Run>,
    pub(super) contacts: Contacts,
    /// By the offer: how many of its codes were given.
    pub(super) codes: BTreeMap<String, u32>,
    pub(super) seen: Seen,
}

/// Ids of events that came within the last day or two.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Seen {
    day: i64,
    #[serde(serialize_with = "in_order")]
    today: FxHashSet<u64>,
    #[serde(serialize_with = "in_order")]
    yesterday: FxHashSet<u64>,
}

/// So that equal sets give equal bytes.
fn in_order<S: Serializer>(ids: &FxHashSet<u64>, serializer: S) -> Result<S::Ok, S::Error> {
    let mut ids: Vec<u64> = ids.iter().copied().collect();
    ids.sort_unstable();
    ids.serialize(serializer)
}

const DAY: i64 = 86_400_000_000;

impl Seen {
    /// Whether an id is new.
    pub(super) fn add(&mut self, id: u64, now: i64) -> bool {
        let day = now.div_euclid(DAY);
        if day != self.day {
            let before = std::mem::take(&mut self.today);
            self.yesterday = if day == self.day + 1 { before } else { FxHashSet::default() };
            self.day = day;
        }
        !self.yesterday.contains(&id) && self.today.insert(id)
    }
}

/// A machine that runs journeys: pure, so that the same commands and answers always lead to the same state.
#[derive(Debug, Clone)]
pub struct Machine {
    pub(super) state: State,
    pub(super) filters: Filters,
    /// A command was begun and not carried through.
    broken: bool,
}

impl Default for Machine {
    fn default() -> Self {
        let state = State {
            now: i64::MIN,
            keys: Known::default(),
            journeys: Names::default(),
            events: Names::default(),
            channels: Names::default(),
            runs: Vec::new(),
            contacts: Contacts::default(),
            codes: BTreeMap::new(),
            seen: Seen::default(),
        };
        Self { state, filters: Filters::default(), broken: false }
    }
}

/// What became of a command: what follows from it, and what the world was asked and answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// What follows.
    pub effects: Effects,
    /// What the world answered: the same command with these answers does the same again ([`Machine::replay`]).
    pub answers: Vec<Answer>,
}

impl Machine {
    pub(super) const fn from_state(state: State, filters: Filters) -> Self {
        Self { state, filters, broken: false }
    }

    /// A machine without customers and journeys.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Carries out a command at an instant (microseconds since 1970, UTC). Instants before the latest one count as that.
    ///
    /// # Errors
    /// What is refused leaves the machine as it was. Where the world does not answer, the machine must be made anew from
    /// its log, and takes no more commands.
    pub fn apply(&mut self, at: i64, command: &Command, world: &mut dyn World) -> Result<Applied, ApplyError> {
        self.apply_traced(at, command, world, None)
    }

    /// As [`Machine::apply`], telling what happens to one customer.
    ///
    /// # Errors
    /// As [`Machine::apply`].
    pub fn apply_traced(
        &mut self,
        at: i64,
        command: &Command,
        world: &mut dyn World,
        trace: Option<&mut Trace>,
    ) -> Result<Applied, ApplyError> {
        let mut recorder = Recorder::new(world);
        let effects = self.carry_out(at, command, &mut recorder, trace)?;
        Ok(Applied { effects, answers: recorder.answers })
    }

    /// Carries out a command again, with the answers of the first time.
    ///
    /// # Errors
    /// As [`Machine::apply`]; and where the machine asks for others than it was answered then.
    pub fn replay(&mut self, at: i64, command: &Command, answers: Vec<Answer>) -> Result<Effects, ApplyError> {
        self.replay_traced(at, command, answers, None)
    }

    /// As [`Machine::replay`], telling what happens to one customer.
    ///
    /// # Errors
    /// As [`Machine::replay`].
    pub fn replay_traced(
        &mut self,
        at: i64,
        command: &Command,
        answers: Vec<Answer>,
        trace: Option<&mut Trace>,
    ) -> Result<Effects, ApplyError> {
        let mut world = Replay::new(answers.into_iter());
        let effects = self.carry_out(at, command, &mut world, trace)?;
        if world.ends() {
            return Ok(effects);
        }
        self.broken = true;
        Err(ApplyError::Other)
    }

    fn carry_out(
        &mut self,
        at: i64,
        command: &Command,
        world: &mut dyn World,
        trace: Option<&mut Trace>,
    ) -> Result<Effects, ApplyError> {
        if self.broken {
            return Err(ApplyError::Broken);
        }
        self.allow(command)?;
        let State { now, keys, journeys, events, channels, runs, contacts, codes, seen } = &mut self.state;
        *now = at.max(*now);
        match command {
            Command::Customers(more) if !keys.add(more) => return Err(Refusal::TooMany("customers").into()),
            Command::Publish(publish) => {
                let numbers =
                    Numbers { nodes: &mut Names::default(), filters: &mut self.filters, events, channels, journeys };
                Run::publish(runs, publish, numbers)?;
                let spans = publish.journey.settings.caps.iter().map(|cap| super::lease::span(cap.within));
                contacts.keep(spans.max().unwrap_or(0));
            }
            Command::Events { names, .. } => {
                for name in names {
                    events.number(name).ok_or(Refusal::TooMany("events"))?;
                }
            }
            _ => {}
        }
        let mut effects = Effects::default();
        let ctx = Context {
            now: *now,
            world,
            keys,
            filters: &self.filters,
            effects: &mut effects,
            queued: Vec::new(),
            inward: Vec::new(),
            outward: Vec::new(),
            inner: super::ahead::inner(runs),
            one_by_one: super::ahead::one_by_one(runs),
            trace,
        };
        let mut work = Work { runs, contacts, codes, seen, journeys, events, channels, ctx };
        match work.carry_out(command) {
            Ok(()) => Ok(effects),
            Err(error) => {
                self.broken = true;
                Err(ApplyError::World(error))
            }
        }
    }

    /// Refuses what can't be carried out, before anything changes.
    fn allow(&self, command: &Command) -> Result<(), Refusal> {
        let known = self.state.keys.len();
        let journey = |id: &str| match self.state.journeys.find(id).and_then(|number| self.run(number)) {
            Some(run) => Ok(run),
            None => Err(Refusal::UnknownJourney(id.to_owned())),
        };
        let customers =
            |mut who: &mut dyn Iterator<Item = u32>| match Iterator::find(&mut who, |who| *who as usize >= known) {
                Some(who) => Err(Refusal::UnknownCustomer(who)),
                None => Ok(()),
            };
        match command {
            Command::Enrol { journey: id, customers: who } => {
                journey(id)?;
                customers(&mut who.iter().copied())
            }
            Command::Changed { customers: who } => customers(&mut who.iter().copied()),
            Command::Events { names, events } => {
                if let Some(event) = events.iter().find(|event| usize::from(event.name) >= names.len()) {
                    return Err(Refusal::UnknownEvent(event.name));
                }
                customers(&mut events.iter().map(|event| event.customer))
            }
            Command::Answers(answers) => {
                let unknown = |handle: &super::command::Handle| self.run(handle.journey).is_none();
                match answers.iter().find(|answer| unknown(&answer.handle)) {
                    Some(answer) => Err(Refusal::UnknownHandle(answer.handle)),
                    None => Ok(()),
                }
            }
            Command::Pause { journey: id } | Command::Resume { journey: id } | Command::Stop { journey: id } => {
                match journey(id)?.status {
                    Status::Stopped => Err(Refusal::Stopped(id.clone())),
                    _ => Ok(()),
                }
            }
            Command::Publish(publish) => self.may_publish(publish),
            Command::Customers(_) | Command::Tick | Command::Lease { .. } => Ok(()),
        }
    }

    fn run(&self, number: u16) -> Option<&Run> {
        self.state.runs.get(usize::from(number)).filter(|run| !run.versions.is_empty())
    }

    fn may_publish(&self, publish: &Publish) -> Result<(), Refusal> {
        let run = self.state.journeys.find(&publish.journey.id).and_then(|number| self.run(number));
        super::publish::may(run, publish)
    }

    /// The latest instant that it was told, in microseconds since 1970 (UTC).
    #[must_use]
    pub const fn now(&self) -> i64 {
        self.state.now
    }

    /// The first instant at which a [`Command::Tick`] does something that is known now. `None` where there is none; segments
    /// and filters that are waited for may turn at any time.
    #[must_use]
    pub fn wake(&self) -> Option<i64> {
        self.state.runs.iter().map(Run::wake).min().filter(|wake| *wake != NEVER)
    }
}
