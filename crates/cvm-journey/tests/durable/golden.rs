//! A log of this release, which later ones must carry out to the same state.
//!
//! A release whose journeys run by other rules counts `Machine::SEMANTICS` up; then, and for a new release,
//! `UPDATE=1 cargo test -p cvm-journey --all-features --test durable golden` writes the log anew. Never write it anew to make
//! a test pass whose rules should not have changed.

use std::path::PathBuf;

use cvm_journey::durable::testing::FaultyDisk;
use cvm_journey::durable::{Disk, Options, Store};

use crate::replay::{failing, live};
use crate::script::options;

const LOG: &str = "log-00000000000000000000.cvm";

#[expect(clippy::disallowed_methods, reason = "the test keeps files")]
#[test]
fn the_golden_log_leads_to_the_same_state() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let (log, hash) = (folder.join("journeys.cvm"), folder.join("journeys.md5"));
    let all = Options { keep_log: true, segment_bytes: 1 << 20, snapshot_records: u64::MAX, ..options() };
    if std::env::var_os("UPDATE").is_some() {
        let (disk, hashes) = live(&failing(3, 70), all.clone());
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(&log, disk.read(LOG).expect("a log")).expect("a folder");
        std::fs::write(&hash, format!("{}\n", hashes.last().expect("a hash"))).expect("a folder");
    }
    let disk = FaultyDisk::new();
    disk.create(LOG).expect("a disk");
    disk.append(LOG, &std::fs::read(&log).expect("the golden log")).expect("a disk");
    let store = Store::open(disk, all).expect("a store");
    assert_eq!((store.recovered().replayed, store.recovered().cut), (70, 0));
    let held = std::fs::read_to_string(&hash).expect("the golden hash");
    assert_eq!(store.machine().hash(), held.trim(), "the golden log leads elsewhere: count `Machine::SEMANTICS` up");
}
