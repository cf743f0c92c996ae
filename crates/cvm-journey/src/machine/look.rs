//! What can be seen of a machine.

use std::collections::BTreeSet;

use md5::{Digest, Md5};

use super::command::{Handle, Publish};
use super::effects::Leased;
use super::machine::{Machine, State};
use super::names::Filters;
use super::people::{NEVER, Phase};
use super::program::{Numbers, Program};
use super::publish::{Moved, preview};
use super::run::{Run, Status};
use super::statistics::{Counts, Drawn};
use crate::model::{Journey, NodeKind};

/// So many keys are made at most to find the message of one: some hundredths of a second.
const MOST_KEYS: usize = 100_000;

/// Where a customer is in a journey.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Position {
    /// The journey's id.
    pub journey: String,
    /// The version.
    pub version: u32,
    /// The node.
    pub node: String,
    /// Which time the customer is in, from 1 on.
    pub entry: u16,
    /// Until when the customer waits there at most: microseconds since 1970 (UTC); ISO 8601 in JSON.
    #[serde(serialize_with = "super::trace::iso_or_none")]
    pub until: Option<i64>,
}

/// Somebody in a journey, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person<'m> {
    /// The number in the journey: that of the customer, unless customers may be in it several times at once.
    pub participant: u32,
    /// The customer's number.
    pub customer: u32,
    /// The customer's key.
    pub key: String,
    /// The node.
    pub node: &'m str,
    /// The version.
    pub version: u32,
    /// Which time the customer is in, from 1 on.
    pub entry: u16,
    /// How many jumps back were made since.
    pub round: u16,
    /// What the customer does there: `waiting`, `leased` and so on.
    pub phase: &'static str,
    /// How often it was handed out; the place of the outcome.
    pub mark: u8,
    /// When the customer goes on at the latest: microseconds since 1970 (UTC).
    pub wake: Option<i64>,
}

impl Person<'_> {
    /// All that somebody may do at a node.
    pub const PHASES: [&'static str; 8] =
        ["waiting", "happened", "arriving", "pending", "leased", "later", "line", "inside"];
}

impl Program {
    /// How often a customer goes back at most.
    fn most_rounds(&self) -> u16 {
        let jumps = self.journey.nodes.iter().filter_map(|node| match &node.kind {
            NodeKind::Jump(jump) => Some(jump.times),
            _ => None,
        });
        u16::try_from(jumps.fold(0_u32, u32::saturating_add)).unwrap_or(u16::MAX)
    }
}

impl Machine {
    /// What commands do in this release: a log of another one can't be carried out again.
    pub const SEMANTICS: u32 = 1;

    pub(super) fn run_of(&self, journey: &str) -> Option<&Run> {
        let number = self.state.journeys.find(journey)?;
        self.state.runs.get(usize::from(number)).filter(|run| !run.versions.is_empty())
    }

    /// The ids of the journeys that were published.
    pub fn journeys(&self) -> impl Iterator<Item = &str> {
        self.state.runs.iter().filter(|run| !run.versions.is_empty()).map(|run| run.id.as_str())
    }

    /// The id of a journey, by its number.
    #[must_use]
    pub fn journey_name(&self, journey: u16) -> &str {
        self.state.journeys.name(journey)
    }

    /// The newest version of a journey.
    #[must_use]
    pub fn journey(&self, id: &str) -> Option<Journey> {
        Some(self.run_of(id)?.newest()?.journey.clone())
    }

    /// The journey of a handle, in the version in which its participant is, and the id of its node.
    #[must_use]
    pub fn about(&self, handle: Handle) -> Option<(&Journey, &str)> {
        let run = self.state.runs.get(usize::from(handle.journey))?;
        let version = run.people.place(handle.participant).version;
        let program = run.versions.get(usize::from(version))?.as_deref()?;
        Some((&program.journey, run.nodes.name(handle.node)))
    }

