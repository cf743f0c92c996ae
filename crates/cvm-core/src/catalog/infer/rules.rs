//! What a file can't say about its own texts.

use std::sync::Arc;

use jiff::tz::TimeZone;

/// How the texts of a file are read where the file itself does not say.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// `None` is UTC, which needs no look-up.
    zone: Option<TimeZone>,
    nulls: Arc<[String]>,
    day_first: Option<bool>,
}

impl Rules {
    /// Times without an offset are local time in `zone`.
    #[must_use]
    pub fn new(zone: &TimeZone) -> Self {
        let utc = *zone == TimeZone::UTC || matches!(zone.iana_name(), Some("UTC" | "Etc/UTC"));
        Self { zone: (!utc).then(|| zone.clone()), ..Self::default() }
    }

    /// More spellings of "missing", for columns of every type.
    #[must_use]
    pub fn nulls(mut self, spellings: impl IntoIterator<Item = String>) -> Self {
        self.nulls = spellings.into_iter().map(|text| text.trim().to_owned()).collect();
        self
    }

    /// Whether `01/02/2024` is in February, for columns that don't settle it themselves.
    #[must_use]
    pub fn day_first(mut self, day_first: Option<bool>) -> Self {
        self.day_first = day_first;
        self
    }

    pub(super) fn zone(&self) -> Option<&TimeZone> {
        self.zone.as_ref()
    }

    pub(super) fn null_spellings(&self) -> &[String] {
        &self.nulls
    }

    pub(super) fn is_day_first(&self) -> Option<bool> {
        self.day_first
    }
}
