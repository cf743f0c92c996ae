//! What happens to customers, as it is told.

use std::collections::{HashMap, HashSet};

use cvm_core::{Occurrence, Value};
use cvm_index::live::{Change, EventName, Properties};
use cvm_journey::machine::{Command, Event, Keys};

use super::error::JourneyError;
use super::feeding::KnownBy;
use super::population::Occurring;
use super::state::State;

/// What came of changes that were told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Fed {
    /// Events that were taken.
    pub events: u64,
    /// Customers whose fields or rows are others.
    pub changed: u64,
    /// Customers who were not there before.
    pub new: u64,
    /// Events that came before with the same id, which are passed over.
    pub repeated: u64,
    /// Events and rows of nobody, which are left out.
    pub left_out: u64,
}

impl State {
    /// The number of a customer, by the key.
    pub(super) fn number(&self, key: &Value) -> Option<u32> {
        if let Some(number) = self.new.get(&text(key)) {
            return Some(*number);
        }
        let row = self.world.index.row_of(key)?;
        match &self.numbers {
            None => Some(row),
            Some(numbers) => numbers.get(&row).copied(),
        }
    }

    /// Tells changes in their order. Events side by side are told together.
    pub(super) fn feed(&mut self, at: i64, changes: Vec<Change>, known: &[KnownBy]) -> Result<Fed, JourneyError> {
        let mut fed = Fed::default();
        let mut events: Vec<(Event, Occurring)> = Vec::new();
        let mut changed: Vec<u32> = Vec::new();
        let mut fresh: HashSet<u64> = HashSet::new();
        for (change, known) in changes.into_iter().zip(known) {
            match change {
                Change::Event { key, event, time, properties } => {
                    self.tell_changed(at, &mut changed, &mut fed)?;
                    let stream = self.stream(&event);
                    let (Some(customer), Some(stream)) = (self.number(&key), stream) else {
                        fed.left_out += 1;
                        continue;
                    };
                    let Properties::Ordered(properties) = properties else { continue };
                    if known.id.is_some_and(|id| self.ids.contains(&id) || !fresh.insert(id)) {
                        fed.repeated += 1;
                        continue;
                    }
                    let micros = match &time {
                        Value::Timestamp(instant) => instant.micros(),
                        Value::Date(day) => i64::from(day.days()) * 86_400_000_000,
                        _ => at,
                    };
                    let occurrence = Occurrence { time, properties };
                    let name = u16::try_from(stream).unwrap_or(u16::MAX);
                    let event = Event { customer, name, at: micros, id: known.id, about: known.about };
                    events.push((event, Occurring { event: stream, occurrence }));
                }
                Change::Profile { key, fields } => {
                    self.tell_events(at, &mut events, &mut fed)?;
                    let customer = match self.number(&key) {
                        Some(customer) => customer,
                        None => {
                            fed.new += 1;
                            self.admit(at, &key)?
                        }
                    };
                    let known: HashMap<&str, usize> = {
                        let fields = self.catalog.customers.fields.iter().enumerate();
                        fields.map(|(place, field)| (field.name.as_str(), place)).collect()
                    };
                    for (name, value) in fields {
                        if let Some(place) = known.get(name.as_str()) {
                            self.world.overlay.set(customer, *place, value);
                        }
                    }
                    changed.push(customer);
                }
                Change::Related { key, table, rows } => {
                    self.tell_events(at, &mut events, &mut fed)?;
                    let table = self.catalog.related.iter().position(|known| known.name == table);
                    let (Some(customer), Some(table)) = (self.number(&key), table) else {
                        fed.left_out += 1;
                        continue;
                    };
                    self.world.overlay.related(customer, table, rows);
                    changed.push(customer);
                }
                // Refused before anything is told.
                Change::Erase { .. } => {}
            }
        }
        self.tell_events(at, &mut events, &mut fed)?;
        self.tell_changed(at, &mut changed, &mut fed)?;
        Ok(fed)
    }

    fn stream(&self, event: &EventName) -> Option<usize> {
        match event {
            EventName::Number(place) => Some(*place),
            EventName::Name(name) => self.catalog.events.iter().position(|stream| *stream.name == **name),
        }
    }

    fn tell_events(
        &mut self,
        at: i64,
        events: &mut Vec<(Event, Occurring)>,
        fed: &mut Fed,
    ) -> Result<(), JourneyError> {
        if events.is_empty() {
            return Ok(());
        }
        let (told, occurring): (Vec<_>, Vec<_>) = std::mem::take(events).into_iter().unzip();
        let mut added = Vec::with_capacity(told.len());
        for (event, occurring) in told.iter().zip(&occurring) {
            self.world.overlay.event(event.customer, occurring.event, occurring.occurrence.clone());
            added.push((event.customer, occurring.event));
        }
        self.world.occurring = occurring;
        let names = self.catalog.events.iter().map(|event| event.name.clone()).collect();
        let (many, ids) = (told.len() as u64, told.iter().filter_map(|event| event.id).collect::<Vec<_>>());
        if let Err(error) = self.tell(at, Command::Events { names, events: told }) {
            // What is refused has not happened: it may be told again, when the clock is allowed.
            added.into_iter().rev().for_each(|(who, event)| self.world.overlay.take_back(who, event));
            return Err(error);
        }
        fed.events += many;
        self.ids.extend(ids);
        Ok(())
    }

    fn tell_changed(&mut self, at: i64, changed: &mut Vec<u32>, fed: &mut Fed) -> Result<(), JourneyError> {
        if changed.is_empty() {
            return Ok(());
        }
        fed.changed += changed.len() as u64;
        self.world.changed(u32::try_from(self.keeper.machine().customers()).unwrap_or(u32::MAX));
        self.tell(at, Command::Changed { customers: std::mem::take(changed) })?;
        Ok(())
    }

    /// A customer who was not there.
    pub(super) fn admit(&mut self, at: i64, key: &Value) -> Result<u32, JourneyError> {
        let keys = match key {
            Value::Int(number) => Keys::Integers(vec![*number]),
            key => Keys::Texts(vec![text(key)]),
        };
        let number = u32::try_from(self.keeper.machine().customers()).unwrap_or(u32::MAX);
        self.tell(at, Command::Customers(keys))?;
        self.new.insert(text(key), number);
        if let Some(rows) = &mut self.world.rows {
            rows.push(u32::MAX);
        } else {
            let own = u32::try_from(self.world.index.len()).unwrap_or(u32::MAX);
            self.world.rows = Some((0..own).chain([u32::MAX]).collect());
        }
        self.world.overlay.begin(number);
        if let Some(place) =
            self.catalog.customers.fields.iter().position(|field| field.name == self.catalog.customers.key)
        {
            self.world.overlay.set(number, place, key.clone());
        }
        Ok(number)
    }
}

/// A key as the machine has it.
pub(super) fn text(key: &Value) -> String {
    key.to_string()
}
