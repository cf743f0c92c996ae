//! Literals of one field, brought together: ranges, lists, tests and what is said of missing values, in one pass.
//!
//! Everything here is said of an `and`. An `or` is the same with every literal turned round.

use std::borrow::Cow;
use std::fmt::Write as _;

use smallvec::SmallVec;

use super::context::points;
use super::domain::Set;
use super::subject::{Kind, Leaf, Lit, Origin};
use super::world::World;

/// Literals with their places among the children of a group.
pub(super) type Placed<'a> = Vec<(usize, Lit<'a>)>;

/// About as long as a condition is written.
const LINE: usize = 48;

/// So many literals of a field are first looked at in pairs, to see whether there is anything to do.
const FEW: usize = 16;

impl<'a> World<'a> {
    /// The text of a literal, for the trace; `all` tells whether it stands in an `and`.
    pub(super) fn show(&self, lit: &Lit<'a>, all: bool) -> String {
        let mut out = String::with_capacity(LINE);
        self.write_into(&mut out, lit, all);
        out
    }

    fn show_all(&self, lits: &[(usize, Lit<'a>)], all: bool) -> String {
        let mut out = String::with_capacity(LINE * lits.len());
        for (i, (_, lit)) in lits.iter().enumerate() {
            if i > 0 {
                out.push_str(if all { " and " } else { " or " });
            }
            self.write_into(&mut out, lit, all);
        }
        out
    }

    fn write_into(&self, out: &mut String, lit: &Lit<'a>, all: bool) {
        let said = match (lit.origin, all) {
            (Origin::Is(filter), true) | (Origin::Not(filter), false) => Some(Cow::Borrowed(filter)),
            (_, true) => self.say(lit).map(Cow::Owned),
            (_, false) => self.say(&self.complement(lit.clone())).map(Cow::Owned),
        };
        match said {
            // Writing into a text can't fail.
            Some(filter) => drop(write!(out, "{filter}")),
            None => out.push_str("a condition"),
        }
    }

    /// Merges the literals of an `and` (or, turned round, of an `or`); false when they contradict each other.
    pub(super) fn merge(&mut self, lits: &mut Placed<'a>, all: bool) -> bool {
        if lits.len() < 2 {
            return true;
        }
        let slot = |world: &Self, lit: &Lit<'a>| world.subject(lit.subject).map_or(usize::MAX, |s| s.slot);
        let mut order: Vec<(usize, usize)> =
            lits.iter().enumerate().map(|(i, (_, lit))| (slot(self, lit), i)).collect();
        order.sort_unstable();
        if order.windows(2).all(|pair| matches!(pair, [a, b] if a.0 != b.0)) {
            return true;
        }
        let mut old: Vec<Option<(usize, Lit<'a>)>> = lits.drain(..).map(Some).collect();
        for run in order.chunk_by(|a, b| a.0 == b.0) {
            let taken: Placed<'a> = run.iter().filter_map(|(_, i)| old.get_mut(*i)?.take()).collect();
            if taken.len() == 1 {
                lits.extend(taken);
            } else if let Some(merged) = self.merge_slot(taken, all) {
                lits.extend(merged);
            } else {
                return false;
            }
        }
        lits.sort_by_key(|(place, _)| *place);
        true
    }

    /// Whether literals of one field, each about another side of it, say nothing of each other.
    fn strangers(&self, run: &[(usize, Lit<'a>)]) -> bool {
        if run.len() > FEW {
            return false;
        }
        let (mut tests, mut values) = (0, 0);
        for (i, (_, lit)) in run.iter().enumerate() {
            let seen = run.iter().take(i).any(|(_, other)| other.subject == lit.subject);
            if seen || lit.set.is_full() || lit.set.is_empty() {
                return false;
            }
            match self.subject(lit.subject).map(|s| &s.kind) {
                Some(Kind::Test { .. }) => tests += 1,
                Some(Kind::Value(_)) => values += 1,
                _ => {}
            }
        }
        let implied = |a: &Lit<'a>, b: &Lit<'a>| a.subject != b.subject && self.test_implies(a.subject, b.subject);
        tests == 0 || values == 0 && !run.iter().any(|(_, lit)| run.iter().any(|(_, other)| implied(lit, other)))
    }

    /// Merges the literals of one field; `None` when they contradict each other.
    fn merge_slot(&mut self, run: Placed<'a>, all: bool) -> Option<Placed<'a>> {
        if self.strangers(&run) {
            return Some(run);
        }
        let missing = run.iter().all(|(_, lit)| lit.missing);
        let mut sets: SmallVec<[(usize, Set); 2]> = SmallVec::new();
        for (_, lit) in &run {
            if !sets.iter().any(|(subject, _)| *subject == lit.subject) {
                let own: SmallVec<[&Set; 4]> =
                    run.iter().map(|(_, l)| l).filter(|l| l.subject == lit.subject).map(|l| &l.set).collect();
                sets.push((lit.subject, meet_all(&own)));
            }
        }
        self.try_values(&run, &mut sets);
        self.relate_tests(&run, &mut sets);
        if sets.iter().any(|(_, set)| set.is_empty()) {
            return self.impossible(run, missing, all);
        }
        let mut pieces: Placed<'a> = Vec::new();
        for (subject, set) in &sets {
            if !set.is_full() {
                let own: Placed<'a> = run.iter().filter(|(_, lit)| lit.subject == *subject).cloned().collect();
                pieces.extend(self.pieces(&own, set, missing));
            }
        }
        if !missing && !self.keep_presence(&run, &mut pieces) {
            return Some(run);
        }
        if pieces.len() > run.len() || unchanged(&run, &pieces) {
            return Some(run);
        }
        if pieces.len() == run.len() && weight(&pieces) >= weight(&run) {
            return Some(run);
        }
        self.note_merge(&run, &pieces, all);
        Some(pieces)
    }

    fn note_merge(&mut self, run: &[(usize, Lit<'a>)], pieces: &[(usize, Lit<'a>)], all: bool) {
        let kept: Vec<&(usize, Lit<'a>)> =
            pieces.iter().filter(|(_, lit)| run.iter().any(|(_, old)| old.same(lit))).collect();
        if kept.len() == pieces.len() {
            let reason = self.show_all(pieces, all);
            let mut stay = pieces.to_vec();
            for (_, lit) in run {
                if let Some(at) = stay.iter().position(|(_, kept)| kept.same(lit)) {
                    stay.remove(at);
                    continue;
                }
                let gone = self.show(lit, all);
                let twice = pieces.iter().any(|(_, kept)| kept.same(lit));
                self.note(if twice { "duplicate" } else { "implied" }, || match (twice, all) {
                    (true, _) => format!("dropped a repeated {gone}"),
                    (false, true) => format!("dropped {gone}: implied by {reason}"),
                    (false, false) => format!("dropped {gone}: it is part of {reason}"),
                });
            }
            return;
        }
        let (before, after) = (self.show_all(run, all), self.show_all(pieces, all));
        self.note("merge", || format!("merged {before} into {after}"));
    }

    /// No value that is there passes.
    fn impossible(&mut self, run: Placed<'a>, missing: bool, all: bool) -> Option<Placed<'a>> {
        let shown = self.show_all(&run, all);
        if !missing {
            let (rule, what) = if all {
                ("contradiction", "can't both hold: nobody")
            } else {
                ("tautology", "cover every case: everyone")
            };
            self.note(rule, || format!("{shown} {what}"));
            return None;
        }
        let (place, first) = run.first()?;
        let subject = *self.slot(first.subject)?.subjects.first()?;
        let gone =
            Lit::new(Leaf { subject, missing: true, set: Set::constant(false), origin: Origin::None, listed: 0 });
        let asked = if all { self.say(&gone) } else { self.say(&self.complement(gone.clone())) };
        let place = *place;
        if asked.is_none() {
            return Some(run);
        }
        if let Some(same) = run.iter().find(|(_, lit)| lit.set.is_empty()).cloned() {
            self.note_merge(&run, std::slice::from_ref(&same), all);
            return Some(vec![same]);
        }
        let after = self.show(&gone, all);
        self.note("merge", || format!("merged {shown} into {after}"));
        Some(vec![(place, gone)])
    }

    /// The fewest literals that say a set, given literals whose common part it is.
    fn pieces(&self, own: &[(usize, Lit<'a>)], set: &Set, missing: bool) -> Placed<'a> {
        if let Some(same) = own
            .iter()
            .filter(|(_, lit)| lit.set == *set)
            .min_by_key(|(_, lit)| (lit.missing != missing, weight_of(lit)))
        {
            return vec![same.clone()];
        }
        let Some((place, first)) = own.first() else { return Vec::new() };
        let listed = own.iter().map(|(_, lit)| lit.listed).sum();
        let lit = |set: Set, missing: bool| {
            Lit::new(Leaf { subject: first.subject, missing, set, origin: Origin::None, listed })
        };
        let whole = lit(set.clone(), missing);
        if self.sayable(&whole) {
            return vec![(*place, whole)];
        }
        if let Some(parts) = self.parts(first.subject, set, listed)
            && (parts.len() < own.len()
                || (parts.len() == own.len() && parts.iter().map(|s| s.cuts.len()).sum::<usize>() < weight(own)))
        {
            // A part that is said by what it leaves out passes missing values by itself.
            let can_miss = self.can_miss(first.subject);
            let lits = parts.into_iter().enumerate().map(|(i, set)| {
                let missing = missing || (can_miss && i > 0 && set.first && set.cuts.len().is_multiple_of(2));
                (*place, lit(set, missing))
            });
            return lits.collect();
        }
        // Leave out what the others imply, the last ones first.
        let mut kept = own.to_vec();
        for i in (0..own.len()).rev() {
            let others: Vec<&Set> =
                kept.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, (_, lit))| &lit.set).collect();
            if kept.get(i).is_some_and(|(_, lit)| !others.is_empty() && meet_all(&others).within(&lit.set)) {
                kept.remove(i);
            }
        }
        kept
    }

    /// The outline of a set, its gaps of single values, and its longer gaps.
    fn parts(&self, subject: usize, set: &Set, listed: usize) -> Option<Vec<Set>> {
        let Some(Kind::Value(scale)) = self.subject(subject).map(|s| &s.kind) else { return None };
        let outline = Set::interval(set.low().cloned(), set.high().cloned());
        let say = |set: &Set| {
            let lit = Lit::new(Leaf { subject, missing: false, set: set.clone(), origin: Origin::None, listed });
            self.sayable(&lit)
        };
        let mut parts = Vec::new();
        if !outline.is_full() {
            if say(&outline) {
                parts.push(outline.clone());
            } else {
                parts.push(Set::interval(set.low().cloned(), None));
                parts.push(Set::interval(None, set.high().cloned()));
            }
        }
        let mut single = Vec::new();
        let gaps = outline.meet(&set.clone().complement());
        for (low, high) in gaps.stretches() {
            let (low, high) = (low?.clone(), high?.clone());
            let gap = Set::interval(Some(low.clone()), Some(high.clone()));
            if points(scale, &gap, 1).is_some() {
                single.push((low, high));
            } else {
                parts.push(gap.complement());
            }
        }
        if !single.is_empty() {
            parts.push(Set::union(single).complement());
        }
        parts.iter().all(say).then_some(parts)
    }

    /// When missing values are out, one of the pieces must say so; false when none can.
    fn keep_presence(&mut self, run: &[(usize, Lit<'a>)], pieces: &mut Placed<'a>) -> bool {
        if pieces.iter().any(|(_, lit)| !lit.missing) {
            return true;
        }
        if pieces.is_empty() {
            // Only being there is left.
            let plain = run.iter().find(|(_, lit)| lit.set.is_full() && !lit.missing).cloned();
            let Some((place, first)) = plain.clone().or_else(|| run.first().cloned()) else { return false };
            let Some(subject) = self.slot(first.subject).and_then(|slot| slot.subjects.first().copied()) else {
                return false;
            };
            let set =
                Lit::new(Leaf { subject, missing: false, set: Set::constant(true), origin: Origin::None, listed: 0 });
            let piece = plain.map_or(set, |(_, lit)| lit);
            if !self.sayable(&piece) {
                return false;
            }
            pieces.push((place, piece));
            return true;
        }
        for (_, lit) in pieces.iter_mut() {
            let mut strict = lit.clone();
            let leaf = strict.edit();
            (leaf.missing, leaf.origin) = (false, Origin::None);
            if self.sayable(&strict) {
                *lit = strict;
                return true;
            }
        }
        false
    }

    /// A field of few values beside tests of it: the values that fail go, and then the tests say nothing more.
    fn try_values(&self, run: &[(usize, Lit<'a>)], sets: &mut [(usize, Set)]) {
        let Some((value, scale)) = run.iter().find_map(|(_, lit)| match &self.subject(lit.subject)?.kind {
            Kind::Value(scale) if !lit.set.is_full() => Some((lit.subject, scale)),
            _ => None,
        }) else {
            return;
        };
        let Some(at) = sets.iter().position(|(subject, _)| *subject == value) else { return };
        let Some(set) = sets.get(at).map(|(_, set)| set.clone()) else { return };
        let tests: Vec<(usize, bool)> = sets
            .iter()
            .enumerate()
            .filter(|(_, (subject, _))| {
                matches!(self.subject(*subject).map(|s| &s.kind), Some(Kind::Test { test: Some(_), .. }))
            })
            .filter(|(_, (_, set))| !set.is_full() && !set.is_empty())
            .map(|(i, (_, set))| (i, set.is_truth()))
            .collect();
        if tests.is_empty() {
            return;
        }
        let passes = |value: &crate::value::Value, sets: &[(usize, Set)]| {
            tests.iter().all(|(i, wanted)| match sets.get(*i).and_then(|(s, _)| self.subject(*s)).map(|s| &s.kind) {
                Some(Kind::Test { test: Some(test), .. }) => test.passes(value) == *wanted,
                _ => true,
            })
        };
        let (listed, inside) = match points(scale, &set, 1_000) {
            Some(values) => (values, true),
            None => match points(scale, &set.clone().complement(), 1_000) {
                Some(values) => (values, false),
                None => return,
            },
        };
        let kept: Vec<crate::value::Value> = listed.into_iter().filter(|value| passes(value, sets)).collect();
        let Some(kept) = scale.points(&kept) else { return };
        if let Some((_, set)) = sets.get_mut(at) {
            *set = if inside { kept } else { kept.complement() };
        }
        if inside {
            for (i, _) in tests {
                if let Some((_, set)) = sets.get_mut(i) {
                    *set = Set::constant(true);
                }
            }
        }
    }

    /// Tests of one field that imply or exclude each other.
    fn relate_tests(&self, run: &[(usize, Lit<'a>)], sets: &mut [(usize, Set)]) {
        let tests: Vec<usize> = (0..sets.len())
            .filter(|i| {
                let subject = sets.get(*i).and_then(|(subject, _)| self.subject(*subject));
                matches!(subject.map(|s| &s.kind), Some(Kind::Test { .. }))
            })
            .collect();
        if tests.len() < 2 || tests.len() > 64 || run.len() > 256 {
            return;
        }
        for i in &tests {
            for j in &tests {
                let (Some((a, x)), Some((b, y))) = (sets.get(*i), sets.get(*j)) else { continue };
                if i == j || !self.test_implies(*a, *b) {
                    continue;
                }
                let (at, new) = if x.is_truth() && y.is_truth() {
                    (*j, Set::constant(true))
                } else if x.is_truth() && y.is_untruth() {
                    (*i, Set::constant(false))
                } else if x.is_untruth() && y.is_untruth() {
                    (*i, Set::constant(true))
                } else {
                    continue;
                };
                if let Some((_, set)) = sets.get_mut(at) {
                    *set = new;
                }
            }
        }
    }
}

/// The common part of sets, two by two, so that long lists are walked few times.
pub(super) fn meet_all(sets: &[&Set]) -> Set {
    match sets {
        [] => Set::constant(true),
        [one] => (*one).clone(),
        [a, b] => a.meet(b),
        many => {
            let (left, right) = many.split_at(many.len() / 2);
            meet_all(left).meet(&meet_all(right))
        }
    }
}

fn weight_of(lit: &Lit<'_>) -> usize {
    lit.set.cuts.len()
}

/// How much is written: the ends of ranges and the values of lists.
fn weight(lits: &[(usize, Lit<'_>)]) -> usize {
    lits.iter().map(|(_, lit)| weight_of(lit)).sum()
}

fn unchanged(run: &[(usize, Lit<'_>)], pieces: &[(usize, Lit<'_>)]) -> bool {
    run.len() == pieces.len() && run.iter().all(|(_, lit)| pieces.iter().any(|(_, other)| other.same(lit)))
}
