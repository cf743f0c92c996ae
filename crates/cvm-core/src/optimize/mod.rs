//! Makes filters smaller without changing their members, and says what it did.
//!
//! The rules are plain set algebra: they hold because every leaf is two-valued and `not` is the complement. The result
//! is never larger than the input, and optimising it again changes nothing.

mod group;

use serde::Serialize;

use crate::filter::{Case, Condition, Filter, Operand, Operator};

/// A filter and how it came about.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Optimized {
    /// The smaller filter: the same members.
    pub filter: Filter,
    /// What was done, in order, for people.
    pub trace: Vec<Rewrite>,
}

/// One rewrite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rewrite {
    /// The rule's name.
    pub rule: &'static str,
    /// What it did, in a sentence.
    pub message: String,
}

/// Optimises a filter.
///
/// ```
/// use cvm_core::optimize;
/// let result = optimize(&"not not (age > 30 and (age > 30 and everyone))".parse()?);
/// assert_eq!(result.filter.to_string(), "age > 30");
/// assert_eq!(result.trace.len(), 3);
/// # Ok::<(), cvm_core::Diagnostics>(())
/// ```
#[must_use]
pub fn optimize(filter: &Filter) -> Optimized {
    let mut trace = Vec::new();
    let filter = rewrite(filter.clone(), &mut trace);
    Optimized { filter, trace }
}

fn note(trace: &mut Vec<Rewrite>, rule: &'static str, message: String) {
    trace.push(Rewrite { rule, message });
}

/// Children first, so that each node sees optimised ones and one pass is enough.
fn rewrite(filter: Filter, trace: &mut Vec<Rewrite>) -> Filter {
    match filter {
        Filter::And { children } => group::rewrite(children, true, trace),
        Filter::Or { children } => group::rewrite(children, false, trace),
        Filter::Not { child } => negate(rewrite(*child, trace), trace),
        Filter::AtLeast { n, children } => at_least(n, children, trace),
        Filter::Condition(mut condition) => {
            simpler_list(&mut condition, trace);
            Filter::Condition(condition)
        }
        leaf => leaf,
    }
}

/// The complement of an optimised filter.
fn negate(child: Filter, trace: &mut Vec<Rewrite>) -> Filter {
    match child {
        Filter::Not { child } => {
            note(trace, "double negation", format!("dropped a double `not` around {child}"));
            *child
        }
        Filter::Everyone => {
            note(trace, "constant", "`not everyone` is nobody".to_owned());
            Filter::Nobody
        }
        Filter::Nobody => {
            note(trace, "constant", "`not nobody` is everyone".to_owned());
            Filter::Everyone
        }
        Filter::Condition(condition) => match opposite(&condition) {
            Some(op) => {
                let before = Filter::Condition(condition.clone()).to_string();
                let after = Filter::Condition(Condition { op, ..condition });
                note(trace, "negation", format!("`not {before}` is `{after}`"));
                after
            }
            None => Filter::Not { child: Box::new(Filter::Condition(condition)) },
        },
        other => Filter::Not { child: Box::new(other) },
    }
}

/// The operator that says exactly the opposite, on missing values too: only the pairs whose rules for missing values
/// differ, and only where the condition does not set a rule of its own.
fn opposite(condition: &Condition) -> Option<Operator> {
    use Operator as O;
    if condition.missing.is_some() {
        return None;
    }
    Some(match condition.op {
        O::Eq => O::Ne,
        O::Ne => O::Eq,
        O::In => O::NotIn,
        O::NotIn => O::In,
        O::Between => O::NotBetween,
        O::NotBetween => O::Between,
        O::Contains => O::NotContains,
        O::NotContains => O::Contains,
        O::StartsWith => O::NotStartsWith,
        O::NotStartsWith => O::StartsWith,
        O::EndsWith => O::NotEndsWith,
        O::NotEndsWith => O::EndsWith,
        O::Matches => O::NotMatches,
        O::NotMatches => O::Matches,
        O::IsSet => O::IsNotSet,
        O::IsNotSet => O::IsSet,
        O::HasAny => O::HasNone,
        O::HasNone => O::HasAny,
        _ => return None,
    })
}

fn at_least(n: u32, children: Vec<Filter>, trace: &mut Vec<Rewrite>) -> Filter {
    let mut n = n as usize;
    let mut kept = Vec::with_capacity(children.len());
    for child in children {
        match rewrite(child, trace) {
            Filter::Everyone => {
                note(trace, "constant", "one of the filters always holds: asked for one less of the others".to_owned());
                n = n.saturating_sub(1);
            }
            Filter::Nobody => note(trace, "constant", "dropped a filter that never holds".to_owned()),
            other => kept.push(other),
        }
    }
    if n == 0 {
        return Filter::Everyone;
    }
    if n > kept.len() {
        note(trace, "constant", format!("at least {n} of {} filters never hold together: nobody", kept.len()));
        return Filter::Nobody;
    }
    if n == 1 || n == kept.len() {
        note(trace, "at least", if n == 1 { "at least 1 is `or`" } else { "at least all is `and`" }.to_owned());
        return group::rewrite(kept, n != 1, trace);
    }
    match u32::try_from(n) {
        Ok(n) => Filter::AtLeast { n, children: kept },
        Err(_) => Filter::Nobody,
    }
}

/// `x in ('a', 'a')` is `x in ('a')`, and that is `x = 'a'`.
fn simpler_list(condition: &mut Condition, trace: &mut Vec<Rewrite>) {
    let Some(Operand::Many(values)) = &mut condition.value else { return };
    if !matches!(condition.op, Operator::In | Operator::NotIn | Operator::HasAny | Operator::HasAll | Operator::HasNone)
    {
        return;
    }
    let before = values.len();
    let mut kept: Vec<crate::filter::Literal> = Vec::with_capacity(before);
    for value in values.drain(..) {
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    if kept.len() < before {
        note(trace, "duplicate", format!("dropped {} repeated values of `{}`", before - kept.len(), condition.field));
    }
    match (condition.op, kept.len()) {
        (Operator::In | Operator::NotIn, 1) if condition.case == Case::Sensitive => {
            let op = if condition.op == Operator::In { Operator::Eq } else { Operator::Ne };
            note(trace, "one value", format!("`{}` with one value is `{op}`", condition.op));
            condition.op = op;
            condition.value = kept.pop().map(Operand::One);
        }
        _ => *values = kept,
    }
}
