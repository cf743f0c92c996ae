//! `missing` and `missing_some`: lists of the names that have no value. What counts is whether they are empty.

use super::js::Js;
use super::rule::{Arguments, Reader, Scope};
use super::term::{Kind, Term, Var};
use super::truth::Asked;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::{Filter, Literal, Operator};
use crate::interop::group::{all, any, constant, not};

impl Reader<'_> {
    /// For whom the list has something in it.
    pub(super) fn missing(
        &self,
        op: &str,
        arguments: &Arguments<'_, '_, '_>,
        scope: &Scope,
        out: &mut Diagnostics,
    ) -> Option<Filter> {
        let path = arguments.path();
        if !matches!(scope, Scope::Customer) {
            let message = format!("`{op}` can't be kept inside a list");
            out.push(Diagnostic::error(Code::NotSupported, path.pointer(), message));
            return None;
        }
        if op == "missing_some" {
            return self.missing_some(arguments, scope, out);
        }
        let values = arguments.map(0, |json, path| self.value(json, scope, path, out))?;
        if let [cases] = values.as_slice()
            && cases.iter().all(|case| matches!(case.term, Term::Known(_)))
        {
            let mut parts = Vec::new();
            for case in cases {
                let keys = match &case.term {
                    Term::Known(Js::List(keys)) => keys.clone(),
                    Term::Known(key) => vec![key.clone()],
                    _ => Vec::new(),
                };
                parts.push(all(vec![case.guard.clone(), any(self.absences(&keys, path, out)?)]));
            }
            return Some(any(parts));
        }
        let keys = arguments.map(0, |json, path| self.known(json, scope, path, out))?;
        match keys.first() {
            // The first list is all that is looked at.
            Some(Js::List(_)) => {
                self.exactly(1, op, arguments, out)?;
                None
            }
            _ => Some(any(self.absences(&keys, path, out)?)),
        }
    }

    fn missing_some(&self, arguments: &Arguments<'_, '_, '_>, scope: &Scope, out: &mut Diagnostics) -> Option<Filter> {
        self.exactly(2, "missing_some", arguments, out)?;
        let path = arguments.path();
        let known = arguments.map(0, |json, path| self.known(json, scope, path, out))?;
        let [Js::Num(needed), Js::List(keys)] = known.as_slice() else {
            let message = "`missing_some` takes a number and a list of names";
            out.push(Diagnostic::error(Code::WrongKind, path.pointer(), message));
            return None;
        };
        let absences = self.absences(keys, path, out)?;
        let size = u32::try_from(absences.len()).ok()?;
        Some(match needed.ceil() {
            n if n <= 0.0 => constant(false),
            n if n > f64::from(size) => any(absences),
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "from 1 to the number of names"
            )]
            n => not(Filter::AtLeast { n: n as u32, children: absences.into_iter().map(not).collect() }),
        })
    }

    /// For whom each name has no value: null, or the empty text.
    fn absences(&self, keys: &[Js], path: &Path<'_>, out: &mut Diagnostics) -> Option<Vec<Filter>> {
        let mut parts = Vec::with_capacity(keys.len());
        for key in keys {
            let name = match key {
                Js::Str(name) if !name.is_empty() => name.clone(),
                #[expect(clippy::cast_possible_truncation, reason = "whole and small")]
                Js::Num(n) if n.fract() == 0.0 && n.abs() < 1e9 => (*n as i64).to_string(),
                _ => {
                    out.push(Diagnostic::error(Code::WrongKind, path.pointer(), "a variable is named by a text"));
                    return None;
                }
            };
            let kind = Kind::of(self.fields.find(&name, path, out)?.ty.as_ref());
            let var = Var { name, kind, default: None };
            let asked = match &var.kind {
                Kind::Unknown => {
                    out.push(self.unknown(&var, path));
                    return None;
                }
                Kind::Text | Kind::Json => Asked::One(Operator::Eq, Literal::Str(String::new())),
                _ => Asked::Always(false),
            };
            parts.push(self.leaf(&var, asked, true, path, out)?);
        }
        Some(parts)
    }
}
