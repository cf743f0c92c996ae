//! Conditions that a running number answers: how many events there were, or what they add up to, in a window that has a
//! fixed length or none.

use cvm_core::predicate::{Bound, Measured, Moment, Range, RowMeasure, RowSource, Shift, Test};
use cvm_core::{Catalog, FieldType, Matcher, Predicate, Value};

/// A count or exact sum of the events of a stream.
#[derive(Debug, Clone)]
pub(super) struct Fast {
    pub(super) stream: usize,
    pub(super) window: From,
    pub(super) what: Number,
    pub(super) measured: Measured,
    /// Whether all that is asked is if there is any.
    pub(super) any: bool,
}

/// Since when events count; always up to now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum From {
    /// So many microseconds back, the first of them included.
    Last(i64),
    /// The first instant of a date that follows from the date of evaluation.
    Start(Moment),
    /// An instant.
    Fixed(i64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    Count,
    /// Of a field's values as whole numbers, with so many digits after the point.
    Sum {
        field: usize,
        scale: u8,
    },
}

/// Decimals of so many digits, and one before the point where there is none, have a place in a word.
const DIGITS: u8 = 17;

impl Fast {
    /// The running number that answers a condition, where one does.
    pub(super) fn of(predicate: &Predicate, catalog: &Catalog) -> Option<Self> {
        let Predicate::Measured(measured) = predicate else { return None };
        let RowSource::Events(stream) = measured.rows.source else { return None };
        let known = catalog.events.get(stream).filter(|known| known.time_type == FieldType::Timestamp)?;
        let what = match &measured.measure {
            RowMeasure::Count | RowMeasure::LastTime => Number::Count,
            RowMeasure::Sum(field) if field.path.is_empty() => match known.fields.get(field.index)?.ty {
                FieldType::Int => Number::Sum { field: field.index, scale: 0 },
                FieldType::Decimal { precision, scale } if precision <= DIGITS => {
                    Number::Sum { field: field.index, scale }
                }
                _ => return None,
            },
            _ => return None,
        };
        // A `where` that time turns changes what was counted long ago.
        if measured.rows.filter.as_ref().is_some_and(|filter| Matcher::of(filter, catalog).moves()) {
            return None;
        }
        let window = From::of(&measured.rows.time).filter(|_| ends_now(&measured.rows.time))?;
        if measured.measure != RowMeasure::LastTime {
            return Some(Self { stream, window, what, measured: (**measured).clone(), any: false });
        }
        // The last of all events is in a window that ends now where any event is.
        let Test::Range(range) = &measured.test else { return None };
        let open = range.high == Bound::Open || ends_now(range);
        let fits = open && window == From::Fixed(i64::MIN) && measured.negated == measured.on_missing;
        fits.then_some(Self { stream, window: From::of(range)?, what, measured: (**measured).clone(), any: true })
    }

    /// The verdict on a count below 64.
    pub(super) fn of_count(&self, n: u8) -> bool {
        match (self.any, n) {
            (false, n) => self.measured.verdict(&Value::Int(n.into())),
            (true, 0) => self.measured.on_missing,
            (true, _) => !self.measured.negated,
        }
    }
}

impl From {
    /// Since when a range of instants reaches, whatever its upper end.
    fn of(range: &Range) -> Option<Self> {
        let moving = range.moving.as_deref();
        match (moving.and_then(|moving| moving.low.as_ref()), &range.low) {
            (None, Bound::Open) => Some(Self::Fixed(i64::MIN)),
            (None, Bound::Included(Value::Timestamp(at))) => Some(Self::Fixed(at.micros())),
            (Some(Moment::Instant(shifts)), Bound::Included(_)) => Some(Self::Last(back(shifts)?)),
            (Some(Moment::Instant(shifts)), Bound::Excluded(_)) => {
                back(shifts)?.checked_sub(1).filter(|length| *length >= 0).map(Self::Last)
            }
            (Some(start @ Moment::StartOf(_)), Bound::Included(_)) => Some(Self::Start(start.clone())),
            _ => None,
        }
    }
}

