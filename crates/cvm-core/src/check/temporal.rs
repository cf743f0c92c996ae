//! Times in comparisons: days on timestamp fields, relative values, windows, anniversaries.

use super::compare::range_test;
use super::time::{OUT_OF_RANGE, days_of, month_days};
use super::{Checker, literal::typed};
use crate::catalog::FieldType;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::{Duration, Literal, Operand, Unit, Window};
use crate::predicate::{Bound, Moment, Range, Test};
use crate::value::Value;

impl Checker<'_> {
    /// The first value that a value stands for, and its upper end: a day met by a timestamp stands for all its instants.
    pub(super) fn ends(
        &self,
        value: &Value,
        ty: &FieldType,
        path: &Path<'_>,
        out: &mut Diagnostics,
    ) -> Option<(Value, Bound)> {
        match value {
            Value::Date(day) if *ty == FieldType::Timestamp => match self.clock.day(*day) {
                Some((first, next)) => Some((first, Bound::Excluded(next))),
                None => out_of_range(path, out),
            },
            other => Some((other.clone(), Bound::Included(other.clone()))),
        }
    }

    /// Equality of times: the same date, the same instant, or, for a day met by a timestamp, any instant of it.
    pub(super) fn same_time(
        &self,
        ty: &FieldType,
        operand: Option<&Operand>,
        path: &Path<'_>,
        out: &mut Diagnostics,
    ) -> Option<Test> {
        let Operand::One(literal) = operand? else {
            // As a range of one time, which can say how it moves.
            let (value, moment) = self.relative(operand?, ty, path, out)?;
            let range = Range::new(Bound::Included(value.clone()), Bound::Included(value));
            return Some(Test::Range(range.moving(Some(moment.clone()), Some(moment))));
        };
        let value = typed(literal, ty, self.clock.zone(), path, out)?;
        match self.ends(&value, ty, path, out)? {
            (value, Bound::Included(_)) => Some(Test::In(vec![value])),
            (low, high) => Some(Test::Range(Range::new(Bound::Included(low), high))),
        }
    }

    /// A relative time as a value of the type, and how it moves.
    pub(super) fn relative(
        &self,
        operand: &Operand,
        ty: &FieldType,
        path: &Path<'_>,
        out: &mut Diagnostics,
    ) -> Option<(Value, Moment)> {
        if !ty.is_time() {
            out.push(Diagnostic::error(
                Code::TypeMismatch,
                path.pointer(),
                format!("a time can't be compared with a field of type {ty}"),
            ));
            return None;
        }
        let value = match operand {
            Operand::Now { .. } => self.clock.now(ty),
            Operand::Ago { ago } => {
                self.duration(*ago, ty, &path.key("ago"), out)?;
                self.clock.shifted(*ago, false, ty)
            }
            Operand::Ahead { ahead } => {
                self.duration(*ahead, ty, &path.key("ahead"), out)?;
                self.clock.shifted(*ahead, true, ty)
            }
            Operand::StartOf { start_of } => {
                self.calendar_unit(start_of.unit, &path.key("start_of"), out)?;
                self.clock.start_of(*start_of, ty)
            }
            _ => return None,
        };
        value.or_else(|| out_of_range(path, out))
    }

    /// A length of time that makes sense for the type.
    pub(super) fn duration(&self, by: Duration, ty: &FieldType, path: &Path<'_>, out: &mut Diagnostics) -> Option<()> {
        if by.n == 0 {
            let message = format!("0 {}s is no length of time", by.unit.as_str());
            out.push(
                Diagnostic::error(Code::InvalidValue, path.key("n").pointer(), message).help("give a number from 1"),
            );
            return None;
        }
        if *ty == FieldType::Date && by.unit.is_clock() {
            out.push(
                Diagnostic::error(
                    Code::InvalidValue,
                    path.key("unit").pointer(),
                    format!("dates have no {}s", by.unit.as_str()),
                )
                .help("use day, week, month, quarter or year"),
            );
            return None;
        }
        Some(())
    }

    /// A unit that calendars know.
    pub(super) fn calendar_unit(&self, unit: Unit, path: &Path<'_>, out: &mut Diagnostics) -> Option<()> {
        if unit.is_clock() {
            out.push(
                Diagnostic::error(
                    Code::InvalidValue,
                    path.key("unit").pointer(),
                    format!("`{}` is no calendar unit", unit.as_str()),
                )
                .help("use day, week, month, quarter or year"),
            );
            return None;
        }
        Some(())
    }

    /// A window as a test.
    pub(super) fn within(
        &self,
        window: &Window,
        ty: &FieldType,
        path: &Path<'_>,
        out: &mut Diagnostics,
    ) -> Option<Test> {
        self.window(window, ty, path, out).map(|range| range_test(range, ty))
    }

    /// A window as a range of the type.
    pub(super) fn window(
        &self,
        window: &Window,
        ty: &FieldType,
        path: &Path<'_>,
        out: &mut Diagnostics,
    ) -> Option<Range> {
        let end = |literal: &Literal, path: &Path<'_>, out: &mut Diagnostics| {
            let value = typed(literal, ty, self.clock.zone(), path, out)?;
            self.ends(&value, ty, path, out)
        };
        let range = match window {
            Window::Last(by) => {
                self.duration(*by, ty, &path.key("last"), out)?;
                self.clock.last(*by, ty)
            }
            Window::Coming(by) => {
                self.duration(*by, ty, &path.key("coming"), out)?;
                self.clock.coming(*by, ty)
            }
            Window::This { unit } => {
                self.calendar_unit(*unit, &path.key("this"), out)?;
                self.clock.units(*unit, 0, 1, ty)
            }
            Window::Previous(by) => {
                self.duration(*by, ty, &path.key("previous"), out)?;
                self.calendar_unit(by.unit, &path.key("previous"), out)?;
                self.clock.units(by.unit, -i64::from(by.n), 0, ty)
            }
            Window::Next(by) => {
                self.duration(*by, ty, &path.key("next"), out)?;
                self.calendar_unit(by.unit, &path.key("next"), out)?;
                self.clock.units(by.unit, 1, 1 + i64::from(by.n), ty)
            }
            Window::Between { from, to } => {
                let at = path.key("between");
                let low = end(from, &at.key("from"), out)?.0;
                let (first, last) = end(to, &at.key("to"), out)?;
                // Whole days are included; an instant ends the half-open range.
                let high = match last {
                    Bound::Included(_) if *ty == FieldType::Timestamp => Bound::Excluded(first),
                    other => other,
                };
                let range = Range::new(Bound::Included(low), high);
                if range.is_empty() {
                    out.push(
                        Diagnostic::error(Code::ReversedRange, at.pointer(), "the window ends before it begins")
                            .help("put the earlier time first"),
                    );
                    return None;
                }
                Some(range)
            }
            Window::Since { from } => {
                let at = path.key("since");
                let low = end(from, &at.key("from"), out)?.0;
                Some(Range::new(Bound::Included(low), Bound::Open))
            }
            Window::All(_) => Some(Range::default()),
        };
        range.or_else(|| out_of_range(path, out))
    }

    /// The days of a window, by month and day.
    pub(super) fn anniversary(&self, window: &Window, path: &Path<'_>, out: &mut Diagnostics) -> Option<Test> {
        let range = self.window(window, &FieldType::Date, path, out)?;
        let Some((first, last)) = days_of(&range) else {
            out.push(
                Diagnostic::error(Code::InvalidValue, path.pointer(), "an anniversary needs a window with two ends")
                    .help("use last, coming, this, previous, next or between"),
            );
            return None;
        };
        let ranges = month_days(first, last);
        Some(Test::MonthDay { ranges, moving: range.moving.is_some().then(|| Box::new(range)) })
    }
}

pub(super) fn out_of_range<T>(path: &Path<'_>, out: &mut Diagnostics) -> Option<T> {
    out.push(Diagnostic::error(Code::InvalidValue, path.pointer(), OUT_OF_RANGE));
    None
}
