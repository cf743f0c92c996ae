//! Commands that follow from a seed, their place and the state, so that a run that was cut off goes on as it would have.

use std::collections::BTreeMap;
use std::sync::Arc;

use cvm_journey::channel::{Channel, Delivery, Message, Recording};
use cvm_journey::durable::{Options, Storage, Store, StoreError};
use cvm_journey::machine::*;
use cvm_journey::model::{Journey, Reentry};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::draw::{self, Dice};
use crate::world::{DAY, Fake, hash};

pub const CUSTOMERS: u32 = 12;
const HOUR: i64 = DAY / 24;
const JOURNEYS: [&str; 3] = ["child", "parent", "other"];

#[expect(clippy::disallowed_methods, reason = "how long a test runs is not the crate's affair")]
pub fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// Small files, and snapshots every few records: all that happens seldom happens in a short run.
pub fn options() -> Options {
    Options { segment_bytes: 1_500, snapshot_records: 8, keep_log: false, ..Options::default() }
}

/// A script, and the provider that it sends to.
#[derive(Debug, Clone)]
pub struct Script<C = Recording> {
    pub seed: u64,
    pub steps: u64,
    pub provider: C,
    /// Customers and journeys: drawn once, as it takes time.
    pub first: Arc<Vec<Command>>,
}

fn published(journey: Journey, people: InFlight) -> Publish {
    let terms = draw::offers().iter().map(|offer| Terms::new(offer, &TimeZone::UTC)).collect();
    Publish { journey, terms, people }
}

fn publish(journey: Journey, people: InFlight) -> Command {
    Command::Publish(Box::new(published(journey, people)))
}

fn customers(dice: &mut Dice) -> Vec<u32> {
    (0..1 + dice.below(8)).map(|_| u32::try_from(dice.below(u64::from(CUSTOMERS))).expect("small")).collect()
}

/// A journey in which there is always something to send.
fn busy() -> Journey {
    let node = |id: &str, ty: &str, data: Value| json!({"id": id, "type": ty, "data": data});
    let edge = |source: &str, outcome: &str, target: &str| {
        json!({"id": format!("{source} {outcome}"), "source": source,
        "sourceHandle": outcome, "target": target})
    };
    let send = |channel: &str| json!({"channel": channel, "template": "hello", "offer": "ten"});
    let value = json!({
        "id": "other", "version": 1, "name": "Other",
        "entry": {"trigger": {"type": "event", "event": "signup"}, "reentry": {"type": "after_exit"}},
        "settings": {"zone": {"field": "zone", "fallback": "UTC"},
            "consent": {"email": {"type": "condition", "field": "p90", "op": "eq", "value": 1}}},
        "nodes": [node("in", "entry", json!({})), node("mail", "send", send("email")),
            node("pause", "wait", json!({"until": "duration", "duration": {"amount": 1, "unit": "hour"}})),
            node("text", "send", send("sms")), node("out", "end", json!({}))],
        "edges": [edge("in", "next", "mail"), edge("mail", "next", "pause"), edge("pause", "next", "text"),
            edge("text", "next", "out")],
    });
    Journey::from_value(value).unwrap_or_else(|findings| panic!("{findings}"))
}

fn drawn(seed: u64) -> Vec<Command> {
    let keys = Keys::Texts((0..CUSTOMERS).map(|who| format!("c{who}")).collect());
    let dice = &mut Dice(hash("journeys", &[seed]));
    let child = loop {
        let journey = draw::journey(dice, "child", 1, false);
        // A child whose customers are in it several times is no place to wait for one of them.
        if !matches!(journey.entry.reentry, Reentry::Concurrent { .. }) {
            break journey;
        }
    };
    let journeys = [child, draw::journey(dice, "parent", 1, true), busy()];
    let journeys = journeys.map(|journey| publish(journey, InFlight::Pinned));
    std::iter::once(Command::Customers(keys)).chain(journeys).collect()
}

impl<C: Channel + Clone> Script<C> {
    pub fn new(seed: u64, steps: u64, provider: C) -> Self {
        Self { seed, steps, provider, first: drawn(seed).into() }
    }

    /// When a step is told. Clocks go back now and then.
    pub fn at(&self, step: u64) -> i64 {
        let start = cvm_core::Timestamp::parse_utc("2026-12-01T06:00:00Z").expect("an instant").micros();
        let steps = [0, 60_000_000, HOUR, 2 * HOUR, 7 * HOUR, DAY, -HOUR];
        (4..=step).map(|step| *Dice(hash("clock", &[self.seed, step])).pick(&steps)).fold(start, |at, step| at + step)
    }

