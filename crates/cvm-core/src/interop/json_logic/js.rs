//! JavaScript's values, and how they compare.

use std::cmp::Ordering;

use crate::diagnostic::{Diagnostics, Path};
use crate::filter::{Literal, Operator};
use crate::interop::number;
use crate::json::Json;

/// A value that is known.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Js {
    Null,
    Bool(bool),
    Num(f64),
    Str(String),
    List(Vec<Js>),
    Object(Vec<(String, Js)>),
}

impl Js {
    /// The value of a JSON value without operators in it.
    pub(super) fn scalar(json: &Json<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<Self> {
        Some(match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(*value),
            Json::Int(_) | Json::Float(_) => match number::literal(json, path, out)? {
                #[expect(clippy::cast_precision_loss, reason = "within 2⁵³")]
                Literal::Int(n) => Self::Num(n as f64),
                Literal::Float(x) => Self::Num(x),
                _ => return None,
            },
            Json::Str(text) => Self::Str(text.clone().into_owned()),
            Json::Array(_) | Json::Object(_) => return None,
        })
    }

    /// Whether JsonLogic takes it for true.
    pub(super) fn truthy(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(value) => *value,
            Self::Num(x) => *x != 0.0 && !x.is_nan(),
            Self::Str(text) => !text.is_empty(),
            Self::List(items) => !items.is_empty(),
            Self::Object(_) => true,
        }
    }

    /// The literal of a text, number or boolean.
    pub(super) fn literal(&self) -> Option<Literal> {
        Some(match self {
            Self::Bool(value) => Literal::Bool(*value),
            Self::Num(x) => number::from_f64(*x),
            Self::Str(text) => Literal::Str(text.clone()),
            Self::Null | Self::List(_) | Self::Object(_) => return None,
        })
    }

    /// The number that it counts as; NaN for texts that are none. `None` where that is not certain.
    pub(super) fn number(&self) -> Option<f64> {
        Some(match self {
            Self::Null => 0.0,
            Self::Bool(value) => f64::from(u8::from(*value)),
            Self::Num(x) => *x,
            Self::Str(text) => return text_number(text),
            Self::List(_) | Self::Object(_) => return None,
        })
    }
}

/// `Number(text)`; only plain decimal notation and texts that are clearly no numbers are certain.
fn text_number(text: &str) -> Option<f64> {
    if text.is_empty() {
        return Some(0.0);
    }
    if number::is_plain(text) {
        return text.parse().ok();
    }
    // A text with a letter that no number has, and without space that would be trimmed.
    let digits = text.bytes().any(|b| b.is_ascii_digit());
    let clearly_none = !digits && !text.starts_with(char::is_whitespace) && !text.ends_with(char::is_whitespace);
    (clearly_none && !text.contains("Infinity") && text != "\u{feff}").then_some(f64::NAN)
}

/// A comparison operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    /// `==`, or `===`.
    Equal {
        strict: bool,
    },
    Less,
    AtMost,
    More,
    AtLeast,
}

impl Relation {
    /// The relation with its sides changed.
    pub(super) fn turned(self) -> Self {
        match self {
            Self::Less => Self::More,
            Self::AtMost => Self::AtLeast,
            Self::More => Self::Less,
            Self::AtLeast => Self::AtMost,
            equal @ Self::Equal { .. } => equal,
        }
    }

    pub(super) fn operator(self) -> Operator {
        match self {
            Self::Equal { .. } => Operator::Eq,
            Self::Less => Operator::Lt,
            Self::AtMost => Operator::Lte,
            Self::More => Operator::Gt,
            Self::AtLeast => Operator::Gte,
        }
    }

    fn accepts(self, order: Option<Ordering>) -> bool {
        match self {
            Self::Equal { .. } => order == Some(Ordering::Equal),
            Self::Less => order == Some(Ordering::Less),
            Self::AtMost => matches!(order, Some(Ordering::Less | Ordering::Equal)),
            Self::More => order == Some(Ordering::Greater),
            Self::AtLeast => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        }
    }

    /// What JavaScript says of two numbers.
    pub(super) fn of_numbers(self, a: f64, b: f64) -> bool {
        self.accepts(a.partial_cmp(&b))
    }

    /// What JavaScript says; `None` where that is not certain.
    pub(super) fn of(self, a: &Js, b: &Js) -> Option<bool> {
        let equal = matches!(self, Self::Equal { .. });
        if matches!(a, Js::List(_) | Js::Object(_)) || matches!(b, Js::List(_) | Js::Object(_)) {
            return None;
        }
        if let (Js::Str(a), Js::Str(b)) = (a, b) {
            return Some(self.accepts(Some(a.encode_utf16().cmp(b.encode_utf16()))));
        }
        if equal && (*a == Js::Null || *b == Js::Null) {
            return Some(a == b);
        }
        if self == (Self::Equal { strict: true }) && std::mem::discriminant(a) != std::mem::discriminant(b) {
            return Some(false);
        }
        Some(self.of_numbers(a.number()?, b.number()?))
    }

    /// The same for two constants of a rule: refused also where implementations of JsonLogic disagree.
    pub(super) fn of_constants(self, a: &Js, b: &Js) -> Option<bool> {
        let verdict = self.of(a, b)?;
        if self == (Self::Equal { strict: true }) || matches!((a, b), (Js::Str(_), Js::Str(_))) {
            return Some(verdict);
        }
        let (a_number, b_number) = (a.number()?, b.number()?);
        let certain = !a_number.is_nan() && !b_number.is_nan();
        // Null beside a zero is equal to some.
        (certain && self.of_numbers(a_number, b_number) == verdict).then_some(verdict)
    }
}
