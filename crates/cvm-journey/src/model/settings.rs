//! What holds for a whole journey.

use std::collections::BTreeMap;

use cvm_core::{Decimal, Filter, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::clock::DayWindow;
use super::duration::Duration;
use super::percent::Percent;

/// What holds for a whole journey. Everything may be left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Nobody enters before this instant, `"2026-12-01T08:00:00Z"`.
    #[serde(skip_serializing_if = "Option::is_none", with = "super::text::instant")]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub start: Option<Timestamp>,
    /// Nobody enters, and nothing is sent, from this instant on.
    #[serde(skip_serializing_if = "Option::is_none", with = "super::text::instant")]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub end: Option<Timestamp>,
    /// Where customers live.
    pub zone: Zone,
    /// When nothing is sent, on any channel.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub quiet_hours: Vec<DayWindow>,
    /// When something may be sent, for each channel; at any time where the channel isn't named.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub send_windows: BTreeMap<String, Vec<DayWindow>>,
    /// How many messages a customer gets at most.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub caps: Vec<Cap>,
    /// Who agreed to be written to, for each channel.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub consent: BTreeMap<String, Filter>,
    /// Lists of customers to whom nothing is sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suppression: Vec<String>,
    /// The share of customers who are left out of everything, to see what journeys are good for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holdout: Option<Percent>,
    /// What the journey is for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub goals: Vec<Rule>,
    /// Whom it no longer concerns: looked at at each step.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exits: Vec<Rule>,
    /// Of journeys that want to write to the same customer, the one with the greater number does so first: where a cap allows
    /// one message, it is that one.
    pub priority: i32,
    /// What offers and messages may cost together.
    #[serde(skip_serializing_if = "Option::is_none", with = "super::text::decimal::option")]
    #[schemars(with = "Option<String>")]
    pub budget: Option<Decimal>,
    /// What all chance comes from: the same seed, the same arms.
    pub seed: u64,
    /// What becomes of events that come late.
    pub late_events: Late,
    /// At most so many customers may enter; more are a finding before the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience_cap: Option<u64>,
}

/// Where a customer lives: whose clock counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Zone {
    /// The field that names the zone, `Europe/Paris`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The zone of customers without one.
    pub fallback: String,
}

impl Default for Zone {
    fn default() -> Self {
        Self { field: None, fallback: "UTC".to_owned() }
    }
}

/// How many messages a customer gets at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cap {
    /// On which channel; all together where none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// How many.
    pub limit: u32,
    /// Within which time.
    pub within: Duration,
    /// Whether other journeys' messages count too.
    #[serde(default)]
    pub scope: Scope,
}

/// Which messages a cap counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Those of all journeys.
    #[default]
    AllJourneys,
    /// Those of this one.
    Journey,
}

/// Something that is looked at all along the way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its name in the statistics.
    pub name: String,
    /// Of whom it holds.
    pub filter: Filter,
    /// For goals: whether the customer leaves.
    #[serde(default = "yes")]
    pub leave: bool,
}

const fn yes() -> bool {
    true
}

/// What becomes of events that come late.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Late {
    /// They count as if they happened when they came.
    #[default]
    Accept,
    /// They are counted in the statistics and change nothing.
    Ignore,
}
