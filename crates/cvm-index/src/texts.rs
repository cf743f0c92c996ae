//! Texts, one after another in one piece of memory.

use arrow::array::{Array, LargeStringArray, LargeStringBuilder};

/// Texts by number: in memory of their own, or where a file is mapped.
#[derive(Debug, Clone)]
pub(crate) struct Texts(LargeStringArray);

impl Texts {
    pub(crate) fn new<'t>(texts: impl Iterator<Item = &'t str> + Clone) -> Self {
        let (number, bytes) = texts.clone().fold((0, 0), |(number, bytes), text| (number + 1, bytes + text.len()));
        let mut all = LargeStringBuilder::with_capacity(number, bytes);
        texts.for_each(|text| all.append_value(text));
        Self(all.finish())
    }

    /// Texts that were made before; nulls among them are of no concern here.
    pub(crate) fn kept(texts: LargeStringArray) -> Self {
        Self(texts)
    }

    pub(crate) fn array(&self) -> &LargeStringArray {
        &self.0
    }

    pub(crate) fn get(&self, at: usize) -> &str {
        if at < self.0.len() { self.0.value(at) } else { "" }
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.len()).map(|at| self.get(at))
    }

    pub(crate) fn bytes(&self) -> usize {
        self.0.value_data().len() + self.0.value_offsets().len() * 8
    }
}
