//! All segments at once: the verdicts on a customer from tables, 64 segments in a word.
//!
//! A segment is a list of clauses. All clauses of a single literal are one question (is any of them violated?), and up to
//! three longer ones are a question each (does any literal hold?). For each four conditions and each way that they can
//! stand a table says what they make of these four questions, for 64 segments; what the fours say is put together with
//! `or`. The negated formula serves where it has the fewer clauses.

use super::clauses;
use super::formula::Formula;

/// Segments in a block.
const BLOCK: usize = 64;
/// Conditions that are looked up together.
const FOUR: usize = 4;
/// The clauses of several literals that fit; one question more is for those of a single one.
const LONG: usize = 3;

type Entry = [u64; 1 + LONG];

/// The tables of all segments.
#[derive(Debug, Default)]
pub(super) struct Board {
    blocks: Vec<Block>,
}

/// The tables of 64 segments.
#[derive(Debug, Default)]
struct Block {
    /// Segments that have no tables.
    odd: u64,
    /// Segments of which the tables say the opposite.
    turned: u64,
    /// What holds whatever the conditions are.
    base: Entry,
    /// The fours of conditions that are looked at, each with its entry for each of their sixteen states.
    fours: Vec<(usize, [Entry; 1 << FOUR])>,
}

impl Board {
    /// Makes the tables for segments by number.
    pub(super) fn of<'f>(formulas: impl Iterator<Item = Option<&'f Formula>>) -> Self {
        let formulas: Vec<Option<&Formula>> = formulas.collect();
        let mut board = Self { blocks: formulas.chunks(BLOCK).map(Block::of).collect() };
        // Tables pay where many segments share conditions; elsewhere the few that hold one are looked at alone.
        let fours: usize = board.blocks.iter().map(|block| block.fours.len()).sum();
        let mut leaves = Vec::new();
        let mut held = 0;
        for formula in formulas.iter().flatten() {
            let mut own = Vec::new();
            formula.leaves(&mut own);
            held += own.len();
            leaves.extend(own);
        }
        leaves.sort_unstable();
        leaves.dedup();
        if fours > 64 && fours > held * ALONE / leaves.len().max(1) {
            board.blocks = formulas.chunks(BLOCK).map(Block::without).collect();
        }
        board
    }

    /// Whether a segment is left to its formula.
    pub(super) fn is_odd(&self, segment: usize) -> bool {
        self.blocks.get(segment / BLOCK).is_none_or(|block| block.odd >> (segment % BLOCK) & 1 == 1)
    }

    /// Sets the verdicts on the customer whose row this is; tells the segment and verdict of each that turned.
    #[inline]
    pub(super) fn judge(&self, row: &mut [u64], inside: usize, mut see: impl FnMut(usize, bool)) {
        let Some((leaves, inside)) = row.split_at_mut_checked(inside) else { return };
        for (number, (block, known)) in self.blocks.iter().zip(inside).enumerate() {
            let verdicts = block.verdicts(leaves) & !block.odd | *known & block.odd;
            let mut turned = verdicts ^ *known;
            *known = verdicts;
            while turned != 0 {
                let bit = turned.trailing_zeros();
                turned &= turned - 1;
                see(number * BLOCK + bit as usize, verdicts >> bit & 1 == 1);
            }
        }
    }
}

/// What a formula takes, in look-ups of a four.
const ALONE: usize = 8;

impl Block {
    fn without(formulas: &[Option<&Formula>]) -> Self {
        let odd = formulas.iter().enumerate().map(|(bit, formula)| u64::from(formula.is_some()) << bit).sum();
        Self { odd, base: [u64::MAX, 0, 0, 0], ..Self::default() }
    }

    fn of(formulas: &[Option<&Formula>]) -> Self {
        // Where nothing else is said nobody is inside.
        let mut block = Self { base: [u64::MAX; 1 + LONG], ..Self::default() };
        for (bit, formula) in formulas.iter().enumerate() {
            if let Some(formula) = formula {
                block.add(bit, formula);
            }
        }
        block
    }

