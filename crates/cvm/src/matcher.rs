//! One customer at a time, from documents, without an engine: for request paths.

use cvm_core::{Catalog, Filter, Timestamp};
use serde_json::Value as Json;

use crate::Error;

/// A filter made ready to be asked of one customer at a time: with the catalog, and without any table.
///
/// A profile is an object with the customer's fields by name. A history is an array of events, or an object with `events`
/// and, by table, `related` rows.
///
/// ```
/// use cvm::{Catalog, Matcher, read_instant};
/// let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
///         {"name": "id", "type": "int", "nullable": false}, {"name": "plan", "type": "string"}]},
///     "events": [{"name": "purchase", "table": "purchases", "customer": "id", "time": "at"}]}"#)?;
/// let matcher = Matcher::new(&"plan = 'gold' and count(purchase within last 30 days) >= 1".parse()?, &catalog)?;
/// let profile = serde_json::json!({"id": 7, "plan": "gold"});
/// let history = serde_json::json!([{"event": "purchase", "time": "2024-05-01T10:00:00Z"}]);
/// assert!(matcher.matches(&profile, &history, read_instant("2024-05-31", "UTC")?)?);
/// // When time alone will change that.
/// let change = matcher.next_change(&profile, &history, read_instant("2024-05-31", "UTC")?)?;
/// assert_eq!(change.map(|at| at.to_string()).as_deref(), Some("2024-05-31T10:00:00.000001Z"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Matcher {
    catalog: Catalog,
    compiled: cvm_core::Matcher,
}

impl Matcher {
    /// Checks a filter and makes it ready.
    ///
    /// # Errors
    /// Findings of the filter; rankings, which look at all customers.
    pub fn new(filter: &Filter, catalog: &Catalog) -> Result<Self, Error> {
        Ok(Self { catalog: catalog.clone(), compiled: cvm_core::Matcher::new(filter, catalog)? })
    }

    /// Whether the filter selects a customer at an instant.
    ///
    /// # Errors
    /// Every finding of the profile and the history: fields, events and tables that are not in the catalog, values of
    /// other types.
    pub fn matches(&self, profile: &Json, history: &Json, as_of: Timestamp) -> Result<bool, Error> {
        let (row, history) = (self.catalog.profile_from_json(profile)?, self.catalog.history_from_json(history)?);
        Ok(self.compiled.matches(&row, &history, as_of)?)
    }

    /// The first instant after `as_of` at which time alone changes the verdict on a customer; `None` if it stays the same.
    ///
    /// # Errors
    /// As [`Matcher::matches`].
    pub fn next_change(&self, profile: &Json, history: &Json, as_of: Timestamp) -> Result<Option<Timestamp>, Error> {
        let (row, history) = (self.catalog.profile_from_json(profile)?, self.catalog.history_from_json(history)?);
        Ok(self.compiled.next_change(&row, &history, as_of, Timestamp::MAX)?)
    }

    /// The zone in which instants without an offset are read, an IANA name.
    #[must_use]
    pub fn zone(&self) -> &str {
        &self.catalog.zone
    }
}
