//! Ranges of values.

use std::cmp::Ordering;

use super::{Moment, Moving};
use crate::value::Value;

/// An end of a range.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Bound {
    /// No end.
    #[default]
    Open,
    /// The value itself is inside.
    Included(Value),
    /// The value itself is outside.
    Excluded(Value),
}

/// A range of values; both ends open means any value that is there.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Range {
    /// The lower end.
    pub low: Bound,
    /// The upper end.
    pub high: Bound,
    /// Where an end moves with the instant of evaluation, how it does; what lies inside is told by the ends alone.
    pub moving: Option<Box<Moving>>,
}

impl Range {
    /// A range whose ends stay.
    #[must_use]
    pub fn new(low: Bound, high: Bound) -> Self {
        Self { low, high, moving: None }
    }

    /// The same range, whose ends move with the instant of evaluation where a moment is given.
    #[must_use]
    pub fn moving(self, low: Option<Moment>, high: Option<Moment>) -> Self {
        let moving = (low.is_some() || high.is_some()).then(|| Box::new(Moving { low, high, ..Moving::default() }));
        Self { moving, ..self }
    }

    /// Whether a value that is there lies inside; values of a kind that doesn't compare do not.
    #[must_use]
    pub fn contains(&self, value: &Value) -> bool {
        let low = match &self.low {
            Bound::Open => true,
            Bound::Included(low) => value.compare(low).is_some_and(Ordering::is_ge),
            Bound::Excluded(low) => value.compare(low).is_some_and(Ordering::is_gt),
        };
        low && match &self.high {
            Bound::Open => true,
            Bound::Included(high) => value.compare(high).is_some_and(Ordering::is_le),
            Bound::Excluded(high) => value.compare(high).is_some_and(Ordering::is_lt),
        }
    }

    /// As [`Range::contains`] for a text.
    #[must_use]
    pub fn contains_text(&self, text: &str) -> bool {
        let end = |bound: &Bound, wanted: fn(Ordering) -> bool| match bound {
            Bound::Open => true,
            Bound::Included(Value::Str(end)) => text == end || wanted(text.cmp(end)),
            Bound::Excluded(Value::Str(end)) => wanted(text.cmp(end)),
            Bound::Included(_) | Bound::Excluded(_) => false,
        };
        end(&self.low, Ordering::is_gt) && end(&self.high, Ordering::is_lt)
    }

    /// Whether no value can lie inside.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let (low, high) = match (&self.low, &self.high) {
            (Bound::Included(low) | Bound::Excluded(low), Bound::Included(high) | Bound::Excluded(high)) => (low, high),
            _ => return false,
        };
        match low.compare(high) {
            Some(Ordering::Less) => false,
            Some(Ordering::Equal) => !matches!((&self.low, &self.high), (Bound::Included(_), Bound::Included(_))),
            _ => true,
        }
    }
}
