//! An index that was saved and opened answers as the one that was built.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "tests may")]

#[path = "common/arrow.rs"]
mod arrow_of;
#[path = "common/folder.rs"]
mod folder;
#[path = "../../cvm-core/tests/common/population.rs"]
mod population;
#[path = "../../cvm-core/tests/common/random.rs"]
mod random;

use std::path::Path;
use std::sync::Arc;

use cvm_core::{Catalog, Decimal, Filter, History, Occurrence, Timestamp, Value};
use cvm_index::{Index, IndexBuilder, IndexReader};
use folder::files;
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
        "note starts with 'aaa' or note is not set",
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
        "top 10 by n",
        "top 100 by x",
    ];
    let filters: Vec<Filter> = texts.iter().map(|text| text.parse().expect(text)).collect();
    let index = built(&catalog, &everybody);
    let as_of = Timestamp::parse_utc("2024-01-01T00:00:00Z").expect("an instant");
    let others = saved(&index);
    assert_eq!(compare(&index, &others, &filters, as_of), filters.len());
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
