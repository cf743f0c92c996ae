//! How fast a machine takes customers through journeys with every kind of node, in memory.
//!
//! ```sh
//! cargo run --release -p cvm-benches --example journey_speed -- 10000000
//! ```
//!
//! One core. The world answers from columns of bits and of zones; what it takes is told beside what the machine takes.
//! A step is a node that somebody came to.

#![allow(
    clippy::disallowed_methods,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs,
    reason = "a program that measures the library"
)]

mod journeys;
mod world;

use std::time::{Duration, Instant};

use cvm_journey::machine::*;
use world::{DAY, HOUR, Made, mix};

/// As in the packages for Python and Node.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many are handed out, answered, or have events, at once.
const BATCH: u32 = 1_000_000;
const EVENTS: usize = 10_000;

/// What some commands took together.
#[derive(Default)]
struct Took {
    things: u64,
    steps: u64,
    machine: Duration,
    world: Duration,
    encoding: Duration,
    bytes: u64,
}

impl Took {
    fn tell(&self, name: &str, unit: &str) {
        let (machine, encoding) = (self.machine.as_secs_f64(), self.encoding.as_secs_f64());
        let rate = |many: u64, seconds: f64| many as f64 / seconds.max(1e-9) / 1e6;
        println!(
            "{name:<16} {:>11} {unit:<8} {:>6.2} M/s | {:>11} steps {:>6.2} M/s, encoded {:>6.2} M/s | machine {machine:.3} s, \
             world {:.3} s, encoding {encoding:.3} s, {:.1} MB",
            self.things,
            rate(self.things, machine + encoding),
            self.steps,
            rate(self.steps, machine),
            rate(self.steps, machine + encoding),
            self.world.as_secs_f64(),
            self.bytes as f64 / 1e6,
        );
    }

    fn add(&mut self, other: &Self) {
        self.things += other.things;
        self.steps += other.steps;
        self.machine += other.machine;
        self.world += other.world;
        self.encoding += other.encoding;
        self.bytes += other.bytes;
    }
}

/// Time on the processor, where the system tells it, so that others who work on the same machine count less. It is told
/// from time to time only and costs a microsecond to ask: for what is short, the time on the wall is better.
enum Clock {
    Processor(u64),
    Wall(Instant),
}

fn on_processor() -> Option<u64> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split(' ').next()?.parse().ok()
}

impl Clock {
    fn new(long: bool) -> Self {
        let told = if long { on_processor() } else { None };
        told.map_or_else(|| Self::Wall(Instant::now()), Self::Processor)
    }

    fn elapsed(&self) -> Duration {
        match self {
            Self::Processor(start) => Duration::from_nanos(on_processor().unwrap_or(*start) - start),
            Self::Wall(start) => start.elapsed(),
        }
    }
}

struct Bench {
    machine: Machine,
    world: Made,
    at: i64,
}

impl Bench {
    /// Carries out a command and encodes it with its answers, as a log would.
    fn apply(&mut self, command: &Command, things: usize, took: &mut Took) -> Effects {
        let before = self.world.spent;
        let start = Clock::new(things != 1);
        let Applied { effects, answers } = self.machine.apply(self.at, command, &mut self.world).expect("it goes on");
        let whole = start.elapsed();
        let start = Clock::new(things != 1);
        let bytes = postcard::to_allocvec(&(self.at, command, &answers)).expect("bytes");
        let world = self.world.spent.checked_sub(before).unwrap_or_default();
        took.add(&Took {
            things: things as u64,
            steps: effects.steps,
            machine: whole.saturating_sub(world),
            world,
            encoding: start.elapsed(),
            bytes: bytes.len() as u64,
        });
        effects
    }

    /// Everything that is wanted is handed out and answered, until nothing more is.
    fn send(&mut self, lease: &mut Took, answer: &mut Took) {
        let channels: Vec<String> = Vec::new();
        loop {
            let until = self.at + HOUR;
            let command = Command::Lease { channels: channels.clone(), limit: BATCH, until };
            let leased = self.apply(&command, 0, lease).leased;
            lease.things += leased.len() as u64;
            if leased.is_empty() {
                return;
            }
            let outcome = |handle: &Handle| match mix(u64::from(handle.participant) ^ self.at.cast_unsigned()) % 50 {
                0 => Outcome::Failed,
                _ => Outcome::Done,
            };
            let answers: Vec<Answered> = leased
                .iter()
                .map(|leased| Answered { handle: leased.handle, outcome: outcome(&leased.handle) })
                .collect();
            drop(leased);
            let many = answers.len();
            self.apply(&Command::Answers(answers), many, answer);
        }
    }

