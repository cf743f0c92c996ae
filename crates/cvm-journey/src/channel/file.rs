//! Messages as lines of JSON in a file.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::{Channel, Delivery, Message, key};

/// Why a file can't be written to.
#[derive(Debug, Error)]
pub enum FileError {
    /// It can't be opened or read.
    #[error("`{path}` can't be opened: {error}")]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// Another process writes to it.
    #[error("`{path}` is written to by somebody else: end that first, or take another file")]
    Taken {
        /// The file.
        path: PathBuf,
    },
    /// A line in it is no message, so it may be another kind of file.
    #[error("line {line} of `{path}` is no message: take another file ({error})")]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        error: serde_json::Error,
    },
}

/// Appends messages to a file, a line of JSON each. A batch is on the disk before it is said to be sent, and a key that is in
/// the file is not written again. While it is open nobody else can open it as a channel.
///
/// ```
/// use cvm_journey::channel::{Channel, File, Message};
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("sent.jsonl");
/// let message = Message { key: "1".into(), customer: "42".into(), ..Message::default() };
/// File::open("email", &path)?.send(&[message.clone()]);
/// File::open("email", &path)?.send(&[message]);
/// assert_eq!(std::fs::read_to_string(&path)?.lines().count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct File {
    name: String,
    file: std::fs::File,
    /// The keys in the file, as numbers: a million take some 30 MB.
    keys: HashSet<u128>,
    /// What was on the disk for sure.
    end: u64,
    broken: bool,
}

/// Of a line in the file only the key counts.
#[derive(serde::Deserialize)]
struct Line {
    key: String,
}

impl File {
    /// Opens a file, which is made where there is none, and reads which keys it has. Half a line at its end, which a crash
    /// left behind, is cut off: nobody was told that it was sent.
    ///
    /// # Errors
    /// Files that can't be opened, that somebody else has open, or that hold something else.
    pub fn open(name: &str, path: &Path) -> Result<Self, FileError> {
        let wrong = |error| FileError::Open { path: path.to_owned(), error };
        let mut options = std::fs::OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).open(path).map_err(wrong)?;
        file.try_lock().map_err(|error| match error {
            std::fs::TryLockError::WouldBlock => FileError::Taken { path: path.to_owned() },
            std::fs::TryLockError::Error(error) => wrong(error),
        })?;
        let (mut keys, mut end, mut lines) = (HashSet::new(), 0, 0);
        let (mut reader, mut bytes) = (BufReader::new(&file), Vec::new());
        while reader.read_until(b'\n', &mut bytes).map_err(wrong)? > 0 && bytes.ends_with(b"\n") {
            lines += 1;
            end += bytes.len() as u64;
            let line: Line = serde_json::from_slice(&bytes).map_err(|error| FileError::Line {
                path: path.to_owned(),
                line: lines,
                error,
            })?;
            keys.insert(key::number(&line.key));
            bytes.clear();
        }
        let opened = Self { name: name.to_owned(), file, keys, end, broken: false };
        opened.settle(path).map_err(wrong)?;
        Ok(opened)
    }

    /// The file ends where its last whole line does, and stays in its folder after a crash.
    fn settle(&self, path: &Path) -> std::io::Result<()> {
        self.file.set_len(self.end)?;
        self.file.sync_all()?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        // Folders can be synced on Unix only.
        if cfg!(unix) { std::fs::File::open(folder)?.sync_all() } else { Ok(()) }
    }

    fn write(&mut self, lines: &[u8]) -> std::io::Result<()> {
        self.file.seek(SeekFrom::Start(self.end))?;
        self.file.write_all(lines)?;
        self.file.sync_data()
    }
}

impl Channel for File {
    fn name(&self) -> &str {
        &self.name
    }

    fn send(&mut self, messages: &[Message]) -> Vec<Delivery> {
        if self.broken {
            let failed = |_| Delivery::again("the file could not be written: open it again");
            return messages.iter().map(failed).collect();
        }
        let (mut lines, mut new) = (Vec::new(), HashSet::new());
        for message in messages {
            let number = key::number(&message.key);
            if !self.keys.contains(&number) && new.insert(number) {
                // A message is texts and numbers: nothing that JSON can't say.
                let _ = serde_json::to_writer(&mut lines, message);
                lines.push(b'\n');
            }
        }
        let written = if lines.is_empty() { Ok(()) } else { self.write(&lines) };
        if let Err(error) = written {
            // After a sync that failed, systems may take pages for written that are not: what is in the file is known only
            // to whom reads it anew.
            self.broken = true;
            let unknown = |message: &Message| match self.keys.contains(&key::number(&message.key)) {
                true => Delivery::Sent { id: None },
                false => Delivery::unknown(format!("the file could not be written: {error}")),
            };
            return messages.iter().map(unknown).collect();
        }
        self.end += lines.len() as u64;
        self.keys.extend(new);
        messages.iter().map(|_| Delivery::Sent { id: None }).collect()
    }
}
