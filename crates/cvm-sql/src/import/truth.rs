//! The three truth values as two filters.

use std::collections::HashMap;

use cvm_core::filter::{Case, Condition, Literal, Missing, Operand, Operator, SizeTest};
use cvm_core::{Date, Filter};

use super::Found;

/// Where an expression is true and where it is false; it is unknown where neither holds. A side that no filter says
/// exactly is the finding that says so, and matters only where it is asked for.
#[derive(Clone)]
pub(super) struct Truth {
    pub(super) yes: Found<Filter>,
    pub(super) no: Found<Filter>,
}

impl Truth {
    pub(super) fn of(yes: Filter, no: Filter) -> Self {
        Self { yes: Ok(yes), no: Ok(no) }
    }

    /// The same for every row; `None` is unknown.
    pub(super) fn constant(value: Option<bool>) -> Self {
        match value {
            Some(true) => Self::of(Filter::Everyone, Filter::Nobody),
            Some(false) => Self::of(Filter::Nobody, Filter::Everyone),
            None => Self::of(Filter::Nobody, Filter::Nobody),
        }
    }

    /// True where the filter holds, false everywhere else.
    pub(super) fn two_valued(yes: Found<Filter>) -> Self {
        Self { no: yes.clone().map(complement), yes }
    }

    /// A comparison of a field, unknown where a value is missing. The condition must leave missing values out.
    pub(super) fn leaf(condition: Condition) -> Self {
        Self { no: Ok(opposite(&condition)), yes: Ok(Filter::Condition(condition)) }
    }

    pub(super) fn not(self) -> Self {
        Self { yes: self.no, no: self.yes }
    }

    pub(super) fn swapped_if(self, negated: bool) -> Self {
        if negated { self.not() } else { self }
    }

    pub(super) fn and(terms: Vec<Truth>) -> Self {
        let (yes, no): (Vec<_>, Vec<_>) = terms.into_iter().map(|term| (term.yes, term.no)).unzip();
        Self { yes: joined(yes, all), no: joined(no, any) }
    }

    pub(super) fn or(terms: Vec<Truth>) -> Self {
        let (yes, no): (Vec<_>, Vec<_>) = terms.into_iter().map(|term| (term.yes, term.no)).unzip();
        Self { yes: joined(yes, any), no: joined(no, all) }
    }

    /// Where it is unknown.
    pub(super) fn unknown(&self) -> Found<Filter> {
        Ok(complement(any(vec![self.yes.clone()?, self.no.clone()?])))
    }
}

fn joined(sides: Vec<Found<Filter>>, join: fn(Vec<Filter>) -> Filter) -> Found<Filter> {
    sides.into_iter().collect::<Found<Vec<Filter>>>().map(join)
}

/// All of the filters, in one flat group.
pub(super) fn all(filters: Vec<Filter>) -> Filter {
    group(filters, true)
}

/// Any of the filters, in one flat group.
pub(super) fn any(filters: Vec<Filter>) -> Filter {
    group(filters, false)
}

fn group(filters: Vec<Filter>, conjunction: bool) -> Filter {
    let mut kept: Vec<Filter> = Vec::with_capacity(filters.len());
    // Where the values of a field are gathered: a thousand times `x = …` is one `in`.
    let mut gathered: HashMap<String, usize> = HashMap::new();
    let mut flat = Vec::with_capacity(filters.len());
    for filter in filters {
        match filter {
            Filter::And { children } if conjunction => flat.extend(children),
            Filter::Or { children } if !conjunction => flat.extend(children),
            other => flat.push(other),
        }
    }
    for filter in flat {
        match filter {
            Filter::Everyone if conjunction => {}
            Filter::Nobody if !conjunction => {}
            Filter::Everyone | Filter::Nobody => return filter,
            Filter::Condition(condition) if gathers(&condition, conjunction) => {
                match gathered.get(&condition.field).and_then(|at| kept.get_mut(*at)) {
                    Some(Filter::Condition(first)) => gather(first, condition),
                    _ => {
                        gathered.insert(condition.field.clone(), kept.len());
                        kept.push(Filter::Condition(condition));
                    }
                }
            }
            other if kept.last() == Some(&other) => {}
            other => kept.push(other),
        }
    }
    match (kept.pop(), kept.is_empty()) {
        (None, _) => {
            if conjunction {
                Filter::Everyone
            } else {
                Filter::Nobody
            }
        }
        (Some(only), true) => only,
        (Some(last), false) => {
            kept.push(last);
            if conjunction { Filter::And { children: kept } } else { Filter::Or { children: kept } }
        }
    }
}

/// Whether a condition is one of several that say the same as one on a list of values.
fn gathers(condition: &Condition, conjunction: bool) -> bool {
    let op = match condition.op {
        Operator::Eq | Operator::In => !conjunction,
        Operator::Ne | Operator::NotIn => conjunction,
        _ => false,
    };
    let plain = |literal: &Literal| match literal {
        Literal::Int(_) | Literal::Float(_) => true,
        // A day beside a timestamp is the whole day for `eq`, and nothing for `in`.
        Literal::Str(text) => Date::parse(text).is_none(),
        Literal::Bool(_) => false,
    };
    op && !includes_missing(condition)
        && condition.case == Case::Sensitive
        && match &condition.value {
            Some(Operand::One(literal)) => plain(literal),
            Some(Operand::Many(literals)) => literals.iter().all(plain),
            _ => false,
        }
}

