//! Small groups whose conditions meet in several places are written with the fewest conditions there are: every formula
//! of fewer conditions is tried, the smallest first.
//!
//! Each subject becomes a variable with few cells: missing, and the stretches between the places where some condition
//! changes its mind. Subjects are taken as independent of each other, so what is found holds whatever they are.

use smallvec::SmallVec;

use super::simplify::{Parts, join};
use super::subject::{Lit, Node};
use super::table::{Formula, Table, shortest};
use super::world::World;

/// Groups of more conditions are left as they are: the formulas to try would be too many.
const LEAVES: usize = 6;

impl<'a> World<'a> {
    /// Writes children of a group that speak about the same things with fewer conditions, where that can be. Whether
    /// anything was found.
    pub(super) fn minimize(&mut self, all: bool, parts: &mut Parts<'a>) -> bool {
        if parts.subs.is_empty() || !self.meets(parts) {
            return false;
        }
        let lits = parts.lits.iter().map(|(_, lit)| (bit(lit), 1));
        let sizes: Vec<(u64, usize)> =
            lits.chain(parts.subs.iter().map(|(_, sub)| (bits(sub), sub.leaves()))).collect();
        let mut gone: Vec<usize> = Vec::new();
        let mut added: Vec<(usize, Node<'a>)> = Vec::new();
        for component in components(&sizes) {
            let leaves: usize = component.iter().filter_map(|at| sizes.get(*at)).map(|(_, leaves)| leaves).sum();
            if component.len() < 2 || leaves > LEAVES {
                continue;
            }
            let members: Vec<(usize, Node<'a>)> = component.iter().filter_map(|at| child(parts, *at)).collect();
            let first = members.iter().map(|(place, _)| *place).min().unwrap_or(0);
            let old = Node::Group { all, children: members.into_iter().map(|(_, member)| member).collect() };
            if let Some(new) = self.fewest(&old, leaves) {
                added.push((first, new));
                gone.extend(component);
            }
        }
        if added.is_empty() {
            return false;
        }
        // Numbered as in `sizes`: literals first.
        let mut numbers = 0..;
        let mut stays = || numbers.next().is_some_and(|at: usize| !gone.contains(&at));
        parts.lits.retain(|_| stays());
        parts.subs.retain(|_| stays());
        for (place, new) in added {
            let members = match new {
                Node::Group { all: kind, children } if kind == all => children,
                other => vec![other],
            };
            for member in members {
                match member {
                    Node::Lit(lit) => parts.lits.push((place, lit)),
                    other => parts.subs.push((place, other)),
                }
            }
        }
        parts.lits.sort_by_key(|(place, _)| *place);
        parts.subs.sort_by_key(|(place, _)| *place);
        true
    }

    /// Whether a subject stands in two children, one of which is a group.
    fn meets(&self, parts: &Parts<'a>) -> bool {
        let mut stood: Vec<usize> = vec![0; self.subjects.len()];
        let mut child = 0;
        for (_, lit) in &parts.lits {
            child += 1;
            if let Some(stood) = stood.get_mut(lit.subject) {
                *stood = child;
            }
        }
        parts.subs.iter().any(|(_, sub)| {
            child += 1;
            stands(sub, child, &mut stood)
        })
    }

    /// The same with fewer conditions than `leaves`, and no more nodes; `None` where there is no such way.
    fn fewest(&mut self, old: &Node<'a>, leaves: usize) -> Option<Node<'a>> {
        // What a table costs, in tries.
        self.tries = self.tries.checked_sub(1_000)?;
        let table = Table::new(self, old)?;
        let new = match table.constant() {
            Some(verdict) => Node::Const(verdict),
            None => {
                let formula = shortest(&table, leaves, &mut self.tries)?;
                self.node_of(&formula, &table)
            }
        };
        let (before, after) = (self.cost(old), self.cost(&new));
        if after.0 > before.0 || after.1 > before.1 {
            return None;
        }
        let (was, is) = (self.print(old, false), self.print(&new, false));
        self.note("fewest", || format!("wrote {was} as {is}: fewer conditions, the same customers"));
        Some(new)
    }

    fn node_of(&self, formula: &Formula, table: &Table<'a>) -> Node<'a> {
        match formula {
            Formula::Leaf(at) => table.lit(*at).map_or(Node::Const(false), |lit| Node::Lit(lit.clone())),
            Formula::Two { all, parts } => {
                let mut children = Vec::new();
                for part in parts.iter() {
                    match self.node_of(part, table) {
                        Node::Group { all: kind, children: inner } if kind == *all => children.extend(inner),
                        other => children.push(other),
                    }
                }
                join(*all, Parts { lits: Vec::new(), subs: children.into_iter().enumerate().collect() })
            }
        }
    }
}

/// Whether a subject of the node stood in another child.
fn stands(node: &Node<'_>, child: usize, stood: &mut [usize]) -> bool {
    match node {
        Node::Const(_) => false,
        Node::Lit(lit) => stood.get_mut(lit.subject).is_some_and(|stood| {
            let before = std::mem::replace(stood, child);
            before != 0 && before != child
        }),
        Node::Group { children, .. } | Node::AtLeast { children, .. } => {
            // All are looked at, so that later children know of all of them.
            children.iter().fold(false, |found, node| stands(node, child, stood) | found)
        }
    }
}

/// Children (what they speak about, as bits) by number: those in different components have no subject in common.
fn components(children: &[(u64, usize)]) -> Vec<SmallVec<[usize; LEAVES]>> {
    let mut found: Vec<(u64, SmallVec<[usize; LEAVES]>)> = Vec::with_capacity(children.len());
    for (at, (bits, _)) in children.iter().enumerate() {
        let (mut bits, mut members) = (*bits, smallvec::smallvec![at]);
        // Far apart subjects may share a bit: components are then larger than they need be.
        found.retain(|(other, theirs)| {
            let apart = *other & bits == 0;
            if !apart {
                bits |= *other;
                members.extend_from_slice(theirs);
            }
            apart
        });
        found.push((bits, members));
    }
    found.into_iter().map(|(_, members)| members).collect()
}

/// A child by its number: literals first.
fn child<'a>(parts: &Parts<'a>, at: usize) -> Option<(usize, Node<'a>)> {
    match parts.lits.get(at) {
        Some((place, lit)) => Some((*place, Node::Lit(lit.clone()))),
        None => parts.subs.get(at.checked_sub(parts.lits.len())?).cloned(),
    }
}

fn bit(lit: &Lit<'_>) -> u64 {
    1 << (lit.subject % 64)
}

fn bits(node: &Node<'_>) -> u64 {
    match node {
        Node::Const(_) => 0,
        Node::Lit(lit) => bit(lit),
        Node::Group { children, .. } | Node::AtLeast { children, .. } => {
            children.iter().fold(0, |found, child| found | bits(child))
        }
    }
}
