//! Snapshots: the state of a machine, so that not all of the log must be read.
//!
//! A snapshot of the state after the first `n` records is
//! - `state-n.cvm`, all of the state in postcard's encoding: what a machine is made of;
//! - `people-n-j.arrow`, for the journey number `j` who is where, for other tools: nothing is read from it here;
//! - `snapshot-n.json`, which says that the others are whole. It is written last, under another name, and then renamed.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::disk::Disk;
use super::error::StoreError;
use super::header::{FORMAT, allow, tzdb};
use super::log::Lsn;
use super::people;
use crate::machine::Machine;

const NEW: &str = "snapshot.new";
/// The state is written in pieces of so many bytes.
const PIECE: usize = 1 << 20;

/// What is said of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Manifest {
    format: u32,
    semantics: u32,
    tzdb: String,
    /// How many records of the log are in it.
    records: Lsn,
    /// When the last of them was told: microseconds since 1970.
    at: i64,
    state: String,
    bytes: u64,
    crc32: u32,
    people: Vec<String>,
}

fn manifest_name(records: Lsn) -> String {
    format!("snapshot-{:020}.json", records.0)
}

fn number(name: &str, before: &str, after: &str) -> Option<Lsn> {
    name.strip_prefix(before)?.strip_suffix(after)?.parse().ok().map(Lsn)
}

fn list<D: Disk>(disk: &D) -> Result<Vec<String>, StoreError> {
    disk.list().map_err(|error| StoreError::disk("read", "the folder", error))
}

/// The snapshots of a folder, the newest first.
pub(super) fn found<D: Disk>(disk: &D) -> Result<Vec<Lsn>, StoreError> {
    let mut found: Vec<_> = list(disk)?.iter().filter_map(|name| number(name, "snapshot-", ".json")).collect();
    found.sort_unstable_by(|one, other| other.cmp(one));
    Ok(found)
}

/// The machine of a snapshot. `None` where the snapshot is damaged.
pub(super) fn load<D: Disk>(disk: &D, records: Lsn) -> Result<Option<Machine>, StoreError> {
    let name = manifest_name(records);
    let read = |file: &str| disk.read(file);
    let bytes = read(&name).map_err(|error| StoreError::disk("read", &name, error))?;
    let Some(manifest) = unsealed(&bytes) else { return Ok(None) };
    allow(&name, manifest.format, FORMAT)?;
    allow(&name, manifest.semantics, Machine::SEMANTICS)?;
    let Ok(state) = read(&manifest.state) else { return Ok(None) };
    if manifest.records != records || state.len() as u64 != manifest.bytes || crc32fast::hash(&state) != manifest.crc32
    {
        return Ok(None);
    }
    Ok(Machine::load(&state))
}

/// A line of JSON, and a line with its CRC-32.
fn sealed(manifest: &Manifest) -> Vec<u8> {
    let mut text = serde_json::to_string(manifest).unwrap_or_default();
    let crc = crc32fast::hash(text.as_bytes());
    text.push_str(&format!("\n{crc:08x}\n"));
    text.into_bytes()
}

fn unsealed(bytes: &[u8]) -> Option<Manifest> {
    let (text, crc) = std::str::from_utf8(bytes).ok()?.strip_suffix('\n')?.split_once('\n')?;
    let right = u32::from_str_radix(crc, 16).ok()? == crc32fast::hash(text.as_bytes());
    serde_json::from_str(text).ok().filter(|_| right)
}

/// Writes a snapshot. When it returns, the snapshot is on the disk and found after any crash.
pub(super) fn write<D: Disk>(disk: &D, machine: &Machine, records: Lsn, with_people: bool) -> Result<(), StoreError> {
    let state = machine.save();
    let name = format!("state-{:020}.cvm", records.0);
    let wrong = |error| StoreError::disk("written", &name, error);
    disk.create(&name).map_err(wrong)?;
    for piece in state.chunks(PIECE) {
        disk.append(&name, piece).map_err(wrong)?;
    }
    disk.sync(&name).map_err(wrong)?;
    disk.close(&name);
    let mut manifest = Manifest {
        format: FORMAT,
        semantics: Machine::SEMANTICS,
        tzdb: tzdb().to_owned(),
        records,
        at: machine.now(),
        state: name.clone(),
        bytes: state.len() as u64,
        crc32: crc32fast::hash(&state),
        people: Vec::new(),
    };
    drop(state);
    if with_people {
        for (number, journey) in machine.journeys().enumerate() {
            let name = format!("people-{:020}-{number}.arrow", records.0);
            people::write(disk, &name, machine, journey)?;
            manifest.people.push(name);
        }
    }
    let name = manifest_name(records);
    let wrong = |error| StoreError::disk("written", &name, error);
    disk.create(NEW).map_err(wrong)?;
    disk.append(NEW, &sealed(&manifest)).map_err(wrong)?;
    disk.sync(NEW).map_err(wrong)?;
    // The files before the name that says that they are there.
    disk.sync_folder().map_err(wrong)?;
    disk.rename(NEW, &name).map_err(wrong)?;
    disk.sync_folder().map_err(wrong)
}

/// Removes all but the newest snapshots. Says which is the oldest one that stays, once there are as many as are kept: until
/// then there is nothing but the log to begin with where a snapshot is damaged.
pub(super) fn forget<D: Disk>(disk: &D, keep: usize) -> Result<Option<Lsn>, StoreError> {
    let found = found(disk)?;
    let kept: BTreeSet<Lsn> = found.iter().copied().take(keep.max(1)).collect();
    let remove = |name: &str| disk.remove(name).map_err(|error| StoreError::disk("removed", name, error));
    // The names that say that the others are there go first.
    let old: Vec<_> = found.into_iter().filter(|records| !kept.contains(records)).collect();
    for records in &old {
        remove(&manifest_name(*records))?;
    }
    if !old.is_empty() {
        disk.sync_folder().map_err(|error| StoreError::disk("synced", "the folder", error))?;
    }
    for name in list(disk)? {
        let people = || name.rsplit_once('-').and_then(|(before, _)| number(before, "people-", ""));
        let of = number(&name, "state-", ".cvm").or_else(people);
        if of.is_some_and(|records| !kept.contains(&records)) {
            remove(&name)?;
        }
    }
    Ok(kept.first().copied().filter(|_| kept.len() >= keep))
}