/// Whether a range reaches up to now, and now is inside.
fn ends_now(range: &Range) -> bool {
    let Some(moving) = range.moving.as_deref() else { return false };
    let to_now = matches!(&moving.high, Some(Moment::Instant(shifts)) if shifts.is_empty());
    to_now && moving.until == Bound::Open && matches!(range.high, Bound::Included(_))
}

/// A thousand years.
const LONGEST: i64 = 1_000 * 366 * 86_400_000_000;

/// How far some steps lead back, in microseconds.
fn back(shifts: &[Shift]) -> Option<i64> {
    let steps = shifts.iter().map(|shift| match shift {
        Shift::Seconds(n) => n.checked_mul(-1_000_000),
        Shift::Days(n) => n.checked_mul(-86_400_000_000),
        Shift::Months(_) => None,
    });
    let total = steps.sum::<Option<i64>>()?;
    // Longer ones could begin before any time that can be said.
    (0..=LONGEST).contains(&total).then_some(total)
}

#[cfg(test)]
mod tests {
    use cvm_core::filter::Unit;
    use cvm_core::predicate::Day;
    use cvm_core::{Catalog, Filter, Timestamp, bind};

    use super::*;

    #[test]
    fn what_running_numbers_answer() {
        let catalog = Catalog::from_json(
            r#"{"customers": {"table": "c", "key": "id", "fields": [{"name": "id", "type": "int", "nullable": false}]},
            "events": [
                {"name": "buy", "table": "b", "customer": "id", "time": "at", "fields": [
                    {"name": "amount", "type": "decimal(10,2)"}, {"name": "wide", "type": "decimal(38,2)"},
                    {"name": "n", "type": "int"}, {"name": "x", "type": "float"}, {"name": "due", "type": "date"}]},
                {"name": "bill", "table": "d", "customer": "id", "time": "day", "time_type": "date"}]}"#,
        )
        .expect("a catalog");
        let now = Timestamp::parse_utc("2024-05-01T00:00:00Z").expect("an instant");
        let found = |text: &str| {
            let filter: Filter = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
            let predicate = bind(&filter, &catalog, now).unwrap_or_else(|e| panic!("{text}: {e}"));
            Fast::of(&predicate, &catalog).map(|fast| (fast.window, fast.what))
        };
        let day = 86_400_000_000;
        let always = From::Fixed(i64::MIN);
        assert_eq!(found("count(buy) >= 2"), Some((always.clone(), Number::Count)));
        assert_eq!(found("count(buy within last 2 days where n > 1) = 0"), Some((From::Last(2 * day), Number::Count)));
        assert_eq!(found("count(buy within last 1 week) = 0"), Some((From::Last(7 * day), Number::Count)));
        assert_eq!(
            found("sum(buy.n within last 3 hours) > 1"),
            Some((From::Last(day / 8), Number::Sum { field: 2, scale: 0 }))
        );
        assert_eq!(found("sum(buy.amount) > 1"), Some((always, Number::Sum { field: 0, scale: 2 })));
        assert_eq!(
            found("count(buy within since '1970-01-01T00:00:01Z') > 1"),
            Some((From::Fixed(1_000_000), Number::Count))
        );
        assert_eq!(found("days since(buy) <= 2"), Some((From::Last(3 * day - 1), Number::Count)));
        assert_eq!(found("last time(buy where n = 1) within last 2 days"), Some((From::Last(2 * day), Number::Count)));
        let this_month = Moment::StartOf(Day { first_of: Unit::Month, shifts: Vec::new() });
        assert_eq!(found("count(buy within this month) > 1"), Some((From::Start(this_month), Number::Count)));
        for other in [
            "sum(buy.x) > 1",
            "sum(buy.wide) > 1",
            "count(bill) > 1",
            "count(buy within last 1 month) > 1",
            "count(buy within previous 2 days) > 1",
            "count(buy within ('2024-01-01' to '2030-01-01')) > 1",
            "count(buy where due < 3 days ago) > 1",
            "distinct(buy.n) > 1",
            "days since(buy) > 1",
            "first time(buy) within last 1 day",
            "last time(buy within last 9 days) within last 1 day",
        ] {
            assert_eq!(found(other), None, "{other}");
        }
    }
}
