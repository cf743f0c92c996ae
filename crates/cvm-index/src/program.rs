//! Filters as steps over the sets of their conditions, worked through in short stretches of customers.
//!
//! Steps that stand in several filters, or twice in one, are made once. A stretch of every set lies in the processor's
//! cache while all filters are worked through, so that a thousand of them read each set from memory once.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::bitmap::Bitmap;
use crate::places::Places;
use crate::wide::wide;

/// Words in a stretch: 16,384 customers, two kilobytes a set.
pub(crate) const STRETCH: usize = 256;

/// Fewer words than this are not worth another thread.
const WORDS_A_THREAD: usize = 1 << 12;

/// One set made of others, which are named by their numbers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Step {
    Constant(bool),
    /// The set of a condition.
    Leaf(usize),
    All(Vec<usize>),
    Any(Vec<usize>),
    Not(usize),
    AtLeast(usize, Vec<usize>),
}

impl Step {
    /// The steps that this one is made of.
    pub(crate) fn needs(&self) -> &[usize] {
        match self {
            Self::Constant(_) | Self::Leaf(_) => &[],
            Self::All(steps) | Self::Any(steps) | Self::AtLeast(_, steps) => steps,
            Self::Not(step) => std::slice::from_ref(step),
        }
    }
}

/// Steps in an order in which each needs only those before it.
#[derive(Debug)]
pub(crate) struct Program {
    len: usize,
    leaves: Vec<Arc<Bitmap>>,
    steps: Vec<Step>,
    known: FxHashMap<Step, usize>,
    /// The step of each filter, and how many steps there were when it was there.
    roots: Vec<(usize, usize)>,
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
            self.stretches(from, from + words.len(), &mut |_, at, own| {
                let place = words.get_mut(at - from..).unwrap_or_default();
                place.iter_mut().zip(own).for_each(|(word, own)| *word = *own);
            });
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
        let words = self.words();
        let threads = threads.min(words / WORDS_A_THREAD).max(1);
        let each = words.div_ceil(threads).next_multiple_of(STRETCH);
        let work = |from: usize| {
            let mut own = start();
            self.stretches(from, (from + each).min(words), &mut |root, at, words| visit(&mut own, root, at, words));
            own
        };
        if threads == 1 {
            return vec![work(0)];
        }
        std::thread::scope(|scope| {
            let work = &work;
            let running: Vec<_> = (0..threads).map(|i| scope.spawn(move || work(i * each))).collect();
            // What broke one thread breaks the whole: nothing is answered from the others alone.
            let whole = |thread: std::thread::ScopedJoinHandle<'_, A>| match thread.join() {
                Ok(own) => own,
                Err(broken) => std::panic::resume_unwind(broken),
            };
            running.into_iter().map(whole).collect()
        })
    }

    fn stretches(&self, from: usize, to: usize, visit: &mut impl FnMut(usize, usize, &[u64])) {
        let places = Places::new(&self.steps, &self.roots);
        let mut made: Vec<Vec<u64>> = vec![vec![0; STRETCH]; places.many];
        for first in (from..to).step_by(STRETCH) {
            let many = STRETCH.min(to - first);
            let mut done = 0;
            for (number, (root, needed)) in self.roots.iter().enumerate() {
                while done < *needed {
                    self.make(done, first, many, &places, &mut made);
                    done += 1;
                }
                visit(number, first, self.words_of(*root, first, many, &places, &made));
            }
        }
    }

    /// The words of a step that was made.
    fn words_of<'w>(
        &'w self,
        step: usize,
        first: usize,
        many: usize,
        places: &Places,
        made: &'w [Vec<u64>],
    ) -> &'w [u64] {
        let own = match self.steps.get(step) {
            Some(Step::Leaf(at)) => self.leaves.get(*at).and_then(|leaf| leaf.words().get(first..first + many)),
            _ => places.of(step).and_then(|place| made.get(place)?.get(..many)),
        };
        own.unwrap_or_default()
    }

    fn make(&self, number: usize, first: usize, many: usize, places: &Places, made: &mut [Vec<u64>]) {
        let (Some(step), Some(place)) = (self.steps.get(number), places.of(number)) else { return };
        // Taken out while the places of other steps are read, and put back below.
        let Some(mut whole) = made.get_mut(place).map(std::mem::take) else { return };
        let own = whole.get_mut(..many).unwrap_or_default();
        let words_of = |step: &usize| self.words_of(*step, first, many, places, made);
        match step {
            Step::Leaf(_) => {}
            Step::Constant(value) => own.fill(if *value { u64::MAX } else { 0 }),
            Step::All(steps) => wide(
                #[inline(always)]
                || fold(own, steps.iter().map(words_of), u64::MAX, |a, b| a & b),
            ),
            Step::Any(steps) => wide(
                #[inline(always)]
                || fold(own, steps.iter().map(words_of), 0, |a, b| a | b),
            ),
            Step::Not(step) => {
                let words = words_of(step);
                wide(
                    #[inline(always)]
                    || own.iter_mut().zip(words).for_each(|(a, b)| *a = !b),
                );
            }
            Step::AtLeast(n, steps) => {
                let sets: Vec<&[u64]> = steps.iter().map(words_of).collect();
                wide(
                    #[inline(always)]
                    || at_least(*n, &sets, own),
                );
            }
        }
        // Nobody stands beyond the last customer.
        let over = self.len % 64;
        if over > 0
            && first + many == self.words()
            && let Some(last) = own.last_mut()
        {
            *last &= (1 << over) - 1;
        }
        if let Some(put) = made.get_mut(place) {
            *put = whole;
        }
    }
}

