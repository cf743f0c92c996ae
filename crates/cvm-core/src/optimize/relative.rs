//! Times relative to now, without knowing when that is.
//!
//! Fixed lengths (days, and for timestamps minutes to weeks) are counted in one unit, months (quarters, years) in
//! another, starts of calendar units by their number. Within one of these classes the order is the same whenever the
//! filter is used, so ranges can be joined there and nowhere else.

use super::domain::{Pos, Set};
use crate::filter::{Duration, Operand, Operator, StartOf, Unit, Window};

/// What can be compared whatever the instant is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Whole days over dates, microseconds over timestamps.
    Fixed,
    /// Months before or after now.
    Months,
    /// Starts of calendar units.
    Starts(Unit),
}

impl Class {
    /// Whether there are values between neighbouring numbers.
    fn dense(self) -> bool {
        self != Self::Fixed
    }

    fn place(self, number: i128, after: bool) -> Pos {
        let after = i128::from(after);
        Pos::Int(if self.dense() { 2 * number + after } else { number + after })
    }
}

/// Microseconds, or days, in a unit of fixed length.
fn fixed(unit: Unit, date: bool) -> Option<i128> {
    let minutes = match unit {
        Unit::Minute => 1,
        Unit::Hour => 60,
        Unit::Day => 1_440,
        Unit::Week => 10_080,
        _ => return None,
    };
    if !date {
        return Some(minutes * 60_000_000);
    }
    (minutes % 1_440 == 0).then_some(minutes / 1_440)
}

fn length(by: Duration, date: bool) -> Option<(Class, i128)> {
    let months = match by.unit {
        _ if by.n == 0 => return None,
        Unit::Month => 1,
        Unit::Quarter => 3,
        Unit::Year => 12,
        unit => return Some((Class::Fixed, i128::from(by.n) * fixed(unit, date)?)),
    };
    Some((Class::Months, i128::from(by.n) * months))
}

fn start(unit: Unit, date: bool) -> Option<Class> {
    match unit {
        Unit::Minute | Unit::Hour => None,
        Unit::Day if date => Some(Class::Fixed),
        unit => Some(Class::Starts(unit)),
    }
}

/// Whether an operand depends on the instant.
pub(super) fn is_relative(operand: &Operand) -> bool {
    match operand {
        Operand::Now { .. } | Operand::Ago { .. } | Operand::Ahead { .. } | Operand::StartOf { .. } => true,
        Operand::Window(window) => !matches!(window, Window::Between { .. } | Window::Since { .. } | Window::All(_)),
        _ => false,
    }
}

/// The set of a comparison with a relative time, and whether it is turned round; `None` where it is not valid.
pub(super) fn set(op: Operator, operand: &Operand, date: bool) -> Option<(Class, Set, bool)> {
    if let Operand::Window(window) = operand {
        return if op == Operator::Within {
            within(window, date).map(|(class, set)| (class, set, false))
        } else {
            None
        };
    }
    let (class, number) = match operand {
        Operand::Now { .. } => (Class::Fixed, 0),
        Operand::Ago { ago } => length(*ago, date).map(|(class, n)| (class, -n))?,
        Operand::Ahead { ahead } => length(*ahead, date)?,
        Operand::StartOf { start_of } => (start(start_of.unit, date)?, start_of.offset.into()),
        _ => return None,
    };
    let (before, after) = (Some(class.place(number, false)), Some(class.place(number, true)));
    let set = match op {
        Operator::Eq | Operator::Ne | Operator::On => Set::interval(before, after),
        Operator::Lt | Operator::Before => Set::interval(None, before),
        Operator::Lte => Set::interval(None, after),
        Operator::Gte => Set::interval(before, None),
        Operator::Gt | Operator::After => Set::interval(after, None),
        _ => return None,
    };
    Some((class, set, op == Operator::Ne))
}

fn within(window: &Window, date: bool) -> Option<(Class, Set)> {
    let (class, low, high) = match *window {
        Window::Last(by) => length(by, date).map(|(class, n)| (class, class.place(-n, false), class.place(0, true)))?,
        Window::Coming(by) => {
            length(by, date).map(|(class, n)| (class, class.place(0, false), class.place(n, date)))?
        }
        Window::This { unit } => {
            start(unit, date).map(|class| (class, class.place(0, false), class.place(1, false)))?
        }
        Window::Previous(by) if by.n > 0 => {
            start(by.unit, date).map(|class| (class, class.place(-i128::from(by.n), false), class.place(0, false)))?
        }
        Window::Next(by) if by.n > 0 => start(by.unit, date)
            .map(|class| (class, class.place(1, false), class.place(1 + i128::from(by.n), false)))?,
        _ => return None,
    };
    Some((class, Set::interval(Some(low), Some(high))))
}

