//! Conditions, and the comparisons of measures.

use std::fmt::{self, Display, Formatter, Write as _};

use super::{Name, Text};
use crate::filter::{Case, Condition, Event, Missing, Operand, Operator, Quantifier, Related, Takes, Window};

/// A subject with its operator and operand. A `?`, which nothing can be read from, stands where a value is missing and
/// before one that is too many, lest what follows be read as a part of it.
pub(super) fn comparison(
    f: &mut Formatter<'_>,
    subject: impl Display,
    op: Operator,
    value: Option<&Operand>,
) -> fmt::Result {
    match (op, value) {
        (Operator::Size, Some(Operand::Size(test))) => write!(f, "size({subject}) {}", Text(test)),
        // `since` says it all.
        (Operator::Within, Some(Operand::Window(window @ Window::Since { .. }))) => {
            write!(f, "{subject} {}", Text(window))
        }
        (Operator::Between | Operator::NotBetween, Some(Operand::Many(ends))) if ends.len() == 2 => {
            write!(f, "{subject} {}", op.text())?;
            ends.iter()
                .enumerate()
                .try_for_each(|(i, end)| write!(f, "{} {}", if i == 0 { "" } else { " and" }, Text(end)))
        }
        (Operator::Between | Operator::NotBetween, Some(Operand::One(end))) => {
            write!(f, "{subject} {} {} and ?", op.text(), Text(end))
        }
        (_, Some(value)) if op.takes() == Takes::Nothing => write!(f, "{subject} {} ? {}", op.text(), Text(value)),
        // By far the most conditions: piece by piece, which is faster than a format.
        (_, Some(value)) => {
            said(f, subject, op)?;
            f.write_char(' ')?;
            Text(value).fmt(f)
        }
        (_, None) if op.takes() == Takes::Nothing => said(f, subject, op),
        (_, None) => write!(f, "{subject} {} ?", op.text()),
    }
}

fn said(f: &mut Formatter<'_>, subject: impl Display, op: Operator) -> fmt::Result {
    subject.fmt(f)?;
    f.write_char(' ')?;
    f.write_str(op.text())
}

fn missing(f: &mut Formatter<'_>, missing: Option<Missing>) -> fmt::Result {
    f.write_str(match missing {
        None => "",
        Some(Missing::Include) => " with missing",
        Some(Missing::Exclude) => " without missing",
    })
}

impl Display for Text<'_, Condition> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Condition { field, op, value, case, missing: rule } = self.0;
        comparison(f, Name(field), *op, value.as_ref())?;
        if *case == Case::Insensitive {
            f.write_str(" ignoring case")?;
        }
        missing(f, *rule)
    }
}

impl Display for Text<'_, Event> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Event { event, window, filter, measure, op, value, missing: rule } = self.0;
        let subject = super::event::Measured { event, window: window.as_ref(), filter: filter.as_deref(), measure };
        comparison(f, subject, *op, value.as_ref())?;
        missing(f, *rule)
    }
}

impl Display for Text<'_, Related> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Related { table, quantifier, filter, op, value } = self.0;
        let (word, column) = match quantifier {
            Quantifier::Any => ("any", None),
            Quantifier::All => ("all", None),
            Quantifier::None => ("no", None),
            Quantifier::Count => ("count", None),
            Quantifier::Sum { field } => ("sum", Some(field.as_str())),
        };
        let rows = super::event::Source { name: table, property: column };
        let filter = super::Where { filter: filter.as_deref(), followed: false };
        let subject = format_args!("{word} related({rows}{filter})");
        let is_number = matches!(quantifier, Quantifier::Count | Quantifier::Sum { .. });
        match (op, value) {
            (Some(op), value) if is_number => comparison(f, subject, *op, value.as_ref()),
            (None, None) if !is_number => subject.fmt(f),
            (Some(op), value) => comparison(f, format_args!("{subject} ?"), *op, value.as_ref()),
            (None, Some(value)) => write!(f, "{subject} ? {}", Text(value)),
            (None, None) => write!(f, "{subject} ?"),
        }
    }
}
