//! What an expression is worth: a truth value, or one of several simple values, each where a filter holds.

use cvm_core::filter::Operator;
use cvm_core::{Code, Date, Decimal, Diagnostic, FieldType, Filter, Timestamp};

use super::Found;
use super::relative::{Interval, Relative};
use super::scope::Column;
use super::source::refused;
use super::truth::{Truth, all, any, complement, is_not_set};

/// What an expression is worth.
#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "a node lives for a moment; most are conditions")]
pub(super) enum Node {
    /// A condition.
    Truth(Truth),
    /// A value. The filters of the cases split all rows.
    Scalar(Vec<Case>),
}

/// A value, and the rows that have it.
#[derive(Clone)]
pub(super) struct Case {
    pub(super) when: Filter,
    pub(super) value: Simple,
}

/// A value that comparisons know.
#[derive(Clone)]
pub(super) enum Simple {
    Null,
    Const(Const),
    Column(Column),
    /// A column of whole numbers times a factor plus an offset.
    Linear {
        column: Column,
        factor: i64,
        offset: i128,
    },
    /// A column of whole numbers, as a float.
    AsFloat(Column),
    /// A text in lower or upper case.
    Cased {
        column: Column,
        upper: bool,
    },
    /// How long a text is, in characters or bytes.
    Length {
        column: Column,
        bytes: bool,
    },
    /// Where a text is found in another, from 1; 0 where it is not.
    Position {
        column: Column,
        needle: String,
    },
    /// The first or last so many characters (or bytes) of a text.
    Part {
        column: Column,
        start: bool,
        length: usize,
        bytes: bool,
    },
    /// How many of the filters hold.
    Tally(Vec<Filter>),
    /// The microseconds of an instant since 1970.
    Micros(Column),
    /// How many items a list has; `null_if_empty` where an empty list has no length.
    Size {
        column: Column,
        null_if_empty: bool,
    },
    Relative(Relative),
    Interval(Interval),
    /// A list of constants.
    List(Vec<Const>),
}

/// A constant.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Const {
    Bool(bool),
    Number(Decimal),
    /// A number that no decimal of 38 digits holds; NaN is the missing value.
    Float(f64),
    Text(String),
    /// A text in double quotes that is one only because there is no column of that name.
    Quoted(String),
    Date(Date),
    Timestamp(Timestamp),
}

impl Const {
    pub(super) fn noun(&self) -> &'static str {
        match self {
            Self::Bool(_) => "true or false",
            Self::Number(_) | Self::Float(_) => "a number",
            Self::Text(_) | Self::Quoted(_) => "a text",
            Self::Date(_) => "a date",
            Self::Timestamp(_) => "a time",
        }
    }
}

impl Node {
    pub(super) fn one(value: Simple) -> Self {
        Self::Scalar(vec![Case { when: Filter::Everyone, value }])
    }

    pub(super) fn constant(value: Const) -> Self {
        Self::one(Simple::Const(value))
    }

    /// The only value, if there is one.
    pub(super) fn simple(&self) -> Option<&Simple> {
        match self {
            Self::Scalar(cases) => match cases.as_slice() {
                [Case { when: Filter::Everyone, value }] => Some(value),
                _ => None,
            },
            Self::Truth(_) => None,
        }
    }

    /// The column, if it is one.
    pub(super) fn column(&self) -> Option<&Column> {
        match self.simple() {
            Some(Simple::Column(column)) => Some(column),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub(super) fn text(&self) -> Option<&str> {
        match self.simple() {
            Some(Simple::Const(Const::Text(text) | Const::Quoted(text))) => Some(text),
            _ => None,
        }
    }

    /// The whole number, if it is one.
    pub(super) fn integer(&self) -> Option<i128> {
        match self.simple() {
            Some(Simple::Const(Const::Number(number))) => whole(*number),
            _ => None,
        }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self.simple(), Some(Simple::Null))
    }

    /// The cases of a value; a condition is true, false or null.
    pub(super) fn cases(self) -> Found<Vec<Case>> {
        match self {
            Self::Scalar(cases) => Ok(cases),
            Self::Truth(truth) => {
                let unknown = truth.unknown()?;
                let truth_value = |when, value| Case { when, value: Simple::Const(Const::Bool(value)) };
                Ok(vec![
                    truth_value(truth.yes?, true),
                    truth_value(truth.no?, false),
                    Case { when: unknown, value: Simple::Null },
                ])
            }
        }
    }

    /// Whether this can be a condition of its own.
    pub(super) fn is_boolean(&self) -> bool {
        match self {
            Self::Truth(_) => true,
            Self::Scalar(cases) => cases.iter().any(|case| match &case.value {
                Simple::Const(Const::Bool(_)) => true,
                Simple::Column(column) => column.ty == Some(FieldType::Bool),
                _ => false,
            }),
        }
    }

    /// Where it is null.
    pub(super) fn null(&self) -> Found<Filter> {
        match self {
            Self::Truth(truth) => truth.unknown(),
            Self::Scalar(cases) => {
                let mut nulls = Vec::with_capacity(cases.len());
                for case in cases {
                    nulls.push(all(vec![case.when.clone(), case.value.null()]));
                }
                Ok(any(nulls))
            }
        }
    }
}

impl Simple {
    /// Where it is null.
    pub(super) fn null(&self) -> Filter {
        match self {
            Self::Null => Filter::Everyone,
            Self::Column(column)
            | Self::Linear { column, .. }
            | Self::AsFloat(column)
            | Self::Cased { column, .. }
            | Self::Length { column, .. }
            | Self::Position { column, .. }
            | Self::Part { column, .. }
            | Self::Micros(column)
            | Self::Size { column, null_if_empty: false } => is_not_set(&column.name),
            Self::Size { column, null_if_empty: true } => {
                let empty = cvm_core::filter::field(&column.name).op(Operator::IsEmpty, None);
                any(vec![is_not_set(&column.name), empty])
            }
            Self::Const(Const::Float(x)) if x.is_nan() => Filter::Everyone,
            Self::Const(_) | Self::Tally(_) | Self::Relative(_) | Self::Interval(_) | Self::List(_) => Filter::Nobody,
        }
    }

