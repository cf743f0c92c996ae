//! The walk over a rule: what a part of it comes to, and for whom it is true.

use std::cell::Cell;

use super::js::{Js, Relation};
use super::term::{Case, Kind, Term, Var};
use crate::catalog::FieldType;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::Filter;
use crate::interop::fields::{Fields, too_large};
use crate::interop::group::{all, any, not};
use crate::json::Json;

/// What `var` looks into.
pub(super) enum Scope {
    Customer,
    /// An item of a list.
    Item(Kind),
    /// An item that is known.
    Known(Js),
}

/// Reads one rule.
pub(super) struct Reader<'c> {
    pub(super) fields: Fields<'c>,
    /// Parts of the rule that may still be looked at, and nodes that may still be made; none once that was said.
    budget: Cell<Option<usize>>,
}

/// Names that every JavaScript object answers to.
const INHERITED: &[&str] = &[
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "length",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
];

/// The arguments of an operator, each with its place.
pub(super) struct Arguments<'a, 'j, 'p> {
    values: &'a [Json<'j>],
    path: &'p Path<'p>,
    listed: bool,
}

impl<'a, 'j, 'p> Arguments<'a, 'j, 'p> {
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    pub(super) fn path(&self) -> &'p Path<'p> {
        self.path
    }

    /// Calls `f` with the first argument and its place.
    pub(super) fn first<T>(&self, f: impl FnOnce(&'a Json<'j>, &Path<'_>) -> Option<T>) -> Option<T> {
        f(self.values.first()?, &self.path.index(0))
    }

    /// Calls `f` with each argument from `from` on and its place, until it gives nothing.
    pub(super) fn map<T>(
        &self,
        from: usize,
        mut f: impl FnMut(&'a Json<'j>, &Path<'_>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let place = |i| if self.listed { self.path.index(i) } else { *self.path };
        (self.values.iter().enumerate().skip(from)).map(|(i, json)| f(json, &place(i))).collect()
    }
}

impl<'c> Reader<'c> {
    pub(super) fn new(fields: Fields<'c>) -> Self {
        Self { fields, budget: Cell::new(Some(200_000)) }
    }

    /// Counts work; `None` when there was too much, which is a finding once.
    pub(super) fn spend(&self, work: usize, path: &Path<'_>, out: &mut Diagnostics) -> Option<()> {
        let left = self.budget.get()?;
        self.budget.set(left.checked_sub(work));
        if self.budget.get().is_none() {
            out.push(too_large(path.pointer()));
            return None;
        }
        Some(())
    }

    /// For whom the rule is true.
    pub(super) fn truth(
        &self,
        json: &Json<'_>,
        scope: &Scope,
        path: &Path<'_>,
        out: &mut Diagnostics,
    ) -> Option<Filter> {
        self.spend(1, path, out)?;
        let Some((op, value)) = self.operator(json, path, out)? else {
            return self.truth_of_cases(self.value(json, scope, path, out)?, path, out);
        };
        let path = &path.key(op);
        let arguments = arguments(value, path);
        let filter = match op {
            "and" | "or" => {
                self.some(op, &arguments, out)?;
                let parts = arguments.map(0, |json, path| self.truth(json, scope, path, out))?;
                if op == "and" { all(parts) } else { any(parts) }
            }
            "!" if arguments.len() == 1 => {
                not(arguments.map(0, |json, path| self.truth(json, scope, path, out))?.pop()?)
            }
            "!!" if arguments.len() == 1 => arguments.map(0, |json, path| self.truth(json, scope, path, out))?.pop()?,
            "if" | "?:" => {
                self.some(op, &arguments, out)?;
                let mut parts = arguments.map(0, |json, path| self.truth(json, scope, path, out))?;
                // From the end: an odd part is the last `else`, which else is null.
                let mut filter = if parts.len() % 2 == 1 { parts.pop()? } else { Filter::Nobody };
                while let (Some(then), Some(condition)) = (parts.pop(), parts.pop()) {
                    filter = match (&then, &filter) {
                        (Filter::Everyone, _) => any(vec![condition, filter]),
                        (_, Filter::Nobody) => all(vec![condition, then]),
                        _ => {
                            self.spend(condition.node_count(), path, out)?;
                            any(vec![all(vec![condition.clone(), then]), all(vec![not(condition), filter])])
                        }
                    };
                }
                filter
            }
            "==" | "===" | "!=" | "!==" | "<" | "<=" | ">" | ">=" => self.relation(op, &arguments, scope, out)?,
            "in" => self.contains(&arguments, scope, out)?,
            "some" | "all" | "none" => self.items(op, &arguments, scope, out)?,
            _ => self.truth_of_cases(self.computed(op, &arguments, scope, out)?, path, out)?,
        };
        self.spend(filter.node_count(), path, out)?;
        Some(filter)
    }

    /// What the rule comes to.
    pub(super) fn value(
        &self,
        json: &Json<'_>,
        scope: &Scope,
        path: &Path<'_>,
        out: &mut Diagnostics,
    ) -> Option<Vec<Case>> {
        self.spend(1, path, out)?;
        if let Json::Array(items) = json {
            let arguments = Arguments { values: items, path, listed: true };
            let items = arguments.map(0, |json, path| self.known(json, scope, path, out))?;
            return Some(Case::only(Term::Known(Js::List(items))));
        }
        let Some((op, value)) = self.operator(json, path, out)? else {
            let known = match json {
                Json::Object(_) => Js::Object(Vec::new()),
                json => Js::scalar(json, path, out)?,
            };
            return Some(Case::only(Term::Known(known)));
        };
        let path = &path.key(op);
        let arguments = arguments(value, path);
        match op {
            "and" | "or" | "if" | "?:" => {
                self.some(op, &arguments, out)?;
                match op {
                    "if" | "?:" => self.choice(&arguments, scope, out),
                    _ => self.first(op == "or", &arguments, scope, out),
                }
            }
            _ => self.computed(op, &arguments, scope, out),
        }
    }

    /// The value of a rule that is the same for everybody.
    pub(super) fn known(&self, json: &Json<'_>, scope: &Scope, path: &Path<'_>, out: &mut Diagnostics) -> Option<Js> {
        match self.value(json, scope, path, out)?.as_slice() {
            [Case { term: Term::Known(known), .. }] => Some(known.clone()),
            _ => {
                let message = "this depends on the customer, and only a fixed value can be kept here";
                out.push(Diagnostic::error(Code::NotSupported, path.pointer(), message));
                None
            }
        }
    }

    /// The one operator of a rule, and its arguments; the inner `None` is a plain value.
    fn operator<'a, 'j>(
        &self,
        json: &'a Json<'j>,
        path: &Path<'_>,
        out: &mut Diagnostics,
    ) -> Option<Option<(&'a str, &'a Json<'j>)>> {
        let Json::Object(entries) = json else { return Some(None) };
        match entries.as_slice() {
            [] => Some(None),
            [(op, value)] => Some(Some((op, value))),
            [_, (second, _), ..] => {
                let message = format!("a rule has one operator, and `{second}` is a second one");
                out.push(
                    Diagnostic::error(Code::UnknownKey, path.key(second).pointer(), message)
                        .help("put several rules into `and` or `or`"),
                );
                None
            }
        }
    }

    /// Operators whose value is computed from the values of their arguments.
    fn computed(
        &self,
        op: &str,
        arguments: &Arguments<'_, '_, '_>,
        scope: &Scope,
        out: &mut Diagnostics,
    ) -> Option<Vec<Case>> {
        match op {
            "var" => self.var(arguments, scope, out).map(Case::only),
            "missing" | "missing_some" => self.missing(op, arguments, scope, out).map(|f| Case::only(Term::List(f))),
            "!" | "!!" | "==" | "===" | "!=" | "!==" | "<" | "<=" | ">" | ">=" | "in" | "some" | "all" | "none" => {
                let filter = match op {
                    "!" | "!!" if arguments.len() == 0 => crate::interop::group::constant(op == "!"),
                    "!" | "!!" => {
                        self.exactly(1, op, arguments, out)?;
                        let truth = arguments.map(0, |json, path| self.truth(json, scope, path, out))?.pop()?;
                        if op == "!" { not(truth) } else { truth }
                    }
                    "in" => self.contains(arguments, scope, out)?,
                    "some" | "all" | "none" => self.items(op, arguments, scope, out)?,
                    _ => self.relation(op, arguments, scope, out)?,
                };
                self.spend(2 * filter.node_count(), arguments.path(), out)?;
                let known = |value: bool| Term::Known(Js::Bool(value));
                Some(match filter {
                    Filter::Everyone | Filter::Nobody => Case::only(known(filter == Filter::Everyone)),
                    filter => vec![
                        Case { guard: filter.clone(), term: known(true) },
                        Case { guard: not(filter), term: known(false) },
                    ],
                })
            }
            _ => self.folded(op, arguments, scope, out).map(Case::only),
        }
    }

    /// A finding unless there is a list with arguments in it.
    fn some(&self, op: &str, arguments: &Arguments<'_, '_, '_>, out: &mut Diagnostics) -> Option<()> {
        if arguments.listed && arguments.len() > 0 {
            return Some(());
        }
        let message = format!("`{op}` takes a list with rules in it");
        out.push(Diagnostic::error(Code::ValueCount, arguments.path().pointer(), message));
        None
    }

    /// A finding unless there are so many arguments.
    pub(super) fn exactly(
        &self,
        number: usize,
        op: &str,
        arguments: &Arguments<'_, '_, '_>,
        out: &mut Diagnostics,
    ) -> Option<()> {
        if arguments.len() == number {
            return Some(());
        }
        let message = format!("`{op}` with {} arguments has no meaning that is agreed on", arguments.len());
        out.push(Diagnostic::error(Code::ValueCount, arguments.path().pointer(), message));
        None
    }

    fn var(&self, arguments: &Arguments<'_, '_, '_>, scope: &Scope, out: &mut Diagnostics) -> Option<Term> {
        let path = arguments.path();
        let mut known = arguments.map(0, |json, path| self.known(json, scope, path, out))?.into_iter();
        let name = match known.next() {
            None | Some(Js::Null) => String::new(),
            Some(Js::Str(name)) => name,
            #[expect(clippy::cast_possible_truncation, reason = "whole and small")]
            Some(Js::Num(n)) if n.fract() == 0.0 && n.abs() < 1e9 => (n as i64).to_string(),
            Some(_) => {
                out.push(Diagnostic::error(Code::WrongKind, path.pointer(), "a variable is named by a text"));
                return None;
            }
        };
        let default = known.next().filter(|default| *default != Js::Null);
        let finding = |message: String| Diagnostic::error(Code::NotSupported, path.pointer(), message);
        if known.next().is_some() {
            out.push(finding("a variable has a name and a default".to_owned()));
            return None;
        }
        match scope {
            Scope::Known(value) => return known_part(value, &name, default).map(Term::Known),
            Scope::Item(kind) if name.is_empty() => {
                return Some(Term::Var(Var { name, kind: kind.clone(), default: None }));
            }
            Scope::Item(_) => {
                out.push(finding(format!("inside a list only the item itself, `\"\"`, is known, not `{name}`")));
                return None;
            }
            Scope::Customer => {}
        }
        if name.is_empty() {
            out.push(finding("the whole of the data can't be kept, only its fields".to_owned()));
            return None;
        }
        if name.split('.').any(|part| INHERITED.contains(&part) || part.starts_with("__")) {
            out.push(finding(format!("`{name}` is a name that every JavaScript object answers to")));
            return None;
        }
        let ty: Option<FieldType> = self.fields.find(&name, path, out)?.ty;
        Some(Term::Var(Var { name, kind: Kind::of(ty.as_ref()), default }))
    }
}

/// The part of a known value that a name leads to.
fn known_part(value: &Js, name: &str, default: Option<Js>) -> Option<Js> {
    if name.is_empty() {
        return Some(value.clone());
    }
    let mut at = Some(value);
    for key in name.split('.') {
        at = match at {
            Some(Js::Object(entries)) => entries.iter().find(|(known, _)| known == key).map(|(_, value)| value),
            Some(Js::List(items)) => key.parse::<usize>().ok().and_then(|i| items.get(i)),
            _ => None,
        };
    }
    Some(at.cloned().or(default).unwrap_or(Js::Null))
}

/// The arguments of an operator; a single one may stand without a list.
fn arguments<'a, 'j, 'p>(json: &'a Json<'j>, path: &'p Path<'p>) -> Arguments<'a, 'j, 'p> {
    match json {
        Json::Array(values) => Arguments { values, path, listed: true },
        single => Arguments { values: std::slice::from_ref(single), path, listed: false },
    }
}

impl Relation {
    /// The relation of an operator, and whether it is turned round.
    pub(super) fn named(op: &str) -> (Self, bool) {
        match op {
            "===" => (Self::Equal { strict: true }, false),
            "!==" => (Self::Equal { strict: true }, true),
            "!=" => (Self::Equal { strict: false }, true),
            "<" => (Self::Less, false),
            "<=" => (Self::AtMost, false),
            ">" => (Self::More, false),
            ">=" => (Self::AtLeast, false),
            _ => (Self::Equal { strict: false }, false),
        }
    }
}
