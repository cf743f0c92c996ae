//! What goes into an index: kinds of events in one table, rows of nobody, columns that are not there.

#![expect(clippy::expect_used, reason = "tests may")]

#[path = "common/arrow.rs"]
mod arrow_of;

use std::sync::Arc;

use arrow::array::{
    ArrayRef, DictionaryArray, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow::datatypes::Int32Type;
use cvm_core::{Catalog, Code, Timestamp, Value};
use cvm_index::{Index, IndexBuilder};

const CATALOG: &str = r#"{"customers": {"table": "c", "key": "id", "fields": [
        {"name": "id", "type": "int", "nullable": false}, {"name": "age", "type": "int"}]},
    "events": [
        {"name": "buy", "table": "events", "customer": "who", "time": "at", "name_column": "kind"},
        {"name": "see", "table": "events", "customer": "who", "time": "at", "name_column": "kind"},
        {"name": "call", "table": "calls", "customer": "who", "time": "at"}]}"#;

fn catalog() -> Arc<Catalog> {
    Arc::new(Catalog::from_json(CATALOG).expect("a catalog"))
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    let columns = columns.into_iter().map(|(name, array)| (name, array, true));
    RecordBatch::try_from_iter_with_nullable(columns).expect("a batch")
}

fn customers() -> RecordBatch {
    let (ids, ages) = (vec![10, 20, 1_000_000_000_000], vec![Some(1), None, Some(3)]);
    batch(vec![("id", Arc::new(Int64Array::from(ids))), ("age", Arc::new(Int64Array::from(ages)))])
}

fn events(kinds: ArrayRef) -> RecordBatch {
    // One of nobody, one without a customer, one without a time.
    let who = vec![Some(10), Some(10), Some(99), None, Some(20), Some(1_000_000_000_000)];
    let at = vec![Some(3), Some(1), Some(1), Some(1), None, Some(2)];
    batch(vec![
        ("who", Arc::new(Int64Array::from(who))),
        ("at", Arc::new(TimestampMicrosecondArray::from(at).with_timezone("UTC"))),
        ("kind", kinds),
    ])
}

fn count(index: &Index, text: &str) -> u64 {
    let as_of = Timestamp::from_micros(1_000_000).expect("an instant");
    index.count(&text.parse().expect(text), as_of).expect(text)
}

#[test]
fn kinds_of_events_in_one_table() {
    let kinds = vec![Some("buy"), Some("see"), Some("buy"), Some("buy"), Some("buy"), Some("buy")];
    let plain: ArrayRef = Arc::new(StringArray::from(kinds.clone()));
    let coded: ArrayRef = Arc::new(kinds.into_iter().collect::<DictionaryArray<Int32Type>>());
    for kinds in [plain, coded] {
        let builder = IndexBuilder::new(catalog()).table("c", vec![customers()]);
        let index = builder.table("events", vec![events(kinds)]).build().expect("an index");
        assert_eq!(count(&index, "count(buy) = 1"), 2);
        assert_eq!(count(&index, "count(see) = 1"), 1);
        assert_eq!(count(&index, "sequence(see, buy)"), 1);
        assert_eq!(count(&index, "count(buy) = 0"), 1);
        let as_of = Timestamp::from_micros(1_000_000).expect("an instant");
        let members = index.members(&"count(buy) = 1".parse().expect("a filter"), as_of).expect("members");
        assert_eq!(members, [Value::Int(10), Value::Int(1_000_000_000_000)]);
    }
}

#[test]
fn what_was_not_given() {
    let kinds: ArrayRef = Arc::new(StringArray::from(vec!["buy"; 6]));
    let index = IndexBuilder::new(catalog())
        .table("c", vec![customers()])
        .table("events", vec![events(kinds)])
        .build()
        .expect("an index");
    let as_of = Timestamp::from_micros(1_000_000).expect("an instant");
    for text in [
        "count(call) = 0",
        "age = 1 or sequence(see, call)",
        "top 1 by count(call)",
        "count(buy) > 0 and not (last time(call) is set)",
    ] {
        let error = index.count(&text.parse().expect(text), as_of).expect_err(text);
        assert_eq!(error.0.first().map(|finding| finding.code), Some(Code::NothingLoaded), "{text}");
        assert!(error.to_string().contains("the rows of the event `call` are not in the index"), "{error}");
    }
    let unknown = index.count(&"agee > 1".parse().expect("a filter"), as_of).expect_err("no such field");
    assert_eq!(unknown.0.first().map(|finding| finding.code), Some(Code::UnknownField));
}

#[test]
fn tables_that_do_not_fit() {
    let error = |builder: IndexBuilder| builder.build().expect_err("an error").to_string();
    assert!(error(IndexBuilder::new(catalog())).contains("the table `c` of the customers was not given"));
    let misspelt = batch(vec![
        ("id", Arc::new(Int64Array::from(vec![1])) as ArrayRef),
        ("aeg", Arc::new(Int64Array::from(vec![1]))),
    ]);
    let message = error(IndexBuilder::new(catalog()).table("c", vec![misspelt]));
    assert!(message.contains("there is no column `age`") && message.contains("did you mean `aeg`?"), "{message}");
    let fraction = batch(vec![
        ("id", Arc::new(Int64Array::from(vec![1])) as ArrayRef),
        ("age", Arc::new(Float64Array::from(vec![1.5]))),
    ]);
    let message = error(IndexBuilder::new(catalog()).table("c", vec![fraction]));
    assert!(message.contains("the column `age` can't be read as int: its Arrow type is Float64"), "{message}");
}

#[test]
fn narrower_types_are_read_too() {
    let ages: ArrayRef = Arc::new(Int32Array::from(vec![Some(1), None, Some(3)]));
    let customers = batch(vec![("id", Arc::new(Int32Array::from(vec![1, 2, 3]))), ("age", ages)]);
    let index = IndexBuilder::new(catalog()).table("c", vec![customers]).build().expect("an index");
    assert_eq!((index.len(), index.is_empty()), (3, false));
    assert_eq!((count(&index, "age > 1"), count(&index, "not (age > 1)"), count(&index, "id in (1, 2)")), (1, 2, 2));
}

#[test]
fn a_customer_without_a_key_has_no_events() {
    let ids: ArrayRef = Arc::new(Int64Array::from(vec![Some(10), Some(20), None]));
    let customers = batch(vec![("id", ids), ("age", Arc::new(Int64Array::from(vec![1, 2, 3])))]);
    let kinds: ArrayRef = Arc::new(StringArray::from(vec!["buy"; 6]));
    let builder = IndexBuilder::new(catalog()).table("c", vec![customers]);
    let index = builder.table("events", vec![events(kinds)]).build().expect("an index");
    let as_of = Timestamp::from_micros(1_000_000).expect("an instant");
    assert_eq!(index.members(&"count(buy) = 2".parse().expect("a filter"), as_of).expect("members"), [Value::Int(10)]);
    assert_eq!((index.row_of(&Value::Int(10)), index.row_of(&Value::Int(30))), (Some(0), None));
}
