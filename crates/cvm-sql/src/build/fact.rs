//! Facts about a customer: one event after another, returns, samples, places.
//!
//! Events one after another need no join: all events of a customer stand in one order, and each looks back at the latest
//! one of the step before. The latest is the best one to follow: if an earlier one is near enough, and nothing forbidden
//! lies between, the same holds for the latest.

use cvm_core::predicate::{BucketTest, Fact, FactTest, Gap, GeoTest, RestartedTest, StepTest};
use cvm_core::{Diagnostics, Field, FieldType};
use sqlparser::ast::{BinaryOperator as Op, DataType, Expr, Query};

use super::subquery::{Frame, Parts, among, case, derived, over, union_all};
use super::{Builder, CUSTOMERS, Mode, Subject, expr};
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
    fn tagged(&mut self, rows: &cvm_core::predicate::Rows, tag: u8, node: usize) -> Result<Query, Diagnostics> {
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
            self.range(&subject, &test.within, false),
            Expr::IsNotNull(Box::new(before.clone())),
            self.gap(before, time, test.pause, Op::GtEq),
        ];
        Ok(self.query(parts))
    }

    /// Whether so much time lies between two times, in the form that times are compared in.
    fn gap(&self, earlier: Expr, later: Expr, gap: Gap, op: Op) -> Expr {
        let (elapsed, ticks) = match gap {
            Gap::Days(days) => (self.days_between(earlier, later), days),
            Gap::Seconds(seconds) => (self.micros_between(earlier, later), seconds.saturating_mul(1_000_000)),
        };
        expr::binary(elapsed, op, expr::number(ticks.to_string()))
    }

    fn days_between(&self, earlier: Expr, later: Expr) -> Expr {
        let minus = |earlier: Expr, later: Expr| expr::nested(expr::binary(later, Op::Minus, earlier));
        match self.dialect {
            Dialect::PostgreSql | Dialect::DuckDb => minus(earlier, later),
            Dialect::MySql => expr::call("DATEDIFF", vec![later, earlier]),
            Dialect::Sqlite => {
                let day = |date: Expr| expr::call("julianday", vec![date]);
                minus(day(earlier), day(later))
            }
            Dialect::DataFusion => {
                let day = |date: Expr| expr::cast(date, DataType::Int(None));
                minus(day(earlier), day(later))
            }
        }
    }

    fn micros_between(&self, earlier: Expr, later: Expr) -> Expr {
        let minus = |earlier: Expr, later: Expr| expr::nested(expr::binary(later, Op::Minus, earlier));
        match self.dialect {
            Dialect::PostgreSql => {
                let seconds = expr::extract(sqlparser::ast::DateTimeField::Epoch, minus(earlier, later));
                expr::binary(seconds, Op::Multiply, expr::number("1000000".to_owned()))
            }
            Dialect::MySql => {
                let unit = Expr::Identifier(sqlparser::ast::Ident::new("MICROSECOND"));
                expr::call("TIMESTAMPDIFF", vec![unit, earlier, later])
            }
            Dialect::Sqlite => {
                // Text like 2024-01-31 09:30:00.000000.
                let micros = |time: Expr| {
                    let literal = |text: &str| expr::raw(text.to_owned());
                    let seconds = expr::call("strftime", vec![literal("'%s'"), time.clone()]);
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
        }
    }

    /// A sample by the key.
    fn bucket(&mut self, test: &BucketTest, negated: bool, node: usize) -> Result<Expr, Diagnostics> {
        let Some(field) = self.catalog.customers.fields.get(test.key) else {
            return Err(self.unsupported_node(node, "the key is not in the catalog"));
        };
        let number = self.bucket_number(&test.salt, field, node)?;
        Ok(Expr::Between {
            expr: Box::new(number),
            negated,
            low: Box::new(expr::number(test.from.to_string())),
            high: Box::new(expr::number((test.to - 1).to_string())),
        })
    }

    fn bucket_number(&mut self, salt: &str, key: &Field, node: usize) -> Result<Expr, Diagnostics> {
        let column = self.column_of(CUSTOMERS, &key.name);
        if self.mode == Mode::Tree {
            let key = expr::cast(column, DataType::Varchar(None));
            return Ok(expr::call("cvm_bucket", vec![self.string(salt), key]));
        }
        let salt = self.string(&format!("{salt}:"));
        let number = |digits: &str| expr::number(digits.to_owned());
        let head = |hash: Expr| expr::call("SUBSTR", vec![hash, number("1"), number("8")]);
        let number_of = match self.dialect {
            Dialect::PostgreSql => {
                let text = expr::pair(salt, Op::StringConcat, expr::cast(column, DataType::Text));
                let hash = head(expr::call("MD5", vec![text]));
                let bits = expr::nested(expr::pair(expr::raw("'x'".to_owned()), Op::StringConcat, hash));
                expr::cast(expr::cast(bits, DataType::Bit(Some(32))), DataType::BigInt(None))
            }
            Dialect::MySql => {
                let hash = head(expr::call("MD5", vec![expr::call("CONCAT", vec![salt, column])]));
                let digits = expr::call("CONV", vec![hash, number("16"), number("10")]);
                expr::cast(digits, DataType::Unsigned)
            }
            Dialect::DuckDb => {
                let text = expr::pair(salt, Op::StringConcat, expr::cast(column, DataType::Varchar(None)));
                let hash = head(expr::call("md5", vec![text]));
                let hex = expr::nested(expr::pair(expr::raw("'0x'".to_owned()), Op::StringConcat, hash));
                expr::cast(hex, DataType::BigInt(None))
            }
            Dialect::Sqlite => {
                return Err(self.unsupported_node(node, "the database has no MD5, by which samples are drawn"));
            }
            Dialect::DataFusion => {
                return Err(
                    self.unsupported_node(node, "it can't read the digits of a hash, by which samples are drawn")
                );
            }
        };
        // A remainder of numbers that are never negative: the same everywhere.
        Ok(expr::nested(expr::binary(number_of, Op::Modulo, number("10000"))))
    }

    /// Within a distance: the haversines are compared, so that no inverse is needed.
    fn geo(&mut self, test: &GeoTest, negated: bool, node: usize) -> Result<Expr, Diagnostics> {
        let fields = &self.catalog.customers.fields;
        let (Some(lat), Some(lon)) = (fields.get(test.latitude), fields.get(test.longitude)) else {
            return Err(self.unsupported_node(node, "the coordinates are not in the catalog"));
        };
        if self.dialect == Dialect::Sqlite {
            self.note("distances need SQLite's mathematical functions (SQLITE_ENABLE_MATH_FUNCTIONS)".to_owned());
        }
        let degrees = |field: &Field| match field.ty {
            FieldType::Float => self.column_of(CUSTOMERS, &field.name),
            _ => expr::cast(self.column_of(CUSTOMERS, &field.name), self.double()),
        };
        let constant = |x: f64| expr::number(format!("{x:?}"));
        let radians = |degrees: Expr| expr::call("RADIANS", vec![degrees]);
        let half_squared = |degrees: Expr, center: f64| {
            let angle = radians(expr::binary(degrees, Op::Minus, expr::nested(constant(center))));
            let sine = expr::call("SIN", vec![expr::binary(angle, Op::Divide, constant(2.0))]);
            expr::call("POWER", vec![sine, expr::number("2".to_owned())])
        };
        let cosines = expr::binary(
            constant(test.lat.to_radians().cos()),
            Op::Multiply,
            expr::call("COS", vec![radians(degrees(lat))]),
        );
        let across = expr::binary(cosines, Op::Multiply, half_squared(degrees(lon), test.lon));
        let haversine = expr::binary(half_squared(degrees(lat), test.lat), Op::Plus, across);
        let within = expr::binary(haversine, Op::LtEq, constant(test.limit()));
        let sides: Vec<Subject<'_>> = [lat, lon].map(|field| self.subject(field)).into();
        if negated {
            let mut terms = vec![expr::not(within)];
            terms.extend(sides.iter().map(|side| self.missing(side)));
            return Ok(expr::join(terms, Op::Or));
        }
        let mut terms = vec![within];
        terms.extend(sides.iter().filter(|side| self.can_be_nan(side)).map(|side| self.is_number(side)));
        Ok(expr::join(terms, Op::And))
    }
}
