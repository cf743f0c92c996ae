//! Nodes: what happens to a customer on the way.

use std::borrow::Cow;
use std::collections::BTreeMap;

use cvm_core::Filter;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::duration::Duration;
use super::percent::Percent;
use super::wait::Wait;

/// A node: `{"id": "pause", "type": "wait", "data": {"until": "duration", "duration": {"amount": 2, "unit": "day"}}}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Node {
    /// Its name within the journey: edges, statistics and keys of sends name it so.
    pub id: String,
    /// What it does.
    #[serde(flatten)]
    pub kind: NodeKind,
}

/// What a node does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
pub enum NodeKind {
    /// Where customers come in. Outcome `next`.
    Entry(Empty),
    /// A gate: outcomes `yes` and `no`.
    Segment(Gate),
    /// Time, or something that must happen. Outcome `next`; for events and filters `happened`, and `timeout` where there is one.
    Wait(Wait),
    /// A message with an offer. Outcome `next`; `held` and `failed` where they are drawn.
    Send(Send),
    /// The first filter that takes the customer: its name is the outcome; `default` where none does.
    Branch(Branch),
    /// The first of several events to come: its name is the outcome; `timeout` where none does in time.
    EventBranch(EventBranch),
    /// Arms by chance: the arm's name is the outcome. The same customer gets the same arm again.
    Split(Split),
    /// Some by chance, who get nothing: outcome `held_out` where it is drawn, else they leave; `next` for the others.
    Holdout(Holdout),
    /// Sets fields of the customer. Outcome `next`.
    Update(Update),
    /// Puts the customer on a list or takes it off. Outcome `next`.
    List(ListChange),
    /// A call to another system. Outcome `next`; `failed` where it is drawn.
    Webhook(Webhook),
    /// Lets so many through in a time; the others wait in line. Outcome `next`.
    Throttle(Throttle),
    /// Another journey, until the customer is out of it. Outcome `next`.
    SubJourney(SubJourney),
    /// Back, so many times: outcome `again`, then `done`.
    Jump(Jump),
    /// Counts the customer as having reached something. Outcome `next`.
    Goal(Goal),
    /// Out.
    End(End),
}

/// Nothing more to say: `{}`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Empty {}

/// Whom a gate lets through.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// The filter.
    pub filter: Filter,
}

/// What is sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Send {
    /// The channel: `"email"`, as the settings and the sender know it.
    pub channel: String,
    /// The template of the message.
    pub template: String,
    /// The offer in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<String>,
    /// What to do where nobody knows whether the provider took it.
    #[serde(default)]
    pub unknown: Unknown,
    /// What to do in quiet hours and outside send windows.
    #[serde(default)]
    pub quiet: Quiet,
}

impl Send {
    /// A template on a channel, without an offer.
    #[must_use]
    pub fn new(channel: &str, template: &str) -> Self {
        Self {
            channel: channel.to_owned(),
            template: template.to_owned(),
            offer: None,
            unknown: Unknown::default(),
            quiet: Quiet::default(),
        }
    }

    /// The same with an offer.
    #[must_use]
    pub fn offer(mut self, offer: &str) -> Self {
        self.offer = Some(offer.to_owned());
        self
    }
}

/// What to do with a send of which nobody knows whether it was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unknown {
    /// Send it again with the same key: for providers that know keys.
    #[default]
    Retry,
    /// Take it for sent: rather nothing than twice.
    Keep,
    /// Take it for failed.
    Fail,
}

/// What to do in quiet hours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Quiet {
    /// Wait until they are over.
    #[default]
    Wait,
    /// Leave the message out.
    Skip,
}

/// One way on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Its name, which is the outcome.
    pub name: String,
    /// Who goes this way.
    pub filter: Filter,
}

/// Ways on, tried in their order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// The ways.
    pub cases: Vec<Case>,
}

/// One of several events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventCase {
    /// Its name, which is the outcome.
    pub name: String,
    /// The event's name in the catalog.
    pub event: String,
    /// A filter on its properties.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Filter>,
}

/// Events of which the first one counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventBranch {
    /// The events; of two that come at once the first one here.
    pub cases: Vec<EventCase>,
    /// How long at most.
    pub timeout: Duration,
}

/// An arm of a split.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arm {
    /// Its name, which is the outcome.
    pub name: String,
    /// Its share.
    pub percent: Percent,
}

/// Arms by chance, whose shares are 100 % together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// The arms.
    pub arms: Vec<Arm>,
    /// The name under which an experiment is analysed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experiment: Option<String>,
    /// The smallest difference between arms that must be seen, in percentage points of the goal, and the share that
    /// reaches the goal anyway: arms that are too small for it are found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted: Option<WantedEffect>,
}

