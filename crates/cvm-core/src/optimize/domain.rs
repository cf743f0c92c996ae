//! Sets of values of one subject: unions of intervals, kept as the places where membership changes.
//!
//! That one shape holds ranges, lists, lists turned round, prefixes of texts and single values; the complement costs
//! nothing, and the common and the joint part are one walk over both.

use std::cmp::Ordering;
use std::rc::Rc;

use smallvec::SmallVec;

/// A place between values. Over whole numbers `Int(p)` lies just before `p`; over floats and texts a place lies before
/// the value, or after it (`true`).
#[derive(Debug, Clone)]
pub(super) enum Pos {
    Int(i128),
    Float(f64, bool),
    Text(Rc<str>, bool),
}

impl Pos {
    /// The place just before (or after) a float; both zeros are one.
    pub(super) fn float(value: f64, after: bool) -> Self {
        Self::Float(if value == 0.0 { 0.0 } else { value }, after)
    }
}

impl Ord for Pos {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => a.cmp(b),
            (Self::Float(a, x), Self::Float(b, y)) => a.total_cmp(b).then(x.cmp(y)),
            (Self::Text(a, x), Self::Text(b, y)) => a.cmp(b).then(x.cmp(y)),
            // Sets of one subject never mix kinds.
            (a, b) => a.rank().cmp(&b.rank()),
        }
    }
}

impl Pos {
    fn rank(&self) -> u8 {
        match self {
            Self::Int(_) => 0,
            Self::Float(..) => 1,
            Self::Text(..) => 2,
        }
    }
}

impl PartialOrd for Pos {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Pos {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Pos {}

impl std::hash::Hash for Pos {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        match self {
            Self::Int(p) => p.hash(state),
            Self::Float(value, after) => (value.to_bits(), after).hash(state),
            Self::Text(text, after) => (text, after).hash(state),
        }
    }
}

/// Most sets are a range or one value: two places, held without an allocation.
pub(super) type Cuts = SmallVec<[Pos; 2]>;

/// A set of values that are there.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Set {
    /// Whether the least values are inside.
    pub(super) first: bool,
    /// Where membership changes, ascending, none twice.
    pub(super) cuts: Cuts,
}

impl Clone for Set {
    fn clone(&self) -> Self {
        // Most sets have few places, and pushing those is faster than what `SmallVec` does for any number.
        let cuts = match self.cuts.as_slice() {
            [] => Cuts::new(),
            [one] => Cuts::from_buf_and_len([one.clone(), Pos::Int(0)], 1),
            [one, two] => Cuts::from_buf([one.clone(), two.clone()]),
            many => many.iter().cloned().collect(),
        };
        Self { first: self.first, cuts }
    }
}

/// A stretch of a set: from its lower place to its upper one, open where there is none.
pub(super) type Stretch<'s> = (Option<&'s Pos>, Option<&'s Pos>);

impl Set {
    pub(super) fn constant(all: bool) -> Self {
        Self { first: all, cuts: Cuts::new() }
    }

    /// From a place to a place; an end that is `None` is open.
    pub(super) fn interval(low: Option<Pos>, high: Option<Pos>) -> Self {
        if let (Some(low), Some(high)) = (&low, &high)
            && low >= high
        {
            return Self::constant(false);
        }
        let first = low.is_none();
        let mut cuts = Cuts::new();
        if let Some(low) = low {
            cuts.push(low);
        }
        if let Some(high) = high {
            cuts.push(high);
        }
        Self { first, cuts }
    }

    /// The union of stretches in any order.
    pub(super) fn union(mut stretches: Vec<(Pos, Pos)>) -> Self {
        stretches.sort_unstable();
        let mut cuts = Cuts::with_capacity(stretches.len() * 2);
        for (low, high) in stretches {
            match cuts.last_mut() {
                Some(last) if *last >= low => {
                    if *last < high {
                        *last = high;
                    }
                }
                _ => {
                    cuts.push(low);
                    cuts.push(high);
                }
            }
        }
        Self { first: false, cuts }
    }

