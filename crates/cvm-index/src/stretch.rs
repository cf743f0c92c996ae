//! The sets of a program in a short stretch of customers.
//!
//! Stretches are worked through one after another: what was made of the one before is overwritten.

use crate::bitmap::WORD;
use crate::fold::{FEW, Turned, at_least, fold, in_all, ones};
use crate::places::Places;
use crate::program::{Part, Program, Step};

/// Words in a stretch: 32,768 customers, four kilobytes a set.
pub(crate) const STRETCH: usize = 512;

/// Where a program's sets stand in one stretch.
pub(crate) struct Stretch<'p> {
    program: &'p Program,
    places: Places,
    /// Step by step, the words of the sets of conditions; none for other steps.
    conditions: Vec<&'p [u64]>,
    /// The words of other steps, by their places.
    made: Vec<Vec<u64>>,
    /// The words of the stretch.
    many: usize,
    /// The rows in them that stand for nobody.
    over: usize,
}

impl<'p> Stretch<'p> {
    #[inline(always)]
    pub(crate) fn new(program: &'p Program) -> Self {
        let places = Places::new(&program.steps, &program.roots);
        let made = vec![vec![0; STRETCH]; places.many];
        Self { program, places, conditions: vec![&[]; program.steps.len()], made, many: 0, over: 0 }
    }

    /// Goes on to the stretch of so many words from one on.
    #[inline(always)]
    pub(crate) fn begin(&mut self, first: usize, many: usize) {
        for (own, step) in self.conditions.iter_mut().zip(&self.program.steps) {
            if let Step::Leaf(at) = step {
                let words = self.program.leaves.get(*at).and_then(|leaf| leaf.words().get(first..first + many));
                *own = words.unwrap_or_default();
            }
        }
        self.many = many;
        self.over = ((first + many) * WORD).saturating_sub(self.program.len);
    }

    /// The words of a condition, or of a step that was made.
    #[inline(always)]
    pub(crate) fn words(&self, step: usize) -> &[u64] {
        match self.conditions.get(step) {
            Some(words) if !words.is_empty() => words,
            _ => self.places.of(step).and_then(|place| self.made.get(place)?.get(..self.many)).unwrap_or_default(),
        }
    }

    #[inline(always)]
    fn turned(&self, part: Part) -> Turned<'_> {
        (self.words(part.step), if part.turned { u64::MAX } else { 0 })
    }

    /// Writes the words of a step.
    #[inline(always)]
    pub(crate) fn make(&mut self, number: usize) {
        let (Some(step), Some(place)) = (self.program.steps.get(number), self.places.of(number)) else { return };
        // Taken out while the places of other steps are read, and put back below.
        let Some(mut whole) = self.made.get_mut(place).map(std::mem::take) else { return };
        let own = whole.get_mut(..self.many).unwrap_or_default();
        let turned = |part: &Part| self.turned(*part);
        match step {
            Step::Leaf(_) => {}
            Step::Constant(value) => own.fill(if *value { u64::MAX } else { 0 }),
            Step::All(parts) => fold(own, parts.iter().map(turned), u64::MAX, |a, b| a & b),
            Step::Any(parts) => fold(own, parts.iter().map(turned), 0, |a, b| a | b),
            Step::Not(step) => fold(own, [(self.words(*step), u64::MAX)].into_iter(), 0, |a, b| a | b),
            Step::AtLeast(n, steps) => {
                let sets: Vec<&[u64]> = steps.iter().map(|step| self.words(*step)).collect();
                at_least(*n, &sets, own);
            }
        }
        // Nobody stands beyond the last customer.
        if self.over > 0
            && let Some(last) = own.last_mut()
        {
            *last &= u64::MAX >> self.over;
        }
        if let Some(put) = self.made.get_mut(place) {
            *put = whole;
        }
    }

    /// How many are in the set of a step, which is `written` or counted out of what it is made of. Something may be kept in
    /// `scratch`, a whole stretch.
    #[inline(always)]
    pub(crate) fn count(&self, step: usize, written: bool, scratch: &mut [u64]) -> u64 {
        let own = [Part { step, turned: false }];
        let other;
        let (parts, any) = match self.program.steps.get(step) {
            _ if written => (&own[..], false),
            Some(Step::All(parts)) => (parts.as_slice(), false),
            Some(Step::Any(parts)) => (parts.as_slice(), true),
            Some(Step::Not(step)) => {
                other = [Part { step: *step, turned: true }];
                (&other[..], false)
            }
            Some(Step::Constant(value)) => (&[][..], !value),
            Some(Step::Leaf(_) | Step::AtLeast(..)) | None => (&own[..], false),
        };
        // Who is in any of the sets is not in all of the others.
        let turned = |part: &Part| self.turned(Part { turned: part.turned != any, ..*part });
        let mut sets: [Turned<'_>; FEW] = [(&[], 0); FEW];
        for (set, part) in sets.iter_mut().zip(parts) {
            *set = turned(part);
        }
        let few = sets.get(..parts.len()).and_then(in_all);
        let mut count = few.unwrap_or_else(
            #[inline(always)]
            || {
                let scratch = scratch.get_mut(..self.many).unwrap_or_default();
                fold(scratch, parts.iter().map(turned), u64::MAX, |a, b| a & b);
                ones(scratch.iter(), |word| *word)
            },
        );
        // Sets that are turned say that there is somebody beyond the last customer.
        if self.over > 0 {
            let last = parts.iter().map(turned).map(|(words, turn)| words.last().copied().unwrap_or(0) ^ turn);
            let beyond = last.fold(u64::MAX, |a, b| a & b) >> (WORD - self.over);
            count -= u64::from(beyond.count_ones());
        }
        if any { (self.many * WORD - self.over) as u64 - count } else { count }
    }
}
