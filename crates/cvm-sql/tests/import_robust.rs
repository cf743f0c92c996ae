//! No text makes the import panic, hang or overflow, and whatever imports checks and evaluates.

#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout, reason = "tests may")]

#[path = "../../cvm-core/tests/common/population.rs"]
#[expect(dead_code, reason = "only some of it is used here")]
mod population;

use std::time::{Duration, Instant};

use cvm_core::{Code, Diagnostics, Filter, bind, check, evaluate};
use cvm_sql::{ImportDialect, from_sql};
use population::{as_of, catalog, row};
use proptest::prelude::*;
use proptest::sample::select;

/// Valid conditions over the random population, of every construct.
const VALID: &[&str] = &[
    "i > 3 AND (j IS NULL OR j <> 4) OR NOT (i BETWEEN 1 AND 5)",
    "s LIKE 'a!%b%' ESCAPE '!' AND t NOT ILIKE '%x' OR s ~ '^[a-c]+$'",
    "tags && ARRAY['vip', 'new'] AND 'vip' = ANY(tags) OR cardinality(tags) >= 2",
    "d >= '100.00' AND e + 0 < 3 OR x = 0.1 OR y IN (1e300, 2, NULL)",
    "at >= TIMESTAMP '2024-02-29 21:30:00+00' AND day = DATE '2024-02-29' OR seen < now() - interval '90 days'",
    "CASE WHEN b THEN i WHEN i > 2 THEN j ELSE 3 END > COALESCE(i, j, 0) AND NULLIF(i, 3) IS NOT NULL",
    "json ->> 'tier' = 'gold' AND lower(s) = 'abc' AND starts_with(t, 'x') AND strpos(s, 'a') > 0",
    "SELECT c.id FROM customers AS c WHERE c.i = 1 AND c.\"s\" IN ('a', 'b') ORDER BY c.id",
    "list_has_any(tags, ['vip']) AND left(s, 2) = 'ab' AND substr(s, 1, 3) <> 'abc' AND length(t) > 2",
    "(b = TRUE) = FALSE AND b IS NOT TRUE AND (i > 1) IS UNKNOWN AND (i IS DISTINCT FROM j)",
    "EXISTS (SELECT 1 FROM json_each(c.tags) AS j WHERE j.value IN ('vip'))",
    "JSON_OVERLAPS(tags, '[\"vip\"]') AND CAST(CONVERT(s USING utf8mb4) AS BINARY) = 'a'",
    "i::bigint = 3 AND CAST('5' AS int) = i AND -i < +4 AND 2 * i - 3 > 7",
];

const WORDS: &[&str] = &[
    "i",
    "j",
    "s",
    "b",
    "d",
    "at",
    "day",
    "tags",
    "json",
    "c",
    ".",
    "(",
    ")",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    "'a'",
    "'",
    "\"s\"",
    "\"",
    "`",
    "1",
    "2.5",
    "1e400",
    "-",
    "+",
    "*",
    "/",
    "%",
    "||",
    "&&",
    "@>",
    "->",
    "->>",
    "::",
    ":",
    ";",
    "=",
    "<>",
    "<",
    ">=",
    "<=>",
    "~",
    "!",
    "?",
    "$1",
    "AND",
    "OR",
    "NOT",
    "NOT",
    "IS",
    "NULL",
    "TRUE",
    "FALSE",
    "UNKNOWN",
    "DISTINCT",
    "FROM",
    "IN",
    "BETWEEN",
    "LIKE",
    "ILIKE",
    "ESCAPE",
    "CASE",
    "WHEN",
    "THEN",
    "ELSE",
    "END",
    "CAST",
    "AS",
    "INT",
    "DATE",
    "TIMESTAMP",
    "INTERVAL",
    "'1 day'",
    "DAY",
    "EXTRACT",
    "COALESCE",
    "NULLIF",
    "now",
    "lower",
    "SELECT",
    "WHERE",
    "GROUP",
    "BY",
    "LIMIT",
    "ARRAY",
    "STRUCT",
    "MAP",
    "EXISTS",
    "ANY",
    "ALL",
    "UNNEST",
    "BINARY",
    "COLLATE",
    "CONVERT",
    "USING",
    "POSITION",
    "SUBSTRING",
    "FOR",
    "TRIM",
    "OVERLAY",
    "PLACING",
    "WITH",
    "VALUES",
    "JOIN",
    "ON",
    "UNION",
    "LATERAL",
    "\\",
    "E'\\x'",
    "N'x'",
    "X'ff'",
    "$$",
    "--",
    "/*",
    "*/",
    "\u{e9}",
    "\u{1f980}",
    "\n",
    "\t",
    "\0",
    "<",
];

