//! A column beside a constant: its type decides.

use cvm_core::filter::{Case, Condition, Literal, Operand, Operator};
use cvm_core::{Code, Decimal, FieldType, Filter};

use super::Found;
use super::compare::Cmp;
use super::eval::Importer;
use super::scalar::{Const, Simple, mismatch, plain_truth};
use super::scope::Column;
use super::source::refused;
use super::truth::{Truth, always, never, with_missing};

impl Importer<'_> {
    /// A comparison that leaves missing values out.
    pub(super) fn leaf(&self, field: &str, op: Operator, value: Operand) -> Truth {
        self.leaf_with(field, op, Some(value), Case::Sensitive)
    }

    pub(super) fn leaf_with(&self, field: &str, op: Operator, value: Option<Operand>, case: Case) -> Truth {
        let condition = Condition { field: field.to_owned(), op, value, case, missing: None };
        Truth::leaf(with_missing(condition, false))
    }

    pub(super) fn column_with(&self, column: &Column, cmp: Cmp, value: &Const) -> Found<Truth> {
        let no_match = || mismatch(&Simple::Column(column.clone()), &Simple::Const(value.clone()));
        if column.json {
            return self.json_text(column, cmp, value);
        }
        match (&column.ty, value) {
            (Some(FieldType::Bool) | None, Const::Bool(b)) => boolean(self, column, cmp, *b),
            (Some(FieldType::Bool), Const::Number(number)) if self.dialect.numbers_are_booleans() => {
                self.boolean_number(column, cmp, *number)
            }
            (Some(FieldType::Bool), Const::Text(text)) if !self.dialect.numbers_are_booleans() => {
                match text.to_lowercase().as_str() {
                    "true" | "t" => boolean(self, column, cmp, true),
                    "false" | "f" => boolean(self, column, cmp, false),
                    _ => no_match(),
                }
            }
            (Some(FieldType::Int | FieldType::Float | FieldType::Decimal { .. }) | None, Const::Number(number)) => {
                self.number(column, cmp, *number)
            }
            (Some(FieldType::Float | FieldType::Decimal { .. } | FieldType::Int) | None, Const::Float(x)) => {
                self.float(column, cmp, *x)
            }
            (Some(ty), Const::Text(text)) if ty.is_number() => match plain_number(text) {
                Some(number) if *ty != FieldType::Int || super::scalar::whole(number).is_some() => {
                    self.number(column, cmp, number)
                }
                _ => no_match(),
            },
            (Some(FieldType::String) | None, Const::Text(text) | Const::Quoted(text)) => {
                Ok(self.leaf(&column.name, cmp.operator(), Operand::One(Literal::Str(text.clone()))))
            }
            (None, Const::Date(day)) => {
                Ok(self.leaf(&column.name, cmp.operator(), Operand::One(Literal::Str(day.to_string()))))
            }
            (Some(FieldType::Date), _) => self.date(column, cmp, value),
            (Some(FieldType::Timestamp), _) | (None, Const::Timestamp(_)) => self.timestamp(column, cmp, value),
            (Some(FieldType::List(_)), _) => {
                refused(format!("`{}` is a list, and lists compare as wholes in SQL", column.name), "ask what it holds")
            }
            (Some(FieldType::Json), _) => refused(
                format!("`{}` is a JSON document, and compares as a whole in SQL", column.name),
                "ask for a place in it",
            ),
            _ => no_match(),
        }
    }

    /// A boolean where numbers stand for booleans: 0 and 1, and no other number is equal.
    fn boolean_number(&self, column: &Column, cmp: Cmp, number: Decimal) -> Found<Truth> {
        let holds = |value: bool| cmp.accepts(Decimal::from(i64::from(value)).cmp(&number));
        match (holds(false), holds(true)) {
            (true, true) => Ok(always(&column.name)),
            (false, false) => Ok(never(&column.name)),
            (_, when_true) => boolean(self, column, Cmp::Eq, when_true),
        }
    }
}

impl Importer<'_> {
    /// From one literal to another of the same column, as one condition; `None` where it must be said as two.
    pub(super) fn range(&self, from: &Truth, to: &Truth) -> Option<Truth> {
        let (Ok(Filter::Condition(low)), Ok(Filter::Condition(high))) = (&from.yes, &to.yes) else { return None };
        let (Some(Operand::One(first)), Some(Operand::One(last))) = (&low.value, &high.value) else { return None };
        let ends = low.op == Operator::Gte && high.op == Operator::Lte && low.field == high.field;
        if !ends || std::mem::discriminant(first) != std::mem::discriminant(last) {
            return None;
        }
        let value = Operand::Many(vec![first.clone(), last.clone()]);
        let truth = self.leaf(&low.field, Operator::Between, value);
        let (Some(catalog), Ok(filter)) = (self.catalog, &truth.yes) else {
            return match (first, last) {
                (Literal::Int(first), Literal::Int(last)) if first > last => Some(never(&low.field)),
                (Literal::Int(_), Literal::Int(_)) => Some(truth),
                _ => None,
            };
        };
        match cvm_core::check(filter, catalog) {
            Ok(()) => Some(truth),
            Err(found) if found.iter().all(|finding| finding.code == Code::ReversedRange) => Some(never(&low.field)),
            Err(_) => None,
        }
    }
}

/// A boolean beside a boolean; false comes before true.
fn boolean(importer: &Importer<'_>, column: &Column, cmp: Cmp, value: bool) -> Found<Truth> {
    if !cmp.is_order() {
        let wanted = if cmp == Cmp::Eq { value } else { !value };
        let one = |value: bool| Operand::One(Literal::Bool(value));
        if column.ty.is_none() {
            return Ok(importer.leaf(&column.name, cmp.operator(), one(value)));
        }
        // `b <> true` is `b = false`: the shorter words.
        let yes = importer.leaf(&column.name, Operator::Eq, one(wanted));
        let no = importer.leaf(&column.name, Operator::Eq, one(!wanted));
        return Ok(Truth { yes: yes.yes, no: no.yes });
    }
    let holds = |b: bool| cmp.accepts(b.cmp(&value));
    match (holds(false), holds(true)) {
        (true, true) => Ok(always(&column.name)),
        (false, false) => Ok(never(&column.name)),
        (_, when_true) => {
            let truth = plain_truth(super::scalar::Node::one(Simple::Column(column.clone())))?;
            Ok(truth.swapped_if(!when_true))
        }
    }
}

/// A number as every database reads it from a text.
fn plain_number(text: &str) -> Option<Decimal> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    (digits(whole) && digits(fraction)).then(|| text.parse().ok()).flatten()
}
