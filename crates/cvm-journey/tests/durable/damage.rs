//! Disks that forget later, and folders that are not what they should be.

use cvm_journey::durable::{Disk, Lsn, Options, RealDisk, Store, StoreError};
use cvm_journey::machine::{Command, Keys, WorldError};

use crate::replay::{failing, live};
use crate::script::{options, world};

const LOG: &str = "log-00000000000000000000.cvm";

fn one_file() -> Options {
    Options { segment_bytes: 1 << 20, snapshot_records: u64::MAX, ..options() }
}

#[test]
fn damage_before_the_end_is_an_error_and_never_a_loss() {
    let (disk, hashes) = live(&failing(1, 30), one_file());
    let bytes = disk.read(LOG).expect("a log");
    let (mut found, mut cut) = (0, 0);
    for at in (0..bytes.len()).step_by(13) {
        let disk = disk.after();
        disk.damage(LOG, at);
        match Store::open(disk.clone(), one_file()) {
            Err(StoreError::Damaged { file, offset }) => {
                assert!(file == LOG && offset <= at as u64, "byte {at}: found at {offset}");
                assert_eq!(disk.read(LOG).expect("a log").len(), bytes.len(), "nothing is changed");
                found += 1;
            }
            // The last frame can't be told from one that was never synced.
            Ok(store) => {
                cut += 1;
                let end = usize::try_from(store.end().0).expect("small");
                assert!(end == hashes.len() - 2 && store.recovered().cut > 0, "byte {at}");
                assert_eq!(store.machine().hash(), hashes[end]);
            }
            Err(other) => panic!("byte {at}: {other}"),
        }
    }
    assert!(found > 100 && cut > 0 && found > 10 * cut, "{found} found, {cut} cut");
}

#[test]
fn a_damaged_snapshot_is_passed_over() {
    let (disk, hashes) = live(&failing(1, 30), options());
    for file in ["state-00000000000000000024.cvm", "snapshot-00000000000000000024.json"] {
        let disk = disk.after();
        disk.damage(file, 40);
        let store = Store::open(disk, options()).expect("a store");
        assert_eq!(store.recovered().passed_over, [Lsn(24)]);
        assert_eq!(store.recovered().snapshot, Some(Lsn(16)));
        assert_eq!(Some(&store.machine().hash()), hashes.last());
    }
    // Without any, and without the beginning of the log, there is nothing to go on from.
    for name in disk.list().expect("names").iter().filter(|name| name.starts_with("state-")) {
        disk.damage(name, 40);
    }
    assert!(matches!(Store::open(disk, options()), Err(StoreError::Gap { .. })));
}

/// Until there are as many snapshots as are kept, the log is kept from its beginning.
#[test]
fn the_first_snapshot_may_be_damaged_too() {
    let (disk, hashes) = live(&failing(1, 12), options());
    disk.damage("state-00000000000000000008.cvm", 40);
    let store = Store::open(disk, options()).expect("a store");
    assert_eq!((store.recovered().passed_over.as_slice(), store.recovered().snapshot), ([Lsn(8)].as_slice(), None));
    assert_eq!(Some(&store.machine().hash()), hashes.last());
}

#[test]
fn files_that_are_missing_are_missed() {
    let all = Options { keep_log: true, snapshot_records: u64::MAX, ..options() };
    let (disk, _) = live(&failing(1, 30), all.clone());
    let files: Vec<_> = disk.list().expect("names").into_iter().filter(|name| name.starts_with("log-")).collect();
    assert!(files.len() > 2);
    let lacking = |name: &str| {
        let disk = disk.after();
        disk.remove(name).expect("a file");
        Store::open(disk, all.clone())
    };
    assert!(matches!(lacking(&files[0]), Err(StoreError::Gap { wanted: Lsn(0), .. })));
    assert!(matches!(lacking(&files[1]), Err(StoreError::Gap { .. })));
    let (disk, _) = live(&failing(1, 30), Options { keep_log: true, ..options() });
    for name in disk.list().expect("names").iter().filter(|name| name.starts_with("log-")) {
        disk.remove(name).expect("a file");
    }
    assert!(matches!(Store::open(disk, options()), Err(StoreError::Short { snapshot: Lsn(24) })));
}

