//! What is wanted of a folder.

use std::{fmt, io};

/// A folder of files that are written from front to back. Clones are the same folder.
///
/// What is appended, created, renamed or removed may be gone after a crash, in part and in any order, until it is synced: the
/// contents of a file by [`Disk::sync`], names by [`Disk::sync_folder`].
///
/// # Errors
/// What the system says. After a sync that failed nobody knows what is on the disk: it must not be tried again.
pub trait Disk: Clone + Send + fmt::Debug {
    /// The names of all files.
    ///
    /// # Errors
    /// What the system says.
    fn list(&self) -> io::Result<Vec<String>>;

    /// All that is in a file.
    ///
    /// # Errors
    /// What the system says.
    fn read(&self, name: &str) -> io::Result<Vec<u8>>;

    /// Makes an empty file, also where there is one.
    ///
    /// # Errors
    /// What the system says.
    fn create(&self, name: &str) -> io::Result<()>;

    /// Writes at the end of a file.
    ///
    /// # Errors
    /// What the system says.
    fn append(&self, name: &str, bytes: &[u8]) -> io::Result<()>;

    /// Returns when all that was written to a file is on the disk.
    ///
    /// # Errors
    /// What the system says.
    fn sync(&self, name: &str) -> io::Result<()>;

    /// Gives a file another name, in place of a file that has it.
    ///
    /// # Errors
    /// What the system says.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// What the system says.
    fn remove(&self, name: &str) -> io::Result<()>;

    /// Returns when all names are on the disk.
    ///
    /// # Errors
    /// What the system says.
    fn sync_folder(&self) -> io::Result<()>;

    /// Nothing more is written to a file.
    fn close(&self, name: &str) {
        let _ = name;
    }
}
