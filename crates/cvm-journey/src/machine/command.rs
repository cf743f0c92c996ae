//! What a machine is told.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::terms::Terms;
use crate::model::Journey;

/// What a machine is told, at an instant. All that happens follows from these and from the answers of the world.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Customers that were not known yet, by their keys. They get the next numbers, in this order.
    Customers(Keys),
    /// A journey, or a new version of one.
    Publish(Box<Publish>),
    /// Customers enter, because another system says so. Each once.
    Enrol {
        /// The journey's id.
        journey: String,
        /// The customers.
        customers: Vec<u32>,
    },
    /// Customers did something.
    Events {
        /// Names of events, to which the events refer.
        names: Vec<String>,
        /// The events, in the order in which they came.
        events: Vec<Event>,
    },
    /// Something about customers is other than before.
    Changed {
        /// The customers.
        customers: Vec<u32>,
    },
    /// Time has passed. Segments are looked at anew.
    Tick,
    /// Something is to be done: what is handed out waits for its [`Answered`] until an instant.
    Lease {
        /// On which channels: `"webhook"` for calls, `"profile"` for fields and lists. All where none is named.
        channels: Vec<String>,
        /// At most so much.
        limit: u32,
        /// From when on nobody knows what became of it: microseconds since 1970.
        until: i64,
    },
    /// What became of what was handed out.
    Answers(Vec<Answered>),
    /// Nobody goes on, nobody is lost.
    Pause {
        /// The journey's id.
        journey: String,
    },
    /// Goes on after a pause.
    Resume {
        /// The journey's id.
        journey: String,
    },
    /// Everybody leaves, nobody enters.
    Stop {
        /// The journey's id.
        journey: String,
    },
}

/// Keys of customers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Keys {
    /// Whole numbers.
    Integers(Vec<i64>),
    /// Texts.
    Texts(Vec<String>),
}

/// A journey, or a new version of one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Publish {
    /// The journey. Its version must be greater than those before.
    #[serde(with = "as_json")]
    pub journey: Journey,
    /// What there is to know of the offers in it.
    pub terms: Vec<Terms>,
    /// What becomes of customers who are in an older version.
    pub people: InFlight,
}

/// What becomes of customers who are in an older version of a journey.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum InFlight {
    /// They stay in it until they are out.
    #[default]
    Pinned,
    /// They go on in the new one, at the same nodes. Those whose node is another or is gone go to the node that is named for
    /// it here; where none is, the journey is not published.
    Follow(BTreeMap<String, String>),
}

/// Something that a customer did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Event {
    /// The customer.
    pub customer: u32,
    /// The place of its name in the command.
    pub name: u16,
    /// When it happened: microseconds since 1970 (UTC).
    pub at: i64,
    /// What it is known by: an event that comes again with the same is passed over.
    pub id: Option<u64>,
    /// The message that it is about, for openings and clicks.
    pub about: Option<Handle>,
}

/// Something that was handed out: who is to get what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Handle {
    /// The journey's number.
    pub journey: u16,
    /// The node's number in the journey.
    pub node: u16,
    /// The participant's number: that of the customer, unless customers may be in the journey several times at once.
    pub participant: u32,
    /// Which time the customer is in.
    pub entry: u16,
    /// How many jumps back were made since.
    pub round: u16,
}

/// What became of something that was handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Answered {
    /// What.
    pub handle: Handle,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of something that was handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Outcome {
    /// It is done.
    Done,
    /// It can't be done.
    Failed,
    /// It was not done, and may be tried again from an instant on (microseconds since 1970).
    Again(i64),
    /// Nobody knows.
    Unknown,
}

mod as_json {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error, ser};

    use crate::model::Journey;

    /// As a text: the log's encoding has no names of fields, which journeys need.
    pub(super) fn serialize<S: Serializer>(journey: &Journey, serializer: S) -> Result<S::Ok, S::Error> {
        serde_json::to_string(journey).map_err(ser::Error::custom)?.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Journey, D::Error> {
        Journey::from_json(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}
