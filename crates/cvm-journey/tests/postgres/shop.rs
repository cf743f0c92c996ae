//! A shop whose customers are shared out, and the crew of its workers.

use std::sync::{Arc, Mutex};

use cvm_core::Value;
use cvm_journey::channel::{Channel, Delivery, Message};
use cvm_journey::durable::postgres::{Crew, Partition, Share, partition_of};
use cvm_journey::durable::{Change, Outlet, Profiles, Runner, RunnerOptions, Store, Task};
use cvm_journey::machine::*;
use cvm_journey::message::Content;
use cvm_journey::model::{Journey, Template, TimeOfDay, Zone};
use postgres::Client;
use serde_json::json;

use crate::world::hash;

pub const HOUR: i64 = 3_600_000_000;
/// 2026-12-01T09:00:00Z.
pub const START: i64 = 1_796_115_600_000_000;

/// The keys of a partition's customers, in their order.
pub fn keys(customers: u32, share: Share) -> Vec<String> {
    let keys = (0..customers).map(|number| format!("c{number}"));
    keys.filter(|key| partition_of(key, share.of) == share.partition).collect()
}

fn edge(source: &str, outcome: &str, target: &str) -> serde_json::Value {
    let id = format!("{source} {outcome}");
    json!({"id": id, "source": source, "sourceHandle": outcome, "target": target})
}

fn read(value: serde_json::Value) -> Journey {
    Journey::from_value(value).unwrap_or_else(|findings| panic!("{findings}"))
}

/// Mails, waits, a branch, a change, a loop; and a journey that counts visits.
pub fn journeys() -> Vec<Journey> {
    let node = |id: &str, ty: &str, data: serde_json::Value| json!({"id": id, "type": ty, "data": data});
    let send = |channel: &str| json!({"channel": channel, "template": "hello"});
    let hour = json!({"amount": 1, "unit": "hour"});
    let welcome = read(json!({
        "id": "welcome", "version": 1, "name": "Welcome",
        "entry": {"trigger": {"type": "api"}, "reentry": {"type": "after_exit"}},
        "nodes": [node("in", "entry", json!({})), node("mail", "send", send("email")),
            node("pause", "wait", json!({"until": "duration", "duration": hour})),
            node("split", "branch", json!({"cases": [{"name": "half",
                "filter": {"type": "condition", "field": "p50", "op": "eq", "value": 1}}]})),
            node("more", "send", send("email")),
            node("tier", "update", json!({"set": {"tier": "gold"}})),
            node("again", "jump", json!({"times": 2})),
            node("out", "end", json!({}))],
        "edges": [edge("in", "next", "mail"), edge("mail", "next", "pause"), edge("pause", "next", "split"),
            edge("split", "half", "more"), edge("split", "default", "tier"), edge("more", "next", "again"),
            edge("again", "again", "pause"), edge("again", "done", "tier"), edge("tier", "next", "out")],
    }));
    let visits = read(json!({
        "id": "visits", "version": 1, "name": "Visits",
        "entry": {"trigger": {"type": "event", "event": "visit"}, "reentry": {"type": "after_exit"}},
        "nodes": [node("in", "entry", json!({})), node("out", "end", json!({}))],
        "edges": [edge("in", "next", "out")],
    }));
    vec![welcome, visits]
}

/// Customers of whom everything follows from the key.
#[derive(Debug, Clone)]
pub struct Shop(pub Vec<String>);

impl World for Shop {
    fn members(&mut self, _: Asked<'_>, _: i64) -> Result<Vec<u32>, WorldError> {
        Ok(Vec::new())
    }
    fn holds(&mut self, _: Asked<'_>, _: i64, who: &[u32]) -> Result<Vec<bool>, WorldError> {
        Ok(who.iter().map(|who| hash(&self.0[*who as usize], &[]).is_multiple_of(2)).collect())
    }
    fn events(&mut self, _: Asked<'_>, which: &[u32]) -> Result<Vec<bool>, WorldError> {
        Ok(vec![true; which.len()])
    }
    fn keys(&mut self, _: &str, which: &[u32]) -> Result<Vec<Option<u64>>, WorldError> {
        Ok(vec![None; which.len()])
    }
    fn instants(&mut self, when: When<'_>, _: &Zone, now: i64, who: &[u32]) -> Result<Vec<i64>, WorldError> {
        let at = match when {
            When::After(_) => now + HOUR,
            _ => now,
        };
        Ok(vec![at; who.len()])
    }
    fn days(&mut self, _: Days<'_>, _: &Zone) -> Result<Vec<u32>, WorldError> {
        Ok(Vec::new())
    }
    fn next(&mut self, _: &str, _: &str, _: TimeOfDay, _: &Zone, _: i64) -> Result<Option<i64>, WorldError> {
        Ok(None)
    }
}

