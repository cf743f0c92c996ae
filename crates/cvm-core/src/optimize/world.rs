//! All that is known while a filter is optimised: fields, subjects, and what was written down.

use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};

use super::scale::scale;
use super::subject::{Kind, Lit, Origin, Slot, Subject};
use super::{OptimizeOptions, Rewrite};
use crate::catalog::{Catalog, Field, FieldType};
use crate::check::lone::Lone;
use crate::value::Timestamp;

/// All that is known while a filter is optimised.
pub(super) struct World<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) options: OptimizeOptions,
    /// Relative times are settled at this instant; without one they stay relative.
    pub(super) as_of: Option<Timestamp>,
    /// Whether static lists are looked into, as sets of keys.
    pub(super) open_lists: bool,
    pub(super) lone: Lone<'a>,
    pub(super) slots: Vec<Slot<'a>>,
    pub(super) subjects: Vec<Subject<'a>>,
    names: FxHashMap<&'a str, usize>,
    pub(super) atoms: Vec<usize>,
    pub(super) trace: Vec<Rewrite>,
    /// Whether anything may have changed: without it the filter needs no printing.
    pub(super) dirty: bool,
    /// Comparisons of inner groups that may still be made; they are few unless a filter is made to be slow.
    pub(super) fuel: std::cell::Cell<usize>,
    /// Conditions that may still be tried in the search for the fewest.
    pub(super) tries: usize,
    /// How many `not` around groups were taken apart.
    pub(super) opened: usize,
}

impl<'a> World<'a> {
    pub(super) fn new(catalog: &'a Catalog, rows: Option<&'a [Field]>, options: &OptimizeOptions) -> Self {
        let as_of = options.as_of;
        Self {
            catalog,
            options: *options,
            as_of,
            open_lists: false,
            lone: Lone::new(catalog, as_of, rows),
            slots: Vec::with_capacity(32),
            subjects: Vec::with_capacity(32),
            names: FxHashMap::with_capacity_and_hasher(32, rustc_hash::FxBuildHasher),
            atoms: Vec::new(),
            trace: Vec::new(),
            dirty: false,
            opened: 0,
            fuel: std::cell::Cell::new(200_000),
            tries: 1_000_000,
        }
    }

    /// Writes down a rewrite; the words are made only here.
    pub(super) fn note(&mut self, rule: &'static str, message: impl FnOnce() -> String) {
        self.dirty = true;
        self.trace.push(Rewrite { rule, message: message() });
    }

    pub(super) fn complement(&self, mut lit: Lit<'a>) -> Lit<'a> {
        self.turn(&mut lit);
        lit
    }

    /// Turns a literal into its complement.
    pub(super) fn turn(&self, lit: &mut Lit<'a>) {
        let can_miss = self.can_miss(lit.subject);
        let leaf = lit.edit();
        leaf.missing = can_miss && !leaf.missing;
        leaf.set.first = !leaf.set.first;
        leaf.origin = match leaf.origin {
            Origin::None => Origin::None,
            Origin::Is(filter) => Origin::Not(filter),
            Origin::Not(filter) => Origin::Is(filter),
        };
    }

    pub(super) fn can_miss(&self, subject: usize) -> bool {
        self.slot(subject).is_some_and(|slot| slot.can_miss)
    }

    pub(super) fn subject(&self, subject: usize) -> Option<&Subject<'a>> {
        self.subjects.get(subject)
    }

    pub(super) fn slot(&self, subject: usize) -> Option<&Slot<'a>> {
        self.slots.get(self.subjects.get(subject)?.slot)
    }

    /// A subject that is no field and never missing.
    pub(super) fn alone(&mut self, kind: Kind<'a>, min: Option<i128>, max: Option<i128>) -> usize {
        self.slots.push(Slot { name: "", field: None, can_miss: false, subjects: smallvec![self.subjects.len()] });
        self.subjects.push(Subject { slot: self.slots.len() - 1, kind, min, max });
        self.subjects.len() - 1
    }

    /// The slot of a field.
    pub(super) fn slot_of(&mut self, name: &'a str) -> Option<usize> {
        if let Some(slot) = self.names.get(name) {
            return Some(*slot);
        }
        let (field, reference) = self.lone.field(name)?;
        // NaN is missing, a document may be `null`, and a part of one can be missing, whatever is said of the column.
        let sure =
            !field.nullable && !matches!(field.ty, FieldType::Float | FieldType::Json) && reference.path.is_empty();
        self.slots.push(Slot { name, field: Some(field), can_miss: !sure, subjects: SmallVec::new() });
        let slot = self.slots.len() - 1;
        self.names.insert(name, slot);
        let (scale, min, max) = scale(field, &self.options);
        self.intern(slot, Kind::Value(scale), min, max);
        Some(slot)
    }

    /// How the values of a slot become places.
    #[cfg(test)]
    pub(super) fn scale_of(&self, slot: usize) -> Option<&super::subject::Scale<'a>> {
        match &self.subject(*self.slots.get(slot)?.subjects.first()?)?.kind {
            Kind::Value(scale) => Some(scale),
            _ => None,
        }
    }

    /// The subject of a field's value: the first of its slot.
    pub(super) fn value_of(&mut self, name: &'a str) -> Option<usize> {
        let slot = self.slot_of(name)?;
        self.slots.get(slot)?.subjects.first().copied()
    }

    pub(super) fn intern(&mut self, slot: usize, kind: Kind<'a>, min: Option<i128>, max: Option<i128>) -> usize {
        self.subjects.push(Subject { slot, kind, min, max });
        let subject = self.subjects.len() - 1;
        if let Some(slot) = self.slots.get_mut(slot) {
            slot.subjects.push(subject);
        }
        subject
    }

    /// The subject of a slot of which `is` holds.
    pub(super) fn find(&self, slot: usize, is: impl Fn(&Kind<'a>) -> bool) -> Option<usize> {
        let subjects = &self.slots.get(slot)?.subjects;
        subjects.iter().copied().find(|subject| self.subjects.get(*subject).is_some_and(|s| is(&s.kind)))
    }
}