#[test]
fn a_store_that_failed_takes_nothing_more() {
    struct Away;
    impl cvm_journey::machine::World for Away {
        fn members(&mut self, _: cvm_journey::machine::Asked<'_>, _: i64) -> Result<Vec<u32>, WorldError> {
            Err(WorldError::new("the database is away"))
        }
        fn holds(&mut self, _: cvm_journey::machine::Asked<'_>, _: i64, _: &[u32]) -> Result<Vec<bool>, WorldError> {
            Err(WorldError::new("the database is away"))
        }
        fn events(&mut self, _: cvm_journey::machine::Asked<'_>, _: &[u32]) -> Result<Vec<bool>, WorldError> {
            Err(WorldError::new("the database is away"))
        }
        fn keys(&mut self, _: &str, _: &[u32]) -> Result<Vec<Option<u64>>, WorldError> {
            Err(WorldError::new("the database is away"))
        }
        fn instants(
            &mut self,
            _: cvm_journey::machine::When<'_>,
            _: &cvm_journey::model::Zone,
            _: i64,
            _: &[u32],
        ) -> Result<Vec<i64>, WorldError> {
            Err(WorldError::new("the database is away"))
        }
        fn days(
            &mut self,
            _: cvm_journey::machine::Days<'_>,
            _: &cvm_journey::model::Zone,
        ) -> Result<Vec<u32>, WorldError> {
            Err(WorldError::new("the database is away"))
        }
        fn next(
            &mut self,
            _: &str,
            _: &str,
            _: cvm_journey::model::TimeOfDay,
            _: &cvm_journey::model::Zone,
            _: i64,
        ) -> Result<Option<i64>, WorldError> {
            Err(WorldError::new("the database is away"))
        }
    }
    let script = failing(1, 30);
    let (disk, hashes) = live(&script, options());
    let mut store = Store::open(disk.clone(), options()).expect("a store");
    let now = store.machine().now();
    let everybody: Vec<u32> = (0..12).collect();
    let failed = ["child", "parent", "other"].iter().find_map(|journey| {
        let enrol = Command::Enrol { journey: (*journey).to_owned(), customers: everybody.clone() };
        let batch = [(now, Command::Customers(Keys::Integers(vec![7]))), (now, enrol)];
        store.tell_all(&batch, &mut Away, |_, _| ()).err()
    });
    let failed = failed.expect("somebody is asked about").to_string();
    assert!(failed.contains("the database is away"), "{failed}");
    let stopped = store.tell(now, &Command::Tick, &mut world(&Command::Tick)).expect_err("it stopped").to_string();
    assert!(stopped.starts_with("the store stopped, because the database is away"), "{stopped}");
    drop(store);
    let _ = hashes;
    let mut store = Store::open(disk, options()).expect("a store");
    store.tell(now, &Command::Tick, &mut world(&Command::Tick)).expect("it goes on");
}

#[test]
fn a_folder_is_open_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let disk = RealDisk::open(folder.path()).expect("a folder");
    let mut store = Store::open(disk, options()).expect("a store");
    failing(1, 30).go_on(&mut store, |_, _, _| ()).expect("no crash");
    let second = RealDisk::open(folder.path()).expect_err("it is open").to_string();
    assert!(second.contains("is open in another process"), "{second}");
    let hash = store.machine().hash();
    drop(store);
    let store = Store::open(RealDisk::open(folder.path()).expect("a folder"), options()).expect("a store");
    assert_eq!(store.machine().hash(), hash);
    assert_eq!(store.recovered().snapshot, Some(Lsn(24)));
}
