//! A disk in memory that crashes as planned.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::content::Content;
use super::crash::{Crash, Dice};
use crate::durable::disk::Disk;

/// A folder in memory. Each create, write, sync, rename and removal is a *write point*, and it can be made to crash at any of
/// them. Clones are the same folder.
///
/// ```
/// use cvm_journey::durable::{Disk, testing::{Crash, FaultyDisk}};
/// let disk = FaultyDisk::new();
/// disk.create("a")?; // Write point 0.
/// disk.append("a", b"first")?;
/// disk.sync("a")?;
/// disk.sync_folder()?;
/// disk.crash_at(5, Crash::Lost, 1);
/// disk.append("a", b" second")?;
/// assert!(disk.sync("a").is_err() && disk.read("a").is_err());
/// assert_eq!(disk.after().read("a")?, b"first");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct FaultyDisk(Arc<Mutex<State>>);

#[derive(Debug, Clone, Default)]
struct State {
    contents: Vec<Content>,
    names: BTreeMap<String, usize>,
    /// The names that the disk holds.
    durable: BTreeMap<String, usize>,
    /// What happened to names since.
    changes: Vec<Change>,
    points: u64,
    plan: Option<(u64, Crash, u64)>,
    crashed: bool,
}

#[derive(Debug, Clone)]
enum Change {
    Create(String, usize),
    Rename(String, String, usize),
    Remove(String),
}

impl Change {
    fn apply(self, names: &mut BTreeMap<String, usize>) {
        match self {
            Self::Create(name, content) => {
                names.insert(name, content);
            }
            Self::Rename(from, to, content) => {
                names.remove(&from);
                names.insert(to, content);
            }
            Self::Remove(name) => {
                names.remove(&name);
            }
        }
    }
}

fn gone() -> io::Error {
    io::Error::other("the disk crashed as planned")
}

impl FaultyDisk {
    /// An empty folder.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Crashes at a write point, counted from 0 since the folder was made. What is left is drawn from the seed.
    pub fn crash_at(&self, point: u64, crash: Crash, seed: u64) {
        self.state().plan = Some((point, crash, seed));
    }

    /// How many write points there were.
    #[must_use]
    pub fn points(&self) -> u64 {
        self.state().points
    }

    /// Whether the planned crash, or refusal, has come.
    #[must_use]
    pub fn crashed(&self) -> bool {
        self.state().crashed
    }

    /// The folder after the crash.
    #[must_use]
    pub fn after(&self) -> Self {
        let mut state = self.state().clone();
        if let (Some((_, crash, seed)), true) = (state.plan.take(), state.crashed) {
            state.leave(crash, &mut Dice(seed));
        }
        (state.points, state.crashed) = (0, false);
        Self(Arc::new(Mutex::new(state)))
    }

    /// Turns a bit of a file, whether it is synced or not.
    pub fn damage(&self, name: &str, at: usize) {
        let state = &mut *self.state();
        if let Some(content) = state.names.get(name).and_then(|content| state.contents.get_mut(*content))
            && let Some(byte) = content.now.get_mut(at)
        {
            *byte ^= 1;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next write point, unless the disk crashes there.
    fn point(&self, name: &str, written: &[u8]) -> io::Result<MutexGuard<'_, State>> {
        let mut state = self.state();
        let point = state.points;
        match state.plan {
            Some((at, crash, seed)) if point == at => {
                state.points += 1;
                state.crashed = true;
                let part = written.get(..Dice(seed).below(written.len())).unwrap_or_default();
                match (crash, state.content(name)) {
                    (Crash::Torn, Some(content)) => content.append(part),
                    (Crash::Refused, Some(content)) => content.refuse(),
                    _ => {}
                }
                Err(gone())
            }
            Some((at, crash, _)) if point > at && crash != Crash::Refused => Err(gone()),
            _ => {
                state.points += 1;
                Ok(state)
            }
        }
    }
}

impl State {
    fn content(&mut self, name: &str) -> Option<&mut Content> {
        let content = *self.names.get(name)?;
        self.contents.get_mut(content)
    }

    fn leave(&mut self, crash: Crash, dice: &mut Dice) {
        match crash {
            Crash::Kept | Crash::Torn | Crash::Refused => return,
            Crash::Flipped => self.contents.iter_mut().for_each(|content| content.flip(dice)),
            Crash::Reordered => {
                self.contents.iter_mut().for_each(|content| content.reorder(dice));
                self.names.clone_from(&self.durable);
                for change in self.changes.drain(..) {
                    if dice.coin() {
                        change.apply(&mut self.names);
                    }
                }
            }
            Crash::Lost => {
                self.contents.iter_mut().for_each(Content::lose);
                self.names.clone_from(&self.durable);
            }
        }
        self.changes.clear();
        self.durable.clone_from(&self.names);
    }

    fn change(&mut self, change: Change) {
        change.clone().apply(&mut self.names);
        self.changes.push(change);
    }
}

impl Disk for FaultyDisk {
    fn list(&self) -> io::Result<Vec<String>> {
        let state = self.state();
        if state.dead() { Err(gone()) } else { Ok(state.names.keys().cloned().collect()) }
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        let mut state = self.state();
        if state.dead() {
            return Err(gone());
        }
        state.content(name).map(|content| content.now.clone()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn create(&self, name: &str) -> io::Result<()> {
        let mut state = self.point(name, &[])?;
        let content = state.contents.len();
        state.contents.push(Content::default());
        state.change(Change::Create(name.to_owned(), content));
        Ok(())
    }

    fn append(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.point(name, bytes)?;
        let content = state.content(name).ok_or(io::ErrorKind::NotFound)?;
        content.append(bytes);
        Ok(())
    }

    fn sync(&self, name: &str) -> io::Result<()> {
        let mut state = self.point(name, &[])?;
        state.content(name).ok_or(io::ErrorKind::NotFound)?.sync();
        Ok(())
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut state = self.point(from, &[])?;
        let content = *state.names.get(from).ok_or(io::ErrorKind::NotFound)?;
        state.change(Change::Rename(from.to_owned(), to.to_owned(), content));
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let mut state = self.point(name, &[])?;
        state.names.get(name).ok_or(io::ErrorKind::NotFound)?;
        state.change(Change::Remove(name.to_owned()));
        Ok(())
    }

    fn sync_folder(&self) -> io::Result<()> {
        let mut state = self.point("", &[])?;
        state.changes.clear();
        state.durable = state.names.clone();
        Ok(())
    }
}

impl State {
    /// After a crash nothing works any more.
    fn dead(&self) -> bool {
        self.crashed && !matches!(self.plan, Some((_, Crash::Refused, _)))
    }
}
