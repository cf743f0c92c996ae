//! Types, missing values, bad rows and findings of columns; formats of files. Tables of cases.
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

use cvm_core::catalog::infer::{Column, ColumnProfile, CsvHints, Encoding, RowAt, Rules, sniff, sniff_with};
use cvm_core::{FieldType, Value};
use expect_test::{Expect, expect};

fn observe<'a>(mut profile: ColumnProfile, values: impl IntoIterator<Item = &'a str>) -> Column {
    for (row, text) in (1..).zip(values) {
        profile.observe(text, RowAt { line: row + 1, row });
    }
    profile.finish()
}

fn column(name: &str, values: &[&str]) -> Column {
    observe(ColumnProfile::new(name, &Rules::default()), values.iter().copied())
}

/// Type, nullability, enum, bounds, pii, then findings.
fn show(column: &Column) -> String {
    let field = &column.field;
    let mut out = field.ty.to_string();
    if field.nullable {
        out += "?";
    }
    if let Some(values) = &field.values {
        out += &format!(" of {values:?}");
    }
    if let (Some(min), Some(max)) = (&field.min, &field.max) {
        out += &format!(" {min:?}..{max:?}");
    }
    if field.pii {
        out += " pii";
    }
    for finding in column.bad_rows_error().iter().chain(column.findings.iter()) {
        out += &format!("\n{finding}");
    }
    out + "\n"
}

fn check(values: &[&str], expected: Expect) {
    expected.assert_eq(&show(&column("x", values)));
}

