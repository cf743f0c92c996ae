//! Comparisons: two constants, a variable and a constant, two variables.

use super::js::{Js, Relation};
use super::rule::{Arguments, Reader, Scope};
use super::term::{Case, Kind, Term, Var};
use super::truth::Asked;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::{Filter, Literal, Operand, Operator};
use crate::interop::fields::{looks_like_date, unsettled_date};
use crate::interop::group::{all, any, constant, not};
use crate::value::Date;

impl Reader<'_> {
    /// For whom a comparison is true.
    pub(super) fn relation(
        &self,
        op: &str,
        arguments: &Arguments<'_, '_, '_>,
        scope: &Scope,
        out: &mut Diagnostics,
    ) -> Option<Filter> {
        // `a < b < c` is known to all; other chains are not.
        if !(arguments.len() == 3 && matches!(op, "<" | "<=")) {
            self.exactly(2, op, arguments, out)?;
        }
        let path = arguments.path();
        let (relation, negated) = Relation::named(op);
        let values = arguments.map(0, |json, path| self.value(json, scope, path, out))?;
        let mut links = Vec::new();
        for pair in values.windows(2) {
            let [a, b] = pair else { continue };
            let filter = self.product(a, b, path, out, |a, b, out| self.compare(relation, a, b, path, out))?;
            links.push(if negated { not(filter) } else { filter });
        }
        Some(all(links))
    }

    /// Every case of `a` with every case of `b`.
    pub(super) fn product(
        &self,
        a: &[Case],
        b: &[Case],
        path: &Path<'_>,
        out: &mut Diagnostics,
        mut verdict: impl FnMut(&Term, &Term, &mut Diagnostics) -> Option<Filter>,
    ) -> Option<Filter> {
        let mut parts = Vec::new();
        for a in a {
            for b in b {
                self.spend(1 + a.guard.node_count() + b.guard.node_count(), path, out)?;
                parts.push(all(vec![a.guard.clone(), b.guard.clone(), verdict(&a.term, &b.term, out)?]));
            }
        }
        Some(any(parts))
    }

    fn compare(
        &self,
        relation: Relation,
        a: &Term,
        b: &Term,
        path: &Path<'_>,
        out: &mut Diagnostics,
    ) -> Option<Filter> {
        match (a, b) {
            (Term::Known(a), Term::Known(b)) => match relation.of_constants(a, b) {
                Some(verdict) => Some(constant(verdict)),
                None => {
                    let message = "implementations of JsonLogic disagree about comparing these constants";
                    out.push(Diagnostic::error(Code::TypeMismatch, path.pointer(), message));
                    None
                }
            },
            (Term::Var(var), Term::Known(value)) => self.beside_known(relation, var, value, path, out),
            (Term::Known(value), Term::Var(var)) => self.beside_known(relation.turned(), var, value, path, out),
            (Term::Var(a), Term::Var(b)) => self.beside_var(relation, a, b, path, out),
            (Term::Part { var, from_end, units }, Term::Known(Js::Str(text)))
            | (Term::Known(Js::Str(text)), Term::Part { var, from_end, units })
                if matches!(relation, Relation::Equal { .. }) && text.encode_utf16().count() == *units =>
            {
                // `substr` of null looks into the text `null`.
                let missing = match from_end {
                    false => "null".starts_with(text.as_str()),
                    true => "null".ends_with(text.as_str()),
                };
                let op = if *from_end { Operator::EndsWith } else { Operator::StartsWith };
                self.leaf(var, Asked::One(op, Literal::Str(text.clone())), missing, path, out)
            }
            (Term::Extreme { greatest, of }, known @ Term::Known(_)) => {
                self.extreme(relation, *greatest, of, known, path, out)
            }
            (known @ Term::Known(_), Term::Extreme { greatest, of }) => {
                self.extreme(relation.turned(), *greatest, of, known, path, out)
            }
            _ => {
                let message = "only fields and fixed values can be compared";
                out.push(Diagnostic::error(Code::NotSupported, path.pointer(), message));
                None
            }
        }
    }

    /// The least or greatest of numbers beside a constant: a comparison of any or all of them.
    fn extreme(
        &self,
        relation: Relation,
        greatest: bool,
        of: &[Term],
        known: &Term,
        path: &Path<'_>,
        out: &mut Diagnostics,
    ) -> Option<Filter> {
        if let Relation::Equal { .. } = relation {
            let least = self.extreme(Relation::AtLeast, greatest, of, known, path, out)?;
            return Some(all(vec![least, self.extreme(Relation::AtMost, greatest, of, known, path, out)?]));
        }
        let each: Option<Vec<Filter>> = of.iter().map(|term| self.compare(relation, term, known, path, out)).collect();
        let more = matches!(relation, Relation::More | Relation::AtLeast);
        Some(if more == greatest { any(each?) } else { all(each?) })
    }

    fn beside_known(
        &self,
        relation: Relation,
        var: &Var,
        value: &Js,
        path: &Path<'_>,
        out: &mut Diagnostics,
    ) -> Option<Filter> {
        let kind = var.kind.beside(value);
        if var.kind == Kind::Unknown
            && let Js::Str(text) = value
            && looks_like_date(text)
        {
            out.push(unsettled_date(text, path.pointer()));
            return None;
        }
        let Some(asked) = asked(relation, &kind, value) else {
            out.push(if kind == Kind::Unknown { self.unknown(var, path) } else { self.across(var, path) });
            return None;
        };
        let missing = self.when_missing(var, path, out, |missing| relation.of(missing, value))?;
        self.leaf(var, asked, missing, path, out)
    }

    /// Two fields of the customer.
    fn beside_var(
        &self,
        relation: Relation,
        a: &Var,
        b: &Var,
        path: &Path<'_>,
        out: &mut Diagnostics,
    ) -> Option<Filter> {
        let finding = match (&a.kind, &b.kind) {
            (Kind::Unknown, _) => Some(self.unknown(a, path)),
            (_, Kind::Unknown) => Some(self.unknown(b, path)),
            _ if a.name.is_empty() || b.name.is_empty() || a.default.is_some() || b.default.is_some() => {
                let message = "two variables can be compared when both are fields without a default";
                Some(Diagnostic::error(Code::NotSupported, path.pointer(), message))
            }
            (a_kind, b_kind) if a_kind != b_kind => Some(self.across(a, path)),
            (Kind::Number | Kind::Date, _) => None,
            (Kind::Text | Kind::Bool, _) if matches!(relation, Relation::Equal { .. }) => None,
            (Kind::Text, _) => {
                let message = "JavaScript orders texts by UTF-16, which no filter does for two fields";
                Some(Diagnostic::error(Code::NotSupported, path.pointer(), message))
            }
            _ => Some(self.across(a, path)),
        };
        if let Some(finding) = finding {
            out.push(finding);
            return None;
        }
        let none = |var: &Var, out: &mut Diagnostics| self.leaf(var, Asked::Always(false), true, path, out);
        let other = Operand::Field { field: b.name.clone() };
        let mut parts = vec![self.leaf(a, Asked::Is(relation.operator(), Some(other)), false, path, out)?];
        // Null beside a value.
        for (missing, there, relation) in [(a, b, relation), (b, a, relation.turned())] {
            let Some(asked) = asked(relation.turned(), &there.kind, &Js::Null) else {
                out.push(self.across(there, path));
                return None;
            };
            let there = self.leaf(there, asked, false, path, out)?;
            parts.push(all(vec![none(missing, out)?, there]));
        }
        if relation.of(&Js::Null, &Js::Null)? {
            parts.push(all(vec![none(a, out)?, none(b, out)?]));
        }
        Some(any(parts))
    }
}

