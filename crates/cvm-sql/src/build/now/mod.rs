//! The database's own clock: times that move with the instant of evaluation, as expressions of now.
//!
//! Each says at any instant what the settled value would be for that instant. What a database can't say exactly is
//! refused: nothing is frozen silently.

mod date;
mod instant;
mod zone;

use cvm_core::predicate::{Bound, Moment, Moving, Range};
use cvm_core::{Diagnostics, Value};
use sqlparser::ast::{BinaryOperator as Op, Expr};

use super::{Builder, Subject, expr};
use crate::dialect::Dialect;

/// Whose clock the statement goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Clock {
    /// That of the caller: relative times are settled for the instant that is given, and stay.
    #[default]
    Frozen,
    /// That of the database: relative times move whenever the statement, or the view made of it, is run.
    Database,
}

impl Builder<'_> {
    /// A range of which an end moves.
    pub(super) fn moving_range(
        &mut self,
        subject: &Subject<'_>,
        range: &Range,
        moving: &Moving,
        negated: bool,
        node: usize,
    ) -> Result<Expr, Diagnostics> {
        self.notes_of(subject);
        let left = self.comparable(subject, true);
        let value = |bound: &Bound| match bound {
            Bound::Open => None,
            Bound::Included(value) => Some((value.clone(), true)),
            Bound::Excluded(value) => Some((value.clone(), false)),
        };
        if let (Some(low), Some(_), true) = (&moving.low, &moving.high, range.low == range.high)
            && let (Some((at, true)), true) = (value(&range.low), moving.low == moving.high)
        {
            let time = self.moment(low, &at, node)?;
            return Ok(expr::binary(left, if negated { Op::NotEq } else { Op::Eq }, time));
        }
        // The ends that stay are said as ever.
        let stays = Range::new(
            if moving.low.is_some() { Bound::Open } else { range.low.clone() },
            if moving.high.is_some() { moving.until.clone() } else { range.high.clone() },
        );
        let mut terms = Vec::with_capacity(3);
        if let (Some(low), Some((at, included))) = (&moving.low, value(&range.low)) {
            let op = match (included, negated) {
                (true, false) => Op::GtEq,
                (true, true) => Op::Lt,
                (false, false) => Op::Gt,
                (false, true) => Op::LtEq,
            };
            terms.push(expr::binary(left.clone(), op, self.moment(low, &at, node)?));
        }
        if stays != Range::default() {
            terms.push(self.range(subject, &stays, negated, node)?);
        }
        if let (Some(high), Some((at, included))) = (&moving.high, value(&range.high)) {
            let op = match (included || moving.until != Bound::Open, negated) {
                (true, false) => Op::LtEq,
                (true, true) => Op::Gt,
                (false, false) => Op::Lt,
                (false, true) => Op::GtEq,
            };
            terms.push(expr::binary(left, op, self.moment(high, &at, node)?));
        }
        Ok(expr::join(terms, if negated { Op::Or } else { Op::And }))
    }

    /// A time that moves, in the form that columns are compared in. `now` is what it is at the instant that the caller
    /// gave: it tells how far away it is.
    pub(super) fn moment(&mut self, moment: &Moment, now: &Value, node: usize) -> Result<Expr, Diagnostics> {
        let (first, last) = self.sayable_years();
        let zone = self.catalog.time_zone();
        let year = match now {
            Value::Date(day) => day.to_civil().map(|date| date.year()),
            Value::Timestamp(instant) => Some(instant.to_jiff().to_zoned(zone).year()),
            _ => None,
        };
        if !year.is_some_and(|year| (first..=last).contains(&year)) {
            let reason = format!("times that move are said for the years {first} to {last} only: use the frozen clock");
            return Err(self.unsupported_node(node, &reason));
        }
        self.clock_of_zone(node)?;
        match moment {
            Moment::Date(day) => self.day_of(day, node),
            Moment::StartOf(day) => {
                let date = self.day_of(day, node)?;
                let local = self.midnight(date);
                self.instant_of(local, zone::Kind::Midnight, now, node)
            }
            Moment::Instant(shifts) => {
                let mut instant = self.now();
                for shift in shifts {
                    instant = self.shifted(instant, *shift, now, node)?;
                }
                Ok(instant)
            }
        }
    }

    /// Years in which the functions of the database are exact.
    fn sayable_years(&self) -> (i16, i16) {
        match self.dialect {
            // Names of zones are known to CONVERT_TZ for four bytes of seconds.
            Dialect::MySql if !self.in_utc() => (1971, 2037),
            Dialect::ClickHouse => (1971, 2148),
            _ => (1900, 2299),
        }
    }

    /// The call of a function in which units are bare words.
    fn unit_call(&self, name: &str, unit: &str, args: Vec<Expr>) -> Expr {
        let mut all = vec![expr::raw(unit.to_owned())];
        all.extend(args);
        expr::call(name, all)
    }
}

/// `INTERVAL '-3 MONTH'`, or `INTERVAL -3 MONTH`.
fn interval(n: i64, unit: &str, quoted: bool) -> Expr {
    expr::raw(if quoted { format!("INTERVAL '{n} {unit}'") } else { format!("INTERVAL {n} {unit}") })
}

fn number(n: i64) -> Expr {
    expr::number(n.to_string())
}

/// `(left + n)`.
fn plus(left: Expr, right: Expr) -> Expr {
    expr::nested(expr::binary(left, Op::Plus, right))
}
