//! A provider for tests.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Channel, Delivery, Message};
use crate::chance::Chance;
use crate::model::Percent;

/// How often a [`Recording`] fails, each time by a chance that comes from the seed, the key, and how often the key came
/// before: the same again for the same calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// What all chance comes from.
    pub seed: u64,
    /// Calls that fail and may succeed later.
    pub failed: Percent,
    /// Keys that are refused for good.
    pub refused: Percent,
    /// Calls that are lost on the way there: nobody knows, and nothing happened.
    pub lost: Percent,
    /// Calls whose answers are lost: nobody knows, and it happened.
    pub unanswered: Percent,
}

impl Default for Plan {
    /// Everything succeeds.
    fn default() -> Self {
        let none = Percent::new(0);
        Self { seed: 0, failed: none, refused: none, lost: none, unanswered: none }
    }
}

/// A provider that is not there, for tests. It knows keys: a message that comes again with the same key has no other effect
/// and gets the same answer as before. Clones are the same provider, so a test can look at what a sender does with it, and it
/// goes on where a sender ends.
///
/// ```
/// use cvm_journey::channel::{Channel, Delivery, Message, Plan, Recording};
/// use cvm_journey::model::Percent;
/// let provider = Recording::new("email").plan(Plan { seed: 7, unanswered: Percent::new(60), ..Plan::default() });
/// let (mut channel, message) = (provider.clone(), Message { key: "1".into(), ..Message::default() });
/// let tries = (0..).find(|_| matches!(channel.send(&[message.clone()])[..], [Delivery::Sent { .. }]));
/// assert_eq!((provider.effects("1"), provider.calls()), (1, tries.unwrap_or(0) + 1));
/// ```
#[derive(Debug, Clone)]
pub struct Recording {
    name: String,
    plan: Plan,
    keys: bool,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// How often each key came.
    calls: BTreeMap<String, u64>,
    /// What took effect.
    taken: Vec<Message>,
    /// How often each key took effect, and as what it did first.
    effects: BTreeMap<String, (u64, usize)>,
}

impl Recording {
    /// A provider that takes everything.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), plan: Plan::default(), keys: true, state: Arc::default() }
    }

    /// The same that fails as planned.
    #[must_use]
    pub fn plan(mut self, plan: Plan) -> Self {
        self.plan = plan;
        self
    }

    /// The same that doesn't know keys: every message that arrives has an effect.
    #[must_use]
    pub fn without_keys(mut self) -> Self {
        self.keys = false;
        self
    }

    /// What took effect, in its order.
    #[must_use]
    pub fn taken(&self) -> Vec<Message> {
        self.state().taken.clone()
    }

    /// How often a key took effect.
    #[must_use]
    pub fn effects(&self, key: &str) -> u64 {
        self.state().effects.get(key).map_or(0, |(times, _)| *times)
    }

    /// How many messages came, those that failed included.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.state().calls.values().sum()
    }

    /// A test that panics while it looks must not take the others' view away.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn one(&self, message: &Message) -> Delivery {
        let state = &mut *self.state();
        let calls = state.calls.entry(message.key.clone()).or_insert(0);
        *calls += 1;
        let chance = Chance::new(self.plan.seed, "recording");
        if chance.of("refused", &message.key) < self.plan.refused.millionths() {
            return Delivery::never("refused as planned");
        }
        let mut chance = chance.of(&calls.to_string(), &message.key);
        let mut falls = |share: Percent| {
            let hit = chance < share.millionths();
            chance = chance.wrapping_sub(share.millionths());
            hit
        };
        if falls(self.plan.failed) {
            return Delivery::again("failed as planned");
        }
        if falls(self.plan.lost) {
            return Delivery::unknown("lost as planned");
        }
        let (times, id) = state.effects.entry(message.key.clone()).or_insert((0, state.taken.len()));
        if *times == 0 || !self.keys {
            *times += 1;
            state.taken.push(message.clone());
        }
        if falls(self.plan.unanswered) {
            return Delivery::unknown("unanswered as planned");
        }
        Delivery::Sent { id: Some(id.to_string()) }
    }
}

impl Channel for Recording {
    fn name(&self) -> &str {
        &self.name
    }

    fn send(&mut self, messages: &[Message]) -> Vec<Delivery> {
        messages.iter().map(|message| self.one(message)).collect()
    }
}
