//! Who is in which segment, kept up.

use std::sync::Arc;

use cvm_core::{Catalog, Filter, Timestamp, Value};
use cvm_index::live::{self, Transition};
use serde_json::Value as Json;

use super::read;
use crate::{Engine, Error};

/// Who is in which segment, kept up while customers change, events come in and time goes by: every coming and going is
/// told, with the microsecond at which it happened, also that which time alone causes.
///
/// A change is an object with the customer's `key` and one of
///
/// - `event`, with `time` and `properties`: the customer did something;
/// - `fields`: these fields have other values now, null takes a value away; a customer who was not there comes;
/// - `table`, with `rows`: the customer's rows of a related table, in place of all that were there;
/// - `erase`: true; the customer and everything of the customer goes.
///
/// ```
/// use cvm::{Catalog, Live, read_instant};
/// use serde_json::json;
/// let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
///         {"name": "id", "type": "int", "nullable": false}, {"name": "plan", "type": "string"}]},
///     "events": [{"name": "purchase", "table": "purchases", "customer": "id", "time": "at"}]}"#)?;
/// let at = |text| read_instant(text, "UTC");
/// let mut live = Live::empty(catalog, at("2024-05-01")?);
/// live.register("fresh gold", &"plan = 'gold' and count(purchase within last 30 days) >= 1".parse()?)?;
/// let came = live.apply(at("2024-05-01T10:00:05Z")?, &json!([
///     {"key": 7, "fields": {"plan": "gold"}},
///     {"key": 7, "event": "purchase", "time": "2024-05-01T10:00:00Z"}]))?;
/// assert!(came[0].entered && came[0].segment.as_ref() == "fresh gold");
/// let went = live.advance(at("2024-06-01")?)?;
/// assert_eq!((went[0].entered, went[0].at), (false, at("2024-05-31T10:00:00.000001Z")?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Live {
    catalog: Arc<Catalog>,
    kept: live::Live,
}

impl Engine {
    /// Keeps up who is in which segment from here on, beginning with the customers that are loaded, at an instant. Waits
    /// for the index, which it shares; what is loaded into the engine afterwards does not change it.
    ///
    /// # Errors
    /// As [`Engine::prepare`]; an engine without an index; keys that are missing or stand twice.
    pub fn live(&self, now: Timestamp) -> Result<Live, Error> {
        let index = self.index_when_made()?;
        Ok(Live { catalog: Arc::clone(index.catalog()), kept: live::Live::new(index, now)? })
    }
}

impl Live {
    /// Begins without customers: they come with their first `fields`.
    #[must_use]
    pub fn empty(catalog: Catalog, now: Timestamp) -> Self {
        let catalog = Arc::new(catalog);
        Self { kept: live::Live::empty(Arc::clone(&catalog), now), catalog }
    }

    /// Keeps up who is in a segment from now on, and says how many there are.
    ///
    /// # Errors
    /// Findings of the filter; rankings, which look at all customers; a name that is taken.
    pub fn register(&mut self, name: &str, filter: &Filter) -> Result<u64, Error> {
        Ok(self.kept.register(name, filter)?)
    }

    /// Registers many, which takes much less time than one after the other: all of them, or none.
    ///
    /// # Errors
    /// As [`Live::register`], with the number of the segment at the front of the place.
    pub fn register_all(&mut self, segments: &[(&str, &Filter)]) -> Result<Vec<u64>, Error> {
        Ok(self.kept.register_all(segments)?)
    }

    /// Keeps a segment up no longer; false where there was none of that name.
    pub fn unregister(&mut self, name: &str) -> bool {
        self.kept.unregister(name)
    }

    /// Time goes on to `now`, and then all changes take place, in their order: all of them, or, where something is wrong
    /// with one, none. What comes and goes is told in the order of time.
    ///
    /// # Errors
    /// Every finding, with the number of its change at the front of its place; a `now` before the last one.
    pub fn apply(&mut self, now: Timestamp, changes: &Json) -> Result<Vec<Transition>, Error> {
        let changes = read::changes(&self.catalog, changes)?;
        Ok(self.kept.apply(now, &changes)?)
    }

    /// Time goes by, and nothing else happens.
    ///
    /// # Errors
    /// A time before the last one.
    pub fn advance(&mut self, to: Timestamp) -> Result<Vec<Transition>, Error> {
        Ok(self.kept.advance(to)?)
    }

    /// An instant up to which nothing comes or goes by time alone; `None` where time alone changes nothing.
    #[must_use]
    pub fn next_change(&self) -> Option<Timestamp> {
        self.kept.next_change()
    }

    /// The instant that everything is as of.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.kept.now()
    }

    /// The names of the registered segments.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.kept.segments()
    }

    /// How many members a segment has; `None` where no such segment is registered.
    #[must_use]
    pub fn count(&self, name: &str) -> Option<u64> {
        self.kept.count(name)
    }

    /// The keys of a segment's members, in no order; `None` where no such segment is registered.
    #[must_use]
    pub fn members(&self, name: &str) -> Option<Vec<Value>> {
        self.kept.members(name)
    }

    /// Whether a customer is in a segment; `None` where no such segment is registered.
    #[must_use]
    pub fn is_member(&self, name: &str, key: &Value) -> Option<bool> {
        self.kept.is_member(name, key)
    }

    /// How many customers there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// How many events and rows of nobody were left out so far.
    #[must_use]
    pub fn left_out(&self) -> u64 {
        self.kept.left_out()
    }

    /// The zone in which instants without an offset are read, an IANA name.
    #[must_use]
    pub fn zone(&self) -> &str {
        &self.catalog.zone
    }
}
