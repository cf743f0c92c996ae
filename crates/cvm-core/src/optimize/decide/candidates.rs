//! The values that are tried of each field: at least one on every side of every place that the conditions name.

use crate::catalog::FieldType;
use crate::filter::{Condition, Literal, Operand};
use crate::optimize::domain::Pos;
use crate::optimize::subject::{Kind, Lit, Node, Scale};
use crate::optimize::world::World;
use crate::value::Value;

/// The most values that are tried of one field.
const VALUES: usize = 4_000;

/// The values to try of each field that the filter names, and whether they are all that matter.
pub(super) fn candidates(world: &World<'_>, node: &Node<'_>) -> (Vec<(usize, Vec<Value>)>, bool) {
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
                Kind::Test { condition, .. } if subject.slot == *slot => tests.push(*condition),
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
        if let Some(FieldType::List(_)) = found.ty() {
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
fn needles(condition: &Condition) -> Vec<String> {
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
