//! Segments that are looked at again and again. Of a filter in which nothing moves with time but windows over events, the
//! customers who may have come or gone are known: those with an event that a window took in or left behind. They alone are
//! asked again.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use cvm_core::predicate::{Bound, Measured, Predicate, RowMeasure, RowSource, Test};
use cvm_core::{Filter, Timestamp, Value, bind};
use cvm_index::{Index, Occurred};

use cvm_journey::machine::WorldError;

const DAY: i64 = 86_400_000_000;
/// Of more customers the events in the order of time would take too much room.
const MOST: usize = 500_000;
/// Where a greater share of customers must be asked, all are.
const FEW: usize = 64;

/// The window of a measure: events of a stream between two instants, both inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Window {
    stream: usize,
    low: i64,
    high: i64,
}

/// Who was in the segments that were looked at, and the events by time.
#[derive(Debug, Default)]
pub(super) struct Turning {
    /// By the filter's number.
    looked: HashMap<u32, (Vec<Window>, Vec<u64>)>,
    streams: HashMap<usize, Vec<Occurred>>,
}

impl Turning {
    /// The rows that a filter takes, 64 in a word.
    pub(super) fn words(
        &mut self,
        index: &Index,
        number: u32,
        filter: &Filter,
        now: Timestamp,
    ) -> Result<Vec<u64>, WorldError> {
        let wrong = |findings: cvm_core::Diagnostics| WorldError::new(findings.to_string());
        let whole = || index.words(filter, now).map_err(wrong);
        if index.len() > MOST {
            return whole();
        }
        let predicate = bind(filter, index.catalog(), now).map_err(wrong)?;
        let mut windows = Vec::new();
        if !moves(&predicate, &mut windows) {
            return whole();
        }
        for window in &windows {
            if let Entry::Vacant(place) = self.streams.entry(window.stream) {
                place.insert(index.occurred(window.stream, Timestamp::MIN, Timestamp::MAX).map_err(wrong)?);
            }
        }
        let known = self.looked.remove(&number).filter(|(before, _)| before.len() == windows.len());
        let words = match known {
            Some((before, mut words)) => {
                let mut rows = Vec::new();
                for (before, after) in before.iter().zip(&windows) {
                    self.between(*after, before.low, after.low, &mut rows);
                    self.between(*after, before.high, after.high, &mut rows);
                }
                rows.sort_unstable();
                rows.dedup();
                if rows.len() >= index.len() / FEW {
                    whole()?
                } else {
                    let holds = index.holds(filter, now, &rows).map_err(wrong)?;
                    rows.into_iter().zip(holds).for_each(|(row, holds)| super::population::put(&mut words, row, holds));
                    words
                }
            }
            None => whole()?,
        };
        self.looked.insert(number, (windows, words.clone()));
        Ok(words)
    }

    /// The rows with events between an end of a window before and after, on either side of both.
    fn between(&self, window: Window, before: i64, after: i64, rows: &mut Vec<u32>) {
        if before == after {
            return;
        }
        let events = self.streams.get(&window.stream).map(Vec::as_slice).unwrap_or_default();
        let (from, to) = (before.min(after), before.max(after));
        let first = events.partition_point(|event| event.at < from);
        let between = events.iter().skip(first).take_while(|event| event.at <= to);
        rows.extend(between.map(|event| event.row));
    }
}

/// Whether nothing moves with time but windows over events, which are noted.
fn moves(predicate: &Predicate, windows: &mut Vec<Window>) -> bool {
    match predicate {
        Predicate::Constant(_) => true,
        Predicate::All(all) | Predicate::Any(all) | Predicate::AtLeast(_, all) => {
            all.iter().all(|one| moves(one, windows))
        }
        Predicate::Not(one) => moves(one, windows),
        Predicate::Leaf(leaf) => stays(&leaf.test),
        Predicate::Measured(measured) => measure(measured, windows),
        Predicate::Segment(segment) => moves(&segment.filter, windows),
        // Facts have windows and gaps of many kinds.
        Predicate::Fact(_) => false,
    }
}

fn stays(test: &Test) -> bool {
    match test {
        Test::Range(range) => range.moving.is_none(),
        Test::MonthDay { moving, .. } => moving.is_none(),
        _ => true,
    }
}

