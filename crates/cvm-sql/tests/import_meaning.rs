//! What imports has the meaning that SQL gives it: random conditions and the fold corpus, compared with an evaluator of
//! three-valued logic over rows with nulls.

#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout, reason = "tests may")]

#[path = "common/sql_reference.rs"]
mod reference;

use cvm_core::{Catalog, Timestamp, Value, bind, evaluate};
use cvm_sql::{ImportDialect, from_sql};
use reference::{Row, Rules, V, eval};
use sqlparser::ast::Expr;
use sqlparser::dialect::{Dialect, GenericDialect, MySqlDialect, SQLiteDialect};
use sqlparser::parser::Parser;

fn catalog() -> Catalog {
    Catalog::from_json(
        r#"{"customers": {"table": "t", "key": "id", "fields": [
            {"name": "id", "type": "int", "nullable": false},
            {"name": "x", "type": "int"}, {"name": "y", "type": "int"},
            {"name": "s", "type": "string"}, {"name": "u", "type": "string"},
            {"name": "b", "type": "bool"}, {"name": "c", "type": "bool"},
            {"name": "n", "type": "int", "nullable": false}]}}"#,
    )
    .expect("a valid catalog")
}

const FIELDS: [&str; 8] = ["id", "x", "y", "s", "u", "b", "c", "n"];
const INTS: [i64; 7] = [1, 2, 3, 5, 6, 7, 9];
const TEXTS: [&str; 16] =
    ["", "a", "A", "ab", "abc", "Ab", "aB", "b", "%", "_", "a%", "a_c", "a\nb", "xbc", "\\", "ba"];

