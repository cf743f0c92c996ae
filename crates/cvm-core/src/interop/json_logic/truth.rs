//! Truthiness, and the conditions that come of a variable and something known.

use super::js::Js;
use super::rule::Reader;
use super::term::{Case, Kind, Term, Var};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::{Filter, Literal, Operand, Operator, SizeTest};
use crate::interop::fields::condition;
use crate::interop::group::{all, any, constant, not};

/// What is asked of a value that is there.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Asked {
    /// The same of every value.
    Always(bool),
    /// An operator and what it takes.
    Is(Operator, Option<Operand>),
    /// An operator and one value.
    One(Operator, Literal),
}

impl Reader<'_> {
    /// For whom the case that holds is true.
    pub(super) fn truth_of_cases(&self, cases: Vec<Case>, path: &Path<'_>, out: &mut Diagnostics) -> Option<Filter> {
        let parts: Option<Vec<Filter>> = (cases.into_iter())
            .map(|case| Some(all(vec![case.guard, self.truth_of(&case.term, path, out)?])))
            .collect();
        let filter = any(parts?);
        self.spend(filter.node_count(), path, out)?;
        Some(filter)
    }

    fn truth_of(&self, term: &Term, path: &Path<'_>, out: &mut Diagnostics) -> Option<Filter> {
        let var = match term {
            Term::Known(known) => return Some(constant(known.truthy())),
            Term::List(filter) => return Some(filter.clone()),
            Term::Var(var) => var,
            Term::Part { .. } | Term::Extreme { .. } => {
                let message = "whether this is true depends on values that no condition compares";
                out.push(Diagnostic::error(Code::NotSupported, path.pointer(), message));
                return None;
            }
        };
        let missing = self.when_missing(var, path, out, |value| Some(value.truthy()))?;
        if var.kind == Kind::Json {
            // Neither false, 0, a text nor a list without anything in it.
            let values = vec![Literal::Bool(false), Literal::Int(0), Literal::Str(String::new())];
            let other = self.leaf(var, Asked::Is(Operator::NotIn, Some(Operand::Many(values))), missing, path, out)?;
            let empty = self.leaf(var, Asked::Is(Operator::IsEmpty, None), false, path, out)?;
            return Some(all(vec![other, not(empty)]));
        }
        let asked = match &var.kind {
            Kind::Unknown => {
                out.push(self.unknown(var, path));
                return None;
            }
            Kind::Bool => Asked::One(Operator::Eq, Literal::Bool(true)),
            Kind::Number | Kind::LongDecimal => Asked::One(Operator::Ne, Literal::Int(0)),
            Kind::Text => Asked::One(Operator::Ne, Literal::Str(String::new())),
            Kind::List(_) => Asked::Is(Operator::Size, Some(Operand::Size(SizeTest::Gt(0)))),
            Kind::Date | Kind::Instant | Kind::Json => Asked::Always(true),
        };
        self.leaf(var, asked, missing, path, out)
    }

    /// The verdict where the variable has no value: there may be null, or nothing and so the default.
    pub(super) fn when_missing(
        &self,
        var: &Var,
        path: &Path<'_>,
        out: &mut Diagnostics,
        verdict: impl Fn(&Js) -> Option<bool>,
    ) -> Option<bool> {
        let null = verdict(&Js::Null);
        let absent = var.default.as_ref().map_or(null, &verdict);
        if null.is_some() && null == absent {
            return null;
        }
        let finding = match (null, absent) {
            (Some(_), Some(_)) => Diagnostic::error(
                Code::NotSupported,
                path.pointer(),
                format!("`{}` may be null or absent, and its default stands in for the latter only", var.name),
            )
            .help("say what null means, with `==` or `!=`, instead of the default"),
            _ => Diagnostic::error(
                Code::NotSupported,
                path.pointer(),
                format!("what comes of `{}` without a value is not certain", var.name),
            ),
        };
        out.push(finding);
        None
    }

    /// The condition: `asked` of values that are there, `missing` where there is none.
    pub(super) fn leaf(
        &self,
        var: &Var,
        asked: Asked,
        missing: bool,
        path: &Path<'_>,
        out: &mut Diagnostics,
    ) -> Option<Filter> {
        let (op, value) = match asked {
            Asked::Always(present) if present == missing => return Some(constant(present)),
            Asked::Always(true) => (Operator::IsSet, None),
            Asked::Always(false) => (Operator::IsNotSet, None),
            Asked::Is(op, value) => (op, value),
            Asked::One(op, value) => (op, Some(Operand::One(value))),
        };
        let condition = condition(&var.name, op, value, missing);
        // An item of a list is no field: it is looked at, and its conditions become one of the list.
        if var.name.is_empty() {
            return Some(Filter::Condition(condition));
        }
        self.fields.condition(condition, |_| path.pointer(), out)
    }

    pub(super) fn unknown(&self, var: &Var, path: &Path<'_>) -> Diagnostic {
        let message = format!("what this means depends on the type of `{}`", var.name);
        Diagnostic::error(Code::NotSupported, path.pointer(), message)
            .help("give the catalog, which knows the types of fields")
    }

    /// The finding for a comparison across kinds.
    pub(super) fn across(&self, var: &Var, path: &Path<'_>) -> Diagnostic {
        let message =
            format!("`{}` is {}, and JavaScript would turn one side into the other", var.name, var.kind.noun());
        Diagnostic::error(Code::TypeMismatch, path.pointer(), message)
    }
}
