//! What live membership must be, computed anew each time: `#[path = "common/model.rs"] mod model;`

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cvm_core::{Catalog, Filter, History, Occurrence, Timestamp, Value, bind, evaluate_with};
use cvm_index::live::{Change, EventName, Live, Properties, Transition};
use cvm_index::{Index, IndexBuilder};

use crate::arrow_of;
use crate::random::Random;

pub fn at(text: &str) -> Timestamp {
    Timestamp::parse_utc(text).expect("an instant")
}

pub fn index(catalog: &Catalog, everybody: &[(Vec<Value>, History)]) -> Index {
    let builder = IndexBuilder::new(Arc::new(catalog.clone())).threads(2);
    let tables = arrow_of::tables(catalog, everybody);
    tables.into_iter().fold(builder, |b, (name, batches)| b.table(&name, batches)).build().expect("an index")
}

/// A live membership, a twin for which time goes in small steps, and the data of all customers.
pub struct Model {
    pub live: Live,
    twin: Live,
    catalog: Catalog,
    people: BTreeMap<String, (Vec<Value>, History)>,
    filters: BTreeMap<String, Filter>,
    /// Members by segment, as transitions tell.
    inside: BTreeSet<(String, String)>,
    pub transitions: Vec<Transition>,
    pub by_time: usize,
}

impl Model {
    pub fn new(live: Live, twin: Live, everybody: Vec<(Vec<Value>, History)>, catalog: &Catalog) -> Self {
        let people = everybody.into_iter().map(|one| (one.0[0].to_string(), one)).collect();
        let (filters, inside) = (BTreeMap::new(), BTreeSet::new());
        Self { live, twin, catalog: catalog.clone(), people, filters, inside, transitions: Vec::new(), by_time: 0 }
    }

    fn fresh(&self, name: &str, now: Timestamp) -> BTreeSet<(String, String)> {
        let filter = &self.filters[name];
        let predicate = bind(filter, &self.catalog, now).unwrap_or_else(|e| panic!("{filter}: {e}"));
        let members = self.people.iter().filter(|(_, (row, history))| evaluate_with(&predicate, row, history));
        members.map(|(key, _)| (name.to_owned(), key.clone())).collect()
    }

    fn expected(&self, now: Timestamp) -> BTreeSet<(String, String)> {
        self.filters.keys().flat_map(|name| self.fresh(name, now)).collect()
    }

    fn compare(&self) {
        let now = self.live.now();
        for live in [&self.live, &self.twin] {
            for (name, filter) in &self.filters {
                let members = live.members(name).expect("registered");
                let found: BTreeSet<_> = members.iter().map(|key| (name.clone(), key.to_string())).collect();
                let fresh = self.fresh(name, now);
                assert_eq!(found, fresh, "{filter} at {now} of {:?}", self.people);
                assert_eq!(live.count(name), Some(fresh.len() as u64), "{filter}");
                assert!(members.iter().all(|key| live.is_member(name, key) == Some(true)));
            }
            assert_eq!(live.len(), self.people.len());
        }
        assert_eq!(self.inside, self.expected(now), "replayed, at {now}");
    }

    pub fn register(&mut self, name: &str, filter: &Filter) {
        let members = self.live.register(name, filter).unwrap_or_else(|e| panic!("{filter}: {e}"));
        assert_eq!(self.twin.register(name, filter), Ok(members));
        self.filters.insert(name.to_owned(), filter.clone());
        let fresh = self.fresh(name, self.live.now());
        assert_eq!(members, fresh.len() as u64, "{filter}");
        self.inside.extend(fresh);
        self.compare();
    }

    pub fn unregister(&mut self, name: &str) {
        let known = self.filters.remove(name).is_some();
        assert_eq!((self.live.unregister(name), self.twin.unregister(name)), (known, known));
        self.inside.retain(|(segment, _)| segment != name);
        self.compare();
    }

    /// Small steps of the twin, some of them to where it says that something may happen.
    fn steps(&mut self, to: Timestamp, random: &mut Random) -> Vec<Transition> {
        let mut told = Vec::new();
        while self.twin.now() < to {
            let now = self.twin.now();
            let next = match random.below(3) {
                0 => Timestamp::from_micros(now.micros() + 1 + (random.next() % 90_000_000_000) as i64),
                _ => self.twin.next_change(),
            };
            let next = next.unwrap_or(to).min(to);
            assert!(next > now, "time stands still at {now}");
            told.extend(self.twin.advance(next).expect("time"));
        }
        told
    }

