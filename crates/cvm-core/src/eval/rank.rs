//! Rankings: they look at all customers, so they are settled for a population before anyone is asked about.

use std::cmp::Ordering;

use super::{History, evaluate_with, rows, value_of};
use crate::filter::Order;
use crate::predicate::{Fact, FieldRef, Leaf, Predicate, RankTest, RankValue, Test};
use crate::value::Value;

/// The predicate with a list of keys in place of each ranking. `population` is everybody: fields and history.
///
/// ```
/// use cvm_core::{Catalog, History, Timestamp, Value, bind, evaluate, settle};
/// let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
///     {"name": "id", "type": "int", "nullable": false}, {"name": "spent", "type": "int"}]}}"#)?;
/// let as_of = Timestamp::from_micros(0).expect("1970");
/// let predicate = bind(&"top 1 by spent".parse()?, &catalog, as_of)?;
/// let everybody: Vec<(Vec<Value>, History)> =
///     [(1, 10), (2, 30), (3, 30)].map(|(id, spent)| (vec![Value::Int(id), Value::Int(spent)], History::default())).into();
/// let settled = settle(&predicate, &everybody);
/// let members: Vec<bool> = everybody.iter().map(|(row, _)| evaluate(&settled, row)).collect();
/// // Ties are broken by the key, ascending.
/// assert_eq!(members, [false, true, false]);
/// # Ok::<(), cvm_core::Diagnostics>(())
/// ```
#[must_use]
pub fn settle(predicate: &Predicate, population: &[(Vec<Value>, History)]) -> Predicate {
    predicate.replace_rankings(&mut |fact, rank| taken(fact, rank, population))
}

/// The keys that a ranking takes, as a test of the key.
fn taken(fact: &Fact, rank: &RankTest, population: &[(Vec<Value>, History)]) -> Predicate {
    let among = rank.among.as_ref().map(|among| settle(among, population));
    let mut ranked: Vec<(Value, Value, Value)> = Vec::new();
    for (row, history) in population {
        if among.as_ref().is_some_and(|among| !evaluate_with(among, row, history)) {
            continue;
        }
        let by = match &rank.by {
            RankValue::Field(field) => value_of(field, row),
            RankValue::Measure(source, measure, ty) => rows::measure(source, measure, ty, history),
        };
        let group = rank.per.as_ref().map_or(Value::Missing, |per| value_of(per, row));
        if !by.is_missing() {
            ranked.push((group, by, row.get(rank.key).cloned().unwrap_or_default()));
        }
    }
    let order = |a: &Value, b: &Value| a.compare(b).unwrap_or(Ordering::Equal);
    ranked.sort_by(|(_, a, key_a), (_, b, key_b)| {
        let by = if rank.order == Order::Top { order(b, a) } else { order(a, b) };
        by.then_with(|| order(key_a, key_b))
    });
    let same = |a: &Value, b: &Value| a.equals(b) || (a.is_missing() && b.is_missing());
    let mut keys = Vec::new();
    for (i, (group, _, key)) in ranked.iter().enumerate() {
        let fellows = |n: usize| ranked.iter().take(n).filter(|(other, ..)| same(group, other)).count() as u64;
        if rank.take.takes(fellows(i) + 1, fellows(ranked.len())) {
            keys.push(key.clone());
        }
    }
    Predicate::Leaf(Leaf {
        node: fact.node,
        field: FieldRef { index: rank.key, path: Vec::new() },
        test: Test::In(keys),
        negated: fact.negated,
        on_missing: fact.negated,
    })
}
