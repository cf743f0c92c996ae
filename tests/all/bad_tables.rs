//! Files that can't be loaded, and exactly what is said about each.

use std::fmt::Write;
use std::path::Path;

use cvm::{Engine, EngineOptions, Error, EventName, FieldType, LoadCustomers, LoadEvents, OnBadRows, Source};
use expect_test::{Expect, expect};

fn engine() -> Engine {
    Engine::new(EngineOptions::default()).expect("an engine")
}

/// What is said, with the folder left out.
fn said(error: &Error, folder: &Path) -> String {
    error.to_string().replace(&format!("{}/", folder.display()), "").replace(&folder.display().to_string(), "FOLDER")
}

/// Writes the file and loads it as customers.
fn customers(name: &str, content: impl AsRef<[u8]>, options: &LoadCustomers, expect: Expect) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, content).expect("a file");
    let error = engine().load_customers(Source::File(path), options, &mut |_, _| {}).expect_err("a wrong file");
    expect.assert_eq(&said(&error, folder.path()));
}

fn keyed(key: &str) -> LoadCustomers {
    LoadCustomers { key: Some(key.to_owned()), ..LoadCustomers::default() }
}

fn typed(column: &str, ty: FieldType) -> LoadCustomers {
    LoadCustomers { types: vec![(column.to_owned(), ty)], ..LoadCustomers::default() }
}

#[test]
fn files_that_are_not_there() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("customers.csv"), "id\n1\n").expect("a file");
    std::fs::create_dir(folder.path().join("folder.csv")).expect("a folder");
    let cases = [
        (
            "custmers.csv",
            expect!["CVM_SOURCE_NOT_FOUND: there is no file `custmers.csv` (did you mean `customers.csv`?)"],
        ),
        (
            "customers.parquet",
            expect!["CVM_SOURCE_NOT_FOUND: there is no file `customers.parquet`; known: customers.csv, folder.csv"],
        ),
        (
            "customers.cvs",
            expect!["CVM_SOURCE_NOT_FOUND: there is no file `customers.cvs` (did you mean `customers.csv`?)"],
        ),
        (
            "else.arrow",
            expect!["CVM_SOURCE_NOT_FOUND: there is no file `else.arrow`; known: customers.csv, folder.csv"],
        ),
        ("folder.csv", expect!["CVM_SOURCE_KIND: `folder.csv` is a folder, not a file"]),
        (
            "nowhere/customers.csv",
            expect![
                "CVM_SOURCE_NOT_FOUND: there is no file `nowhere/customers.csv`; the folder `nowhere` is not there, either"
            ],
        ),
    ];
    for (name, expect) in cases {
        let source = Source::File(folder.path().join(name));
        let error = engine().load_customers(source, &LoadCustomers::default(), &mut |_, _| {}).expect_err(name);
        expect.assert_eq(&said(&error, folder.path()));
    }
}

#[test]
fn files_of_another_kind() {
    let none = LoadCustomers::default();
    customers(
        "customers.xlsx",
        "PK\u{3}\u{4}",
        &none,
        expect![
            "CVM_SOURCE_KIND: `customers.xlsx` is of no kind that can be loaded; known endings: .csv, .tsv, .txt, .parquet, .arrow, .feather, .ipc"
        ],
    );
    customers(
        "customers",
        "id\n1\n",
        &none,
        expect![
            "CVM_SOURCE_KIND: `customers` is of no kind that can be loaded; known endings: .csv, .tsv, .txt, .parquet, .arrow, .feather, .ipc"
        ],
    );
    customers(
        "customers.csv",
        "PK\u{3}\u{4}\0\0",
        &none,
        expect![
            "CVM_SOURCE_KIND: `customers.csv`: the file is a zip archive or an Excel workbook, not CSV; export it as CSV, or unpack it first"
        ],
    );
    customers("customers.csv", "", &none, expect!["CVM_TABLE_SHAPE: `customers.csv`: the file is empty"]);
    customers(
        "customers.parquet",
        "id\n1\n",
        &none,
        expect![
            "CVM_SOURCE_KIND: `customers.parquet` is not a Parquet file: Parquet error: Parquet error: Parquet files are at least 8 bytes long, but file length is 5; export it again, or name it after what it is"
        ],
    );
    customers(
        "customers.arrow",
        "id\n1\n",
        &none,
        expect!["CVM_SOURCE_KIND: `customers.arrow` is not an Arrow file: Io error: failed to fill whole buffer"],
    );
}

