//! Numbers that stand for names, and for filters.

use std::collections::BTreeMap;

use cvm_core::Filter;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// Names, each with a number that it keeps.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<String>", into = "Vec<String>")]
pub(super) struct Names {
    names: Vec<String>,
    numbers: FxHashMap<String, u16>,
}

impl Names {
    /// The number of a name, which may be new. `None` where there are too many.
    pub(super) fn number(&mut self, name: &str) -> Option<u16> {
        if let Some(number) = self.find(name) {
            return Some(number);
        }
        // The greatest number stands for no name.
        let number = u16::try_from(self.names.len()).ok().filter(|number| *number < u16::MAX)?;
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        Some(number)
    }

    pub(super) fn find(&self, name: &str) -> Option<u16> {
        self.numbers.get(name).copied()
    }

    pub(super) fn name(&self, number: u16) -> &str {
        self.names.get(usize::from(number)).map_or("", String::as_str)
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }
}

impl From<Vec<String>> for Names {
    fn from(names: Vec<String>) -> Self {
        let numbers = (0..u16::MAX).zip(&names).map(|(number, name)| (name.clone(), number)).collect();
        Self { names, numbers }
    }
}

impl From<Names> for Vec<String> {
    fn from(names: Names) -> Self {
        names.names
    }
}

/// Filters, each with a number that it keeps.
#[derive(Debug, Clone, Default)]
pub(super) struct Filters {
    filters: Vec<(Filter, Option<String>)>,
    numbers: BTreeMap<(String, Option<String>), u32>,
}

impl Filters {
    /// The number of a filter; of one on the properties of an event where an event is named.
    pub(super) fn number(&mut self, filter: &Filter, event: Option<&str>) -> u32 {
        // As a text, which is the same for equal filters.
        let text = serde_json::to_string(filter).unwrap_or_default();
        let number = u32::try_from(self.filters.len()).unwrap_or(u32::MAX);
        let event = event.map(str::to_owned);
        *self.numbers.entry((text, event.clone())).or_insert_with(|| {
            self.filters.push((filter.clone(), event));
            number
        })
    }

    pub(super) fn asked(&self, number: u32) -> super::world::Asked<'_> {
        let found = self.filters.get(number as usize);
        // Numbers come from here, so that there is one; a filter that takes nobody is the safe answer all the same.
        let (filter, event) = found.map_or((&Filter::Nobody, None), |(filter, event)| (filter, event.as_deref()));
        super::world::Asked { number, filter, event }
    }
}
