//! The files of a log, one after the other.

use std::borrow::Cow;
use std::collections::VecDeque;

use super::disk::Disk;
use super::error::StoreError;
use super::frame::Frame;
use super::header::Header;
use super::log::Lsn;
use super::record::Record;

/// The name of the file that begins with a record.
pub(super) fn name(first: Lsn) -> String {
    format!("log-{:020}.cvm", first.0)
}

/// The record that a file begins with, if it is one of the log.
pub(super) fn first(name: &str) -> Option<Lsn> {
    name.strip_prefix("log-")?.strip_suffix(".cvm")?.parse().ok().map(Lsn)
}

/// What is in the last file of a log.
pub(super) struct Last {
    pub(super) header: Header,
    /// The place after its last whole frame.
    pub(super) end: Lsn,
    /// So many bytes are good.
    pub(super) good: usize,
}

/// What is good of the last file. `None` where not even its header is, because a crash came while it was made.
pub(super) fn last(file: &str, bytes: &[u8], first: Lsn) -> Result<Option<Last>, StoreError> {
    let damaged = |offset: usize| StoreError::Damaged { file: file.to_owned(), offset: offset as u64 };
    let Some((header, mut rest)) = Header::read(bytes).filter(|(header, _)| header.first == first) else {
        // The header is synced before anything is written after it.
        return if Frame::is_in(bytes, first) { Err(damaged(0)) } else { Ok(None) };
    };
    let mut end = first;
    while let Some((frame, after)) = Frame::read(rest).filter(|(frame, _)| frame.first == end) {
        end = frame.next();
        rest = after;
    }
    let good = bytes.len() - rest.len();
    if Frame::is_in(rest, end) {
        return Err(damaged(good));
    }
    Ok(Some(Last { header, end, good }))
}

/// Reads records, file after file.
pub(super) struct Reader<D> {
    disk: D,
    files: VecDeque<String>,
    file: String,
    bytes: Vec<u8>,
    offset: usize,
    /// The place of the next record.
    next: Lsn,
    /// Where to begin.
    from: Lsn,
    read: VecDeque<(Lsn, Record<'static>)>,
}

impl<D: Disk> Reader<D> {
    /// Reads from a record on. The first of the files must have it.
    pub(super) fn new(disk: D, files: VecDeque<String>, from: Lsn) -> Self {
        let next = files.front().and_then(|name| first(name)).unwrap_or(from);
        Self { disk, files, file: String::new(), bytes: Vec::new(), offset: 0, next, from, read: VecDeque::new() }
    }

    fn damaged(&self) -> StoreError {
        StoreError::Damaged { file: self.file.clone(), offset: self.offset as u64 }
    }

    /// Reads one more frame, or goes to the next file. `false` where there is none.
    fn more(&mut self) -> Result<bool, StoreError> {
        let rest = self.bytes.get(self.offset..).unwrap_or_default();
        if rest.is_empty() {
            let Some(file) = self.files.pop_front() else { return Ok(false) };
            self.bytes = self.disk.read(&file).map_err(|error| StoreError::disk("read", &file, error))?;
            self.file = file;
            self.offset = 0;
            let (header, rest) = Header::read(&self.bytes).ok_or_else(|| self.damaged())?;
            header.allow(&self.file)?;
            if header.first != self.next {
                return Err(StoreError::Gap { wanted: self.next, found: header.first });
            }
            self.offset = self.bytes.len() - rest.len();
            return Ok(true);
        }
        let (frame, after) = Frame::read(rest).ok_or_else(|| self.damaged())?;
        if frame.first != self.next {
            return Err(StoreError::Gap { wanted: self.next, found: frame.first });
        }
        let offset = self.bytes.len() - after.len();
        self.next = frame.next();
        let whole = frame.unpack(self.from, &mut self.read);
        whole.map_err(|_| self.damaged())?;
        self.offset = offset;
        Ok(true)
    }
}

impl<D: Disk> Iterator for Reader<D> {
    type Item = Result<(Lsn, Record<'static>), StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(record) = self.read.pop_front() {
                return Some(Ok(record));
            }
            match self.more() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    self.files.clear();
                    self.bytes.clear();
                    return Some(Err(error));
                }
            }
        }
    }
}

/// A record as it is written, without a copy of what is in it.
pub(super) fn borrowed<'r>(
    at: i64,
    command: &'r crate::machine::Command,
    answers: &'r [crate::machine::Answer],
) -> Record<'r> {
    Record { at, command: Cow::Borrowed(command), answers: Cow::Borrowed(answers) }
}