    /// What it is called in messages.
    pub(super) fn noun(&self) -> String {
        match self {
            Self::Null => "NULL".to_owned(),
            Self::Const(value) => value.noun().to_owned(),
            Self::Column(column) => match &column.ty {
                Some(ty) => format!("`{}`, of type {ty},", column.name),
                None => format!("`{}`", column.name),
            },
            Self::Linear { column, .. } | Self::AsFloat(column) => format!("arithmetic with `{}`", column.name),
            Self::Cased { column, .. } => format!("`{}` in another case", column.name),
            Self::Length { column, .. } => format!("the length of `{}`", column.name),
            Self::Position { column, .. } => format!("a position in `{}`", column.name),
            Self::Part { column, .. } => format!("a part of `{}`", column.name),
            Self::Tally(_) => "a sum of conditions".to_owned(),
            Self::Micros(column) => format!("the microseconds of `{}`", column.name),
            Self::Size { column, .. } => format!("the size of `{}`", column.name),
            Self::Relative(_) => "a time that moves".to_owned(),
            Self::Interval(_) => "an interval".to_owned(),
            Self::List(_) => "a list".to_owned(),
        }
    }
}

/// The value of a decimal without a fraction.
pub(super) fn whole(number: Decimal) -> Option<i128> {
    let (whole, fraction) = number.floor();
    (!fraction).then_some(whole)
}

/// Where the filter holds, the first; elsewhere, the second.
pub(super) fn branch(when: Filter, then: Node, otherwise: Node) -> Found<Node> {
    if let (Node::Truth(_), _) | (_, Node::Truth(_)) = (&then, &otherwise)
        && (then.is_null() || then.is_boolean())
        && (otherwise.is_null() || otherwise.is_boolean())
    {
        let (then, otherwise) = (plain_truth(then)?, plain_truth(otherwise)?);
        let elsewhere = complement(when.clone());
        let side = |a: Found<Filter>, b: Found<Filter>| -> Found<Filter> {
            Ok(any(vec![all(vec![when.clone(), a?]), all(vec![elsewhere.clone(), b?])]))
        };
        return Ok(Node::Truth(Truth { yes: side(then.yes, otherwise.yes), no: side(then.no, otherwise.no) }));
    }
    let elsewhere = complement(when.clone());
    let under = |guard: &Filter, node: Node| -> Found<Vec<Case>> {
        let cases = node.cases()?.into_iter();
        Ok(cases.map(|case| Case { when: all(vec![guard.clone(), case.when]), ..case }).collect())
    };
    let mut cases = under(&when, then)?;
    cases.extend(under(&elsewhere, otherwise)?);
    cases.retain(|case| case.when != Filter::Nobody);
    Ok(Node::Scalar(cases))
}

/// A boolean value as a condition.
pub(super) fn plain_truth(node: Node) -> Found<Truth> {
    let cases = match node {
        Node::Truth(truth) => return Ok(truth),
        Node::Scalar(cases) => cases,
    };
    let mut yes = Vec::new();
    let mut no = Vec::new();
    for Case { when, value } in cases {
        let truth = match value {
            Simple::Null => Truth::constant(None),
            Simple::Const(Const::Bool(value)) => Truth::constant(Some(value)),
            Simple::Column(column) if column.ty.is_none() || column.ty == Some(FieldType::Bool) => {
                let is = |value: bool| cvm_core::filter::field(&column.name).eq(value);
                Truth::of(is(true), is(false))
            }
            other => {
                return refused(format!("{} is no condition of its own", other.noun()), "compare it with something");
            }
        };
        yes.push(all(vec![when.clone(), truth.yes?]));
        no.push(all(vec![when, truth.no?]));
    }
    Ok(Truth::of(any(yes), any(no)))
}

/// The finding for values that don't compare.
pub(super) fn mismatch<T>(left: &Simple, right: &Simple) -> Found<T> {
    let message = format!("{} can't be compared with {} exactly", left.noun(), right.noun());
    Err(Box::new(Diagnostic::error(Code::NotSupported, "", message)))
}