fn measure(measured: &Measured, windows: &mut Vec<Window>) -> bool {
    let periods = matches!(measured.measure, RowMeasure::Periods { .. });
    let mut inner = Vec::new();
    let filter = measured.rows.filter.as_ref().is_none_or(|filter| moves(filter, &mut inner) && inner.is_empty());
    if periods || !stays(&measured.test) || !filter {
        return false;
    }
    if measured.rows.time.moving.is_none() {
        return true;
    }
    let (RowSource::Events(stream), Some(low), Some(high)) =
        (measured.rows.source, end(&measured.rows.time.low, i64::MIN, 1), end(&measured.rows.time.high, i64::MAX, -1))
    else {
        return false;
    };
    windows.push(Window { stream, low, high });
    true
}

/// The instant of an end that is inside; none where it is no time.
fn end(bound: &Bound, open: i64, step: i64) -> Option<i64> {
    let at = |value: &Value| match value {
        Value::Timestamp(at) => Some((at.micros(), 1)),
        Value::Date(day) => Some((i64::from(day.days()) * DAY, DAY)),
        _ => None,
    };
    match bound {
        Bound::Open => Some(open),
        Bound::Included(value) => at(value).map(|(at, _)| at),
        Bound::Excluded(value) => at(value).map(|(at, unit)| at + step * unit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Engine, EngineOptions, EventName, LoadCustomers, LoadEvents, Source};

    fn mix(x: u64) -> u64 {
        (x.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (x >> 7)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 20
    }

    /// Customers and orders at all kinds of moments, some of them at the same.
    fn engine() -> Engine {
        let folder = tempfile::tempdir().expect("a folder");
        let (rows, events) = (folder.path().join("customers.csv"), folder.path().join("orders.csv"));
        let customers: String = (0..400).map(|id| format!("{id},{}\n", mix(id) % 80)).collect();
        std::fs::write(&rows, format!("id,age\n{customers}")).expect("written");
        let start = Timestamp::parse_utc("2026-10-01T00:00:00Z").expect("an instant").micros();
        let order = |n: u64| {
            let at = start + i64::try_from(mix(n) % (90 * 24 * 4)).expect("small") * 900_000_000;
            let at = Timestamp::from_micros(at).expect("an instant");
            format!("{},{at},{}\n", mix(n + 77) % 400, mix(n + 99) % 100)
        };
        let orders: String = (0..3_000).map(order).collect();
        std::fs::write(&events, format!("customer,at,amount\n{orders}")).expect("written");
        let engine = Engine::new(EngineOptions::default()).expect("an engine");
        engine.load_customers(Source::File(rows), &LoadCustomers::default(), &mut |_, _| {}).expect("customers");
        let load = LoadEvents {
            customer: "customer".into(),
            name: EventName::Always("order".into()),
            time: "at".into(),
            table: None,
            types: Vec::new(),
            on_bad_rows: crate::OnBadRows::default(),
        };
        engine.load_events(Source::File(events), &load, &mut |_, _| {}).expect("orders");
        engine
    }

    #[test]
    fn who_is_asked_again_are_all_who_may_have_turned() {
        let index = engine().made_index().expect("an index");
        let filters = [
            "count(order) >= 3",
            "count(order within last 30 days) = 0 and count(order) >= 1",
            "sum(order.amount within last 7 days) > 100 or age < 20",
            "not (max(order.amount within last 3 days) >= 90)",
            "count(order where (amount >= 50) within last 12 hours) >= 1",
            "at least 2 of (count(order within last 1 days) >= 1, count(order within last 10 days) >= 3, age >= 60)",
            // These move in other ways: all are asked.
            "stopped(order, active 30 days, inactive 10 days)",
        ];
        let filters: Vec<Filter> = filters.iter().map(|text| text.parse().expect("a filter")).collect();
        let (mut turning, mut turned) = (Turning::default(), 0);
        let start = Timestamp::parse_utc("2026-10-01T00:00:00Z").expect("an instant").micros();
        let mut before: Vec<Vec<u64>> = vec![Vec::new(); filters.len()];
        for step in 0..900_u64 {
            // Hours, odd minutes, and now and then back in time or far ahead.
            let hours = if step % 50 == 49 { mix(step) % 2_000 } else { step * 2 };
            let at = start + i64::try_from(hours * 60 + mix(step) % 60).expect("small") * 60_000_000;
            let now = Timestamp::from_micros(at).expect("an instant");
            for ((number, filter), before) in (0..).zip(&filters).zip(&mut before) {
                let words = turning.words(&index, number, filter, now).expect("an answer");
                assert_eq!(words, index.words(filter, now).expect("an answer"), "{filter} at {now}");
                turned += usize::from(*before != words);
                *before = words;
            }
        }
        assert!(turned > 1_000, "{turned} answers differed from the ones before");
    }
}
