//! Regular expressions of databases: only what means the same in the filter's portable patterns.

use cvm_core::filter::Case;

use super::dialect::ImportDialect as D;
use super::eval::Importer;
use super::like::ANY_CHARACTER;
use super::scope::Column;
use super::source::refused;
use super::truth::Truth;
use super::{Found, ImportDialect};

/// What a dialect's engine makes of the parts in which engines differ; `None` is refused.
struct Engine {
    /// The pattern for its `.`.
    dot: Option<&'static str>,
    /// Whether `$` is the very end of the text.
    dollar: bool,
    /// Which of `\d`, `\w`, `\s` mean ASCII, and the same ones.
    classes: &'static str,
}

fn engine(dialect: ImportDialect) -> Option<Engine> {
    Some(match dialect {
        // A dot takes line feeds too.
        D::PostgreSql | D::Redshift => Engine { dot: Some(ANY_CHARACTER), dollar: true, classes: "" },
        // RE2: its `\s` leaves out the vertical tab.
        D::DuckDb | D::ClickHouse | D::BigQuery => Engine { dot: None, dollar: true, classes: "dw" },
        D::DataFusion => Engine { dot: Some("."), dollar: true, classes: "" },
        // ICU and Java: `$` also stands before a last line feed, `.` leaves out more than that.
        D::MySql | D::MariaDb => Engine { dot: None, dollar: false, classes: "" },
        D::Spark | D::Databricks | D::Hive => Engine { dot: None, dollar: false, classes: "dws" },
        D::Generic => Engine { dot: None, dollar: true, classes: "" },
        _ => return None,
    })
}

/// The portable pattern of the same meaning, or why there is none.
fn translate(source: &str, dialect: ImportDialect) -> Result<String, String> {
    let Some(engine) = engine(dialect) else { return Err(format!("{dialect} has its own kind of patterns")) };
    // MySQL asks for case to matter in this way.
    let source = if dialect.is_mysql() { source.strip_prefix("(?-i)").unwrap_or(source) } else { source };
    let mut out = String::new();
    let mut chars = source.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('z') if !dialect.is_postgres() => out.push('$'),
                Some(letter @ ('d' | 'w' | 's')) if engine.classes.contains(letter) => out.extend(['\\', letter]),
                Some(sign) if sign.is_ascii_punctuation() => out.extend(['\\', sign]),
                Some(other) => return Err(format!("`\\{other}` does not mean the same everywhere")),
                None => return Err("it ends with a backslash".to_owned()),
            },
            '.' => out.push_str(engine.dot.ok_or("`.` leaves out other characters than a filter's does")?),
            '$' if !engine.dollar => return Err("`$` also stands before a last line feed: write `\\z`".to_owned()),
            '[' => class(&mut chars, &engine, &mut out)?,
            '(' => {
                out.push('(');
                if chars.peek() == Some(&'?') {
                    chars.next();
                    if chars.next() != Some(':') {
                        return Err("only groups without flags, names and looking around are portable".to_owned());
                    }
                    out.push_str("?:");
                }
            }
            other => out.push(other),
        }
    }
    Ok(out)
}

/// A class in brackets, the opening one read already.
fn class(
    chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
    engine: &Engine,
    out: &mut String,
) -> Result<(), String> {
    out.push('[');
    if chars.peek() == Some(&'^') {
        chars.next();
        out.push('^');
    }
    let mut last = None;
    loop {
        let c = chars.next().ok_or("a class without its end")?;
        match c {
            // Engines differ in what a bracket means that comes first.
            ']' if last.is_none() => return Err("an empty class, or one that begins with `]`".to_owned()),
            ']' => {
                out.push(']');
                return Ok(());
            }
            '[' => return Err("a class inside a class".to_owned()),
            '&' | '~' | '-' if last == Some(c) => return Err("set operations in classes are not portable".to_owned()),
            '\\' => match chars.next() {
                Some(letter @ ('d' | 'w' | 's')) if engine.classes.contains(letter) => out.extend(['\\', letter]),
                Some(sign) if sign.is_ascii_punctuation() => out.extend(['\\', sign]),
                _ => return Err("this escape inside a class does not mean the same everywhere".to_owned()),
            },
            other => out.push(other),
        }
        last = Some(c);
    }
}

impl Importer<'_> {
    /// Whether some part of the column fits a pattern of the dialect.
    pub(super) fn regex(&self, column: &Column, pattern: &str) -> Found<Truth> {
        if !column.is_text() {
            return refused(format!("`{}` is no text, and patterns look at texts", column.name), "");
        }
        // Rust's patterns fold letters as filters do.
        let (pattern, case) = match pattern.strip_prefix("(?i)") {
            Some(rest) if self.dialect == D::DataFusion => (rest, Case::Insensitive),
            _ => (pattern, Case::Sensitive),
        };
        match translate(pattern, self.dialect) {
            Ok(portable) if portable.is_empty() => refused("an empty pattern fits everything", "ask for IS NOT NULL"),
            Ok(portable) => self.matches_with(column, portable, case),
            Err(reason) => refused(format!("the pattern can't be kept exactly: {reason}"), ""),
        }
    }
}
