//! CSV files as Arrow: generated ones with every kind of trouble, and public ones.
#![cfg(feature = "exec")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::print_stderr, reason = "tests")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, DictionaryArray, RecordBatch, StringArray, TimestampSecondArray, UInt64Array};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field as ArrowField, Int32Type, Int64Type, Schema};
use arrow::util::pretty::pretty_format_batches;
use cvm_core::catalog::infer::key_candidates;
use cvm_core::{Code, Diagnostics, Field, FieldType};
use cvm_sql::exec::csv::{CsvOptions, CsvTable, OnBadRows, Pass, read_csv};
use cvm_sql::exec::profile::TableProfile;
use expect_test::{Expect, expect};

fn load(bytes: &[u8], options: &CsvOptions) -> Result<CsvTable, Diagnostics> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("data.csv");
    std::fs::write(&path, bytes).expect("a file");
    read_csv(&path, options, &mut |_| {})
}

fn show_fields(fields: &[Field]) -> String {
    let mut out = String::new();
    for field in fields {
        let nullable = if field.nullable { "?" } else { "" };
        let pii = if field.pii { " pii" } else { "" };
        write!(out, "{}: {}{nullable}{pii}", field.name, field.ty).expect("a string");
        if let Some(values) = &field.values {
            write!(out, " {values:?}").expect("a string");
        }
        out.push('\n');
    }
    out
}

/// Arrow prints no zone names without its time zone database, so the offset stands for UTC.
fn printable(batch: &RecordBatch) -> RecordBatch {
    let column = |(field, array): (&Arc<ArrowField>, &ArrayRef)| {
        let array = match array.data_type() {
            DataType::Timestamp(unit, Some(_)) => {
                cast(array, &DataType::Timestamp(*unit, Some("+00:00".into()))).expect("the same instants")
            }
            _ => array.clone(),
        };
        (field.name().clone(), array)
    };
    RecordBatch::try_from_iter(batch.schema().fields().iter().zip(batch.columns()).map(column)).expect("a batch")
}

/// Fields, rows and findings; or the errors.
fn check_with(bytes: &[u8], options: &CsvOptions, expected: Expect) {
    let shown = match load(bytes, options) {
        Ok(table) => {
            let rows =
                pretty_format_batches(&table.batches.iter().map(printable).collect::<Vec<_>>()).expect("a table");
            format!("{}{rows}\n{}\n", show_fields(&table.fields), table.findings).trim_end().to_owned() + "\n"
        }
        Err(findings) => format!("{findings}\n"),
    };
    expected.assert_eq(&shown);
}

fn check(bytes: &[u8], expected: Expect) {
    check_with(bytes, &CsvOptions::default(), expected);
}

