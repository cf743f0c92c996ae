//! Cases of a branch that can take the same customer: their order decides.
//!
//! An overlap is told of only where there is a customer to show for it. A narrow case before a wide one is what order is for,
//! so that is nothing to tell; a narrow one behind a wide one is never taken, which is told elsewhere (`ways`).

use std::collections::BTreeSet;

use cvm_core::Filter;
use cvm_core::optimize::{Answer, Counterexample, disjoint, implies};

use super::known::Known;
use super::map::Map;
use super::ways::before;
use crate::finding::{Code, Finding};
use crate::model::NodeKind;

/// So many pairs are looked at, of filters with so many conditions: a search for a customer takes its time.
const PAIRS: usize = 200;
const CONDITIONS: usize = 20;

pub(super) fn check(map: &Map<'_>, known: &Known<'_>, out: &mut Vec<Finding>) {
    let coming = before(map);
    let fine = |filter: &Filter| cvm_core::check(filter, known.catalog).is_ok();
    let mut left = PAIRS;
    for (i, node) in map.journey.nodes.iter().enumerate() {
        let (NodeKind::Branch(branch), Some(coming)) = (&node.kind, coming.get(&i)) else { continue };
        if !coming.iter().chain(branch.cases.iter().map(|case| &case.filter)).all(fine) {
            continue;
        }
        for (number, second) in branch.cases.iter().enumerate() {
            for (at, first) in branch.cases.iter().take(number).enumerate() {
                if first.filter.leaf_count().max(second.filter.leaf_count()) > CONDITIONS {
                    continue;
                }
                let Some(fewer) = left.checked_sub(1) else { return };
                left = fewer;
                let all = |filter: &Filter| Filter::all_of(coming.iter().cloned().chain([filter.clone()]));
                let inside = |a: &Filter, b: &Filter| implies(&all(a), b, known.catalog) == Answer::Yes;
                // Whom cases before both take is nothing between these two.
                let earlier =
                    branch.cases.iter().take(at).map(|case| Filter::Not { child: Box::new(case.filter.clone()) });
                let here = Filter::all_of([all(&first.filter)].into_iter().chain(earlier));
                let Answer::No(both) = disjoint(&here, &second.filter, known.catalog) else { continue };
                if inside(&first.filter, &second.filter) || inside(&second.filter, &first.filter) {
                    continue;
                }
                let who = shown(&both, &[&first.filter, &second.filter], known);
                let message = format!(
                    "`{}` and `{}` of `{}` both take {who}: `{}` does, as it comes first",
                    first.name, second.name, node.id, first.name
                );
                let found = Finding::new(Code::Overlap, format!("/nodes/{i}/data/cases/{number}/filter"), message);
                out.push(found.nodes([node.id.as_str()]).help("make one of them narrower where that is not meant"));
                break;
            }
        }
    }
}

/// A customer by the fields that the filters ask about.
fn shown(customer: &Counterexample, filters: &[&Filter], known: &Known<'_>) -> String {
    let nodes = filters.iter().flat_map(|filter| filter.nodes());
    let asked: BTreeSet<&str> = nodes
        .filter_map(|(_, node)| match node {
            Filter::Condition(condition) => Some(condition.field.as_str()),
            _ => None,
        })
        .collect();
    let values = known.catalog.customers.fields.iter().zip(&customer.row);
    let values = values.filter(|(field, _)| asked.contains(field.name.as_str()));
    let shown: Vec<String> = values
        .map(
            |(field, value)| {
                if value.is_missing() { format!("no `{}`", field.name) } else { format!("`{}` {value}", field.name) }
            },
        )
        .collect();
    if shown.is_empty() { "some customers".to_owned() } else { format!("a customer with {}", shown.join(" and ")) }
}
