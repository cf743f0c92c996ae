//! What a wait waits for.

use cvm_core::Filter;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::clock::{DayWindow, TimeOfDay};
use super::duration::Duration;
use super::entry::Offset;

/// What a wait waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "until", rename_all = "snake_case", deny_unknown_fields)]
pub enum Wait {
    /// So long.
    Duration {
        /// How long.
        duration: Duration,
    },
    /// A day that stands in a field of the customer. Who has none, or is past it, goes on at once.
    Date {
        /// The field, a date or a timestamp.
        field: String,
        /// How long before or after.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        offset: Option<Offset>,
        /// The time of day; that of a timestamp, or midnight, if not said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<TimeOfDay>,
    },
    /// Something that the customer does.
    Event {
        /// The event's name in the catalog.
        event: String,
        /// A filter on its properties.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        filter: Option<Filter>,
        /// How long at most: outcome `timeout`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        timeout: Option<Duration>,
    },
    /// A filter that takes the customer.
    Filter {
        /// The filter.
        filter: Filter,
        /// How long at most: outcome `timeout`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        timeout: Option<Duration>,
    },
    /// A time of day on some days of the week, where the customer lives. Who is inside goes on at once.
    Window {
        /// The window.
        window: DayWindow,
    },
}

impl Wait {
    /// How long it takes at most, where that is bounded by what it says.
    #[must_use]
    pub fn timeout(&self) -> Option<Duration> {
        match self {
            Self::Event { timeout, .. } | Self::Filter { timeout, .. } => *timeout,
            Self::Duration { .. } | Self::Date { .. } | Self::Window { .. } => None,
        }
    }

    /// The seconds that everybody waits at least.
    #[must_use]
    pub fn least_seconds(&self) -> u64 {
        match self {
            Self::Duration { duration } => duration.least_seconds(),
            _ => 0,
        }
    }
}