/// A small generator: the same numbers from the same seed, everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).expect("53 bits") % n
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    fn int(&mut self) -> String {
        match self.below(9) {
            0..=3 => self.one(&["x", "y", "n", "x"]).to_owned(),
            4..=7 => INTS[self.below(7)].to_string(),
            _ => "NULL".to_owned(),
        }
    }

    /// A whole number: a column, a constant, arithmetic, a value that depends on conditions.
    fn number(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.int();
        }
        let below = depth - 1;
        match self.below(14) {
            0 => format!("({} + {})", self.one(&["x", "y", "n"]), INTS[self.below(7)]),
            1 => format!("({} - {})", INTS[self.below(7)], self.one(&["x", "y"])),
            2 => format!("(x * {} - {})", self.one(&["2", "-3"]), INTS[self.below(7)]),
            3 => format!("COALESCE({}, {})", self.number(below), self.int()),
            4 => format!("NULLIF({}, {})", self.int(), self.int()),
            5 => format!("CASE WHEN {} THEN {} ELSE {} END", self.condition(below), self.number(below), self.int()),
            6 => format!(
                "CASE {} WHEN {} THEN {} WHEN {} THEN {} END",
                self.int(),
                self.int(),
                self.int(),
                self.int(),
                self.int()
            ),
            7 => format!("-({})", self.int()),
            8 => format!("char_length({})", self.one(&["s", "u"])),
            _ => self.int(),
        }
    }

    fn literal(&mut self) -> String {
        let text = TEXTS[self.below(TEXTS.len())];
        // Backslashes mean something in the literals of some dialects.
        format!("'{}'", text.replace('\\', "b"))
    }

    fn text(&mut self) -> String {
        match self.below(10) {
            0..=5 => self.one(&["s", "u"]).to_owned(),
            6 => format!("COALESCE({}, {})", self.one(&["s", "u"]), self.literal()),
            7 => format!("CASE WHEN {} THEN s ELSE {} END", self.condition(0), self.literal()),
            8 => "NULL".to_owned(),
            _ => self.literal(),
        }
    }

    fn pattern(&mut self) -> String {
        (0..=self.below(4)).map(|_| self.one(&["a", "b", "%", "_", "A", "c", "!%", "%"])).collect()
    }

    fn condition(&mut self, depth: usize) -> String {
        const CMP: [&str; 7] = ["=", "<>", "<", "<=", ">", ">=", "="];
        if depth > 0 {
            let below = depth - 1;
            match self.below(22) {
                0..=3 => return format!("({} AND {})", self.condition(below), self.condition(below)),
                4..=7 => return format!("({} OR {})", self.condition(below), self.condition(below)),
                8..=10 => return format!("NOT ({})", self.condition(below)),
                11 => {
                    let is = self.one(&[
                        "TRUE",
                        "FALSE",
                        "UNKNOWN",
                        "NULL",
                        "NOT TRUE",
                        "NOT FALSE",
                        "NOT UNKNOWN",
                        "NOT NULL",
                    ]);
                    return format!("(({}) IS {is})", self.condition(below));
                }
                12 => return format!("(({}) {} ({}))", self.condition(below), self.one(&CMP), self.condition(below)),
                13 => return format!("COALESCE({}, {})", self.condition(below), self.one(&["TRUE", "FALSE", "b"])),
                14 => {
                    return format!(
                        "CASE WHEN {} THEN {} WHEN {} THEN b ELSE {} END",
                        self.condition(below),
                        self.condition(below),
                        self.condition(0),
                        self.one(&["TRUE", "NULL", "c", "FALSE"])
                    );
                }
                15 => {
                    return format!(
                        "(({}) IS {}DISTINCT FROM {})",
                        self.condition(below),
                        self.one(&["", "NOT "]),
                        self.one(&["b", "TRUE", "NULL"])
                    );
                }
                _ => {}
            }
        }
        let not = self.one(&["", "", "NOT "]);
        match self.below(20) {
            0..=4 => format!("{} {} {}", self.number(depth), self.one(&CMP), self.number(depth)),
            5 => format!("{} {not}BETWEEN {} AND {}", self.number(depth), self.int(), self.int()),
            6 => format!("{} {not}IN ({}, {}, {})", self.number(depth), self.int(), self.int(), self.int()),
            7 => format!("{} IS {not}NULL", self.number(depth)),
            8 => format!("({} IS {not}DISTINCT FROM {})", self.number(depth), self.int()),
            9 => format!("{} {} {}", self.one(&["s", "u"]), self.one(&CMP), self.text()),
            10 => format!(
                "{} {not}IN ({}, {})",
                self.text(),
                self.one(&["s", "'a'", "NULL"]),
                self.one(&["'ab'", "'A'", "u"])
            ),
            11 | 12 => format!("{} {not}LIKE '{}' ESCAPE '!'", self.one(&["s", "u"]), self.pattern()),
            13 => format!("{} {not}LIKE '{}'", self.one(&["s", "u"]), self.pattern().replace('!', "")),
            14 => format!("left(s, {}) {} {}", 1 + self.below(3), self.one(&["=", "<>"]), self.literal()),
            15 => format!("strpos(s, {}) {} 0", self.one(&["'a'", "'b'", "'ab'"]), self.one(&[">", "=", "<>"])),
            16 => format!("lower({}) = {}", self.one(&["s", "u"]), self.one(&["'ab'", "'a'", "'Ab'", "'abc'"])),
            17 => format!("starts_with(u, {})", self.one(&["'a'", "'ab'", "''", "NULL"])),
            _ => self
                .one(&[
                    "b",
                    "c",
                    "TRUE",
                    "FALSE",
                    "NULL",
                    "b = TRUE",
                    "c <> FALSE",
                    "b < c",
                    "b >= c",
                    "(b IS NOT DISTINCT FROM c)",
                ])
                .to_owned(),
        }
    }

    fn row(&mut self) -> Row {
        let mut int = || if self.below(5) == 0 { V::Null } else { V::Int(INTS[self.below(7)]) };
        let (x, y) = (int(), int());
        let n = V::Int(INTS[self.below(7)]);
        let mut text = || if self.below(5) == 0 { V::Null } else { V::Text(TEXTS[self.below(TEXTS.len())].to_owned()) };
        let (s, u) = (text(), text());
        let mut boolean = || match self.below(3) {
            0 => V::Null,
            other => V::Bool(other == 1),
        };
        let (b, c) = (boolean(), boolean());
        Row::from([("id", V::Int(1)), ("x", x), ("y", y), ("s", s), ("u", u), ("b", b), ("c", c), ("n", n)])
    }
}

