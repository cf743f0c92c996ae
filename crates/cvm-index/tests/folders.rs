//! The folder of a saved index: whole, or refused.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "tests may")]

#[path = "common/folder.rs"]
mod folder;

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use cvm_core::{Catalog, Code, Timestamp};
use cvm_index::{Index, IndexBuilder};
use folder::files;

const SMALL: &str = r#"{"customers": {"table": "c", "key": "id", "fields": [
        {"name": "id", "type": "int", "nullable": false}, {"name": "city", "type": "string"}]},
    "events": [{"name": "buy", "table": "buys", "customer": "who", "time": "at"},
        {"name": "see", "table": "sees", "customer": "who", "time": "at"},
        {"name": "call", "table": "calls", "customer": "who", "time": "at"}]}"#;

/// `number` customers, the first of whom bought once and saw twice; no calls are given.
fn small(number: i64) -> Index {
    let batch = |columns: Vec<(&str, ArrayRef)>| {
        let columns = columns.into_iter().map(|(name, array)| (name, array, true));
        RecordBatch::try_from_iter_with_nullable(columns).expect("a batch")
    };
    let events = |number: i64| {
        let times = arrow::array::TimestampMicrosecondArray::from_iter_values(0..number).with_timezone("UTC");
        let who = Int64Array::from_iter_values((0..number).map(|_| 0));
        batch(vec![("who", Arc::new(who)), ("at", Arc::new(times))])
    };
    let cities = (0..number).map(|id| (id % 3 > 0).then(|| format!("city {}", id % 5)));
    let customers = batch(vec![
        ("id", Arc::new(Int64Array::from_iter_values(0..number))),
        ("city", Arc::new(StringArray::from_iter(cities))),
    ]);
    IndexBuilder::new(Arc::new(Catalog::from_json(SMALL).expect("a catalog")))
        .table("c", vec![customers])
        .table("buys", vec![events(1)])
        .table("sees", vec![events(2)])
        .build()
        .expect("an index")
}

fn count(index: &Index, text: &str) -> Result<u64, Code> {
    let as_of = Timestamp::from_micros(1_000_000).expect("an instant");
    index.count(&text.parse().expect(text), as_of).map_err(|findings| findings.0[0].code)
}

/// The code and the words with which a folder is refused.
fn refused(folder: &Path) -> (Code, String) {
    let findings = Index::open(folder).map(|_| ()).expect_err("refused");
    assert!(findings.0[0].help.is_some(), "{findings}");
    (findings.0[0].code, findings.to_string())
}

#[test]
fn what_was_not_given_is_not_there_later() {
    let temporary = tempfile::tempdir().expect("a folder");
    small(10).save(temporary.path()).expect("saved");
    let opened = Index::open(temporary.path()).expect("opened");
    assert_eq!((count(&opened, "count(buy) = 1"), count(&opened, "count(see) = 2")), (Ok(1), Ok(1)));
    assert_eq!(count(&opened, "count(call) = 0"), Err(Code::NothingLoaded));
}

#[test]
fn damage_is_refused() {
    let temporary = tempfile::tempdir().expect("a folder");
    let folder = temporary.path().join("index");
    small(100).save(&folder).expect("saved");
    let whole = files(&folder);
    let names: Vec<&str> = whole.iter().map(|(name, _)| name.as_str()).collect();
    let expected = [
        "index-1/catalog.json",
        "index-1/customers.arrow",
        "index-1/events-0-starts.arrow",
        "index-1/events-0.arrow",
        "index-1/events-1-starts.arrow",
        "index-1/events-1.arrow",
        "manifest.json",
    ];
    assert_eq!(names, expected);
    for (name, bytes) in &whole {
        let path = folder.join(name);
        let place = path.display().to_string();
        // Cut anywhere, with more at the end, with a bit that is not as it was.
        let mut damages: Vec<Vec<u8>> =
            [0, 1, bytes.len() / 2, bytes.len() - 2].iter().map(|len| bytes[..*len].to_vec()).collect();
        damages.push([bytes.as_slice(), b"more"].concat());
        for at in (0..bytes.len()).step_by(97) {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            damages.push(flipped);
        }
        for damage in damages {
            std::fs::write(&path, &damage).expect("written");
            if name == "manifest.json" && Index::open(&folder).is_ok() {
                // White space, say.
                let json = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).expect("JSON");
                assert_eq!(json(&damage), json(bytes));
                continue;
            }
            let (code, message) = refused(&folder);
            let known = if name == "manifest.json" { "the file `" } else { place.as_str() };
            assert!(message.contains(known), "{name}: {message}");
            assert!(matches!(code, Code::SourceKind | Code::SourceNotFound), "{name}: {message}");
        }
        std::fs::remove_file(&path).expect("removed");
        let (code, message) = refused(&folder);
        assert_eq!(code, Code::SourceNotFound, "{message}");
        assert!(message.contains(if name == "manifest.json" { "no index was saved in the folder" } else { &place }));
        std::fs::write(&path, bytes).expect("written");
        assert_eq!(Index::open(&folder).expect("whole again").len(), 100);
    }
}

