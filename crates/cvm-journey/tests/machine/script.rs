//! Commands at random, for the machine and for the reference.

use std::collections::{BTreeMap, BTreeSet};

use cvm_journey::machine::*;
use cvm_journey::model::{Journey, Reentry};
use jiff::tz::TimeZone;

use crate::draw::{self, Dice};
use crate::reference::{Given, Reference};
use crate::world::DAY;

pub const CUSTOMERS: u32 = 12;
const HOUR: i64 = DAY / 24;

/// Draws commands.
pub struct Script {
    dice: Dice,
    at: i64,
    first: Vec<Command>,
    /// What was handed out and not answered.
    pub given: Vec<Handle>,
    ids: u64,
}

fn published(journey: Journey, people: InFlight) -> Publish {
    let terms = draw::offers().iter().map(|offer| Terms::new(offer, &TimeZone::UTC)).collect();
    Publish { journey, terms, people }
}

fn publish(journey: Journey, people: InFlight) -> Command {
    Command::Publish(Box::new(published(journey, people)))
}

impl Script {
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice(seed);
        let keys = Keys::Texts((0..CUSTOMERS).map(|who| format!("c{who}")).collect());
        let child = loop {
            let child = draw::journey(&mut dice, "child", 1, false);
            // A child whose customers are in it several times is no place to wait for one of them.
            if !matches!(child.entry.reentry, Reentry::Concurrent { .. }) {
                break child;
            }
        };
        let parent = draw::journey(&mut dice, "parent", 1, true);
        let other = draw::journey(&mut dice, "other", 1, true);
        let mut first = vec![Command::Customers(keys)];
        first.extend([child, parent, other].map(|journey| publish(journey, InFlight::Pinned)));
        first.reverse();
        let at = cvm_core::Timestamp::parse_utc("2026-12-01T06:00:00Z").expect("an instant").micros();
        Self { dice, at, first, given: Vec::new(), ids: 0 }
    }

    fn journey(&mut self) -> String {
        (*self.dice.pick(&["child", "parent", "other"])).to_owned()
    }

    fn customers(&mut self) -> Vec<u32> {
        let many = 1 + self.dice.below(6);
        (0..many).map(|_| u32::try_from(self.dice.below(u64::from(CUSTOMERS))).expect("small")).collect()
    }

    /// The next command, and its instant.
    pub fn next(&mut self, machine: &Machine) -> (i64, Command) {
        if let Some(command) = self.first.pop() {
            return (self.at, command);
        }
        let step = *self.dice.pick(&[0, 60_000_000, HOUR, HOUR, 7 * HOUR, DAY, -HOUR]);
        // Sometimes exactly to when something is due.
        self.at = match machine.wake() {
            Some(wake) if self.dice.one_in(4) && wake > self.at && wake < self.at + 40 * DAY => wake,
            _ => (self.at + step).max(machine.now() - HOUR),
        };
        (self.at, self.command(machine))
    }

    fn command(&mut self, machine: &Machine) -> Command {
        match self.dice.below(20) {
            0..=3 => Command::Enrol { journey: self.journey(), customers: self.customers() },
            4..=7 => Command::Events {
                names: ["signup", "visit", "purchase", "elsewhere"].map(str::to_owned).into(),
                events: (0..1 + self.dice.below(8)).map(|_| self.event()).collect(),
            },
            8 => Command::Changed { customers: self.customers() },
            9 | 10 => Command::Tick,
            11..=13 => {
                let channels = match self.dice.below(4) {
                    0 => vec!["email".to_owned()],
                    1 => vec!["profile".to_owned(), "webhook".to_owned(), "nothing".to_owned()],
                    _ => Vec::new(),
                };
                let limit = 1 + u32::try_from(self.dice.below(12)).expect("small");
                Command::Lease { channels, limit, until: self.at + HOUR }
            }
            14..=16 => Command::Answers(self.answers()),
            17 => match self.dice.below(4) {
                0 => Command::Stop { journey: self.journey() },
                _ => Command::Pause { journey: self.journey() },
            },
            18 => Command::Resume { journey: self.journey() },
            _ => self.publish(machine),
        }
        .allowed(machine)
    }

    fn event(&mut self) -> Event {
        self.ids += 1;
        // Now and then one comes again.
        let id = if self.dice.one_in(6) { 1 + self.dice.below(self.ids) } else { 1_000 + self.ids };
        let late = i64::try_from(self.dice.below(100)).expect("small") * 60_000_000;
        Event {
            customer: u32::try_from(self.dice.below(u64::from(CUSTOMERS))).expect("small"),
            name: u16::try_from(self.dice.below(4)).expect("small"),
            at: self.at - late - i64::try_from(self.ids).expect("small"),
            id: Some(id),
            about: None,
        }
    }

    fn answers(&mut self) -> Vec<Answered> {
        let mut answers = Vec::new();
        for handle in std::mem::take(&mut self.given) {
            let outcome = match self.dice.below(10) {
                0 => Outcome::Failed,
                1 => Outcome::Again(self.at + HOUR),
                2 => Outcome::Again(self.at - HOUR),
                3 => Outcome::Unknown,
                4 => {
                    self.given.push(handle);
                    continue;
                }
                // Sometimes said twice.
                5 => {
                    answers.push(Answered { handle, outcome: Outcome::Done });
                    Outcome::Done
                }
                _ => Outcome::Done,
            };
            answers.push(Answered { handle, outcome });
        }
        answers
    }

    fn publish(&mut self, machine: &Machine) -> Command {
        let id = self.journey();
        let Some(before) = machine.journey(&id) else { return Command::Tick };
        let mut journey = draw::journey(&mut self.dice, &id, before.version + 1, id != "child");
        journey.entry = before.entry.clone();
        if self.dice.one_in(2) {
            return publish(journey, InFlight::Pinned);
        }
        let mut map = BTreeMap::new();
        let follows = published(journey.clone(), InFlight::Follow(map.clone()));
        for moved in machine.preview(&follows) {
            if moved.fate == Fate::Homeless || self.dice.one_in(5) {
                map.insert(moved.node, self.dice.pick(&journey.nodes[1..]).id.clone());
            }
        }
        publish(journey, InFlight::Follow(map))
    }
}

