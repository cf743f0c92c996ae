//! Customers by their numbers.

use serde::{Deserialize, Serialize};

use super::command::Keys;

/// The keys of customers in the order of their numbers: whole numbers as long as all are, else texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Known {
    Integers(Vec<i64>),
    Texts { ends: Vec<u32>, text: String },
}

impl Default for Known {
    fn default() -> Self {
        Self::Integers(Vec::new())
    }
}

impl Known {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Integers(keys) => keys.len(),
            Self::Texts { ends, .. } => ends.len(),
        }
    }

    /// Adds customers. `false` where there are too many for their numbers.
    pub(super) fn add(&mut self, keys: &Keys) -> bool {
        let (many, text) = match keys {
            Keys::Integers(keys) => (keys.len(), keys.len() * 20),
            Keys::Texts(keys) => (keys.len(), keys.iter().map(String::len).sum()),
        };
        if self.len() + many > u32::MAX as usize || self.text_len() + text > u32::MAX as usize {
            return false;
        }
        match (&mut *self, keys) {
            (Self::Integers(known), Keys::Integers(keys)) => known.extend(keys),
            (Self::Integers(known), Keys::Texts(_)) => {
                let before = std::mem::take(known);
                *self = Self::Texts { ends: Vec::new(), text: String::new() };
                before.iter().for_each(|key| self.push(&key.to_string()));
                return self.add(keys);
            }
            (Self::Texts { .. }, Keys::Texts(keys)) => keys.iter().for_each(|key| self.push(key)),
            (Self::Texts { .. }, Keys::Integers(keys)) => keys.iter().for_each(|key| self.push(&key.to_string())),
        }
        true
    }

    fn text_len(&self) -> usize {
        match self {
            Self::Integers(_) => 0,
            Self::Texts { text, .. } => text.len(),
        }
    }

    fn push(&mut self, key: &str) {
        if let Self::Texts { ends, text } = self {
            text.push_str(key);
            ends.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
        }
    }

    /// The key of a customer, as a text; written into the buffer where it is a number.
    pub(super) fn text<'t>(&'t self, number: u32, buffer: &'t mut String) -> &'t str {
        match self {
            Self::Integers(_) => {
                buffer.clear();
                self.write(number, buffer);
                buffer
            }
            Self::Texts { ends, text } => {
                let number = number as usize;
                let from = number.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
                let to = ends.get(number).copied().unwrap_or(from);
                text.get(from as usize..to as usize).unwrap_or("")
            }
        }
    }

    /// Writes the key of a customer behind a text.
    pub(super) fn write(&self, number: u32, text: &mut String) {
        match self {
            Self::Integers(keys) => {
                text.push_str(itoa::Buffer::new().format(keys.get(number as usize).copied().unwrap_or_default()));
            }
            Self::Texts { .. } => text.push_str(self.text(number, &mut String::new())),
        }
    }

    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Integers(keys) => keys.len() * size_of::<i64>(),
            Self::Texts { ends, text } => ends.len() * size_of::<u32>() + text.len(),
        }
    }
}
