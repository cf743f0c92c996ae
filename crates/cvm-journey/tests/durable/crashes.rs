//! A crash at every write, sync, rename and removal.

use std::collections::{BTreeMap, BTreeSet};

use cvm_journey::channel::{Plan, Recording};
use cvm_journey::durable::Store;
use cvm_journey::durable::testing::{Crash, FaultyDisk};
use cvm_journey::machine::{Command, Counts};
use cvm_journey::model::Percent;

use crate::script::{Script, number, options};
use crate::world::hash;

/// All that must come out the same.
#[derive(Debug, Clone, PartialEq)]
struct Outcome {
    hash: String,
    counts: Vec<Option<Counts>>,
    sent: BTreeSet<String>,
}

#[derive(Debug, Default)]
struct Seen {
    crashes: u64,
    again: u64,
    cut: u64,
    passed_over: usize,
}

/// Every other provider does not know keys.
fn keys(seed: u64) -> bool {
    seed % 2 == 1
}

fn provider(seed: u64) -> Recording {
    let plan = Plan { seed, refused: Percent::new(10), ..Plan::default() };
    let provider = Recording::new("email").plan(plan);
    if keys(seed) { provider } else { provider.without_keys() }
}

/// Runs a script to its end, through crashes. After the first one comes a second one, somewhere soon.
fn run(script: &Script, mut disk: FaultyDisk, seen: &mut Seen, salt: u64) -> Outcome {
    let mut told = 0;
    let mut answered: BTreeMap<String, u64> = BTreeMap::new();
    let mut crashes = 0;
    loop {
        assert!(crashes < 3, "it crashes by itself");
        let done = Store::open(disk.clone(), options()).and_then(|mut store| {
            seen.cut += store.recovered().cut;
            seen.passed_over += store.recovered().passed_over.len();
            let end = store.end().0;
            assert!(end >= told, "{told} commands were answered, {end} are in the log");
            seen.again += u64::from(end > told);
            script.go_on(&mut store, |step, command, machine| {
                told = step + 1;
                if let Command::Answers(answers) = command {
                    let keys = answers.iter().map(|one| machine.idempotency_key(one.handle).expect("a key"));
                    answered.extend(keys.map(|key| (key.clone(), script.provider.effects(&key))));
                }
            })?;
            Ok(store)
        });
        match done {
            Ok(store) => {
                for (key, times) in &answered {
                    assert_eq!(script.provider.effects(key), *times, "sent again after it was answered");
                }
                let machine = store.machine();
                return Outcome {
                    hash: machine.hash(),
                    counts: ["child", "parent", "other"].map(|id| machine.counts(id).cloned()).into(),
                    sent: script.provider.taken().into_iter().map(|message| message.key).collect(),
                };
            }
            Err(error) => {
                assert!(disk.crashed(), "{error}");
                seen.crashes += 1;
                disk = disk.after();
                if crashes == 0 {
                    let kind = Crash::ALL[usize::try_from(hash("kind", &[salt]) % 6).expect("small")];
                    disk.crash_at(hash("second", &[salt]) % 60, kind, salt);
                }
                crashes += 1;
            }
        }
    }
}

fn crash_everywhere(crash: Crash) -> String {
    let (seeds, first) = (number("DURABLE_SEEDS", 2), number("DURABLE_SEED", 1));
    let mut seen = Seen::default();
    let (mut points, mut sent) = (0, 0);
    for seed in first..first + seeds {
        let disk = FaultyDisk::new();
        let script = Script::new(seed, 30, provider(seed));
        let whole = run(&script, disk.clone(), &mut seen, 0);
        sent += whole.sent.len();
        for point in 0..disk.points() {
            let script = Script { provider: provider(seed), ..script.clone() };
            let disk = FaultyDisk::new();
            disk.crash_at(point, crash, hash("left", &[seed, point]));
            let outcome = run(&script, disk, &mut seen, hash("salt", &[seed, point]));
            assert_eq!(outcome, whole, "seed {seed}, {crash:?} at write point {point}");
            if keys(seed) {
                let twice = outcome.sent.iter().filter(|key| script.provider.effects(key) != 1);
                assert_eq!(twice.count(), 0, "seed {seed}, {crash:?} at write point {point}: sent twice");
            }
        }
        points += disk.points();
    }
    assert!(
        points > 100 * seeds && seen.crashes > points && sent > 5 * usize::try_from(seeds).expect("small"),
        "too little happens"
    );
    format!("{crash:?}: {points} write points, each with a crash; {sent} sends, all of them once; {seen:?}")
}

#[test]
fn all_that_was_written_is_kept() {
    eprintln!("{}", crash_everywhere(Crash::Kept));
}

#[test]
fn the_last_write_is_torn() {
    eprintln!("{}", crash_everywhere(Crash::Torn));
}

#[test]
fn what_was_not_synced_is_lost() {
    eprintln!("{}", crash_everywhere(Crash::Lost));
}

#[test]
fn what_was_not_synced_is_there_in_part() {
    eprintln!("{}", crash_everywhere(Crash::Reordered));
}

#[test]
fn what_was_not_synced_has_other_bits() {
    eprintln!("{}", crash_everywhere(Crash::Flipped));
}

#[test]
fn the_disk_says_no_once() {
    eprintln!("{}", crash_everywhere(Crash::Refused));
}
