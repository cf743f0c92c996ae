//! The search for values that make a filter hold.

use std::cmp::Ordering;

use crate::optimize::domain::Pos;
use crate::optimize::subject::{Kind, Lit, Node};
use crate::optimize::world::World;
use crate::value::Value;

/// Steps of the search.
pub(super) const BUDGET: usize = 200_000;

pub(super) struct Search<'s, 'a> {
    pub(super) world: &'s World<'a>,
    pub(super) node: &'s Node<'a>,
    /// By slot.
    pub(super) chosen: Vec<Option<Value>>,
    pub(super) steps: usize,
}

impl Search<'_, '_> {
    /// Whether values from here on can be chosen so that the filter holds; `None` when it takes too long.
    pub(super) fn run(&mut self, candidates: &[(usize, Vec<Value>)], at: usize) -> Option<bool> {
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