/// Imports with and without the catalog; what imports must check and evaluate.
fn sound(text: &str, dialect: ImportDialect) -> Option<Filter> {
    let catalog = catalog();
    let _ = from_sql(text, Some(dialect), None);
    match from_sql(text, Some(dialect), Some(&catalog)) {
        Ok(filter) => {
            check(&filter, &catalog).unwrap_or_else(|found| panic!("{text}: {found}"));
            let predicate = bind(&filter, &catalog, as_of()).unwrap_or_else(|found| panic!("{text}: {found}"));
            let missing = vec![cvm_core::Value::Missing; catalog.customers.fields.len()];
            let _ = evaluate(&predicate, &missing);
            Some(filter)
        }
        Err(found) => {
            assert!(found.has_errors(), "{text}");
            for finding in found.iter() {
                if let Some(span) = finding.span {
                    assert!(span.start <= span.end && span.end <= text.len(), "{text}: {finding}");
                    assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end), "{text}: {finding}");
                }
            }
            None
        }
    }
}

fn dialects() -> impl Strategy<Value = ImportDialect> {
    select(ImportDialect::ALL)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in any::<String>(), dialect in dialects()) {
        sound(&text, dialect);
    }

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..80), dialect in dialects()) {
        sound(&String::from_utf8_lossy(&bytes), dialect);
    }

    #[test]
    fn any_words(words in proptest::collection::vec(select(WORDS), 0..30), dialect in dialects()) {
        sound(&words.join(" "), dialect);
    }

    #[test]
    fn valid_texts_with_a_few_words_changed(
        text in select(VALID),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), select(WORDS), 0..3_u8), 0..4),
        dialect in dialects(),
    ) {
        let mut words: Vec<&str> = text.split(' ').collect();
        for (at, word, kind) in &changes {
            let at = at.index(words.len());
            match kind {
                0 => words.insert(at, word),
                1 if words.len() > 1 => { words.remove(at); }
                _ => if let Some(old) = words.get_mut(at) { *old = word },
            }
        }
        sound(&words.join(" "), dialect);
    }

    #[test]
    fn valid_texts_cut_anywhere(text in select(VALID), from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>(), dialect in dialects()) {
        let (from, to) = (from.index(text.len()), to.index(text.len()));
        if let Some(part) = text.get(from.min(to)..from.max(to)) {
            sound(part, dialect);
        }
    }

    #[test]
    fn what_imports_evaluates_on_any_row(text in select(VALID), dialect in dialects(), row in row()) {
        let catalog = catalog();
        if let Ok(filter) = from_sql(text, Some(dialect), Some(&catalog)) {
            let predicate = bind(&filter, &catalog, as_of()).expect("it was checked");
            let opposite = bind(&!filter, &catalog, as_of()).expect("it was checked");
            prop_assert_ne!(evaluate(&predicate, &row), evaluate(&opposite, &row));
        }
    }
}

/// Imports in time: a text that doubles its work with each level would not come back.
fn in_time(what: &str, text: &str) -> Result<Filter, Diagnostics> {
    let mut last = Err(Diagnostics::default());
    // Long texts take their time in a build for tests: the dialects that differ most stand for the others.
    const SOME: &[ImportDialect] =
        &[ImportDialect::PostgreSql, ImportDialect::MySql, ImportDialect::Snowflake, ImportDialect::Generic];
    let dialects = if text.len() > 200 { SOME } else { ImportDialect::ALL };
    for dialect in dialects {
        let start = Instant::now();

        last = from_sql(text, Some(*dialect), Some(&catalog()));
        let took = start.elapsed();
        assert!(took < Duration::from_secs(20), "{what} takes {dialect} {took:?}");
        if took > Duration::from_secs(2) {
            println!("{what} takes {dialect} {took:?}");
        }
    }
    last
}

#[test]
fn long_chains() {
    let chain = |term: &dyn Fn(usize) -> String, word: &str, n: usize| {
        (0..n).map(term).collect::<Vec<_>>().join(&format!(" {word} "))
    };
    let same = chain(&|i| format!("i = {i}"), "OR", 50_000);
    let filter = in_time("a chain of one field", &same).expect("fifty thousand values are one list");
    assert_eq!(filter.leaf_count(), 1);
    let not = chain(&|i| format!("i <> {i}"), "AND", 50_000);
    assert_eq!(in_time("a chain of AND", &not).expect("one list").leaf_count(), 1);
    let list = format!("i IN ({})", chain(&|i| i.to_string(), ",", 50_000));
    assert_eq!(in_time("a list", &list).expect("one list").leaf_count(), 1);
    let many = chain(&|i| format!("i > {i}"), "OR", 50_000);
    let found = in_time("a chain of conditions that are not one", &many).expect_err("more nodes than a filter has");
    assert_eq!(found.0.first().map(|finding| finding.code), Some(Code::SizeLimit));
    for (what, text) in [
        ("a sum", format!("{} > 3", chain(&|_| "i".to_owned(), "+", 50_000))),
        ("a chain of comparisons", chain(&|_| "i".to_owned(), "=", 50_000)),
        ("a chain of IS NULL", format!("i {}", "IS NULL ".repeat(50_000))),
        ("a chain of casts", format!("i{} = 1", "::int".repeat(50_000))),
        ("a chain of texts", format!("{} = s", chain(&|_| "'a'".to_owned(), "||", 50_000))),
        ("a chain that breaks off", format!("{} OR )", chain(&|_| "i".to_owned(), "OR", 50_000))),
        ("a chain of LIKE", format!("s {}", "LIKE 'a' ".repeat(20_000))),
        ("a chain of BETWEEN", format!("i {}", "BETWEEN 1 AND 2 ".repeat(20_000))),
        ("a long name", "i".repeat(1_000_000)),
        ("a long text", format!("s = '{}'", "x".repeat(1_000_000))),
        ("many lines", "\n".repeat(1_000_000)),
        ("a long path", format!("{} = 1", chain(&|_| "i".to_owned(), ".", 50_000))),
        ("many subscripts", format!("i{} = 1", "[1]".repeat(50_000))),
        ("many semicolons", format!("i = 1 {}", ";".repeat(100_000))),
    ] {
        let _ = in_time(what, &text);
    }
}

