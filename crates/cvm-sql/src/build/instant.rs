//! Instants. Columns hold UTC, or instants with a zone; which of their types that is differs.

use cvm_core::{Timestamp, Value};
use sqlparser::ast::{DataType, Expr, TimezoneInfo};

use super::value::timestamptz;
use super::{Builder, expr};
use crate::dialect::Dialect;

impl Builder<'_> {
    /// An instant as a literal.
    pub(super) fn instant(&self, t: Timestamp) -> Expr {
        let micros = || expr::number(t.micros().to_string());
        match self.dialect {
            Dialect::PostgreSql | Dialect::Redshift => self.typed(civil(t, "+00"), timestamptz()),
            Dialect::MySql => self.typed(civil(t, ""), DataType::Timestamp(None, TimezoneInfo::None)),
            Dialect::Sqlite => self.quoted(civil(t, "")),
            Dialect::DuckDb => micros(),
            Dialect::DataFusion => {
                let ty = self.quoted(r#"Timestamp(Microsecond, Some("UTC"))"#.to_owned());
                expr::call("arrow_cast", vec![micros(), ty])
            }
            // Texts are read from 1900 to 2299 only, and what lies beyond becomes the end of that range.
            Dialect::ClickHouse if (1900..2300).contains(&year(t)) => {
                let text = self.quoted(civil(t, ""));
                expr::call("toDateTime64", vec![text, expr::number("6".to_owned()), self.quoted("UTC".to_owned())])
            }
            Dialect::ClickHouse => self.micros_as_instant(micros()),
            Dialect::Spark | Dialect::BigQuery => {
                self.typed(civil(t, "+00:00"), DataType::Timestamp(None, TimezoneInfo::None))
            }
            Dialect::Trino => self.typed(civil(t, " UTC"), DataType::Timestamp(None, TimezoneInfo::None)),
            Dialect::Snowflake => expr::cast(self.quoted(civil(t, "+00:00")), expr::named_type("TIMESTAMP_TZ")),
            Dialect::SqlServer => expr::cast(self.quoted(civil(t, "+00:00")), expr::named_type("DATETIMEOFFSET(6)")),
        }
    }

    /// An instant as a parameter: as a number or a text where drivers would read a time in a zone of their own.
    pub(super) fn instant_parameter(&mut self, t: Timestamp) -> Expr {
        let micros = Value::Int(t.micros());
        match self.dialect {
            Dialect::PostgreSql | Dialect::Redshift => expr::cast(self.placeholder(Value::Timestamp(t)), timestamptz()),
            Dialect::DataFusion => {
                let ty = DataType::Timestamp(None, TimezoneInfo::None);
                expr::cast(self.placeholder(Value::Timestamp(t)), ty)
            }
            Dialect::MySql => expr::cast(self.placeholder(Value::Str(civil(t, ""))), DataType::Datetime(Some(6))),
            Dialect::Sqlite => self.placeholder(Value::Str(civil(t, ""))),
            Dialect::DuckDb => self.placeholder(micros),
            Dialect::ClickHouse | Dialect::Spark | Dialect::BigQuery | Dialect::Snowflake => {
                let bound = self.placeholder(micros);
                self.micros_as_instant(bound)
            }
            Dialect::Trino => {
                let ty = DataType::Timestamp(Some(6), TimezoneInfo::WithTimeZone);
                expr::cast(self.placeholder(Value::Str(civil(t, " UTC"))), ty)
            }
            Dialect::SqlServer => {
                let bound = self.placeholder(Value::Str(civil(t, "+00:00")));
                expr::cast(bound, expr::named_type("DATETIMEOFFSET(6)"))
            }
        }
    }

    /// Microseconds since 1970 as an instant.
    fn micros_as_instant(&self, micros: Expr) -> Expr {
        match self.dialect {
            Dialect::ClickHouse => expr::call("fromUnixTimestamp64Micro", vec![micros, self.quoted("UTC".to_owned())]),
            Dialect::Snowflake => expr::call("TO_TIMESTAMP_TZ", vec![micros, expr::number("6".to_owned())]),
            _ => expr::call("TIMESTAMP_MICROS", vec![micros]),
        }
    }
}

fn year(t: Timestamp) -> i16 {
    t.to_jiff().to_zoned(jiff::tz::TimeZone::UTC).year()
}

/// An instant in UTC with six digits after the second, so that texts sort as times do.
fn civil(t: Timestamp, zone: &str) -> String {
    let local = t.to_jiff().to_zoned(jiff::tz::TimeZone::UTC).datetime();
    format!(
        "{} {:02}:{:02}:{:02}.{:06}{zone}",
        local.date(),
        local.hour(),
        local.minute(),
        local.second(),
        local.subsec_nanosecond() / 1000
    )
}
