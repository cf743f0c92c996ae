//! A log that is not kept.

use super::error::StoreError;
use super::log::{CommandLog, Lsn};
use super::record::Record;

/// A log in memory, for tests and simulations.
#[derive(Debug, Clone, Default)]
pub struct MemoryLog {
    records: Vec<Vec<u8>>,
    synced: usize,
}

impl CommandLog for MemoryLog {
    fn append(&mut self, batch: &[Record<'_>]) -> Result<Lsn, StoreError> {
        let first = self.end();
        for record in batch {
            self.records.push(record.write(Vec::new()).ok_or(StoreError::TooLarge { bytes: usize::MAX })?);
        }
        Ok(first)
    }

    fn sync(&mut self) -> Result<(), StoreError> {
        self.synced = self.records.len();
        Ok(())
    }

    fn read_from(
        &self,
        from: Lsn,
    ) -> Result<impl Iterator<Item = Result<(Lsn, Record<'static>), StoreError>>, StoreError> {
        let records = (0..).map(Lsn).zip(self.records.iter().take(self.synced));
        let records = records.skip(usize::try_from(from.0).unwrap_or(usize::MAX));
        Ok(records.map(|(lsn, bytes)| {
            let damaged = || StoreError::Damaged { file: "memory".to_owned(), offset: lsn.0 };
            Record::read(bytes).map(|(record, _)| (lsn, record)).ok_or_else(damaged)
        }))
    }

    fn begin(&self) -> Lsn {
        Lsn(0)
    }

    fn end(&self) -> Lsn {
        Lsn(self.records.len() as u64)
    }

    fn waiting(&self) -> usize {
        self.records.iter().skip(self.synced).map(Vec::len).sum()
    }

    fn forget(&mut self, before: Lsn) -> Result<(), StoreError> {
        // Its records are told by their places.
        let _ = before;
        Ok(())
    }
}
