//! A formula as clauses: each must hold, and holds where any of its literals does.

use super::formula::Formula;

/// A condition that holds, or one that doesn't.
pub(super) type Literal = (usize, bool);

/// More clauses than this are never made.
const MOST: usize = 32;

/// The clauses of a formula, or of its opposite; `None` where that takes too many.
pub(super) fn of(formula: &Formula, opposite: bool) -> Option<Vec<Vec<Literal>>> {
    match formula {
        Formula::Constant(value) => Some(if *value == opposite { vec![Vec::new()] } else { Vec::new() }),
        Formula::Leaf(leaf) => Some(vec![vec![(*leaf, !opposite)]]),
        Formula::Not(child) => of(child, !opposite),
        Formula::All(children) => group(children, opposite, !opposite),
        Formula::Any(children) => group(children, opposite, opposite),
        Formula::AtLeast(n, children) => match *n {
            0 => of(&Formula::Constant(true), opposite),
            1 => group(children, opposite, opposite),
            n if n == children.len() => group(children, opposite, !opposite),
            _ => None,
        },
    }
}

/// Clauses of which all must hold, or any.
fn group(children: &[Formula], opposite: bool, all: bool) -> Option<Vec<Vec<Literal>>> {
    let mut found: Vec<Vec<Literal>> = if all { Vec::new() } else { vec![Vec::new()] };
    for child in children {
        let own = of(child, opposite)?;
        if all {
            found.extend(own);
        } else {
            let pairs = found.iter().flat_map(|a| own.iter().map(move |b| [a.as_slice(), b.as_slice()].concat()));
            found = pairs.collect();
        }
        found.iter_mut().for_each(|clause| {
            clause.sort_unstable();
            clause.dedup();
        });
        // A condition that holds or doesn't says nothing.
        found.retain(|clause| !clause.windows(2).any(|pair| matches!(pair, [a, b] if a.0 == b.0)));
        found.sort_unstable();
        found.dedup();
        if found.len() > MOST {
            return None;
        }
    }
    Some(found)
}
