//! Arithmetic: on constants it is done, on a column of whole numbers it goes to the other side.

use cvm_core::{Decimal, FieldType, Filter};
use sqlparser::ast::BinaryOperator;

use super::eval::Importer;
use super::relative::{Base, Interval, Relative};
use super::scalar::{Const, Node, Simple, whole};
use super::scope::Column;
use super::source::refused;
use super::truth::any;
use super::{Found, ImportDialect};
use cvm_core::filter::Unit;

/// `factor × column + offset`.
struct Linear {
    column: Column,
    factor: i128,
    offset: i128,
}

impl Importer<'_> {
    pub(super) fn arithmetic(&self, left: Node, op: &BinaryOperator, right: Node) -> Found<Node> {
        if *op == BinaryOperator::Plus
            && let (Some(mut a), Some(b)) = (tally(&left), tally(&right))
        {
            a.extend(b);
            return Ok(Node::one(Simple::Tally(a)));
        }
        let (Some(a), Some(b)) = (left.simple(), right.simple()) else {
            return refused("arithmetic with a value that depends on conditions", "put the arithmetic inside the CASE");
        };
        match (a, op, b) {
            (Simple::Null, ..) | (.., Simple::Null) => Ok(Node::one(Simple::Null)),
            (Simple::Const(Const::Number(a)), _, Simple::Const(Const::Number(b))) => numbers(*a, op, *b),
            (Simple::Relative(time), BinaryOperator::Plus, Simple::Interval(by))
            | (Simple::Interval(by), BinaryOperator::Plus, Simple::Relative(time)) => moved(*time, *by),
            (Simple::Relative(time), BinaryOperator::Minus, Simple::Interval(by)) => moved(*time, by.negated()),
            (
                Simple::Relative(time),
                BinaryOperator::Plus | BinaryOperator::Minus,
                Simple::Const(Const::Number(days)),
            ) if time.base == Base::Today
                && matches!(
                    self.dialect,
                    ImportDialect::PostgreSql
                        | ImportDialect::Redshift
                        | ImportDialect::DuckDb
                        | ImportDialect::ClickHouse
                ) =>
            {
                let days = whole(*days).and_then(|n| i64::try_from(n).ok());
                let Some(n) = days else { return refused("part of a day", "use whole days") };
                let by = Interval { n, unit: Unit::Day };
                moved(*time, if *op == BinaryOperator::Plus { by } else { by.negated() })
            }
            // Adding zero changes no float, but for the sign of zero, which means nothing.
            (Simple::Column(column), BinaryOperator::Plus, Simple::Const(Const::Number(zero)))
                if column.ty == Some(FieldType::Float) && zero.digits() == 0 =>
            {
                Ok(left)
            }
            _ => self.linear_node(a, op, b),
        }
    }

    /// A number turned round.
    pub(super) fn minus(&self, node: Node) -> Found<Node> {
        match node.simple() {
            Some(Simple::Null) => Ok(node),
            Some(Simple::Const(Const::Number(number))) => match Decimal::new(-number.digits(), number.scale()) {
                Some(number) => Ok(Node::constant(Const::Number(number))),
                None => refused("a number of too many digits", ""),
            },
            Some(Simple::Const(Const::Float(x))) => Ok(Node::constant(Const::Float(-x))),
            Some(Simple::Interval(by)) => Ok(Node::one(Simple::Interval(by.negated()))),
            Some(value) => {
                self.linear_node(&Simple::Const(Const::Number(Decimal::from(0))), &BinaryOperator::Minus, value)
            }
            None => refused("the negative of a value that depends on conditions", ""),
        }
    }

    fn linear_node(&self, a: &Simple, op: &BinaryOperator, b: &Simple) -> Found<Node> {
        let number = |value: &Simple| match value {
            Simple::Const(Const::Number(number)) => whole(*number),
            _ => None,
        };
        let parts = match (linear(a), op, number(b), number(a), linear(b)) {
            (Some(x), BinaryOperator::Plus, Some(n), ..) => Linear { offset: add(x.offset, n)?, ..x },
            (Some(x), BinaryOperator::Minus, Some(n), ..) => Linear { offset: add(x.offset, -n)?, ..x },
            (Some(x), BinaryOperator::Multiply, Some(n), ..) => x.times(n)?,
            (_, BinaryOperator::Plus, _, Some(n), Some(x)) => Linear { offset: add(x.offset, n)?, ..x },
            (_, BinaryOperator::Minus, _, Some(n), Some(x)) => {
                let x = x.times(-1)?;
                Linear { offset: add(x.offset, n)?, ..x }
            }
            (_, BinaryOperator::Multiply, _, Some(n), Some(x)) => x.times(n)?,
            _ => {
                return refused(
                    format!("`{op}` with {} and {}", a.noun(), b.noun()),
                    "sums and products are known of columns of whole numbers with whole numbers",
                );
            }
        };
        if parts.column.ty != Some(FieldType::Int) {
            let message = format!("arithmetic with `{}` is exact for whole numbers only", parts.column.name);
            let help = if parts.column.ty.is_none() {
                "give a catalog with the column's type"
            } else {
                "move it to the other side"
            };
            return refused(message, help);
        }
        if self.dialect.sums_wrap() {
            return refused(
                "sums that are too large wrap round in this dialect",
                "move the arithmetic to the other side",
            );
        }
        match i64::try_from(parts.factor) {
            Ok(factor) if factor != 0 => {
                Ok(Node::one(Simple::Linear { column: parts.column, factor, offset: parts.offset }))
            }
            _ => refused("a product with zero, or with a number of too many digits", ""),
        }
    }
}

