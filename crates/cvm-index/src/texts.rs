//! Texts, one after another in one piece of memory.

/// Texts by number.
#[derive(Debug, Clone, Default)]
pub(crate) struct Texts {
    all: String,
    ends: Vec<u64>,
}

impl Texts {
    pub(crate) fn push(&mut self, text: &str) {
        self.all.push_str(text);
        self.ends.push(self.all.len() as u64);
    }

    pub(crate) fn get(&self, at: usize) -> &str {
        let place =
            |at: Option<usize>| at.and_then(|at| self.ends.get(at)).map_or(0, |end| usize::try_from(*end).unwrap_or(0));
        self.all.get(place(at.checked_sub(1))..place(Some(at))).unwrap_or_default()
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.len()).map(|at| self.get(at))
    }

    pub(crate) fn bytes(&self) -> usize {
        self.all.len() + self.ends.len() * 8
    }

    pub(crate) fn shrink(&mut self) {
        self.all.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}
