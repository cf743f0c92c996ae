//! Who enters a journey, when, and whether again.

use cvm_core::Filter;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::clock::TimeOfDay;
use super::duration::Duration;

/// Who enters, and whether again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What lets customers in.
    pub trigger: Trigger,
    /// Whether those who were in may enter again.
    #[serde(default)]
    pub reentry: Reentry,
}

/// What lets customers in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Trigger {
    /// Being in a segment.
    Segment {
        /// The segment.
        filter: Filter,
        /// Which of its members.
        #[serde(default)]
        who: Members,
    },
    /// Something that a customer does.
    Event {
        /// The event's name in the catalog.
        event: String,
        /// A filter on its properties.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        filter: Option<Filter>,
    },
    /// A day or days in the calendar: all who are in the segment then.
    Schedule {
        /// When, as a recurrence rule (RFC 5545, section 3.3.10): `"FREQ=WEEKLY;BYDAY=MO"`.
        rule: String,
        /// The first day that it may be, `"2026-12-01"`.
        #[schemars(extend("format" = "date"))]
        from: String,
        /// The time of day.
        at: TimeOfDay,
        /// Who.
        filter: Filter,
    },
    /// A call from another system.
    Api,
    /// A day that stands in a field of the customer, such as a birthday, or so long before or after it.
    Date {
        /// The field, a date or a timestamp.
        field: String,
        /// How long before or after.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        offset: Option<Offset>,
        /// The time of day.
        at: TimeOfDay,
        /// Whether the month and the day count alone, so that it comes round every year.
        #[serde(default)]
        every_year: bool,
    },
}

/// Members of a segment at the time of a journey's start, and later ones.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Members {
    /// Those who are in when the journey starts.
    Current,
    /// Those who come in later.
    Future,
    /// Both.
    #[default]
    Both,
}

/// How long before or after a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Offset {
    /// So long before it.
    Before(Duration),
    /// So long after it.
    After(Duration),
}

/// Whether customers who were in may enter again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Reentry {
    /// Once in a lifetime.
    #[default]
    Never,
    /// As soon as they are out.
    AfterExit,
    /// So long after they entered last, and once they are out.
    Cooldown {
        /// How long.
        after: Duration,
    },
    /// At any time, also while they are in, once for each value of a property of the event: an order number.
    Concurrent {
        /// The property.
        key: String,
    },
}