    /// The handle of a message or call to a customer, by the key that its provider knows it by. Keys can't be read backwards:
    /// those that the customer may have are made, the newest entries first, up to 100,000.
    #[must_use]
    pub fn handle_of(&self, customer: u32, key: &str) -> Option<Handle> {
        let runs = (0_u16..).zip(&self.state.runs);
        let handles = runs.flat_map(|(journey, run)| {
            let acts = run.drawn.iter().filter(|(_, drawn)| matches!(drawn.kind.as_str(), "send" | "webhook"));
            let nodes: BTreeSet<u16> = acts.map(|((_, node), _)| *node).collect();
            run.participants(customer).into_iter().flat_map(move |participant| {
                let now = run.people.place(participant);
                // How often the customer went back in an earlier entry is forgotten: as often as it may be.
                let most = run.versions.iter().flatten().map(|program| program.most_rounds()).max().unwrap_or(0);
                let nodes = nodes.clone();
                (1..=now.entry).rev().flat_map(move |entry| {
                    let most = if entry == now.entry { now.round } else { most };
                    let nodes = nodes.clone();
                    (0..=most).rev().flat_map(move |round| {
                        nodes.clone().into_iter().map(move |node| Handle { journey, node, participant, entry, round })
                    })
                })
            })
        });
        handles.take(MOST_KEYS).find(|handle| self.idempotency_key(*handle).as_deref() == Some(key))
    }

    /// The customer of a handle; none where nobody has one like it.
    #[must_use]
    pub fn customer_of(&self, handle: Handle) -> Option<u32> {
        let run = self.state.runs.get(usize::from(handle.journey))?;
        let entered = run.people.place(handle.participant).entry >= handle.entry && handle.entry > 0;
        let named = !run.nodes.name(handle.node).is_empty();
        (entered && named).then(|| run.customer(handle.participant))
    }

    /// What a node was in a version of a journey.
    #[must_use]
    pub fn drawn(&self, journey: &str, version: u32, node: u16) -> Option<&Drawn> {
        self.run_of(journey)?.drawn.get(&(version, node))
    }

    /// Whether a journey runs.
    #[must_use]
    pub fn status(&self, id: &str) -> Option<Status> {
        Some(self.run_of(id)?.status)
    }

    /// What was counted of a journey.
    #[must_use]
    pub fn counts(&self, id: &str) -> Option<&Counts> {
        Some(&self.run_of(id)?.counts)
    }

    /// The id of a node, by its number.
    #[must_use]
    pub fn node_name(&self, journey: &str, node: u16) -> Option<&str> {
        Some(self.run_of(journey)?.nodes.name(node)).filter(|name| !name.is_empty())
    }

    /// The name of an event, by its number.
    #[must_use]
    pub fn event_name(&self, event: u16) -> &str {
        self.state.events.name(event)
    }

    /// How many customers are known.
    #[must_use]
    pub fn customers(&self) -> usize {
        self.state.keys.len()
    }

    /// The key of a customer, as a text.
    #[must_use]
    pub fn key(&self, customer: u32) -> String {
        let mut buffer = String::new();
        self.state.keys.text(customer, &mut buffer).to_owned()
    }