    /// The same set of whole numbers from `min` to `max` only, so that equal sets look equal.
    pub(super) fn clamp(mut self, min: Option<i128>, max: Option<i128>) -> Self {
        // No text comes before the empty one.
        if let Some(Pos::Text(text, false)) = self.cuts.first()
            && text.is_empty()
        {
            self.cuts.remove(0);
            self.first = !self.first;
        }
        if let Some(min) = min {
            let out = self.cuts.iter().take_while(|cut| matches!(cut, Pos::Int(p) if *p <= min)).count();
            self.cuts.drain(..out);
            self.first ^= out % 2 == 1;
        }
        if let Some(max) = max {
            self.cuts.retain(|cut| !matches!(cut, Pos::Int(p) if *p > max));
        }
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.first && self.cuts.is_empty()
    }

    /// Whether it is the set of what is true, [`truth`](super::subject::truth).
    pub(super) fn is_truth(&self) -> bool {
        !self.first && matches!(self.cuts.as_slice(), [Pos::Int(1)])
    }

    /// Whether it is the set of what is false.
    pub(super) fn is_untruth(&self) -> bool {
        self.first && matches!(self.cuts.as_slice(), [Pos::Int(1)])
    }

    pub(super) fn is_full(&self) -> bool {
        self.first && self.cuts.is_empty()
    }

    pub(super) fn complement(mut self) -> Self {
        self.first = !self.first;
        self
    }

    pub(super) fn meet(&self, other: &Self) -> Self {
        let mut cuts = Cuts::new();
        let mut inside = self.first && other.first;
        let first = inside;
        walk(self, other, |cut, a, b| {
            if let Some(cut) = cut
                && (a && b) != inside
            {
                inside = !inside;
                cuts.push(cut.clone());
            }
            true
        });
        Self { first, cuts }
    }

    pub(super) fn join(&self, other: &Self) -> Self {
        let mut cuts = Cuts::new();
        let mut inside = self.first || other.first;
        let first = inside;
        walk(self, other, |cut, a, b| {
            if let Some(cut) = cut
                && (a || b) != inside
            {
                inside = !inside;
                cuts.push(cut.clone());
            }
            true
        });
        Self { first, cuts }
    }

    /// Whether every value of this set is in the other.
    pub(super) fn within(&self, other: &Self) -> bool {
        walk(self, other, |_, a, b| !a || b)
    }

    /// Whether the sets have no value in common.
    pub(super) fn misses(&self, other: &Self) -> bool {
        walk(self, other, |_, a, b| !a || !b)
    }

    /// Whether the sets together hold every value.
    pub(super) fn covers_with(&self, other: &Self) -> bool {
        walk(self, other, |_, a, b| a || b)
    }

    /// The stretches inside, ascending.
    pub(super) fn stretches(&self) -> impl Iterator<Item = Stretch<'_>> {
        let skip = usize::from(!self.first);
        let lows = std::iter::once(None).take(1 - skip).chain(self.cuts.iter().skip(1 - skip).step_by(2).map(Some));
        let highs = self.cuts.iter().skip(skip).step_by(2).map(Some).chain(std::iter::once(None));
        lows.zip(highs)
    }

    /// The lower end of the lowest stretch; `None` when it is open or there is no stretch.
    pub(super) fn low(&self) -> Option<&Pos> {
        if self.first { None } else { self.cuts.first() }
    }

    /// The upper end of the highest stretch; `None` when it is open or there is no stretch.
    pub(super) fn high(&self) -> Option<&Pos> {
        if self.first == self.cuts.len().is_multiple_of(2) { None } else { self.cuts.last() }
    }

    /// Whether a value lies inside, given the place before it.
    pub(super) fn holds(&self, before: &Pos) -> bool {
        let passed = self.cuts.partition_point(|cut| cut <= before);
        self.first ^ (passed % 2 == 1)
    }
}

