//! Filters as steps over the sets of their conditions, worked through in short stretches of customers.
//!
//! Steps that stand in several filters, or twice in one, are made once. A stretch of every set lies in the processor's
//! cache while all filters are worked through, so that a thousand of them read each set from memory once.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::bitmap::Bitmap;
use crate::stretch::{STRETCH, Stretch};
use crate::wide::wide;

/// Fewer words than this are not worth another thread.
const WORDS_A_THREAD: usize = 1 << 12;

/// One set made of others, which are named by their numbers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Step {
    Constant(bool),
    /// The set of a condition.
    Leaf(usize),
    All(Vec<Part>),
    Any(Vec<Part>),
    Not(usize),
    AtLeast(usize, Vec<usize>),
}

impl Step {
    /// The steps that this one is made of.
    pub(crate) fn needs(&self) -> Vec<usize> {
        match self {
            Self::Constant(_) | Self::Leaf(_) => Vec::new(),
            Self::All(parts) | Self::Any(parts) => parts.iter().map(|part| part.step).collect(),
            Self::AtLeast(_, steps) => steps.clone(),
            Self::Not(step) => vec![*step],
        }
    }
}

/// What a step is made of: the set of another, or what is not in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Part {
    pub(crate) step: usize,
    pub(crate) turned: bool,
}

/// Steps in an order in which each needs only those before it.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) len: usize,
    pub(crate) leaves: Vec<Arc<Bitmap>>,
    pub(crate) steps: Vec<Step>,
    known: FxHashMap<Step, usize>,
    /// The step of each filter, and how many steps there were when it was there.
    pub(crate) roots: Vec<(usize, usize)>,
}

impl Program {
    /// A program over sets of so many rows.
    pub(crate) fn new(len: usize) -> Self {
        Self { len, leaves: Vec::new(), steps: Vec::new(), known: FxHashMap::default(), roots: Vec::new() }
    }

    /// The number of a step, new or known.
    pub(crate) fn step(&mut self, step: Step) -> usize {
        if let Some(known) = self.known.get(&step) {
            return *known;
        }
        self.steps.push(step.clone());
        self.known.insert(step, self.steps.len() - 1);
        self.steps.len() - 1
    }

    /// A step as a part of another. What is not in a set is read where the set stands, and never written.
    pub(crate) fn part(&self, step: usize) -> Part {
        match self.steps.get(step) {
            Some(Step::Not(other)) => Part { step: *other, turned: true },
            _ => Part { step, turned: false },
        }
    }

    /// The step of another set.
    pub(crate) fn leaf(&mut self, rows: Arc<Bitmap>) -> usize {
        self.leaves.push(rows);
        self.step(Step::Leaf(self.leaves.len() - 1))
    }

    /// Says that a step is what a filter takes. Filters are numbered in this order.
    pub(crate) fn root(&mut self, step: usize) {
        self.roots.push((step, self.steps.len()));
    }

    /// The words that sets have.
    pub(crate) fn words(&self) -> usize {
        self.len.div_ceil(64)
    }

    /// The set of the first filter: as it is where it is that of a condition.
    pub(crate) fn rows(&self, threads: usize) -> Arc<Bitmap> {
        let root = self.roots.first().and_then(|(step, _)| self.steps.get(*step));
        if let Some(leaf) = root.and_then(|step| self.leaf_of(step)) {
            return Arc::clone(leaf);
        }
        Arc::new(Bitmap::filled(self.len, threads, |first, words| {
            let from = first / 64;
            let until = from + words.len();
            let mut visit = |_, at: usize, own: &[u64]| {
                let place = words.get_mut(at - from..).unwrap_or_default();
                place.iter_mut().zip(own).for_each(|(word, own)| *word = *own);
            };
            wide(
                #[inline(always)]
                || self.stretches(from, until, &mut visit),
            );
        }))
    }

    fn leaf_of(&self, step: &Step) -> Option<&Arc<Bitmap>> {
        match step {
            Step::Leaf(at) => self.leaves.get(*at),
            _ => None,
        }
    }

