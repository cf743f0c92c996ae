//! `some`, `all` and `none`: what is asked of the items becomes a set of values, and that a condition on the list.

use super::js::Js;
use super::rule::{Arguments, Reader, Scope};
use super::term::{Kind, Term, Var};
use super::truth::Asked;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::{Filter, Literal, Operand, Operator, SizeTest};
use crate::interop::group::{all, any, constant};

/// The items for which a rule is true.
#[derive(Debug, Clone, PartialEq)]
struct Set {
    /// All but the values; else the values.
    except: bool,
    values: Vec<Literal>,
    /// Whether it is true of an item that is null.
    null: bool,
}

impl Reader<'_> {
    pub(super) fn items(
        &self,
        op: &str,
        arguments: &Arguments<'_, '_, '_>,
        scope: &Scope,
        out: &mut Diagnostics,
    ) -> Option<Filter> {
        self.exactly(2, op, arguments, out)?;
        let path = arguments.path();
        let rule = arguments.map(1, |json, _| Some(json))?.pop()?;
        let list = arguments.first(|json, path| self.value(json, scope, path, out))?;
        let rule_path = path.index(1);
        let mut parts = Vec::new();
        for case in list {
            let verdict = match &case.term {
                Term::Known(Js::List(items)) => {
                    let mut each = Vec::new();
                    for item in items {
                        each.push(self.truth(rule, &Scope::Known(item.clone()), &rule_path, out)?);
                    }
                    let empty = each.is_empty();
                    match op {
                        "some" => any(each),
                        "all" if empty => constant(false),
                        "all" => all(each),
                        _ => crate::interop::group::not(any(each)),
                    }
                }
                Term::Var(var) => self.items_of(op, var, rule, path, out)?,
                _ => {
                    out.push(not_kept(path));
                    return None;
                }
            };
            parts.push(all(vec![case.guard, verdict]));
        }
        Some(any(parts))
    }

    fn items_of(
        &self,
        op: &str,
        var: &Var,
        rule: &crate::json::Json<'_>,
        path: &Path<'_>,
        out: &mut Diagnostics,
    ) -> Option<Filter> {
        let none = op == "none";
        if var.default.is_some() || var.name.is_empty() {
            out.push(not_kept(path));
            return None;
        }
        let item = match &var.kind {
            Kind::Unknown => Kind::Unknown,
            Kind::List(item) => (**item).clone(),
            Kind::Json => Kind::Json,
            _ => return Some(constant(none)),
        };
        let rule_path = path.index(1);
        let filter = self.truth(rule, &Scope::Item(item), &rule_path, out)?;
        let Some(set) = set(&filter) else {
            out.push(not_kept(&rule_path));
            return None;
        };
        // Items that are null are not seen by conditions: they must not matter.
        let filled = Asked::Is(Operator::Size, Some(Operand::Size(SizeTest::Gt(0))));
        let has = |op: Operator, values: Vec<Literal>| match values.is_empty() {
            true => Asked::Always(op == Operator::HasNone),
            false => Asked::Is(op, Some(Operand::Many(values))),
        };
        match (op, set) {
            ("some", Set { except: false, values, null: false }) => {
                self.leaf(var, has(Operator::HasAny, values), false, path, out)
            }
            ("none", Set { except: false, values, null: false }) => {
                self.leaf(var, has(Operator::HasNone, values), true, path, out)
            }
            ("all", Set { except: true, values, null: true }) => {
                let filled = self.leaf(var, filled, false, path, out)?;
                Some(all(vec![filled, self.leaf(var, has(Operator::HasNone, values), true, path, out)?]))
            }
            ("some", Set { except: true, values, null: true }) if values.is_empty() => {
                self.leaf(var, filled, false, path, out)
            }
            _ => {
                out.push(not_kept(&rule_path));
                None
            }
        }
    }
}

fn not_kept(path: &Path<'_>) -> Diagnostic {
    Diagnostic::error(Code::NotSupported, path.pointer(), "what is asked of the items of the list can't be kept")
        .help("compare items with fixed values: some or none of them equal, or all of them not")
}

/// The set of items that a filter about one item selects.
fn set(filter: &Filter) -> Option<Set> {
    Some(match filter {
        Filter::Everyone => Set { except: true, values: Vec::new(), null: true },
        Filter::Nobody => Set { except: false, values: Vec::new(), null: false },
        Filter::Not { child } => opposite(set(child)?),
        Filter::Or { children } => {
            let mut joined = Set { except: false, values: Vec::new(), null: false };
            for child in children {
                joined = union(joined, set(child)?);
            }
            joined
        }
        Filter::And { children } => {
            let mut joined = Set { except: false, values: Vec::new(), null: false };
            for child in children {
                joined = union(joined, opposite(set(child)?));
            }
            opposite(joined)
        }
        Filter::Condition(condition) => {
            let null = match condition.missing {
                None => condition.op.on_missing(),
                Some(missing) => missing == crate::filter::Missing::Include,
            };
            let values = match &condition.value {
                None => Vec::new(),
                Some(Operand::One(value)) => vec![value.clone()],
                Some(Operand::Many(values)) => values.clone(),
                Some(_) => return None,
            };
            let except = match condition.op {
                Operator::Eq | Operator::In | Operator::IsNotSet => false,
                Operator::Ne | Operator::NotIn | Operator::IsSet => true,
                _ => return None,
            };
            Set { except, values, null }
        }
        _ => return None,
    })
}

fn opposite(set: Set) -> Set {
    Set { except: !set.except, null: !set.null, ..set }
}

fn union(a: Set, b: Set) -> Set {
    let null = a.null || b.null;
    let (except, values) = match (a.except, b.except) {
        (false, false) => {
            let mut values = a.values;
            values.extend(b.values);
            (false, values)
        }
        (true, true) => (true, a.values.into_iter().filter(|value| b.values.contains(value)).collect()),
        (true, false) => (true, a.values.into_iter().filter(|value| !b.values.contains(value)).collect()),
        (false, true) => (true, b.values.into_iter().filter(|value| !a.values.contains(value)).collect()),
    };
    Set { except, values, null }
}
