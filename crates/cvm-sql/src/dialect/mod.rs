//! Dialects: a short table of differences and a few functions.

mod literal;

pub(crate) use literal::{qualified_name, quoted_name, text_literal};

use std::fmt;
use std::str::FromStr;

use cvm_core::{Code, Diagnostic, Diagnostics};

/// A database's SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// PostgreSQL 12 and later.
    PostgreSql,
    /// MySQL 8.0.17 and later, MariaDB 10.9 and later.
    MySql,
    /// SQLite 3.38 and later.
    Sqlite,
    /// DuckDB 1.0 and later.
    DuckDb,
    /// Apache DataFusion.
    DataFusion,
}

/// How a dialect differs where a word or two say it.
pub(crate) struct Traits {
    /// The quote around identifiers.
    pub(crate) quote: char,
    /// Whether placeholders are numbered, `$1`, or all `?`.
    pub(crate) numbered: bool,
    /// Whether a backslash in a text literal must be doubled.
    pub(crate) backslash: bool,
    /// Whether float columns can hold NaN.
    pub(crate) nan: bool,
    /// What ends a text in a regular expression; `None` without regular expressions.
    pub(crate) regex_end: Option<&'static str>,
}

impl Dialect {
    /// Every dialect.
    pub const ALL: &'static [Dialect] =
        &[Dialect::PostgreSql, Dialect::MySql, Dialect::Sqlite, Dialect::DuckDb, Dialect::DataFusion];

    /// The name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PostgreSql => "postgresql",
            Self::MySql => "mysql",
            Self::Sqlite => "sqlite",
            Self::DuckDb => "duckdb",
            Self::DataFusion => "datafusion",
        }
    }

    pub(crate) fn traits(self) -> Traits {
        let ansi = Traits { quote: '"', numbered: true, backslash: false, nan: true, regex_end: Some("$") };
        match self {
            Self::PostgreSql => ansi,
            Self::DuckDb | Self::DataFusion => Traits { regex_end: Some(r"\z"), ..ansi },
            Self::Sqlite => Traits { numbered: false, nan: false, regex_end: None, ..ansi },
            Self::MySql => Traits { quote: '`', numbered: false, backslash: true, nan: false, regex_end: Some(r"\z") },
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Dialect {
    type Err = Diagnostics;

    /// Reads a name; `postgres` and `mariadb` are known too.
    fn from_str(name: &str) -> Result<Self, Diagnostics> {
        let wanted = match name {
            "postgres" => "postgresql",
            "mariadb" => "mysql",
            other => other,
        };
        Self::ALL.iter().copied().find(|dialect| dialect.as_str() == wanted).ok_or_else(|| {
            Diagnostic::error(Code::UnknownOption, "", format!("no dialect `{name}`"))
                .suggest_from(name, Self::ALL.iter().map(|dialect| dialect.as_str()))
                .into()
        })
    }
}
