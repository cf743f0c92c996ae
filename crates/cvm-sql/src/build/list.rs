//! Tests of lists, and of emptiness.
//!
//! PostgreSQL keeps lists in arrays (`text[]`, `bigint[]`), DuckDB and DataFusion in lists, MySQL and SQLite in JSON.

use cvm_core::filter::SizeTest;
use cvm_core::{FieldType, Value};
use sqlparser::ast::{Array, ArrayElemTypeDef, BinaryOperator as Op, DataType, Expr, Ident};

use super::{Builder, Mode, Subject, expr};
use crate::dialect::Dialect;

impl Builder<'_> {
    pub(super) fn empty(&mut self, subject: &Subject<'_>, negated: bool) -> Expr {
        let column = &subject.expr;
        if let FieldType::List(_) = subject.ty {
            return self.size(column, SizeTest::Eq(0), negated);
        }
        // MySQL takes spaces for nothing at the end of a text, so it counts bytes.
        let (left, right) = match self.dialect {
            Dialect::MySql => (expr::call("OCTET_LENGTH", vec![column.clone()]), expr::number("0".to_owned())),
            _ => (column.clone(), self.empty_text()),
        };
        expr::binary(left, if negated { Op::NotEq } else { Op::Eq }, right)
    }

    fn empty_text(&self) -> Expr {
        match self.mode {
            Mode::Tree => Expr::value(sqlparser::ast::Value::SingleQuotedString(String::new())),
            _ => expr::raw("''".to_owned()),
        }
    }

    pub(super) fn size(&mut self, column: &Expr, test: SizeTest, negated: bool) -> Expr {
        let function = match self.dialect {
            Dialect::PostgreSql | Dialect::DataFusion => "cardinality",
            Dialect::MySql => "JSON_LENGTH",
            Dialect::Sqlite => "json_array_length",
            Dialect::DuckDb => "len",
        };
        let (key, n) = test.parts();
        let op = match (key, negated) {
            ("eq", false) | ("ne", true) => Op::Eq,
            ("ne", false) | ("eq", true) => Op::NotEq,
            ("lt", false) | ("gte", true) => Op::Lt,
            ("lte", false) | ("gt", true) => Op::LtEq,
            ("gt", false) | ("lte", true) => Op::Gt,
            _ => Op::GtEq,
        };
        expr::binary(expr::call(function, vec![column.clone()]), op, expr::number(n.to_string()))
    }

    pub(super) fn has(&mut self, column: &Expr, item: &FieldType, all: bool, values: &[Value]) -> Expr {
        match self.dialect {
            Dialect::PostgreSql => {
                let elem = values.iter().map(|value| self.value(value, item)).collect();
                let array = expr::cast(Expr::Array(Array { elem, named: true }), array_type(item));
                expr::binary(column.clone(), if all { Op::AtArrow } else { Op::PGOverlap }, array)
            }
            Dialect::DuckDb => {
                let elem = values.iter().map(|value| self.value(value, item)).collect();
                let list = Expr::Array(Array { elem, named: false });
                expr::call(if all { "list_has_all" } else { "list_has_any" }, vec![column.clone(), list])
            }
            Dialect::DataFusion => {
                let items = values.iter().map(|value| self.value(value, item)).collect();
                let list = expr::call("make_array", items);
                expr::call(if all { "array_has_all" } else { "array_has_any" }, vec![column.clone(), list])
            }
            Dialect::MySql => {
                let json = serde_json::Value::Array(values.iter().map(Value::to_json).collect());
                let list = self.string(&json.to_string());
                expr::call(if all { "JSON_CONTAINS" } else { "JSON_OVERLAPS" }, vec![column.clone(), list])
            }
            Dialect::Sqlite => {
                let mut one = |values: &[Value]| {
                    let item_value = Expr::CompoundIdentifier(vec![Ident::new("j"), Ident::new("value")]);
                    let list = values.iter().map(|value| self.value(value, item)).collect();
                    let among = Expr::InList { expr: Box::new(item_value), list, negated: false };
                    expr::exists_in("json_each", vec![column.clone()], "j", among)
                };
                if all {
                    let terms = values.iter().map(|value| one(std::slice::from_ref(value))).collect();
                    expr::join(terms, Op::And)
                } else {
                    one(values)
                }
            }
        }
    }
}

fn array_type(item: &FieldType) -> DataType {
    let item = match item {
        FieldType::Bool => DataType::Boolean,
        FieldType::Int => DataType::BigInt(None),
        FieldType::Float => DataType::DoublePrecision,
        FieldType::Decimal { .. } => DataType::Numeric(sqlparser::ast::ExactNumberInfo::None),
        FieldType::Date => DataType::Date,
        FieldType::Timestamp => DataType::Timestamp(None, sqlparser::ast::TimezoneInfo::Tz),
        _ => DataType::Text,
    };
    DataType::Array(ArrayElemTypeDef::SquareBracket(Box::new(item), None))
}
