//! The loop of one worker among many.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::Duration;

use super::super::error::StoreError;
use super::super::options::Options;
use super::super::runner::{Runner, Stepped};
use super::super::store::Store;
use super::crew::Crew;
use super::database::{Alive, Database};
use super::partition::Partition;

/// So many letters are read at once.
const LETTERS: u32 = 1_000;
/// A worker with nothing to do looks after so long whether there are letters.
const IDLE: Duration = Duration::from_millis(200);

/// What a worker did in one turn.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Turn {
    /// Partitions that it took.
    pub claimed: Vec<u32>,
    /// Partitions that it gave back, as others have too few.
    pub released: Vec<u32>,
    /// Partitions that it lost, or could not go on with, and why. They are claimed again, by whoever comes first.
    pub lost: Vec<(u32, String)>,
    /// Letters that it read.
    pub letters: u64,
    /// Letters that could not be read: they are in the table `unread_letters`.
    pub unread: u64,
    /// What its runners did.
    pub stepped: Vec<(u32, Stepped)>,
}

struct Post<P> {
    partition: Partition,
    runner: Runner<Partition, P>,
}

/// A worker: it holds as many partitions as are its share of the workers that live, reads their letters, and moves them on.
/// Where it loses one (it slept for too long, the connection broke), it goes on with the others.
pub struct Worker<C: Crew> {
    database: Database,
    options: Options,
    crew: C,
    posts: BTreeMap<u32, Post<C::Profiles>>,
}

impl<C: Crew> std::fmt::Debug for Worker<C> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Worker").field("holds", &self.posts.keys()).finish_non_exhaustive()
    }
}

impl<C: Crew> Worker<C> {
    /// A worker that holds nothing yet.
    pub const fn new(database: Database, options: Options, crew: C) -> Self {
        Self { database, options, crew, posts: BTreeMap::new() }
    }

    /// The partitions that it holds.
    pub fn holds(&self) -> impl Iterator<Item = u32> {
        self.posts.keys().copied()
    }

    /// The runner of a partition that it holds.
    #[must_use]
    pub fn runner(&self, partition: u32) -> Option<&Runner<Partition, C::Profiles>> {
        self.posts.get(&partition).map(|post| &post.runner)
    }

    /// What is known of the application.
    pub const fn crew(&mut self) -> &mut C {
        &mut self.crew
    }

    /// Does what there is to do at an instant (microseconds since 1970, UTC).
    ///
    /// # Errors
    /// The database, where not even a partition can be claimed. What goes wrong with one partition is in [`Turn::lost`].
    pub fn step(&mut self, now: i64) -> Result<Turn, StoreError> {
        let mut turn = Turn::default();
        let letters = self.share_out(&mut turn)?;
        let mut posts = std::mem::take(&mut self.posts);
        posts.retain(|number, post| match self.work(now, post, letters.contains(&post.partition.number), &mut turn) {
            Ok(stepped) => {
                turn.stepped.push((*number, stepped));
                true
            }
            Err(error) => {
                turn.lost.push((*number, error.to_string()));
                // Where it is still its own: after a jump of the clock others might take it.
                let _ = post.partition.release();
                false
            }
        });
        self.posts = posts;
        Ok(turn)
    }

    /// Steps until it is told to stop, and sleeps between. Then it makes snapshots and gives all partitions back. Where the
    /// database was away it may be called again: it goes on with what it still holds.
    ///
    /// # Errors
    /// As [`Worker::step`].
    pub fn run(
        &mut self,
        stop: &AtomicBool,
        mut clock: impl FnMut() -> i64,
        mut told: impl FnMut(&Turn),
    ) -> Result<(), StoreError> {
        while !stop.load(Ordering::Acquire) {
            let turn = self.step(clock())?;
            told(&turn);
            let now = clock();
            let next = turn.stepped.iter().map(|(_, stepped)| stepped.next).min().unwrap_or(i64::MAX);
            if turn.letters == 0 && next > now {
                sleep(IDLE.min(Duration::from_micros(next.saturating_sub(now).unsigned_abs())));
            }
        }
        self.end()
    }

    /// Makes snapshots of all partitions, and gives them back.
    ///
    /// # Errors
    /// What the database says.
    pub fn end(&mut self) -> Result<(), StoreError> {
        while let Some((_, post)) = self.posts.pop_first() {
            give_back(post);
        }
        self.database.gone()
    }

    /// Keeps what it holds, takes partitions as long as it has fewer than its share, and gives them back where it has more.
    /// Says for which there are letters.
    fn share_out(&mut self, turn: &mut Turn) -> Result<Vec<i32>, StoreError> {
        let held: Vec<&Partition> = self.posts.values().map(|post| &post.partition).collect();
        let Alive { workers, kept, mut letters } = self.database.alive(&held)?;
        self.posts.retain(|number, post| {
            let still = kept.contains(&post.partition.number);
            if !still {
                turn.lost.push((*number, post.partition.fenced().to_string()));
            }
            still
        });
        let share = self.database.partitions().div_ceil(workers) as usize;
        while self.posts.len() > share {
            if let Some((number, post)) = self.posts.pop_last() {
                give_back(post);
                turn.released.push(number);
            }
        }
        while self.posts.len() < share {
            let Some(partition) = self.database.claim()? else { break };
            let number = partition.number();
            match self.begin(&partition) {
                Ok(runner) => {
                    letters.push(partition.number);
                    self.posts.insert(number, Post { partition, runner });
                    turn.claimed.push(number);
                }
                Err(why) => {
                    turn.lost.push((number, why));
                    let _ = partition.release();
                    break;
                }
            }
        }
        Ok(letters)
    }

    fn begin(&mut self, partition: &Partition) -> Result<Runner<Partition, C::Profiles>, String> {
        let store = Store::open(partition.clone(), self.options.clone()).map_err(|error| error.to_string())?;
        self.crew.begin(partition.share(), store)
    }

    /// Reads the letters of a partition, and moves it on.
    fn work(
        &mut self,
        now: i64,
        post: &mut Post<C::Profiles>,
        has_letters: bool,
        turn: &mut Turn,
    ) -> Result<Stepped, StoreError> {
        let Post { partition, runner } = post;
        // Before letters are taken that could not be told.
        runner.store().may(std::iter::once(now))?;
        let letters = if has_letters { partition.letters(LETTERS)? } else { Vec::new() };
        let mut commands = Vec::new();
        let mut read = Vec::with_capacity(letters.len());
        for letter in letters {
            let (store, profiles) = runner.parts();
            match self.crew.read(store.machine(), profiles, &letter.content) {
                Ok(said) => {
                    commands.extend(said);
                    read.push(letter);
                }
                Err(why) => {
                    partition.set_aside(&letter, &why)?;
                    turn.unread += 1;
                }
            }
        }
        turn.letters += read.len() as u64;
        if !read.is_empty() {
            partition.read(&read);
            runner.tell_all(now, commands)?;
        }
        runner.step(now)
    }
}

/// A snapshot spares the next one time; without it nothing is lost.
fn give_back<P: super::super::runner::Profiles>(mut post: Post<P>) {
    let _ = post.runner.snapshot();
    let _ = post.partition.release();
}
