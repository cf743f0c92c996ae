//! A log in a folder.

use std::collections::VecDeque;

use super::disk::Disk;
use super::error::StoreError;
use super::header::{FORMAT, Header, allow};
use super::log::{CommandLog, Lsn};
use super::record::Record;
use super::segment::{self, Reader};
use super::waiting::Waiting;

const NEW: &str = "log.new";

/// A log in a folder, in files that are ended when they are large. Records that are added wait in memory; a sync writes all
/// of them as one frame, so that a crash leaves all or none of them.
#[derive(Debug)]
pub struct FileLog<D> {
    disk: D,
    segment_bytes: u64,
    /// All files: where they begin, and their names.
    files: Vec<(Lsn, String)>,
    /// So many bytes are in the last file; none where the next frame begins a new one.
    active: Option<u64>,
    waiting: Waiting,
    synced: Lsn,
    /// A write or sync failed: what is on the disk is not known.
    broken: bool,
}

/// What was found when a log was opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Opened {
    /// So many bytes at the end were cut off: a crash came before they were synced, and nobody was answered.
    pub cut: u64,
}

impl<D: Disk> FileLog<D> {
    /// Opens a log. Half a frame at its end is cut off.
    ///
    /// # Errors
    /// What the disk says; damage before the end.
    pub fn open(disk: D, segment_bytes: u64) -> Result<(Self, Opened), StoreError> {
        let names = disk.list().map_err(|error| StoreError::disk("read", "the folder", error))?;
        let mut files: Vec<_> = names.into_iter().filter_map(|name| Some((segment::first(&name)?, name))).collect();
        files.sort();
        let mut log = Self {
            disk,
            segment_bytes,
            files,
            active: None,
            waiting: Waiting::default(),
            synced: Lsn(0),
            broken: false,
        };
        let mut opened = Opened::default();
        let Some((first, file)) = log.files.last().cloned() else { return Ok((log, opened)) };
        let bytes = log.read(&file)?;
        log.synced = first;
        match segment::last(&file, &bytes, first)? {
            None => {
                opened.cut = bytes.len() as u64;
                log.disk.remove(&file).map_err(|error| StoreError::disk("removed", &file, error))?;
                log.sync_folder()?;
                log.files.pop();
                if log.files.is_empty() && first > Lsn(0) {
                    return Err(StoreError::Gap { wanted: Lsn(0), found: first });
                }
            }
            Some(last) => {
                allow(&file, last.header.format, FORMAT)?;
                opened.cut = (bytes.len() - last.good) as u64;
                log.synced = last.end;
                log.rewrite(&file, bytes.get(..last.good).unwrap_or_default())?;
                // Records of other rules go into another file.
                let own = last.header == Header::new(first);
                log.active = Some(last.good as u64).filter(|len| own && *len < segment_bytes);
            }
        }
        Ok((log, opened))
    }

    /// Writes the last file again, and puts it in the place of the old one. What was read may not be on the disk yet: the
    /// process may have ended before a sync, and where a sync failed, another one of the same file proves nothing.
    fn rewrite(&self, file: &str, good: &[u8]) -> Result<(), StoreError> {
        let wrong = |error| StoreError::disk("written", file, error);
        self.disk.create(NEW).map_err(wrong)?;
        self.disk.append(NEW, good).map_err(wrong)?;
        self.disk.sync(NEW).map_err(wrong)?;
        self.disk.rename(NEW, file).map_err(wrong)?;
        self.sync_folder()
    }

    fn read(&self, file: &str) -> Result<Vec<u8>, StoreError> {
        self.disk.read(file).map_err(|error| StoreError::disk("read", file, error))
    }

    fn sync_folder(&self) -> Result<(), StoreError> {
        self.disk.sync_folder().map_err(|error| StoreError::disk("synced", "the folder", error))
    }

    fn begin_file(&mut self) -> Result<(), StoreError> {
        let (name, header) = (segment::name(self.synced), Header::new(self.synced).write());
        let wrong = |error| StoreError::disk("written", &name, error);
        // A file of this name has no records, or the log would not end here.
        self.files.retain(|(_, file)| *file != name);
        self.disk.create(&name).map_err(wrong)?;
        self.disk.append(&name, &header).map_err(wrong)?;
        self.disk.sync(&name).map_err(wrong)?;
        self.sync_folder()?;
        self.files.push((self.synced, name));
        self.active = Some(header.len() as u64);
        Ok(())
    }

    fn write(&mut self) -> Result<(), StoreError> {
        let frame = self.waiting.frame(self.synced)?;
        if self.active.is_none() {
            self.begin_file()?;
        }
        if let Some((_, file)) = self.files.last() {
            let wrong = |error| StoreError::disk("written", file, error);
            self.disk.append(file, &frame).map_err(wrong)?;
            self.disk.sync(file).map_err(wrong)?;
            let len = self.active.unwrap_or(0) + frame.len() as u64;
            self.active = Some(len).filter(|len| *len < self.segment_bytes);
            if self.active.is_none() {
                self.disk.close(file);
            }
        }
        self.synced = self.end();
        self.waiting = Waiting::default();
        Ok(())
    }
}

impl<D: Disk> CommandLog for FileLog<D> {
    fn append(&mut self, batch: &[Record<'_>]) -> Result<Lsn, StoreError> {
        let first = self.end();
        self.waiting.add(batch)?;
        Ok(first)
    }

    fn sync(&mut self) -> Result<(), StoreError> {
        if self.broken {
            return Err(StoreError::Stopped("the disk failed".to_owned()));
        }
        if self.waiting.many() > 0 {
            self.broken = true;
            self.write()?;
            self.broken = false;
        }
        Ok(())
    }

    fn read_from(
        &self,
        from: Lsn,
    ) -> Result<impl Iterator<Item = Result<(Lsn, Record<'static>), StoreError>>, StoreError> {
        if from < self.begin() {
            return Err(StoreError::Gap { wanted: from, found: self.begin() });
        }
        let at = self.files.partition_point(|(first, _)| *first <= from).saturating_sub(1);
        let files: VecDeque<_> = self.files.iter().skip(at).map(|(_, name)| name.clone()).collect();
        Ok(Reader::new(self.disk.clone(), files, from))
    }

    fn begin(&self) -> Lsn {
        self.files.first().map_or(self.synced, |(first, _)| *first)
    }

    fn end(&self) -> Lsn {
        Lsn(self.synced.0 + u64::from(self.waiting.many()))
    }

    fn waiting(&self) -> usize {
        self.waiting.len()
    }

    fn forget(&mut self, before: Lsn) -> Result<(), StoreError> {
        let mut removed = false;
        while let [(_, old), (next, _), ..] = self.files.as_slice()
            && *next <= before
        {
            self.disk.remove(old).map_err(|error| StoreError::disk("removed", old, error))?;
            self.files.remove(0);
            removed = true;
        }
        if removed { self.sync_folder() } else { Ok(()) }
    }
}
