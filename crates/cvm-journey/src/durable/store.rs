//! A machine with its log and its snapshots.

use super::error::StoreError;
use super::log::{CommandLog, Lsn};
use super::options::Options;
use super::recovered;
use super::recovered::Recovered;
use super::segment::borrowed;
use super::storage::Storage;
use crate::machine::{ApplyError, Command, Effects, Machine, Refusal, World};

/// A machine that survives crashes. What follows from a command is told after the command is on the disk, never before.
///
/// Where the disk or the world fails, the store stops: what is on the disk is known again when it is opened anew.
///
/// ```
/// use cvm_journey::durable::{Options, RealDisk, Store};
/// use cvm_journey::machine::{Command, Keys};
/// # use cvm_journey::machine::{Asked, Days, When, World, WorldError};
/// # use cvm_journey::model::{TimeOfDay, Zone};
/// # struct Nothing;
/// # impl World for Nothing {
/// #     fn members(&mut self, _: Asked<'_>, _: i64) -> Result<Vec<u32>, WorldError> { Ok(Vec::new()) }
/// #     fn holds(&mut self, _: Asked<'_>, _: i64, who: &[u32]) -> Result<Vec<bool>, WorldError> { Ok(vec![false; who.len()]) }
/// #     fn events(&mut self, _: Asked<'_>, which: &[u32]) -> Result<Vec<bool>, WorldError> { Ok(vec![false; which.len()]) }
/// #     fn keys(&mut self, _: &str, which: &[u32]) -> Result<Vec<Option<u64>>, WorldError> { Ok(vec![None; which.len()]) }
/// #     fn instants(&mut self, _: When<'_>, _: &Zone, now: i64, who: &[u32]) -> Result<Vec<i64>, WorldError> { Ok(vec![now; who.len()]) }
/// #     fn days(&mut self, _: Days<'_>, _: &Zone) -> Result<Vec<u32>, WorldError> { Ok(Vec::new()) }
/// #     fn next(&mut self, _: &str, _: &str, _: TimeOfDay, _: &Zone, _: i64) -> Result<Option<i64>, WorldError> { Ok(None) }
/// # }
/// # let folder = tempfile::tempdir()?;
/// # let mut world = Nothing;
/// let mut store = Store::open(RealDisk::open(folder.path())?, Options::default())?;
/// store.tell(0, &Command::Customers(Keys::Integers(vec![17, 4])), &mut world)?;
/// drop(store); // Or a crash.
/// let store = Store::open(RealDisk::open(folder.path())?, Options::default())?;
/// assert_eq!((store.machine().customers(), store.recovered().replayed), (2, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Store<S: Storage> {
    pub(super) storage: S,
    options: Options,
    machine: Machine,
    pub(super) log: S::Log,
    recovered: Recovered,
    /// Why it takes nothing more.
    stopped: Option<String>,
    /// Up to where a jump of the clock is allowed.
    allowed: i64,
    /// How many records, and bytes of them, came since the last snapshot.
    since: (u64, u64),
}

impl<S: Storage> Store<S> {
    /// Opens a store, after a crash too: the newest snapshot that is whole, and all records after it. A folder without files
    /// is a new store.
    ///
    /// # Errors
    /// What the disk says; damage of what was on the disk for sure; files of a release whose rules are others.
    pub fn open(storage: S, options: Options) -> Result<Self, StoreError> {
        let (machine, log, recovered) = recovered::recover(&storage, &options)?;
        let since = (recovered.replayed, 0);
        Ok(Self { storage, options, machine, log, recovered, stopped: None, allowed: i64::MIN, since })
    }

    /// The machine, to look at.
    #[must_use]
    pub const fn machine(&self) -> &Machine {
        &self.machine
    }

    /// What was found when it was opened.
    #[must_use]
    pub const fn recovered(&self) -> &Recovered {
        &self.recovered
    }

    /// How many records were told since the beginning: the place of the next one.
    #[must_use]
    pub fn end(&self) -> Lsn {
        self.log.end()
    }

