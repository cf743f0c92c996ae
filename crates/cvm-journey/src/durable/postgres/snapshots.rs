//! The snapshots of a partition: a row that says what is there, and the state in pieces.

use super::super::error::StoreError;
use super::super::header::{FORMAT, allow, tzdb};
use super::super::log::Lsn;
use super::log::{lsn, place};
use super::partition::Partition;
use crate::machine::Machine;

/// The state is written in pieces of so many bytes.
const PIECE: usize = 8 << 20;

/// The snapshots, the newest first.
pub(super) fn found(partition: &Partition) -> Result<Vec<Lsn>, StoreError> {
    let rows = partition.database.connection.with("read the snapshots", |open| {
        open.rows("SELECT records FROM snapshots WHERE partition = $1 ORDER BY records DESC", &[&partition.number])
    })?;
    Ok(rows.iter().map(|row| lsn(row.get(0))).collect())
}

/// The machine of a snapshot. `None` where it is damaged.
pub(super) fn load(partition: &Partition, records: Lsn) -> Result<Option<Machine>, StoreError> {
    let at = place(records);
    let (about, pieces) = partition.database.connection.with("read a snapshot", |open| {
        let about = open.rows(
            "SELECT format, semantics, bytes, crc32 FROM snapshots WHERE partition = $1 AND records = $2",
            &[&partition.number, &at],
        )?;
        let pieces = open.rows(
            "SELECT state FROM snapshot_pieces WHERE partition = $1 AND records = $2 ORDER BY piece",
            &[&partition.number, &at],
        )?;
        Ok((about, pieces))
    })?;
    let Some(about) = about.first() else { return Ok(None) };
    let name = format!("snapshot {records} of partition {}", partition.number);
    allow(&name, about.get::<_, i32>(0).unsigned_abs(), FORMAT)?;
    allow(&name, about.get::<_, i32>(1).unsigned_abs(), Machine::SEMANTICS)?;
    let mut state = Vec::new();
    pieces.iter().for_each(|row| state.extend_from_slice(row.get::<_, &[u8]>(0)));
    let whole =
        i64::try_from(state.len()) == Ok(about.get(2)) && i64::from(crc32fast::hash(&state)) == about.get::<_, i64>(3);
    Ok(if whole { Machine::load(&state) } else { None })
}

/// Writes a snapshot, in one commit.
pub(super) fn save(partition: &Partition, machine: &Machine, records: Lsn) -> Result<(), StoreError> {
    let state = machine.save();
    let (at, number) = (place(records), partition.number);
    let bytes = i64::try_from(state.len()).unwrap_or(i64::MAX);
    let crc = i64::from(crc32fast::hash(&state));
    let format = i32::try_from(FORMAT).unwrap_or(i32::MAX);
    let semantics = i32::try_from(Machine::SEMANTICS).unwrap_or(i32::MAX);
    let hold = partition.database.options.hold.as_secs_f64();
    let mine = partition.database.connection.with("write a snapshot", |open| {
        let mut all = open.client().transaction()?;
        // Who takes the partition over meanwhile waits for this row.
        let mine = all.execute(
            "UPDATE partitions SET held_until = clock_timestamp() + $3::float8 * interval '1 second'
             WHERE partition = $1 AND fence = $2",
            &[&number, &partition.fence, &hold],
        )?;
        if mine != 1 {
            return Ok(false);
        }
        all.execute("DELETE FROM snapshots WHERE partition = $1 AND records = $2", &[&number, &at])?;
        all.execute(
            "INSERT INTO snapshots (partition, records, format, semantics, tzdb, bytes, crc32)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            &[&number, &at, &format, &semantics, &tzdb(), &bytes, &crc],
        )?;
        let insert = all.prepare("INSERT INTO snapshot_pieces VALUES ($1, $2, $3, $4)")?;
        for (piece, state) in (0_i32..).zip(state.chunks(PIECE)) {
            all.execute(&insert, &[&number, &at, &piece, &state])?;
        }
        all.commit()?;
        Ok(true)
    })?;
    if mine { Ok(()) } else { Err(partition.fenced()) }
}

/// Removes all but the newest snapshots. Says which is the oldest one that stays, once there are as many as are kept.
pub(super) fn forget(partition: &Partition, keep: usize) -> Result<Option<Lsn>, StoreError> {
    let found = found(partition)?;
    let Some(oldest) = found.get(keep.max(1) - 1) else { return Ok(None) };
    partition.database.connection.with("remove old snapshots", |open| {
        open.execute(
            "DELETE FROM snapshots WHERE partition = $1 AND records < $3
             AND EXISTS (SELECT FROM partitions WHERE partition = $1 AND fence = $2)",
            &[&partition.number, &partition.fence, &place(*oldest)],
        )
    })?;
    Ok(Some(*oldest))
}
