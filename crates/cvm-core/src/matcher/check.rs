//! Tests of one value that is there.

use memchr::memmem::Finder;

use super::round;
use super::set::{Numbers, Texts};
use super::times::{Span, Times, WORDS};
use crate::predicate::{Bound, Needle, Range, Test, TextTest};
use crate::value::Value;

/// A test made ready. Each passes what [`Test::passes`] passes, for values of every kind.
#[derive(Debug)]
pub(super) enum Check {
    Present,
    Bool(bool),
    /// One of these whole numbers; values of other kinds are left to the test.
    Ints(Numbers, Box<Test>),
    /// From the first to the second; values of other kinds are left to the test.
    IntRange(i64, i64, Box<Test>),
    /// One of these dates, or with `false` instants.
    Times(Numbers, bool),
    Texts(Texts),
    /// Somewhere inside a text.
    Contains(Box<Finder<'static>>),
    Span(Span),
    /// Days that come round, always the same ones.
    Round([i64; WORDS]),
    /// Days that come round and move: the number of their first word.
    RoundMoves(usize),
    Test(Box<Test>),
}

impl Check {
    pub(super) fn of(test: &Test, node: usize, times: &mut Times) -> Self {
        match test {
            Test::Present => Self::Present,
            Test::In(values) => Self::one_of(values, test),
            Test::Range(range) => match Span::of(range, node, times) {
                Some(span) => Self::Span(span),
                None => int_range(range).map_or_else(
                    || Self::Test(Box::new(test.clone())),
                    |(low, high)| Self::IntRange(low, high, Box::new(test.clone())),
                ),
            },
            Test::Text(TextTest { needle: Needle::Contains(needle), fold: false }) => {
                Self::Contains(Box::new(Finder::new(needle.as_bytes()).into_owned()))
            }
            Test::MonthDay { moving: Some(window), .. } => Self::RoundMoves(times.round(window, node)),
            Test::MonthDay { ranges, moving: None } => Self::Round(round::bits(ranges)),
            other => Self::Test(Box::new(other.clone())),
        }
    }

    fn one_of(values: &[Value], test: &Test) -> Self {
        fn all<'v, T>(values: &'v [Value], one: impl Fn(&'v Value) -> Option<T>) -> Option<Vec<T>> {
            if values.is_empty() { None } else { values.iter().map(one).collect() }
        }
        if let Some(ints) = all(values, |value| if let Value::Int(i) = value { Some(*i) } else { None }) {
            return Self::Ints(Numbers::of(&ints), Box::new(test.clone()));
        }
        if let Some(texts) = all(values, |value| if let Value::Str(text) = value { Some(text.as_str()) } else { None })
        {
            return Self::Texts(Texts::of(&texts));
        }
        if let Some(days) =
            all(values, |value| if let Value::Date(day) = value { Some(day.days().into()) } else { None })
        {
            return Self::Times(Numbers::of(&days), true);
        }
        if let Some(at) = all(values, |value| if let Value::Timestamp(at) = value { Some(at.micros()) } else { None }) {
            return Self::Times(Numbers::of(&at), false);
        }
        match values {
            [Value::Bool(wanted)] => Self::Bool(*wanted),
            _ => Self::Test(Box::new(test.clone())),
        }
    }

    #[inline]
    pub(super) fn passes(&self, value: &Value, settled: &[i64]) -> bool {
        match (self, value) {
            (Self::Present, _) => true,
            (Self::Bool(wanted), value) => matches!(value, Value::Bool(is) if is == wanted),
            (Self::Ints(numbers, _), Value::Int(i)) => numbers.holds(*i),
            (Self::IntRange(low, high, _), Value::Int(i)) => low <= i && i <= high,
            (Self::Texts(texts), Value::Str(text)) => texts.holds(text),
            (Self::Contains(finder), Value::Str(text)) => finder.find(text.as_bytes()).is_some(),
            (Self::Span(span), value) => span.at(settled).inside(value).is_some(),
            (Self::Times(numbers, true), Value::Date(day)) => numbers.holds(day.days().into()),
            (Self::Times(numbers, false), Value::Timestamp(at)) => numbers.holds(at.micros()),
            (Self::Times(..) | Self::Texts(_) | Self::Contains(_), _) => false,
            (Self::Round(words), value) => round::holds(words, value),
            (Self::RoundMoves(first), value) => round::holds(settled.get(*first..).unwrap_or_default(), value),
            (Self::Test(test) | Self::Ints(_, test) | Self::IntRange(_, _, test), value) => test.passes(value),
        }
    }

    /// As [`Check::passes`] for a text.
    pub(super) fn passes_text(&self, text: &str) -> bool {
        match self {
            Self::Present => true,
            Self::Texts(texts) => texts.holds(text),
            Self::Contains(finder) => finder.find(text.as_bytes()).is_some(),
            Self::Test(test) | Self::Ints(_, test) | Self::IntRange(_, _, test) => test.passes_text(text),
            Self::Bool(_) | Self::Times(..) | Self::Span(_) | Self::Round(_) | Self::RoundMoves(_) => false,
        }
    }
}

/// A range of whole numbers, both ends inside.
pub(super) fn int_range(range: &Range) -> Option<(i64, i64)> {
    let low = match &range.low {
        Bound::Open => i64::MIN,
        Bound::Included(Value::Int(low)) => *low,
        Bound::Excluded(Value::Int(low)) => low.checked_add(1)?,
        _ => return None,
    };
    let high = match &range.high {
        Bound::Open => i64::MAX,
        Bound::Included(Value::Int(high)) => *high,
        Bound::Excluded(Value::Int(high)) => high.checked_sub(1)?,
        _ => return None,
    };
    (range.low != Bound::Open || range.high != Bound::Open).then_some((low, high))
}
