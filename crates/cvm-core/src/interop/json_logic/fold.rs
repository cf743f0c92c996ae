//! Operators on values that are the same for everybody, and the few that are kept with variables in them.

use super::js::Js;
use super::rule::{Arguments, Reader, Scope};
use super::term::{Kind, Term};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

const FOLDED: &[&str] = &["+", "-", "*", "/", "%", "min", "max", "cat", "substr", "merge"];
const KNOWN: &[&str] = &[
    "==",
    "===",
    "!=",
    "!==",
    "<",
    "<=",
    ">",
    ">=",
    "!",
    "!!",
    "and",
    "or",
    "if",
    "?:",
    "in",
    "some",
    "all",
    "none",
    "var",
    "missing",
    "missing_some",
    "+",
    "-",
    "*",
    "/",
    "%",
    "min",
    "max",
    "cat",
    "substr",
    "merge",
];

impl Reader<'_> {
    pub(super) fn folded(
        &self,
        op: &str,
        arguments: &Arguments<'_, '_, '_>,
        scope: &Scope,
        out: &mut Diagnostics,
    ) -> Option<Term> {
        let path = arguments.path();
        if !FOLDED.contains(&op) {
            let finding = match op {
                "map" | "filter" | "reduce" | "log" | "method" | "and" | "or" | "!" | "!!" => {
                    Diagnostic::error(Code::NotSupported, path.pointer(), format!("`{op}` can't be kept here"))
                }
                _ => Diagnostic::error(Code::UnknownOperator, path.pointer(), format!("no operator `{op}`"))
                    .suggest_from(op, KNOWN.iter().copied()),
            };
            out.push(finding);
            return None;
        }
        if let "substr" | "min" | "max" = op
            && let Some(term) = self.with_variables(op, arguments, scope)
        {
            return Some(term);
        }
        let values = arguments.map(0, |json, path| self.known(json, scope, path, out))?;
        let found = match op {
            "merge" => Some(merged(values)),
            "cat" => cat(&values).map(Js::Str),
            "substr" => substr(&values).map(Js::Str),
            _ => numbers(op, &values).filter(|x| x.is_finite()).map(Js::Num),
        };
        if found.is_none() {
            let message = format!("what `{op}` makes of these values is not certain");
            out.push(Diagnostic::error(Code::InvalidValue, path.pointer(), message));
        }
        found.map(Term::Known)
    }

    /// The beginning or end of a text field; the least or greatest of number fields.
    fn with_variables(&self, op: &str, arguments: &Arguments<'_, '_, '_>, scope: &Scope) -> Option<Term> {
        // What is wrong here is said by the reading that follows when there is no term.
        let mut quiet = Diagnostics::default();
        let mut terms = Vec::new();
        for mut cases in arguments.map(0, |json, path| self.value(json, scope, path, &mut quiet))? {
            match (cases.pop(), cases.is_empty()) {
                (Some(case), true) => terms.push(case.term),
                _ => return None,
            }
        }
        if !terms.iter().any(|term| matches!(term, Term::Var(_))) {
            return None;
        }
        if op != "substr" {
            let number = |term: &Term| match term {
                Term::Known(known) => matches!(known, Js::Num(_)),
                Term::Var(var) => matches!(var.kind, Kind::Number | Kind::Bool),
                _ => false,
            };
            return terms.iter().all(number).then_some(Term::Extreme { greatest: op == "max", of: terms });
        }
        match terms.as_slice() {
            [Term::Var(var), rest @ ..]
                if matches!(var.kind, Kind::Text | Kind::Unknown) && var.default.is_none() && !var.name.is_empty() =>
            {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and small")]
                let whole = |x: f64| (x.fract() == 0.0 && (1.0..1e6).contains(&x)).then_some(x as usize);
                let (from_end, units) = match rest {
                    [Term::Known(Js::Num(from)), Term::Known(Js::Num(length))] if *from == 0.0 => {
                        (false, whole(*length)?)
                    }
                    [Term::Known(Js::Num(from))] => (true, whole(-from)?),
                    _ => return None,
                };
                Some(Term::Part { var: var.clone(), from_end, units })
            }
            _ => None,
        }
    }
}

fn merged(values: Vec<Js>) -> Js {
    let lists = values.into_iter().map(|value| match value {
        Js::List(items) => items,
        single => vec![single],
    });
    Js::List(lists.flatten().collect())
}

fn cat(values: &[Js]) -> Option<String> {
    let texts: Option<Vec<String>> = values.iter().map(text).collect();
    Some(texts?.concat())
}

/// The text of a text or a whole number.
fn text(value: &Js) -> Option<String> {
    match value {
        Js::Str(text) => Some(text.clone()),
        #[expect(clippy::cast_possible_truncation, reason = "whole and within 2⁵³")]
        Js::Num(x) if x.fract() == 0.0 && x.abs() < 9e15 => Some((*x as i64).to_string()),
        _ => None,
    }
}

fn substr(values: &[Js]) -> Option<String> {
    let [source, rest @ ..] = values else { return None };
    let units: Vec<u16> = text(source)?.encode_utf16().collect();
    #[expect(clippy::cast_possible_truncation, reason = "whole and small")]
    let whole = |value: &Js| match value {
        Js::Num(x) if x.fract() == 0.0 && x.abs() < 1e9 => Some(*x as i64),
        _ => None,
    };
    let size = i64::try_from(units.len()).ok()?;
    let from = rest.first().map_or(Some(0), whole)?;
    let start = if from < 0 { (size + from).max(0) } else { from.min(size) };
    let end = match rest.get(1).map(whole) {
        None => size,
        Some(length) => match length? {
            length if length < 0 => (size + length).max(start),
            length => (start + length).min(size),
        },
    };
    let part = units.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)?;
    if rest.len() > 2 {
        return None;
    }
    String::from_utf16(part).ok()
}

fn numbers(op: &str, values: &[Js]) -> Option<f64> {
    let mut all = Vec::with_capacity(values.len());
    for value in values {
        match value {
            Js::Num(x) => all.push(*x),
            Js::Str(_) => all.push(value.number().filter(|x| !x.is_nan() && *value != Js::Str(String::new()))?),
            _ => return None,
        }
    }
    match (op, all.as_slice()) {
        ("+", _) => Some(all.iter().sum()),
        ("*", [_, ..]) => Some(all.iter().product()),
        ("-", [a]) => Some(-a),
        ("-", [a, b]) => Some(a - b),
        ("/", [a, b]) => Some(a / b),
        ("%", [a, b]) => Some(a % b),
        ("min", [_, ..]) => all.into_iter().reduce(f64::min),
        ("max", [_, ..]) => all.into_iter().reduce(f64::max),
        _ => None,
    }
}
