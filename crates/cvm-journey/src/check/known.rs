//! What a journey may speak of.

use cvm_core::{Catalog, Timestamp};

use crate::model::{Journey, Offer, Template};

/// What a journey may speak of: fields, events and lists, offers, templates, other journeys.
#[derive(Debug, Clone, Copy)]
pub struct Known<'k> {
    /// The language of the customers.
    pub catalog: &'k Catalog,
    /// What can be offered.
    pub offers: &'k [Offer],
    /// What can be said.
    pub templates: &'k [Template],
    /// The journeys beside this one.
    pub journeys: &'k [Journey],
    /// How many customers are expected to enter, where that was counted or estimated.
    pub audience: Option<u64>,
    /// Now, where it is to be seen whether something is over.
    pub now: Option<Timestamp>,
}

impl<'k> Known<'k> {
    /// A catalog, and nothing else.
    #[must_use]
    pub const fn catalog(catalog: &'k Catalog) -> Self {
        Self { catalog, offers: &[], templates: &[], journeys: &[], audience: None, now: None }
    }
}
