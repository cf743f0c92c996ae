//! Dates that move: today in the catalog's zone, moved by days and months, and first days of calendar units.

use cvm_core::Diagnostics;
use cvm_core::filter::Unit;
use cvm_core::predicate::{Day, Shift};
use sqlparser::ast::{BinaryOperator as Op, DataType, Expr};

use super::{Builder, expr, interval, number, plus};
use crate::dialect::Dialect;

/// A calendar unit that every database can cut a date to: fiscal years and weeks from Sunday are moved onto these.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cut {
    /// Monday.
    Week,
    Month,
    /// From January on.
    Quarter,
    Year,
}

impl Builder<'_> {
    /// A date that moves.
    pub(super) fn day_of(&self, day: &Day, node: usize) -> Result<Expr, Diagnostics> {
        let today = self.today();
        let fiscal = i64::from(self.catalog.fiscal_year_start) - 1;
        let (mut date, mut rest) = match day.first_of {
            Unit::Week => {
                let late = i64::from(self.catalog.week_start.to_jiff().to_monday_zero_offset());
                (self.cut(self.plus_days(today, -late), Cut::Week), (late, 0))
            }
            Unit::Month => (self.cut(today, Cut::Month), (0, 0)),
            Unit::Quarter => {
                let late = fiscal.rem_euclid(3);
                (self.cut(self.plus_months(today, -late), Cut::Quarter), (0, late))
            }
            Unit::Year => (self.cut(self.plus_months(today, -fiscal), Cut::Year), (0, fiscal)),
            _ => (today, (0, 0)),
        };
        for shift in &day.shifts {
            // What was moved away for the cut comes back with the first step: weeks move by days, months begin at 1.
            let (days, months) = std::mem::take(&mut rest);
            date = match shift {
                Shift::Days(n) => self.plus_days(self.plus_months(date, months), days.saturating_add(*n)),
                Shift::Months(n) => self.plus_months(self.plus_days(date, days), months.saturating_add(*n)),
                Shift::Seconds(_) => return Err(self.unsupported_node(node, "dates don't move by seconds")),
            };
        }
        Ok(self.plus_months(self.plus_days(date, rest.0), rest.1))
    }

    /// The date of an instant in UTC as microseconds or the like: see [`Builder::local`].
    fn today(&self) -> Expr {
        let now = self.now();
        match self.dialect {
            Dialect::Sqlite => expr::call("date", vec![self.quoted("now".to_owned())]),
            Dialect::ClickHouse => expr::call("toDate32", vec![self.local(now)]),
            Dialect::BigQuery => expr::call("DATE", vec![now, self.zone_name()]),
            // Never by way of the session's zone.
            Dialect::Spark => {
                let seconds = expr::call("UNIX_SECONDS", vec![self.local(now)]);
                let days = expr::call("FLOOR", vec![expr::binary(seconds, Op::Divide, number(86_400))]);
                expr::call("DATE_FROM_UNIX_DATE", vec![expr::cast(days, DataType::Int(None))])
            }
            Dialect::Snowflake => expr::call("TO_DATE", vec![self.local(now)]),
            _ => expr::cast(self.local(now), DataType::Date),
        }
    }

    fn plus_days(&self, date: Expr, n: i64) -> Expr {
        if n == 0 {
            return date;
        }
        match self.dialect {
            Dialect::PostgreSql | Dialect::DuckDb => plus(date, number(n)),
            Dialect::MySql | Dialect::BigQuery => expr::call("DATE_ADD", vec![date, interval(n, "DAY", false)]),
            Dialect::Sqlite => expr::call("date", vec![date, self.quoted(format!("{n:+} days"))]),
            Dialect::ClickHouse => expr::call("addDays", vec![date, number(n)]),
            Dialect::Spark => expr::call("DATE_ADD", vec![date, number(n)]),
            Dialect::DataFusion => expr::cast(plus(date, interval(n, "DAY", true)), DataType::Date),
            Dialect::Trino => expr::call("date_add", vec![self.quoted("day".to_owned()), number(n), date]),
            Dialect::Snowflake | Dialect::SqlServer => self.unit_call("DATEADD", "DAY", vec![number(n), date]),
            Dialect::Redshift => expr::cast(self.unit_call("DATEADD", "DAY", vec![number(n), date]), DataType::Date),
        }
    }

    /// A day that the month lacks becomes its last one.
    pub(super) fn plus_months(&self, date: Expr, n: i64) -> Expr {
        if n == 0 {
            return date;
        }
        match self.dialect {
            Dialect::PostgreSql | Dialect::DuckDb | Dialect::DataFusion => {
                expr::cast(expr::nested(expr::binary(date, Op::Plus, interval(n, "MONTH", true))), DataType::Date)
            }
            Dialect::MySql | Dialect::BigQuery => expr::call("DATE_ADD", vec![date, interval(n, "MONTH", false)]),
            // Days that are too many run over into the next month there; the last day of the month comes before them.
            Dialect::Sqlite => {
                let text = |text: &str| self.quoted(text.to_owned());
                let over = expr::call("date", vec![date.clone(), self.quoted(format!("{n:+} months"))]);
                let after = self.quoted(format!("{:+} months", n.saturating_add(1)));
                let last = expr::call("date", vec![date, text("start of month"), after, text("-1 day")]);
                expr::call("min", vec![over, last])
            }
            Dialect::ClickHouse => expr::call("addMonths", vec![date, number(n)]),
            Dialect::Spark => expr::call("ADD_MONTHS", vec![date, number(n)]),
            Dialect::Trino => expr::call("date_add", vec![self.quoted("month".to_owned()), number(n), date]),
            Dialect::Snowflake | Dialect::SqlServer => self.unit_call("DATEADD", "MONTH", vec![number(n), date]),
            Dialect::Redshift => expr::cast(self.unit_call("DATEADD", "MONTH", vec![number(n), date]), DataType::Date),
        }
    }

    /// The first day of the unit that a date is in.
    fn cut(&self, date: Expr, to: Cut) -> Expr {
        let word = match to {
            Cut::Week => "week",
            Cut::Month => "month",
            Cut::Quarter => "quarter",
            Cut::Year => "year",
        };
        let trunc = |date: Expr| expr::call("date_trunc", vec![self.quoted(word.to_owned()), date]);
        match self.dialect {
            // Of a date it would make an instant in the session's zone.
            Dialect::PostgreSql | Dialect::Redshift => expr::cast(trunc(self.midnight(date)), DataType::Date),
            Dialect::DuckDb | Dialect::DataFusion => expr::cast(trunc(date), DataType::Date),
            Dialect::Trino => trunc(date),
            Dialect::BigQuery => {
                let unit = if to == Cut::Week { "ISOWEEK".to_owned() } else { word.to_uppercase() };
                expr::call("DATE_TRUNC", vec![date, expr::raw(unit)])
            }
            Dialect::Spark => expr::call("TRUNC", vec![date, self.quoted(word.to_uppercase())]),
            Dialect::ClickHouse => {
                let name = match to {
                    Cut::Week => "toMonday",
                    Cut::Month => "toStartOfMonth",
                    Cut::Quarter => "toStartOfQuarter",
                    Cut::Year => "toStartOfYear",
                };
                expr::call("toDate32", vec![expr::call(name, vec![date])])
            }
            // Its weeks begin as the session says.
            Dialect::Snowflake if to == Cut::Week => {
                let back = expr::binary(number(1), Op::Minus, expr::call("DAYOFWEEKISO", vec![date.clone()]));
                self.unit_call("DATEADD", "DAY", vec![back, date])
            }
            Dialect::Snowflake => trunc(date),
            Dialect::MySql => self.cut_mysql(date, to),
            Dialect::Sqlite => self.cut_sqlite(date, to),
            Dialect::SqlServer => self.cut_sqlserver(date, to),
        }
    }

    fn cut_mysql(&self, date: Expr, to: Cut) -> Expr {
        let year = || expr::call("MAKEDATE", vec![expr::call("YEAR", vec![date.clone()]), number(1)]);
        match to {
            Cut::Week => {
                let back = expr::call("WEEKDAY", vec![date.clone()]);
                expr::call("SUBDATE", vec![date, back])
            }
            Cut::Month => {
                let last = expr::call("LAST_DAY", vec![self.plus_months(date, -1)]);
                expr::call("ADDDATE", vec![last, number(1)])
            }
            Cut::Quarter => {
                let quarter = expr::binary(expr::call("QUARTER", vec![date.clone()]), Op::Minus, number(1));
                expr::call("DATE_ADD", vec![year(), expr::raw(format!("INTERVAL {quarter} QUARTER"))])
            }
            Cut::Year => year(),
        }
    }

    fn cut_sqlite(&self, date: Expr, to: Cut) -> Expr {
        let text = |text: &str| self.quoted(text.to_owned());
        match to {
            Cut::Week => expr::call("date", vec![date, text("-6 days"), text("weekday 1")]),
            Cut::Month => expr::call("date", vec![date, text("start of month")]),
            Cut::Quarter => {
                let month = expr::call("strftime", vec![text("%m"), date.clone()]);
                let month = expr::nested(expr::binary(month, Op::Minus, number(1)));
                let back = expr::nested(expr::binary(month, Op::Modulo, number(3)));
                let back = expr::binary(text("-"), Op::StringConcat, back);
                let back = expr::binary(back, Op::StringConcat, text(" months"));
                expr::call("date", vec![date, text("start of month"), back])
            }
            Cut::Year => expr::call("date", vec![date, text("start of year")]),
        }
    }

    fn cut_sqlserver(&self, date: Expr, to: Cut) -> Expr {
        let part = |name: &str| expr::call(name, vec![date.clone()]);
        let month = match to {
            Cut::Week => {
                // A Monday.
                let monday = expr::cast(self.quoted("1900-01-01".to_owned()), DataType::Date);
                let days = self.unit_call("DATEDIFF", "DAY", vec![monday, date.clone()]);
                let back = expr::binary(number(0), Op::Minus, expr::nested(expr::binary(days, Op::Modulo, number(7))));
                return self.unit_call("DATEADD", "DAY", vec![back, date]);
            }
            Cut::Month => part("MONTH"),
            Cut::Quarter => {
                let since = expr::nested(expr::binary(part("MONTH"), Op::Minus, number(1)));
                expr::binary(part("MONTH"), Op::Minus, expr::binary(since, Op::Modulo, number(3)))
            }
            Cut::Year => number(1),
        };
        expr::call("DATEFROMPARTS", vec![part("YEAR"), month, number(1)])
    }
}
