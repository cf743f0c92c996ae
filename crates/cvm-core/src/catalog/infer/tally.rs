//! How well one reading fits a column.

/// A value that did not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Where it stands.
    pub at: RowAt,
    /// What it says, cut after 80 characters.
    pub text: String,
}

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowAt {
    /// Line in the file, from 1.
    pub line: u64,
    /// Row of data, from 1.
    pub row: u64,
}

/// The values of a column that don't fit its type.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BadRows {
    /// How many there are.
    pub count: u64,
    /// Of how many values that are not missing.
    pub of: u64,
    /// The first of them.
    pub first: Vec<BadRow>,
}

/// How many misfits are kept with row and text.
pub(super) const KEPT: usize = 10;

/// A reading that failed this often, and on a quarter of the values, is not tried any more.
const PATIENCE: u64 = 4096;

#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) fits: u64,
    pub(super) misfits: BadRows,
    /// The counts stopped.
    pub(super) dead: bool,
}

impl Tally {
    #[inline]
    pub(super) fn fit(&mut self) {
        self.fits += 1;
    }

    #[inline]
    pub(super) fn miss(&mut self, text: &str, at: RowAt) {
        self.misfits.add(text, at);
        self.dead = self.misfits.count > PATIENCE && self.misfits.count > self.fits / 3;
    }

    #[inline]
    pub(super) fn add(&mut self, fits: bool, text: &str, at: RowAt) {
        if fits { self.fit() } else { self.miss(text, at) }
    }
}

impl BadRows {
    #[inline]
    pub(super) fn add(&mut self, text: &str, at: RowAt) {
        self.count += 1;
        if self.first.len() < KEPT {
            self.first.push(BadRow { at, text: cut(text) });
        }
    }
}

/// The text, or its first 80 characters.
pub(super) fn cut(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or("")),
        None => text.to_owned(),
    }
}
