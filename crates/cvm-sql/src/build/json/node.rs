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
    /// A whole number of 64 bits, exactly, and any other number, as a float; `None` where the two can't be told apart.
    pub(super) exact: Option<(Expr, Expr)>,
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
    /// Of a whole number, whether it is one of 64 bits; `None` where its kind says so.
    pub(super) fits: Option<Expr>,
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
        let number = only(&numbers, raw.number);
        // One expression after the other: of what is no whole number it is not asked whether it fits.
        let exact = raw.integer.map(|integer| match raw.fits {
            None => (only(names.integers, integer), only(names.floats, number.clone())),
            Some(fits) => {
                let fits = Expr::IsTrue(Box::new(only(names.integers, fits)));
                (expr::when(fits.clone(), integer), expr::when(expr::not(fits), number.clone()))
            }
        });
        Self {
            text: only(&[names.text], raw.text),
            number,
            exact,
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

/// Whether a whole number is one of 64 bits.
pub(super) fn fits(whole: &Expr) -> Expr {
    let end = |number: i64| Box::new(expr::number(number.to_string()));
    let (low, high) = (end(i64::MIN), end(i64::MAX));
    Expr::Between { expr: Box::new(whole.clone()), negated: false, low, high }
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