#[test]
fn rows_and_columns_of_another_shape() {
    let none = LoadCustomers::default();
    customers(
        "c.csv",
        "id,name\n1,Ann,x\n2,Bob\n3\n",
        &none,
        expect![
            "CVM_TABLE_SHAPE: `c.csv`: 2 rows don't have the 2 columns of the first row: line 2 has 3, line 4 has 1; put texts that have a `,` in quotes, or set `delimiter` if that is not what separates columns"
        ],
    );
    customers(
        "c.csv",
        "id,name,name\n1,Ann,x\n",
        &none,
        expect![
            "CVM_TABLE_SHAPE: `c.csv`: columns 2 and 3 have the same name `name`; rename one of them in the first row"
        ],
    );
    customers(
        "c.csv",
        "id,,name\n1,Ann,x\n",
        &none,
        expect![
            "CVM_TABLE_SHAPE: `c.csv`: column 2 of 3 has no name; name it in the first row, or delete the column; pandas writes such a column unless `index=False`"
        ],
    );
    customers(
        "c.csv",
        "id,name\n1,\"Ann\n2,Bob\n3,Cid\n",
        &none,
        expect![
            "CVM_TABLE_SHAPE: `c.csv`: a quote opens in the row of line 2 and is never closed; close it, double it if it is part of the text, or set `quote` if texts stand in other quotes"
        ],
    );
    customers(
        "c.csv",
        b"\xef\xbb\xbfid,name\n1,Ann\n2,Z\xfcrich\n",
        &none,
        expect![
            "CVM_TABLE_SHAPE: `c.csv`: line 3, column 2 has bytes that are no character in utf-8; set `encoding` to windows-1252 if the file is from Excel or Windows, or save it as UTF-8"
        ],
    );
}

#[test]
fn types_that_do_not_fit() {
    let age = typed("age", FieldType::Int);
    customers(
        "c.csv",
        "id,age\n1,34\n2,x\n3,12.5\n",
        &age,
        expect![[
            r#"CVM_BAD_ROWS: `c.csv`: 2 of 3 values in column `age` do not fit its type int: `x` (line 3, row 2), `12.5` (line 4, row 3); fix these rows, declare the column's type as string, or load with `on_bad_rows` = "skip" (drops these rows) or "missing" (makes these values missing)"#
        ]],
    );
    customers(
        "c.csv",
        "id,age\n1,34\n",
        &typed("aeg", FieldType::Int),
        expect!["CVM_UNKNOWN_FIELD: `c.csv`: a type is declared for `aeg`, which is no column (did you mean `age`?)"],
    );
    customers(
        "c.csv",
        "id,day\n1,01/02/2024\n2,03/04/2024\n",
        &typed("day", FieldType::Date),
        expect![
            "CVM_CATALOG_TYPE: `c.csv`: column `day` can't be read as date: no value tells whether the day or the month comes first; set `day_first` to true (31/12/2024) or false (12/31/2024), or write dates as 2024-12-31"
        ],
    );
}

