//! Times that move: `now() - interval '90 days'`, `date_trunc('month', now())`.

use cvm_core::FieldType;
use cvm_core::catalog::Weekday;
use cvm_core::filter::{Duration, Nothing, Operand, StartOf, Unit};
use sqlparser::ast::{DateTimeField, Expr, Interval as SqlInterval, UnaryOperator, Value};

use super::compare::Cmp;
use super::eval::Importer;
use super::scope::Column;
use super::source::refused;
use super::truth::Truth;
use super::{Found, ImportDialect};

/// From where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Base {
    /// The instant of evaluation.
    Now,
    /// Its day.
    Today,
    /// The start of the unit that it is in.
    StartOf(Unit),
}

/// A time counted from the instant of evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Relative {
    pub(super) base: Base,
    pub(super) by: Interval,
}

/// A length of time, forward or back; of no units, none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Interval {
    pub(super) n: i64,
    pub(super) unit: Unit,
}

impl Relative {
    pub(super) fn at(base: Base) -> Self {
        Self { base, by: Interval { n: 0, unit: Unit::Day } }
    }

    /// The time so much later.
    pub(super) fn plus(self, by: Interval) -> Found<Self> {
        if self.by.n == 0 {
            return Ok(Self { by, ..self });
        }
        match (self.by.unit == by.unit, self.by.n.checked_add(by.n)) {
            (true, Some(n)) => Ok(Self { by: Interval { n, ..by }, ..self }),
            _ => refused("more than one step of time", "use one unit"),
        }
    }
}

impl Interval {
    pub(super) fn negated(self) -> Self {
        Self { n: self.n.saturating_neg(), ..self }
    }

    /// So many of a unit by its name.
    pub(super) fn named(n: i64, unit: &str) -> Found<Self> {
        let unit = unit.to_lowercase();
        let of = |n: i64, unit: Unit| Ok(Self { n, unit });
        match unit.strip_suffix('s').unwrap_or(&unit) {
            "second" | "sec" if n % 60 == 0 => of(n / 60, Unit::Minute),
            "minute" | "min" => of(n, Unit::Minute),
            "hour" => of(n, Unit::Hour),
            "day" => of(n, Unit::Day),
            "week" => of(n, Unit::Week),
            "month" | "mon" => of(n, Unit::Month),
            "quarter" => of(n, Unit::Quarter),
            "year" => of(n, Unit::Year),
            _ => refused(format!("filters have no `{unit}` as a step of time"), "use minutes to years"),
        }
    }

    /// `90 days`.
    pub(super) fn parse(text: &str) -> Found<Self> {
        let parts: Vec<&str> = text.split_whitespace().collect();
        match parts.as_slice() {
            [n, unit] => match n.parse() {
                Ok(n) => Self::named(n, unit),
                Err(_) => refused(format!("the interval `{text}`"), "write it like `90 days`"),
            },
            _ => refused(format!("the interval `{text}`"), "write it like `90 days`, with one unit"),
        }
    }
}

/// A whole number that is written out.
pub(super) fn written_number(expr: &Expr) -> Option<i64> {
    match expr {
        Expr::Value(value) => match &value.value {
            Value::Number(text, _) | Value::SingleQuotedString(text) => text.trim().parse().ok(),
            _ => None,
        },
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => written_number(expr).and_then(i64::checked_neg),
        Expr::Nested(inner) => written_number(inner),
        _ => None,
    }
}

/// An interval as the parser has it.
pub(super) fn interval(interval: &SqlInterval) -> Found<Interval> {
    if interval.last_field.is_some() || interval.leading_precision.is_some() {
        return refused("an interval of several units", "use one unit");
    }
    if let Some(field) = &interval.leading_field {
        return match written_number(&interval.value) {
            Some(n) => Interval::named(n, &unit_name(field)),
            None => refused("an interval that is no plain number of units", "write it like `INTERVAL '90' DAY`"),
        };
    }
    match &*interval.value {
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) => Interval::parse(text),
            _ => refused("an interval without a unit", "write it like `INTERVAL '90 days'`"),
        },
        _ => refused("an interval that is no plain number of units", "write it like `INTERVAL '90 days'`"),
    }
}