trait Allowed {
    fn allowed(self, machine: &Machine) -> Command;
}

impl Allowed for Command {
    /// What is stopped can't be paused.
    fn allowed(self, machine: &Machine) -> Command {
        match &self {
            Self::Pause { journey } | Self::Resume { journey } | Self::Stop { journey }
                if machine.status(journey) == Some(Status::Stopped) =>
            {
                Self::Tick
            }
            _ => self,
        }
    }
}

/// What was handed out, as the reference says it.
pub fn given(machine: &Machine, leased: &Leased) -> Given {
    let (journey, node) = machine.about(leased.handle).expect("a node");
    // Whoever has the key finds the message again, in every entry and round.
    let key = machine.idempotency_key(leased.handle).expect("a key");
    let send = journey.node(node).is_some_and(|node| matches!(node.kind.name(), "send" | "webhook"));
    assert_eq!(machine.handle_of(leased.customer, &key), Some(leased.handle).filter(|_| send));
    let Handle { participant, entry, round, .. } = leased.handle;
    (journey.id.clone(), node.to_owned(), participant, entry, round, leased.attempt, leased.code)
}

/// Tells the reference a command.
pub fn tell(reference: &mut Reference, at: i64, command: &Command) {
    reference.begin(at);
    if !matches!(command, Command::Publish(_)) {
        reference.advance();
    }
    let number =
        |reference: &Reference, id: &str| reference.runs.iter().position(|run| run.id == id).expect("a journey");
    match command {
        Command::Customers(_) => {}
        Command::Publish(publish) => reference.publish(publish),
        Command::Enrol { journey, customers } => {
            let j = number(reference, journey);
            let once: BTreeSet<u32> = customers.iter().copied().collect();
            once.into_iter().for_each(|customer| reference.enter(j, customer, 0));
        }
        Command::Events { names, events } => {
            events.iter().for_each(|event| reference.event(&names[usize::from(event.name)], event));
        }
        Command::Changed { customers } => reference.changed(&customers.iter().copied().collect()),
        Command::Tick => reference.tick(),
        Command::Lease { channels, limit, until } => {
            let channels: Vec<&str> = channels.iter().map(String::as_str).collect();
            reference.lease(&channels, *limit as usize, *until);
        }
        Command::Answers(answers) => {
            for Answered { handle, outcome } in answers {
                let run = &reference.runs[usize::from(handle.journey)];
                let (id, node) = (run.id.clone(), run.node_name(handle.node));
                let who = handle.participant as usize;
                reference.answer((&id, &node, who, handle.entry, handle.round), *outcome);
            }
        }
        Command::Pause { journey } => reference.set_status(journey, Status::Paused),
        Command::Resume { journey } => reference.set_status(journey, Status::Running),
        Command::Stop { journey } => reference.stop(journey),
    }
}