    fn add(&mut self, bit: usize, formula: &Formula) {
        let fits = |clauses: &Vec<Vec<clauses::Literal>>| clauses.iter().filter(|c| c.len() > 1).count() <= LONG;
        let straight = clauses::of(formula, false).filter(fits);
        let turned = straight.is_none();
        let Some(clauses) = straight.or_else(|| clauses::of(formula, true).filter(fits)) else {
            self.odd |= 1 << bit;
            return;
        };
        self.turned |= u64::from(turned) << bit;
        if let Some(violated) = self.base.first_mut() {
            *violated &= !(1 << bit);
        }
        let mut long = 0;
        for clause in &clauses {
            match clause.as_slice() {
                [] => self.base.iter_mut().take(1).for_each(|violated| *violated |= 1 << bit),
                [(leaf, wanted)] => self.mark(*leaf, !wanted, 0, bit),
                _ => {
                    long += 1;
                    if let Some(base) = self.base.get_mut(long) {
                        *base &= !(1 << bit);
                    }
                    clause.iter().for_each(|(leaf, wanted)| self.mark(*leaf, *wanted, long, bit));
                }
            }
        }
    }

    /// Where a condition stands so, the answer to a question is yes.
    fn mark(&mut self, leaf: usize, state: bool, question: usize, bit: usize) {
        let (four, place) = (leaf / FOUR, leaf % FOUR);
        let at = self.fours.partition_point(|(known, _)| *known < four);
        if self.fours.get(at).is_none_or(|(known, _)| *known != four) {
            self.fours.insert(at, (four, [[0; 1 + LONG]; 1 << FOUR]));
        }
        let Some((_, states)) = self.fours.get_mut(at) else { return };
        for (number, entry) in states.iter_mut().enumerate() {
            if (number >> place & 1 == 1) == state
                && let Some(word) = entry.get_mut(question)
            {
                *word |= 1 << bit;
            }
        }
    }

    #[inline]
    fn verdicts(&self, leaves: &[u64]) -> u64 {
        let mut found = self.base;
        for (four, states) in &self.fours {
            let word = leaves.get(four / (64 / FOUR)).copied().unwrap_or(0);
            let state = (word >> (four % (64 / FOUR) * FOUR)) as usize % (1 << FOUR);
            if let Some(entry) = states.get(state) {
                found.iter_mut().zip(entry).for_each(|(all, own)| *all |= own);
            }
        }
        let [violated, long @ ..] = found;
        (long.iter().fold(!violated, |all, own| all & own)) ^ self.turned
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A formula over nine conditions.
    fn formula(next: &mut impl FnMut(usize) -> usize, depth: usize) -> Formula {
        let kind = if depth == 0 { next(9).min(1) } else { next(6) };
        match kind {
            0 if next(4) == 0 => Formula::Constant(next(2) == 0),
            0 | 1 => Formula::Leaf([0, 1, 2, 3, 5, 64, 66, 70, 131][next(9)]),
            2 => Formula::Not(Box::new(formula(next, depth - 1))),
            kind => {
                let many = 1 + next(4);
                let children: Box<[Formula]> = (0..many).map(|_| formula(next, depth - 1)).collect();
                match kind {
                    3 => Formula::All(children),
                    4 => Formula::Any(children),
                    _ => Formula::AtLeast(next(many + 1), children),
                }
            }
        }
    }

    #[test]
    fn tables_say_what_formulas_say() {
        let mut state = 7_u64;
        let mut next = |n: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % n
        };
        let (mut tabled, mut inside) = (0, 0);
        for round in 0..60 {
            let many = 1 + next(150);
            let formulas: Vec<Option<Formula>> =
                (0..many).map(|_| (next(9) > 0).then(|| formula(&mut next, 1 + round % 3))).collect();
            let board = Board::of(formulas.iter().map(Option::as_ref));
            let mut row = vec![0_u64; 6];
            for _ in 0..30 {
                (0..3).for_each(|word| row[word] = (next(1 << 30) * next(1 << 30)) as u64 >> next(8));
                let before = row.clone();
                let mut told = Vec::new();
                board.judge(&mut row, 3, |segment, verdict| told.push((segment, verdict)));
                for (number, formula) in formulas.iter().enumerate() {
                    let holds = formula.as_ref().is_some_and(|formula| formula.holds(&row[..3]));
                    let bit = |row: &[u64]| row[3 + number / 64] >> (number % 64) & 1 == 1;
                    if board.is_odd(number) {
                        assert_eq!(bit(&row), bit(&before));
                        continue;
                    }
                    tabled += 1;
                    inside += usize::from(holds);
                    assert_eq!(bit(&row), holds, "{formula:?}");
                    assert_eq!(told.contains(&(number, holds)), bit(&before) != holds);
                }
            }
        }
        assert!(tabled > 60_000 && inside > 20_000, "{tabled} {inside}");
    }
}
