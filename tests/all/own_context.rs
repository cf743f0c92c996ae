//! Sessions on a context of one's own: the functions that plans name come along, and nothing is copied.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{Int64Array, RecordBatch, StringArray};
use cvm::{Catalog, Filter, Rows, Session, Statement, Timestamp, Value};
use datafusion::datasource::MemTable;
use datafusion::prelude::{SessionConfig, SessionContext};

fn catalog() -> Catalog {
    let text = r#"{"customers": {"table": "customers", "key": "id", "fields": [
        {"name": "id", "type": "int", "nullable": false}, {"name": "city", "type": "string"},
        {"name": "attributes", "type": "json"}]}}"#;
    Catalog::from_json(text).expect("a catalog")
}

fn customers() -> RecordBatch {
    let cities = StringArray::from(vec![Some("Paris"), Some("PARIS"), None, Some("Lyon")]);
    let documents = StringArray::from(vec![Some(r#"{"plan": "gold"}"#), Some("{}"), None, Some(r#"{"plan": "gold"}"#)]);
    RecordBatch::try_from_iter_with_nullable([
        ("id", Arc::new(Int64Array::from(vec![1, 2, 3, 4])) as _, false),
        ("city", Arc::new(cities) as _, true),
        ("attributes", Arc::new(documents) as _, true),
    ])
    .expect("a batch")
}

/// A context as a program that uses DataFusion has one.
fn context() -> SessionContext {
    SessionContext::new_with_config(SessionConfig::new().with_target_partitions(3).with_batch_size(2))
}

#[test]
fn filters_run_on_tables_of_the_context() {
    let context = context();
    context.register_batch("customers", customers()).expect("registered");
    let session = Session::on(context);
    let catalog = catalog();
    let as_of = Timestamp::from_micros(0).expect("an instant");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    // One for each function of ours, and what it selects.
    let cases: [(&str, &[i64]); 5] = [
        ("city = 'paris' ignoring case", &[1, 2]),
        ("city matches '^P'", &[1, 2]),
        ("attributes.plan = 'gold'", &[1, 4]),
        ("not (city = 'Paris')", &[2, 3, 4]),
        ("bucket('x', 0, 10000)", &[1, 2, 3, 4]),
    ];
    for (text, expected) in cases {
        let filter: Filter = text.parse().expect("a filter");
        let (schema, batches) =
            runtime.block_on(session.run(&filter, &catalog, as_of, &Statement::Members)).expect("members");
        let mut keys: Vec<i64> = Rows::new(schema, batches)
            .values()
            .map(|row| match row.first() {
                Some(Value::Int(key)) => *key,
                other => panic!("{other:?} is no key"),
            })
            .collect();
        keys.sort_unstable();
        assert_eq!(keys, expected, "{text}");
    }
}

#[test]
fn what_a_session_registers_is_in_the_context() {
    let context = context();
    let session = Session::on(context.clone());
    let table = MemTable::try_new(customers().schema(), vec![vec![customers()]]).expect("a table");
    session.register("customers", Arc::new(table)).expect("registered");
    assert!(context.table_exist("customers").expect("asked"));
}

/// Other processes get the functions from here: none may be left out.
#[test]
fn all_functions_of_a_session_are_named() {
    let names = |context: &SessionContext| -> BTreeSet<String> {
        let state = context.state();
        let scalar = state.scalar_functions().keys();
        scalar.chain(state.aggregate_functions().keys()).chain(state.window_functions().keys()).cloned().collect()
    };
    let plain = context();
    let ours = context();
    drop(Session::on(ours.clone()));
    let added: BTreeSet<String> = names(&ours).difference(&names(&plain)).cloned().collect();
    let named: BTreeSet<String> = Session::functions().iter().map(|function| function.name().to_owned()).collect();
    assert_eq!(added, named);
    assert!(named.contains("cvm_fold"), "{named:?}");
}
