//! What a part of a rule comes to, for the customers for whom it does.

use super::js::Js;
use crate::catalog::FieldType;
use crate::filter::Filter;

/// A value that is known, or depends on the customer in a way that is.
#[derive(Debug, Clone)]
pub(super) enum Term {
    Known(Js),
    Var(Var),
    /// The first (or, counted from the end, last) UTF-16 units of a text.
    Part {
        var: Var,
        from_end: bool,
        units: usize,
    },
    /// The least or greatest of numbers.
    Extreme {
        greatest: bool,
        of: Vec<Term>,
    },
    /// A list of which only is known for whom it has something in it.
    List(Filter),
}

/// One of the results that a part can have.
#[derive(Debug, Clone)]
pub(super) struct Case {
    /// For whom; the cases of a part exclude each other and leave nobody out.
    pub(super) guard: Filter,
    pub(super) term: Term,
}

impl Case {
    /// The only case.
    pub(super) fn only(term: Term) -> Vec<Self> {
        vec![Self { guard: Filter::Everyone, term }]
    }
}

/// A field of the customer, or an item of a list, which then has no name.
#[derive(Debug, Clone)]
pub(super) struct Var {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// What is there instead of an absent key.
    pub(super) default: Option<Js>,
}

/// What values of a field are in JavaScript.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// Whatever it is compared with.
    Unknown,
    Bool,
    Number,
    Text,
    /// A text like `2024-01-31`.
    Date,
    /// A text in one of several forms.
    Instant,
    /// A decimal that JavaScript would round.
    LongDecimal,
    List(Box<Kind>),
    /// Anything.
    Json,
}

impl Kind {
    pub(super) fn of(ty: Option<&FieldType>) -> Self {
        match ty {
            None => Self::Unknown,
            Some(FieldType::Bool) => Self::Bool,
            Some(FieldType::Decimal { precision, .. }) if *precision > 15 => Self::LongDecimal,
            Some(FieldType::Int | FieldType::Float | FieldType::Decimal { .. }) => Self::Number,
            Some(FieldType::String) => Self::Text,
            Some(FieldType::Date) => Self::Date,
            Some(FieldType::Timestamp) => Self::Instant,
            Some(FieldType::List(item)) => Self::List(Box::new(Self::of(Some(item)))),
            Some(FieldType::Json) => Self::Json,
        }
    }

    /// The kind of what it is compared with, where it is unknown.
    pub(super) fn beside(&self, value: &Js) -> Self {
        match (self, value) {
            (Self::Unknown, Js::Bool(_)) => Self::Bool,
            (Self::Unknown, Js::Num(_)) => Self::Number,
            (Self::Unknown, Js::Str(_)) => Self::Text,
            (kind, _) => kind.clone(),
        }
    }

    /// For messages.
    pub(super) fn noun(&self) -> &'static str {
        match self {
            Self::Unknown => "of a type that is not known",
            Self::Bool => "true or false",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::Date => "a date",
            Self::Instant => "an instant, which JSON may write in several ways",
            Self::LongDecimal => "a decimal of more digits than JavaScript keeps",
            Self::List(_) => "a list",
            Self::Json => "a JSON document",
        }
    }
}
