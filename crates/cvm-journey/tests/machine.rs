//! The machine beside a reference that takes one customer at a time: random journeys, customers, events, answers, pauses and
//! versions. What both do must be the same after every command, for every customer.
//!
//! `JOURNEY_RUNS=5000 JOURNEY_SEED=1 cargo test --release -p cvm-journey --test machine` runs long.

#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests may")]

#[path = "machine/draw.rs"]
mod draw;
#[path = "machine/reference/mod.rs"]
mod reference;
#[path = "machine/script.rs"]
mod script;
#[path = "machine/world.rs"]
mod world;

use cvm_journey::machine::{Answer, Answered, Command, InFlight, Keys, Leased, Machine, Outcome, Publish, Terms};
use draw::Dice;
use reference::{Doing, NEVER, Reference};
use script::Script;
use world::Fake;

/// What was told, at which instant, and what the world answered.
type Log = Vec<(i64, Command, Vec<Answer>)>;

#[expect(clippy::disallowed_methods, reason = "how long a test runs is not the crate's affair")]
fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// Where everybody is, as the reference has it.
fn places(reference: &Reference) -> Vec<(u32, String, u32, String, u16, Option<i64>)> {
    let mut places = Vec::new();
    for run in &reference.runs {
        for person in run.people.iter().filter(|person| person.doing != Doing::Out) {
            let until = (person.wake != NEVER && person.wake != i64::MIN).then_some(person.wake);
            places.push((person.customer, run.id.clone(), person.version, person.node.clone(), person.entry, until));
        }
    }
    places.sort();
    places
}

fn places_of(machine: &Machine) -> Vec<(u32, String, u32, String, u16, Option<i64>)> {
    let customers = u32::try_from(machine.customers()).expect("few");
    let positions = (0..customers).flat_map(|who| machine.positions(who).into_iter().map(move |place| (who, place)));
    let mut places: Vec<_> = positions.map(|(who, p)| (who, p.journey, p.version, p.node, p.entry, p.until)).collect();
    places.sort();
    places
}

/// A command cut into as many as there are things in it.
fn single(command: &Command) -> Vec<Command> {
    match command {
        Command::Events { names, events } if !events.is_empty() => {
            events.iter().map(|event| Command::Events { names: names.clone(), events: vec![*event] }).collect()
        }
        Command::Answers(answers) if !answers.is_empty() => {
            answers.iter().map(|answer| Command::Answers(vec![*answer])).collect()
        }
        other => vec![other.clone()],
    }
}

fn run(seed: u64) -> (Machine, Log, u64) {
    let mut script = Script::new(seed);
    let mut reference = Reference { now: i64::MIN, customers: script::CUSTOMERS, ..Reference::default() };
    let mut machine = Machine::new();
    let mut alone = Machine::new();
    let mut world = Fake { customers: script::CUSTOMERS, ..Fake::default() };
    let mut log = Log::new();
    let mut given = 0;
    for step in 0..60 {
        let (at, command) = script.next(&machine);
        let place = format!("seed {seed}, step {step}: {command:?}");
        world.events = if let Command::Events { events, .. } = &command { events.clone() } else { Vec::new() };
        let applied = machine.apply(at, &command, &mut world).unwrap_or_else(|error| panic!("{place}\n{error}"));
        script::tell(&mut reference, at, &command);
        assert!(machine.conserves(), "{place}\nsomebody was lost or made");
        assert_eq!(places_of(&machine), places(&reference), "{place}");
        for run in reference.runs.iter().filter(|run| !run.versions.is_empty()) {
            assert_eq!(machine.counts(&run.id), Some(&run.counts), "{place}\n`{}`", run.id);
        }
        let leased: Vec<_> = applied.effects.leased.iter().map(|one| script::given(&machine, one)).collect();
        assert_eq!(leased, reference.given, "{place}");
        given += leased.len() as u64;
        script.given.extend(applied.effects.leased.iter().map(|one| one.handle));
        for command in single(&command) {
            world.events = if let Command::Events { events, .. } = &command { events.clone() } else { Vec::new() };
            alone.apply(at, &command, &mut world).unwrap_or_else(|error| panic!("{place}\n{error}"));
        }
        if step % 10 == 9 {
            assert_eq!(alone.hash(), machine.hash(), "{place}\ntold one by one, it comes out otherwise");
        }
        log.push((at, command, applied.answers));
    }
    (machine, log, given)
}