impl Linear {
    fn times(self, n: i128) -> Found<Self> {
        match (self.factor.checked_mul(n), self.offset.checked_mul(n)) {
            (Some(factor), Some(offset)) => Ok(Self { factor, offset, ..self }),
            _ => refused("arithmetic with numbers of too many digits", ""),
        }
    }
}

fn linear(value: &Simple) -> Option<Linear> {
    match value {
        Simple::Column(column) if !column.json => Some(Linear { column: column.clone(), factor: 1, offset: 0 }),
        Simple::Linear { column, factor, offset } => {
            Some(Linear { column: column.clone(), factor: i128::from(*factor), offset: *offset })
        }
        _ => None,
    }
}

fn add(a: i128, b: i128) -> Found<i128> {
    // Far from where the sums of the comparison could overflow.
    match a.checked_add(b) {
        Some(sum) if sum.unsigned_abs() < 1 << 120 => Ok(sum),
        _ => refused("arithmetic with numbers of too many digits", ""),
    }
}

fn moved(time: Relative, by: Interval) -> Found<Node> {
    Ok(Node::one(Simple::Relative(time.plus(by)?)))
}

/// Whole numbers; databases differ in what they make of fractions.
fn numbers(a: Decimal, op: &BinaryOperator, b: Decimal) -> Found<Node> {
    let (Some(a), Some(b)) = (whole(a), whole(b)) else {
        return refused("arithmetic with fractions", "write the result");
    };
    let result = match op {
        BinaryOperator::Plus => a.checked_add(b),
        BinaryOperator::Minus => a.checked_sub(b),
        BinaryOperator::Multiply => a.checked_mul(b),
        _ => return refused(format!("`{op}` of two numbers"), "write the result"),
    };
    // What a 64-bit number does not hold is an error in some databases.
    match result.and_then(|n| i64::try_from(n).ok()) {
        Some(n) => Ok(Node::constant(Const::Number(Decimal::from(n)))),
        None => refused("a result of too many digits", "write the result"),
    }
}

/// The conditions that a sum counts: what is 1 where they hold and 0 elsewhere.
fn tally(node: &Node) -> Option<Vec<Filter>> {
    if let Some(Simple::Tally(filters)) = node.simple() {
        return Some(filters.clone());
    }
    let Node::Scalar(cases) = node else { return None };
    if cases.len() < 2 {
        return None;
    }
    let mut ones = Vec::new();
    for case in cases {
        let Simple::Const(Const::Number(number)) = &case.value else { return None };
        match whole(*number) {
            Some(0) => {}
            Some(1) => ones.push(case.when.clone()),
            _ => return None,
        }
    }
    Some(vec![any(ones)])
}
