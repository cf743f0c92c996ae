//! Facts about a customer: one event after another, and returns.
//!
//! Events one after another need no join: all events of a customer stand in one order, and each looks back at the latest
//! one of the step before. The latest is the best one to follow: if an earlier one is near enough, and nothing forbidden
//! lies between, the same holds for the latest.

use cvm_core::Diagnostics;
use cvm_core::predicate::{Fact, FactTest, Gap, RestartedTest, Rows, StepTest};
use sqlparser::ast::{BinaryOperator as Op, DataType, Expr, Ident, Query};

use super::subquery::{Frame, Parts, among, case, derived, over, union_all};
use super::{Builder, Subject, expr};
use crate::dialect::Dialect;

/// The name of the events in a subquery.
const ROWS: &str = "e";

impl Builder<'_> {
    pub(super) fn fact(&mut self, fact: &Fact) -> Result<Expr, Diagnostics> {
        let node = fact.node;
        match &fact.test {
            FactTest::Sequence(steps) => {
                let query = self.sequence(steps, node)?;
                Ok(among(self.customer_key(), query, fact.negated))
            }
            FactTest::Restarted(test) => {
                let query = self.restarted(test, node)?;
                Ok(among(self.customer_key(), query, fact.negated))
            }
            FactTest::Rank(test) => {
                let query = self.ranked(test, node)?;
                Ok(among(self.customer_key(), query, fact.negated))
            }
            FactTest::Bucket(test) => self.bucket(test, fact.negated, node),
            FactTest::Geo(test) => self.geo(test, fact.negated, node),
        }
    }

    /// The keys `k` and times `t` of events, each with a number that says what it is.
    fn tagged(&mut self, rows: &Rows, tag: u8, node: usize) -> Result<Query, Diagnostics> {
        let source = self.source(rows, node)?;
        let time = source.time.map_or_else(|| expr::number("0".to_owned()), |(time, _)| time);
        let mut parts = Parts::new(source.from)
            .column(source.key, "k")
            .column(time, "t")
            .column(expr::number(tag.to_string()), "s");
        parts.filter = source.filter;
        Ok(self.query(parts))
    }

    /// The keys of those for whom the steps follow each other.
    fn sequence(&mut self, steps: &[StepTest], node: usize) -> Result<Query, Diagnostics> {
        // What a row is: a step itself (it comes first among those at its time, and so sees only what is earlier), an
        // event of the step before, an event that must not lie between.
        const STEP: u8 = 0;
        const BEFORE: u8 = 1;
        const ABSENT: u8 = 2;
        let mut reached: Option<Query> = None;
        for step in steps {
            let Some(before) = reached.take() else {
                reached = Some(self.tagged(&step.rows, BEFORE, node)?);
                continue;
            };
            let mut all = vec![before, self.tagged(&step.rows, STEP, node)?];
            if let Some(absent) = &step.without {
                all.push(self.tagged(absent, ABSENT, node)?);
            }
            let Some(all) = union_all(all) else { continue };
            let (key, time, tag) = (self.column_of(ROWS, "k"), self.column_of(ROWS, "t"), self.column_of(ROWS, "s"));
            let latest = |wanted: u8| {
                let is = expr::binary(tag.clone(), Op::Eq, expr::number(wanted.to_string()));
                let call = expr::call("MAX", vec![case(vec![(is, time.clone())])]);
                over(call, vec![key.clone()], vec![(time.clone(), true), (tag.clone(), true)], Some(Frame::UpToHere))
            };
            let mut seen = Parts::new(derived(all, ROWS))
                .column(key.clone(), "k")
                .column(time.clone(), "t")
                .column(tag.clone(), "s")
                .column(latest(BEFORE), "p");
            if step.without.is_some() {
                seen = seen.column(latest(ABSENT), "x");
            }
            let seen = self.query(seen);
            let before = self.column_of(ROWS, "p");
            let mut parts = Parts::new(derived(seen, ROWS))
                .column(key, "k")
                .column(time.clone(), "t")
                .column(expr::number(BEFORE.to_string()), "s");
            parts.filter = vec![
                expr::binary(tag, Op::Eq, expr::number(STEP.to_string())),
                Expr::IsNotNull(Box::new(before.clone())),
            ];
            if let Some(gap) = step.within {
                parts.filter.push(self.gap(before.clone(), time, gap, Op::LtEq));
            }
            if step.without.is_some() {
                let absent = self.column_of(ROWS, "x");
                let none = Expr::IsNull(Box::new(absent.clone()));
                parts.filter.push(expr::nested(expr::pair(none, Op::Or, expr::binary(absent, Op::LtEq, before))));
            }
            reached = Some(self.query(parts));
        }
        let Some(reached) = reached else {
            return Err(self.unsupported_node(node, "a sequence without steps"));
        };
        let parts = Parts::new(derived(reached, ROWS)).column(self.column_of(ROWS, "k"), "k");
        Ok(self.query(parts))
    }

    /// The keys of those who came back.
    fn restarted(&mut self, test: &RestartedTest, node: usize) -> Result<Query, Diagnostics> {
        let source = self.source(&test.rows, node)?;
        let Some((time, ty)) = source.time else {
            return Err(self.unsupported_node(node, "rows without a time"));
        };
        // Each time once, so that the row before is strictly earlier.
        let mut times = Parts::new(source.from).column(source.key, "k").column(time, "t");
        times.filter = source.filter;
        times.distinct = true;
        let times = self.query(times);
        let (key, time) = (self.column_of(ROWS, "k"), self.column_of(ROWS, "t"));
        let there = Expr::IsNotNull(Box::new(time.clone()));
        // Never a column itself: a column that is never missing makes some databases answer with their zero.
        let latest = expr::call("MAX", vec![case(vec![(there, time.clone())])]);
        let latest = over(latest, vec![key.clone()], vec![(time.clone(), true)], Some(Frame::BeforeHere));
        let seen =
            Parts::new(derived(times, ROWS)).column(key.clone(), "k").column(time.clone(), "t").column(latest, "p");
        let mut parts = Parts::new(derived(self.query(seen), ROWS)).column(key, "k");
        let before = self.column_of(ROWS, "p");
        let subject = Subject { expr: time.clone(), ty, name: "", ready: true };
        parts.filter = vec![
            self.range(&subject, &test.within, false, node)?,
            Expr::IsNotNull(Box::new(before.clone())),
            self.gap(before, time, test.pause, Op::GtEq),
        ];
        Ok(self.query(parts))
    }

    /// Whether so much time lies between two times, in the form that times are compared in.
    fn gap(&self, earlier: Expr, later: Expr, gap: Gap, op: Op) -> Expr {
        let number = |n: i64| expr::number(n.to_string());
        match gap {
            Gap::Days(days) => expr::binary(self.days_between(earlier, later), op, number(days)),
            // Differences there are cut to milliseconds; sums are not.
            Gap::Seconds(seconds) if self.dialect == Dialect::Trino => {
                let shifted = expr::call("date_add", vec![self.quoted("second".to_owned()), number(seconds), earlier]);
                expr::binary(later, op, shifted)
            }
            Gap::Seconds(seconds) => {
                let micros = seconds.saturating_mul(1_000_000);
                expr::binary(self.micros_between(earlier, later), op, number(micros))
            }
        }
    }

    fn days_between(&self, earlier: Expr, later: Expr) -> Expr {
        let minus = |earlier: Expr, later: Expr| expr::nested(expr::binary(later, Op::Minus, earlier));
        match self.dialect {
            Dialect::PostgreSql | Dialect::DuckDb | Dialect::Redshift => minus(earlier, later),
            Dialect::MySql | Dialect::Spark => expr::call("DATEDIFF", vec![later, earlier]),
            Dialect::Sqlite => {
                let day = |date: Expr| expr::call("julianday", vec![date]);
                minus(day(earlier), day(later))
            }
            Dialect::DataFusion => {
                let day = |date: Expr| expr::cast(date, DataType::Int(None));
                minus(day(earlier), day(later))
            }
            Dialect::BigQuery => expr::call("DATE_DIFF", vec![later, earlier, unit("DAY")]),
            Dialect::ClickHouse => expr::call("dateDiff", vec![self.quoted("day".to_owned()), earlier, later]),
            Dialect::Trino => expr::call("date_diff", vec![self.quoted("day".to_owned()), earlier, later]),
            Dialect::Snowflake | Dialect::SqlServer => expr::call("DATEDIFF", vec![unit("DAY"), earlier, later]),
        }
    }

    fn micros_between(&self, earlier: Expr, later: Expr) -> Expr {
        let minus = |earlier: Expr, later: Expr| expr::nested(expr::binary(later, Op::Minus, earlier));
        match self.dialect {
            Dialect::PostgreSql => {
                let seconds = expr::extract(sqlparser::ast::DateTimeField::Epoch, minus(earlier, later));
                expr::binary(seconds, Op::Multiply, expr::number("1000000".to_owned()))
            }
            Dialect::MySql => expr::call("TIMESTAMPDIFF", vec![unit("MICROSECOND"), earlier, later]),
            Dialect::Sqlite => {
                // Text like 2024-01-31 09:30:00.000000.
                let micros = |time: Expr| {
                    // Without the part after the second, which strftime rounds.
                    let whole = vec![time.clone(), expr::number("1".to_owned()), expr::number("19".to_owned())];
                    let seconds = vec![expr::raw("'%s'".to_owned()), expr::call("substr", whole)];
                    let seconds = expr::call("strftime", seconds);
                    let seconds = expr::cast(seconds, DataType::Integer(None));
                    let args = vec![time, expr::number("21".to_owned()), expr::number("6".to_owned())];
                    let rest = expr::cast(expr::call("substr", args), DataType::Integer(None));
                    let seconds = expr::binary(seconds, Op::Multiply, expr::number("1000000".to_owned()));
                    expr::nested(expr::binary(seconds, Op::Plus, rest))
                };
                minus(micros(earlier), micros(later))
            }
            // Compared as microseconds already.
            Dialect::DuckDb => minus(earlier, later),
            Dialect::DataFusion => {
                let micros = |time: Expr| expr::cast(time, DataType::BigInt(None));
                minus(micros(earlier), micros(later))
            }
            Dialect::Spark => {
                let micros = |time: Expr| expr::call("UNIX_MICROS", vec![time]);
                minus(micros(earlier), micros(later))
            }
            Dialect::BigQuery => expr::call("TIMESTAMP_DIFF", vec![later, earlier, unit("MICROSECOND")]),
            Dialect::ClickHouse => expr::call("dateDiff", vec![self.quoted("microsecond".to_owned()), earlier, later]),
            Dialect::SqlServer => expr::call("DATEDIFF_BIG", vec![unit("MICROSECOND"), earlier, later]),
            Dialect::Snowflake | Dialect::Redshift | Dialect::Trino => {
                expr::call("DATEDIFF", vec![unit("MICROSECOND"), earlier, later])
            }
        }
    }
}

/// A unit of time as a bare word.
fn unit(name: &str) -> Expr {
    Expr::Identifier(Ident::new(name))
}
