//! Rankings, by window functions over the customers.

use cvm_core::filter::Order;
use cvm_core::predicate::{Measured, RankTest, RankValue, Rows, Share, Test};
use cvm_core::{Diagnostics, FieldType, Value};
use sqlparser::ast::{BinaryOperator as Op, Expr, Query};

use super::subquery::{Parts, derived, joined, over};
use super::{Builder, CUSTOMERS, Scope, Subject, expr};

/// The names of the ranked customers, and of their measures, in a subquery.
const RANKED: &str = "r";
const MEASURES: &str = "m";

impl Builder<'_> {
    /// The keys that a ranking takes.
    pub(super) fn ranked(&mut self, test: &RankTest, node: usize) -> Result<Query, Diagnostics> {
        let catalog = self.catalog;
        let outer = std::mem::replace(&mut self.scope, Scope { alias: CUSTOMERS, fields: &catalog.customers.fields });
        let query = self.ranked_inside(test, node);
        self.scope = outer;
        query
    }

    fn ranked_inside(&mut self, test: &RankTest, node: usize) -> Result<Query, Diagnostics> {
        let table = &self.catalog.customers;
        let per: Vec<Expr> = match test.per.as_ref().map(|per| table.fields.get(per.index)) {
            None => Vec::new(),
            Some(Some(field)) => vec![self.comparable(&self.subject(field), false)],
            Some(None) => return Err(self.unsupported_node(node, "the field of the groups is not in the catalog")),
        };
        let mut from = self.table(&table.table, CUSTOMERS);
        let mut filter = Vec::new();
        let by = match &test.by {
            RankValue::Field(reference) => {
                let Some(field) = table.fields.get(reference.index) else {
                    return Err(self.unsupported_node(node, "the field of the ranking is not in the catalog"));
                };
                let subject = self.subject(field);
                filter.push(self.present(&subject));
                let by = self.comparable(&subject, true);
                if field.ty == FieldType::Float { self.unsigned(by) } else { by }
            }
            RankValue::Measure(rows, measure, ty) => {
                let nothing = Measured {
                    node,
                    rows: Rows::clone(rows),
                    measure: measure.clone(),
                    ty: ty.clone(),
                    test: Test::Present,
                    negated: false,
                    on_missing: false,
                }
                .of_nothing();
                let values = self.values(rows, measure, ty, node)?;
                let on = expr::binary(self.column_of(MEASURES, "k"), Op::Eq, self.customer_key());
                let value = self.column_of(MEASURES, "v");
                let all = nothing != Value::Missing;
                from = joined(from, values, MEASURES, on, all);
                if all {
                    expr::call("COALESCE", vec![value, self.zero(ty)])
                } else {
                    filter.push(Expr::IsNotNull(Box::new(value.clone())));
                    value
                }
            }
        };
        if let Some(among) = &test.among {
            filter.push(self.predicate(&among.clone().normalized())?);
        }
        let key = self.column_of(CUSTOMERS, &table.key);
        let by_key = match table.key_field() {
            Some(field) => {
                let subject = Subject { expr: key, ty: &field.ty, name: &field.name, ready: false };
                self.comparable(&subject, true)
            }
            None => key,
        };
        let order = vec![(by, test.order == Order::Bottom), (by_key, true)];
        let number = |n: u64| expr::number(n.to_string());
        let mut parts = Parts::new(from).column(self.customer_key(), "k");
        let place = |parts: Parts, name: &'static str, call: Expr, order: Vec<(Expr, bool)>| {
            parts.column(over(call, per.clone(), order, None), name)
        };
        let taken = match test.take {
            Share::N(n) => {
                parts = place(parts, "n", expr::call("ROW_NUMBER", Vec::new()), order);
                expr::binary(self.column_of(RANKED, "n"), Op::LtEq, number(n.into()))
            }
            Share::Millionths(millionths) => {
                parts = place(parts, "n", expr::call("ROW_NUMBER", Vec::new()), order);
                parts = place(parts, "a", expr::count_star(), Vec::new());
                // In whole numbers: (place − 1) × 1 000 000 < ranked × millionths.
                let before = expr::nested(expr::binary(self.column_of(RANKED, "n"), Op::Minus, number(1)));
                let before = expr::binary(before, Op::Multiply, number(1_000_000));
                let share = expr::binary(self.column_of(RANKED, "a"), Op::Multiply, number(millionths.into()));
                expr::binary(before, Op::Lt, share)
            }
            Share::Tile { part, of } => {
                parts = place(parts, "n", expr::call("NTILE", vec![number(of.into())]), order);
                expr::binary(self.column_of(RANKED, "n"), Op::Eq, number(part.into()))
            }
        };
        parts.filter = filter;
        let mut outer = Parts::new(derived(self.query(parts), RANKED)).column(self.column_of(RANKED, "k"), "k");
        outer.filter = vec![taken];
        Ok(self.query(outer))
    }
}
