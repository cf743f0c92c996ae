//! What stands at a place of a document.

use sqlparser::ast::{BinaryOperator as Op, Expr};

use crate::build::expr;

/// How a dialect names the kinds of JSON values.
pub(super) struct Kinds {
    pub(super) null: &'static str,
    pub(super) text: &'static str,
    pub(super) array: &'static str,
    /// Whole numbers, where the dialect tells them apart.
    pub(super) integers: &'static [&'static str],
    /// Other numbers.
    pub(super) floats: &'static [&'static str],
}

/// A value in a document. Every expression but the kind is NULL where the value is of another kind.
pub(super) struct Node {
    pub(super) names: &'static Kinds,
    /// The name of the kind; NULL where there is no value.
    pub(super) kind: Expr,
    pub(super) text: Expr,
    /// Any number, as a float, or exactly where the dialect has one type for all.
    pub(super) number: Expr,
    /// A whole number, exactly; `None` where `number` is exact.
    pub(super) integer: Option<Expr>,
    /// Whether the value is `true`, and whether it is `false`.
    pub(super) yes: Expr,
    pub(super) no: Expr,
    /// The number of items.
    pub(super) size: Expr,
    /// The list, as the dialect goes through it.
    pub(super) items: Expr,
    /// The JSON value itself, where equal ones can be compared as they are.
    pub(super) json: Option<Expr>,
}

/// What a node is made of, whatever its kind.
pub(super) struct Raw {
    pub(super) kind: Expr,
    pub(super) text: Expr,
    pub(super) number: Expr,
    pub(super) integer: Option<Expr>,
    pub(super) yes: Expr,
    pub(super) no: Expr,
    pub(super) size: Expr,
    pub(super) items: Expr,
}

impl Node {
    pub(super) fn new(names: &'static Kinds, raw: Raw) -> Self {
        let kind = raw.kind;
        let numbers: Vec<&str> = names.integers.iter().chain(names.floats).copied().collect();
        let only = |kinds: &[&str], value: Expr| expr::when(is(&kind, kinds), value);
        Self {
            text: only(&[names.text], raw.text),
            number: only(&numbers, raw.number),
            integer: raw.integer.map(|integer| only(names.integers, integer)),
            yes: raw.yes,
            no: raw.no,
            size: only(&[names.array], raw.size),
            items: only(&[names.array], raw.items),
            json: None,
            names,
            kind,
        }
    }

    pub(super) fn missing(&self) -> Expr {
        let null = expr::binary(self.kind.clone(), Op::Eq, named(self.names.null));
        expr::binary(Expr::IsNull(Box::new(self.kind.clone())), Op::Or, null)
    }

    pub(super) fn present(&self) -> Expr {
        expr::binary(self.kind.clone(), Op::NotEq, named(self.names.null))
    }

    /// A number that is not whole, or beyond 64 bits.
    pub(super) fn float(&self) -> Expr {
        expr::when(is(&self.kind, self.names.floats), self.number.clone())
    }
}

/// Whether a kind is one of these.
pub(super) fn is(kind: &Expr, names: &[&str]) -> Expr {
    match names {
        [only] => expr::binary(kind.clone(), Op::Eq, named(only)),
        many => Expr::InList {
            expr: Box::new(kind.clone()),
            list: many.iter().map(|name| named(name)).collect(),
            negated: false,
        },
    }
}

/// The name of a kind, which is a number in SQL Server.
fn named(kind: &str) -> Expr {
    match kind.strip_prefix('#') {
        Some(digits) => expr::number(digits.to_owned()),
        None => quoted(kind),
    }
}

/// A text that needs no escapes.
pub(super) fn quoted(text: &str) -> Expr {
    expr::raw(format!("'{text}'"))
}
