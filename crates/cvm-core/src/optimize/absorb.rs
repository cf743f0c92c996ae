//! Inner groups beside each other: what one implies of another, and what they have in common.

use std::collections::HashMap;

use smallvec::SmallVec;

use super::domain::Set;
use super::simplify::{Parts, join};
use super::subject::{Lit, Node};
use super::world::World;

/// More inner groups, or larger ones, are not compared in pairs.
const MANY: usize = 48;
const LARGE: usize = 64;

/// The fields that an inner group speaks about, as bits.
struct Fields {
    /// Anywhere in it.
    any: u64,
    /// In each of its children; none where it is no plain group.
    parts: SmallVec<[u64; 8]>,
}

impl<'a> World<'a> {
    /// Drops inner groups that others imply (in an `and`) or are part of (in an `or`); false when two of them can't
    /// hold together (or leave nobody out).
    pub(super) fn absorb(&mut self, all: bool, parts: &mut Parts<'a>) -> bool {
        if parts.subs.len() < 2 || parts.subs.len() > MANY {
            return true;
        }
        let small: Vec<bool> = parts.subs.iter().map(|(_, sub)| sub.leaves() <= LARGE).collect();
        let fields: Vec<Fields> = parts.subs.iter().map(|(_, sub)| self.fields(sub)).collect();
        let mut gone = vec![false; parts.subs.len()];
        for (i, (_, a)) in parts.subs.iter().enumerate() {
            for (j, (_, b)) in parts.subs.iter().enumerate() {
                let skip = |i: usize| gone.get(i) != Some(&false) || small.get(i) != Some(&true);
                let (Some(x), Some(y)) = (fields.get(i), fields.get(j)) else { continue };
                // Groups about different fields say nothing of each other.
                if i == j || x.any & y.any == 0 || skip(i) || skip(j) {
                    continue;
                }
                // Each part of the one meets each of the other.
                let meet = || x.parts.iter().all(|part| y.parts.iter().all(|other| part & other != 0));
                if i < j && meet() && self.entails(a, all, b, !all) {
                    let (rule, what) = if all { ("contradiction", "nobody") } else { ("tautology", "everyone") };
                    let (a, b) = (self.print(a, false), self.print(b, false));
                    self.note(rule, || format!("{a} beside {b}: {what}"));
                    return false;
                }
                // Each part of the one finds something in the other that is about its fields.
                let (from, to) = if all { (x, y) } else { (y, x) };
                if from.parts.iter().any(|part| part & to.any == 0) {
                    continue;
                }
                // In an `or` the smaller set goes, in an `and` the larger one.
                if self.entails(a, true, b, true) {
                    let at = if all { j } else { i };
                    let (gone_one, kept) = if all { (b, a) } else { (a, b) };
                    let (out, kept) = (self.print(gone_one, false), self.print(kept, false));
                    let how = if all { "implied by" } else { "it is part of" };
                    self.note("absorbed", || format!("dropped {out}: {how} {kept}"));
                    if let Some(gone) = gone.get_mut(at) {
                        *gone = true;
                    }
                }
            }
        }
        let mut gone = gone.into_iter();
        parts.subs.retain(|_| gone.next() != Some(true));
        true
    }

    fn fields(&self, node: &Node<'a>) -> Fields {
        let parts: SmallVec<[u64; 8]> = match node {
            Node::Group { children, .. } => children.iter().map(|child| self.fields_of(child)).collect(),
            _ => SmallVec::new(),
        };
        let any = if parts.is_empty() { self.fields_of(node) } else { parts.iter().fold(0, |any, part| any | part) };
        Fields { any, parts }
    }

    /// The slots that a node speaks about, as bits: far apart ones may share a bit. All bits where it holds a constant.
    fn fields_of(&self, node: &Node<'a>) -> u64 {
        match node {
            Node::Const(_) => u64::MAX,
            Node::Lit(lit) => self.subject(lit.subject).map_or(u64::MAX, |subject| 1 << (subject.slot % 64)),
            Node::AtLeast { children, .. } | Node::Group { children, .. } => {
                children.iter().fold(0, |bits, child| bits | self.fields_of(child))
            }
        }
    }

    /// Whether a node (or its complement, where `plain` is false) implies another, as far as their shapes show.
    fn entails(&self, a: &Node<'a>, a_plain: bool, b: &Node<'a>, b_plain: bool) -> bool {
        let Some(fuel) = self.fuel.get().checked_sub(1) else { return false };
        self.fuel.set(fuel);
        match (a, b) {
            (Node::Const(a), _) if *a != a_plain => true,
            (_, Node::Const(b)) if *b == b_plain => true,
            (Node::Lit(x), Node::Lit(y)) => self.lit_entails(x, a_plain, y, b_plain),
            (Node::Group { all, children }, _) if *all != a_plain => {
                children.iter().all(|child| self.entails(child, a_plain, b, b_plain))
            }
            (_, Node::Group { all, children }) if *all == b_plain => {
                children.iter().all(|child| self.entails(a, a_plain, child, b_plain))
            }
            (Node::AtLeast { n, children }, Node::AtLeast { n: m, children: others }) if a_plain && b_plain => {
                n >= m
                    && children.len() == others.len()
                    && children.iter().zip(others).all(|(x, y)| self.entails(x, true, y, true))
            }
            _ => {
                let some_a = match a {
                    Node::Group { children, .. } => {
                        children.iter().any(|child| self.entails(child, a_plain, b, b_plain))
                    }
                    _ => false,
                };
                some_a
                    || match b {
                        Node::Group { children, .. } => {
                            children.iter().any(|child| self.entails(a, a_plain, child, b_plain))
                        }
                        _ => false,
                    }
            }
        }
    }

