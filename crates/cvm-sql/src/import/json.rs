//! Places inside JSON documents, taken out as texts: `attributes ->> 'plan'`.

use cvm_core::FieldType;
use cvm_core::filter::{Literal, Operand};
use sqlparser::ast::{BinaryOperator, Expr, Value};

use super::compare::Cmp;
use super::eval::Importer;
use super::scalar::{Const, Node, Simple};
use super::scope::{Column, Named};
use super::source::refused;
use super::truth::Truth;
use super::{Found, ImportDialect};

const HELP: &str = "compare `column ->> 'key'` with a text";

impl Importer<'_> {
    /// `left ->> right`, where the dialect gives NULL for a JSON null, as filters do.
    pub(super) fn json_arrow(&self, left: &Expr, right: &Expr) -> Found<Node> {
        if !matches!(
            self.dialect,
            ImportDialect::PostgreSql | ImportDialect::Sqlite | ImportDialect::DuckDb | ImportDialect::Generic
        ) {
            return refused("`->>` gives a JSON null as a text here", "");
        }
        let mut keys = vec![self.key(right)?];
        let mut at = left;
        loop {
            match at {
                Expr::BinaryOp { left, op: BinaryOperator::Arrow, right } => {
                    keys.push(self.key(right)?);
                    at = left;
                }
                Expr::Nested(inner) => at = inner,
                _ => break,
            }
        }
        keys.reverse();
        let column = match at {
            Expr::Identifier(name) => self.scope.find(std::slice::from_ref(name))?,
            Expr::CompoundIdentifier(parts) => self.scope.find(parts)?,
            _ => return refused("only places in a column are known", HELP),
        };
        match column {
            Named::Column(column) => self.json_place(&column, &keys),
            Named::Text(_) => refused("only places in a column are known", HELP),
        }
    }

    fn key(&self, expr: &Expr) -> Found<String> {
        let Expr::Value(value) = expr else { return refused("a key that is no text", HELP) };
        let Value::SingleQuotedString(text) = &value.value else { return refused("a key that is no text", HELP) };
        // A path of SQLite and DuckDB.
        match text.strip_prefix("$.") {
            Some(rest) if self.dialect != ImportDialect::PostgreSql && !rest.contains(['.', '[', '"', '*']) => {
                Ok(rest.to_owned())
            }
            Some(_) if self.dialect != ImportDialect::PostgreSql => refused("only paths of one key are known", HELP),
            _ if text.starts_with(['$', '/']) && self.dialect != ImportDialect::PostgreSql => {
                refused("only paths of keys are known", HELP)
            }
            _ => Ok(text.clone()),
        }
    }

    /// The text at a place of a document.
    pub(super) fn json_place(&self, column: &Column, keys: &[String]) -> Found<Node> {
        if !matches!(column.ty, None | Some(FieldType::Json)) {
            return refused(format!("`{}` is no JSON document", column.name), "");
        }
        // A number would be a key of an object and a place in a list; a dot would be two keys.
        if keys.iter().any(|key| key.is_empty() || key.contains('.') || key.parse::<usize>().is_ok()) {
            return refused("a key that is empty, a number, or holds a dot has no path", "");
        }
        let name = format!("{}.{}", column.name, keys.join("."));
        if self.catalog.is_some_and(|catalog| {
            catalog
                .customers
                .fields
                .iter()
                .any(|field| field.name.len() > column.name.len() && name.starts_with(&field.name))
        }) {
            return refused(format!("`{name}` is also the name of a field"), "");
        }
        Ok(Node::one(Simple::Column(Column { name, ty: column.ty.clone(), json: true, bytes: false })))
    }

    /// The text at a place beside a text: the same as the value there being that text, unless the text is also how
    /// another kind of value is written.
    pub(super) fn json_text(&self, column: &Column, cmp: Cmp, value: &Const) -> Found<Truth> {
        let Const::Text(text) = value else {
            return refused("a place in a JSON document is a text here", "write the value in quotes");
        };
        if cmp.is_order() {
            return refused("places in JSON documents have no order", "");
        }
        let other_kind = serde_json::from_str::<serde_json::Value>(text).is_ok_and(|json| !json.is_null());
        if (other_kind || text.starts_with(['{', '['])) && self.dialect != ImportDialect::Sqlite {
            return refused(format!("`{text}` is also how a number, a boolean or a document is written"), "");
        }
        if text.starts_with(['{', '[']) {
            return refused(format!("`{text}` may also be how a document is written"), "");
        }
        Ok(self.leaf(&column.name, cmp.operator(), Operand::One(Literal::Str(text.clone()))))
    }
}