pub(super) fn unit_name(field: &DateTimeField) -> String {
    field.to_string().to_lowercase()
}

impl Importer<'_> {
    /// Whether the catalog's days begin when a session's in UTC do.
    fn in_utc(&self) -> bool {
        self.catalog.is_none_or(|catalog| matches!(catalog.zone.as_str(), "UTC" | "Etc/UTC" | "Etc/GMT" | "GMT"))
    }

    /// A column beside a time that moves.
    pub(super) fn column_with_time(&self, column: &Column, cmp: Cmp, time: &Relative) -> Found<Truth> {
        let Relative { base, by } = *time;
        let by_calendar = matches!(by.unit, Unit::Month | Unit::Quarter | Unit::Year) && by.n != 0;
        let sqlite = self.dialect == ImportDialect::Sqlite;
        if by_calendar && sqlite {
            return refused("SQLite counts a month that is too short into the next", "count days");
        }
        if (by_calendar || base != Base::Now) && !self.in_utc() {
            return refused(
                "days and months begin in the catalog's zone, and in the database in its session's",
                "count from now in days of 24 hours, or say it in the filter",
            );
        }
        let operand = match (&column.ty, base) {
            (None | Some(FieldType::Timestamp), Base::Now) if !sqlite => moved(by)?,
            (Some(FieldType::Date), Base::Today) if !by.unit.is_clock() || by.n == 0 => moved(by)?,
            (Some(FieldType::Timestamp), Base::Today) if !sqlite => match by.unit {
                Unit::Day => start_of(Unit::Day, by.n)?,
                Unit::Week => start_of(Unit::Day, by.n.saturating_mul(7))?,
                _ => return refused("a day moved by this unit, beside a time", "count days"),
            },
            (Some(FieldType::Date | FieldType::Timestamp), Base::StartOf(unit)) if !sqlite => {
                if by.n != 0 && by.unit != unit {
                    return refused("the start of one unit moved by another", "use the same unit");
                }
                self.plain_calendar(unit)?;
                start_of(unit, by.n)?
            }
            (None, _) => {
                return refused(
                    "a day needs to know what it is compared with",
                    "give a catalog with the column's type",
                );
            }
            _ => {
                let column = super::scalar::Simple::Column(column.clone());
                return super::scalar::mismatch(&column, &super::scalar::Simple::Relative(*time));
            }
        };
        Ok(self.leaf(&column.name, cmp.operator(), operand))
    }

    /// Whether weeks, quarters and years begin where databases let them begin.
    fn plain_calendar(&self, unit: Unit) -> Found<()> {
        let Some(catalog) = self.catalog else { return Ok(()) };
        let monday = matches!(
            self.dialect,
            ImportDialect::PostgreSql
                | ImportDialect::Redshift
                | ImportDialect::DuckDb
                | ImportDialect::DataFusion
                | ImportDialect::Spark
                | ImportDialect::Databricks
                | ImportDialect::Trino
        );
        let plain = match unit {
            Unit::Week => monday && catalog.week_start == Weekday::Monday,
            Unit::Quarter | Unit::Year => catalog.fiscal_year_start == 1,
            _ => true,
        };
        if plain { Ok(()) } else { refused(format!("the catalog's {}s begin elsewhere", unit.as_str()), "") }
    }
}

fn moved(by: Interval) -> Found<Operand> {
    let Ok(n) = u32::try_from(by.n.unsigned_abs()) else { return refused("so long a time", "") };
    let span = Duration { n, unit: by.unit };
    Ok(match by.n {
        0 => Operand::Now { now: Nothing {} },
        1.. => Operand::Ahead { ahead: span },
        _ => Operand::Ago { ago: span },
    })
}

fn start_of(unit: Unit, offset: i64) -> Found<Operand> {
    match i32::try_from(offset) {
        Ok(offset) => Ok(Operand::StartOf { start_of: StartOf { unit, offset } }),
        Err(_) => refused("so long a time", ""),
    }
}
