//! Numbers beside columns of numbers.

use cvm_core::filter::{Literal, Operand};
use cvm_core::{Decimal, FieldType};

use super::Found;
use super::compare::Cmp;
use super::eval::Importer;
use super::scalar::whole;
use super::scope::Column;
use super::source::refused;
use super::truth::{Truth, always, never};

/// Digits that every float keeps.
const SAFE_DIGITS: u32 = 15;
/// The whole numbers that floats hold one by one.
const SAFE_WHOLE: u128 = 1 << 53;

/// Whether a float of the shortest text is the number itself.
fn safe(number: Decimal) -> bool {
    number.normalized().digits().unsigned_abs().checked_ilog10().unwrap_or(0) < SAFE_DIGITS
}

impl Importer<'_> {
    /// A column of numbers (or of unknown type) beside a number.
    pub(super) fn number(&self, column: &Column, cmp: Cmp, number: Decimal) -> Found<Truth> {
        let fraction = whole(number).is_none();
        let operand = match &column.ty {
            Some(FieldType::Int) => return self.whole_number(column, cmp, number),
            Some(FieldType::Decimal { precision, .. }) => {
                let as_floats = fraction && self.dialect.float_literals();
                if as_floats && !(safe(number) && *precision <= 15) {
                    return refused("a number of so many digits is a float here and loses some", "write it in quotes");
                }
                match i64::try_from(whole(number).unwrap_or(i128::MAX)) {
                    Ok(i) => Literal::Int(i),
                    Err(_) => Literal::Str(number.to_string()),
                }
            }
            Some(FieldType::Float) => match whole(number).map(|n| (n.unsigned_abs() <= SAFE_WHOLE, i64::try_from(n))) {
                Some((true, Ok(i))) => Literal::Int(i),
                Some(_) if self.dialect == super::ImportDialect::Sqlite => {
                    return refused("a whole number beyond 2^53 beside a float compares exactly here", "");
                }
                _ => Literal::Float(number.to_f64()),
            },
            None => match i64::try_from(whole(number).unwrap_or(i128::MAX)) {
                Ok(i) => Literal::Int(i),
                Err(_) if safe(number) => Literal::Float(number.to_f64()),
                Err(_) => {
                    return refused("a number of so many digits needs a type", "give a catalog with the column's type");
                }
            },
            Some(_) => return Ok(Truth::constant(None)),
        };
        Ok(self.leaf(&column.name, cmp.operator(), Operand::One(operand)))
    }

    /// A column of whole numbers beside a number of any kind, which it compares with by value.
    pub(super) fn whole_number(&self, column: &Column, cmp: Cmp, number: Decimal) -> Found<Truth> {
        let name = column.name.as_str();
        let (floor, fraction) = number.floor();
        if fraction && !safe(number) {
            return refused("a fraction of so many digits may lose some of them", "write fewer digits");
        }
        let (cmp, bound) = match (fraction, cmp) {
            (false, cmp) => (cmp, floor),
            (true, Cmp::Eq) => return Ok(never(name)),
            (true, Cmp::Ne) => return Ok(always(name)),
            (true, Cmp::Lt | Cmp::Lte) => (Cmp::Lte, floor),
            (true, Cmp::Gt | Cmp::Gte) => (Cmp::Gt, floor),
        };
        match i64::try_from(bound) {
            Ok(bound) => Ok(self.leaf(name, cmp.operator(), Operand::One(Literal::Int(bound)))),
            // Beyond every value, above or below.
            Err(_) => {
                let below = if bound > 0 { std::cmp::Ordering::Less } else { std::cmp::Ordering::Greater };
                Ok(if cmp.accepts(below) { always(name) } else { never(name) })
            }
        }
    }

    /// A number that is no decimal, beside a column.
    pub(super) fn float(&self, column: &Column, cmp: Cmp, number: f64) -> Found<Truth> {
        if number.is_nan() {
            // NaN is missing: nothing equals it, everything that is there differs from it.
            return match cmp {
                Cmp::Eq => Ok(never(&column.name)),
                Cmp::Ne => Ok(always(&column.name)),
                _ => refused("NaN is missing, and has no order", ""),
            };
        }
        match &column.ty {
            Some(FieldType::Float) | None => {
                Ok(self.leaf(&column.name, cmp.operator(), Operand::One(Literal::Float(number))))
            }
            _ => refused("a number of this size can't be compared with this column exactly", ""),
        }
    }

    /// `factor × column + offset` beside a whole number, for columns of whole numbers.
    pub(super) fn linear(
        &self,
        column: &Column,
        factor: i64,
        offset: i128,
        cmp: Cmp,
        value: &super::scalar::Const,
    ) -> Found<Truth> {
        let super::scalar::Const::Number(number) = value else {
            return refused("arithmetic is compared with whole numbers only", "");
        };
        let rest = whole(*number).and_then(|n| n.checked_sub(offset));
        let Some(rest) = rest else { return refused("arithmetic is compared with whole numbers only", "") };
        let factor = i128::from(factor);
        let cmp = if factor < 0 { cmp.flipped() } else { cmp };
        let (rest, factor) = if factor < 0 { (-rest, -factor) } else { (rest, factor) };
        let name = column.name.as_str();
        let (floor, exact) = (rest.div_euclid(factor), rest.rem_euclid(factor) == 0);
        let (cmp, bound) = match (exact, cmp) {
            (true, cmp) => (cmp, floor),
            (false, Cmp::Eq) => return Ok(never(name)),
            (false, Cmp::Ne) => return Ok(always(name)),
            (false, Cmp::Lt | Cmp::Lte) => (Cmp::Lte, floor),
            (false, Cmp::Gt | Cmp::Gte) => (Cmp::Gt, floor),
        };
        match Decimal::new(bound, 0) {
            Some(bound) => self.whole_number(column, cmp, bound),
            None => refused("a number of so many digits can't be kept", ""),
        }
    }
}