    /// Works through all customers on several threads. Each starts with what `start` gives, and `visit` is told the
    /// number of a filter, the first word of a stretch and its words: all filters of one stretch, then those of the next.
    pub(crate) fn run<A: Send>(
        &self,
        threads: usize,
        start: impl Fn() -> A + Sync,
        visit: impl Fn(&mut A, usize, usize, &[u64]) + Sync,
    ) -> Vec<A> {
        self.on_threads(threads, |from, to| {
            let mut own = start();
            wide(
                #[inline(always)]
                || self.stretches(from, to, &mut |root, at, words| visit(&mut own, root, at, words)),
            );
            own
        })
    }

    /// How many customers each filter takes; stretches are left out once the work is to end.
    pub(crate) fn counts(&self, threads: usize, ended: impl Fn() -> bool + Sync) -> Vec<u64> {
        let parts = self.on_threads(threads, |from, to| {
            wide(
                #[inline(always)]
                || self.counted(from, to, &ended),
            )
        });
        (0..self.roots.len()).map(|root| parts.iter().filter_map(|part| part.get(root)).sum()).collect()
    }

    /// Does the work on stretches of customers, from one word to another, on several threads.
    fn on_threads<A: Send>(&self, threads: usize, work: impl Fn(usize, usize) -> A + Sync) -> Vec<A> {
        let words = self.words();
        let threads = threads.min(words / WORDS_A_THREAD).max(1);
        let each = words.div_ceil(threads).next_multiple_of(STRETCH);
        let work = |from: usize| work(from.min(words), (from + each).min(words));
        if threads == 1 {
            return vec![work(0)];
        }
        std::thread::scope(|scope| {
            let work = &work;
            let running: Vec<_> = (1..threads).map(|i| scope.spawn(move || work(i * each))).collect();
            let own = work(0);
            // What broke one thread breaks the whole: nothing is answered from the others alone.
            let whole = |thread: std::thread::ScopedJoinHandle<'_, A>| match thread.join() {
                Ok(own) => own,
                Err(broken) => std::panic::resume_unwind(broken),
            };
            std::iter::once(own).chain(running.into_iter().map(whole)).collect()
        })
    }

    /// The counts of the filters from one word to another. What only filters need is counted and not written.
    #[inline(always)]
    fn counted(&self, from: usize, to: usize, ended: impl Fn() -> bool) -> Vec<u64> {
        let written = self.written(|root| matches!(root, Step::AtLeast(..)));
        let is_written = |step: usize| written.get(step).is_some_and(|written| *written);
        let mut stretch = Stretch::new(self);
        let mut counts = vec![0; self.roots.len()];
        let mut scratch = vec![0; STRETCH];
        for first in (from..to).step_by(STRETCH) {
            if ended() {
                break;
            }
            stretch.begin(first, STRETCH.min(to - first));
            let mut done = 0;
            for ((root, needed), count) in self.roots.iter().zip(&mut counts) {
                (done..*needed).filter(|step| is_written(*step)).for_each(|step| stretch.make(step));
                done = done.max(*needed);
                *count += stretch.count(*root, is_written(*root), &mut scratch);
            }
        }
        counts
    }

    #[inline(always)]
    fn stretches(&self, from: usize, to: usize, visit: &mut impl FnMut(usize, usize, &[u64])) {
        let written = self.written(|_| true);
        let is_written = |step: usize| written.get(step).is_some_and(|written| *written);
        let mut stretch = Stretch::new(self);
        for first in (from..to).step_by(STRETCH) {
            stretch.begin(first, STRETCH.min(to - first));
            let mut done = 0;
            for (number, (root, needed)) in self.roots.iter().enumerate() {
                (done..*needed).filter(|step| is_written(*step)).for_each(|step| stretch.make(step));
                done = done.max(*needed);
                visit(number, first, stretch.words(*root));
            }
        }
    }

    /// Which steps are written: what others are made of, and of the filters those that must be.
    fn written(&self, must: impl Fn(&Step) -> bool) -> Vec<bool> {
        let mut written = vec![false; self.steps.len()];
        let of_filters = self.roots.iter().map(|(root, _)| *root);
        let of_filters = of_filters.filter(|root| self.steps.get(*root).is_some_and(&must));
        for needed in self.steps.iter().flat_map(Step::needs).chain(of_filters) {
            if let Some(written) = written.get_mut(needed) {
                *written = true;
            }
        }
        written
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wide::tests::all_widths;

    fn held(set: usize, row: usize) -> bool {
        (row * 7 + set * 13) % (set + 2) < 2
    }

    #[test]
    fn steps_are_what_they_say_for_every_row() {
        all_widths(steps_and_rows);
    }

    fn steps_and_rows() {
        for len in [0, 1, 64, 130, 64 * STRETCH, 64 * STRETCH + 1, 3 * 64 * STRETCH + 77] {
            let mut program = Program::new(len);
            let sets = 5;
            let leaves: Vec<usize> = (0..sets)
                .map(|set| program.leaf(Arc::new(Bitmap::from_bools((0..len).map(|row| held(set, row))))))
                .collect();
            let all = program.step(Step::All(leaves[..3].iter().map(|leaf| program.part(*leaf)).collect()));
            let none = program.step(Step::Not(all));
            let any = program.step(Step::Any(vec![program.part(none), program.part(leaves[4])]));
            let everybody = program.step(Step::Constant(true));
            assert_eq!(program.step(Step::Not(all)), none);
            let nobody = program.step(Step::Constant(false));
            // Some are asked for again when others stand where theirs stood.
            let roots = [leaves[1], all, none, any, everybody, nobody, all, none];
            roots.iter().for_each(|root| program.root(*root));
            let verdict = |root: usize, row: usize| match root {
                0 => held(1, row),
                1 | 6 => (0..3).all(|set| held(set, row)),
                2 | 7 => !(0..3).all(|set| held(set, row)),
                3 => !(0..3).all(|set| held(set, row)) || held(4, row),
                5 => false,
                _ => true,
            };
            for threads in [1, 3] {
                let parts = program.run(
                    threads,
                    || vec![0_u64; roots.len()],
                    |counts, root, _, words| {
                        counts[root] += words.iter().map(|word| u64::from(word.count_ones())).sum::<u64>();
                    },
                );
                let counts = program.counts(threads, || false);
                for (root, count) in counts.into_iter().enumerate() {
                    let expected = (0..len).filter(|row| verdict(root, *row)).count() as u64;
                    assert_eq!(parts.iter().map(|part| part[root]).sum::<u64>(), expected, "{len} {root}");
                    assert_eq!(count, expected, "{len} {root}");
                }
            }
            let mut one = Program::new(len);
            let leaf = one.leaf(Arc::new(Bitmap::from_bools((0..len).map(|row| held(3, row)))));
            let not = one.step(Step::Not(leaf));
            one.root(not);
            assert_eq!(*one.rows(2), Bitmap::from_bools((0..len).map(|row| !held(3, row))));
        }
    }

    #[test]
    fn counting_64_rows_at_once() {
        all_widths(counting);
    }

    fn counting() {
        let len = 130;
        for sets in 0..9_usize {
            let bitmaps: Vec<Bitmap> =
                (0..sets).map(|set| Bitmap::from_bools((0..len).map(|row| held(set, row)))).collect();
            for n in 0..12 {
                let expected =
                    Bitmap::from_bools((0..len).map(|row| (0..sets).filter(|set| held(*set, row)).count() >= n));
                let mut program = Program::new(len);
                let leaves = bitmaps.iter().map(|rows| program.leaf(Arc::new(rows.clone()))).collect();
                let step = program.step(Step::AtLeast(n, leaves));
                program.root(step);
                assert_eq!(*program.rows(1), expected, "{n} of {sets}");
                assert_eq!(program.counts(1, || false), [expected.count()], "{n} of {sets}");
            }
        }
    }
}
