//! The log of a partition.

use std::collections::VecDeque;

use super::super::error::StoreError;
use super::super::frame::Frame;
use super::super::header::{FORMAT, allow, tzdb};
use super::super::log::{CommandLog, Lsn};
use super::super::record::Record;
use super::super::waiting::Waiting;
use super::partition::Partition;
use crate::machine::Machine;

/// More than this does not fit into a value of the database.
const MOST: usize = 512 << 20;
/// So many frames are read at once.
const AT_ONCE: i64 = 64;

/// The log of a partition. Records that are added wait in memory; a sync writes all of them as one row, in a statement that
/// looks whether the partition is still held.
#[derive(Debug)]
pub struct PostgresLog {
    partition: Partition,
    begin: Lsn,
    synced: Lsn,
    waiting: Waiting,
    /// A commit failed: whether it was kept is not known.
    broken: bool,
}

/// The place of a record as the database has it.
pub(super) fn place(lsn: Lsn) -> i64 {
    i64::try_from(lsn.0).unwrap_or(i64::MAX)
}

/// The place of a record, of the database's.
pub(super) const fn lsn(place: i64) -> Lsn {
    Lsn(place.unsigned_abs())
}

impl PostgresLog {
    /// Opens the log of a partition that is held.
    pub(super) fn open(partition: Partition) -> Result<Self, StoreError> {
        let rows = partition.database.connection.with("read the log", |open| {
            open.rows(
                "SELECT begins, ends FROM partitions WHERE partition = $1 AND fence = $2",
                &[&partition.number, &partition.fence],
            )
        })?;
        let row = rows.first().ok_or_else(|| partition.fenced())?;
        let (begin, synced) = (lsn(row.get(0)), lsn(row.get(1)));
        Ok(Self { partition, begin, synced, waiting: Waiting::default(), broken: false })
    }

    fn write(&mut self) -> Result<(), StoreError> {
        let Partition { database, number, fence, .. } = &self.partition;
        let hold = database.options.hold.as_secs_f64();
        let letters = self.partition.taken();
        if self.waiting.many() == 0 {
            // All that was in the letters was refused, or changed nothing.
            if letters.is_empty() {
                return Ok(());
            }
            let mine = database.connection.with("take letters away", |open| {
                open.rows(
                    "WITH mine AS (UPDATE partitions SET held_until = clock_timestamp() + $3::float8 * interval '1 second'
                         WHERE partition = $1 AND fence = $2 RETURNING 1),
                     gone AS (DELETE FROM letters WHERE partition = $1 AND letter = ANY($4) AND EXISTS (SELECT FROM mine))
                     SELECT FROM mine",
                    &[number, fence, &hold, &letters],
                )
            })?;
            return if mine.is_empty() { Err(self.partition.fenced()) } else { Ok(()) };
        }
        let frame = self.waiting.frame(self.synced)?;
        let many = i32::try_from(self.waiting.many()).unwrap_or(i32::MAX);
        let semantics = i32::try_from(Machine::SEMANTICS).unwrap_or(i32::MAX);
        let format = i32::try_from(FORMAT).unwrap_or(i32::MAX);
        let written = database.connection.with("write the log", |open| {
            open.execute(
                "WITH mine AS (UPDATE partitions SET ends = $3::bigint + $4::int, held_until = clock_timestamp() + $9::float8 * interval '1 second'
                     WHERE partition = $1 AND fence = $2 AND ends = $3 RETURNING partition),
                 gone AS (DELETE FROM letters WHERE partition = $1 AND letter = ANY($10) AND EXISTS (SELECT FROM mine))
                 INSERT INTO log (partition, first, many, format, semantics, tzdb, frame)
                     SELECT partition, $3, $4, $5, $6, $7, $8 FROM mine",
                &[number, fence, &place(self.synced), &many, &format, &semantics, &tzdb(), &frame, &hold, &letters],
            )
        })?;
        if written != 1 {
            return Err(self.partition.fenced());
        }
        self.synced = self.end();
        self.waiting = Waiting::default();
        Ok(())
    }
}

