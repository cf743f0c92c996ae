//! Facts: sequences, returns, samples, places.

use super::{History, rows, value_of};
use crate::predicate::{FactTest, FieldRef, Gap, GeoTest, RestartedTest, StepTest};
use crate::value::Value;

pub(super) fn holds(test: &FactTest, row: &[Value], history: &History) -> bool {
    match test {
        FactTest::Sequence(steps) => sequence(steps, None, history),
        FactTest::Restarted(test) => restarted(test, history),
        // Settled before, see `settle`.
        FactTest::Rank(_) => false,
        FactTest::Bucket(test) => row.get(test.key).is_some_and(|key| test.holds(key)),
        FactTest::Geo(test) => place(test, row),
    }
}

/// Whether the steps can follow an event at `before`: every way is tried.
fn sequence(steps: &[StepTest], before: Option<&Value>, history: &History) -> bool {
    let Some((step, rest)) = steps.split_first() else { return true };
    rows::matching(&step.rows, history)
        .iter()
        .any(|(time, _)| follows(step, before, time, history) && sequence(rest, Some(time), history))
}

fn follows(step: &StepTest, before: Option<&Value>, time: &Value, history: &History) -> bool {
    let Some(before) = before else { return true };
    let later = time.compare(before).is_some_and(std::cmp::Ordering::is_gt);
    let soon = step.within.is_none_or(|gap| elapsed(before, time).is_some_and(|ticks| ticks <= ticks_of(gap)));
    let alone = step.without.as_ref().is_none_or(|absent| {
        !rows::matching(absent, history).iter().any(|(at, _)| {
            at.compare(before).is_some_and(std::cmp::Ordering::is_gt)
                && at.compare(time).is_some_and(std::cmp::Ordering::is_lt)
        })
    });
    later && soon && alone
}

fn restarted(test: &RestartedTest, history: &History) -> bool {
    let all = rows::matching(&test.rows, history);
    let returns = all.iter().map(|(time, _)| *time).filter(|time| test.within.contains(time));
    returns.into_iter().any(|time| {
        let earlier =
            all.iter().map(|(at, _)| *at).filter(|at| at.compare(time).is_some_and(std::cmp::Ordering::is_lt));
        let before = rows::greatest(earlier.cloned());
        elapsed(&before, time).is_some_and(|ticks| ticks >= ticks_of(test.pause))
    })
}

/// Microseconds between instants, days between dates.
fn elapsed(from: &Value, to: &Value) -> Option<i64> {
    match (from, to) {
        (Value::Timestamp(from), Value::Timestamp(to)) => to.micros().checked_sub(from.micros()),
        (Value::Date(from), Value::Date(to)) => Some(i64::from(to.days()) - i64::from(from.days())),
        _ => None,
    }
}

fn ticks_of(gap: Gap) -> i64 {
    match gap {
        Gap::Seconds(seconds) => seconds.saturating_mul(1_000_000),
        Gap::Days(days) => days,
    }
}

fn place(test: &GeoTest, row: &[Value]) -> bool {
    let value = |index: usize| value_of(&FieldRef { index, path: Vec::new() }, row);
    test.holds_of(&value(test.latitude), &value(test.longitude))
}
