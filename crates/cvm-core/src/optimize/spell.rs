//! From a set of values to the one condition that says it, where there is one.

use smallvec::SmallVec;

use super::domain::{Pos, Set, after_prefix};
use super::subject::Scale;
use crate::filter::{Literal, Operand, Operator, SizeTest, Window};
use crate::value::{Date, Decimal, Timestamp};

/// An operator and what it takes.
type Said<L> = (Operator, Option<Taken<L>>);

/// What an operator takes, in literals or in nothing.
pub(super) enum Taken<L> {
    One(L),
    Many(Vec<L>),
    Between(L, L),
}

impl From<Taken<Literal>> for Operand {
    fn from(taken: Taken<Literal>) -> Self {
        match taken {
            Taken::One(literal) => Self::One(literal),
            Taken::Many(literals) => Self::Many(literals),
            Taken::Between(from, to) => Self::Window(Window::Between { from, to }),
        }
    }
}

/// What is written: literals, or nothing where it is only asked whether something could be.
pub(super) trait Ink: Sized {
    fn bool(value: bool) -> Self;
    fn whole(number: i64) -> Self;
    fn float(number: f64) -> Self;
    fn text(text: impl ToString) -> Self;
}

impl Ink for Literal {
    fn bool(value: bool) -> Self {
        Self::Bool(value)
    }

    fn whole(number: i64) -> Self {
        Self::Int(number)
    }

    fn float(number: f64) -> Self {
        Self::Float(number)
    }

    fn text(text: impl ToString) -> Self {
        Self::Str(text.to_string())
    }
}

/// A list of nothing takes no memory.
impl Ink for () {
    fn bool(_: bool) -> Self {}

    fn whole(_: i64) -> Self {}

    fn float(_: f64) -> Self {}

    fn text(_: impl ToString) -> Self {}
}

/// Fewer values than this are listed even where nobody listed them before.
const FEW: i128 = 8;

/// So many neighbouring whole numbers read better as a list than as a range.
const NEIGHBOURS: i128 = 3;

/// The most values that a condition may list.
const MOST: usize = 100_000;

/// The comparison that a field's value is in the set; `listed` values were listed before.
pub(super) fn value<L: Ink>(scale: &Scale<'_>, set: &Set, listed: usize) -> Option<Said<L>> {
    if set.is_full() {
        return Some((Operator::IsSet, None));
    }
    if set.is_empty() {
        return Some((Operator::IsNotSet, None));
    }
    match scale {
        Scale::Opaque => None,
        Scale::Bool => Some((Operator::Eq, Some(Taken::One(L::bool(set.holds(&Pos::Int(1))))))),
        Scale::Enum(values) => named(values, set),
        Scale::Float | Scale::Text | Scale::Json => dense(scale, set),
        _ => whole(scale, set, listed),
    }
}

/// The comparison that a number (of events) is in the set.
pub(super) fn count<L: Ink>(set: &Set, listed: usize) -> Option<Said<L>> {
    whole(&Scale::Int, set, listed)
}

/// The test that a list has so many items.
pub(super) fn size(set: &Set) -> Option<(Operator, Option<Operand>)> {
    if set.is_full() {
        return Some((Operator::IsSet, None));
    }
    if set.is_empty() {
        return Some((Operator::IsNotSet, None));
    }
    let number = |pos: &Pos| match pos {
        Pos::Int(n) => u32::try_from(*n).ok(),
        _ => None,
    };
    let test = match (set.first, set.cuts.as_slice()) {
        (true, [high]) => SizeTest::Lt(number(high)?),
        (false, [low]) => SizeTest::Gte(number(low)?),
        (first, [low, high]) if number(high)? == number(low)? + 1 => {
            if first {
                SizeTest::Ne(number(low)?)
            } else {
                SizeTest::Eq(number(low)?)
            }
        }
        _ => return None,
    };
    Some((Operator::Size, Some(Operand::Size(test))))
}

/// Some of a field's few values.
fn named<L: Ink>(values: &[&str], set: &Set) -> Option<Said<L>> {
    let held: SmallVec<[bool; 16]> = (0_i128..).take(values.len()).map(|i| set.holds(&Pos::Int(i))).collect();
    let inside = held.iter().filter(|held| **held).count();
    let inside = inside <= values.len() - inside || inside == 1;
    let listed = values.iter().zip(&held).filter(|(_, held)| **held == inside);
    list(listed.map(|(value, _)| L::text(value)).collect(), inside)
}

/// `eq` or `in`, or their opposites.
fn list<L>(mut values: Vec<L>, inside: bool) -> Option<Said<L>> {
    if values.is_empty() || values.len() > MOST {
        return None;
    }
    if values.len() == 1 {
        let op = if inside { Operator::Eq } else { Operator::Ne };
        return values.pop().map(|value| (op, Some(Taken::One(value))));
    }
    Some((if inside { Operator::In } else { Operator::NotIn }, Some(Taken::Many(values))))
}