impl CommandLog for PostgresLog {
    fn append(&mut self, batch: &[Record<'_>]) -> Result<Lsn, StoreError> {
        let first = self.end();
        self.waiting.add(batch)?;
        let bytes = self.waiting.len();
        if bytes > MOST { Err(StoreError::TooLarge { bytes }) } else { Ok(first) }
    }

    fn sync(&mut self) -> Result<(), StoreError> {
        if self.broken {
            return Err(StoreError::Stopped("the database failed".to_owned()));
        }
        self.broken = true;
        self.write()?;
        self.broken = false;
        Ok(())
    }

    fn read_from(
        &self,
        from: Lsn,
    ) -> Result<impl Iterator<Item = Result<(Lsn, Record<'static>), StoreError>>, StoreError> {
        if from < self.begin {
            return Err(StoreError::Gap { wanted: from, found: self.begin });
        }
        let (partition, until) = (self.partition.clone(), self.synced);
        Ok(Reader { partition, from, until, next: None, read: VecDeque::new() })
    }

    fn begin(&self) -> Lsn {
        self.begin
    }

    fn end(&self) -> Lsn {
        Lsn(self.synced.0 + u64::from(self.waiting.many()))
    }

    fn waiting(&self) -> usize {
        self.waiting.len()
    }

    fn forget(&mut self, before: Lsn) -> Result<(), StoreError> {
        let Partition { database, number, fence, .. } = &self.partition;
        let rows = database.connection.with("remove old records", |open| {
            open.rows(
                "WITH old AS (SELECT coalesce(max(first + many), 0) AS until FROM log WHERE partition = $1 AND first + many <= $3),
                 mine AS (UPDATE partitions SET begins = greatest(begins, until) FROM old
                     WHERE partition = $1 AND fence = $2 RETURNING begins),
                 gone AS (DELETE FROM log USING mine WHERE partition = $1 AND first < begins)
                 SELECT begins FROM mine",
                &[number, fence, &place(before)],
            )
        })?;
        let row = rows.first().ok_or_else(|| self.partition.fenced())?;
        self.begin = lsn(row.get(0));
        Ok(())
    }
}

/// Reads records, some rows at once.
struct Reader {
    partition: Partition,
    from: Lsn,
    until: Lsn,
    /// The place of the next row; none where it is not known yet.
    next: Option<Lsn>,
    read: VecDeque<(Lsn, Record<'static>)>,
}

impl Reader {
    fn damaged(&self, at: Lsn) -> StoreError {
        StoreError::Damaged { file: format!("log of partition {}", self.partition.number), offset: at.0 }
    }

    fn more(&mut self) -> Result<bool, StoreError> {
        if self.next.unwrap_or(self.from) >= self.until {
            return Ok(false);
        }
        let number = self.partition.number;
        let rows = self.partition.database.connection.with("read the log", |open| {
            open.rows(
                "SELECT first, many, format, semantics, frame FROM log
                 WHERE partition = $1 AND first >= (SELECT max(first) FROM log WHERE partition = $1 AND first <= $2)
                 ORDER BY first LIMIT $3",
                &[&number, &place(self.next.unwrap_or(self.from)), &AT_ONCE],
            )
        })?;
        if rows.is_empty() {
            return Err(StoreError::Gap { wanted: self.from, found: self.until });
        }
        for row in &rows {
            let first = lsn(row.get(0));
            let name = || format!("log of partition {number}");
            allow(&name(), row.get::<_, i32>(2).unsigned_abs(), FORMAT)?;
            allow(&name(), row.get::<_, i32>(3).unsigned_abs(), Machine::SEMANTICS)?;
            if let Some(wanted) = self.next.filter(|next| *next != first) {
                return Err(StoreError::Gap { wanted, found: first });
            }
            let bytes: &[u8] = row.get(4);
            let frame = Frame::read(bytes).filter(|(frame, _)| frame.first == first);
            let (frame, _) = frame.ok_or_else(|| self.damaged(first))?;
            frame.unpack(self.from, &mut self.read).map_err(|lsn| self.damaged(lsn))?;
            self.next = Some(frame.next());
        }
        Ok(true)
    }
}

impl Iterator for Reader {
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
                    self.until = Lsn(0);
                    return Some(Err(error));
                }
            }
        }
    }
}
