//! Gaps between the cases of a branch: values that go by default though cases lie on both sides of them.
//!
//! The values that cases name cut a field into points and stretches between them. Within each, all cases say the same, so
//! that whether one takes somebody there says whether one takes everybody (`disjoint` finds out). A gap is a run of points and
//! stretches that no case takes between two that one does.

use std::cmp::Ordering;

use cvm_core::filter::{Condition, Literal, Operand, field};
use cvm_core::optimize::{Answer, disjoint};
use cvm_core::{Catalog, Date, Decimal, FieldType, Filter, Value, optimize};

use super::known::Known;
use super::map::Map;
use crate::finding::{Code, Finding};
use crate::model::{Branch, NodeKind};

/// The most values that cases may name.
const VALUES: usize = 20;

pub(super) fn check(map: &Map<'_>, known: &Known<'_>, out: &mut Vec<Finding>) {
    for (i, node) in map.journey.nodes.iter().enumerate() {
        let NodeKind::Branch(branch) = &node.kind else { continue };
        for gap in gaps(branch, known.catalog).unwrap_or_default() {
            let message = format!("the cases of `{}` leave a gap: those with `{gap}` go by `default`", node.id);
            let found = Finding::new(Code::Gap, format!("/nodes/{i}/data/cases"), message).nodes([node.id.as_str()]);
            out.push(found.help("make a case wider where that is not meant"));
        }
    }
}

/// The gaps, as filters; `None` where that can't be said.
fn gaps(branch: &Branch, catalog: &Catalog) -> Option<Vec<Filter>> {
    let mut conditions = Vec::new();
    for case in &branch.cases {
        collect(&case.filter, &mut conditions)?;
        if cvm_core::check(&case.filter, catalog).is_err() {
            return None;
        }
    }
    let name = &conditions.first()?.field;
    if conditions.iter().any(|condition| condition.field != *name) {
        return None;
    }
    let ty = &catalog.customers.fields.iter().find(|field| field.name == *name)?.ty;
    let mut values: Vec<(Value, Literal)> = Vec::new();
    for condition in conditions {
        for literal in literals(condition)? {
            values.push((value(literal, ty)?, literal.clone()));
        }
    }
    values.sort_by(|(a, _), (b, _)| a.compare(b).unwrap_or(Ordering::Equal));
    values.dedup_by(|(a, _), (b, _)| a.equals(b));
    if values.len() > VALUES {
        return None;
    }
    let taken = Filter::any_of(branch.cases.iter().map(|case| case.filter.clone()));
    let some = |region: &Filter, with: &Filter| match disjoint(region, with, catalog) {
        Answer::No(_) => Some(true),
        Answer::Yes => Some(false),
        Answer::Unknown(_) => None,
    };
    let (mut gaps, mut open, mut before) = (Vec::new(), Vec::new(), false);
    for region in regions(name, values) {
        if some(&region, &taken)? {
            if before && !open.is_empty() {
                gaps.push(optimize(&Filter::any_of(open.drain(..)), catalog).filter);
            }
            open.clear();
            before = true;
        } else if some(&region, &Filter::Everyone)? {
            open.push(region);
        }
    }
    Some(gaps)
}

/// The conditions of a filter that has nothing but conditions.
fn collect<'f>(filter: &'f Filter, into: &mut Vec<&'f Condition>) -> Option<()> {
    for (_, node) in filter.nodes() {
        match node {
            Filter::Condition(condition) => into.push(condition),
            Filter::And { .. } | Filter::Or { .. } | Filter::Not { .. } => {}
            _ => return None,
        }
    }
    Some(())
}

fn literals(condition: &Condition) -> Option<&[Literal]> {
    match &condition.value {
        Some(Operand::One(literal)) => Some(std::slice::from_ref(literal)),
        Some(Operand::Many(literals)) => Some(literals),
        None => Some(&[]),
        Some(_) => None,
    }
}

/// What is written, as a value of a type that has an order: numbers and days.
fn value(literal: &Literal, ty: &FieldType) -> Option<Value> {
    match (ty, literal) {
        (FieldType::Date, Literal::Str(text)) => Date::parse(text).map(Value::Date),
        (FieldType::Int | FieldType::Float | FieldType::Decimal { .. }, Literal::Int(number)) => {
            Some(Value::Int(*number))
        }
        (FieldType::Int | FieldType::Float | FieldType::Decimal { .. }, Literal::Float(number)) => {
            Some(Value::Float(*number))
        }
        (FieldType::Decimal { .. }, Literal::Str(text)) => text.parse::<Decimal>().ok().map(Value::Decimal),
        _ => None,
    }
}

/// Each value alone, and the stretches below, between and above them, in their order.
fn regions(name: &str, values: Vec<(Value, Literal)>) -> Vec<Filter> {
    let mut regions = Vec::new();
    let mut below: Option<Literal> = None;
    for (_, literal) in values {
        let under = field(name).lt(literal.clone());
        regions.push(match below {
            Some(below) => Filter::all_of([field(name).gt(below), under]),
            None => under,
        });
        regions.push(field(name).eq(literal.clone()));
        below = Some(literal);
    }
    regions.extend(below.map(|below| field(name).gt(below)));
    regions
}