#[test]
fn other_formats_are_refused() {
    let temporary = tempfile::tempdir().expect("a folder");
    let folder = temporary.path().join("index");
    assert_eq!(refused(&folder).0, Code::SourceNotFound);
    small(3).save(&folder).expect("saved");
    let path = folder.join("manifest.json");
    let manifest = std::fs::read_to_string(&path).expect("a manifest");
    let changed = |from: &str, to: &str| {
        assert!(manifest.contains(from), "{manifest}");
        std::fs::write(&path, manifest.replacen(from, to, 1)).expect("written");
        let (code, message) = refused(&folder);
        assert_eq!(code, Code::SourceKind);
        // Nor is it overwritten, whatever it is.
        assert!(small(4).save(&folder).is_err() || message.contains("index-1/"), "{message}");
        message
    };
    let message = changed("\"version\": 1", "\"version\": 2");
    assert!(message.contains("has format version 2, and only 1 can be read"), "{message}");
    assert!(changed("\"version\": 1,", "").contains("has format version none"));
    assert!(changed("cvm-index", "parquet").contains("is not that of a saved index"));
    assert!(changed("{", "").contains("is damaged"));
    assert!(changed("\"rows\": 3", "\"rows\": 4").contains("it has 3 rows where the manifest says 4"));
}

/// Whole files in each other's place.
#[test]
fn files_of_others_are_refused() {
    let temporary = tempfile::tempdir().expect("a folder");
    let swapped = |from: &str, to: &str| {
        let folder = temporary.path().join(from).join(to);
        small(9).save(&folder).expect("saved");
        let path = folder.join("manifest.json");
        let manifest = std::fs::read_to_string(&path).expect("a manifest");
        let manifest = manifest.replace(from, "between").replace(to, from).replace("between", to);
        std::fs::write(&path, manifest).expect("written");
        let (from, to, between) =
            (folder.join("index-1").join(from), folder.join("index-1").join(to), folder.join("index-1/between"));
        std::fs::rename(&from, &between).expect("renamed");
        std::fs::rename(&to, &from).expect("renamed");
        std::fs::rename(&between, &to).expect("renamed");
        refused(&folder).1
    };
    let message = swapped("events-0.arrow", "events-1.arrow");
    assert!(message.contains("it holds `see` where the catalog has `buy`"), "{message}");
    let message = swapped("events-0-starts.arrow", "events-1-starts.arrow");
    assert!(message.contains("it does not divide 1 rows among 9 customers"), "{message}");
    let message = swapped("customers.arrow", "events-1.arrow");
    assert!(message.contains("it holds `see` where the catalog has `c`"), "{message}");
}

/// Files that were changed together with their checksums: refused or answered from, and nothing else. Some make Arrow's
/// decoder panic, which says so on its way and is caught.
#[test]
fn forged_files_do_no_harm() {
    let temporary = tempfile::tempdir().expect("a folder");
    let folder = temporary.path().join("index");
    small(70).save(&folder).expect("saved");
    let place = folder.join("manifest.json");
    let manifest = std::fs::read_to_string(&place).expect("a manifest");
    let (mut refusals, mut opened) = (0, 0);
    for (name, bytes) in files(&folder) {
        if !name.ends_with(".arrow") {
            continue;
        }
        for at in (0..bytes.len()).step_by(7) {
            let mut forged = bytes.clone();
            forged[at] ^= [1, 0x80, 0xff][at / 7 % 3];
            let sum = |bytes: &[u8]| format!("\"crc32\": {}", crc32fast::hash(bytes));
            std::fs::write(folder.join(&name), &forged).expect("written");
            std::fs::write(&place, manifest.replace(&sum(&bytes), &sum(&forged))).expect("written");
            match Index::open(&folder) {
                Ok(index) => {
                    opened += 1;
                    for text in ["city = 'city 4'", "id > 5", "count(buy) > 0", "last time(see) is set"] {
                        let _ = count(&index, text);
                    }
                }
                Err(_) => refusals += 1,
            }
        }
        std::fs::write(folder.join(&name), &bytes).expect("written");
    }
    assert!(refusals > 100 && opened > 100, "{refusals} refused, {opened} opened");
}

