//! The dialects that can be read, and how they differ where it changes a meaning.

use std::fmt;
use std::str::FromStr;

use cvm_core::{Code, Diagnostic, Diagnostics};
use sqlparser::dialect as parser;

macro_rules! dialects {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal $(| $other:literal)*, $parser:expr;)+) => {
        /// A dialect that [`from_sql`](crate::from_sql) reads.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
        pub enum ImportDialect {
            /// What the dialects have in common, read leniently.
            #[default]
            Generic,
            $($(#[doc = $doc])+ $name,)+
        }

        impl ImportDialect {
            /// Every dialect.
            pub const ALL: &'static [ImportDialect] = &[ImportDialect::Generic, $(ImportDialect::$name),+];

            /// The name.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { Self::Generic => "generic", $(Self::$name => $text),+ }
            }

            fn by_name(name: &str) -> Option<Self> {
                match name { "generic" => Some(Self::Generic), $($text $(| $other)* => Some(Self::$name),)+ _ => None }
            }

            pub(super) fn parser(self) -> Box<dyn parser::Dialect> {
                match self { Self::Generic => Box::new(parser::GenericDialect), $(Self::$name => Box::new($parser)),+ }
            }
        }
    };
}

dialects! {
    /// Standard SQL.
    Ansi = "ansi", parser::AnsiDialect {};
    /// Google BigQuery.
    BigQuery = "bigquery", parser::BigQueryDialect;
    /// ClickHouse.
    ClickHouse = "clickhouse", parser::ClickHouseDialect {};
    /// Databricks.
    Databricks = "databricks", parser::DatabricksDialect {};
    /// Apache DataFusion.
    DataFusion = "datafusion", parser::GenericDialect;
    /// DuckDB.
    DuckDb = "duckdb", parser::DuckDbDialect {};
    /// Apache Hive.
    Hive = "hive", parser::HiveDialect {};
    /// MariaDB.
    MariaDb = "mariadb", parser::MySqlDialect {};
    /// MySQL.
    MySql = "mysql", parser::MySqlDialect {};
    /// Oracle.
    Oracle = "oracle", parser::OracleDialect {};
    /// PostgreSQL.
    PostgreSql = "postgresql" | "postgres", parser::PostgreSqlDialect {};
    /// Amazon Redshift.
    Redshift = "redshift", parser::RedshiftSqlDialect {};
    /// Snowflake.
    Snowflake = "snowflake", parser::SnowflakeDialect;
    /// Apache Spark.
    Spark = "spark" | "sparksql", parser::SparkSqlDialect;
    /// SQLite.
    Sqlite = "sqlite", parser::SQLiteDialect {};
    /// Microsoft SQL Server.
    SqlServer = "sqlserver" | "mssql", parser::MsSqlDialect {};
    /// Trino and Presto.
    Trino = "trino" | "presto", parser::GenericDialect;
}

/// What becomes of the letters of a name without quotes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum NameCase {
    Kept,
    Lower,
    Upper,
}

/// How `lower` treats letters that are not ASCII.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum LowerCase {
    /// It leaves them alone.
    Ascii,
    /// Unicode's full mapping: `K` (the sign for kelvin) becomes `k`, `İ` becomes two characters.
    Full,
    /// It depends on the collation, the version or the library.
    Unknown,
}

use ImportDialect as D;

impl ImportDialect {
    pub(super) fn is_mysql(self) -> bool {
        matches!(self, D::MySql | D::MariaDb)
    }

    pub(super) fn is_spark(self) -> bool {
        matches!(self, D::Spark | D::Databricks | D::Hive)
    }

    pub(super) fn is_postgres(self) -> bool {
        matches!(self, D::PostgreSql | D::Redshift)
    }

    /// Whether backslashes in text literals are escapes that the parser does not resolve.
    pub(super) fn hidden_escapes(self) -> bool {
        self.is_spark() || self == D::Redshift
    }

    /// Whether `LIKE` without `ESCAPE` takes a backslash for one.
    pub(super) fn like_escape(self) -> Option<char> {
        // Standard SQL, and those who follow it, have no escape unless one is named.
        let none = matches!(self, D::Sqlite | D::DuckDb | D::Ansi | D::Trino | D::Oracle | D::SqlServer | D::Snowflake);
        (!none).then_some('\\')
    }

    /// Whether `LIKE` ignores the case of ASCII letters, whatever the column.
    pub(super) fn like_ignores_case(self) -> bool {
        self == D::Sqlite
    }

    /// Whether numbers stand for booleans: `b = 1`.
    pub(super) fn numbers_are_booleans(self) -> bool {
        self.is_mysql() || matches!(self, D::Sqlite | D::SqlServer | D::ClickHouse | D::Oracle)
    }

    /// Whether a number of its own is a condition: `WHERE x`.
    pub(super) fn numbers_are_conditions(self) -> bool {
        self.is_mysql() || matches!(self, D::Sqlite | D::ClickHouse)
    }

    /// Whether `0.1` is a binary float and not a decimal.
    pub(super) fn float_literals(self) -> bool {
        matches!(self, D::Sqlite | D::DataFusion | D::ClickHouse | D::BigQuery | D::Hive | D::Generic | D::Ansi)
    }

    /// Whether sums of whole numbers wrap round without a word.
    pub(super) fn sums_wrap(self) -> bool {
        matches!(self, D::ClickHouse | D::DataFusion | D::Spark | D::Hive)
    }

    /// Whether `||` is `OR`.
    pub(super) fn bars_are_or(self) -> bool {
        self.is_mysql()
    }

    pub(super) fn name_case(self) -> NameCase {
        match self {
            D::PostgreSql | D::Redshift | D::DataFusion | D::Trino => NameCase::Lower,
            D::Snowflake | D::Oracle | D::Ansi => NameCase::Upper,
            _ => NameCase::Kept,
        }
    }

    /// Whether names in quotes ignore case too.
    pub(super) fn quoted_names_ignore_case(self) -> bool {
        self.is_mysql()
            || self.is_spark()
            || matches!(self, D::Sqlite | D::DuckDb | D::BigQuery | D::SqlServer | D::Trino | D::Redshift)
    }

    pub(super) fn lower(self) -> LowerCase {
        match self {
            D::Sqlite | D::ClickHouse => LowerCase::Ascii,
            D::Spark | D::Databricks | D::DataFusion => LowerCase::Full,
            _ => LowerCase::Unknown,
        }
    }
}

impl fmt::Display for ImportDialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ImportDialect {
    type Err = Diagnostics;

    /// Reads a name, of any case; `postgres`, `mssql`, `presto` and `sparksql` are known too.
    fn from_str(name: &str) -> Result<Self, Diagnostics> {
        Self::by_name(&name.to_lowercase()).ok_or_else(|| {
            Diagnostic::error(Code::UnknownOption, "", format!("no dialect `{name}`"))
                .suggest_from(name, Self::ALL.iter().map(|dialect| dialect.as_str()))
                .into()
        })
    }
}