impl Profiles for Shop {
    fn values(&mut self, customer: &str) -> Result<Vec<(String, Value)>, String> {
        Ok(vec![("name".to_owned(), Value::Str(customer.to_uppercase()))])
    }
    fn address(&mut self, customer: &str, channel: &str) -> Result<Option<String>, String> {
        Ok(Some(format!("{channel}:{customer}")))
    }
    fn apply(&mut self, _: &Task<'_>, _: Change<'_>) -> Delivery {
        Delivery::Sent { id: None }
    }
}

/// A provider that is a table, in which a key is once.
#[derive(Clone)]
pub struct Provider(pub Arc<Mutex<Client>>);

impl Channel for Provider {
    fn name(&self) -> &str {
        "email"
    }
    fn send(&mut self, messages: &[Message]) -> Vec<Delivery> {
        let keys: Vec<&str> = messages.iter().map(|message| message.key.as_str()).collect();
        let sent = "INSERT INTO public.sent SELECT key, 1 FROM unnest($1::text[]) AS key
            ON CONFLICT (key) DO UPDATE SET times = sent.times + 1";
        self.0.lock().expect("one thread").execute(sent, &[&keys]).expect("a table");
        vec![Delivery::Sent { id: None }; messages.len()]
    }
}

pub fn content() -> Content {
    let hello = json!({"id": "hello", "content": {"email": {"body": "Hello {{ customer.name }}"}}});
    let hello: Template = serde_json::from_value(hello).expect("a template");
    Content::new(&[hello], Vec::new()).expect("content")
}

/// The crew of a worker.
pub struct Staff<C> {
    pub customers: u32,
    pub provider: C,
}

pub fn publish(journey: Journey) -> Command {
    Command::Publish(Box::new(Publish { journey, terms: Vec::new(), people: InFlight::Pinned }))
}

/// A letter: entries of a journey, or visits.
pub fn letter(what: &str, keys: &[String]) -> Vec<u8> {
    serde_json::to_vec(&json!({"what": what, "keys": keys})).expect("a text")
}

impl<C: Channel + Clone + 'static> Crew for Staff<C> {
    type Profiles = Shop;

    fn begin(&mut self, share: Share, mut store: Store<Partition>) -> Result<Runner<Partition, Shop>, String> {
        let mut shop = Shop(keys(self.customers, share));
        let now = store.machine().now().max(START);
        let mut tell = |store: &mut Store<Partition>, command: Command| {
            store.tell(now, &command, &mut shop).map(drop).map_err(|error| error.to_string())
        };
        if store.machine().customers() == 0 {
            tell(&mut store, Command::Customers(Keys::Texts(keys(self.customers, share))))?;
        }
        for journey in journeys() {
            if store.machine().status(&journey.id).is_none() {
                tell(&mut store, publish(share.journey(&journey)?))?;
            }
        }
        let outlet = Outlet::new(Box::new(self.provider.clone()));
        let options = RunnerOptions { batch: 7, ..RunnerOptions::default() };
        Ok(Runner::new(store, shop, content(), options).outlet(outlet))
    }

    fn read(&mut self, machine: &Machine, shop: &mut Shop, letter: &[u8]) -> Result<Vec<Command>, String> {
        let letter: serde_json::Value = serde_json::from_slice(letter).map_err(|error| error.to_string())?;
        let number = |key: &serde_json::Value| shop.0.iter().position(|known| key == known);
        let keys = letter["keys"].as_array().ok_or("there are no `keys`")?;
        let customers: Vec<u32> =
            keys.iter().filter_map(number).map(|number| u32::try_from(number).expect("small")).collect();
        let event = |customer| Event { customer, name: 0, at: machine.now(), id: None, about: None };
        match letter["what"].as_str() {
            Some("visit") => Ok(vec![Command::Events {
                names: vec!["visit".to_owned()],
                events: customers.into_iter().map(event).collect(),
            }]),
            Some("welcome") => Ok(vec![Command::Enrol { journey: "welcome".to_owned(), customers }]),
            other => Err(format!("there is nothing like {other:?}")),
        }
    }
}
