//! Questions that can't be answered, and exactly what is said about each.

use cvm::{Engine, EngineOptions, FieldType, LoadCustomers, Source};
use expect_test::expect;

#[test]
fn questions_that_have_no_answer() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("c.csv");
    std::fs::write(&path, "id,name\n1,Ann\n2,Bob\n").expect("a file");
    let engine = Engine::new(EngineOptions::default()).expect("an engine");
    let everyone = cvm::Filter::Everyone;
    let nothing = engine.count(&everyone).expect_err("nothing is loaded");
    expect!["CVM_NOTHING_LOADED: no customers are loaded; call load_customers first"].assert_eq(&nothing.to_string());
    engine.load_customers(Source::File(path), &LoadCustomers::default(), &mut |_, _| {}).expect("loaded");
    expect!["CVM_UNKNOWN_CUSTOMER: no customer has the key `7`"]
        .assert_eq(&engine.explain(&everyone, &7.into()).expect_err("no such customer").to_string());
    expect!["CVM_TYPE_MISMATCH at /value: the text `1` is not a number, which a field of type int needs (did you mean `1`?); write it without quotes"].assert_eq(&engine.explain(&everyone, &"1".into()).expect_err("another type").to_string());
    let preview = cvm::Preview { columns: vec!["nmae".to_owned()], ..cvm::Preview::first(10) };
    expect!["CVM_UNKNOWN_FIELD: no field `nmae` (did you mean `name`?)"]
        .assert_eq(&engine.preview(&everyone, preview).expect_err("no such field").to_string());

    let mut catalog = cvm::Catalog::clone(&*engine.catalog().expect("a catalog"));
    catalog.customers.fields[1].ty = FieldType::Int;
    catalog.customers.fields.push(cvm::Field::new("nam", FieldType::String));
    expect![[r#"
        CVM_CATALOG_TYPE at /customers/fields/1: `name` is loaded as string, not int; declare types when loading
        CVM_UNKNOWN_FIELD at /customers/fields/2: no column `nam` is loaded (did you mean `name`?)"#]]
    .assert_eq(&engine.set_catalog(catalog).expect_err("another catalog").to_string());

    let mut catalog = cvm::Catalog::clone(&*engine.catalog().expect("a catalog"));
    let with_events = catalog.to_json().replacen(
        '{',
        r#"{"events": [{"name": "visit", "table": "visits", "customer": "id", "time": "at"}],"#,
        1,
    );
    catalog = cvm::Catalog::from_json(&with_events).expect("a catalog with events");
    engine.set_catalog(catalog).expect("set");
    let visits = "count(visit) = 0".parse().expect("a filter");
    expect!["CVM_NOTHING_LOADED: the rows of the event `visit`, the table `visits`, are not loaded; load them with load_events"].assert_eq(&engine.count(&visits).expect_err("no events are loaded").to_string());
    expect!["CVM_NOTHING_LOADED: the rows of the event `visit`, the table `visits`, are not loaded; load them with load_events"].assert_eq(&engine.reference_members(&visits).expect_err("no events are loaded").to_string());

    let zone = EngineOptions { zone: "europe/pariss".to_owned(), ..EngineOptions::default() };
    expect!["CVM_UNKNOWN_OPTION: no time zone `europe/pariss` (did you mean `Europe/Paris`?); use an IANA name such as `Europe/Paris` or `UTC`"].assert_eq(&Engine::new(zone).expect_err("no zone").to_string());
    expect!["CVM_INVALID_VALUE: `31.01.2024` is no instant; write `2024-01-31`, `2024-01-31T09:30:00Z` or `2024-01-31T09:30:00+01:00`"].assert_eq(&cvm::read_instant("31.01.2024", "UTC").expect_err("no instant").to_string());
}