/// How an event window compares with another of the same stream: whether all of it lies in the other, whenever that is.
pub(super) fn window_within(inner: Option<&Window>, outer: Option<&Window>, date: bool) -> bool {
    match (inner, outer) {
        (_, None | Some(Window::All(_))) => true,
        (Some(Window::Last(a)), Some(Window::Last(b))) => match (length(*a, date), length(*b, date)) {
            (Some((class, a)), Some((other, b))) => class == other && a <= b,
            _ => false,
        },
        (Some(Window::Previous(a)), Some(Window::Previous(b))) => a.unit == b.unit && a.n <= b.n,
        (Some(a), Some(b)) => a == b,
        (None, Some(_)) => false,
    }
}

/// The comparison that says a set in one condition; `None` where there is none.
pub(super) fn condition(class: Class, date: bool, set: &Set) -> Option<(Operator, Operand)> {
    let mut stretches = set.stretches();
    let (low, high) = stretches.next()?;
    if let Some((next, None)) = stretches.next()
        && low.is_none()
        && let (Some(Pos::Int(end)), Some(Pos::Int(next))) = (high, next)
        && *next == end + 1
    {
        return Some((Operator::Ne, operand(class, date, number(class, *end)?)?));
    }
    if set.stretches().nth(1).is_some() {
        return None;
    }
    match (low, high) {
        (Some(Pos::Int(low)), None) => at(class, date, *low, Operator::Gte, Operator::Gt),
        (None, Some(Pos::Int(high))) => at(class, date, *high, Operator::Lt, Operator::Lte),
        (Some(Pos::Int(low)), Some(Pos::Int(high))) if *high == low + 1 => {
            Some((Operator::Eq, operand(class, date, number(class, *low)?)?))
        }
        (Some(Pos::Int(low)), Some(Pos::Int(high))) => {
            window(class, date, *low, *high).map(|window| (Operator::Within, Operand::Window(window)))
        }
        _ => None,
    }
}

/// The number just after a place.
fn number(class: Class, place: i128) -> Option<i128> {
    if !class.dense() {
        return Some(place);
    }
    (place % 2 == 0).then_some(place / 2)
}

/// A comparison with the number after the place, or with the one before it.
fn at(class: Class, date: bool, place: i128, here: Operator, beyond: Operator) -> Option<(Operator, Operand)> {
    if let Some(operand) = number(class, place).and_then(|number| operand(class, date, number)) {
        return Some((here, operand));
    }
    Some((beyond, operand(class, date, number(class, place - 1)?)?))
}

/// The unit and how many of it.
fn span(class: Class, date: bool, n: i128) -> Option<Duration> {
    let units: &[Unit] = match class {
        Class::Months => &[Unit::Year, Unit::Month],
        Class::Fixed if date => &[Unit::Day],
        _ => &[Unit::Day, Unit::Hour, Unit::Minute],
    };
    units.iter().find_map(|unit| {
        let each = match (class, unit) {
            (Class::Months, Unit::Year) => 12,
            (Class::Months, _) => 1,
            _ => fixed(*unit, date)?,
        };
        (n > 0 && n % each == 0).then(|| u32::try_from(n / each).ok()).flatten().map(|n| Duration { n, unit: *unit })
    })
}

fn operand(class: Class, date: bool, number: i128) -> Option<Operand> {
    if let Class::Starts(unit) = class {
        let offset = i32::try_from(number).ok()?;
        return Some(Operand::StartOf { start_of: StartOf { unit, offset } });
    }
    match number {
        0 => Some(Operand::Now { now: crate::filter::Nothing {} }),
        n if n < 0 => span(class, date, -n).map(|ago| Operand::Ago { ago }),
        n => span(class, date, n).map(|ahead| Operand::Ahead { ahead }),
    }
}

fn window(class: Class, date: bool, low: i128, high: i128) -> Option<Window> {
    let place = |number: i128, after: bool| match class.place(number, after) {
        Pos::Int(place) => place,
        _ => 0,
    };
    if let Class::Starts(unit) = class {
        let (low, high) = (number(class, low)?, number(class, high)?);
        let span = |n: i128| u32::try_from(n).ok().map(|n| Duration { n, unit });
        return match (low, high) {
            (0, 1) => Some(Window::This { unit }),
            (low, 0) => span(-low).map(Window::Previous),
            (1, high) => span(high - 1).map(Window::Next),
            _ => None,
        };
    }
    if high == place(0, true) {
        return span(class, date, -number(class, low)?).map(Window::Last);
    }
    if low == place(0, false) {
        let end = if date { number(class, high - 1)? } else { number(class, high)? };
        return span(class, date, end).map(Window::Coming);
    }
    None
}