#[test]
fn keys_that_are_none() {
    customers(
        "c.csv",
        "id,name\n1,Ann\n2,Bob\n2,Cid\n2,Dan\n1,Eve\n",
        &keyed("id"),
        expect![
            "CVM_KEY_NOT_UNIQUE: the key `id` has 2 values in 5 rows (`2` 3 times, `1` 2 times); a customer table has one row a customer; rows that repeat customers are events: load them as events"
        ],
    );
    customers(
        "c.csv",
        "id,name\n1,Ann\n,Bob\n,Cid\n",
        &keyed("id"),
        expect![
            "CVM_KEY_NOT_UNIQUE: the key `id` is missing in 2 of 3 rows; give these rows a key or delete them, or have the rows numbered if no column tells customers apart"
        ],
    );
    customers(
        "c.csv",
        "id,name\n1,Ann\n,Bob\n1,Cid\n",
        &keyed("id"),
        expect![
            "CVM_KEY_NOT_UNIQUE: the key `id` is missing in 1 of 3 rows and has 1 value in 3 rows (`1` 2 times); a customer table has one row a customer; rows that repeat customers are events: load them as events"
        ],
    );
    customers(
        "c.csv",
        "customer_id,name\n1,Ann\n",
        &keyed("custmer_id"),
        expect!["CVM_SOURCE_NOT_FOUND: there is no column `custmer_id` to be the key (did you mean `customer_id`?)"],
    );
    customers(
        "c.csv",
        "id,score\n1,1.5\n2,2.5\n",
        &keyed("score"),
        expect![
            "CVM_CATALOG_KEY: the key `score` is of type decimal(18,1); a key is an int or a string; name another column, or declare this one as string when loading"
        ],
    );
    // A column that is the key by its name is not passed over for another that happens to be unique.
    customers(
        "c.csv",
        "id,age\n1,34\n2,35\n2,36\n",
        &LoadCustomers::default(),
        expect![
            "CVM_KEY_NOT_UNIQUE: `id` is named as the key but has 2 values in 3 rows (`2` 2 times); a customer table has one row a customer; rows that repeat customers are events: load them as events, or name the column that is the key"
        ],
    );
    customers(
        "orders.csv",
        "id,customer_id\n1,7\n2,7\n",
        &LoadCustomers::default(),
        expect![
            "CVM_KEY_NOT_UNIQUE: `customer_id` is named as the key but has 1 value in 2 rows (`7` 2 times); a customer table has one row a customer; rows that repeat customers are events: load them as events, or name the column that is the key"
        ],
    );
    customers(
        "c.csv",
        "id,email\n1,a@b.c\n,d@e.f\n",
        &LoadCustomers::default(),
        expect![
            "CVM_KEY_NOT_UNIQUE: `id` is named as the key but is missing in 1 of 2 rows; give these rows a key or delete them, or have the rows numbered if no column tells customers apart, or name the column that is the key"
        ],
    );
    customers(
        "c.csv",
        "id,email\n1.5,a@b.c\n2.5,d@e.f\n",
        &LoadCustomers::default(),
        expect![
            "CVM_CATALOG_KEY: `id` is named as the key but is of type decimal(18,1); a key is an int or a string; name another column, or declare this one as string when loading"
        ],
    );
    // Nor is one whose name says nothing.
    customers(
        "c.csv",
        "city,age\nParis,34\nLyon,35\n",
        &LoadCustomers::default(),
        expect![
            "CVM_CATALOG_KEY: no column with a name like `id` has a different value in every row; name the key, or have the rows numbered"
        ],
    );
    customers(
        "c.csv",
        "name,city\nAnn,Paris\nAnn,Paris\n",
        &LoadCustomers::default(),
        expect![
            "CVM_CATALOG_KEY: no column with a name like `id` has a different value in every row; name the key, or have the rows numbered"
        ],
    );
    let numbered = LoadCustomers { row_number: Some("id".to_owned()), ..LoadCustomers::default() };
    customers(
        "c.csv",
        "id,name\n1,Ann\n",
        &numbered,
        expect![
            "CVM_CATALOG_NAME: there is a column `id` already, so the numbers of rows can't have that name; give them another name"
        ],
    );
}

