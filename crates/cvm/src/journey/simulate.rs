//! Journeys on a virtual clock, over the customers who are loaded.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cvm_core::{Catalog, Timestamp};
use cvm_index::{Index, Occurred};
use cvm_journey::machine::{
    Answered, Command, Counts, Effects, Event, InFlight, Keys, Leased, Machine, Outcome, Publish, Terms, Trace,
};
use cvm_journey::model::{Journey, NodeKind, Trigger, Wait};
use cvm_journey::{Chance, Known, check_with};

use super::error::JourneyError;
use super::options::SimulateOptions;
use super::perform::perform;
use super::population::{Occurring, Population};
use super::simulation::Simulation;
use super::tell::{Days, told};

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 1_440 * MINUTE;

/// Something to come: when, who, what, and the place of the real event.
type Coming = (i64, u32, usize, Option<u32>);

/// A simulation that runs.
pub(super) struct Simulator<'o> {
    options: &'o SimulateOptions,
    journey: &'o Journey,
    machine: Machine,
    world: Population,
    trace: Trace,
    /// What will happen, in the order of time.
    coming: BTreeSet<Coming>,
    chance: Chance,
    pub(super) days: Days,
    now: i64,
}

impl<'o> Simulator<'o> {
    pub(super) fn run(
        journey: &'o Journey,
        options: &'o SimulateOptions,
        index: Arc<Index>,
        as_of: Timestamp,
    ) -> Result<Simulation, JourneyError> {
        let from = options.from.map_or(as_of.micros() - i64::from(options.days) * DAY, Timestamp::micros);
        let until = from.saturating_add(i64::from(options.days) * DAY);
        let mut simulator = Self {
            options,
            journey,
            machine: Machine::new(),
            world: Population::new(index),
            trace: Trace::of(u32::MAX),
            coming: BTreeSet::new(),
            chance: Chance::new(options.seed, "simulation"),
            days: Days::new(from),
            now: from,
        };
        simulator.check(from)?;
        simulator.begin()?;
        simulator.real_events(from, until)?;
        simulator.go(from, until)?;
        Ok(told(journey, options, &simulator.machine, simulator.days, simulator.trace.steps, from, until))
    }

    fn journeys(&self) -> impl Iterator<Item = &'o Journey> + use<'o> {
        self.options.beside.iter().chain([self.journey])
    }

    /// Everything must be right before anything moves.
    fn check(&self, from: i64) -> Result<(), JourneyError> {
        let catalog = Arc::clone(self.world.catalog());
        let beside: Vec<Journey> = self.journeys().cloned().collect();
        let templates = stand_ins(&beside);
        for journey in self.journeys() {
            let others: Vec<Journey> = beside.iter().filter(|other| other.id != journey.id).cloned().collect();
            let known = Known {
                offers: &self.options.offers,
                templates: &templates,
                journeys: &others,
                now: Timestamp::from_micros(from),
                ..Known::catalog(&catalog)
            };
            let findings = check_with(journey, &known);
            if findings.has_errors() {
                return Err(JourneyError::Findings(findings));
            }
        }
        for (i, assumption) in self.options.assume.iter().enumerate() {
            if !catalog.events.iter().any(|event| event.name == assumption.event) {
                let message = format!("there is no event `{}` in the catalog", assumption.event);
                return Err(JourneyError::given(format!("/assume/{i}/event"), message));
            }
            if let Some(node) = assumption.after.as_ref().filter(|node| self.journey.node(node).is_none()) {
                let message = format!("there is no node `{node}` in the journey");
                return Err(JourneyError::given(format!("/assume/{i}/after"), message));
            }
        }
        if self.options.every_minutes == 0 || self.options.days == 0 || self.options.days > 3_660 {
            let message = "a simulation lasts 1 to 3,660 days and looks every minute at most";
            return Err(JourneyError::given("", message));
        }
        Ok(())
    }

    fn begin(&mut self) -> Result<(), JourneyError> {
        let keys = keys(&self.world)?;
        if let Some(key) = &self.options.customer {
            let found = match &keys {
                Keys::Integers(keys) => keys.iter().position(|known| known.to_string() == *key),
                Keys::Texts(keys) => keys.iter().position(|known| known == key),
            };
            let found = found.and_then(|row| u32::try_from(row).ok());
            self.trace.customer = found.ok_or_else(|| {
                JourneyError::given("/customer", format!("there is no customer with the key `{key}`"))
            })?;
        }
        self.tell(&Command::Customers(keys))?;
        let journeys: Vec<&Journey> = self.journeys().collect();
        for journey in journeys {
            let zone = &journey.settings.zone.fallback;
            let zone = cvm_core::catalog::zone_by_name(zone).unwrap_or(jiff::tz::TimeZone::UTC);
            let terms = self.options.offers.iter().map(|offer| Terms::new(offer, &zone)).collect();
            let publish = Publish { journey: journey.clone(), terms, people: InFlight::Pinned };
            self.tell(&Command::Publish(Box::new(publish)))?;
        }
        Ok(())
    }