#[test]
fn types() {
    for (values, expected) in [
        (&["true", "FALSE", "True"][..], "bool"),
        (&["Yes", "No"], "string"),
        (&["0", "1"], "int Int(0)..Int(1)"),
        (&["-5", "9223372036854775807"], "int Int(-5)..Int(9223372036854775807)"),
        (&["9223372036854775808", "1"], r#"decimal(38,0) Str("1")..Str("9223372036854775808")"#),
        (&["00123", "12345"], "string"),
        (&["+33123456789"], "string"),
        (&["1.5", "-20"], r#"decimal(18,1) Str("-20.0")..Str("1.5")"#),
        (&["123456789012345.25"], r#"decimal(18,2) Str("123456789012345.25")..Str("123456789012345.25")"#),
        (&["1234567890123456789.25"], r#"decimal(38,2) Str("1234567890123456789.25")..Str("1234567890123456789.25")"#),
        (&["2.666666667", "1"], "float Float(1.0)..Float(2.666666667)"),
        (&["1e5", "0.5"], "float Float(0.5)..Float(100000.0)"),
        (&["1e5", "2E6"], "float Float(100000.0)..Float(2000000.0)"),
        (&["inf", "1"], "float"),
        (&["12345678901234567", "1.5E+16"], "string"),
        (&["1.234,56", "7"], r#"decimal(18,2) Str("7.00")..Str("1234.56")"#),
        (&["1 234,56", "7,5"], r#"decimal(18,2) Str("7.50")..Str("1234.56")"#),
        (&["1,234.56", "999"], r#"decimal(18,2) Str("999.00")..Str("1234.56")"#),
        (&["1,234,567", "1,000"], "int Int(1000)..Int(1234567)"),
        (&["1 234", "5"], "int Int(5)..Int(1234)"),
        (&["2024-01-31", "1999-12-31"], r#"date Str("1999-12-31")..Str("2024-01-31")"#),
        (&["2024/01/31"], r#"date Str("2024-01-31")..Str("2024-01-31")"#),
        (&["31.01.2024"], r#"date Str("2024-01-31")..Str("2024-01-31")"#),
        (&["01/02/2024", "31/01/2024"], r#"date Str("2024-01-31")..Str("2024-02-01")"#),
        (&["01/02/2024", "01/31/2024"], r#"date Str("2024-01-02")..Str("2024-01-31")"#),
        (&["2024-01-31 10:00", "2024-01-31T10:00:00.5Z"], "timestamp"),
        (&["1/31/2024 9:05 PM"], "timestamp"),
        (&["2024-01-31", "2024-01-31 10:00"], "string"),
        (&["20240131"], "int Int(20240131)..Int(20240131)"),
        (&[r#"["a","b"]"#, "[]"], "list<string>"),
        (&["[1,2]", "[3]"], "list<int>"),
        (&["[1,2.5]", "[null]"], "list<float>"),
        (&["[1,\"a\"]"], "json"),
        (&[r#"{"a":1}"#, "[{}]"], "json"),
        (&["a|b", "b|c|a", "c|a", "b", "a"], "list<string>"),
        (&["a|b", "c|d", "e|f"], "string"),
        (&["a|", "|a", "a|b|a|b", "a|b"], "string"),
        (&[" 12 ", "13"], "int Int(12)..Int(13)"),
        (&["", "5"], "int? Int(5)..Int(5)"),
        (&["1", "2", "NA"], "int? Int(1)..Int(2)"),
        (&["?", "-", "nan", "None", "#N/A", "2.5"], r#"decimal(18,1)? Str("2.5")..Str("2.5")"#),
        (&["NA", "None", "?", "unknown"], "string"),
        (&["a", "  ", "\\N", "NULL"], "string?"),
        (&["a@b.de", "c@d.org", "none"], "string pii"),
    ] {
        assert_eq!(show(&column("x", values)).trim_end(), expected, "{values:?}");
    }
}

#[test]
fn what_is_not_settled_stays_text_and_says_so() {
    check(
        &["01/02/2024", "03/04/2024"],
        expect![[r#"
            string
            CVM_CATALOG_TYPE: column `x` is taken as text, although it looks like dates: no value tells whether the day or the month comes first; set `day_first` to true (31/12/2024) or false (12/31/2024), or write dates as 2024-12-31
        "#]],
    );
    check(
        &["1,234", "5,678"],
        expect![[r#"
            string
            CVM_CATALOG_TYPE: column `x` is taken as text, although it looks like numbers: no value tells whether `,` groups thousands or begins the fraction; write numbers as 1234.56, or declare the column as string if it should stay text
        "#]],
    );
    check(
        &["", "", " "],
        expect![[r#"
            string?
            CVM_CATALOG_TYPE: column `x` has no values, so it is taken as text; declare its type if it will have values of another type
        "#]],
    );
    let mut values = vec!["7"; 60];
    values.extend(["10+", "seven"]);
    check(
        &values,
        expect![[r#"
            string of ["10+", "7", "seven"]
            CVM_CATALOG_TYPE: column `x` is taken as text: all but 2 of its 62 values are whole numbers, `10+` (line 62, row 61), `seven` (line 63, row 62) do not fit; if it should be int, fix these values, or declare its type as int to have them treated as bad rows
        "#]],
    );
    let mut values = vec!["75001"; 99];
    values.push("01000");
    check(
        &values,
        expect![[r#"
            string of ["01000", "75001"]
            CVM_CATALOG_TYPE: column `x` is taken as text: all but 1 of its 100 values are whole numbers, `01000` (line 101, row 100) does not fit; if it should be int, fix these values, or declare its type as int to have them treated as bad rows
        "#]],
    );
}

#[test]
fn whole_numbers_with_an_exponent_stay_whole() {
    check(
        &["99999", "1e+05", "100001"],
        expect![[r#"
            int Int(99999)..Int(100001)
            CVM_CATALOG_TYPE: column `x` has whole numbers written with an exponent, 1 in all: `1e+05` (line 3, row 2); if a spreadsheet wrote them, digits are lost: export the column again as text or as plain numbers
        "#]],
    );
    assert_eq!(column("x", &["99999", "1e+05", "100001"]).reader.read("1e+05"), Ok(Value::Int(100_000)));
}

#[test]
fn the_caller_can_settle_day_and_month() {
    for (day_first, expected) in [(true, "2024-02-01"), (false, "2024-01-02")] {
        let profile = ColumnProfile::new("x", &Rules::default().day_first(Some(day_first)));
        let column = observe(profile, ["01/02/2024"]);
        assert_eq!(column.reader.read("01/02/2024").map(|v| v.to_string()).as_deref(), Ok(expected));
    }
    // Evidence beats the caller's rule.
    let profile = ColumnProfile::new("x", &Rules::default().day_first(Some(true)));
    let column = observe(profile, ["01/02/2024", "01/31/2024"]);
    assert_eq!(column.reader.read("01/02/2024").map(|v| v.to_string()).as_deref(), Ok("2024-01-02"));
}

#[test]
fn bad_rows_need_a_thousand_values() {
    let mut values = vec!["7"; 5000];
    values[17] = "seven";
    values[4000] = "7 apples";
    check(
        &values,
        expect![[r#"
            int Int(7)..Int(7)
            CVM_BAD_ROWS: 2 of 5000 values in column `x` do not fit its type int: `seven` (line 19, row 18), `7 apples` (line 4002, row 4001); fix these rows, declare the column's type as string, or load with `on_bad_rows` = "skip" (drops these rows) or "missing" (makes these values missing)
        "#]],
    );
}

#[test]
fn declared_types_hold_whatever_comes() {
    let declared = |ty: &str, values: &[&str]| {
        let ty: FieldType = ty.parse().expect("a type");
        let column = observe(ColumnProfile::declared("x", ty, &Rules::default()), values.iter().copied());
        let read: Vec<String> =
            values.iter().map(|v| column.reader.read(v).map_or("bad".into(), |v| v.to_string())).collect();
        format!("{} {}", column.field.ty, read.join(" "))
    };
    for (ty, values, expected) in [
        ("bool", &["yes", "No", "1", "f", "TRUE", "maybe", ""][..], "bool true false true false true bad missing"),
        ("int", &["007", "5.0", "+3", "x", "-"], "int 7 5 3 bad missing"),
        ("string", &["007", "NA", " "], "string 007 NA missing"),
        ("date", &["20240131", "20241301", "NULL"], "date 2024-01-31 bad missing"),
        ("date", &["31/01/2024", "1/2/2024"], "date 2024-01-31 2024-02-01"),
        ("timestamp", &["2024-01-31", "2024-01-31 10:00"], "timestamp 2024-01-31T00:00:00Z 2024-01-31T10:00:00Z"),
        ("decimal(6,2)", &["1.5", "1.234", "99999", "1.230"], "decimal(6,2) 1.50 bad bad 1.23"),
        ("decimal(6,2)", &["1,5", "1e2", "12,25"], "decimal(6,2) 1.50 100.00 12.25"),
        ("float", &["1,5", "2", "nan"], "float 1.5 2 missing"),
        ("list<int>", &["1|2", "3", "[4]"], "list<int> [1, 2] [3] bad"),
        ("list<date>", &[r#"["2024-01-31"]"#, "[]"], "list<date> [2024-01-31] []"),
        ("json", &["{\"a\":[1]}", "5", "{"], "json {\"a\":[1]} 5 bad"),
    ] {
        assert_eq!(declared(ty, values), expected, "{ty} {values:?}");
    }
}

#[test]
fn a_declared_date_must_be_readable_in_one_way() {
    let profile = ColumnProfile::declared("joined", FieldType::Date, &Rules::default());
    let column = observe(profile, ["01/02/2024"]);
    assert!(column.findings.has_errors());
    expect![[r#"
        date Str("2024-02-01")..Str("2024-02-01")
        CVM_CATALOG_TYPE: column `joined` can't be read as date: no value tells whether the day or the month comes first; set `day_first` to true (31/12/2024) or false (12/31/2024), or write dates as 2024-12-31
    "#]]
    .assert_eq(&show(&column));
}

#[test]
fn enums_are_few_texts_that_recur() {
    let few: Vec<&str> = ["No", "Yes", "No"].into_iter().cycle().take(60).collect();
    assert_eq!(show(&column("Churn", &few)), "string of [\"No\", \"Yes\"]\n");
    // Three rows each prove nothing, personal data is not listed, and identifiers are too many.
    assert_eq!(show(&column("Churn", &few[..6])), "string\n");
    assert_eq!(show(&column("first_name", &few)), "string pii\n");
    let ids: Vec<String> = (0..5000).map(|i| format!("c{}", i % 100)).collect();
    assert_eq!(show(&column("x", &ids.iter().map(String::as_str).collect::<Vec<_>>())), "string\n");
}

#[test]
fn local_times_are_in_the_given_zone() {
    let paris = cvm_core::catalog::zone_by_name("Europe/Paris").expect("a zone");
    let column = observe(ColumnProfile::new("at", &Rules::new(&paris)), ["2024-07-01 12:00"]);
    let read = |text| column.reader.read(text).map(|v| v.to_string());
    assert_eq!(read("2024-07-01 12:00").as_deref(), Ok("2024-07-01T10:00:00Z"));
    assert_eq!(read("2024-07-01 12:00+00:00").as_deref(), Ok("2024-07-01T12:00:00Z"));
    assert_eq!(read("2024-03-31 02:30").as_deref(), Ok("2024-03-31T01:30:00Z"));
}

#[test]
fn more_spellings_of_missing() {
    let rules = Rules::default().nulls(["n.d.".to_owned()]);
    let column = observe(ColumnProfile::new("x", &rules), ["1", "n.d."]);
    assert_eq!(show(&column), "int? Int(1)..Int(1)\n");
    assert_eq!(column.reader.read("n.d."), Ok(Value::Missing));
}

fn format(bytes: &[u8]) -> String {
    match sniff(bytes) {
        Ok(f) => format!(
            "{:?} {:?} {}{}",
            char::from(f.delimiter),
            char::from(f.quote),
            f.encoding,
            if f.bom_len > 0 { format!(" bom {}", f.bom_len) } else { String::new() }
        ),
        Err(findings) => findings.to_string(),
    }
}

#[test]
fn formats() {
    let utf16 = |text: &str, big: bool| -> Vec<u8> {
        text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
    };
    for (bytes, expected) in [
        (b"a,b\n1,2\n".to_vec(), "',' '\"' utf-8"),
        (b"a;b\n1,5;2,5\n3,5;4,5\n".to_vec(), "';' '\"' utf-8"),
        (b"a,b\n\"1,5\",\"2,5\"\n\"3;5\",\"4;5\"\n".to_vec(), "',' '\"' utf-8"),
        (b"a\tb\n1\t2\n".to_vec(), "'\\t' '\"' utf-8"),
        (b"a|b\r\n1|2\r\n".to_vec(), "'|' '\"' utf-8"),
        (b"id,tags\n1,a|b\n2,b|c\n".to_vec(), "',' '\"' utf-8"),
        (b"name;note\n'a; b';'it''s'\n'c';'d'\n".to_vec(), "';' '\\'' utf-8"),
        (b"name,note\nO'Neil,it's\n".to_vec(), "',' '\"' utf-8"),
        (b"\xef\xbb\xbfa,b\n1,2\n".to_vec(), "',' '\"' utf-8 bom 3"),
        (b"name,city\nAndr\xe9,Paris\n".to_vec(), "',' '\"' windows-1252"),
        ([&b"\xff\xfe"[..], &utf16("a\tb\n1\t2\n", false)].concat(), "'\\t' '\"' utf-16le bom 2"),
        ([&b"\xfe\xff"[..], &utf16("a\tb\n1\t2\n", true)].concat(), "'\\t' '\"' utf-16be bom 2"),
        (utf16("name,b\nx,2\n", false), "',' '\"' utf-16le"),
        (b"name\nx\ny\n".to_vec(), "',' '\"' utf-8"),
        (b"comment\nhello, world\nfoo\n".to_vec(), "';' '\"' utf-8"),
        (b",id,x\n0,1,2\n".to_vec(), "',' '\"' utf-8"),
        (b"".to_vec(), "CVM_TABLE_SHAPE: the file is empty"),
        (b"\xef\xbb\xbf \n".to_vec(), "CVM_TABLE_SHAPE: the file is empty"),
        (
            b"\x1f\x8b\x08".to_vec(),
            "CVM_SOURCE_KIND: the file is gzip-compressed, not CSV; decompress it first: gunzip file.csv.gz",
        ),
    ] {
        assert_eq!(format(&bytes), expected, "{}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn a_file_without_names_is_refused_unless_said_so() {
    expect!["CVM_TABLE_SHAPE: the first row should have the names of the columns, but `31` is a value, not a name; add a row with names, or set `header` to false (the columns are then column_1, column_2, …) or to true if these are the names"]
        .assert_eq(&format(b"Anna,31\nBob,47\n"));
    expect!["CVM_TABLE_SHAPE: the first row should have the names of the columns, but `Paris` stands in the rows below, too; add a row with names, or set `header` to false (the columns are then column_1, column_2, …) or to true if these are the names"]
        .assert_eq(&format(b"Anna,Paris\nBob,Paris\n"));
    let hints = CsvHints { header: Some(false), ..CsvHints::default() };
    assert_eq!(sniff_with(b"Anna,31\n", &hints).map(|f| f.header), Ok(false));
    let hints = CsvHints { encoding: Some(Encoding::Windows1252), ..CsvHints::default() };
    assert_eq!(sniff_with(b"a,b\n", &hints).map(|f| f.encoding), Ok(Encoding::Windows1252));
}
