//! Dialects: each is a short table of differences, and a few functions in `build` where a word or two can't say it.

mod literal;
mod tables;
mod traits;

pub(crate) use literal::{qualified_name, quoted_name, text_literal};
pub use traits::Placeholders;
pub(crate) use traits::{Decimals, Floats, Lists, MonthDay, Nan, Page, Regex, Search, Texts, Traits};

use std::fmt;
use std::str::FromStr;

use cvm_core::{Code, Diagnostic, Diagnostics};

/// A database's SQL.
///
/// Every dialect takes a missing value for NULL, names as the catalog spells them, and compares instants as such,
/// whatever the session's time zone is; where that depends on a column's type, the query has a note that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// PostgreSQL 12 and later. Instants are `timestamptz`, lists are arrays.
    PostgreSql,
    /// MySQL 8.0.17 and later, MariaDB 10.9 and later. Instants are `DATETIME(6)` in UTC, lists are JSON.
    MySql,
    /// SQLite 3.38 and later. Dates and instants are texts in UTC, lists are JSON texts; there are no regular
    /// expressions.
    Sqlite,
    /// DuckDB 1.0 and later. Instants are timestamps with a zone, or without one in UTC.
    DuckDb,
    /// Apache DataFusion 45 and later. Instants are timestamps of microseconds in UTC.
    DataFusion,
    /// ClickHouse 22.8 and later. Columns with missing values are `Nullable`; dates are `Date32` or `Date`, instants
    /// `DateTime64` or `DateTime` of any zone. Lists are `Array`s, which can't be NULL: a missing list counts as an
    /// empty one.
    ClickHouse,
    /// Spark 3.4 and later, Databricks SQL. Instants are `TIMESTAMP` (with local zone), lists are arrays.
    Spark,
    /// BigQuery (GoogleSQL). Instants are `TIMESTAMP`, decimals `NUMERIC` or `BIGNUMERIC`. Lists are repeated columns,
    /// which can't be NULL: a missing list counts as an empty one. Documents are `JSON`.
    BigQuery,
    /// Snowflake. Instants are timestamps with a zone, or without one in UTC; lists are `ARRAY`s of text, whole
    /// numbers or booleans. Names are quoted, so the catalog spells them as Snowflake stores them, often in capitals.
    /// Documents are `VARIANT`s of JSON.
    Snowflake,
    /// Amazon Redshift. Instants are `timestamptz`, or `timestamp` in UTC. Of lists, which are `SUPER`, only the size
    /// can be asked. Documents are `SUPER`.
    Redshift,
    /// Trino 400 and later, Athena version 3. Instants are timestamps with a zone, lists are arrays. Documents
    /// are `JSON`, or texts of it.
    Trino,
    /// SQL Server 2019 and later, Azure SQL. Instants are `datetimeoffset`, or `datetime2` in UTC; lists and
    /// documents are JSON in `nvarchar`; there are no regular expressions.
    SqlServer,
}

impl Dialect {
    /// Every dialect.
    pub const ALL: &'static [Dialect] = &[
        Dialect::PostgreSql,
        Dialect::MySql,
        Dialect::Sqlite,
        Dialect::DuckDb,
        Dialect::DataFusion,
        Dialect::ClickHouse,
        Dialect::Spark,
        Dialect::BigQuery,
        Dialect::Snowflake,
        Dialect::Redshift,
        Dialect::Trino,
        Dialect::SqlServer,
    ];

    /// The name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.traits().name
    }

    /// How the usual drivers of the database write placeholders.
    #[must_use]
    pub fn placeholders(self) -> Placeholders {
        self.traits().placeholders
    }

    pub(crate) fn traits(self) -> &'static Traits {
        match self {
            Self::PostgreSql => &tables::POSTGRESQL,
            Self::MySql => &tables::MYSQL,
            Self::Sqlite => &tables::SQLITE,
            Self::DuckDb => &tables::DUCKDB,
            Self::DataFusion => &tables::DATAFUSION,
            Self::ClickHouse => &tables::CLICKHOUSE,
            Self::Spark => &tables::SPARK,
            Self::BigQuery => &tables::BIGQUERY,
            Self::Snowflake => &tables::SNOWFLAKE,
            Self::Redshift => &tables::REDSHIFT,
            Self::Trino => &tables::TRINO,
            Self::SqlServer => &tables::SQLSERVER,
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

    /// Reads a name; `postgres`, `mariadb`, `databricks`, `mssql` and `tsql` are known too.
    fn from_str(name: &str) -> Result<Self, Diagnostics> {
        let wanted = match name {
            "postgres" => "postgresql",
            "mariadb" => "mysql",
            "databricks" => "spark",
            "mssql" | "tsql" => "sqlserver",
            other => other,
        };
        Self::ALL.iter().copied().find(|dialect| dialect.as_str() == wanted).ok_or_else(|| {
            Diagnostic::error(Code::UnknownOption, "", format!("no dialect `{name}`"))
                .suggest_from(name, Self::ALL.iter().map(|dialect| dialect.as_str()))
                .into()
        })
    }
}
