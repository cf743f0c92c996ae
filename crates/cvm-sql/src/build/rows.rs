//! Values made of many rows: `key IN (SELECT … GROUP BY … HAVING …)`.
//!
//! The subquery looks at nothing outside itself, so every database runs it once and joins. Customers without rows are not
//! in it: where they pass the test, the subquery finds those who fail it, and the key must not be among them.

use cvm_core::catalog::Materialized;
use cvm_core::predicate::{Bound, FieldRef, Measured, Range, RowMeasure, RowSource, Rows, Test};
use cvm_core::{Diagnostics, Field, FieldType, Value};
use sqlparser::ast::{BinaryOperator as Op, DataType, ExactNumberInfo, Expr, Query, TableWithJoins};

use super::compare::BINARY_UTF8;
use super::subquery::{Parts, among, case, count_distinct, derived, over};
use super::{Builder, CUSTOMERS, Scope, Subject, expr};
use crate::dialect::Dialect;

/// The rows that count: where they are, which of them, and the customer's key in them.
pub(super) struct Source<'c> {
    pub(super) from: TableWithJoins,
    pub(super) filter: Vec<Expr>,
    pub(super) key: Expr,
    /// When the row was; rows of related tables have no time.
    pub(super) time: Option<(Expr, &'c FieldType)>,
    fields: &'c [Field],
}

/// The name of the rows in a subquery.
const ROWS: &str = "e";

impl<'c> Builder<'c> {
    pub(super) fn measured(&mut self, measured: &Measured) -> Result<Expr, Diagnostics> {
        // Those who fail are looked for where having no rows passes.
        let complement = measured.on_nothing();
        let mut wanted = measured.clone();
        if complement {
            wanted.negated = !wanted.negated;
            wanted.on_missing = !wanted.on_missing;
        }
        let query = self.passing(&wanted)?;
        Ok(among(self.customer_key(), query, complement))
    }

    /// Whether the customer is among the kept members of a segment.
    pub(super) fn kept_members(&mut self, kept: &Materialized, negated: bool) -> Expr {
        let from = self.table(&kept.table, ROWS);
        let column = self.column_of(ROWS, &kept.column);
        let mut parts = Parts::new(from).column(self.key_of(column.clone()), "k");
        parts.filter = vec![Expr::IsNotNull(Box::new(column))];
        among(self.customer_key(), self.query(parts), negated)
    }

    /// The key of the customer, as keys are compared.
    pub(super) fn customer_key(&self) -> Expr {
        let table = &self.catalog.customers;
        self.key_of(self.column_of(CUSTOMERS, &table.key))
    }

    fn key_of(&self, column: Expr) -> Expr {
        let Some(field) = self.catalog.customers.key_field() else { return column };
        self.comparable(&Subject { expr: column, ty: &field.ty, name: &field.name, ready: false }, false)
    }

    /// The keys of the customers whose rows pass the test.
    fn passing(&mut self, measured: &Measured) -> Result<Query, Diagnostics> {
        let source = self.source(&measured.rows, measured.node)?;
        let mut parts = match &measured.measure {
            // Any row will do: nothing to group.
            RowMeasure::Count if any_number_passes(measured) => {
                let mut parts = Parts::new(source.from).column(source.key, "k");
                parts.filter = source.filter;
                return Ok(self.query(parts));
            }
            RowMeasure::FirstValue(field) => self.at_extreme(source, field, true, measured.node)?,
            RowMeasure::LastValue(field) => self.at_extreme(source, field, false, measured.node)?,
            measure => self.grouped(source, measure, &measured.ty, measured.node)?,
        };
        let Some((value, _)) = parts.columns.pop() else { return Ok(self.query(parts)) };
        let mut leaf = measured.as_leaf();
        // Counts and sums are never missing where there is a row.
        leaf.on_missing &= measured.of_nothing().is_missing();
        let mut ty = measured.ty.clone();
        if ty == FieldType::Bool {
            // Truth is made a number, as not every database has a greatest truth.
            ty = FieldType::Int;
            if let Test::In(values) = &mut leaf.test {
                *values = values.iter().map(|value| Value::Int(i64::from(*value == Value::Bool(true)))).collect();
            }
        }
        // Texts that had to stay texts in the aggregate are made comparable after it.
        let ready = ty != FieldType::String || !self.traits.values_as_bytes;
        parts.having = Some(self.verdict(&Subject { expr: value, ty: &ty, name: "", ready }, &leaf)?);
        Ok(self.query(parts))
    }

