//! Sets put together, word by word: written down, or only counted.
//!
//! Everything here is a loop over words that is compiled into its caller ([`crate::wide`]). `for_each`, `sum` and their like
//! would be functions of their own, made for every processor.

use crate::stretch::STRETCH;

/// The words of a set, and what they are turned by: nothing, or all bits for what is not in the set.
pub(crate) type Turned<'w> = (&'w [u64], u64);

/// Sets put together two at a time, so that the words made so far are written half as often.
#[inline(always)]
pub(crate) fn fold<'w>(
    own: &mut [u64],
    mut sets: impl Iterator<Item = Turned<'w>>,
    nothing: u64,
    put: impl Fn(u64, u64) -> u64 + Copy,
) {
    match (sets.next(), sets.next()) {
        (Some((a, p)), Some((b, q))) => {
            for ((own, a), b) in own.iter_mut().zip(a).zip(b) {
                *own = put(*a ^ p, *b ^ q);
            }
        }
        (Some((a, p)), None) => {
            for (own, a) in own.iter_mut().zip(a) {
                *own = *a ^ p;
            }
        }
        _ => own.fill(nothing),
    }
    while let Some((a, p)) = sets.next() {
        if let Some((b, q)) = sets.next() {
            for ((own, a), b) in own.iter_mut().zip(a).zip(b) {
                *own = put(put(*own, *a ^ p), *b ^ q);
            }
        } else {
            for (own, a) in own.iter_mut().zip(a) {
                *own = put(*own, *a ^ p);
            }
        }
    }
}

/// So many sets are counted at once.
pub(crate) const FEW: usize = 6;

/// How many rows are in all of the sets, which are as long as one another; `None` where there are none of them or too many.
#[inline(always)]
pub(crate) fn in_all(sets: &[Turned<'_>]) -> Option<u64> {
    // Compilers make more of a length that they know.
    cut(sets, |words| words.first_chunk::<STRETCH>().map(<[u64; STRETCH]>::as_slice)).or_else(
        #[inline(always)]
        || cut(sets, Some),
    )
}

#[inline(always)]
fn cut<'w>(sets: &[Turned<'w>], cut: impl Fn(&'w [u64]) -> Option<&'w [u64]> + Copy) -> Option<u64> {
    Some(match *sets {
        [(a, p)] => ones(cut(a)?.iter(), |a| a ^ p),
        [(a, p), (b, q)] => ones(cut(a)?.iter().zip(cut(b)?), |(a, b)| (a ^ p) & (b ^ q)),
        [(a, p), (b, q), (c, r)] => {
            ones(cut(a)?.iter().zip(cut(b)?).zip(cut(c)?), |((a, b), c)| (a ^ p) & (b ^ q) & (c ^ r))
        }
        [(a, p), (b, q), (c, r), (d, s)] => {
            let words = cut(a)?.iter().zip(cut(b)?).zip(cut(c)?).zip(cut(d)?);
            ones(words, |(((a, b), c), d)| (a ^ p) & (b ^ q) & (c ^ r) & (d ^ s))
        }
        [(a, p), (b, q), (c, r), (d, s), (e, t)] => {
            let words = cut(a)?.iter().zip(cut(b)?).zip(cut(c)?).zip(cut(d)?).zip(cut(e)?);
            ones(words, |((((a, b), c), d), e)| (a ^ p) & (b ^ q) & (c ^ r) & (d ^ s) & (e ^ t))
        }
        [(a, p), (b, q), (c, r), (d, s), (e, t), (f, u)] => {
            let words = cut(a)?.iter().zip(cut(b)?).zip(cut(c)?).zip(cut(d)?).zip(cut(e)?).zip(cut(f)?);
            ones(words, |(((((a, b), c), d), e), f)| (a ^ p) & (b ^ q) & (c ^ r) & (d ^ s) & (e ^ t) & (f ^ u))
        }
        _ => return None,
    })
}

/// How many bits are set in what each item comes to.
#[inline(always)]
pub(crate) fn ones<W>(items: impl Iterator<Item = W>, word: impl Fn(W) -> u64) -> u64 {
    let mut sum = 0;
    for each in items {
        sum += u64::from(word(each).count_ones());
    }
    sum
}

/// What is in at least `n` of the sets: added up bit by bit, 64 rows at once.
#[inline(always)]
pub(crate) fn at_least(n: usize, sets: &[&[u64]], out: &mut [u64]) {
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
