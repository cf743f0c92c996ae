//! Whether one filter implies another, excludes it, or selects the same customers.
//!
//! The question is turned into a filter that must select nobody. The optimiser answers many at once; for the others
//! each field gets one value for every way in which the conditions can tell its values apart, and the combinations are
//! searched. A customer that is found is evaluated by the reference before it is returned.

use std::cmp::Ordering;

use super::build::World;
use super::domain::Pos;
use super::subject::{Kind, Lit, Node, Scale};
use super::{OptimizeOptions, optimize_with};
use crate::catalog::{Catalog, FieldType};
use crate::filter::Filter;
use crate::predicate::bind;
use crate::value::{Timestamp, Value};

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

/// Steps of the search.
const BUDGET: usize = 200_000;

/// The most values that are tried of one field.
const VALUES: usize = 4_000;

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
            Kind::Test { condition, test: None } => Some(Filter::Condition(condition.clone().into_owned()).to_string()),
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

/// The values to try of each field that the filter names, and whether they are all that matter.
fn candidates(world: &World<'_>, node: &Node<'_>) -> (Vec<(usize, Vec<Value>)>, bool) {
    let mut lits = Vec::new();
    collect(node, &mut lits);
    let named: Vec<usize> =
        (0..world.slots.len()).filter(|slot| world.slots.get(*slot).is_some_and(|s| !s.name.is_empty())).collect();
    let paired = |slot: usize| {
        lits.iter().any(|lit| matches!(world.subject(lit.subject).map(|s| &s.kind), Some(Kind::Pair(a, b)) if *a == slot || *b == slot))
    };
    let room = if named.iter().any(|slot| paired(*slot)) { i128::try_from(named.len()).unwrap_or(1) } else { 1 };
    let mut complete = true;
    let mut all = Vec::new();
    for slot in &named {
        let Some(found) = world.slots.get(*slot) else { continue };
        let pairs = paired(*slot);
        let mut places: Vec<&Pos> = Vec::new();
        let mut sizes = 0;
        let mut tests = Vec::new();
        for lit in &lits {
            let Some(subject) = world.subject(lit.subject) else { continue };
            // Fields that are compared share their places.
            let near = subject.slot == *slot || (pairs && paired(subject.slot));
            match &subject.kind {
                Kind::Value(_) if near => places.extend(&lit.set.cuts),
                Kind::Size if subject.slot == *slot => {
                    for cut in &lit.set.cuts {
                        if let Pos::Int(n) = cut {
                            sizes = sizes.max(usize::try_from(*n).unwrap_or(0));
                        }
                    }
                }
                Kind::Test { condition, .. } if subject.slot == *slot => tests.push(condition.clone()),
                _ => {}
            }
        }
        let Some(Kind::Value(scale)) = found.subjects.first().and_then(|s| world.subject(*s)).map(|s| &s.kind) else {
            continue;
        };
        let mut values = if found.can_miss { vec![Value::Missing] } else { Vec::new() };
        values.extend(of_scale(scale, &places, room));
        let needles = tests.iter().flat_map(|condition| needles(condition));
        let needles: Vec<String> = needles.collect();
        if let Some(FieldType::List(_)) = found.ty {
            values.extend(lists(&needles, sizes));
            complete &= tests.is_empty() && sizes < 64;
        } else if matches!(scale, Scale::Text | Scale::Json) {
            for a in &needles {
                values.push(Value::Str(a.clone()));
                values.extend(needles.iter().map(|b| Value::Str(format!("{a}{b}"))));
                values.extend(places.iter().filter_map(|place| match place {
                    Pos::Text(text, _) => Some(Value::Str(format!("{text}{a}"))),
                    _ => None,
                }));
            }
            complete &= tests.is_empty() && !pairs;
        } else {
            complete &= tests.is_empty();
        }
        // Numbers of different kinds side by side have places that don't meet.
        complete &= !(pairs && matches!(scale, Scale::Float | Scale::Decimal(_))) && values.len() <= VALUES;
        values.truncate(VALUES);
        all.push((*slot, values));
    }
    (all, complete)
}

fn collect<'n, 'a>(node: &'n Node<'a>, lits: &mut Vec<&'n Lit<'a>>) {
    match node {
        Node::Const(_) => {}
        Node::Lit(lit) => lits.push(lit),
        Node::Group { children, .. } | Node::AtLeast { children, .. } => {
            children.iter().for_each(|child| collect(child, lits));
        }
    }
}