fn values(row: &Row) -> Vec<Value> {
    FIELDS
        .iter()
        .map(|name| match &row[name] {
            V::Null => Value::Missing,
            V::Bool(b) => Value::Bool(*b),
            V::Int(i) => Value::Int(*i),
            V::Text(s) => Value::Str(s.clone()),
        })
        .collect()
}

fn parsed(sql: &str, dialect: &dyn Dialect) -> Expr {
    let mut parser = Parser::new(dialect).with_recursion_limit(500).try_with_sql(sql).expect("tokens");
    parser.parse_expr().unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// Imports a condition and compares it over rows; `None` where it is refused.
fn agrees(sql: &str, dialect: ImportDialect, rules: Rules, parser: &dyn Dialect, rows: &[Row]) -> Option<usize> {
    let catalog = catalog();
    let filter = from_sql(sql, Some(dialect), Some(&catalog)).ok()?;
    let as_of = Timestamp::from_micros(0).expect("1970");
    let predicate = bind(&filter, &catalog, as_of).unwrap_or_else(|found| panic!("{sql} became {filter}: {found}"));
    let expr = parsed(sql, parser);
    for row in rows {
        let expected = eval(&expr, row, rules).unwrap_or_else(|error| panic!("{sql} became {filter}, but {error}"));
        let selected = evaluate(&predicate, &values(row));
        assert_eq!(selected, expected == V::Bool(true), "{dialect}: {sql}\nbecame {filter}\n{row:?}\nis {expected:?}");
    }
    Some(rows.len())
}

fn random(dialect: ImportDialect, rules: Rules, parser: &dyn Dialect, conditions: usize, seed: u64) {
    let mut random = Random(seed);
    let (mut pairs, mut accepted) = (0, 0);
    for i in 0..conditions {
        let sql = random.condition(i % 4);
        let rows: Vec<Row> = (0..24).map(|_| random.row()).collect();
        if let Some(compared) = agrees(&sql, dialect, rules, parser, &rows) {
            pairs += compared;
            accepted += 1;
        }
    }
    println!("{dialect}: {accepted} of {conditions} conditions import, {pairs} rows agree (seed {seed})");
    assert!(accepted * 10 > conditions * 6, "only {accepted} of {conditions} conditions import into {dialect}");
}

#[test]
fn random_conditions_of_postgresql() {
    let rules = Rules { like_escape: Some('\\'), like_folds_ascii: false };
    random(ImportDialect::PostgreSql, rules, &GenericDialect {}, 4_000, 7);
}

#[test]
fn random_conditions_of_mysql() {
    let rules = Rules { like_escape: Some('\\'), like_folds_ascii: false };
    random(ImportDialect::MySql, rules, &MySqlDialect {}, 2_000, 11);
}

#[test]
fn random_conditions_of_sqlite() {
    let rules = Rules { like_escape: None, like_folds_ascii: true };
    random(ImportDialect::Sqlite, rules, &SQLiteDialect {}, 2_000, 13);
}

#[test]
fn random_conditions_of_duckdb() {
    let rules = Rules { like_escape: None, like_folds_ascii: false };
    random(ImportDialect::DuckDb, rules, &GenericDialect {}, 2_000, 17);
}

/// The predicates of the fold corpus, kept here too so that they are always looked at.
const FOLD: &[&str] = &[
    "x < 1 AND x > 5",
    "x = 1 AND x = 2",
    "x = 3 AND x IN (1,2)",
    "x IN (1,2) OR x = 3",
    "x IN (1,2,3) AND x IN (2,3,4)",
    "x IN (1,2) AND x NOT IN (2)",
    "x BETWEEN 1 AND 5 OR x BETWEEN 4 AND 9",
    "x >= 1 OR x < 1",
    "x = 3 OR x <> 3",
    "n >= 1 OR n < 1",
    "x IS NULL OR x IS NOT NULL",
    "x > 1 AND x IS NOT NULL",
    "x IS NULL AND x = 1",
    "x > 1 AND x IS NULL",
    "n IS NULL",
    "n IS NOT NULL AND x = 1",
    "(x > 1 AND y > 1) OR (x > 1 AND y < 0)",
    "x > 1 AND (x > 1 OR y = 2)",
    "x > 5 AND (x > 3 OR y = 2)",
    "x = 1 AND (x = 2 OR y = 2)",
    "(x = 1 AND y = 2) OR (x = 1 AND y <> 2 AND y IS NOT NULL)",
    "x BETWEEN 5 AND 1",
    "NOT (x BETWEEN 5 AND 1)",
    "NOT (x < 1 AND x > 5)",
    "x > 5 AND x < 7",
    "x > 5 AND x < 7 AND x <> 6",
    "x >= 3 AND x <= 3",
    "s LIKE '%'",
    "s LIKE 'a'",
    "s LIKE 'ab%' AND s LIKE 'a%'",
    "s = 'abc' AND s LIKE 'a%'",
    "s = 'xbc' AND s LIKE 'a%'",
    "x <> 3 AND x <> 3 AND x <> 5",
    "x = 1 OR x = 2 OR x = 3 OR x = 2",
    "x NOT IN (1, NULL)",
    "x IN (1, NULL)",
    "x = NULL",
    "NOT (x = NULL)",
    "b AND NOT b",
    "b OR NOT b",
    "x > 1 AND y > x AND y > 1",
    "x + 1 > 5",
    "x > 1 OR x > 3",
    "x > 1 AND x > 3",
    "x IN (1)",
    "(x = 1 OR x = 2) AND (x = 2 OR x = 3)",
    "x <= 5 AND x IN (1,3,7,9)",
    "x <= 5 AND x NOT IN (1,7)",
    "(x > 1 AND y = 1) OR x > 1",
    "b = TRUE",
    "(b = TRUE) = FALSE",
    "NOT (NOT (x > 1))",
    "x > 1 AND y = 2 AND x > 1",
    "(x = 1 AND y = 1) OR (x = 1 AND y = 2) OR (x = 1 AND y = 3)",
];

fn every_row() -> Vec<Row> {
    let mut random = Random(3);
    (0..4_000).map(|_| random.row()).collect()
}

fn corpus(predicates: &[String]) {
    let rows = every_row();
    let rules = Rules { like_escape: Some('\\'), like_folds_ascii: false };
    for sql in predicates {
        for dialect in [ImportDialect::Generic, ImportDialect::PostgreSql, ImportDialect::MySql] {
            agrees(sql, dialect, rules, &GenericDialect {}, &rows).unwrap_or_else(|| panic!("{sql} is refused"));
        }
    }
}

#[test]
fn every_predicate_of_the_fold_corpus_imports_with_its_meaning() {
    assert_eq!(FOLD.len(), 54);
    corpus(&FOLD.iter().map(|sql| (*sql).to_owned()).collect::<Vec<_>>());
}

#[test]
fn the_fold_corpus_as_it_is_kept() {
    let folder =
        std::env::var("CVM_SHARED").unwrap_or_else(|_| format!("{}/../../../shared", env!("CARGO_MANIFEST_DIR")));
    let Ok(text) = std::fs::read_to_string(format!("{folder}/cases/fold.jsonl")) else {
        println!("SKIPPED: no fold corpus in `{folder}`; set CVM_SHARED to the folder that has cases/fold.jsonl");
        return;
    };
    let cases = text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let predicates: Vec<String> = cases.filter_map(|case| Some(case.get("sql")?.as_str()?.to_owned())).collect();
    assert_eq!(predicates.len(), 54, "the corpus has another size");
    corpus(&predicates);
}

/// Where people, and other importers, go wrong.
#[test]
fn nasty_conditions() {
    let rows = every_row();
    let rules = Rules { like_escape: Some('\\'), like_folds_ascii: false };
    for sql in [
        "NOT (x IN (1, NULL))",
        "NOT (x NOT IN (1, NULL))",
        "NOT (x BETWEEN NULL AND 5)",
        "x NOT BETWEEN 3 AND NULL",
        "x BETWEEN y AND n",
        "NOT (x = y OR x IS NULL)",
        "(x = 1) IS NULL",
        "(x = 1 AND y = 2) IS UNKNOWN",
        "((x > 1) = (y > 1)) IS NOT TRUE",
        "(x > 1) <> (y > 1)",
        "(x IS NULL) = (y IS NULL)",
        "x IS DISTINCT FROM y",
        "NOT (x IS DISTINCT FROM NULL)",
        "CASE WHEN x > 3 THEN y > 3 END",
        "NOT CASE WHEN x > 3 THEN y > 3 END",
        "CASE x WHEN NULL THEN TRUE ELSE FALSE END",
        "CASE x WHEN 1 THEN 'a' WHEN 2 THEN s END = 'a'",
        "COALESCE(x, y, 0) >= 5",
        "COALESCE(x, y) IS NULL",
        "COALESCE(x > 3, y > 3, FALSE)",
        "NULLIF(x, y) = 3",
        "NULLIF(x, 3) IS NULL",
        "NOT (COALESCE(b, c))",
        "x + 1 > 5 AND 3 - x < 1 AND 2 * x <> 6",
        "-x < -3",
        "2 * x = 7",
        "NOT (2 * x = 7)",
        "x - 9223372036854775807 > 0",
        "1 = 1 AND x = 1",
        "1 = 0 OR x = 1",
        "1 = NULL OR x = 1",
        "NOT (1 = NULL AND x = 1)",
        "NULL",
        "NOT NULL",
        "NULL IS NULL",
        "NULL AND b",
        "NOT (NULL OR b)",
        "b < TRUE",
        "b <= c",
        "TRUE > b",
        "x = 1 OR x = y OR x = n OR x = NULL",
        "s LIKE '%a%' AND s NOT LIKE '_'",
        "s LIKE 'a_' OR NOT (s LIKE '%')",
        "s LIKE NULL",
        "s LIKE ''",
        "s LIKE '!%' ESCAPE '!'",
        "NOT (s LIKE '%!_%' ESCAPE '!')",
        "s LIKE '%%a%%b%%'",
        "s IN ('a', 'ab', NULL) OR s IS NULL",
        "s NOT IN ('a', u)",
        "s < u AND s >= 'a'",
        "s || '' = 'x' OR TRUE",
        "lower(s) = 'ab' AND NOT (lower(u) = 'Ab')",
        "lower(s) IN ('a', 'ab')",
        "char_length(s) BETWEEN 1 AND 2",
        "left(s, 2) = 'a' OR right(s, 1) = 'b'",
        "strpos(s, 'b') = 1 OR NOT (strpos(s, 'a') > 0)",
        "CASE WHEN x = 1 THEN 1 ELSE 0 END + CASE WHEN y = 1 THEN 1 ELSE 0 END + CASE WHEN b THEN 1 ELSE 0 END >= 2",
        "CASE WHEN x = 1 THEN 1 ELSE 0 END + CASE WHEN y > 1 THEN 1 ELSE 0 END = 1",
        "CASE WHEN x = 1 THEN 1 ELSE 0 END + CASE WHEN y > 1 THEN 1 ELSE 0 END <> 1",
        "CASE WHEN x > 1 THEN x ELSE y END = CASE WHEN y > 1 THEN y ELSE n END",
    ] {
        let imported = agrees(sql, ImportDialect::PostgreSql, rules, &GenericDialect {}, &rows);
        // The only one that is refused: a column in a sum of texts.
        assert_eq!(
            imported.is_none(),
            sql.contains("||"),
            "{sql}: {:?}",
            from_sql(sql, Some(ImportDialect::PostgreSql), Some(&catalog()))
        );
    }
}