#[test]
fn the_machine_does_what_the_reference_does() {
    let (runs, seed) = (number("JOURNEY_RUNS", 100), number("JOURNEY_SEED", 1));
    let (mut given, mut steps) = (0, 0);
    for seed in seed..seed + runs {
        let (machine, log, sent) = run(seed);
        given += sent;
        let mut dice = Dice(seed);
        let from = usize::try_from(dice.below(log.len() as u64)).expect("small");
        let mut again = Machine::new();
        let mut later = None;
        for (i, (at, command, answers)) in log.into_iter().enumerate() {
            if i == from {
                later = Some(Machine::load(&again.save()).expect("a state"));
            }
            if let Some(later) = &mut later {
                later.replay(at, &command, answers.clone()).expect("the same again");
            }
            steps += again.replay(at, &command, answers).expect("the same again").steps;
        }
        assert_eq!(again.hash(), machine.hash(), "seed {seed}: read from the log, it comes out otherwise");
        let later = later.expect("a machine").hash();
        assert_eq!(later, machine.hash(), "seed {seed}: from the state before command {from}, it comes out otherwise");
    }
    eprintln!(
        "{runs} runs from seed {seed}: {steps} steps, {given} things handed out, nothing else than in the reference"
    );
    assert!(given > runs && steps > 20 * runs, "too little happens: {given} handed out, {steps} steps");
}

/// A send whose channel was another one in the next version failed, and its money and its place in the caps were looked for
/// under the new channel.
#[test]
fn a_message_whose_node_changed_under_way() {
    run(20_133);
}

/// More customers than move together at once come out as when they are told of in parts.
#[test]
fn many_customers_as_in_parts() {
    let customers = 70_000;
    let all: Vec<u32> = (0..customers).collect();
    for seed in [3, 5] {
        let journey = draw::journey(&mut Dice(seed), "many", 1, false);
        let keys = Keys::Texts(all.iter().map(|who| format!("c{who}")).collect());
        let terms = draw::offers().iter().map(|offer| Terms::new(offer, &jiff::tz::TimeZone::UTC)).collect();
        let publish = Publish { journey, terms, people: InFlight::Pinned };
        let at = 1_796_108_400_000_000;
        let hash = |parts: usize| {
            let (mut machine, mut world) = (Machine::new(), Fake { customers, ..Fake::default() });
            let mut tell = |at: i64, command: &Command| machine.apply(at, command, &mut world).expect("it goes on");
            tell(at, &Command::Customers(keys.clone()));
            tell(at, &Command::Publish(Box::new(publish.clone())));
            for customers in all.chunks(parts) {
                tell(at, &Command::Enrol { journey: "many".to_owned(), customers: customers.to_vec() });
            }
            let lease = Command::Lease { channels: Vec::new(), limit: u32::MAX, until: at + 2 * world::DAY };
            let leased = tell(at + world::DAY, &lease).effects.leased;
            let done = |leased: &Leased| Answered { handle: leased.handle, outcome: Outcome::Done };
            let answers: Vec<Answered> = leased.iter().map(done).collect();
            for answers in answers.chunks(parts) {
                tell(at + world::DAY, &Command::Answers(answers.to_vec()));
            }
            tell(at + 3 * world::DAY, &Command::Tick);
            assert!(machine.conserves());
            machine.hash()
        };
        assert_eq!(hash(all.len()), hash(9_999), "seed {seed}");
    }
}