#[test]
fn the_old_one_is_kept_until_the_new_one_is_whole() {
    let temporary = tempfile::tempdir().expect("a folder");
    let folder = temporary.path().join("a/new/folder");
    small(10).save(&folder).expect("saved");
    let old = Index::open(&folder).expect("opened");
    // What a save that was cut off leaves: some files, and a manifest that is not in its place.
    std::fs::create_dir(folder.join("index-2")).expect("a folder");
    std::fs::write(folder.join("index-2/customers.arrow"), b"half").expect("written");
    std::fs::write(folder.join("manifest.json.new"), b"{").expect("written");
    assert_eq!(Index::open(&folder).expect("still opened").len(), 10);
    small(20).save(&folder).expect("saved over");
    assert_eq!(Index::open(&folder).expect("opened").len(), 20);
    let names: Vec<String> = files(&folder).into_iter().map(|(name, _)| name).collect();
    assert!(names.iter().all(|name| name.starts_with("index-3/") || name == "manifest.json"), "{names:?}");
    // Who has the old one open goes on with it.
    assert_eq!((old.len(), count(&old, "city is set"), count(&old, "count(see) = 2")), (10, Ok(6), Ok(1)));
    // A save that fails leaves what was there.
    let broken = Catalog { zone: "Nowhere".to_owned(), ..Catalog::from_json(SMALL).expect("a catalog") };
    let customers = RecordBatch::try_from_iter([
        ("id", Arc::new(Int64Array::from(vec![1])) as ArrayRef),
        ("city", Arc::new(StringArray::from(vec!["x"]))),
    ]);
    let broken = IndexBuilder::new(Arc::new(broken)).table("c", vec![customers.expect("a batch")]).build();
    let findings = broken.expect("an index").save(&folder).expect_err("not saved");
    assert_eq!(findings.0[0].code, Code::CatalogSetting);
    assert_eq!(files(&folder).into_iter().map(|(name, _)| name).collect::<Vec<_>>(), names);
    assert_eq!(Index::open(&folder).expect("opened").len(), 20);
}

#[test]
fn opened_while_others_are_saved() {
    let temporary = tempfile::tempdir().expect("a folder");
    small(1).save(temporary.path()).expect("saved");
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for number in 2..30 {
                small(number).save(temporary.path()).expect("saved over");
            }
            done.store(true, std::sync::atomic::Ordering::Relaxed);
        });
        let mut last = 0;
        while !done.load(std::sync::atomic::Ordering::Relaxed) {
            let index = Index::open(temporary.path()).expect("one or the other");
            assert!(index.len() >= last && count(&index, "everyone") == Ok(index.len() as u64));
            last = index.len();
        }
    });
    assert_eq!(Index::open(temporary.path()).expect("the last one").len(), 29);
}

#[test]
fn folders_of_something_else_are_left_alone() {
    let temporary = tempfile::tempdir().expect("a folder");
    std::fs::write(temporary.path().join("letter.txt"), b"dear").expect("written");
    let findings = small(1).save(temporary.path()).expect_err("not saved");
    assert_eq!(findings.0[0].code, Code::SourceKind);
    assert!(findings.to_string().contains("holds something else than an index: `letter.txt`"), "{findings}");
    assert_eq!(files(temporary.path()).len(), 1);
    // Nor is a folder that looks a little like one of an index.
    std::fs::remove_file(temporary.path().join("letter.txt")).expect("removed");
    std::fs::create_dir(temporary.path().join("index-02")).expect("a folder");
    assert!(small(1).save(temporary.path()).is_err());
    std::fs::write(temporary.path().join("letter.txt"), b"dear").expect("written");
    let file = temporary.path().join("letter.txt");
    assert_eq!(small(1).save(&file).expect_err("no folder").0[0].code, Code::Execution);
}