    /// By what a provider knows something that was handed out: MD5 of `journey ␟ node ␟ customer ␟ entry ␟ round`, in
    /// hexadecimal digits. It is the same in all versions of the journey and all tries.
    #[must_use]
    pub fn idempotency_key(&self, handle: Handle) -> Option<String> {
        let run = self.state.runs.get(usize::from(handle.journey))?;
        let mut hash = Md5::new();
        let customer = self.key(run.customer(handle.participant));
        let (entry, round) = (handle.entry.to_string(), handle.round.to_string());
        for part in [run.id.as_str(), run.nodes.name(handle.node), &customer, &entry, &round] {
            hash.update(part.as_bytes());
            hash.update([0x1f]);
        }
        Some(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Where a customer is.
    #[must_use]
    pub fn positions(&self, customer: u32) -> Vec<Position> {
        let mut found = Vec::new();
        for run in &self.state.runs {
            for who in run.participants(customer) {
                let place = run.people.place(who);
                let Some(program) = run.program(place.version).filter(|_| place.phase != Phase::Out) else { continue };
                let wake = run.people.wake(who);
                let until = (wake != NEVER && wake != i64::MIN).then_some(wake);
                let node = run.nodes.name(place.node).to_owned();
                let (journey, version) = (run.id.clone(), program.journey.version);
                found.push(Position { journey, version, node, entry: place.entry, until });
            }
        }
        found
    }

    /// Who is in a journey, in the order of their numbers.
    pub fn people(&self, journey: &str) -> impl Iterator<Item = Person<'_>> {
        self.run_of(journey).into_iter().flat_map(move |run| {
            run.people.inside().map(move |(participant, place)| {
                let customer = run.customer(participant);
                let wake = run.people.wake(participant);
                Person {
                    participant,
                    customer,
                    key: self.key(customer),
                    node: run.nodes.name(place.node),
                    version: run.program(place.version).map_or(0, |program| program.journey.version),
                    entry: place.entry,
                    round: place.round,
                    phase: place.phase.name(),
                    mark: place.mark,
                    wake: (wake != NEVER && wake != i64::MIN).then_some(wake),
                }
            })
        })
    }

    /// What was handed out and is not answered, in the order of the handles: after a crash, what somebody may be doing, or
    /// may have done.
    #[must_use]
    pub fn leased(&self) -> Vec<Leased> {
        let mut leased = Vec::new();
        for (number, run) in (0_u16..).zip(&self.state.runs) {
            for (who, place) in run.people.inside().filter(|(_, place)| place.phase == Phase::Leased) {
                leased.push(Leased {
                    handle: run.handle(number, who),
                    customer: run.customer(who),
                    version: run.program(place.version).map_or(0, |program| program.journey.version),
                    attempt: place.mark,
                    code: run.codes.get(&(place.node, who)).copied(),
                });
            }
        }
        leased.sort_unstable_by_key(|leased| leased.handle);
        leased
    }

    /// What would become of everybody in a journey, if a version were published.
    #[must_use]
    pub fn preview(&self, publish: &Publish) -> Vec<Moved> {
        preview(self.run_of(&publish.journey.id), publish)
    }

    /// How many things are ready to be handed out, at most: some may be held back.
    #[must_use]
    pub fn pending(&self) -> usize {
        let running = self.state.runs.iter().filter(|run| run.status == Status::Running);
        running.flat_map(|run| run.outbox.values()).map(std::collections::VecDeque::len).sum()
    }

    /// The bytes that it takes, without what the journeys themselves take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.state.keys.bytes() + self.state.contacts.bytes() + self.state.runs.iter().map(Run::bytes).sum::<usize>()
    }

    /// The state as bytes, to begin from later.
    #[must_use]
    pub fn save(&self) -> Vec<u8> {
        postcard::to_allocvec(&self.state).unwrap_or_default()
    }

    /// A machine that goes on from a state.
    #[must_use]
    pub fn load(bytes: &[u8]) -> Option<Self> {
        let mut state: State = postcard::from_bytes(bytes).ok()?;
        let mut filters = Filters::default();
        for run in &mut state.runs {
            for version in &mut run.versions {
                let Some(program) = version else { continue };
                let numbers = &mut Numbers {
                    nodes: &mut run.nodes,
                    filters: &mut filters,
                    events: &mut state.events,
                    channels: &mut state.channels,
                    journeys: &mut state.journeys,
                };
                *program = Program::new(program.journey.clone(), program.terms.clone(), numbers)?.into();
            }
        }
        Some(Self::from_state(state, filters))
    }

    /// MD5 of the state: equal for machines that were told and answered the same.
    #[must_use]
    pub fn hash(&self) -> String {
        Md5::digest(self.save()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether as many are at each node as came and did not leave.
    #[must_use]
    pub fn conserves(&self) -> bool {
        self.state.runs.iter().all(|run| {
            let mut at: std::collections::BTreeMap<(u32, u16), u64> = std::collections::BTreeMap::new();
            for (_, place) in run.people.inside() {
                let version = run.program(place.version).map_or(0, |program| program.journey.version);
                *at.entry((version, place.node)).or_default() += 1;
            }
            let counted = run.counts.nodes.iter().filter(|(_, counts)| counts.waiting() > 0);
            counted.map(|(at, counts)| (*at, counts.waiting())).eq(at)
        })
    }
}
