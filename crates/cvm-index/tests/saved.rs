//! An index that was saved and opened answers as the one that was built.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "tests may")]

#[path = "common/arrow.rs"]
mod arrow_of;
#[path = "../../cvm-core/tests/common/population.rs"]
mod population;
#[path = "../../cvm-core/tests/common/random.rs"]
mod random;

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use cvm_core::{Catalog, Code, Decimal, Filter, History, Occurrence, Timestamp, Value};
use cvm_index::{Index, IndexBuilder, IndexReader};
use proptest::prelude::*;
use random::Random;

fn built(catalog: &Catalog, everybody: &[(Vec<Value>, History)]) -> Index {
    let builder = IndexBuilder::new(Arc::new(catalog.clone())).threads(2);
    let tables = arrow_of::tables(catalog, everybody);
    let builder = tables.into_iter().fold(builder, |builder, (name, batches)| builder.table(&name, batches));
    builder.build().expect("an index")
}

/// The same index, mapped and copied, and saved once more from what was opened.
fn saved(index: &Index) -> Vec<Index> {
    let temporary = tempfile::tempdir().expect("a folder");
    let (once, twice) = (temporary.path().join("once"), temporary.path().join("twice"));
    index.save(&once).expect("saved");
    let mapped = IndexReader::new(&once).threads(3).open().expect("mapped");
    let copied = IndexReader::new(&once).threads(1).copied().open().expect("copied");
    mapped.save(&twice).expect("saved");
    same_files(&once, &twice);
    vec![mapped, copied, Index::open(&twice).expect("opened")]
}

/// Every file of a folder, by its name from there.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("a file").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            out.extend(files(&path).into_iter().map(|(below, bytes)| (format!("{name}/{below}"), bytes)));
        } else {
            out.push((name, std::fs::read(&path).expect("bytes")));
        }
    }
    out.sort();
    out
}

fn same_files(a: &Path, b: &Path) {
    let (a, b) = (files(a), files(b));
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&a), names(&b));
    for ((name, one), (_, other)) in a.iter().zip(&b) {
        assert!(one == other, "`{name}` differs");
    }
}

/// How many filters were answered, alike.
fn compare(index: &Index, others: &[Index], filters: &[Filter], as_of: Timestamp) -> usize {
    let mut answered = 0;
    for filter in filters {
        let expected = index.members(filter, as_of).map_err(|findings| findings.to_string());
        answered += usize::from(expected.is_ok());
        for (at, other) in others.iter().enumerate() {
            let found = other.members(filter, as_of).map_err(|findings| findings.to_string());
            // NaN is no key.
            assert_eq!(found, expected, "{at}: {filter}");
            assert_eq!(other.rows(filter, as_of).ok(), index.rows(filter, as_of).ok(), "{at}: {filter}");
        }
    }
    for other in others {
        assert_eq!((other.catalog(), other.len()), (index.catalog(), index.len()));
    }
    answered
}

#[test]
fn random_histories() {
    let catalog = random::catalog();
    let mut random = Random::new(20_261_125);
    let as_of = Timestamp::parse_utc("2024-02-29T21:30:00Z").expect("an instant");
    let mut answered = 0;
    for size in [0, 1, 64, 65, 300] {
        let mut everybody: Vec<(Vec<Value>, History)> = (0..size).map(|_| random.customer()).collect();
        for (id, (row, _)) in (0..).zip(&mut everybody) {
            row[0] = Value::Int(id);
        }
        let index = built(&catalog, &everybody);
        let filters: Vec<Filter> = (0..300).map(|_| random.filter()).collect();
        let others = saved(&index);
        answered += compare(&index, &others, &filters, as_of);
        for id in -1..=size {
            let expected = u32::try_from(id).ok().filter(|id| i64::from(*id) < size);
            assert_eq!(index.row_of(&Value::Int(id)), expected);
            assert!(others.iter().all(|other| other.row_of(&Value::Int(id)) == expected));
        }
    }
    assert!(answered > 800, "only {answered} answers");
}

const WIDE: &str = r#"{"customers": {"table": "c", "key": "mail", "fields": [
        {"name": "mail", "type": "string", "nullable": false}, {"name": "note", "type": "string"},
        {"name": "digits", "type": "decimal(38,0)"}, {"name": "n", "type": "int"}, {"name": "x", "type": "float"},
        {"name": "tags", "type": "list<string>"}, {"name": "prices", "type": "list<decimal(38,2)>"},
        {"name": "lists", "type": "list<int>"}, {"name": "doc", "type": "json"},
        {"name": "b", "type": "bool"}, {"name": "day", "type": "date"}, {"name": "at", "type": "timestamp"},
        {"name": "none", "type": "list<float>"}]},
    "events": [
        {"name": "buy", "table": "buys", "customer": "id", "time": "at", "fields": [{"name": "note", "type": "string"}]},
        {"name": "bill", "table": "bills", "customer": "id", "time": "day", "time_type": "date"}],
    "related": [{"name": "cards", "table": "cards", "customer": "id", "fields": []},
        {"name": "pets", "table": "pets", "customer": "id", "fields": [{"name": "age", "type": "int"}]}]}"#;

