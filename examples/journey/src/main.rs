//! A journey over a made shop: checked, simulated over 60 days, drawn.
//!
//! `cargo run --release -p cvm-journey-example` makes 100,000 customers (`CUSTOMERS=…` others), takes them through the journey
//! on a virtual clock, prints what came of it and writes a picture (`PICTURE=path.svg`, `journey.svg` if not said).

mod shop;

use std::process::ExitCode;
use std::time::Instant;

use cvm::journey::model::{
    Branch, Cap, Case, DayWindow, Duration, End, Gate, Journey, Members, NodeKind, Offer, Percent, Rule, Send,
    Settings, TimeOfDay, Trigger, Wait, Zone,
};
use cvm::journey::{Assumption, Builder, SimulateOptions, Simulation};
use cvm::{Engine, EngineOptions, EventName, LoadCustomers, LoadEvents, Source, Timestamp};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let many = std::env::var("CUSTOMERS").ok().and_then(|text| text.parse().ok()).unwrap_or(100_000);
    let folder = std::env::temp_dir().join(format!("cvm-journey-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let (customers, orders) = shop::write(&folder, many)?;
    let engine = Engine::new(EngineOptions { as_of: Timestamp::parse_utc(shop::AS_OF), ..EngineOptions::default() })?;
    engine.load_customers(Source::File(customers), &LoadCustomers::default(), &mut |_, _| {})?;
    let events = LoadEvents {
        customer: "customer_id".into(),
        name: EventName::Always("order".into()),
        time: "at".into(),
        table: Some("orders".into()),
        types: Vec::new(),
        on_bad_rows: cvm::OnBadRows::default(),
    };
    engine.load_events(Source::File(orders), &events, &mut |_, _| {})?;
    engine.prepare()?;
    std::fs::remove_dir_all(&folder)?;

    let journey = journey()?;
    let offers: Vec<Offer> = vec![Offer {
        id: "ten".into(),
        name: "Ten percent".into(),
        benefit: cvm::journey::model::Benefit::DiscountPercent { percent: Percent::new(10) },
        valid_from: None,
        valid_until: None,
        cost: Some("0.80".parse()?),
        archived: false,
    }];
    // Four of a hundred who get the offer are expected to order within three days, beside those who did.
    let assume = vec![Assumption {
        event: "order".into(),
        after: Some("offer".into()),
        percent: Percent::new(4),
        within: Duration::days(3),
    }];
    let options = SimulateOptions { offers, assume, customer: Some("7".into()), ..SimulateOptions::default() };
    for finding in &engine.check_journey(&journey, &options)?.0 {
        println!("{finding}");
    }
    let begun = Instant::now();
    let simulation = engine.simulate(&journey, &options)?;
    let took = begun.elapsed();
    print(&simulation);
    println!("\n{} steps of {many} customers over {} days in {took:.2?}", simulation.steps, options.days);
    let path = std::env::var("PICTURE").unwrap_or_else(|_| "journey.svg".to_owned());
    std::fs::write(&path, simulation.svg()).map_err(|error| {
        format!("the picture can't be written to `{path}`: {error}; name another file with PICTURE")
    })?;
    println!("a picture is in {path}");
    Ok(())
}

/// Who ordered nothing for a month gets an offer after two days, unless an order comes first, and a reminder.
fn journey() -> Result<Journey, Box<dyn std::error::Error>> {
    let quiet = "count(order within last 30 days) = 0 and count(order) >= 1";
    let time = |hour| TimeOfDay::new(hour, 0).ok_or("no hour");
    let settings = Settings {
        zone: Zone { field: Some("zone".into()), fallback: "Europe/Paris".into() },
        quiet_hours: vec![DayWindow { from: time(21)?, to: time(8)?, days: Vec::new() }],
        caps: vec![Cap {
            channel: Some("email".into()),
            limit: 2,
            within: Duration::weeks(1),
            scope: cvm::journey::model::Scope::default(),
        }],
        consent: [("email".to_owned(), "consent = true".parse()?)].into(),
        holdout: Some(Percent::new(5)),
        goals: vec![Rule {
            name: "ordered again".into(),
            filter: "count(order within last 7 days) >= 1".parse()?,
            leave: true,
        }],
        seed: 7,
        ..Settings::default()
    };
    let bought = Case { name: "ordered".into(), filter: "count(order within last 4 days) >= 1".parse()? };
    let end = |reason: &str| NodeKind::End(End { reason: Some(reason.into()) });
    let journey = Builder::new("win-back", "Win back", Trigger::Segment { filter: quiet.parse()?, who: Members::Both })
        .settings(settings)
        .then("adults", NodeKind::Segment(Gate { filter: "age >= 18".parse()? }))
        .from("adults", "yes")
        .then("pause", NodeKind::Wait(Wait::Duration { duration: Duration::days(2) }))
        .then("offer", NodeKind::Send(Send::new("email", "we miss you").offer("ten")))
        .then(
            "order",
            NodeKind::Wait(Wait::Event { event: "order".into(), filter: None, timeout: Some(Duration::days(4)) }),
        )
        .from("order", "happened")
        .then("won", end("ordered"))
        .from("order", "timeout")
        .then("asked", NodeKind::Branch(Branch { cases: vec![bought] }))
        .from("asked", "ordered")
        .to("won")
        .from("asked", "default")
        .then("reminder", NodeKind::Send(Send::new("email", "last call")))
        .then("over", end("no order"))
        .from("adults", "no")
        .then("too young", end("too young"))
        .build()?;
    Ok(journey)
}

fn print(simulation: &Simulation) {
    println!("\n{} — {}", simulation.from, simulation.until);
    println!("{:>10} customers, {} entered", simulation.customers, simulation.entered);
    for (why, many) in &simulation.refused {
        println!("{many:>10} did not: {why:?}");
    }
    println!("\n{:<12} {:>9} {:>9} {:>9}  went on", "node", "came", "waiting", "sent");
    for node in &simulation.nodes {
        let left: Vec<String> = node.left.iter().map(|(outcome, many)| format!("{outcome} {many}")).collect();
        let held: Vec<String> = node.held.iter().map(|(why, many)| format!("held {why:?} {many}")).collect();
        let more = [left, held].concat().join(", ");
        println!("{:<12} {:>9} {:>9} {:>9}  {more}", node.node, node.entered, node.waiting, node.done);
    }
    println!();
    for (reason, many) in &simulation.left {
        println!("{many:>10} left: {reason}");
    }
    let messages: u64 = simulation.messages.iter().flat_map(|day| day.values()).sum();
    let most = simulation.messages.iter().map(|day| day.values().sum::<u64>()).max().unwrap_or(0);
    println!("\n{messages} messages, {most} on the busiest day; the offers cost {}", simulation.cost);
    if let Some(most) = &simulation.most {
        println!(
            "nobody got more than {} messages (customer {}), or {} a day",
            most.messages, most.customer, most.in_a_day
        );
    }
    println!("\nCustomer 7:");
    for step in &simulation.path {
        let at = Timestamp::from_micros(step.at).map(|at| at.to_string()).unwrap_or_default();
        println!("  {at}  {:?}", step.step);
    }
}