    fn lit_entails(&self, x: &Lit<'a>, x_plain: bool, y: &Lit<'a>, y_plain: bool) -> bool {
        if x.subject != y.subject {
            return x_plain
                && y_plain
                && !x.missing
                && x.set.is_truth()
                && y.set.is_truth()
                && self.subject(x.subject).map(|s| s.slot) == self.subject(y.subject).map(|s| s.slot)
                && self.test_implies(x.subject, y.subject);
        }
        let sets = match (x_plain, y_plain) {
            (true, true) => x.set.within(&y.set),
            (true, false) => x.set.misses(&y.set),
            (false, true) => x.set.covers_with(&y.set),
            (false, false) => y.set.within(&x.set),
        };
        let passes = |lit: &Lit<'a>, plain: bool| lit.missing == plain;
        sets && (!self.can_miss(x.subject) || !passes(x, x_plain) || passes(y, y_plain))
    }

    /// Whether two of the groups have literals of one subject: else they have nothing in common.
    fn share_subjects(&self, subs: &[(usize, Node<'a>)]) -> bool {
        let mut last = vec![None; self.subjects.len()];
        subs.iter().enumerate().any(|(i, (_, sub))| {
            let Node::Group { children, .. } = sub else { return false };
            children.iter().any(|child| {
                let Node::Lit(lit) = child else { return false };
                let Some(last) = last.get_mut(lit.subject) else { return true };
                last.replace(i).is_some_and(|before| before != i)
            })
        })
    }

    /// Takes out of inner groups what most of them share: `(a and b) or (a and c)` is `a and (b or c)`, and the same
    /// with the words changed round. Whether anything was taken out.
    pub(super) fn factor(&mut self, all: bool, parts: &mut Parts<'a>) -> bool {
        if parts.subs.len() < 2 {
            return false;
        }
        if !self.share_subjects(&parts.subs) {
            return false;
        }
        let mut found: HashMap<(usize, bool, &Set), (usize, Vec<usize>)> = HashMap::new();
        let mut order = 0;
        for (i, (_, sub)) in parts.subs.iter().enumerate() {
            let Node::Group { children, .. } = sub else { continue };
            for child in children {
                if let Node::Lit(lit) = child {
                    let entry = found.entry((lit.subject, lit.missing, &lit.set)).or_insert_with(|| {
                        order += 1;
                        (order, Vec::new())
                    });
                    if entry.1.last() != Some(&i) {
                        entry.1.push(i);
                    }
                }
            }
        }
        // The most frequent one; of several the one that stands first.
        let best = found.into_values().filter(|(_, in_groups)| in_groups.len() > 1);
        let Some((_, groups)) = best.max_by_key(|(order, groups)| (groups.len(), std::cmp::Reverse(*order))) else {
            return false;
        };
        let mut taken = Vec::new();
        let mut left = Vec::new();
        for (i, sub) in std::mem::take(&mut parts.subs).into_iter().enumerate() {
            if groups.contains(&i) { taken.push(sub) } else { left.push(sub) }
        }
        parts.subs = left;
        let place = taken.first().map_or(0, |(place, _)| *place);
        let groups: Vec<Vec<Node<'a>>> = taken
            .into_iter()
            .filter_map(|(_, sub)| match sub {
                Node::Group { children, .. } => Some(children),
                _ => None,
            })
            .collect();
        let common: Vec<Lit<'a>> = groups
            .first()
            .into_iter()
            .flatten()
            .filter_map(|child| match child {
                Node::Lit(lit) if groups.iter().all(|group| holds(group, lit)) => Some(lit.clone()),
                _ => None,
            })
            .collect();
        let rest = groups.into_iter().map(|group| {
            let children = group.into_iter().filter(|child| match child {
                Node::Lit(lit) => !common.iter().any(|taken| taken.same(lit)),
                _ => true,
            });
            join(!all, Parts { lits: Vec::new(), subs: children.enumerate().collect() })
        });
        let rest = Node::Group { all, children: rest.collect() };
        let names: Vec<String> = common.iter().map(|lit| self.show(lit, true)).collect();
        let (outer, inner) = if all { ("or", "and") } else { ("and", "or") };
        self.note("factor", || format!("took {} out of an `{inner}` of `{outer}`", names.join(&format!(" {outer} "))));
        let children = common.into_iter().map(Node::Lit).chain([rest]).collect();
        let factored = Node::Group { all: !all, children };
        parts.subs.push((place, factored));
        parts.subs.sort_by_key(|(place, _)| *place);
        true
    }
}

fn holds(group: &[Node<'_>], lit: &Lit<'_>) -> bool {
    group.iter().any(|child| matches!(child, Node::Lit(other) if other.same(lit)))
}
