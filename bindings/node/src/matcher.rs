//! One customer at a time. Documents are texts here; `lib/matcher.js` makes them.

use cvm::{read_document, read_filter, read_instant};
use napi::Result;
use napi_derive::napi;

use crate::errors::guarded;

/// A filter made ready to be asked of one customer at a time.
#[napi]
pub struct Matcher(cvm::Matcher);

#[napi]
impl Matcher {
    /// Checks a filter and makes it ready.
    #[napi(constructor)]
    pub fn new(filter: String, catalog: String) -> Result<Self> {
        guarded(|| Ok(Self(cvm::Matcher::new(&read_filter(&filter)?, &cvm::Catalog::from_json(&catalog)?)?)))
    }

    /// Whether the filter selects a customer.
    #[napi]
    pub fn matches(&self, profile: String, history: String, as_of: Option<String>) -> Result<bool> {
        guarded(|| self.0.matches(&read_document(&profile)?, &read_document(&history)?, self.instant(as_of)?))
    }

    /// When time alone changes the verdict: an ISO 8601 text.
    #[napi]
    pub fn next_change(&self, profile: String, history: String, as_of: Option<String>) -> Result<Option<String>> {
        guarded(|| {
            let change =
                self.0.next_change(&read_document(&profile)?, &read_document(&history)?, self.instant(as_of)?)?;
            Ok(change.map(|at| at.to_string()))
        })
    }
}

impl Matcher {
    fn instant(&self, as_of: Option<String>) -> std::result::Result<cvm::Timestamp, cvm::Error> {
        as_of.map_or_else(|| Ok(cvm::now()), |text| read_instant(&text, self.0.zone()))
    }
}