/// Sets put together two at a time, so that the words made so far are written half as often.
#[inline(always)]
fn fold<'w>(
    own: &mut [u64],
    mut sets: impl Iterator<Item = &'w [u64]>,
    nothing: u64,
    put: impl Fn(u64, u64) -> u64 + Copy,
) {
    match (sets.next(), sets.next()) {
        (Some(a), Some(b)) => own.iter_mut().zip(a).zip(b).for_each(|((own, a), b)| *own = put(*a, *b)),
        (Some(a), None) => own.iter_mut().zip(a).for_each(|(own, a)| *own = *a),
        _ => own.fill(nothing),
    }
    while let Some(a) = sets.next() {
        match sets.next() {
            Some(b) => own.iter_mut().zip(a).zip(b).for_each(|((own, a), b)| *own = put(put(*own, *a), *b)),
            None => own.iter_mut().zip(a).for_each(|(own, a)| *own = put(*own, *a)),
        }
    }
}

/// What is in at least `n` of the sets: added up bit by bit, 64 rows at once.
#[inline(always)]
fn at_least(n: usize, sets: &[&[u64]], out: &mut [u64]) {
    let digits = usize::BITS - sets.len().leading_zeros();
    let mut counter = vec![0_u64; digits as usize];
    for (at, word) in out.iter_mut().enumerate() {
        counter.fill(0);
        for set in sets {
            let mut carry = set.get(at).copied().unwrap_or(0);
            for digit in &mut counter {
                (*digit, carry) = (*digit ^ carry, *digit & carry);
            }
        }
        // From the highest digit down: more, or still equal.
        let (mut more, mut equal) = (0, u64::MAX);
        for (place, digit) in counter.iter().enumerate().rev() {
            if n >> place & 1 == 1 {
                equal &= digit;
            } else {
                more |= equal & digit;
                equal &= !digit;
            }
        }
        *word = if n.checked_shr(digits).unwrap_or(0) > 0 { 0 } else { more | equal };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wide::tests::both;

    fn held(set: usize, row: usize) -> bool {
        (row * 7 + set * 13) % (set + 2) < 2
    }

    #[test]
    fn steps_are_what_they_say_for_every_row() {
        both(steps_and_rows);
    }

    fn steps_and_rows() {
        for len in [0, 1, 64, 130, 64 * STRETCH, 64 * STRETCH + 1, 3 * 64 * STRETCH + 77] {
            let mut program = Program::new(len);
            let sets = 5;
            let leaves: Vec<usize> = (0..sets)
                .map(|set| program.leaf(Arc::new(Bitmap::from_bools((0..len).map(|row| held(set, row))))))
                .collect();
            let all = program.step(Step::All(leaves[..3].to_vec()));
            let none = program.step(Step::Not(all));
            let any = program.step(Step::Any(vec![none, leaves[4]]));
            let everybody = program.step(Step::Constant(true));
            assert_eq!(program.step(Step::Not(all)), none);
            let roots = [leaves[1], all, none, any, everybody];
            roots.iter().for_each(|root| program.root(*root));
            let verdict = |root: usize, row: usize| match root {
                0 => held(1, row),
                1 => (0..3).all(|set| held(set, row)),
                2 => !(0..3).all(|set| held(set, row)),
                3 => !(0..3).all(|set| held(set, row)) || held(4, row),
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
                for root in 0..roots.len() {
                    let expected = (0..len).filter(|row| verdict(root, *row)).count() as u64;
                    assert_eq!(parts.iter().map(|part| part[root]).sum::<u64>(), expected, "{len} {root}");
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
        both(counting);
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
            }
        }
    }
}
