//! Random customers of a shop, the same ones every time: fields and histories, as values and as JSON.

use cvm_core::{Catalog, History, Occurrence, Timestamp, Value};
use serde_json::{Map, Value as Json, json};

/// Nobody does anything later, so that a peer needs no condition for what the matcher asks always.
pub const AS_OF: &str = "2026-06-01T09:30:00Z";

pub const DAY: i64 = 86_400_000_000;

/// Every field has a value: what is missing means something else to each peer.
pub const CATALOG: &str = r#"{"customers": {"table": "customers", "key": "id", "fields": [
        {"name": "id", "type": "int", "nullable": false},
        {"name": "newsletter", "type": "bool"},
        {"name": "age", "type": "int"},
        {"name": "plan", "type": "string"},
        {"name": "country", "type": "string"},
        {"name": "spent", "type": "float"},
        {"name": "score", "type": "float"},
        {"name": "visits", "type": "int"},
        {"name": "channel", "type": "string"},
        {"name": "email", "type": "string"}]},
    "events": [
        {"name": "visit", "table": "visits", "customer": "id", "time": "time"},
        {"name": "purchase", "table": "purchases", "customer": "id", "time": "time",
            "fields": [{"name": "amount", "type": "int"}]},
        {"name": "refund", "table": "refunds", "customer": "id", "time": "time"}],
    "zone": "Europe/Paris"}"#;

pub const COUNTRIES: &[&str] = &["FR", "DE", "ES", "IT", "NL", "BE", "PT", "AT", "PL", "SE", "DK", "IE"];
const PLANS: &[&str] = &["free", "basic", "plus", "gold"];
const CHANNELS: &[&str] = &["web", "app", "shop", "phone"];

/// One customer, twice.
pub struct Customer {
    pub row: Vec<Value>,
    pub history: History,
    /// Fields by name, and for each stream a list of objects; times are microseconds since 1970.
    pub json: Json,
}

pub fn catalog() -> Catalog {
    Catalog::from_json(CATALOG).expect("a valid catalog")
}

pub fn as_of() -> Timestamp {
    Timestamp::parse_utc(AS_OF).expect("an instant")
}

/// splitmix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn pick(&mut self, of: &[&str]) -> Value {
        Value::Str(of[self.below(of.len() as u64) as usize].to_owned())
    }
}

pub fn customers(count: usize) -> Vec<Customer> {
    let catalog = catalog();
    let mut random = Random(20_260_601);
    (0..count).map(|id| customer(id, &catalog, &mut random)).collect()
}

fn customer(id: usize, catalog: &Catalog, random: &mut Random) -> Customer {
    let domain = ["mail.example", "post.example", "company.example"][random.below(3) as usize];
    let row = vec![
        Value::Int(id as i64),
        Value::Bool(random.below(10) < 7),
        Value::Int(15 + random.below(70) as i64),
        random.pick(PLANS),
        random.pick(COUNTRIES),
        Value::Float(random.below(100_000) as f64 / 100.0),
        Value::Float(random.below(1_000) as f64 / 1_000.0),
        Value::Int(random.below(50) as i64),
        random.pick(CHANNELS),
        Value::Str(format!("customer{id}@{domain}")),
    ];
    let as_of = as_of().micros();
    let mut stream = |most: u64, amounts: bool| -> Vec<Occurrence> {
        let count = random.below(most + 1);
        let mut times: Vec<i64> = (0..count).map(|_| as_of - random.below(365 * DAY as u64) as i64).collect();
        times.sort_unstable();
        let one = |time| Occurrence {
            time: Value::Timestamp(Timestamp::from_micros(time).expect("in range")),
            properties: if amounts { vec![Value::Int(1 + random.below(150) as i64)] } else { Vec::new() },
        };
        times.into_iter().map(one).collect()
    };
    let history = History { events: vec![stream(20, false), stream(10, true), stream(2, false)], related: Vec::new() };
    let mut json = Map::new();
    for (field, value) in catalog.customers.fields.iter().zip(&row) {
        json.insert(field.name.clone(), value.to_json());
    }
    for (event, occurrences) in catalog.events.iter().zip(&history.events) {
        let list = occurrences.iter().map(|occurrence| {
            let Value::Timestamp(time) = &occurrence.time else { unreachable!("every event has a time") };
            match occurrence.properties.first() {
                Some(amount) => json!({"time": time.micros(), "amount": amount.to_json()}),
                None => json!({"time": time.micros()}),
            }
        });
        json.insert(event.name.clone(), list.collect());
    }
    Customer { row, history, json: Json::Object(json) }
}