/// What a comparison with something known asks of a value that is there; `None` where it can't be said.
fn asked(relation: Relation, kind: &Kind, value: &Js) -> Option<Asked> {
    let op = relation.operator();
    let strict = relation == (Relation::Equal { strict: true });
    let equal = matches!(relation, Relation::Equal { .. });
    if equal && *value == Js::Null {
        return Some(Asked::Always(false));
    }
    Some(match (kind, value) {
        (Kind::Number, Js::Num(x)) => Asked::One(op, crate::interop::number::from_f64(*x)),
        (Kind::Bool, Js::Bool(value)) if equal => Asked::One(op, Literal::Bool(*value)),
        (Kind::Text, Js::Str(text)) if equal || text.chars().all(|c| c <= '\u{d7ff}') => {
            Asked::One(op, Literal::Str(text.clone()))
        }
        (Kind::Date, Js::Str(text)) => {
            Date::parse(text).filter(|date| date.to_string() == *text)?;
            Asked::One(op, Literal::Str(text.clone()))
        }
        (Kind::Date, Js::Null) => Asked::Always(false),
        (Kind::Json, Js::Str(_) | Js::Num(_) | Js::Bool(_)) if strict => Asked::One(op, value.literal()?),
        (Kind::Number, Js::Str(_) | Js::Bool(_)) if strict => Asked::Always(false),
        (Kind::Text, Js::Num(_) | Js::Bool(_)) if strict => Asked::Always(false),
        (Kind::Bool, Js::Num(_) | Js::Str(_)) if strict => Asked::Always(false),
        (Kind::Number, Js::Str(_) | Js::Bool(_) | Js::Null) => {
            let number = value.number().filter(|number| !number.is_nan())?;
            Asked::One(op, crate::interop::number::from_f64(number))
        }
        (Kind::Bool, Js::Num(_) | Js::Str(_) | Js::Bool(_) | Js::Null) => {
            let number = value.number().filter(|number| !number.is_nan())?;
            match (relation.of_numbers(0.0, number), relation.of_numbers(1.0, number)) {
                (no, yes) if no == yes => Asked::Always(yes),
                (_, yes) => Asked::One(Operator::Eq, Literal::Bool(yes)),
            }
        }
        _ => return None,
    })
}