/// A difference that an experiment is to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WantedEffect {
    /// The share that reaches the goal anyway.
    pub base: Percent,
    /// How many percentage points more.
    pub lift: Percent,
}

/// How many get nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Holdout {
    /// Their share.
    pub percent: Percent,
}

/// Fields and what they become.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Update {
    /// Field by field, a value as a filter takes it; null takes the value away.
    pub set: BTreeMap<String, Value>,
}

/// A list that the customer comes on or off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ListChange {
    /// On this list.
    Add(String),
    /// Off this list.
    Remove(String),
}

/// A call to another system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// Where: `https`, and no address of a private network.
    pub url: String,
    /// What is sent beside the customer's key: a template of JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// What to do where nobody knows whether it arrived.
    #[serde(default)]
    pub unknown: Unknown,
}

/// How many pass in a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Throttle {
    /// How many.
    pub limit: u64,
    /// In which time.
    pub per: Per,
}

/// A stretch of the clock in which something is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// A day.
    Day,
}

impl Per {
    /// How many seconds.
    #[must_use]
    pub const fn seconds(self) -> u64 {
        match self {
            Self::Minute => 60,
            Self::Hour => 3_600,
            Self::Day => 86_400,
        }
    }
}

/// Another journey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubJourney {
    /// Its id.
    pub journey: String,
}

/// How often a customer goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Jump {
    /// At most so often.
    pub times: u32,
}

/// What was reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    /// Its name in the statistics.
    pub name: String,
}

/// Why a customer is out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct End {
    /// The reason in the statistics.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A way out of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome<'n> {
    /// Its name: the `sourceHandle` of the edge.
    pub name: Cow<'n, str>,
    /// Whether an edge must lead on. Where none leads on from another outcome, the node's text says what happens.
    pub required: bool,
}

impl NodeKind {
    /// The name in JSON.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Entry(_) => "entry",
            Self::Segment(_) => "segment",
            Self::Wait(_) => "wait",
            Self::Send(_) => "send",
            Self::Branch(_) => "branch",
            Self::EventBranch(_) => "event_branch",
            Self::Split(_) => "split",
            Self::Holdout(_) => "holdout",
            Self::Update(_) => "update",
            Self::List(_) => "list",
            Self::Webhook(_) => "webhook",
            Self::Throttle(_) => "throttle",
            Self::SubJourney(_) => "sub_journey",
            Self::Jump(_) => "jump",
            Self::Goal(_) => "goal",
            Self::End(_) => "end",
        }
    }

    /// The ways out, in their order.
    ///
    /// ```
    /// use cvm_journey::model::{Duration, NodeKind, Wait};
    /// let wait = Wait::Event { event: "purchase".into(), filter: None, timeout: Some(Duration::days(3)) };
    /// let names: Vec<String> = NodeKind::Wait(wait).outcomes().into_iter().map(|one| one.name.into_owned()).collect();
    /// assert_eq!(names, ["happened", "timeout"]);
    /// ```
    #[must_use]
    pub fn outcomes(&self) -> Vec<Outcome<'_>> {
        fn named<'n>(names: impl IntoIterator<Item = &'n str>) -> Vec<Outcome<'n>> {
            names.into_iter().map(|name| Outcome { name: name.into(), required: true }).collect()
        }
        fn may(name: &'static str) -> Outcome<'static> {
            Outcome { name: name.into(), required: false }
        }
        let then = |mut first: Vec<Outcome<'static>>, more: &[&'static str]| {
            first.extend(more.iter().map(|name| may(name)));
            first
        };
        match self {
            Self::Entry(_)
            | Self::Update(_)
            | Self::List(_)
            | Self::Throttle(_)
            | Self::SubJourney(_)
            | Self::Goal(_) => named(["next"]),
            Self::Segment(_) => named(["yes", "no"]),
            Self::Wait(wait @ (Wait::Event { .. } | Wait::Filter { .. })) => match wait.timeout() {
                Some(_) => named(["happened", "timeout"]),
                None => named(["happened"]),
            },
            Self::Wait(_) => named(["next"]),
            Self::Send(_) => then(named(["next"]), &["held", "failed"]),
            Self::Webhook(_) => then(named(["next"]), &["failed"]),
            Self::Holdout(_) => then(named(["next"]), &["held_out"]),
            Self::Branch(branch) => named(branch.cases.iter().map(|case| case.name.as_str()).chain(["default"])),
            Self::EventBranch(branch) => named(branch.cases.iter().map(|case| case.name.as_str()).chain(["timeout"])),
            Self::Split(split) => named(split.arms.iter().map(|arm| arm.name.as_str())),
            Self::Jump(_) => named(["again", "done"]),
            Self::End(_) => Vec::new(),
        }
    }
}