    /// The command of a step.
    pub fn command(&self, step: u64, machine: &Machine) -> Command {
        let dice = &mut Dice(hash("step", &[self.seed, step]));
        match step {
            0..=3 => self.first[usize::try_from(step).expect("small")].clone(),
            _ if step % 3 == 1 => {
                let channels = if dice.one_in(4) { vec!["email".to_owned()] } else { Vec::new() };
                Command::Lease { channels, limit: 40, until: self.at(step) + 40 * DAY }
            }
            _ if step % 3 == 2 => Command::Answers(self.answers(step, machine)),
            _ => self.other(step, dice, machine),
        }
    }

    fn other(&self, step: u64, dice: &mut Dice, machine: &Machine) -> Command {
        let journey = (*dice.pick(&JOURNEYS)).to_owned();
        let stopped = machine.status(&journey) == Some(Status::Stopped);
        match dice.below(16) {
            0..=2 => Command::Enrol { journey, customers: customers(dice) },
            3 | 4 => Command::Enrol { journey: "other".to_owned(), customers: customers(dice) },
            5..=9 => Command::Events {
                names: ["signup", "visit", "purchase", "elsewhere"].map(str::to_owned).into(),
                events: (0..1 + dice.below(12)).map(|_| self.event(step, dice)).collect(),
            },
            10 => Command::Changed { customers: customers(dice) },
            11 if !stopped && dice.one_in(3) => Command::Stop { journey },
            12 if !stopped => Command::Pause { journey },
            13 if !stopped => Command::Resume { journey },
            14 => Self::publish(dice, &journey, machine),
            _ => Command::Tick,
        }
    }

    /// Events come late, out of order and twice.
    fn event(&self, step: u64, dice: &mut Dice) -> Event {
        let late = i64::try_from(dice.below(300)).expect("small") * 60_000_000;
        Event {
            customer: u32::try_from(dice.below(u64::from(CUSTOMERS))).expect("small"),
            name: u16::try_from(dice.below(4)).expect("small"),
            at: self.at(step) - late,
            id: Some(if dice.one_in(5) { dice.below(20) } else { dice.below(u64::MAX) }),
            about: None,
        }
    }

    fn publish(dice: &mut Dice, id: &str, machine: &Machine) -> Command {
        let Some(before) = machine.journey(id) else { return Command::Tick };
        let mut journey = draw::journey(dice, id, before.version + 1, id != "child");
        journey.entry = before.entry.clone();
        if dice.one_in(2) {
            return publish(journey, InFlight::Pinned);
        }
        let mut map = BTreeMap::new();
        for moved in machine.preview(&published(journey.clone(), InFlight::Follow(map.clone()))) {
            if moved.fate == Fate::Homeless || dice.one_in(5) {
                map.insert(moved.node, dice.pick(&journey.nodes[1..]).id.clone());
            }
        }
        publish(journey, InFlight::Follow(map))
    }

    /// Sends what was handed out and not answered, and says what became of it.
    fn answers(&self, step: u64, machine: &Machine) -> Vec<Answered> {
        let leased = machine.leased();
        let messages: Vec<_> = leased.iter().map(|leased| message(machine, leased)).collect();
        let delivered = self.provider.clone().send(&messages);
        let outcome = |delivery: &Delivery| match delivery {
            Delivery::Sent { .. } => Outcome::Done,
            Delivery::Failed { again: true, .. } => Outcome::Again(self.at(step) + HOUR),
            Delivery::Failed { .. } => Outcome::Failed,
            Delivery::Unknown { .. } => Outcome::Unknown,
        };
        let answered = leased.iter().zip(&delivered);
        answered.map(|(leased, delivery)| Answered { handle: leased.handle, outcome: outcome(delivery) }).collect()
    }

    /// Tells a store all that it has not been told yet, and each time says so.
    pub fn go_on<S: Storage>(
        &self,
        store: &mut Store<S>,
        mut told: impl FnMut(u64, &Command, &Machine),
    ) -> Result<(), StoreError> {
        for step in store.end().0..self.steps {
            let command = self.command(step, store.machine());
            let at = self.at(step);
            store.tell(at, &command, &mut world(&command))?;
            assert_eq!(store.end().0, step + 1);
            assert!(store.machine().conserves(), "seed {}, step {step}: somebody was lost or made", self.seed);
            told(step, &command, store.machine());
        }
        Ok(())
    }
}

pub fn message(machine: &Machine, leased: &Leased) -> Message {
    let (journey, node) = machine.about(leased.handle).expect("a node");
    Message {
        key: machine.idempotency_key(leased.handle).expect("a key"),
        journey: journey.id.clone(),
        node: node.to_owned(),
        customer: machine.key(leased.customer),
        attempt: leased.attempt.into(),
        ..Message::default()
    }
}

/// The world while a command is carried out.
pub fn world(command: &Command) -> Fake {
    let events = if let Command::Events { events, .. } = command { events.clone() } else { Vec::new() };
    Fake { customers: CUSTOMERS, events }
}
