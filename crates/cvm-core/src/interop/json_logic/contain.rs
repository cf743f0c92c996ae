//! `in`: a text in a text, a value in a list.

use super::js::{Js, Relation};
use super::rule::{Arguments, Reader, Scope};
use super::term::{Kind, Term, Var};
use super::truth::Asked;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::{Filter, Literal, Operand, Operator};
use crate::interop::fields::{looks_like_date, unsettled_date};
use crate::interop::group::{any, constant};
use crate::value::Date;

impl Reader<'_> {
    pub(super) fn contains(
        &self,
        arguments: &Arguments<'_, '_, '_>,
        scope: &Scope,
        out: &mut Diagnostics,
    ) -> Option<Filter> {
        self.exactly(2, "in", arguments, out)?;
        let path = arguments.path();
        let mut values = arguments.map(0, |json, path| self.value(json, scope, path, out))?;
        let (whole, part) = (values.pop()?, values.pop()?);
        self.product(&part, &whole, path, out, |part, whole, out| match (part, whole) {
            (Term::Known(part), Term::Known(whole)) => match known(part, whole) {
                Some(verdict) => Some(constant(verdict)),
                None => {
                    out.push(not_certain(path));
                    None
                }
            },
            (Term::Known(part), Term::Var(whole)) => self.in_var(part, whole, path, out),
            (Term::Var(part), Term::Known(Js::List(items))) => self.var_in(part, items, path, out),
            // What is not in anything: `null`, `false`, `0` and `""` hold nothing.
            (Term::Var(_), Term::Known(whole)) if !whole.truthy() && *whole != Js::Null => Some(constant(false)),
            _ => {
                out.push(not_certain(path));
                None
            }
        })
    }

    /// A constant in a text or list of the customer.
    fn in_var(&self, part: &Js, whole: &Var, path: &Path<'_>, out: &mut Diagnostics) -> Option<Filter> {
        let missing = self.when_missing(whole, path, out, |missing| known(part, missing))?;
        match (&whole.kind, part) {
            (Kind::Unknown, _) => {
                out.push(self.unknown(whole, path));
                None
            }
            (Kind::Text, Js::Str(text)) if text.is_empty() => {
                // The empty text is in every text but the empty one, which JsonLogic takes for nothing.
                self.leaf(whole, Asked::One(Operator::Ne, Literal::Str(String::new())), missing, path, out)
            }
            (Kind::Text, Js::Str(text)) => {
                self.leaf(whole, Asked::One(Operator::Contains, Literal::Str(text.clone())), missing, path, out)
            }
            (Kind::Number | Kind::Bool | Kind::LongDecimal, _) => {
                self.leaf(whole, Asked::Always(false), missing, path, out)
            }
            (Kind::List(item), part) => {
                let asked = match members(item, std::slice::from_ref(part)) {
                    Some((_, true)) | None => {
                        out.push(not_certain(path));
                        return None;
                    }
                    Some((values, false)) if values.is_empty() => Asked::Always(false),
                    Some((values, false)) => Asked::Is(Operator::HasAny, Some(Operand::Many(values))),
                };
                self.leaf(whole, asked, missing, path, out)
            }
            (Kind::Json, Js::Str(text)) if !text.is_empty() => {
                let value = Literal::Str(text.clone());
                let listed = Asked::Is(Operator::HasAny, Some(Operand::Many(vec![value.clone()])));
                let inside = self.leaf(whole, Asked::One(Operator::Contains, value), missing, path, out)?;
                Some(any(vec![inside, self.leaf(whole, listed, missing, path, out)?]))
            }
            _ => {
                out.push(not_certain(path));
                None
            }
        }
    }

    /// A field of the customer, or an item of a list, in a list that is known.
    fn var_in(&self, part: &Var, items: &[Js], path: &Path<'_>, out: &mut Diagnostics) -> Option<Filter> {
        let mut kind = part.kind.clone();
        if kind == Kind::Unknown {
            let values: Vec<&Js> = items.iter().filter(|item| **item != Js::Null).collect();
            kind = values.first().map_or(Kind::Json, |value| kind.beside(value));
            if !values.iter().all(|value| part.kind.beside(value) == kind) {
                out.push(self.unknown(part, path));
                return None;
            }
            for value in values {
                if let Js::Str(text) = value
                    && looks_like_date(text)
                {
                    out.push(unsettled_date(text, path.pointer()));
                    return None;
                }
            }
        }
        let missing = self.when_missing(part, path, out, |missing| known_in(missing, items))?;
        let Some((mut values, _)) = members(&kind, items) else {
            out.push(not_certain(path));
            return None;
        };
        let asked = match (values.pop(), values.is_empty()) {
            (None, _) => Asked::Always(false),
            (Some(value), true) => Asked::One(Operator::Eq, value),
            (Some(value), false) => {
                values.push(value);
                Asked::Is(Operator::In, Some(Operand::Many(values)))
            }
        };
        self.leaf(part, asked, missing, path, out)
    }
}

/// The items that a value of this kind can be, and whether null is among them. `None` where that is not certain.
fn members(kind: &Kind, items: &[Js]) -> Option<(Vec<Literal>, bool)> {
    let mut values = Vec::new();
    for item in items {
        match (kind, item) {
            (_, Js::Null) => {}
            (_, Js::List(_) | Js::Object(_)) => return None,
            (Kind::Date, Js::Str(text)) => {
                Date::parse(text).filter(|date| date.to_string() == *text)?;
                values.push(Literal::Str(text.clone()));
            }
            (Kind::Instant, Js::Str(_)) | (Kind::LongDecimal, Js::Num(_)) | (Kind::Unknown, _) => return None,
            (Kind::Json, item)
            | (Kind::Bool, item @ Js::Bool(_))
            | (Kind::Number, item @ Js::Num(_))
            | (Kind::Text, item @ Js::Str(_)) => values.push(item.literal()?),
            // Lists compare strictly: a value of another kind is not there.
            _ => {}
        }
    }
    Some((values, items.contains(&Js::Null)))
}

/// Whether a constant is in another.
fn known(part: &Js, whole: &Js) -> Option<bool> {
    match (part, whole) {
        (part, Js::List(items)) => known_in(part, items),
        (Js::Str(part), Js::Str(whole)) => Some(!whole.is_empty() && whole.contains(part.as_str())),
        (_, Js::Str(whole)) if !whole.is_empty() => None,
        (_, Js::Object(_)) => None,
        _ => Some(false),
    }
}

fn known_in(part: &Js, items: &[Js]) -> Option<bool> {
    if matches!(part, Js::List(_) | Js::Object(_)) {
        return None;
    }
    let strict = Relation::Equal { strict: true };
    Some(items.iter().any(|item| strict.of(part, item) == Some(true)))
}

fn not_certain(path: &Path<'_>) -> Diagnostic {
    Diagnostic::error(Code::NotSupported, path.pointer(), "this use of `in` can't be kept")
        .help("look for a fixed text in a text field, a fixed value in a list field, or a field in a fixed list")
}