#[test]
fn typed_batches() {
    let csv = "\u{feff}id, joined ,seen,total,ratio,vip,tags,extra,city\r\n\
        1,31/01/2024,2024-01-31 09:30,\"1.234,50\",0.1234567,true,a|b,\"{\"\"a\"\":1}\",\"New\nYork\"\r\n\
        2,01/02/2024,2024-01-31T09:30:00.5+01:00,\"7,25\",1e3,FALSE,b|c,,Paris\r\n\
        \r\n\
        3,,NA,NULL,-inf,,c|a,\"[1]\",\"say \"\"hi\"\"\"\r\n";
    check(
        csv.as_bytes(),
        expect![[r#"
        id: int
        joined: date?
        seen: timestamp?
        total: decimal(18,2)?
        ratio: float
        vip: bool?
        tags: list<string>
        extra: json?
        city: string
        +----+------------+--------------------------+---------+-----------+-------+--------+---------+----------+
        | id | joined     | seen                     | total   | ratio     | vip   | tags   | extra   | city     |
        +----+------------+--------------------------+---------+-----------+-------+--------+---------+----------+
        | 1  | 2024-01-31 | 2024-01-31T09:30:00Z     | 1234.50 | 0.1234567 | true  | [a, b] | {"a":1} | New      |
        |    |            |                          |         |           |       |        |         | York     |
        | 2  | 2024-02-01 | 2024-01-31T08:30:00.500Z | 7.25    | 1000.0    | false | [b, c] |         | Paris    |
        | 3  |            |                          |         | -inf      |       | [c, a] | [1]     | say "hi" |
        +----+------------+--------------------------+---------+-----------+-------+--------+---------+----------+
    "#]],
    );
}

#[test]
fn encodings() {
    let text = "name,city\nAndré,Köln\nZoë,Málaga\n";
    let latin1: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect();
    let utf16: Vec<u8> =
        "\u{feff}".chars().chain(text.chars()).collect::<String>().encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf16be: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [text.as_bytes(), &latin1, &utf16, &utf16be, format!("\u{feff}{text}").as_bytes()] {
        let table = load(bytes, &CsvOptions::default()).expect("a table");
        let cities = table.batches[0].column(1).as_string::<i32>();
        assert_eq!(table.rows, 2);
        assert_eq!(
            (table.fields[0].name.as_str(), cities.value(0), cities.value(1)),
            ("name", "Köln", "Málaga"),
            "{}",
            table.format.encoding
        );
    }
}

#[test]
fn characters_on_the_edges_of_chunks() {
    let text: String = "id,word\n"
        .chars()
        .chain((0..60_000).flat_map(|i| format!("{i},né😀{i}\n").chars().collect::<Vec<_>>()))
        .collect();
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [&b"\xff\xfe"[..], &utf16].concat();
    let odd = [&b"\xff\xfe"[..], &utf16, b"x"].concat();
    let table = load(&marked, &CsvOptions::default()).expect("a table");
    assert_eq!(
        (table.rows, &table.batches),
        (60_000, &load(text.as_bytes(), &CsvOptions::default()).expect("a table").batches)
    );
    check(
        &odd,
        expect![[r#"
        CVM_TABLE_SHAPE: `data.csv`: line 60002 has bytes that are no character in utf-16le; set `encoding`, or save the file as UTF-8
    "#]],
    );
}

#[test]
fn broken_characters_name_their_line() {
    let mut bytes = "id,city\n".to_owned();
    for i in 0..40_000 {
        writeln!(bytes, "{i},Paris").expect("a string");
    }
    let mut bytes = bytes.into_bytes();
    bytes.extend(b"40000,K\xf6ln\n");
    check(
        &bytes,
        expect![[r#"
        CVM_TABLE_SHAPE: `data.csv`: line 40002, column 2 has bytes that are no character in utf-8; set `encoding` to windows-1252 if the file is from Excel or Windows, or save it as UTF-8
    "#]],
    );
}

#[test]
fn rows_of_different_length_name_their_lines() {
    check(
        b"a,b,c\n1,2,3\n\"x\ny\",2\n4,5,6,7\n",
        expect![[r#"
        CVM_TABLE_SHAPE: `data.csv`: 2 rows don't have the 3 columns of the first row: line 3 has 2, line 5 has 4; put texts that have a `,` in quotes, or set `delimiter` if that is not what separates columns
    "#]],
    );
    let many: String = "a,b\n".chars().chain("1\n".repeat(12).chars()).collect();
    check(
        many.as_bytes(),
        expect![[r#"
        CVM_TABLE_SHAPE: `data.csv`: 12 rows don't have the 2 columns of the first row: line 2 has 1, line 3 has 1, line 4 has 1, line 5 has 1, line 6 has 1, line 7 has 1, line 8 has 1, line 9 has 1, line 10 has 1, line 11 has 1 and 2 more; put texts that have a `,` in quotes, or set `delimiter` if that is not what separates columns
    "#]],
    );
}

#[test]
fn a_quote_that_is_never_closed_is_an_error() {
    for end in ["\n", "\r\n", "\r"] {
        let csv = ["a,b", "1,w", "2,\"x", "3,y", "4,z", ""].join(end);
        let error = load(csv.as_bytes(), &CsvOptions::default()).expect_err("an unclosed quote").to_string();
        assert!(error.contains("a quote opens in the row of line 3 and is never closed"), "{error}");
    }
    assert!(load(b"a,b\n1,\"", &CsvOptions::default()).is_err());
    check(
        b"a,b\n1,5\" pipe\n2,\"7\"\" pipe\"",
        expect![[r#"
        a: int
        b: string
        +---+---------+
        | a | b       |
        +---+---------+
        | 1 | 5" pipe |
        | 2 | 7" pipe |
        +---+---------+
    "#]],
    );
}

#[test]
fn headers() {
    check(
        b"id,,name,id\n1,2,3,4\n",
        expect![[r#"
        CVM_TABLE_SHAPE: `data.csv`: column 2 of 4 has no name; name it in the first row, or delete the column; pandas writes such a column unless `index=False`
        CVM_TABLE_SHAPE: `data.csv`: columns 1 and 4 have the same name `id`; rename one of them in the first row
    "#]],
    );
    check(
        b"Anna,31\nBob,47\n",
        expect![[r#"
        CVM_TABLE_SHAPE: `data.csv`: the first row should have the names of the columns, but `31` is a value, not a name; add a row with names, or set `header` to false (the columns are then column_1, column_2, …) or to true if these are the names
    "#]],
    );
    check_with(
        b"Anna,31\nBob,47\n",
        &CsvOptions { header: Some(false), ..CsvOptions::default() },
        expect![[r#"
        column_1: string
        column_2: int
        +----------+----------+
        | column_1 | column_2 |
        +----------+----------+
        | Anna     | 31       |
        | Bob      | 47       |
        +----------+----------+
    "#]],
    );
    check(
        b"id,name\n",
        expect![[r#"
        id: string
        name: string pii
        ++
        ++
    "#]],
    );
}

#[test]
fn files_that_are_not_there_or_not_csv() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("customers.csv"), "id\n1\n").expect("a file");
    std::fs::write(folder.path().join("data.csv.gz"), b"\x1f\x8b\x08\x00").expect("a file");
    let code = |name: &str| {
        let error = read_csv(&folder.path().join(name), &CsvOptions::default(), &mut |_| {}).expect_err("an error");
        let finding = error.0.into_iter().next().expect("a finding");
        (finding.code, finding.suggestion)
    };
    assert_eq!(code("custmers.csv"), (Code::SourceNotFound, Some("customers.csv".to_owned())));
    assert_eq!(code("no/such/folder.csv"), (Code::SourceNotFound, None));
    assert_eq!(code("data.csv.gz"), (Code::SourceKind, None));
    assert_eq!(code("."), (Code::SourceKind, None));
}

#[test]
fn declared_types() {
    let types = vec![("zip".to_owned(), FieldType::String), ("won".to_owned(), FieldType::Bool)];
    let options = CsvOptions { types, ..CsvOptions::default() };
    check_with(
        b"zip,won\n75001,yes\n69001,no\n",
        &options,
        expect![[r#"
        zip: string
        won: bool
        +-------+-------+
        | zip   | won   |
        +-------+-------+
        | 75001 | true  |
        | 69001 | false |
        +-------+-------+
    "#]],
    );
    check_with(
        b"zip,wo\n75001,yes\n",
        &options,
        expect![[r#"
        CVM_UNKNOWN_FIELD: `data.csv`: a type is declared for `won`, which is no column (did you mean `wo`?)
    "#]],
    );
    check_with(
        b"zip,won\n75001,maybe\n",
        &options,
        expect![[r#"
        CVM_BAD_ROWS: `data.csv`: 1 of 1 values in column `won` does not fit its type bool: `maybe` (line 2, row 1); fix these rows, declare the column's type as string, or load with `on_bad_rows` = "skip" (drops these rows) or "missing" (makes these values missing)
    "#]],
    );
    let options = CsvOptions { on_bad_rows: OnBadRows::Missing, ..options };
    check_with(
        b"zip,won\n75001,maybe\n7,yes\n",
        &options,
        expect![[r#"
        zip: string
        won: bool?
        +-------+------+
        | zip   | won  |
        +-------+------+
        | 75001 |      |
        | 7     | true |
        +-------+------+
        CVM_BAD_ROWS: `data.csv`: 1 of 2 values in column `won` does not fit its type bool: `maybe` (line 2, row 1); these values are missing now
    "#]],
    );
    let options = CsvOptions { on_bad_rows: OnBadRows::Skip, ..options };
    check_with(
        b"zip,won\n75001,maybe\n7,yes\n",
        &options,
        expect![[r#"
        zip: string
        won: bool
        +-----+------+
        | zip | won  |
        +-----+------+
        | 7   | true |
        +-----+------+
        CVM_BAD_ROWS: `data.csv`: 1 of 2 values in column `won` does not fit its type bool: `maybe` (line 2, row 1); these rows were dropped
    "#]],
    );
}

#[test]
fn three_bad_rows_in_a_million() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("million.csv");
    let mut csv = "id,spent,joined\n".to_owned();
    for row in 1..=1_000_000 {
        let spent = if row == 250_000 { "12..5" } else { "12.50" };
        let joined = match row {
            777_777 => "2024-02-30",
            1_000_000 => "soon",
            _ => "2024-02-29",
        };
        writeln!(csv, "{row},{spent},{joined}").expect("a string");
    }
    std::fs::write(&path, &csv).expect("a file");
    let mut passes = Vec::new();
    let error = read_csv(&path, &CsvOptions::default(), &mut |p| passes.push(p)).expect_err("bad rows");
    expect![[r#"
        CVM_BAD_ROWS: `million.csv`: 1 of 1000000 values in column `spent` does not fit its type decimal(18,2): `12..5` (line 250001, row 250000); fix these rows, declare the column's type as string, or load with `on_bad_rows` = "skip" (drops these rows) or "missing" (makes these values missing)
        CVM_BAD_ROWS: `million.csv`: 2 of 1000000 values in column `joined` do not fit its type date: `2024-02-30` (line 777778, row 777777), `soon` (line 1000001, row 1000000); fix these rows, declare the column's type as string, or load with `on_bad_rows` = "skip" (drops these rows) or "missing" (makes these values missing)"#]].assert_eq(&error.to_string());
    assert!(passes.iter().all(|p| p.pass == Pass::Profile && p.bytes_done <= p.bytes_total) && passes.len() > 100);

    let options = CsvOptions { on_bad_rows: OnBadRows::Skip, ..CsvOptions::default() };
    let table = read_csv(&path, &options, &mut |_| {}).expect("a table");
    assert_eq!((table.rows, table.findings.0.len()), (999_997, 2));
    let batch = table.batches.last().expect("a batch");
    assert_eq!(batch.column(0).as_primitive::<Int64Type>().value(batch.num_rows() - 1), 999_999);
}

#[test]
fn line_numbers_are_right_with_every_line_end() {
    for end in ["\n", "\r\n"] {
        let csv = ["id,note", "1,\"a", "b\"", "", "2,x", "x,y", "3,z", ""].join(end);
        let types = vec![("id".to_owned(), FieldType::Int)];
        let error =
            load(csv.as_bytes(), &CsvOptions { types: types.clone(), ..CsvOptions::default() }).expect_err("a bad row");
        assert!(error.to_string().contains("`x` (line 6, row 3)"), "{error}");
        // Without a line end after the last row, which has a line break.
        let csv = ["id,note", "1,a", "", "x,\"a", "b\""].join(end);
        let error = load(csv.as_bytes(), &CsvOptions { types, ..CsvOptions::default() }).expect_err("a bad row");
        assert!(error.to_string().contains("`x` (line 4, row 2)"), "{error}");
    }
    let error = load(
        b"id,note\r1,a\rx,b\r",
        &CsvOptions { types: vec![("id".into(), FieldType::Int)], ..CsvOptions::default() },
    );
    assert!(error.expect_err("a bad row").to_string().contains("`x` (line 3, row 2)"));
}

/// The file of the shared data sets; says so when they are not here.
fn shared(file: &str) -> Option<PathBuf> {
    let root = std::env::var_os("CVM_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = root.join("data").join(file);
    if path.exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: no {}; set CVM_SHARED to the folder with the shared data sets", path.display());
    None
}

fn check_shared(file: &str, expected: Expect) -> Option<CsvTable> {
    let table = read_csv(&shared(file)?, &CsvOptions::default(), &mut |_| {}).unwrap_or_else(|error| panic!("{error}"));
    expected.assert_eq(&format!("{} rows\n{}{}\n", table.rows, show_fields(&table.fields), table.findings));
    // The same facts from Arrow, but for lists and JSON, which Arrow has its own types for.
    let mut profile = TableProfile::new(&table.schema).expect("known types");
    for batch in &table.batches {
        profile.observe(batch);
    }
    assert_eq!(profile.finish(), table.fields);
    Some(table)
}

#[test]
fn telco_churn() {
    let Some(table) = check_shared(
        "ibm_telco_churn/Telco-Customer-Churn.csv",
        expect![[r#"
        7043 rows
        customerID: string
        gender: string ["Female", "Male"]
        SeniorCitizen: int
        Partner: string ["No", "Yes"]
        Dependents: string ["No", "Yes"]
        tenure: int
        PhoneService: string ["No", "Yes"]
        MultipleLines: string ["No", "No phone service", "Yes"]
        InternetService: string ["DSL", "Fiber optic", "No"]
        OnlineSecurity: string ["No", "No internet service", "Yes"]
        OnlineBackup: string ["No", "No internet service", "Yes"]
        DeviceProtection: string ["No", "No internet service", "Yes"]
        TechSupport: string ["No", "No internet service", "Yes"]
        StreamingTV: string ["No", "No internet service", "Yes"]
        StreamingMovies: string ["No", "No internet service", "Yes"]
        Contract: string ["Month-to-month", "One year", "Two year"]
        PaperlessBilling: string ["No", "Yes"]
        PaymentMethod: string ["Bank transfer (automatic)", "Credit card (automatic)", "Electronic check", "Mailed check"]
        MonthlyCharges: decimal(18,2)
        TotalCharges: decimal(18,2)?
        Churn: string ["No", "Yes"]

    "#]],
    ) else {
        return;
    };
    let missing: usize =
        table.batches.iter().map(|b| b.column_by_name("TotalCharges").map_or(0, |c| c.null_count())).sum();
    assert_eq!(missing, 11);
    let unique = |field: &Field| {
        let batch = &table.batches[0];
        let Some(column) = batch.column_by_name(&field.name).filter(|c| *c.data_type() == DataType::Utf8) else {
            return false;
        };
        let values: std::collections::HashSet<_> = column.as_string::<i32>().iter().collect();
        values.len() == batch.num_rows()
    };
    assert_eq!(key_candidates(&table.fields, unique).first().map(|f| f.name.as_str()), Some("customerID"));
}

#[test]
fn bank_marketing() {
    let table = check_shared(
        "bank_marketing/bank-additional-full.csv",
        expect![[r#"
        41188 rows
        age: int
        job: string ["admin.", "blue-collar", "entrepreneur", "housemaid", "management", "retired", "self-employed", "services", "student", "technician", "unemployed", "unknown"]
        marital: string ["divorced", "married", "single", "unknown"]
        education: string ["basic.4y", "basic.6y", "basic.9y", "high.school", "illiterate", "professional.course", "university.degree", "unknown"]
        default: string ["no", "unknown", "yes"]
        housing: string ["no", "unknown", "yes"]
        loan: string ["no", "unknown", "yes"]
        contact: string ["cellular", "telephone"]
        month: string ["apr", "aug", "dec", "jul", "jun", "mar", "may", "nov", "oct", "sep"]
        day_of_week: string ["fri", "mon", "thu", "tue", "wed"]
        duration: int
        campaign: int
        pdays: int
        previous: int
        poutcome: string ["failure", "nonexistent", "success"]
        emp.var.rate: decimal(18,1)
        cons.price.idx: decimal(18,3)
        cons.conf.idx: decimal(18,1)
        euribor3m: decimal(18,3)
        nr.employed: decimal(18,1)
        y: string ["no", "yes"]

    "#]],
    );
    assert!(table.is_none_or(|table| table.format.delimiter == b';'));
}

#[test]
fn online_shoppers() {
    check_shared(
        "online_shoppers_intention/online_shoppers_intention.csv",
        expect![[r#"
        12330 rows
        Administrative: int
        Administrative_Duration: float
        Informational: int
        Informational_Duration: float
        ProductRelated: int
        ProductRelated_Duration: float
        BounceRates: float
        ExitRates: float
        PageValues: float
        SpecialDay: decimal(18,1)
        Month: string ["Aug", "Dec", "Feb", "Jul", "June", "Mar", "May", "Nov", "Oct", "Sep"]
        OperatingSystems: int
        Browser: int
        Region: int
        TrafficType: int
        VisitorType: string ["New_Visitor", "Other", "Returning_Visitor"]
        Weekend: int
        Revenue: int

    "#]],
    );
}

#[test]
fn ifood() {
    check_shared(
        "ifood_marketing/marketing_campaign.csv",
        expect![[r#"
        2240 rows
        ID: int
        Year_Birth: int pii
        Education: string ["2n Cycle", "Basic", "Graduation", "Master", "PhD"]
        Marital_Status: string ["Absurd", "Alone", "Divorced", "Married", "Single", "Together", "Widow", "YOLO"]
        Income: int?
        Kidhome: int
        Teenhome: int
        Dt_Customer: date
        Recency: int
        MntWines: int
        MntFruits: int
        MntMeatProducts: int
        MntFishProducts: int
        MntSweetProducts: int
        MntGoldProds: int
        NumDealsPurchases: int
        NumWebPurchases: int
        NumCatalogPurchases: int
        NumStorePurchases: int
        NumWebVisitsMonth: int
        AcceptedCmp3: int
        AcceptedCmp4: int
        AcceptedCmp5: int
        AcceptedCmp1: int
        AcceptedCmp2: int
        Complain: int
        Z_CostContact: int
        Z_Revenue: int
        Response: int

    "#]],
    );
}

#[test]
fn hillstrom() {
    check_shared(
        "hillstrom/hillstrom.csv",
        expect![[r#"
        64000 rows
        recency: int
        history_segment: string ["1) $0 - $100", "2) $100 - $200", "3) $200 - $350", "4) $350 - $500", "5) $500 - $750", "6) $750 - $1,000", "7) $1,000 +"]
        history: decimal(18,2)
        mens: int
        womens: int
        zip_code: string ["Rural", "Surburban", "Urban"]
        newbie: int
        channel: string ["Multichannel", "Phone", "Web"]
        segment: string ["Mens E-Mail", "No E-Mail", "Womens E-Mail"]
        visit: int
        conversion: int
        spend: decimal(18,2)

    "#]],
    );
}

#[test]
fn cookie_cats() {
    check_shared(
        "cookie_cats/cookie_cats.csv",
        expect![[r#"
        90189 rows
        userid: int
        version: string ["gate_30", "gate_40"]
        sum_gamerounds: int
        retention_1: bool
        retention_7: bool

    "#]],
    );
}

#[test]
fn groceries() {
    check_shared(
        "grocery_elog/groceryElog.csv",
        expect![[r#"
        10483 rows
        cust: int
        date: date

    "#]],
    );
}

#[test]
fn channel_attribution() {
    check_shared(
        "channel_attribution/PathData.csv",
        expect![[r#"
        10000 rows
        path: string
        total_conversions: int
        total_conversion_value: float
        total_null: decimal(18,1)

    "#]],
    );
}

#[test]
fn arrow_types_become_field_types() {
    let cities: DictionaryArray<Int32Type> = ["Paris", "Lyon"].into_iter().cycle().take(40).collect();
    let columns: [(&str, ArrayRef); 4] = [
        ("big", Arc::new(UInt64Array::from(vec![u64::MAX; 40]))),
        ("city", Arc::new(cities)),
        ("at", Arc::new(TimestampSecondArray::from(vec![None; 40]))),
        ("email", Arc::new(StringArray::from(vec!["a@b.de"; 40]))),
    ];
    let batch = RecordBatch::try_from_iter(columns).expect("a batch");
    let mut profile = TableProfile::new(&batch.schema()).expect("known types");
    profile.observe(&batch);
    expect![[r#"
        big: int
        city: string ["Lyon", "Paris"]
        at: timestamp?
        email: string pii
    "#]]
    .assert_eq(&show_fields(&profile.finish()));

    let schema = Schema::new(vec![
        ArrowField::new("blob", DataType::Binary, true),
        ArrowField::new("ok", DataType::Int8, true),
        ArrowField::new("nested", DataType::new_list(DataType::new_list(DataType::Int8, true), true), true),
    ]);
    let error = TableProfile::new(&schema).err().expect("an error");
    expect![[r#"
        CVM_SOURCE_KIND: column `blob` has the Arrow type Binary, which no field can have; leave the column out, or convert it to numbers, text, dates, timestamps, true/false, or lists of these
        CVM_SOURCE_KIND: column `nested` has the Arrow type List(List(Int8)), which no field can have; leave the column out, or convert it to numbers, text, dates, timestamps, true/false, or lists of these"#]].assert_eq(&error.to_string());
}