/// Visits each stretch on which neither set changes, with the place where it begins and both memberships; stops and
/// says no when the visitor does.
fn walk(a: &Set, b: &Set, mut visit: impl FnMut(Option<&Pos>, bool, bool) -> bool) -> bool {
    let (mut in_a, mut in_b) = (a.first, b.first);
    if !visit(None, in_a, in_b) {
        return false;
    }
    let (mut left, mut right) = (a.cuts.iter().peekable(), b.cuts.iter().peekable());
    loop {
        let order = match (left.peek(), right.peek()) {
            (None, None) => return true,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(x), Some(y)) => x.cmp(y),
        };
        let mut at = None;
        if order.is_le() {
            at = left.next();
            in_a = !in_a;
        }
        if order.is_ge() {
            at = right.next();
            in_b = !in_b;
        }
        if !visit(at, in_a, in_b) {
            return false;
        }
    }
}

/// The place before all texts that come after those with this prefix; `None` when there are none.
pub(super) fn after_prefix(prefix: &str) -> Option<Pos> {
    // What cannot go on is cut off; the last character that can takes its next.
    let (at, next) = prefix.char_indices().rev().find_map(|(at, last)| {
        let next = if last == '\u{d7ff}' { '\u{e000}' } else { char::from_u32(u32::from(last) + 1)? };
        Some((at, next))
    })?;
    let mut text = String::with_capacity(at + next.len_utf8());
    text.push_str(prefix.get(..at)?);
    text.push(next);
    Some(Pos::Text(text.into(), false))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ints(cuts: &[i128], first: bool) -> Set {
        Set { first, cuts: cuts.iter().map(|cut| Pos::Int(*cut)).collect() }
    }

    #[test]
    fn stretches_and_ends() {
        let set = ints(&[1, 3, 5], false);
        assert_eq!(set.stretches().count(), 2);
        assert_eq!(set.stretches().last(), Some((Some(&Pos::Int(5)), None)));
        assert_eq!((set.low(), set.high()), (Some(&Pos::Int(1)), None));
        let all = ints(&[], true);
        assert_eq!(all.stretches().collect::<Vec<_>>(), [(None, None)]);
        assert_eq!(all.clone().complement().stretches().count(), 0);
        assert_eq!(ints(&[4], true).high(), Some(&Pos::Int(4)));
    }

    #[test]
    fn algebra_on_small_universes() {
        // Every set of 0..5 by its bits, against the same operation on bits.
        let of = |bits: u32| {
            let points = (0..5).filter(|i| bits >> i & 1 == 1).map(|i| (Pos::Int(i), Pos::Int(i + 1))).collect();
            Set::union(points).clamp(Some(0), Some(4))
        };
        for a in 0..32 {
            assert_eq!(of(a).complement(), of(!a & 31));
            for b in 0..32 {
                assert_eq!(of(a).meet(&of(b)), of(a & b), "{a} {b}");
                assert_eq!(of(a).join(&of(b)), of(a | b), "{a} {b}");
                assert_eq!(of(a).within(&of(b)), a & !b == 0);
                assert_eq!(of(a).misses(&of(b)), a & b == 0);
                assert_eq!(of(a).covers_with(&of(b)), a | b == 31);
            }
            for i in 0..5 {
                assert_eq!(of(a).holds(&Pos::Int(i)), a >> i & 1 == 1);
            }
        }
    }

    #[test]
    fn prefixes_end_at_the_next_code_point() {
        assert_eq!(after_prefix("ab"), Some(Pos::Text("ac".into(), false)));
        assert_eq!(after_prefix("a\u{10ffff}"), Some(Pos::Text("b".into(), false)));
        assert_eq!(after_prefix("\u{d7ff}"), Some(Pos::Text("\u{e000}".into(), false)));
        assert_eq!(after_prefix("\u{10ffff}"), None);
    }
}
