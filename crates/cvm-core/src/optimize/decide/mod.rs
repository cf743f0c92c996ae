//! Whether one filter implies another, excludes it, or selects the same customers.
//!
//! The question is turned into a filter that must select nobody. The optimiser answers many at once; for the others
//! each field gets one value for every way in which the conditions can tell its values apart, and the combinations are
//! searched. A customer that is found is evaluated by the reference before it is returned.

mod candidates;
mod row;
mod search;

use super::subject::Kind;
use super::world::World;
use super::{OptimizeOptions, optimize_with};
use crate::catalog::Catalog;
use crate::filter::Filter;
use crate::predicate::bind;
use crate::value::{Timestamp, Value};
use candidates::candidates;
use row::row;
use search::{BUDGET, Search};

/// What is known of two filters.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// It holds for every customer that the catalog allows, at any time.
    Yes,
    /// It does not: here is a customer.
    No(Counterexample),
    /// Neither could be shown; the text says why.
    Unknown(String),
}

/// A customer that shows that something does not hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Counterexample {
    /// A value for each field of the catalog's customer table, in its order.
    pub row: Vec<Value>,
    /// The instant of evaluation.
    pub as_of: Timestamp,
}

/// Whether every customer that `a` selects is selected by `b`.
///
/// ```
/// use cvm_core::optimize::{Answer, implies};
/// use cvm_core::Catalog;
/// let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
///     {"name": "id", "type": "int", "nullable": false}, {"name": "age", "type": "int"}]}}"#)?;
/// assert_eq!(implies(&"age > 30".parse()?, &"age > 20".parse()?, &catalog), Answer::Yes);
/// assert!(matches!(implies(&"age != 30".parse()?, &"age is set".parse()?, &catalog), Answer::No(_)));
/// # Ok::<(), cvm_core::Diagnostics>(())
/// ```
#[must_use]
pub fn implies(a: &Filter, b: &Filter, catalog: &Catalog) -> Answer {
    selects_nobody(Filter::And { children: vec![a.clone(), Filter::Not { child: Box::new(b.clone()) }] }, catalog)
}

/// Whether no customer is selected by both filters; else one that is.
#[must_use]
pub fn disjoint(a: &Filter, b: &Filter, catalog: &Catalog) -> Answer {
    selects_nobody(Filter::And { children: vec![a.clone(), b.clone()] }, catalog)
}

/// Whether both filters select the same customers; else one that only one of them selects.
#[must_use]
pub fn equivalent(a: &Filter, b: &Filter, catalog: &Catalog) -> Answer {
    match implies(a, b, catalog) {
        Answer::Yes => implies(b, a, catalog),
        Answer::No(found) => Answer::No(found),
        Answer::Unknown(reason) => match implies(b, a, catalog) {
            Answer::No(found) => Answer::No(found),
            _ => Answer::Unknown(reason),
        },
    }
}

/// Where relative times are tried out: 2024-06-15T12:00:00Z.
const INSTANT: i64 = 1_718_452_800_000_000;

fn selects_nobody(question: Filter, catalog: &Catalog) -> Answer {
    let Some(as_of) = Timestamp::from_micros(INSTANT) else { return Answer::Unknown("no instant".to_owned()) };
    let predicate = match bind(&question, catalog, as_of) {
        Ok(predicate) => predicate,
        Err(findings) => {
            let first = findings.0.first().map(|finding| finding.message.clone()).unwrap_or_default();
            return Answer::Unknown(format!("a filter has a finding: {first}"));
        }
    };
    let mut options = OptimizeOptions { inline_segments: true, ..OptimizeOptions::default() };
    let smaller = optimize_with(&question, catalog, &options).filter;
    if smaller == Filter::Nobody {
        return Answer::Yes;
    }
    options.as_of = Some(as_of);
    let mut world = World::new(catalog, None, &options);
    world.open_lists = true;
    let Some(node) = world.node(&smaller, false, 0) else {
        return Answer::Unknown("the filter is nested too deep".to_owned());
    };
    for subject in &world.subjects {
        let outside = match &subject.kind {
            Kind::Atom(filter) => Some((*filter).to_string()),
            Kind::Count(event) => Some(Filter::Event((*event).clone()).to_string()),
            Kind::Test { condition, test: None } => Some(Filter::Condition((*condition).clone()).to_string()),
            _ => None,
        };
        if let Some(outside) = outside {
            return Answer::Unknown(format!("`{outside}` is not a condition on values that could be tried one by one"));
        }
    }
    let (candidates, complete) = candidates(&world, &node);
    let mut search = Search { world: &world, node: &node, chosen: vec![None; world.slots.len()], steps: 0 };
    let found = search.run(&candidates, 0);
    match found {
        Some(true) => {
            let row = row(&world, &search.chosen);
            if crate::eval::evaluate(&predicate, &row) {
                return Answer::No(Counterexample { row, as_of });
            }
            Answer::Unknown("no customer could be made of the values that were found".to_owned())
        }
        None => Answer::Unknown(format!("the filters are too large: no answer after {BUDGET} steps")),
        Some(false) if !complete => Answer::Unknown(
            "no customer was found, but not every value of the texts, lists and documents could be tried".to_owned(),
        ),
        // At this instant there is nobody; at another one there may be.
        Some(false) if moves(&smaller) => {
            Answer::Unknown("the answer may depend on the instant of evaluation".to_owned())
        }
        Some(false) => Answer::Yes,
    }
}

/// Whether a filter looks at the clock.
fn moves(filter: &Filter) -> bool {
    filter.nodes().into_iter().any(|(_, node)| match node {
        Filter::Condition(condition) => condition.value.as_ref().is_some_and(super::relative::is_relative),
        _ => false,
    })
}