/// More texts than are coded, numbers of every width, lists with holes, tables without columns, no events.
#[test]
fn wide_columns() {
    let catalog = Catalog::from_json(WIDE).expect("a catalog");
    let mut random = Random::new(3);
    let whole = |digits: &str| Value::Decimal(digits.parse::<Decimal>().expect("a decimal"));
    let digits = [whole("-99999999999999999999999999999999999999"), whole("99999999999999999999999999999999999999")];
    let everybody: Vec<(Vec<Value>, History)> = (0..9_000_usize)
        .map(|id| {
            let some = |value: Value, random: &mut Random| if random.below(5) == 0 { Value::Missing } else { value };
            let texts = (0..random.below(3)).map(|_| Value::Str(format!("tag {}", random.below(9_000)))).collect();
            let ints =
                |random: &mut Random| Value::List(vec![Value::Int([7, i64::MIN][random.below(2)]), Value::Missing]);
            let row = vec![
                Value::Str(format!("{id}@x")),
                some(Value::Str(format!("{}é", "a".repeat(id % 7) + &id.to_string())), &mut random),
                some(digits[id % 2].clone(), &mut random),
                some(Value::Int([i64::MIN, i64::MAX, 0][id % 3]), &mut random),
                [Value::Float(f64::NAN), Value::Float(-0.0), Value::Missing, Value::Float(1e300)][id % 4].clone(),
                some(Value::List(texts), &mut random),
                some(
                    Value::List(
                        vec![whole("1.25"), whole("-999999999999999999999999999999999999.99")][id % 3 / 2..].to_vec(),
                    ),
                    &mut random,
                ),
                some(ints(&mut random), &mut random),
                some(Value::Json(serde_json::json!({"id": id, "none": null})), &mut random),
                Value::Missing,
                Value::Missing,
                Value::Missing,
                Value::Missing,
            ];
            let time = Value::Timestamp(Timestamp::from_micros(id as i64 * 1_000).expect("an instant"));
            let buys = (0..random.below(3))
                .map(|_| Occurrence { time: time.clone(), properties: vec![Value::Str(format!("note {id}"))] })
                .collect();
            let cards = vec![Vec::new(); random.below(3)];
            (row, History { events: vec![buys, Vec::new()], related: vec![cards, vec![vec![Value::Missing]]] })
        })
        .collect();
    let texts = [
        "mail = '77@x'",
        "mail in ('1@x', '8999@x')",
        "note like 'aaa%' or note is not set",
        "note contains 'é'",
        "note is not set",
        "digits > '0'",
        "not (digits < '0')",
        "n = 9223372036854775807",
        "n < 0",
        "x is set",
        "x >= 0",
        "tags is set",
        "prices is not set",
        "lists is not set",
        "doc.id > 4500",
        "b is set",
        "day is not set",
        "at > '2020-01-01'",
        "none is set",
        "count(buy) = 2",
        "count(buy where note = 'note 8998') >= 1",
        "last time(buy) < '1970-01-01T00:00:01Z'",
        "count(bill) = 0",
        "count related(cards) = 2",
        "any related(pets where age is not set)",
        "'tag 7' in tags",
    ];
    let filters: Vec<Filter> = texts.iter().filter_map(|text| text.parse().ok()).collect();
    let index = built(&catalog, &everybody);
    let as_of = Timestamp::parse_utc("2024-01-01T00:00:00Z").expect("an instant");
    let others = saved(&index);
    assert!(compare(&index, &others, &filters, as_of) >= 20);
    for other in &others {
        assert_eq!(other.row_of(&Value::Str("8999@x".into())), Some(8_999));
        assert_eq!(other.row_of(&Value::Str("9000@x".into())), None);
        assert_eq!(other.row_of(&Value::Int(1)), None);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn nasty_values(
        rows in proptest::collection::vec(population::row(), 0..40),
        filters in proptest::collection::vec(population::any_filter(), 20),
    ) {
        let everybody: Vec<(Vec<Value>, History)> = rows.into_iter().map(|row| (row, History::default())).collect();
        let index = built(&population::catalog(), &everybody);
        compare(&index, &saved(&index), &filters, population::as_of());
    }
}

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
    let index = small(10);
    for other in saved(&index) {
        assert_eq!((count(&other, "count(buy) = 1"), count(&other, "count(see) = 2")), (Ok(1), Ok(1)));
        assert_eq!(count(&other, "count(call) = 0"), Err(Code::NothingLoaded));
    }
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

#[test]
fn equal_data_make_equal_files() {
    let temporary = tempfile::tempdir().expect("a folder");
    let catalog = random::catalog();
    let save = |name: &str| {
        let mut random = Random::new(5);
        let everybody: Vec<(Vec<Value>, History)> = (0..200).map(|_| random.customer()).collect();
        let folder = temporary.path().join(name);
        built(&catalog, &everybody).save(&folder).expect("saved");
        folder
    };
    same_files(&save("one"), &save("other"));
}
