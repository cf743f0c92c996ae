//! A shop of customers and orders, given as CSV.

use cvm::{Engine, EngineOptions, EventName, LoadCustomers, LoadEvents, Source, Timestamp};

pub fn engine(customers: &str, orders: &str, as_of: Option<Timestamp>) -> Engine {
    let folder = tempfile::tempdir().expect("a folder");
    let (rows, events) = (folder.path().join("customers.csv"), folder.path().join("orders.csv"));
    std::fs::write(&rows, customers).expect("written");
    std::fs::write(&events, orders).expect("written");
    let engine = Engine::new(EngineOptions { as_of, ..EngineOptions::default() }).expect("an engine");
    engine.load_customers(Source::File(rows), &LoadCustomers::default(), &mut |_, _| {}).expect("customers");
    let load = LoadEvents {
        customer: "customer".into(),
        name: EventName::Always("order".into()),
        time: "at".into(),
        table: None,
        types: Vec::new(),
        on_bad_rows: cvm::OnBadRows::default(),
    };
    engine.load_events(Source::File(events), &load, &mut |_, _| {}).expect("orders");
    engine
}