/// A whole number (a date, an instant, a decimal's digits) as it is written.
fn literal<L: Ink>(scale: &Scale<'_>, number: i128) -> Option<L> {
    Some(match scale {
        Scale::Int => L::whole(i64::try_from(number).ok()?),
        Scale::Decimal(scale) => L::text(Decimal::new(number, *scale)?),
        Scale::Date => L::text(Date::from_days(i32::try_from(number).ok()?)?),
        Scale::Timestamp => L::text(Timestamp::from_micros(i64::try_from(number).ok()?)?),
        _ => return None,
    })
}

fn whole<L: Ink>(scale: &Scale<'_>, set: &Set, listed: usize) -> Option<Said<L>> {
    let numbers: SmallVec<[i128; 8]> = set
        .cuts
        .iter()
        .map(|cut| match cut {
            Pos::Int(n) => Some(*n),
            _ => None,
        })
        .collect::<Option<_>>()?;
    let one = |op: Operator, n: i128| Some((op, Some(Taken::One(literal(scale, n)?))));
    let neighbours = if *scale == Scale::Int { NEIGHBOURS } else { 1 };
    match (set.first, numbers.as_slice()) {
        (true, [high]) => {
            // Whole numbers and dates are said with what is inside, the others with where it ends.
            let exact = matches!(scale, Scale::Int | Scale::Date);
            return if exact { one(Operator::Lte, high - 1) } else { one(Operator::Lt, *high) };
        }
        (false, [low]) => return one(Operator::Gte, *low),
        (first, [low, high]) if high - low > neighbours => {
            if *scale == Scale::Timestamp && !first {
                let taken = Taken::Between(literal(scale, *low)?, literal(scale, *high)?);
                return Some((Operator::Within, Some(taken)));
            }
            let op = if first { Operator::NotBetween } else { Operator::Between };
            let ends = vec![literal(scale, *low)?, literal(scale, high - 1)?];
            return Some((op, Some(Taken::Many(ends))));
        }
        _ => {}
    }
    // A list of what is inside, or of what is not, when that has an end and is short.
    if numbers.len() % 2 == 1 {
        return None;
    }
    let most = FEW.max(i128::try_from(listed).unwrap_or(i128::MAX));
    let mut values = Vec::new();
    let mut total = 0;
    for pair in numbers.chunks_exact(2) {
        let [low, high] = pair else { return None };
        total += high - low;
        if total > most {
            return None;
        }
        for n in *low..*high {
            values.push(literal(scale, n)?);
        }
    }
    list(values, !set.first)
}

/// Floats and texts, between any two of which there are others.
fn dense<L: Ink>(scale: &Scale<'_>, set: &Set) -> Option<Said<L>> {
    let literal = |cut: &Pos| match cut {
        Pos::Float(x, _) => Some(L::float(*x)),
        Pos::Text(text, _) => Some(L::text(text)),
        Pos::Int(_) => None,
    };
    let after = |cut: &Pos| matches!(cut, Pos::Float(_, true) | Pos::Text(_, true));
    let same = |low: &Pos, high: &Pos| match (low, high) {
        (Pos::Float(a, false), Pos::Float(b, true)) => a == b,
        (Pos::Text(a, false), Pos::Text(b, true)) => a == b,
        _ => false,
    };
    let points = set.cuts.len().is_multiple_of(2)
        && set.cuts.chunks_exact(2).all(|pair| matches!(pair, [low, high] if same(low, high)));
    if points {
        let values: Vec<L> = set.cuts.iter().step_by(2).map(literal).collect::<Option<_>>()?;
        return list(values, !set.first);
    }
    if *scale == Scale::Json {
        return None;
    }
    match (set.first, set.cuts.as_slice()) {
        (true, [high]) => {
            Some((if after(high) { Operator::Lte } else { Operator::Lt }, Some(Taken::One(literal(high)?))))
        }
        (false, [low]) => {
            Some((if after(low) { Operator::Gt } else { Operator::Gte }, Some(Taken::One(literal(low)?))))
        }
        (first, [low, high]) if !after(low) && after(high) => {
            let op = if first { Operator::NotBetween } else { Operator::Between };
            Some((op, Some(Taken::Many(vec![literal(low)?, literal(high)?]))))
        }
        (first, [low @ Pos::Text(prefix, false), high]) if after_prefix(prefix).as_ref() == Some(high) => {
            let op = if first { Operator::NotStartsWith } else { Operator::StartsWith };
            Some((op, Some(Taken::One(literal(low)?))))
        }
        // Texts that begin with the last code point of all: there is nothing beyond them.
        _ => None,
    }
}
