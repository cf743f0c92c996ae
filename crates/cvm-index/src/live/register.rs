//! Segments come and go.

use std::collections::BTreeSet;
use std::sync::Arc;

use cvm_core::{Code, Diagnostic, Diagnostics, Filter, Matcher, bind};

use super::formula::Formula;
use super::gather::has_bit;
use super::leaf::{Leaf, json_of};
use super::state::{Live, Segment};

impl Live {
    /// Keeps up who is in a segment from now on, and says how many there are. Conditions that other segments have too
    /// are there already; a new one is asked about everybody.
    ///
    /// # Errors
    /// As [`Matcher::new`]: findings of the filter, [`Code::NotSupported`] for rankings; [`Code::CatalogName`] where the
    /// name is taken; [`Code::NothingLoaded`] where the index lacks rows that the filter asks for.
    pub fn register(&mut self, name: &str, filter: &Filter) -> Result<u64, Diagnostics> {
        let (members, new) = self.add(name, filter)?;
        self.begin(&new);
        Ok(members)
    }

    /// As [`Live::register`] for many segments, none of them where one can't be: what takes a look at everybody is done
    /// once for all of them.
    ///
    /// # Errors
    /// As [`Live::register`], with the number of the segment at the front of the place.
    pub fn register_all(&mut self, segments: &[(&str, &Filter)]) -> Result<Vec<u64>, Diagnostics> {
        let (mut all, mut members) = (Vec::new(), Vec::new());
        for (number, (name, filter)) in segments.iter().enumerate() {
            match self.add(name, filter) {
                Ok((many, new)) => {
                    members.push(many);
                    all.extend(new);
                }
                Err(wrong) => {
                    for (name, _) in segments.iter().take(number) {
                        self.unregister(name);
                    }
                    return Err(wrong.below(&format!("/{number}")));
                }
            }
        }
        self.begin(&all);
        Ok(members)
    }

    /// New conditions are followed from now on.
    fn begin(&mut self, new: &[usize]) {
        self.look_ahead(new);
        let streams = new.iter().filter_map(|number| self.leaves.get(*number)?.as_ref()?.stream());
        let streams: BTreeSet<usize> = streams.collect();
        self.gather(streams);
    }

    /// Takes a segment in; gives its members, and the conditions that are new.
    fn add(&mut self, name: &str, filter: &Filter) -> Result<(u64, Vec<usize>), Diagnostics> {
        if self.named(name).is_some() {
            let message = format!("a segment `{name}` is registered already");
            let finding = Diagnostic::error(Code::CatalogName, "", message);
            return Err(finding.help("take another name, or unregister it first").into());
        }
        let catalog = Arc::clone(&self.people.catalog);
        // Once as a whole, so that findings name their places.
        Matcher::new(filter, &catalog)?.at(self.now)?;
        if let Some(index) = &self.people.index {
            for source in bind(filter, &catalog, self.now)?.sources() {
                index.stream(source)?;
            }
        }
        let mut new: Vec<(usize, Leaf)> = Vec::new();
        let mut free = (0..).filter(|number| !matches!(self.leaves.get(*number), Some(Some(_))));
        let formula = Formula::of(filter, &catalog, &mut |leaf| {
            let json = json_of(leaf);
            let known = self.leaves.iter().position(|known| known.as_ref().is_some_and(|known| known.json == json));
            let known = known.or_else(|| new.iter().find(|(_, known)| known.json == json).map(|(number, _)| *number));
            if let Some(known) = known {
                return Ok(known);
            }
            let number = free.next().unwrap_or_default();
            let mut kept = Leaf::new(leaf, &catalog, self.now)?;
            if !has_bit(&self.leaves, &new, &kept) {
                kept.fast = None;
            }
            new.push((number, kept));
            Ok(number)
        })?;
        drop(free);
        let bitmaps = new.iter().map(|(_, leaf)| match &self.people.index {
            Some(index) => index.bits(&leaf.filter, self.now).map(Some),
            None => Ok(None),
        });
        let bitmaps = bitmaps.collect::<Result<Vec<_>, _>>()?;
        let numbers: Vec<usize> = new.iter().map(|(number, _)| *number).collect();
        for ((number, leaf), bitmap) in new.into_iter().zip(bitmaps) {
            self.keep(number, leaf, bitmap.as_deref());
        }
        Ok((self.install(name, formula), numbers))
    }

    /// Ends keeping a segment up, and says whether there was one. Conditions that no other segment has go too.
    pub fn unregister(&mut self, name: &str) -> bool {
        let Some((number, _)) = self.named(name) else { return false };
        let mut streams = Vec::new();
        if let Some(place) = self.segments.get_mut(number) {
            *place = None;
        }
        for (leaf, place) in (0..).zip(&mut self.leaves) {
            let Some(kept) = place else { continue };
            kept.segments.retain(|segment| *segment != number);
            if kept.segments.is_empty() {
                streams.extend(kept.stream().filter(|stream| !streams.contains(stream)));
                *place = None;
                self.queue.forget_leaf(leaf);
            }
        }
        self.gather(streams);
        true
    }

    /// Takes a condition in, with its bit for everybody: the index's for those who are as they were there.
    fn keep(&mut self, number: usize, leaf: Leaf, bitmap: Option<&crate::bitmap::Bitmap>) {
        let own = self.verdicts(&leaf);
        if self.leaves.len() <= number {
            self.leaves.resize_with(number + 1, || None);
        }
        if let Some(place) = self.leaves.get_mut(number) {
            *place = Some(leaf);
        }
        self.make_room();
        for (customer, row) in (0..).zip(0..self.people.len()) {
            let holds = self.people.is_there(customer) && bitmap.is_some_and(|bitmap| bitmap.holds(row));
            self.rows.set(customer, number, holds);
        }
        for (customer, holds) in own {
            self.rows.set(customer, number, holds);
        }
    }

    /// Takes a segment in, with its members.
    fn install(&mut self, name: &str, formula: Formula) -> u64 {
        let number = self.segments.iter().position(Option::is_none).unwrap_or(self.segments.len());
        let mut leaves = Vec::new();
        formula.leaves(&mut leaves);
        for leaf in leaves {
            if let Some(Some(leaf)) = self.leaves.get_mut(leaf) {
                leaf.segments.push(number);
            }
        }
        if self.segments.len() <= number {
            self.segments.resize_with(number + 1, || None);
        }
        self.make_room();
        let mut members = 0;
        for customer in (0..).take(self.people.len()) {
            let verdict = self.people.is_there(customer) && formula.holds(self.rows.row(customer));
            self.rows.set_inside(customer, number, verdict);
            members += u64::from(verdict);
        }
        if let Some(place) = self.segments.get_mut(number) {
            *place = Some(Segment { name: name.into(), formula, members });
        }
        members
    }
}
