//! What is known at a place in the filter: the literals that hold around it, and what the catalog says.

use super::domain::Set;
use super::subject::{Kind, Lit, Scale};
use super::world::World;

/// What is known, with a way back.
pub(super) struct Context<'a> {
    /// By subject: the values that are still possible, where that is not all of them.
    sets: Vec<Option<Set>>,
    /// By slot: whether its value may be missing, and whether it may be there.
    may: Vec<(bool, bool)>,
    undo: Vec<Undo>,
    /// The literals that are known to hold, and whether they stand beside the place (in an `and`) or are known not to
    /// hold there (in an `or`).
    pub(super) known: Vec<(Lit<'a>, bool)>,
}

enum Undo {
    Set(usize, Option<Set>),
    May(usize, (bool, bool)),
}

/// A place to go back to.
#[derive(Clone, Copy)]
pub(super) struct Mark(usize, usize);

impl<'a> Context<'a> {
    pub(super) fn new(world: &World<'a>) -> Self {
        Self {
            sets: vec![None; world.subjects.len()],
            may: world.slots.iter().map(|slot| (slot.can_miss, true)).collect(),
            undo: Vec::new(),
            known: Vec::new(),
        }
    }

    pub(super) fn mark(&self) -> Mark {
        Mark(self.undo.len(), self.known.len())
    }

    pub(super) fn back(&mut self, to: Mark) {
        self.known.truncate(to.1);
        while self.undo.len() > to.0 {
            match self.undo.pop() {
                Some(Undo::Set(at, old)) => {
                    if let Some(set) = self.sets.get_mut(at) {
                        *set = old;
                    }
                }
                Some(Undo::May(at, old)) => {
                    if let Some(may) = self.may.get_mut(at) {
                        *may = old;
                    }
                }
                None => {}
            }
        }
    }

    fn set_may(&mut self, slot: usize, new: (bool, bool)) {
        if let Some(may) = self.may.get_mut(slot)
            && *may != new
        {
            self.undo.push(Undo::May(slot, *may));
            *may = new;
        }
    }

    fn may(&self, slot: usize) -> (bool, bool) {
        self.may.get(slot).copied().unwrap_or((true, true))
    }

    /// Takes a literal as given; `beside` says in which way it stands there, for the trace.
    pub(super) fn assume(&mut self, world: &World<'a>, lit: &Lit<'a>, beside: bool) {
        let Some(subject) = world.subject(lit.subject) else { return };
        self.sets.resize(world.subjects.len(), None);
        self.may.resize(world.slots.len(), (false, true));
        self.known.push((lit.clone(), beside));
        let Some(at) = self.sets.get_mut(lit.subject) else { return };
        let met = at.as_ref().map_or_else(|| lit.set.clone(), |set| set.meet(&lit.set));
        let impossible = met.is_empty();
        self.undo.push(Undo::Set(lit.subject, at.replace(met)));
        let (missing, there) = self.may(subject.slot);
        self.set_may(subject.slot, (missing && lit.missing, there && !impossible));
        if let (Kind::Pair(a, b), false) = (&subject.kind, lit.missing) {
            for slot in [*a, *b] {
                self.set_may(slot, (false, self.may(slot).1));
            }
        }
    }

    /// Whether the subject may be missing, and whether it may be there.
    fn presence(&self, world: &World<'a>, subject: usize) -> (bool, bool) {
        let Some(subject) = world.subject(subject) else { return (true, true) };
        let (missing, there) = self.may(subject.slot);
        let Kind::Pair(a, b) = subject.kind else { return (missing, there) };
        let (a, b) = (self.may(a), self.may(b));
        (missing && (a.0 || b.0), there && a.1 && b.1)
    }

    /// The values that a subject may still have.
    pub(super) fn possible(&self, subject: usize) -> Option<&Set> {
        self.sets.get(subject).and_then(Option::as_ref)
    }

    /// The verdict of a literal here, when it is settled.
    pub(super) fn verdict(&self, world: &World<'a>, lit: &Lit<'a>) -> Option<bool> {
        let (missing, there) = self.presence(world, lit.subject);
        let (mut always, mut never) = (lit.set.is_full(), lit.set.is_empty());
        if let Some(known) = self.possible(lit.subject) {
            always = known.within(&lit.set);
            never = known.misses(&lit.set);
        }
        if !always
            && !never
            && there
            && let Some(passes) = self.tried(world, lit)
        {
            (always, never) = (passes, !passes);
        }
        if (!missing || lit.missing) && (!there || always) {
            return Some(true);
        }
        if (!missing || !lit.missing) && (!there || never) {
            return Some(false);
        }
        None
    }

    /// The verdict of a test on the few values that a field may have here, when it is the same on all.
    fn tried(&self, world: &World<'a>, lit: &Lit<'a>) -> Option<bool> {
        let Some(Kind::Test { test: Some(test), .. }) = world.subject(lit.subject).map(|s| &s.kind) else {
            return None;
        };
        let value = *world.slot(lit.subject)?.subjects.first()?;
        let Some(Kind::Value(scale)) = world.subject(value).map(|s| &s.kind) else { return None };
        let points = points(scale, self.possible(value)?, 16)?;
        let mut verdicts =
            points.iter().map(|value| lit.set.holds(&super::domain::Pos::Int(test.passes(value).into())));
        let first = verdicts.next()?;
        verdicts.all(|verdict| verdict == first).then_some(first)
    }
}

/// The values of a set of single values, at most `most`.
pub(super) fn points(scale: &Scale, set: &Set, most: usize) -> Option<Vec<crate::value::Value>> {
    if set.first || set.cuts.len() % 2 == 1 || set.cuts.len() > 2 * most {
        return None;
    }
    set.cuts
        .chunks_exact(2)
        .map(|pair| match pair {
            [low, high] => {
                let value = scale.value(low)?;
                (scale.place(&value, true).as_ref() == Some(high)).then_some(value)
            }
            _ => None,
        })
        .collect()
}
