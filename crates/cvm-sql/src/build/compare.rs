//! Equality, ranges, fields beside fields, anniversaries.

use std::borrow::Cow;

use cvm_core::predicate::{Bound, Comparison, Leaf, Range};
use cvm_core::{Diagnostics, FieldType, Value};
use sqlparser::ast::{BinaryOperator as Op, DataType, DateTimeField, ExactNumberInfo, Expr};

use super::day::{day_bound, day_number, day_numbers};
use super::{Builder, Clock, Subject, expr};
use crate::dialect::{Dialect, MonthDay};

/// SQL Server's order of code points, in UTF-8 also for columns of an older encoding.
pub(super) const BINARY_UTF8: &str = "Latin1_General_100_BIN2_UTF8";

impl Builder<'_> {
    /// The subject as it is compared for order and identity; its values are [`Builder::compared`].
    pub(super) fn comparable(&self, subject: &Subject<'_>, order: bool) -> Expr {
        let column = subject.expr.clone();
        if subject.ready {
            return column;
        }
        match (self.dialect, subject.ty) {
            (Dialect::PostgreSql, FieldType::String) if order => expr::collate(column, "\"C\""),
            (_, FieldType::String) if self.traits.as_bytes => self.bytes(column),
            // Right for columns with and without a zone, whatever the session's zone is.
            (Dialect::DuckDb, FieldType::Timestamp) => expr::call("epoch_us", vec![column]),
            _ => column,
        }
    }

    /// A text as its UTF-8 bytes: collations ignore case, accents or blanks at the end, bytes do not.
    pub(super) fn bytes(&self, text: Expr) -> Expr {
        match self.dialect {
            Dialect::MySql => expr::cast(expr::utf8mb4(text), DataType::Binary(None)),
            Dialect::Redshift => expr::cast(text, expr::named_type("VARBYTE(65535)")),
            Dialect::SqlServer => {
                let utf8 = expr::cast(expr::collate(text, BINARY_UTF8), expr::named_type("VARCHAR(MAX)"));
                expr::cast(utf8, expr::named_type("VARBINARY(MAX)"))
            }
            _ => text,
        }
    }

    pub(super) fn notes_of(&mut self, subject: &Subject<'_>) {
        // What an aggregate is made of had its notes before.
        if subject.ready {
            return;
        }
        match (self.dialect, subject.ty) {
            (Dialect::PostgreSql | Dialect::Redshift, FieldType::Timestamp) => self.note(format!(
                "`{}` is taken for a timestamptz; a column without time zone is read in the session's zone: set it to UTC",
                subject.name
            )),
            (Dialect::Spark, FieldType::Timestamp) => self.note(format!(
                "`{}` is taken for a TIMESTAMP; a TIMESTAMP_NTZ is read in the session's zone: set it to UTC",
                subject.name
            )),
            (Dialect::Snowflake | Dialect::Trino, FieldType::Timestamp) => self.note(format!(
                "`{}` is taken for a timestamp with time zone; one without is read in the session's zone: set it to UTC",
                subject.name
            )),
            (Dialect::MySql, FieldType::Timestamp) => {
                self.note(format!("`{}` is taken to be in UTC: set the session's time_zone to '+00:00'", subject.name));
            }
            (Dialect::Sqlite, FieldType::Timestamp) => self.note(format!(
                "`{}` is taken for text like 2024-01-31 09:30:00.000000, in UTC",
                subject.name
            )),
            (Dialect::Sqlite, FieldType::Decimal { precision, .. }) if *precision > 15 => {
                self.note(format!("`{}` may have more than the 15 digits that SQLite keeps exactly", subject.name));
            }
            _ => {}
        }
    }

    pub(super) fn one_of(&mut self, subject: &Subject<'_>, values: &[Value], negated: bool) -> Expr {
        self.notes_of(subject);
        if values.iter().any(|value| self.beyond_dates(value)) {
            let values: Vec<Value> = values.iter().map(day_number).collect();
            return self.one_of(&day_numbers(subject), &values, negated);
        }
        let texts = *subject.ty == FieldType::String;
        // The collation takes more for equal than the bytes do: asked first, it lets an index find the few candidates.
        if self.traits.as_bytes && texts && !negated && !subject.ready {
            let list = values.iter().map(|value| self.value(value, subject.ty)).collect();
            let candidates = equals(subject.expr.clone(), list, false);
            let left = self.comparable(subject, false);
            let list = values.iter().map(|value| self.compared(value, subject.ty)).collect();
            return expr::pair(candidates, Op::And, equals(left, list, false));
        }
        let left = self.comparable(subject, false);
        let mut list: Vec<Expr> = Vec::with_capacity(values.len());
        for value in values {
            // Where the zeros are told apart: whichever was written, both are meant.
            if self.traits.zeros_apart && *value == Value::Float(0.0) {
                list.push(self.value(&Value::Float(0.0), subject.ty));
                list.push(self.value(&Value::Float(-0.0), subject.ty));
            } else {
                list.push(self.compared(value, subject.ty));
            }
        }
        equals(left, list, negated)
    }

    pub(super) fn range(
        &mut self,
        subject: &Subject<'_>,
        range: &Range,
        negated: bool,
        node: usize,
    ) -> Result<Expr, Diagnostics> {
        if let (Clock::Database, Some(moving)) = (self.clock, &range.moving) {
            return self.moving_range(subject, range, moving, negated, node);
        }
        Ok(self.settled_range(subject, range, negated))
    }

    /// A range whose ends stay.
    pub(super) fn settled_range(&mut self, subject: &Subject<'_>, range: &Range, negated: bool) -> Expr {
        self.notes_of(subject);
        if [&range.low, &range.high].into_iter().any(|bound| self.beyond_bound(bound)) {
            let range = Range::new(day_bound(&range.low), day_bound(&range.high));
            return self.settled_range(&day_numbers(subject), &range, negated);
        }
        let left = self.comparable(subject, true);
        let (low, high) = (zeroed(&range.low, true, self.dialect), zeroed(&range.high, false, self.dialect));
        if let (Bound::Included(low), Bound::Included(high)) = (&*low, &*high) {
            if range.moving.is_some() && low == high {
                let value = self.compared(low, subject.ty);
                return expr::binary(left, if negated { Op::NotEq } else { Op::Eq }, value);
            }
            let low = Box::new(self.compared(low, subject.ty));
            let high = Box::new(self.compared(high, subject.ty));
            return Expr::Between { expr: Box::new(left), negated, low, high };
        }
        let low = match &*low {
            Bound::Open => None,
            Bound::Included(low) => Some((if negated { Op::Lt } else { Op::GtEq }, low)),
            Bound::Excluded(low) => Some((if negated { Op::LtEq } else { Op::Gt }, low)),
        };
        let high = match &*high {
            Bound::Open => None,
            Bound::Included(high) => Some((if negated { Op::Gt } else { Op::LtEq }, high)),
            Bound::Excluded(high) => Some((if negated { Op::GtEq } else { Op::Lt }, high)),
        };
        let mut end = |left: Expr, (op, value): (Op, &Value)| expr::binary(left, op, self.compared(value, subject.ty));
        match (low, high) {
            (Some(low), Some(high)) => {
                let low = end(left.clone(), low);
                expr::pair(low, if negated { Op::Or } else { Op::And }, end(left, high))
            }
            (Some(only), None) | (None, Some(only)) => end(left, only),
            // Every value that is there lies inside.
            (None, None) => self.constant(!negated),
        }
    }

    /// Two fields of the same row.
    pub(super) fn fields(
        &mut self,
        comparison: Comparison,
        subject: &Subject<'_>,
        other: &Subject<'_>,
        leaf: &Leaf,
    ) -> Expr {
        self.notes_of(subject);
        self.notes_of(other);
        let order = comparison != Comparison::Eq;
        let mixed = subject.ty != other.ty && (*subject.ty == FieldType::Float || *other.ty == FieldType::Float);
        let side = |subject: &Subject<'_>| {
            let compared = self.comparable(subject, order);
            match (self.dialect, subject.ty) {
                (_, FieldType::Int) if mixed && self.traits.floats_mixed => self.as_float(compared),
                // Adding zero turns -0.0 into 0.0.
                (Dialect::DataFusion, FieldType::Float) => {
                    expr::nested(expr::binary(compared, Op::Plus, expr::number("0.0".to_owned())))
                }
                // Numbers are brought to one scale, for which 64 or 128 bits may be too few.
                (Dialect::ClickHouse, ty) if subject.ty != other.ty && !mixed => match ty {
                    FieldType::Int => expr::call("toDecimal256", vec![compared, expr::number("0".to_owned())]),
                    FieldType::Decimal { scale, .. } => {
                        expr::call("toDecimal256", vec![compared, expr::number(scale.to_string())])
                    }
                    _ => compared,
                },
                _ => compared,
            }
        };
        let (left, right) = (side(subject), side(other));
        let op = match (comparison, leaf.negated) {
            (Comparison::Eq, false) => Op::Eq,
            (Comparison::Eq, true) => Op::NotEq,
            (Comparison::Lt, false) | (Comparison::Gte, true) => Op::Lt,
            (Comparison::Lte, false) | (Comparison::Gt, true) => Op::LtEq,
            (Comparison::Gt, false) | (Comparison::Lte, true) => Op::Gt,
            (Comparison::Gte, false) | (Comparison::Lt, true) => Op::GtEq,
        };
        let test = expr::binary(left, op, right);
        let sides = [subject, other];
        if leaf.on_missing {
            let mut terms = vec![test];
            terms.extend(sides.iter().map(|side| self.missing(side)));
            return expr::join(terms, Op::Or);
        }
        let mut terms = vec![test];
        let floats = sides.iter().filter(|side| self.can_be_nan(side));
        terms.extend(floats.map(|side| self.is_number(side)));
        expr::join(terms, Op::And)
    }

    /// An integer as a float: some databases would compare the two exactly.
    fn as_float(&self, integer: Expr) -> Expr {
        match self.dialect {
            Dialect::Sqlite => expr::cast(integer, DataType::Real),
            Dialect::ClickHouse => expr::call("toFloat64", vec![integer]),
            Dialect::BigQuery => expr::cast(integer, DataType::Float64),
            Dialect::SqlServer => expr::cast(integer, expr::named_type("FLOAT")),
            Dialect::Spark => expr::cast(integer, DataType::Double(ExactNumberInfo::None)),
            _ => expr::cast(integer, DataType::DoublePrecision),
        }
    }

    /// Whether two fields of numbers have more digits together than the database has for both.
    pub(super) fn too_many_digits(&self, one: &FieldType, other: &FieldType) -> bool {
        let digits = |ty: &FieldType| match ty {
            FieldType::Decimal { precision, scale } => {
                Some((u16::from(precision.saturating_sub(*scale)), u16::from(*scale)))
            }
            FieldType::Int => Some((19, 0)),
            _ => None,
        };
        match (digits(one), digits(other)) {
            (Some(a), Some(b)) => a.0.max(b.0) + a.1.max(b.1) > self.traits.decimal_digits,
            _ => false,
        }
    }

    /// Month and day of a date, as month × 100 + day, in one of the ranges.
    pub(super) fn month_day(&mut self, column: &Expr, ranges: &[(u16, u16)], negated: bool) -> Expr {
        let hundreds = |month: Expr, day: Expr| {
            let hundreds = expr::binary(month, Op::Multiply, expr::number("100".to_owned()));
            expr::binary(hundreds, Op::Plus, day)
        };
        let number = match self.traits.month_day {
            MonthDay::Call => {
                let part = |name: &str| expr::call(name, vec![column.clone()]);
                hundreds(part("MONTH"), part("DAY"))
            }
            MonthDay::Extract => {
                let part = |part| expr::extract(part, column.clone());
                hundreds(part(DateTimeField::Month), part(DateTimeField::Day))
            }
            MonthDay::DatePart => {
                let part = |name: &str| expr::call("date_part", vec![self.quoted(name.to_owned()), column.clone()]);
                hundreds(part("month"), part("day"))
            }
            MonthDay::Strftime => {
                let text = expr::call("strftime", vec![expr::raw("'%m%d'".to_owned()), column.clone()]);
                expr::cast(text, DataType::Integer(None))
            }
        };
        let terms = ranges
            .iter()
            .map(|(low, high)| Expr::Between {
                expr: Box::new(number.clone()),
                negated: false,
                low: Box::new(expr::number(low.to_string())),
                high: Box::new(expr::number(high.to_string())),
            })
            .collect();
        let test = expr::join(terms, Op::Or);
        if negated { expr::not(test) } else { test }
    }
}

/// An end of a range as the dialect takes it: DataFusion sorts -0.0 below 0.0, so each end takes the zero that keeps
/// them together.
fn zeroed(bound: &Bound, lower: bool, dialect: Dialect) -> Cow<'_, Bound> {
    let zero = |positive: bool| Value::Float(if positive { 0.0 } else { -0.0 });
    let is_zero = |value: &Value| dialect == Dialect::DataFusion && *value == Value::Float(0.0);
    match bound {
        Bound::Included(value) if is_zero(value) => Cow::Owned(Bound::Included(zero(!lower))),
        Bound::Excluded(value) if is_zero(value) => Cow::Owned(Bound::Excluded(zero(lower))),
        other => Cow::Borrowed(other),
    }
}

/// `left = value`, or `left IN (values)`.
fn equals(left: Expr, mut values: Vec<Expr>, negated: bool) -> Expr {
    match (values.pop(), values.is_empty()) {
        (Some(only), true) => expr::binary(left, if negated { Op::NotEq } else { Op::Eq }, only),
        (last, _) => {
            values.extend(last);
            Expr::InList { expr: Box::new(left), list: values, negated }
        }
    }
}
