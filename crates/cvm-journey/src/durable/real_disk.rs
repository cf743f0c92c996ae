//! A folder of the system.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::disk::Disk;
use super::error::StoreError;

const LOCK: &str = "lock";

/// A folder that nobody else has open: a lock on the file `lock` in it is held until the last clone is dropped, or the
/// process ends in whatever way.
///
/// ```
/// use cvm_journey::durable::RealDisk;
/// # let folder = tempfile::tempdir()?;
/// let disk = RealDisk::open(folder.path())?;
/// let second = RealDisk::open(folder.path()).unwrap_err();
/// assert!(second.to_string().ends_with("is open in another process or place: end that first, or take another folder"));
/// drop(disk);
/// assert!(RealDisk::open(folder.path()).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct RealDisk(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    /// Files that are written to.
    open: Mutex<BTreeMap<String, File>>,
    /// Locked as long as it is open.
    _lock: File,
}

impl RealDisk {
    /// Opens a folder, which is made where there is none.
    ///
    /// # Errors
    /// Folders that can't be made or read, and those that somebody else has open.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let wrong = |error| StoreError::disk("opened", &folder.to_string_lossy(), error);
        std::fs::create_dir_all(folder).map_err(wrong)?;
        let mut options = OpenOptions::new();
        let lock = options.write(true).create(true).truncate(false).open(folder.join(LOCK)).map_err(wrong)?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => StoreError::Taken { folder: folder.to_owned() },
            TryLockError::Error(error) => wrong(error),
        })?;
        Ok(Self(Arc::new(Inner { folder: folder.to_owned(), open: Mutex::default(), _lock: lock })))
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.0.folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.folder.join(name)
    }

    fn files(&self) -> MutexGuard<'_, BTreeMap<String, File>> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<T>(&self, name: &str, action: impl FnOnce(&mut File) -> io::Result<T>) -> io::Result<T> {
        let mut files = self.files();
        if let Some(file) = files.get_mut(name) {
            return action(file);
        }
        let mut file = OpenOptions::new().append(true).open(self.path(name))?;
        let done = action(&mut file);
        files.insert(name.to_owned(), file);
        done
    }
}

impl Disk for RealDisk {
    fn list(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(&self.0.folder)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name != LOCK {
                names.push(name);
            }
        }
        Ok(names)
    }

    #[expect(clippy::disallowed_methods, reason = "this is the real disk")]
    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        std::fs::read(self.path(name))
    }

    fn create(&self, name: &str) -> io::Result<()> {
        let file = OpenOptions::new().write(true).create(true).truncate(true).open(self.path(name))?;
        self.files().insert(name.to_owned(), file);
        Ok(())
    }

    fn append(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.with(name, |file| file.write_all(bytes))
    }

    fn sync(&self, name: &str) -> io::Result<()> {
        self.with(name, |file| file.sync_data())
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.close(from);
        self.close(to);
        std::fs::rename(self.path(from), self.path(to))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.close(name);
        std::fs::remove_file(self.path(name))
    }

    fn sync_folder(&self) -> io::Result<()> {
        // Folders can be synced on Unix only; elsewhere names are as safe as the system keeps them.
        if cfg!(unix) { File::open(&self.0.folder)?.sync_all() } else { Ok(()) }
    }

    fn close(&self, name: &str) {
        self.files().remove(name);
    }
}