/// Values on every side of every place; `room` of them, where several fields must find theirs.
fn of_scale(scale: &Scale, places: &[&Pos], room: i128) -> Vec<Value> {
    let mut found: Vec<Pos> = Vec::new();
    match scale {
        Scale::Opaque => return Vec::new(),
        Scale::Bool => found.extend([Pos::Int(0), Pos::Int(1)]),
        Scale::Enum(values) => found.extend((0..values.len()).filter_map(|i| i128::try_from(i).ok()).map(Pos::Int)),
        Scale::Float => {
            found.extend([Pos::float(0.0, false), Pos::float(f64::MAX, false), Pos::float(f64::MIN, false)]);
            let mut known: Vec<f64> =
                places.iter().filter_map(|p| if let Pos::Float(x, _) = p { Some(*x) } else { None }).collect();
            known.sort_by(f64::total_cmp);
            for pair in known.windows(2) {
                if let [a, b] = pair {
                    found.push(Pos::float(a / 2.0 + b / 2.0, false));
                }
            }
            for x in known {
                found.extend([x, x.next_up(), x.next_down()].map(|x| Pos::float(x, false)));
            }
        }
        Scale::Text | Scale::Json => {
            found.push(Pos::Text("".into(), false));
            for place in places {
                if let Pos::Text(text, _) = place {
                    let more = [text.to_string(), format!("{text}\u{1}"), format!("{text}\0")];
                    found.extend(more.map(|text| Pos::Text(text.into(), false)));
                }
            }
        }
        _ => {
            found.extend((0..=room).map(Pos::Int));
            for place in places {
                if let Pos::Int(n) = place {
                    found.extend((n - room - 1..=n + room).map(Pos::Int));
                }
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found.iter().filter_map(|place| scale.value(place)).collect()
}

/// The texts that a test looks for.
fn needles(condition: &crate::filter::Condition) -> Vec<String> {
    use crate::filter::{Literal, Operand};
    let text = |literal: &Literal| match literal {
        Literal::Str(text) => Some(text.clone()),
        _ => None,
    };
    match &condition.value {
        Some(Operand::One(literal)) => text(literal).into_iter().collect(),
        Some(Operand::Many(literals)) => literals.iter().filter_map(text).take(8).collect(),
        _ => Vec::new(),
    }
}

/// Lists of each size, of nothing and of what is looked for.
fn lists(needles: &[String], sizes: usize) -> Vec<Value> {
    let mut lists = Vec::new();
    let few: Vec<&String> = needles.iter().take(6).collect();
    for bits in 0..1_usize << few.len() {
        let held: Vec<Value> = few
            .iter()
            .enumerate()
            .filter(|(i, _)| bits >> i & 1 == 1)
            .map(|(_, text)| Value::Str((*text).clone()))
            .collect();
        for size in held.len()..=(sizes.min(64) + 1).max(held.len()) {
            let mut items = held.clone();
            items.resize(size, Value::Missing);
            lists.push(Value::List(items));
        }
    }
    lists
}

struct Search<'s, 'a> {
    world: &'s World<'a>,
    node: &'s Node<'a>,
    /// By slot.
    chosen: Vec<Option<Value>>,
    steps: usize,
}

impl Search<'_, '_> {
    /// Whether values from here on can be chosen so that the filter holds; `None` when it takes too long.
    fn run(&mut self, candidates: &[(usize, Vec<Value>)], at: usize) -> Option<bool> {
        self.steps += 1;
        if self.steps > BUDGET {
            return None;
        }
        match self.holds(self.node) {
            Some(false) => return Some(false),
            Some(true) => return Some(true),
            None => {}
        }
        let Some((slot, values)) = candidates.get(at) else { return Some(false) };
        for value in values {
            if let Some(chosen) = self.chosen.get_mut(*slot) {
                *chosen = Some(value.clone());
            }
            if self.run(candidates, at + 1)? {
                return Some(true);
            }
        }
        if let Some(chosen) = self.chosen.get_mut(*slot) {
            *chosen = None;
        }
        Some(false)
    }

    /// The verdict, when the values chosen so far settle it.
    fn holds(&self, node: &Node<'_>) -> Option<bool> {
        match node {
            Node::Const(verdict) => Some(*verdict),
            Node::Lit(lit) => self.lit(lit),
            Node::Group { all, children } => {
                let mut open = false;
                for child in children {
                    match self.holds(child) {
                        Some(verdict) if verdict == *all => {}
                        Some(_) => return Some(!all),
                        None => open = true,
                    }
                }
                (!open).then_some(*all)
            }
            Node::AtLeast { n, children } => {
                let verdicts: Vec<Option<bool>> = children.iter().map(|child| self.holds(child)).collect();
                let sure = verdicts.iter().filter(|verdict| **verdict == Some(true)).count();
                let open = verdicts.iter().filter(|verdict| verdict.is_none()).count();
                if sure >= *n {
                    Some(true)
                } else if sure + open < *n {
                    Some(false)
                } else {
                    None
                }
            }
        }
    }

    fn lit(&self, lit: &Lit<'_>) -> Option<bool> {
        let subject = self.world.subject(lit.subject)?;
        let of = |slot: usize| self.chosen.get(slot).and_then(Option::as_ref);
        if let Kind::Pair(a, b) = subject.kind {
            let (a, b) = (of(a)?, of(b)?);
            if a.is_missing() || b.is_missing() {
                return Some(lit.missing);
            }
            let order = match a.compare(b)? {
                Ordering::Less => -1,
                Ordering::Equal => 0,
                Ordering::Greater => 1,
            };
            return Some(lit.set.holds(&Pos::Int(order)));
        }
        let value = of(subject.slot)?;
        if value.is_missing() {
            return Some(lit.missing);
        }
        Some(match &subject.kind {
            Kind::Value(scale) => scale.place(value, false).map_or(lit.set.first, |place| lit.set.holds(&place)),
            Kind::Size => match value {
                Value::List(items) => lit.set.holds(&Pos::Int(i128::try_from(items.len()).ok()?)),
                _ => return None,
            },
            Kind::Test { test: Some(test), .. } => lit.set.holds(&Pos::Int(test.passes(value).into())),
            _ => return None,
        })
    }
}

/// A customer with the values that were chosen; fields that were not are missing, or have the plainest value.
fn row(world: &World<'_>, chosen: &[Option<Value>]) -> Vec<Value> {
    let fields = &world.catalog.customers.fields;
    let mut row: Vec<Value> =
        fields.iter().map(|field| if field.nullable { Value::Missing } else { plainest(field) }).collect();
    for (slot, value) in world.slots.iter().zip(chosen) {
        let Some(value) = value else { continue };
        if let Some(at) = fields.iter().position(|field| field.name == slot.name) {
            if let Some(place) = row.get_mut(at) {
                *place = match (&fields.get(at).map(|f| &f.ty), value) {
                    (Some(FieldType::Json), value) if !value.is_missing() => Value::Json(value.to_json()),
                    _ => value.clone(),
                };
            }
            continue;
        }
        // A part of a document: the longest field name that its path begins with.
        for (dot, _) in slot.name.rmatch_indices('.') {
            let (Some(head), Some(tail)) = (slot.name.get(..dot), slot.name.get(dot + 1..)) else { continue };
            let Some(at) = fields.iter().position(|field| field.name == head) else { continue };
            if let Some(place) = row.get_mut(at) {
                let mut json = match std::mem::take(place) {
                    Value::Json(json) => json,
                    _ => serde_json::json!({}),
                };
                put(&mut json, &tail.split('.').collect::<Vec<_>>(), value.to_json());
                *place = Value::Json(json);
            }
            break;
        }
    }
    row
}

fn put(json: &mut serde_json::Value, path: &[&str], value: serde_json::Value) {
    let Some((first, rest)) = path.split_first() else {
        *json = value;
        return;
    };
    if let Some(map) = json.as_object_mut() {
        put(map.entry((*first).to_owned()).or_insert_with(|| serde_json::json!({})), rest, value);
    }
}

fn plainest(field: &crate::catalog::Field) -> Value {
    match &field.ty {
        FieldType::Bool => Value::Bool(false),
        FieldType::Int => Value::Int(0),
        FieldType::Float => Value::Float(0.0),
        FieldType::Decimal { .. } => Value::Decimal(0.into()),
        FieldType::String => Value::Str(field.values.as_ref().and_then(|v| v.first()).cloned().unwrap_or_default()),
        FieldType::Date => crate::value::Date::from_days(0).map_or(Value::Missing, Value::Date),
        FieldType::Timestamp => Timestamp::from_micros(0).map_or(Value::Missing, Value::Timestamp),
        FieldType::List(_) => Value::List(Vec::new()),
        FieldType::Json => Value::Json(serde_json::json!({})),
    }
}
