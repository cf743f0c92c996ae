//! Instants that move: now, moved by fixed lengths or by months of the catalog's zone, and first instants of dates.
//!
//! Each is in the form that columns are compared in: see [`Builder::comparable`].

use cvm_core::predicate::Shift;
use cvm_core::{Diagnostics, Value};
use sqlparser::ast::{BinaryOperator as Op, DataType, Expr, TimezoneInfo};

use super::zone::{Changes, Kind};
use super::{Builder, expr, interval, number, plus};
use crate::dialect::Dialect;

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

impl Builder<'_> {
    /// The instant of the database's clock. It is the same throughout a statement.
    pub(super) fn now(&self) -> Expr {
        let text = |text: &str| self.quoted(text.to_owned());
        match self.dialect {
            Dialect::PostgreSql => expr::raw("CURRENT_TIMESTAMP".to_owned()),
            // In UTC, as the session's zone is asked to be.
            Dialect::Redshift => self.at_zone(expr::raw("SYSDATE".to_owned()), text("UTC")),
            Dialect::MySql => expr::call("UTC_TIMESTAMP", vec![number(6)]),
            Dialect::Sqlite => self.sqlite_time(text("now"), None),
            Dialect::DuckDb => expr::call("epoch_us", vec![expr::call("now", Vec::new())]),
            Dialect::DataFusion => {
                let ty = text(r#"Timestamp(Microsecond, Some("UTC"))"#);
                expr::call("arrow_cast", vec![expr::call("now", Vec::new()), ty])
            }
            Dialect::ClickHouse => expr::call("now64", vec![number(6), text("UTC")]),
            Dialect::Spark | Dialect::Snowflake | Dialect::BigQuery => expr::call("CURRENT_TIMESTAMP", Vec::new()),
            Dialect::Trino => expr::call("current_timestamp", vec![number(6)]),
            Dialect::SqlServer => {
                expr::cast(expr::call("SYSUTCDATETIME", Vec::new()), expr::named_type("DATETIMEOFFSET(6)"))
            }
        }
    }

    /// Text like 2024-01-31 09:30:00.000000.
    fn sqlite_time(&self, time: Expr, modifier: Option<String>) -> Expr {
        let mut args = vec![self.quoted("%Y-%m-%d %H:%M:%f000".to_owned()), time];
        args.extend(modifier.map(|modifier| self.quoted(modifier)));
        expr::call("strftime", args)
    }

    fn at_zone(&self, time: Expr, zone: Expr) -> Expr {
        expr::nested(Expr::AtTimeZone { timestamp: Box::new(time), time_zone: Box::new(zone) })
    }

    /// The local date and time of an instant in the catalog's zone.
    pub(super) fn local(&self, instant: Expr) -> Expr {
        let zone = self.zone_name();
        match self.dialect {
            Dialect::PostgreSql | Dialect::Redshift | Dialect::Trino => self.at_zone(instant, zone),
            Dialect::MySql if self.in_utc() => instant,
            Dialect::MySql => expr::call("CONVERT_TZ", vec![instant, self.quoted("UTC".to_owned()), zone]),
            Dialect::DuckDb if self.in_utc() => expr::call("make_timestamp", vec![instant]),
            Dialect::DuckDb => expr::call("timezone", vec![zone, expr::call("make_timestamptz", vec![instant])]),
            Dialect::ClickHouse => expr::call("toTimeZone", vec![instant, zone]),
            Dialect::Spark => expr::call("FROM_UTC_TIMESTAMP", vec![instant, zone]),
            Dialect::BigQuery => expr::call("DATETIME", vec![instant, zone]),
            Dialect::Snowflake => expr::call("CONVERT_TIMEZONE", vec![zone, instant]),
            // In UTC only.
            Dialect::Sqlite | Dialect::DataFusion | Dialect::SqlServer => instant,
        }
    }

    /// The local date and time at which a date begins, if it does at midnight.
    pub(super) fn midnight(&self, date: Expr) -> Expr {
        let timestamp = DataType::Timestamp(None, TimezoneInfo::None);
        match self.dialect {
            Dialect::MySql => expr::cast(date, DataType::Datetime(Some(6))),
            Dialect::Sqlite => expr::binary(date, Op::StringConcat, self.quoted(" 00:00:00.000000".to_owned())),
            // There the column is an instant already that knows the zone; elsewhere it has to be told.
            Dialect::ClickHouse => expr::call("toDateTime64", vec![date, number(6), self.zone_name()]),
            // Local time as if it were UTC.
            Dialect::Spark => {
                let days = expr::cast(expr::call("UNIX_DATE", vec![date]), DataType::BigInt(None));
                expr::call("TIMESTAMP_MICROS", vec![expr::binary(days, Op::Multiply, number(DAY))])
            }
            Dialect::BigQuery => expr::call("DATETIME", vec![date]),
            Dialect::Snowflake => expr::cast(date, expr::named_type("TIMESTAMP_NTZ")),
            Dialect::SqlServer => expr::cast(date, expr::named_type("DATETIMEOFFSET(6)")),
            Dialect::DataFusion => {
                let ty = self.quoted(r#"Timestamp(Microsecond, Some("UTC"))"#.to_owned());
                expr::call("arrow_cast", vec![expr::cast(date, timestamp), ty])
            }
            _ => expr::cast(date, timestamp),
        }
    }

    /// The instant of a local date and time: after a gap where it is skipped, the earlier one where it comes twice.
    pub(super) fn instant_of(&self, local: Expr, kind: Kind, near: &Value, node: usize) -> Result<Expr, Diagnostics> {
        if self.in_utc() {
            return Ok(self.one_instant(local));
        }
        let refused = |why: &str| {
            let reason = format!("{why} in `{}`: use the frozen clock", self.catalog.zone);
            Err(self.unsupported_node(node, &reason))
        };
        match (self.dialect, self.changes(kind, near)) {
            // Java's rule is ours.
            (Dialect::Spark, _) | (_, Changes::None) => Ok(self.one_instant(local)),
            // Theirs is the instant after a gap, but the later one of two. What is as long before, and then so much
            // later, is the earlier one; where that would meet a gap, the direct way is right.
            (Dialect::PostgreSql | Dialect::DuckDb, Changes::By(seconds)) => {
                let back = plus(local.clone(), interval(-seconds, "SECOND", true));
                let round = self.plus_seconds(self.one_instant(back), seconds);
                Ok(expr::call("LEAST", vec![self.one_instant(local), round]))
            }
            (_, Changes::Irregular) => refused("local times are skipped or come twice irregularly"),
            (_, Changes::By(_)) => {
                refused("which instant is meant where clocks are put forward or back can't be said exactly")
            }
        }
    }

    /// The instant of a local date and time that there is once.
    fn one_instant(&self, local: Expr) -> Expr {
        let zone = self.zone_name();
        match self.dialect {
            Dialect::PostgreSql | Dialect::Redshift => self.at_zone(local, zone),
            Dialect::MySql if self.in_utc() => local,
            Dialect::MySql => expr::call("CONVERT_TZ", vec![local, zone, self.quoted("UTC".to_owned())]),
            Dialect::DuckDb if self.in_utc() => expr::call("epoch_us", vec![local]),
            Dialect::DuckDb => expr::call("epoch_us", vec![expr::call("timezone", vec![zone, local])]),
            Dialect::Spark => expr::call("TO_UTC_TIMESTAMP", vec![local, zone]),
            Dialect::BigQuery => expr::call("TIMESTAMP", vec![local, zone]),
            Dialect::Snowflake => {
                let utc = expr::call("CONVERT_TIMEZONE", vec![zone, self.quoted("UTC".to_owned()), local]);
                let micros = self.unit_call("DATE_PART", "EPOCH_MICROSECOND", vec![utc]);
                expr::call("TO_TIMESTAMP_TZ", vec![micros, number(6)])
            }
            Dialect::Trino => expr::call("with_timezone", vec![local, zone]),
            Dialect::ClickHouse | Dialect::Sqlite | Dialect::DataFusion | Dialect::SqlServer => local,
        }
    }

    /// An instant, moved.
    pub(super) fn shifted(&self, instant: Expr, shift: Shift, near: &Value, node: usize) -> Result<Expr, Diagnostics> {
        match shift {
            Shift::Seconds(n) => Ok(self.plus_seconds(instant, n)),
            Shift::Days(n) => Ok(self.plus_seconds(instant, n.saturating_mul(86_400))),
            Shift::Months(n) => {
                let local = self.local_plus_months(instant, n);
                self.instant_of(local, Kind::Any, near, node)
            }
        }
    }

    fn plus_seconds(&self, instant: Expr, n: i64) -> Expr {
        match self.dialect {
            Dialect::PostgreSql | Dialect::DataFusion => plus(instant, interval(n, "SECOND", true)),
            Dialect::MySql => expr::call("DATE_ADD", vec![instant, interval(n, "SECOND", false)]),
            Dialect::Sqlite => self.sqlite_time(instant, Some(format!("{n:+} seconds"))),
            Dialect::DuckDb => plus(instant, number(n.saturating_mul(1_000_000))),
            Dialect::ClickHouse => expr::call("addSeconds", vec![instant, number(n)]),
            Dialect::Spark => {
                let micros = expr::call("UNIX_MICROS", vec![instant]);
                let moved = expr::binary(micros, Op::Plus, number(n.saturating_mul(1_000_000)));
                expr::call("TIMESTAMP_MICROS", vec![moved])
            }
            Dialect::BigQuery => expr::call("TIMESTAMP_ADD", vec![instant, interval(n, "SECOND", false)]),
            Dialect::Trino => expr::call("date_add", vec![self.quoted("second".to_owned()), number(n), instant]),
            // Numbers of four bytes there: whole days and what is left.
            Dialect::SqlServer | Dialect::Snowflake | Dialect::Redshift => {
                let (days, rest) = (n / 86_400, n % 86_400);
                let mut moved = instant;
                for (n, unit) in [(days, "DAY"), (rest, "SECOND")] {
                    if n != 0 {
                        moved = self.unit_call("DATEADD", unit, vec![number(n), moved]);
                    }
                }
                moved
            }
        }
    }

    /// The same local time of a day in another month, or of its last day.
    fn local_plus_months(&self, instant: Expr, n: i64) -> Expr {
        match self.dialect {
            Dialect::PostgreSql | Dialect::DuckDb | Dialect::DataFusion => {
                plus(self.local(instant), interval(n, "MONTH", true))
            }
            Dialect::MySql => expr::call("DATE_ADD", vec![self.local(instant), interval(n, "MONTH", false)]),
            Dialect::Sqlite => {
                let date = self.plus_months(expr::call("date", vec![instant.clone()]), n);
                let time = expr::call("substr", vec![instant, number(11)]);
                expr::binary(date, Op::StringConcat, time)
            }
            Dialect::ClickHouse => expr::call("addMonths", vec![self.local(instant), number(n)]),
            Dialect::Spark => {
                let micros = || expr::call("UNIX_MICROS", vec![self.local(instant.clone())]);
                let time = expr::call("PMOD", vec![micros(), number(DAY)]);
                let days = expr::call("FLOOR", vec![expr::binary(micros(), Op::Divide, number(DAY))]);
                let date = expr::call("DATE_FROM_UNIX_DATE", vec![expr::cast(days, DataType::Int(None))]);
                let days = expr::call("UNIX_DATE", vec![self.plus_months(date, n)]);
                let days = expr::cast(days, DataType::BigInt(None));
                let moved = expr::binary(expr::binary(days, Op::Multiply, number(DAY)), Op::Plus, time);
                expr::call("TIMESTAMP_MICROS", vec![moved])
            }
            Dialect::BigQuery => expr::call("DATETIME_ADD", vec![self.local(instant), interval(n, "MONTH", false)]),
            Dialect::Trino => {
                let timestamp = expr::cast(self.local(instant), DataType::Timestamp(Some(6), TimezoneInfo::None));
                expr::call("date_add", vec![self.quoted("month".to_owned()), number(n), timestamp])
            }
            Dialect::Snowflake => {
                let local = expr::cast(self.local(instant), expr::named_type("TIMESTAMP_NTZ"));
                self.unit_call("DATEADD", "MONTH", vec![number(n), local])
            }
            Dialect::Redshift | Dialect::SqlServer => {
                self.unit_call("DATEADD", "MONTH", vec![number(n), self.local(instant)])
            }
        }
    }
}