    fn tell(&mut self, command: &Command) -> Result<Effects, JourneyError> {
        let trace = (self.trace.customer != u32::MAX).then_some(&mut self.trace);
        let effects = self.machine.apply_traced(self.now, command, &mut self.world, trace)?.effects;
        self.days.note(&self.machine, &effects);
        Ok(effects)
    }

    /// What customers did in that time, as far as the journeys ask for it.
    fn real_events(&mut self, from: i64, until: i64) -> Result<(), JourneyError> {
        let index = Arc::clone(&self.world.index);
        let catalog = Arc::clone(self.world.catalog());
        let (Some(from), Some(until)) = (Timestamp::from_micros(from), Timestamp::from_micros(until)) else {
            return Err(JourneyError::given("/from", "the simulation would end after the year 9999"));
        };
        for (event, stream) in catalog.events.iter().enumerate().filter(|_| self.options.events) {
            if self.journeys().any(|journey| asks_for(journey, &stream.name)) {
                let occurred = index.occurred(event, from, until).map_err(crate::Error::from)?;
                let coming = |one: Occurred| (one.at, one.row, event, Some(one.place));
                self.coming.extend(occurred.into_iter().map(coming));
            }
        }
        Ok(())
    }

    fn go(&mut self, from: i64, until: i64) -> Result<(), JourneyError> {
        let every = i64::from(self.options.every_minutes) * MINUTE;
        let polls = self.journeys().any(polls);
        let mut at = from;
        loop {
            self.now = at;
            self.happen()?;
            self.tell(&Command::Tick)?;
            self.hand_out(at + DAY)?;
            // To the next time at which it is looked and there is something to see.
            let next = if polls { Some(at + 1) } else { None };
            let due = self.machine.wake().map(|wake| wake.max(at + 1));
            let comes = self.coming.first().map(|(when, ..)| (*when).max(at + 1));
            let Some(next) = [next, due, comes].into_iter().flatten().min() else { break };
            let steps = (next - from).div_euclid(every) + i64::from((next - from).rem_euclid(every) > 0);
            let next = from.saturating_add(steps.saturating_mul(every));
            if next > until {
                break;
            }
            self.days.until(&self.machine, next);
            at = next;
        }
        self.now = until;
        self.days.until(&self.machine, until);
        Ok(())
    }

    /// What has happened since it was looked last.
    fn happen(&mut self) -> Result<(), JourneyError> {
        let later = self.coming.split_off(&(self.now + 1, 0, 0, None));
        let coming = std::mem::replace(&mut self.coming, later);
        if coming.is_empty() {
            return Ok(());
        }
        let catalog = Arc::clone(self.world.catalog());
        let names = catalog.events.iter().map(|event| event.name.clone()).collect();
        let mut events = Vec::with_capacity(coming.len());
        self.world.occurring.clear();
        for (at, customer, event, place) in coming {
            let occurrence = match place {
                Some(place) => self.world.index.occurrence(event, place).map_err(crate::Error::from)?,
                None => assumed(&catalog, event, at),
            };
            self.world.occurring.push(Occurring { event, occurrence });
            let name = u16::try_from(event).unwrap_or(u16::MAX);
            events.push(Event { customer, name, at, id: None, about: None });
        }
        self.tell(&Command::Events { names, events })?;
        Ok(())
    }

    /// Hands out what is to be done until nothing is left, and does it.
    fn hand_out(&mut self, until: i64) -> Result<(), JourneyError> {
        loop {
            let before = self.machine.pending();
            if before == 0 {
                return Ok(());
            }
            let lease = Command::Lease { channels: Vec::new(), limit: u32::MAX, until };
            let leased = self.tell(&lease)?.leased;
            if leased.is_empty() && self.machine.pending() >= before {
                return Ok(());
            }
            let mut answers = Vec::with_capacity(leased.len());
            for one in &leased {
                answers.push(Answered { handle: one.handle, outcome: self.outcome(one) });
            }
            if !answers.is_empty() {
                self.tell(&Command::Answers(answers))?;
            }
        }
    }

