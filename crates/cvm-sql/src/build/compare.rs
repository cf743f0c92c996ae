//! Equality, ranges, fields beside fields, anniversaries.

use std::borrow::Cow;

use cvm_core::predicate::{Bound, Comparison, Leaf, Range};
use cvm_core::{FieldType, Value};
use sqlparser::ast::{BinaryOperator as Op, DataType, DateTimeField, Expr, Ident, ObjectName};

use super::{Builder, Mode, Subject, expr};
use crate::dialect::Dialect;

impl Builder<'_> {
    /// The subject as it is compared for order and identity.
    pub(super) fn comparable(&self, subject: &Subject<'_>, order: bool) -> Expr {
        let column = subject.expr.clone();
        if subject.ready {
            return column;
        }
        match (self.dialect, subject.ty) {
            (Dialect::PostgreSql, FieldType::String) if order => collate(column, "\"C\""),
            (Dialect::MySql, FieldType::String) => self.bytes(column),
            // Right for columns with and without a zone, whatever the session's zone is.
            (Dialect::DuckDb, FieldType::Timestamp) => expr::call("epoch_us", vec![column]),
            _ => column,
        }
    }

    /// A text as its UTF-8 bytes: MySQL's collations ignore case, accents or trailing spaces, bytes do not.
    pub(super) fn bytes(&self, text: Expr) -> Expr {
        let converted = Expr::Convert {
            is_try: false,
            expr: Box::new(text),
            data_type: None,
            charset: Some(ObjectName::from(vec![Ident::new("utf8mb4")])),
            target_before_value: false,
            styles: Vec::new(),
        };
        expr::cast(converted, DataType::Binary(None))
    }

    pub(super) fn notes_of(&mut self, subject: &Subject<'_>) {
        match (self.dialect, subject.ty) {
            (Dialect::PostgreSql, FieldType::Timestamp) => self.note(format!(
                "`{}` is taken for a timestamptz; a column without time zone is read in the session's zone: set it to UTC",
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
        // The collation takes more for equal than the bytes do: asked first, it lets an index find the few candidates.
        if self.dialect == Dialect::MySql && *subject.ty == FieldType::String && !negated && !subject.ready {
            let candidates = self.equals(subject.expr.clone(), subject.ty, values, false);
            let left = self.comparable(subject, false);
            return expr::pair(candidates, Op::And, self.equals(left, subject.ty, values, false));
        }
        let left = self.comparable(subject, false);
        self.equals(left, subject.ty, values, negated)
    }

    fn equals(&mut self, left: Expr, ty: &FieldType, values: &[Value], negated: bool) -> Expr {
        let mut list: Vec<Expr> = Vec::with_capacity(values.len());
        for value in values {
            // Arrow tells the zeros apart: whichever was written, both are meant.
            if self.dialect == Dialect::DataFusion && *value == Value::Float(0.0) {
                list.push(self.value(&Value::Float(0.0), ty));
                list.push(self.value(&Value::Float(-0.0), ty));
            } else {
                list.push(self.value(value, ty));
            }
        }
        match (list.pop(), list.is_empty()) {
            (Some(only), true) => expr::binary(left, if negated { Op::NotEq } else { Op::Eq }, only),
            (last, _) => {
                list.extend(last);
                Expr::InList { expr: Box::new(left), list, negated }
            }
        }
    }

    pub(super) fn range(&mut self, subject: &Subject<'_>, range: &Range, negated: bool) -> Expr {
        self.notes_of(subject);
        let left = self.comparable(subject, true);
        let (low, high) = (zeroed(&range.low, true, self.dialect), zeroed(&range.high, false, self.dialect));
        if let (Bound::Included(low), Bound::Included(high)) = (&*low, &*high) {
            let low = Box::new(self.value(low, subject.ty));
            let high = Box::new(self.value(high, subject.ty));
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
        let mut end = |left: Expr, (op, value): (Op, &Value)| expr::binary(left, op, self.value(value, subject.ty));
        match (low, high) {
            (Some(low), Some(high)) => {
                let low = end(left.clone(), low);
                expr::pair(low, if negated { Op::Or } else { Op::And }, end(left, high))
            }
            (Some(only), None) | (None, Some(only)) => end(left, only),
            // Every value that is there lies inside.
            (None, None) => expr::boolean(!negated),
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
                // SQLite compares integers with floats exactly, everyone else as floats.
                (Dialect::Sqlite, FieldType::Int) if mixed => expr::cast(compared, DataType::Real),
                // Adding zero turns -0.0 into 0.0.
                (Dialect::DataFusion, FieldType::Float) => {
                    expr::nested(expr::binary(compared, Op::Plus, expr::number("0.0".to_owned())))
                }
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

    /// Month and day of a date, as month × 100 + day, in one of the ranges.
    pub(super) fn month_day(&mut self, column: &Expr, ranges: &[(u16, u16)], negated: bool) -> Expr {
        let part = |name: &str| match self.dialect {
            Dialect::DataFusion => {
                let name = match self.mode {
                    Mode::Tree => Expr::value(sqlparser::ast::Value::SingleQuotedString(name.to_lowercase())),
                    _ => expr::raw(format!("'{}'", name.to_lowercase())),
                };
                expr::call("date_part", vec![name, column.clone()])
            }
            _ => expr::call(name, vec![column.clone()]),
        };
        let number = match self.dialect {
            Dialect::Sqlite => {
                let text = expr::call("strftime", vec![expr::raw("'%m%d'".to_owned()), column.clone()]);
                expr::cast(text, DataType::Integer(None))
            }
            Dialect::PostgreSql => {
                let extract = |part| expr::extract(part, column.clone());
                expr::binary(
                    expr::binary(extract(DateTimeField::Month), Op::Multiply, expr::number("100".to_owned())),
                    Op::Plus,
                    extract(DateTimeField::Day),
                )
            }
            _ => expr::binary(
                expr::binary(part("MONTH"), Op::Multiply, expr::number("100".to_owned())),
                Op::Plus,
                part("DAY"),
            ),
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

fn collate(inner: Expr, collation: &str) -> Expr {
    Expr::Collate { expr: Box::new(inner), collation: ObjectName::from(vec![Ident::new(collation)]) }
}
