//! How a journey is simulated.

use cvm_core::Timestamp;
use cvm_journey::model::{Duration, Journey, Offer, Percent};
use serde::Deserialize;

/// How a journey is simulated. Everything may be left out.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SimulateOptions {
    /// When it begins; so many days before the engine's instant if absent, so that what happened since is seen.
    #[serde(deserialize_with = "instant")]
    pub from: Option<Timestamp>,
    /// How many days it lasts: 60 if not said.
    pub days: u32,
    /// How often it is looked what is due, in minutes: a server that looks once in so long. 60 if not said.
    pub every_minutes: u32,
    /// The offers in the journeys.
    pub offers: Vec<Offer>,
    /// Other journeys that run beside it: those that it leads into, those that write to the same customers.
    pub beside: Vec<Journey>,
    /// What customers are expected to do beside what they did.
    pub assume: Vec<Assumption>,
    /// The share of messages and calls that can't be delivered.
    pub failed: Percent,
    /// Whether what customers really did in that time happens again.
    pub events: bool,
    /// What all chance of the simulation comes from. Arms and holdouts come from the journey's own seed.
    pub seed: u64,
    /// The key of a customer whose way is told step by step.
    pub customer: Option<String>,
}

impl Default for SimulateOptions {
    fn default() -> Self {
        Self {
            from: None,
            days: 60,
            every_minutes: 60,
            offers: Vec::new(),
            beside: Vec::new(),
            assume: Vec::new(),
            failed: Percent::new(0),
            events: true,
            seed: 0,
            customer: None,
        }
    }
}

/// Something that customers are expected to do after a message: `{"event": "purchase", "after": "mail", "percent": 5,
/// "within": {"amount": 3, "unit": "day"}}`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assumption {
    /// What they do: an event of the catalog.
    pub event: String,
    /// The node of the message; all messages of the journey if not said.
    #[serde(default)]
    pub after: Option<String>,
    /// The share of those who got it that does.
    pub percent: Percent,
    /// Within which time, at any moment of it alike.
    pub within: Duration,
}

fn instant<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    let wrong = || serde::de::Error::custom(format!("`{text}` is no instant: write it like `2026-12-01T08:00:00Z`"));
    Timestamp::parse_utc(&text).map(Some).ok_or_else(wrong)
}