/// A million rows of which three are bad: the message names them and their columns.
#[test]
fn three_bad_rows_in_a_million() {
    let mut text = String::with_capacity(30 << 20);
    text.push_str("id,age,signed_up,spent\n");
    for id in 1..=1_000_000 {
        let _ = match id {
            // Line 2 is the first row.
            500_000 => writeln!(text, "{id},unknown,2024-01-31,10.50"),
            750_000 => writeln!(text, "{id},44,2024-02-30,10.50"),
            999_999 => writeln!(text, "{id},45,2024-01-31,ten"),
            _ => writeln!(text, "{id},{},2024-01-31,10.50", 18 + id % 60),
        };
    }
    let declared = LoadCustomers {
        types: vec![
            ("age".to_owned(), FieldType::Int),
            ("signed_up".to_owned(), FieldType::Date),
            ("spent".to_owned(), FieldType::Decimal { precision: 12, scale: 2 }),
        ],
        ..LoadCustomers::default()
    };
    customers(
        "customers.csv",
        &text,
        &declared,
        expect![[r#"
        CVM_BAD_ROWS: `customers.csv`: 1 of 1000000 values in column `age` does not fit its type int: `unknown` (line 500001, row 500000); fix these rows, declare the column's type as string, or load with `on_bad_rows` = "skip" (drops these rows) or "missing" (makes these values missing)
        CVM_BAD_ROWS: `customers.csv`: 1 of 1000000 values in column `signed_up` does not fit its type date: `2024-02-30` (line 750001, row 750000); fix these rows, declare the column's type as string, or load with `on_bad_rows` = "skip" (drops these rows) or "missing" (makes these values missing)
        CVM_BAD_ROWS: `customers.csv`: 1 of 1000000 values in column `spent` does not fit its type decimal(12,2): `ten` (line 1000000, row 999999); fix these rows, declare the column's type as string, or load with `on_bad_rows` = "skip" (drops these rows) or "missing" (makes these values missing)"#]],
    );

    // What becomes of them can be said, and is told.
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("customers.csv");
    std::fs::write(&path, &text).expect("a file");
    let engine = engine();
    let skip = LoadCustomers { on_bad_rows: OnBadRows::Skip, ..declared };
    let report = engine.load_customers(Source::File(path.clone()), &skip, &mut |_, _| {}).expect("loaded");
    assert_eq!(report.rows, 999_997);
    assert_eq!(engine.count(&cvm::Filter::Everyone).expect("counted"), 999_997);
    expect![[r#"
        CVM_BAD_ROWS: `customers.csv`: 1 of 1000000 values in column `age` does not fit its type int: `unknown` (line 500001, row 500000); these rows were dropped
        CVM_BAD_ROWS: `customers.csv`: 1 of 1000000 values in column `signed_up` does not fit its type date: `2024-02-30` (line 750001, row 750000); these rows were dropped
        CVM_BAD_ROWS: `customers.csv`: 1 of 1000000 values in column `spent` does not fit its type decimal(12,2): `ten` (line 1000000, row 999999); these rows were dropped"#]].assert_eq(&report.warnings.to_string());

    // The types need no declaration: that nearly all values fit says what the columns hold.
    customers(
        "customers.csv",
        &text,
        &LoadCustomers::default(),
        expect![[r#"
        CVM_BAD_ROWS: `customers.csv`: 1 of 1000000 values in column `age` does not fit its type int: `unknown` (line 500001, row 500000); fix these rows, declare the column's type as string, or load with `on_bad_rows` = "skip" (drops these rows) or "missing" (makes these values missing)
        CVM_BAD_ROWS: `customers.csv`: 1 of 1000000 values in column `signed_up` does not fit its type date: `2024-02-30` (line 750001, row 750000); fix these rows, declare the column's type as string, or load with `on_bad_rows` = "skip" (drops these rows) or "missing" (makes these values missing)
        CVM_BAD_ROWS: `customers.csv`: 1 of 1000000 values in column `spent` does not fit its type decimal(18,2): `ten` (line 1000000, row 999999); fix these rows, declare the column's type as string, or load with `on_bad_rows` = "skip" (drops these rows) or "missing" (makes these values missing)"#]],
    );
}

#[test]
fn events_that_do_not_belong() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a file");
        Source::File(path)
    };
    let events = |customer: &str, kind: EventName, time: &str| LoadEvents {
        customer: customer.to_owned(),
        name: kind,
        time: time.to_owned(),
        table: None,
        types: Vec::new(),
        on_bad_rows: OnBadRows::default(),
    };
    let column = |name: &str| EventName::Column(name.to_owned());
    let text = "customer_id,kind,at,amount\n1,purchase,2024-01-31T10:00:00Z,5\n2,visit,2024-02-01T10:00:00Z,\n";
    let unloaded =
        engine().load_events(file("e.csv", text), &events("customer_id", column("kind"), "at"), &mut |_, _| {});
    expect!["CVM_NOTHING_LOADED: no customers are loaded; call load_customers first"]
        .assert_eq(&said(&unloaded.expect_err("no customers"), folder.path()));

    let engine = engine();
    engine
        .load_customers(file("c.csv", "id,name\n1,Ann\n2,Bob\n"), &LoadCustomers::default(), &mut |_, _| {})
        .expect("loaded");
    let cases = [
        (
            text,
            events("custmer_id", column("knd"), "att"),
            expect![[r#"
            CVM_SOURCE_NOT_FOUND: there is no column `custmer_id` to be the customer (did you mean `customer_id`?)
            CVM_SOURCE_NOT_FOUND: there is no column `att` to be the time (did you mean `at`?)
            CVM_SOURCE_NOT_FOUND: there is no column `knd` to be the kind of event (did you mean `kind`?)"#]],
        ),
        (
            text,
            events("customer_id", column("amount"), "kind"),
            expect![[r#"
            CVM_TYPE_MISMATCH: the time `kind` is of type string, not date or timestamp; name another column, or declare this one as timestamp when loading
            CVM_TYPE_MISMATCH: the column `amount` is of type int; kinds of events are texts; name another column, or declare this one as string when loading"#]],
        ),
        (
            text,
            events("kind", column("kind"), "at"),
            expect![
                "CVM_TYPE_MISMATCH: `kind` is of type string, the customers' key `id` of type int; declare the type of one of them when loading"
            ],
        ),
        (
            text,
            events("customer_id", EventName::ColumnOrKind("kinds".to_owned()), "at"),
            expect!["CVM_SOURCE_NOT_FOUND: there is no column `kinds` to be the kind of event (did you mean `kind`?)"],
        ),
        (
            text,
            events("customer_id", EventName::Always(String::new()), "at"),
            expect!["CVM_CATALOG_NAME at /events/0/name: the event has no name"],
        ),
        (
            "customer_id,at\na,2024-01-31\n",
            events("customer_id", EventName::Always("visit".to_owned()), "at"),
            expect![
                "CVM_TYPE_MISMATCH: `customer_id` is of type string, the customers' key `id` of type int; declare the type of one of them when loading"
            ],
        ),
        (
            "customer_id,at\n1,yesterday\n",
            events("customer_id", EventName::Always("visit".to_owned()), "at"),
            expect![
                "CVM_TYPE_MISMATCH: the time `at` is of type string, not date or timestamp; name another column, or declare this one as timestamp when loading"
            ],
        ),
    ];
    for (text, options, expect) in cases {
        let error = engine.load_events(file("e.csv", text), &options, &mut |_, _| {}).expect_err("wrong events");
        expect.assert_eq(&said(&error, folder.path()));
        assert!(engine.catalog().expect("a catalog").events.is_empty(), "nothing was loaded");
    }
}
