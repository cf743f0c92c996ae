//! Conditions that a running number answers: how many events there were, or what they add up to, in a window that has a
//! fixed length or none.

use cvm_core::predicate::{Bound, Measured, Moment, RowMeasure, RowSource, Shift};
use cvm_core::{Catalog, FieldType, Matcher, Predicate, Value};

/// A count or exact sum of the events of a stream.
#[derive(Debug, Clone)]
pub(super) struct Fast {
    pub(super) stream: usize,
    pub(super) window: From,
    pub(super) what: Number,
    pub(super) measured: Measured,
}

/// Since when events count; always up to now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    /// So many microseconds back, the first of them included.
    Last(i64),
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
            RowMeasure::Count => Number::Count,
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
        let time = &measured.rows.time;
        let moving = time.moving.as_deref()?;
        let to_now = matches!(&moving.high, Some(Moment::Instant(shifts)) if shifts.is_empty());
        let ends_now = to_now && moving.until == Bound::Open && moving.beyond.is_none();
        let window = match (&moving.low, &time.low) {
            (None, Bound::Open) => From::Fixed(i64::MIN),
            (None, Bound::Included(Value::Timestamp(at))) => From::Fixed(at.micros()),
            (Some(Moment::Instant(shifts)), Bound::Included(_)) => From::Last(back(shifts)?),
            _ => return None,
        };
        let fits = ends_now && matches!(time.high, Bound::Included(_));
        fits.then(|| Self { stream, window, what, measured: (**measured).clone() })
    }
}

/// How far some steps lead back, in microseconds.
fn back(shifts: &[Shift]) -> Option<i64> {
    let steps = shifts.iter().map(|shift| match shift {
        Shift::Seconds(n) => n.checked_mul(-1_000_000),
        Shift::Days(n) => n.checked_mul(-86_400_000_000),
        Shift::Months(_) => None,
    });
    let total = steps.sum::<Option<i64>>()?;
    (total >= 0).then_some(total)
}

#[cfg(test)]
mod tests {
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
        assert_eq!(found("count(buy) >= 2"), Some((always, Number::Count)));
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
        for other in [
            "sum(buy.x) > 1",
            "sum(buy.wide) > 1",
            "count(bill) > 1",
            "count(buy within last 1 month) > 1",
            "count(buy within this month) > 1",
            "count(buy within previous 2 days) > 1",
            "count(buy within ('2024-01-01' to '2030-01-01')) > 1",
            "count(buy where due < 3 days ago) > 1",
            "distinct(buy.n) > 1",
            "days since(buy) > 1",
        ] {
            assert_eq!(found(other), None, "{other}");
        }
    }
}