    fn events(&mut self, batches: usize, each: usize, took: &mut Took) {
        let names: Vec<String> = ["visit", "purchase", "order", "elsewhere"].map(str::to_owned).into();
        let customers = u64::from(self.world.customers);
        for _ in 0..batches {
            let events: Vec<Event> = (0..each)
                .map(|_| {
                    let id = self.world.next_id();
                    let drawn = mix(id);
                    Event {
                        customer: (drawn % customers) as u32,
                        name: (drawn >> 60) as u16 % 4,
                        at: self.at - (drawn >> 40 & 0xffff) as i64,
                        id: Some(drawn),
                        about: None,
                    }
                })
                .collect();
            self.at += 1_000;
            self.world.events.clone_from(&events);
            self.apply(&Command::Events { names: names.clone(), events }, each, took);
        }
    }

    fn idle(&mut self) {
        let mut times: Vec<(Duration, Duration)> = (0..5)
            .map(|_| {
                let mut took = Took::default();
                self.at += 1;
                self.apply(&Command::Tick, 1, &mut took);
                (took.machine, took.world)
            })
            .collect();
        times.sort();
        let (machine, world) = times[2];
        println!("a tick without anything due: {machine:?}, and {world:?} in the world");
    }

    fn size(&self) {
        let waiting: u64 = ["main", "child"]
            .iter()
            .filter_map(|id| self.machine.counts(id))
            .flat_map(|c| c.nodes.values())
            .map(NodeCounts::waiting)
            .sum();
        let keys = u64::from(self.world.customers) * 8;
        let bytes = (self.machine.bytes() as u64).saturating_sub(keys);
        let each = |bytes: u64| bytes as f64 / waiting.max(1) as f64;
        let rss = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
        let pages: u64 = rss.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or_default();
        println!(
            "{waiting} wait: {:.1} bytes each without keys; the process has {:.0} MB ({:.1} bytes each)",
            each(bytes),
            (pages * 4096) as f64 / 1e6,
            each(pages * 4096)
        );
    }
}

fn main() {
    let customers: u32 = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let world = Made::new(customers);
    let mut bench = Bench { machine: Machine::new(), world, at: 1_796_108_400_000_000 };
    let mut ready = Took::default();
    let keys = Keys::Integers((0..i64::from(customers)).map(|key| 1_000_000_000 + key).collect());
    bench.apply(&Command::Customers(keys), customers as usize, &mut ready);
    for publish in journeys::all() {
        bench.apply(&Command::Publish(Box::new(publish)), 1, &mut Took::default());
    }
    ready.tell("customers", "keys");
    let mut enrol = Took::default();
    let everybody = Command::Enrol { journey: "main".into(), customers: (0..customers).collect() };
    bench.apply(&everybody, customers as usize, &mut enrol);
    drop(everybody);
    enrol.tell("enrol", "people");
    bench.size();
    bench.idle();
    let (mut tick, mut lease, mut answer, mut events) = Default::default();
    bench.send(&mut lease, &mut answer);
    for day in 0..6 {
        bench.at += DAY / 2;
        bench.apply(&Command::Tick, 0, &mut tick);
        bench.send(&mut lease, &mut answer);
        bench.at += 3 * HOUR;
        bench.apply(&Command::Tick, 0, &mut tick);
        bench.send(&mut lease, &mut answer);
        if day == 1 {
            bench.size();
            bench.idle();
            bench.events(customers as usize / 2 / EVENTS, EVENTS, &mut events);
            events.tell("events", "events");
            let mut single = Took::default();
            bench.events(100_000, 1, &mut single);
            single.tell("one by one", "events");
            let start = Instant::now();
            let saved = bench.machine.save();
            let took = start.elapsed();
            let start = Instant::now();
            let loaded = Machine::load(&saved).expect("a state");
            println!("saved in {took:?}, {:.1} MB; loaded in {:?}", saved.len() as f64 / 1e6, start.elapsed());
            assert_eq!(loaded.save(), saved);
        }
    }
    tick.tell("ticks", "ticks");
    lease.tell("leases", "things");
    answer.tell("answers", "answers");
    bench.size();
    let mut all = enrol;
    [&tick, &lease, &answer].into_iter().for_each(|took| all.add(took));
    all.tell("all batches", "things");
    for (node, counts) in &bench.machine.counts("main").expect("it runs").nodes {
        let name = bench.machine.node_name("main", node.1).unwrap_or_default();
        println!(
            "  {name:<8} {:>9} came, {:>9} wait, {:>9} handed out",
            counts.entered,
            counts.waiting(),
            counts.handed
        );
    }
}