    /// What becomes of something that is handed out.
    fn outcome(&mut self, leased: &Leased) -> Outcome {
        let Some((journey, node)) = self.machine.about(leased.handle) else { return Outcome::Failed };
        let Some(kind) = journey.node(node).map(|node| &node.kind) else { return Outcome::Failed };
        if perform(&mut self.world, leased.customer, kind) {
            return Outcome::Done;
        }
        let key = self.machine.idempotency_key(leased.handle).unwrap_or_default();
        if self.chance.of("failed", &key) < self.options.failed.millionths() {
            return Outcome::Failed;
        }
        if let NodeKind::Send(send) = kind {
            self.days.message(self.now, leased.customer, &send.channel);
            if journey.id == self.journey.id {
                let offer = send.offer.as_ref();
                let offer = offer.and_then(|id| self.options.offers.iter().find(|offer| offer.id == *id));
                self.days.spend(offer.and_then(|offer| offer.cost));
                let node = node.to_owned();
                self.assume(leased, &node, &key);
            }
        }
        Outcome::Done
    }

    /// What the customer will do after a message.
    fn assume(&mut self, leased: &Leased, node: &str, key: &str) {
        let Some(now) = Timestamp::from_micros(self.now) else { return };
        let catalog = Arc::clone(self.world.catalog());
        for (i, assumption) in self.options.assume.iter().enumerate() {
            if assumption.after.as_ref().is_some_and(|after| after != node)
                || self.chance.of(&format!("assume {i}"), key) >= assumption.percent.millionths()
            {
                continue;
            }
            let end = cvm_journey::time::after(now, assumption.within, &jiff::tz::TimeZone::UTC);
            let span = end.map_or(0, |end| end.micros() - self.now);
            let moment = i64::from(self.chance.number(&format!("when {i}"), key));
            let at = self.now + 1 + i64::try_from((i128::from(span) * i128::from(moment)) >> 32).unwrap_or(0);
            if let Some(event) = catalog.events.iter().position(|event| event.name == assumption.event) {
                self.coming.insert((at, leased.customer, event, None));
            }
        }
    }
}

/// An event of which nothing is known but that it happened.
fn assumed(catalog: &Catalog, event: usize, at: i64) -> cvm_core::Occurrence {
    let fields = catalog.events.get(event).map_or(0, |event| event.fields.len());
    let time = Timestamp::from_micros(at).map_or(cvm_core::Value::Missing, cvm_core::Value::Timestamp);
    cvm_core::Occurrence { time, properties: vec![cvm_core::Value::Missing; fields] }
}

/// The keys of all customers, in the order of their rows.
pub(super) fn keys(world: &Population) -> Result<Keys, JourneyError> {
    use arrow::array::AsArray;
    let now = Timestamp::from_micros(0).unwrap_or(Timestamp::MIN);
    let keys = world.index.keys(&cvm_core::Filter::Everyone, now).map_err(crate::Error::from)?;
    if let Some(numbers) = keys.as_primitive_opt::<arrow::datatypes::Int64Type>() {
        return Ok(Keys::Integers(numbers.values().to_vec()));
    }
    let texts = keys.as_string_opt::<i32>();
    Ok(Keys::Texts(texts.map(|texts| texts.iter().flatten().map(str::to_owned).collect()).unwrap_or_default()))
}

/// Whether a journey is woken by an event, or looks at customers whenever they do something.
fn asks_for(journey: &Journey, event: &str) -> bool {
    let settings = &journey.settings;
    let looks = !settings.goals.is_empty() || !settings.exits.is_empty();
    let enters = matches!(&journey.entry.trigger, Trigger::Event { event: own, .. } if own == event);
    let waits = journey.nodes.iter().any(|node| match &node.kind {
        NodeKind::Wait(Wait::Event { event: own, .. }) => own == event,
        NodeKind::Wait(Wait::Filter { .. }) => true,
        NodeKind::EventBranch(branch) => branch.cases.iter().any(|case| case.event == event),
        _ => false,
    });
    looks || enters || waits
}

/// Whether customers may enter or go on without anything that is known before.
fn polls(journey: &Journey) -> bool {
    let enters = matches!(journey.entry.trigger, Trigger::Segment { .. } | Trigger::Date { .. });
    enters || journey.nodes.iter().any(|node| matches!(node.kind, NodeKind::Wait(Wait::Filter { .. })))
}

/// A template for each that the journeys name, as nothing is said in a simulation.
pub(super) fn stand_ins(journeys: &[Journey]) -> Vec<cvm_journey::model::Template> {
    let mut content: BTreeMap<&str, BTreeMap<String, BTreeMap<String, String>>> = BTreeMap::new();
    for node in journeys.iter().flat_map(|journey| &journey.nodes) {
        if let NodeKind::Send(send) = &node.kind {
            content.entry(&send.template).or_default().entry(send.channel.clone()).or_default();
        }
    }
    let template = |(id, content): (&str, _)| cvm_journey::model::Template {
        id: id.to_owned(),
        content,
        fallbacks: BTreeMap::new(),
        archived: false,
    };
    content.into_iter().map(template).collect()
}

/// Counts of a journey, at some time.
pub(super) fn counts(machine: &Machine, journey: &str) -> Counts {
    machine.counts(journey).cloned().unwrap_or_default()
}