    /// Goes through what time alone did: each transition is one, at its very instant, and none is lost.
    fn replay_time(&mut self, from: Timestamp, to: Timestamp, told: &[Transition], random: &mut Random) {
        let mut last = from;
        for one in told {
            assert!(last <= one.at && one.at <= to && one.at > from, "{one:?} in order, after {from}, up to {to}");
            let before = Timestamp::from_micros(one.at.micros() - 1).expect("an instant");
            if one.at != last {
                let probe = last.micros() + (random.next() % (one.at.micros() - last.micros()) as u64) as i64;
                for probe in [before, Timestamp::from_micros(probe).expect("an instant")] {
                    assert_eq!(self.inside, self.expected(probe), "at {probe}, before {one:?}");
                }
            }
            last = one.at;
            self.turn(one);
            let name = &*one.segment;
            let verdicts = [one.at, before].map(|at| self.fresh(name, at).contains(&pair(one)));
            assert_eq!(verdicts, [one.entered, !one.entered], "{one:?}: {}", self.filters[name]);
        }
        let span = (to.micros() - last.micros()).max(1) as u64;
        for _ in 0..2 {
            let probe = Timestamp::from_micros(last.micros() + (random.next() % span) as i64).expect("an instant");
            assert_eq!(self.inside, self.expected(probe), "at {probe}, after all");
        }
        self.by_time += told.len();
    }

    fn turn(&mut self, one: &Transition) {
        let changed = if one.entered { self.inside.insert(pair(one)) } else { self.inside.remove(&pair(one)) };
        assert!(changed, "{one:?} changes nothing");
    }

    pub fn advance(&mut self, to: Timestamp, random: &mut Random) {
        let from = self.live.now();
        let told = self.live.advance(to).expect("time");
        let steps = self.steps(to, random);
        assert_eq!(sorted(&told), sorted(&steps), "one step or many");
        self.replay_time(from, to, &told, random);
        self.transitions.extend(told);
        self.compare();
    }

    pub fn apply(&mut self, now: Timestamp, batch: &[Change], random: &mut Random) {
        let from = self.live.now();
        let told = self.live.apply(now, batch).unwrap_or_else(|e| panic!("{batch:?}: {e}"));
        let mut steps = self.steps(now, random);
        steps.extend(self.twin.apply(now, batch).expect("the same"));
        // What time did at the very instant of the changes may stand on either side.
        assert_eq!(sorted(&told), sorted(&steps), "one step or many");
        let at_last = |at: usize| told[at].at == now && !self.time_alone(&told[at], &told[..at]);
        let first = (0..told.len()).find(|at| at_last(*at)).unwrap_or(told.len());
        let (time, changed) = told.split_at(first);
        self.replay_time(from, now, time, random);
        batch.iter().for_each(|change| self.change(change));
        for one in changed {
            assert_eq!(one.at, now);
            self.turn(one);
        }
        self.transitions.extend(told);
        self.compare();
    }

    /// Whether a transition at the instant of a change happens without the change, after those told before it.
    fn time_alone(&self, one: &Transition, told: &[Transition]) -> bool {
        let before = Timestamp::from_micros(one.at.micros() - 1).expect("an instant");
        let verdicts = [before, one.at].map(|at| self.fresh(&one.segment, at).contains(&pair(one)));
        let known = told.iter().rev().find(|earlier| pair(earlier) == pair(one)).map(|earlier| earlier.entered);
        let known = known.unwrap_or_else(|| self.inside.contains(&pair(one)));
        verdicts == [!one.entered, one.entered] && known != one.entered
    }

    fn change(&mut self, change: &Change) {
        match change {
            Change::Erase { key } => drop(self.people.remove(&key.to_string())),
            Change::Profile { key, fields } => {
                let all = &self.catalog.customers.fields;
                let (row, _) = self.people.entry(key.to_string()).or_insert_with(|| {
                    let events = vec![Vec::new(); self.catalog.events.len()];
                    let mut row = vec![Value::Missing; all.len()];
                    row[0] = key.clone();
                    (row, History { events, related: vec![Vec::new(); self.catalog.related.len()] })
                });
                for (name, value) in fields {
                    row[all.iter().position(|field| field.name == *name).expect("a field")] = value.clone();
                }
            }
            Change::Event { key, event, time, properties } => {
                let Some((_, history)) = self.people.get_mut(&key.to_string()) else { return };
                let stream = match event {
                    EventName::Number(at) => *at,
                    EventName::Name(name) => {
                        self.catalog.events.iter().position(|stream| stream.name == **name).expect("a stream")
                    }
                };
                let fields = &self.catalog.events[stream].fields;
                let mut row = vec![Value::Missing; fields.len()];
                match properties {
                    Properties::Ordered(values) => row[..values.len()].clone_from_slice(values),
                    Properties::Named(values) => values.iter().for_each(|(name, value)| {
                        row[fields.iter().position(|field| field.name == *name).expect("a field")] = value.clone();
                    }),
                }
                history.events[stream].push(Occurrence { time: time.clone(), properties: row });
            }
            Change::Related { key, table, rows } => {
                if let Some((_, history)) = self.people.get_mut(&key.to_string()) {
                    let at = self.catalog.related.iter().position(|known| known.name == *table).expect("a table");
                    history.related[at].clone_from(rows);
                }
            }
        }
    }
}

fn pair(one: &Transition) -> (String, String) {
    (one.segment.to_string(), one.key.to_string())
}

/// Transitions in an order that doesn't depend on who was looked at first.
fn sorted(told: &[Transition]) -> Vec<(Timestamp, String, String, bool)> {
    let mut all: Vec<_> =
        told.iter().map(|one| (one.at, one.segment.to_string(), one.key.to_string(), one.entered)).collect();
    all.sort();
    all
}
