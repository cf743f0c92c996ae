//! Where customers live, and when their clocks show something.

use std::collections::HashMap;

use cvm_core::{Timestamp, Value};
use cvm_journey::machine::When;
use cvm_journey::model::{TimeOfDay, Zone};
use cvm_journey::time;
use jiff::tz::TimeZone;

use super::population::Population;

/// The zones of all customers, as a field and a fallback say.
#[derive(Debug)]
pub(super) struct Clocks {
    zones: Vec<TimeZone>,
    /// By the customer's number; empty where all have the first one.
    of: Vec<u16>,
}

impl Clocks {
    pub(super) fn new(population: &Population, many: u32, zone: &Zone) -> Self {
        let fallback = cvm_core::catalog::zone_by_name(&zone.fallback).unwrap_or(TimeZone::UTC);
        let mut clocks = Self { zones: vec![fallback], of: Vec::new() };
        let named = zone.field.as_ref();
        let Some(field) =
            named.and_then(|name| population.catalog().customers.fields.iter().position(|field| field.name == *name))
        else {
            return clocks;
        };
        let mut known: HashMap<String, u16> = HashMap::new();
        for who in 0..many {
            let number = match population.value(field, who) {
                Value::Str(name) => match known.get(name.as_str()) {
                    Some(number) => *number,
                    None => {
                        // Who lives in a zone that there is not lives in the fallback.
                        let zone = cvm_core::catalog::zone_by_name(&name);
                        let number = zone.map_or(0, |zone| {
                            clocks.zones.push(zone);
                            u16::try_from(clocks.zones.len() - 1).unwrap_or(0)
                        });
                        known.insert(name, number);
                        number
                    }
                },
                _ => 0,
            };
            clocks.of.push(number);
        }
        clocks
    }

    fn number(&self, row: u32) -> u16 {
        self.of.get(row as usize).copied().unwrap_or(0)
    }

    pub(super) fn zone(&self, row: u32) -> TimeZone {
        self.zones.get(usize::from(self.number(row))).cloned().unwrap_or(TimeZone::UTC)
    }

    /// Instants that depend on zones alone: each zone is asked once.
    pub(super) fn instants(&self, when: When<'_>, now: i64, rows: &[u32]) -> Vec<i64> {
        let Some(at) = Timestamp::from_micros(now) else { return vec![i64::MAX; rows.len()] };
        let mut known: Vec<Option<i64>> = vec![None; self.zones.len()];
        let one = |row: &u32| {
            let number = usize::from(self.number(*row));
            if let Some(Some(instant)) = known.get(number) {
                return *instant;
            }
            let zone = self.zone(*row);
            let instant = match when {
                When::After(duration) => time::after(at, duration, &zone),
                When::Within(window) => time::within(at, window, &zone),
                When::Sendable { windows, quiet } => time::sendable(at, windows, quiet, &zone),
                When::Day { .. } => None,
            };
            let instant = instant.map_or(i64::MAX, Timestamp::micros);
            if let Some(place) = known.get_mut(number) {
                *place = Some(instant);
            }
            instant
        };
        rows.iter().map(one).collect()
    }
}

/// The day and the time of day that stand in a value.
pub(super) fn day_of(value: &Value, at: Option<TimeOfDay>, zone: &TimeZone) -> Option<(jiff::civil::Date, TimeOfDay)> {
    let midnight = TimeOfDay::new(0, 0)?;
    match value {
        Value::Date(date) => Some((date.to_civil()?, at.unwrap_or(midnight))),
        Value::Timestamp(instant) => {
            let civil = zone.to_datetime(instant.to_jiff());
            let own = TimeOfDay::new(u8::try_from(civil.hour()).ok()?, u8::try_from(civil.minute()).ok()?)?;
            Some((civil.date(), at.unwrap_or(own)))
        }
        _ => None,
    }
}