/// Adds the values of a second condition to the first.
fn gather(first: &mut Condition, second: Condition) {
    let values = |value: Option<Operand>| match value {
        Some(Operand::One(literal)) => vec![literal],
        Some(Operand::Many(literals)) => literals,
        _ => Vec::new(),
    };
    let more = values(second.value);
    if let Some(Operand::Many(literals)) = &mut first.value {
        literals.extend(more);
        return;
    }
    let mut literals = values(first.value.take());
    if literals == more {
        first.value = literals.pop().map(Operand::One);
        return;
    }
    literals.extend(more);
    first.op = if first.op == Operator::Eq { Operator::In } else { Operator::NotIn };
    first.value = Some(Operand::Many(literals));
}

fn includes_missing(condition: &Condition) -> bool {
    match condition.missing {
        None => condition.op.on_missing(),
        Some(missing) => missing == Missing::Include,
    }
}

/// The operator that says the opposite of values that are there.
fn opposite_operator(condition: &Condition) -> Option<(Operator, Option<Operand>)> {
    use Operator as O;
    let op = match condition.op {
        O::Eq => O::Ne,
        O::Ne => O::Eq,
        O::Lt => O::Gte,
        O::Gte => O::Lt,
        O::Gt => O::Lte,
        O::Lte => O::Gt,
        O::Between => O::NotBetween,
        O::NotBetween => O::Between,
        O::In => O::NotIn,
        O::NotIn => O::In,
        O::Contains => O::NotContains,
        O::NotContains => O::Contains,
        O::StartsWith => O::NotStartsWith,
        O::NotStartsWith => O::StartsWith,
        O::EndsWith => O::NotEndsWith,
        O::NotEndsWith => O::EndsWith,
        O::Matches => O::NotMatches,
        O::NotMatches => O::Matches,
        O::HasAny => O::HasNone,
        O::HasNone => O::HasAny,
        O::IsSet => O::IsNotSet,
        O::IsNotSet => O::IsSet,
        O::Size => {
            let Some(Operand::Size(test)) = condition.value else { return None };
            let turned = match test {
                SizeTest::Eq(n) => SizeTest::Ne(n),
                SizeTest::Ne(n) => SizeTest::Eq(n),
                SizeTest::Lt(n) => SizeTest::Gte(n),
                SizeTest::Gte(n) => SizeTest::Lt(n),
                SizeTest::Gt(n) => SizeTest::Lte(n),
                SizeTest::Lte(n) => SizeTest::Gt(n),
            };
            return Some((O::Size, Some(Operand::Size(turned))));
        }
        _ => return None,
    };
    Some((op, condition.value.clone()))
}

/// A condition with its own rule for missing values, said only where the operator's is another.
pub(super) fn with_missing(condition: Condition, include: bool) -> Condition {
    let missing =
        (condition.op.on_missing() != include).then_some(if include { Missing::Include } else { Missing::Exclude });
    Condition { missing, ..condition }
}

/// Where a comparison is false: its value is there, and the test fails.
fn opposite(condition: &Condition) -> Filter {
    match opposite_operator(condition) {
        Some((op, value)) => Filter::Condition(with_missing(Condition { op, value, ..condition.clone() }, false)),
        None => all(vec![is_set(&condition.field), !Filter::Condition(condition.clone())]),
    }
}

/// Everybody whom a filter does not select, with the negation in the leaves where they can say it.
pub(super) fn complement(filter: Filter) -> Filter {
    match filter {
        Filter::Everyone => Filter::Nobody,
        Filter::Nobody => Filter::Everyone,
        Filter::And { children } => any(children.into_iter().map(complement).collect()),
        Filter::Or { children } => all(children.into_iter().map(complement).collect()),
        Filter::Not { child } => *child,
        Filter::Condition(condition) => match opposite_operator(&condition) {
            Some((op @ (Operator::IsSet | Operator::IsNotSet), value)) => {
                Filter::Condition(Condition { op, value, missing: None, ..condition })
            }
            Some((op, value)) => {
                let include = !includes_missing(&condition);
                Filter::Condition(with_missing(Condition { op, value, ..condition }, include))
            }
            None => !Filter::Condition(condition),
        },
        other => !other,
    }
}

pub(super) fn is_set(field: &str) -> Filter {
    cvm_core::filter::field(field).is_set()
}

pub(super) fn is_not_set(field: &str) -> Filter {
    cvm_core::filter::field(field).is_not_set()
}

/// True of every value that is there.
pub(super) fn always(field: &str) -> Truth {
    Truth::of(is_set(field), Filter::Nobody)
}

/// False of every value that is there.
pub(super) fn never(field: &str) -> Truth {
    always(field).not()
}

/// Filters inside filters.
pub(super) fn depth(filter: &Filter) -> usize {
    filter.children().into_iter().map(|(_, child)| 1 + depth(child)).max().unwrap_or(0)
}