    /// Each customer's key `k` and value `v`.
    pub(super) fn values(
        &mut self,
        rows: &Rows,
        measure: &RowMeasure,
        ty: &FieldType,
        node: usize,
    ) -> Result<Query, Diagnostics> {
        let source = self.source(rows, node)?;
        let mut parts = match measure {
            RowMeasure::FirstValue(field) => self.at_extreme(source, field, true, node)?,
            RowMeasure::LastValue(field) => self.at_extreme(source, field, false, node)?,
            measure => self.grouped(source, measure, ty, node)?,
        };
        if let Some((_, alias)) = parts.columns.last_mut() {
            *alias = Some("v");
        }
        Ok(self.query(parts))
    }

    /// The rows that count.
    pub(super) fn source(&mut self, rows: &Rows, node: usize) -> Result<Source<'c>, Diagnostics> {
        let catalog = self.catalog;
        let (table, customer, time, kind, fields) = match rows.source {
            RowSource::Events(index) => match catalog.events.get(index) {
                Some(stream) => {
                    let kind = stream.name_column.as_ref().map(|column| (column, &stream.name));
                    (&stream.table, &stream.customer, Some((&stream.time, &stream.time_type)), kind, &stream.fields)
                }
                None => return Err(self.unsupported_node(node, "the stream of events is not in the catalog")),
            },
            RowSource::Related(index) => match catalog.related.get(index) {
                Some(table) => (&table.table, &table.customer, None, None, &table.fields),
                None => return Err(self.unsupported_node(node, "the related table is not in the catalog")),
            },
        };
        let from = self.table(table, ROWS);
        let customer = self.column_of(ROWS, customer);
        // Rows of nobody: a missing key among the keys would make every `NOT IN` unknown.
        let mut filter = vec![Expr::IsNotNull(Box::new(customer.clone()))];
        if let Some((column, name)) = kind {
            let column =
                Subject { expr: self.column_of(ROWS, column), ty: &FieldType::String, name: column, ready: false };
            filter.push(self.one_of(&column, &[Value::Str(name.clone())], false));
        }
        let mut at = None;
        if let Some((column, ty)) = time {
            let subject = Subject { expr: self.column_of(ROWS, column), ty, name: column, ready: false };
            if rows.time == Range::default() {
                filter.push(Expr::IsNotNull(Box::new(subject.expr.clone())));
            } else {
                filter.push(self.range(&subject, &rows.time, false, node)?);
            }
            at = Some((self.comparable(&subject, true), ty));
        }
        if let Some(condition) = &rows.filter {
            let condition = condition.clone().normalized();
            let blamed = self.blamed.replace(node);
            let outer = std::mem::replace(&mut self.scope, Scope { alias: ROWS, fields });
            let built = self.predicate(&condition);
            self.scope = outer;
            self.blamed = blamed;
            filter.push(built?);
        }
        Ok(Source { from, filter, key: self.key_of(customer), time: at, fields })
    }

    /// A value that groups of rows have.
    fn grouped(
        &mut self,
        source: Source<'c>,
        measure: &RowMeasure,
        ty: &FieldType,
        node: usize,
    ) -> Result<Parts, Diagnostics> {
        let value = self.aggregate(&source, measure, ty, node)?;
        let mut parts = Parts::new(source.from).column(source.key.clone(), "k").column(value, "v");
        parts.filter = source.filter;
        parts.group_by = vec![source.key];
        Ok(parts)
    }

    fn aggregate(
        &mut self,
        source: &Source<'c>,
        measure: &RowMeasure,
        ty: &FieldType,
        node: usize,
    ) -> Result<Expr, Diagnostics> {
        let time = || source.time.as_ref().map_or_else(|| expr::number("0".to_owned()), |(time, _)| time.clone());
        Ok(match measure {
            RowMeasure::Count => expr::count_star(),
            RowMeasure::FirstTime => expr::call("MIN", vec![time()]),
            RowMeasure::LastTime => expr::call("MAX", vec![time()]),
            RowMeasure::Distinct(field) => {
                let value = self.row_value(source, field, node)?;
                count_distinct(value)
            }
            RowMeasure::Min(field) => expr::call("MIN", vec![self.row_value(source, field, node)?]),
            RowMeasure::Max(field) => expr::call("MAX", vec![self.row_value(source, field, node)?]),
            RowMeasure::Sum(field) => {
                let sum = self.sum(source, field, node)?;
                expr::call("COALESCE", vec![sum, self.zero(ty)])
            }
            RowMeasure::Avg(field) => {
                let total = self.sum(source, field, node)?;
                let total = self.as_double(total);
                let number = expr::call("COUNT", vec![self.row_value(source, field, node)?]);
                let number = expr::call("NULLIF", vec![number, expr::number("0".to_owned())]);
                expr::binary(total, Op::Divide, number)
            }
            RowMeasure::Periods { bounds, moments } => {
                let ty = source.time.as_ref().map_or(&FieldType::Timestamp, |(_, ty)| *ty);
                let mut arms = Vec::with_capacity(bounds.len());
                for (i, (end, moment)) in bounds.iter().zip(moments).skip(1).enumerate() {
                    let subject = Subject { expr: time(), ty, name: "", ready: true };
                    let before = Range::new(Bound::Open, Bound::Excluded(end.clone()));
                    let before = before.moving(None, Some(moment.clone()));
                    arms.push((self.range(&subject, &before, false, node)?, expr::number(i.to_string())));
                }
                count_distinct(case(arms))
            }
            // Made by `at_extreme`.
            RowMeasure::FirstValue(_) | RowMeasure::LastValue(_) => expr::number("0".to_owned()),
        })
    }

    /// A property as it is compared: never NaN, zeros without sign, truth as a number.
    fn row_value(&mut self, source: &Source<'c>, field: &FieldRef, node: usize) -> Result<Expr, Diagnostics> {
        let Some(field) = source.fields.get(field.index).filter(|_| field.path.is_empty()) else {
            return Err(self.unsupported_node(node, "measures inside json fields can't be said in SQL"));
        };
        let column = self.column_of(ROWS, &field.name);
        let subject = Subject { expr: column, ty: &field.ty, name: &field.name, ready: false };
        self.notes_of(&subject);
        Ok(match field.ty {
            // Bytes have no least or greatest there; what comes out is made comparable then.
            FieldType::String if self.traits.values_as_bytes => self.by_code_point(subject.expr),
            FieldType::Float => {
                let value = self.unsigned(self.comparable(&subject, true));
                if self.can_be_nan(&subject) { case(vec![(self.is_number(&subject), value)]) } else { value }
            }
            FieldType::Bool => {
                let number = |digits: &str| expr::number(digits.to_owned());
                let (yes, no) = if self.traits.booleans {
                    (subject.expr.clone(), expr::not(subject.expr))
                } else {
                    let is = |digits| expr::binary(subject.expr.clone(), Op::Eq, number(digits));
                    (is("1"), is("0"))
                };
                case(vec![(yes, number("1")), (no, number("0"))])
            }
            _ => self.comparable(&subject, true),
        })
    }

    /// A text in the order of code points, where a collation would sort it otherwise.
    fn by_code_point(&self, text: Expr) -> Expr {
        match self.dialect {
            Dialect::SqlServer => expr::collate(text, BINARY_UTF8),
            _ => text,
        }
    }

    /// A float whose zero has no sign, for databases that tell 0.0 from -0.0 when they group and order.
    pub(super) fn unsigned(&self, value: Expr) -> Expr {
        match self.dialect {
            Dialect::PostgreSql | Dialect::Sqlite | Dialect::DuckDb => value,
            _ => expr::nested(expr::binary(value, Op::Plus, self.float(0.0))),
        }
    }

    /// The sum of a property. Sums of integers are made of decimals where they would overflow.
    fn sum(&mut self, source: &Source<'c>, field: &FieldRef, node: usize) -> Result<Expr, Diagnostics> {
        let ty = source.fields.get(field.index).map(|field| &field.ty);
        let value = self.row_value(source, field, node)?;
        Ok(match (self.dialect, ty) {
            // SQLite's decimals are floats, which add up to something near: whole hundredths add up exactly.
            (Dialect::Sqlite, Some(FieldType::Decimal { scale, .. })) if *scale > 0 => {
                let unit = expr::number(format!("1{}.0", "0".repeat((*scale).into())));
                let scaled = expr::call("ROUND", vec![expr::binary(value, Op::Multiply, unit.clone())]);
                let total = expr::call("SUM", vec![expr::cast(scaled, DataType::Integer(None))]);
                expr::nested(expr::binary(total, Op::Divide, unit))
            }
            (_, Some(FieldType::Int)) => expr::call("SUM", vec![self.widened(value)]),
            _ => expr::call("SUM", vec![value]),
        })
    }

    /// A whole number of a type whose sum does not overflow.
    fn widened(&self, value: Expr) -> Expr {
        let digits = |n| DataType::Decimal(ExactNumberInfo::PrecisionAndScale(n, 0));
        match self.dialect {
            // Their sums are wider than what is added.
            Dialect::PostgreSql
            | Dialect::MySql
            | Dialect::DuckDb
            | Dialect::Sqlite
            | Dialect::Snowflake
            | Dialect::Redshift => value,
            // Beside decimals, which a sum of integers is compared with, IN takes decimals only.
            Dialect::ClickHouse => expr::call("toDecimal128", vec![value, expr::number("0".to_owned())]),
            Dialect::BigQuery => expr::cast(value, DataType::Numeric(ExactNumberInfo::None)),
            Dialect::SqlServer => expr::cast(value, digits(38)),
            Dialect::DataFusion | Dialect::Spark | Dialect::Trino => expr::cast(value, digits(20)),
        }
    }

    /// The sum of nothing.
    pub(super) fn zero(&self, ty: &FieldType) -> Expr {
        if *ty == FieldType::Float { self.float(0.0) } else { expr::number("0".to_owned()) }
    }

    /// A number as a float.
    pub(super) fn as_double(&self, value: Expr) -> Expr {
        match self.dialect {
            // A cast would lose the missing ones.
            Dialect::ClickHouse => expr::call("toFloat64", vec![value]),
            Dialect::PostgreSql | Dialect::Redshift => expr::cast(value, DataType::DoublePrecision),
            Dialect::Sqlite => expr::cast(value, DataType::Real),
            Dialect::BigQuery => expr::cast(value, DataType::Float64),
            Dialect::SqlServer => expr::cast(value, DataType::Float(ExactNumberInfo::None)),
            _ => expr::cast(value, DataType::Double(ExactNumberInfo::None)),
        }
    }

    /// The least value at the earliest time, or the greatest at the latest.
    fn at_extreme(
        &mut self,
        source: Source<'c>,
        field: &FieldRef,
        first: bool,
        node: usize,
    ) -> Result<Parts, Diagnostics> {
        let value = self.row_value(&source, field, node)?;
        let time = source.time.as_ref().map(|(time, _)| (time.clone(), first));
        let place = over(expr::call("RANK", Vec::new()), vec![source.key.clone()], time.into_iter().collect(), None);
        let mut inner = Parts::new(source.from).column(source.key, "k").column(value, "v").column(place, "n");
        inner.filter = source.filter;
        let key = self.column_of(ROWS, "k");
        let value = expr::call(if first { "MIN" } else { "MAX" }, vec![self.column_of(ROWS, "v")]);
        let mut parts = Parts::new(derived(self.query(inner), ROWS)).column(key.clone(), "k").column(value, "v");
        parts.filter = vec![expr::binary(self.column_of(ROWS, "n"), Op::Eq, expr::number("1".to_owned()))];
        parts.group_by = vec![key];
        Ok(parts)
    }
}

/// Whether every number of rows from 1 passes.
fn any_number_passes(measured: &Measured) -> bool {
    let at_most_one = |bound: &Bound| match bound {
        Bound::Open => true,
        Bound::Included(value) => *value == Value::Int(0) || *value == Value::Int(1),
        Bound::Excluded(value) => *value == Value::Int(0),
    };
    match (&measured.test, measured.negated) {
        (Test::Range(Range { low, high: Bound::Open, .. }), false) => at_most_one(low),
        // Not (0 or less).
        (Test::Range(Range { low: Bound::Open, high, .. }), true) => match high {
            Bound::Included(value) => *value == Value::Int(0),
            Bound::Excluded(value) => *value == Value::Int(1) || *value == Value::Int(0),
            Bound::Open => false,
        },
        (Test::In(values), true) => matches!(values.as_slice(), [Value::Int(0)]),
        _ => false,
    }
}
