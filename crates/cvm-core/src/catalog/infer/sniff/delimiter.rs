//! The delimiter: whatever gives every row as many columns as the first one has.

use super::split;

/// In the order of preference.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Rows looked at.
const ROWS: usize = 1000;

struct Fit {
    delimiter: u8,
    /// Columns of the first row.
    first: usize,
    /// Rows in a thousand with as many columns as the first.
    like_first: usize,
    /// Rows in a thousand with the commonest number of columns, if that is more than one.
    common: usize,
    /// Whether the delimiter stands anywhere outside quotes.
    occurs: bool,
}

pub(super) fn detect(text: &str, quote: u8) -> u8 {
    let fits = DELIMITERS.map(|delimiter| fit(text, delimiter, quote));
    let by_first = fits.iter().filter(|fit| fit.first > 1);
    // `a;b` with decimal commas has a comma in every row but the first; and what splits the first row in more columns,
    // all else equal, is no accident.
    if let Some(best) = best(by_first, |fit| (fit.like_first, fit.first)) {
        return best;
    }
    // A title above the names; the rows of different length are reported when the file is read.
    if let Some(best) = best(fits.iter().filter(|fit| fit.common >= 900), |fit| (fit.common, 0)) {
        return best;
    }
    // One column: a delimiter that its texts don't have.
    fits.iter().find(|fit| !fit.occurs).map_or(b',', |fit| fit.delimiter)
}

/// The first of the greatest.
fn best<'a>(fits: impl Iterator<Item = &'a Fit>, score: impl Fn(&Fit) -> (usize, usize)) -> Option<u8> {
    fits.reduce(|best, fit| if score(fit) > score(best) { fit } else { best }).map(|fit| fit.delimiter)
}

fn fit(text: &str, delimiter: u8, quote: u8) -> Fit {
    let mut counts: Vec<usize> = Vec::new();
    split::records(text, delimiter, quote, |fields| {
        counts.push(fields.len());
        counts.len() < ROWS
    });
    let share = |count: usize| counts.iter().filter(|n| **n == count).count() * 1000 / counts.len().max(1);
    let first = counts.first().copied().unwrap_or(1);
    let common = counts.iter().copied().filter(|n| *n > 1).map(share).max().unwrap_or(0);
    Fit { delimiter, first, like_first: share(first), common, occurs: counts.iter().any(|n| *n > 1) }
}
