//! Tells a store one journey after another in batches, and keeps what each phase took.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use cvm_journey::durable::{Storage, Store};
use cvm_journey::machine::*;
use serde_json::{Value, json};

use crate::world::{DAY, HOUR, Made, mix};

pub type Failure = Box<dyn Error + Send + Sync>;

/// 2026-12-01T07:00:00Z.
pub const START: i64 = 1_796_108_400_000_000;

/// What was written to a disk since the beginning.
#[derive(Debug, Default)]
pub struct Meter {
    pub bytes: AtomicU64,
    pub syncs: AtomicU64,
    pub nanos: AtomicU64,
}

impl Meter {
    fn read(&self) -> [u64; 3] {
        [&self.bytes, &self.syncs, &self.nanos].map(|number| number.load(Ordering::Relaxed))
    }
}

/// What some commands took together.
#[derive(Debug, Default, Clone, Copy)]
pub struct Took {
    pub commands: u64,
    pub things: u64,
    pub steps: u64,
    pub wall: Duration,
    pub world: Duration,
    bytes: u64,
    syncs: u64,
    syncing: Duration,
}

impl Took {
    pub fn add(&mut self, other: &Self) {
        self.commands += other.commands;
        self.things += other.things;
        self.steps += other.steps;
        self.wall += other.wall;
        self.world += other.world;
        self.bytes += other.bytes;
        self.syncs += other.syncs;
        self.syncing += other.syncing;
    }

    pub fn json(&self) -> Value {
        json!({"commands": self.commands, "things": self.things, "steps": self.steps,
            "wall_s": self.wall.as_secs_f64(), "world_s": self.world.as_secs_f64(),
            "log_bytes": self.bytes, "syncs": self.syncs, "sync_s": self.syncing.as_secs_f64()})
    }
}

/// A store, the world that it asks, and what each phase took.
pub struct Driver<S: Storage> {
    pub store: Store<S>,
    pub world: Made,
    pub batch: u32,
    pub meter: Arc<Meter>,
    pub at: i64,
    pub enrol: Took,
    pub ticks: Took,
    pub leases: Took,
    pub answers: Took,
}

impl<S: Storage> Driver<S> {
    pub fn new(store: Store<S>, world: Made, batch: u32, meter: Arc<Meter>) -> Self {
        let [enrol, ticks, leases, answers] = [Took::default(); 4];
        Self { store, world, batch, meter, at: START, enrol, ticks, leases, answers }
    }

    /// Carries out commands with one sync. To make them, and to throw away what follows from them, is not measured.
    pub fn tell_all(&mut self, commands: Vec<Command>, took: &mut Took) -> Result<Vec<Effects>, Failure> {
        let (before, world) = (self.meter.read(), self.world.spent);
        let batch: Vec<(i64, Command)> = commands.into_iter().map(|command| (self.at, command)).collect();
        let start = Instant::now();
        let done = self.store.tell_all(&batch, &mut self.world, |world, command| {
            if let Command::Events { events, .. } = command {
                world.events.clone_from(events);
            }
        })?;
        let wall = start.elapsed();
        let effects = done.into_iter().collect::<Result<Vec<_>, _>>()?;
        let [bytes, syncs, nanos] = self.meter.read();
        took.add(&Took {
            commands: batch.len() as u64,
            things: 0,
            steps: effects.iter().map(|effects| effects.steps).sum(),
            wall,
            world: self.world.spent.saturating_sub(world),
            bytes: bytes - before[0],
            syncs: syncs - before[1],
            syncing: Duration::from_nanos(nanos - before[2]),
        });
        Ok(effects)
    }

    pub fn tell(&mut self, command: Command, things: usize, took: &mut Took) -> Result<Effects, Failure> {
        took.things += things as u64;
        Ok(self.tell_all(vec![command], took)?.pop().unwrap_or_default())
    }

    pub fn enrol(&mut self, customers: std::ops::Range<u32>) -> Result<(), Failure> {
        let (mut took, end) = (self.enrol, customers.end);
        for first in customers.step_by(self.batch as usize) {
            let customers: Vec<u32> = (first..end.min(first + self.batch)).collect();
            let many = customers.len();
            self.tell(Command::Enrol { journey: "main".into(), customers }, many, &mut took)?;
        }
        self.enrol = took;
        Ok(())
    }

    /// Everything that is wanted is handed out and answered, until nothing more is; a fiftieth fails.
    pub fn send(&mut self) -> Result<(), Failure> {
        let (mut leases, mut answers) = (self.leases, self.answers);
        loop {
            let lease = Command::Lease { channels: Vec::new(), limit: self.batch, until: self.at + HOUR };
            let leased = self.tell(lease, 0, &mut leases)?.leased;
            leases.things += leased.len() as u64;
            if leased.is_empty() {
                break;
            }
            let outcome = |handle: &Handle| match mix(u64::from(handle.participant) ^ self.at.cast_unsigned()) % 50 {
                0 => Outcome::Failed,
                _ => Outcome::Done,
            };
            let answered = |leased: &Leased| Answered { handle: leased.handle, outcome: outcome(&leased.handle) };
            let all: Vec<Answered> = leased.iter().map(answered).collect();
            self.tell(Command::Answers(all), leased.len(), &mut answers)?;
        }
        (self.leases, self.answers) = (leases, answers);
        Ok(())
    }

    /// Time passes: half a day, and three hours more. All who are due move on in one tick, however many they are.
    pub fn day(&mut self) -> Result<(), Failure> {
        for hours in [DAY / 2, 3 * HOUR] {
            self.at += hours;
            let mut took = self.ticks;
            self.tell(Command::Tick, 0, &mut took)?;
            self.ticks = took;
            self.send()?;
        }
        Ok(())
    }

    pub fn waiting(&self) -> u64 {
        let runs = ["main", "child"].iter().filter_map(|id| self.store.machine().counts(id));
        runs.flat_map(|counts| counts.nodes.values()).map(NodeCounts::waiting).sum()
    }
}