    /// The clock is right: up to this instant, commands are taken however long after the last one they come.
    pub const fn allow_jump(&mut self, at: i64) {
        self.allowed = at;
    }

    /// Carries out a command at an instant (microseconds since 1970, UTC), and says what follows when all is on the disk.
    ///
    /// # Errors
    /// Commands that are refused and instants too far ahead, which change nothing. After all others the store must be opened
    /// again: it then knows whether the command was kept ([`Store::end`]).
    pub fn tell(&mut self, at: i64, command: &Command, world: &mut dyn World) -> Result<Effects, StoreError> {
        self.may(std::iter::once(at))?;
        let effects = self.apply(at, command, world)?;
        self.commit()?;
        Ok(effects?)
    }

    /// Carries out commands one after the other, with one sync for all of them: after a crash, all or none were told. Before
    /// each of them the world hears which one comes. Those that are refused change nothing and hold up no others.
    ///
    /// # Errors
    /// As [`Store::tell`].
    pub fn tell_all<W: World>(
        &mut self,
        batch: &[(i64, Command)],
        world: &mut W,
        mut before: impl FnMut(&mut W, &Command),
    ) -> Result<Vec<Result<Effects, Refusal>>, StoreError> {
        self.may(batch.iter().map(|(at, _)| *at))?;
        let mut done = Vec::with_capacity(batch.len());
        for (at, command) in batch {
            before(world, command);
            done.push(self.apply(*at, command, world)?);
        }
        self.commit()?;
        Ok(done)
    }

    /// Whether it takes commands of these instants.
    pub(super) fn may(&self, instants: impl Iterator<Item = i64>) -> Result<(), StoreError> {
        if let Some(why) = &self.stopped {
            return Err(StoreError::Stopped(why.clone()));
        }
        let mut last = self.machine.now();
        for at in instants {
            if last != i64::MIN && at > last.saturating_add(self.options.most_jump) && at > self.allowed {
                return Err(StoreError::Jump { last, at });
            }
            last = last.max(at);
        }
        Ok(())
    }

    fn apply(
        &mut self,
        at: i64,
        command: &Command,
        world: &mut dyn World,
    ) -> Result<Result<Effects, Refusal>, StoreError> {
        match self.machine.apply(at, command, world) {
            Ok(applied) => {
                let told = self.log.append(&[borrowed(at, command, &applied.answers)]);
                told.map_err(|error| self.stop(error))?;
                self.since.0 += 1;
                Ok(Ok(applied.effects))
            }
            // Found in the middle of the work, after something may have changed.
            Err(error @ ApplyError::Refused(Refusal::TooMany(_))) => Err(self.stop(StoreError::World(error))),
            Err(ApplyError::Refused(refusal)) => Ok(Err(refusal)),
            Err(error) => Err(self.stop(StoreError::World(error))),
        }
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        self.since.1 += self.log.waiting() as u64;
        self.log.sync().map_err(|error| self.stop(error))?;
        if self.since.0 >= self.options.snapshot_records || self.since.1 >= self.options.snapshot_bytes {
            // The commands are told: that the snapshot failed is heard with the next ones.
            let _ = self.snapshot();
        }
        Ok(())
    }

    fn stop(&mut self, error: StoreError) -> StoreError {
        self.stopped = Some(error.to_string());
        error
    }

    /// Makes a snapshot, and removes what is older than those that are kept.
    ///
    /// # Errors
    /// What the disk says: then the store must be opened again.
    pub fn snapshot(&mut self) -> Result<(), StoreError> {
        self.may(std::iter::empty())?;
        self.since = (0, 0);
        self.try_snapshot().map_err(|error| self.stop(error))
    }

    fn try_snapshot(&mut self) -> Result<(), StoreError> {
        self.storage.save(&self.machine, self.log.end(), &self.options)?;
        let oldest = self.storage.forget(self.options.snapshots)?;
        match oldest {
            Some(oldest) if !self.options.keep_log => self.log.forget(oldest),
            _ => Ok(()),
        }
    }
}