#[test]
fn deep_nesting() {
    for depth in [5, 20, 60, 5_000] {
        let open = |word: &str| word.repeat(depth);
        let close = |word: &str| word.repeat(depth);
        for (what, text) in [
            ("parentheses", format!("{}i = 1{}", open("("), close(")"))),
            ("parentheses without end", open("(")),
            ("brackets without end", open("[")),
            ("NOT", format!("{} b", open("NOT "))),
            ("NOT with parentheses", format!("{}b{}", open("NOT ("), close(")"))),
            ("minus", format!("{}i > 1", open("- "))),
            ("plus", format!("{}1 < i", open("+ "))),
            ("CASE", format!("{} b {}", open("CASE WHEN "), close(" THEN TRUE END"))),
            ("CASE without end", open("CASE WHEN ")),
            ("CASE in the ELSE", format!("{} i {} = 1", open("CASE WHEN b THEN 1 ELSE "), close(" END"))),
            ("CAST without end", open("CAST(")),
            ("CAST", format!("{}i{} = 1", open("CAST("), close(" AS int)"))),
            ("EXTRACT without end", open("EXTRACT(DAY FROM ")),
            ("TRIM without end", open("TRIM(")),
            ("functions", format!("{}i{} = 1", open("coalesce("), close(")"))),
            ("functions without end", open("f(")),
            ("queries", format!("{}1{}", open("i IN (SELECT "), close(")"))),
            ("queries without end", open("(SELECT * FROM (")),
            ("tables without end", format!("SELECT * FROM {}", open("("))),
            ("tables", format!("SELECT * FROM {}t{} WHERE i = 1", open("("), close(")"))),
            ("EXISTS", format!("{}1{}", open("EXISTS (SELECT "), close(")"))),
            ("WITH", open("WITH a AS (")),
            ("ARRAY", format!("{}1{} = i", open("ARRAY["), close("]"))),
            ("types", format!("CAST(i AS {}int{}) = 1", open("ARRAY<"), close(">"))),
            ("types in parentheses", format!("CAST(i AS {}int{}) = 1", open("Nullable("), close(")"))),
            ("types of maps", format!("i::{}", open("MAP(int, "))),
            ("structs", format!("{}1{} = i", open("STRUCT("), close(")"))),
            ("dictionaries", format!("{}1{} = i", open("{'a': "), close("}"))),
            ("lambdas", format!("f({}1)", open("x -> "))),
            ("intervals", format!("{} '1' DAY", open("INTERVAL "))),
            ("BINARY", format!("{} s = 'a'", open("BINARY "))),
            ("IN", format!("{}1{}", open("i IN ("), close(")"))),
            ("BETWEEN", open("i BETWEEN ")),
            ("LIKE", open("s LIKE ")),
            ("PRIOR", format!("{} i = 1", open("PRIOR "))),
            ("DATE", format!("{} '2024-01-01'", open("DATE "))),
            ("AND and OR", format!("{}b{}", open("(b AND (b OR "), close("))"))),
            ("equal conditions", format!("{}b{}", open("((b = TRUE) = "), close(")"))),
            ("distinct conditions", format!("{}b{}", open("((b IS NULL) = "), close(")"))),
            ("UNION", open("SELECT 1 UNION ")),
            ("VALUES", open("VALUES (")),
            ("comments", open("/*")),
        ] {
            if text.len() <= 1 << 20 {
                let _ = in_time(&format!("{what}, {depth} deep,"), &text);
            }
        }
    }
}

#[test]
fn cases_that_multiply() {
    // Each level doubles what must be said.
    let mut text = "b".to_owned();
    for _ in 0..40 {
        text = format!("(({text}) = (i > 1))");
    }
    let found = in_time("equal conditions", &text).expect_err("too large");
    assert_eq!(found.0.first().map(|finding| finding.code), Some(Code::SizeLimit));
    let coalesce =
        format!("COALESCE({}) = COALESCE({})", "NULLIF(i, 1), ".repeat(60) + "1", "NULLIF(j, 1), ".repeat(60) + "1");
    let _ = in_time("values that depend on conditions", &coalesce);
    let cases = (0..300).map(|n| format!("WHEN i = {n} THEN {n}")).collect::<Vec<_>>().join(" ");
    let _ = in_time("a CASE of many branches", &format!("CASE {cases} END = CASE {cases} END"));
}
