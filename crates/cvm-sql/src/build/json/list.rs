//! Arrays in documents, and looking at the items of a list one by one.

use cvm_core::predicate::Leaf;
use cvm_core::{Diagnostics, Value};
use sqlparser::ast::{
    BinaryOperator as Op, DataType, Expr, Ident, JsonTableColumn, JsonTableNamedColumn, ObjectName, SelectItem,
    TableAlias, TableAliasColumnDef, TableFactor, TableFunctionArgs, TableWithJoins, Value as Sql,
};

use super::node::Node;
use super::test::is_plain;
use crate::build::subquery::derived;
use crate::build::{Builder, expr};
use crate::dialect::Dialect;

/// The name of the items where they are looked at one by one, and of their value.
const ITEMS: &str = "j";
const VALUE: &str = "v";

impl Builder<'_> {
    /// Whether the array at a place has any of the values, or all.
    pub(super) fn has_items(
        &mut self,
        node: &Node,
        all: bool,
        values: &[Value],
        fold: bool,
        leaf: &Leaf,
    ) -> Result<Expr, Diagnostics> {
        // PostgreSQL's indices know which arrays contain which.
        if let Some(json) = node.json.as_ref().filter(|_| !fold && values.iter().all(is_plain)) {
            let mut terms = Vec::new();
            for list in if all { vec![values] } else { values.chunks(1).collect() } {
                let list = list.iter().map(Value::to_json).collect();
                let wanted = self.jsonb(&serde_json::Value::Array(list));
                terms.push(expr::binary(json.clone(), Op::AtArrow, wanted));
            }
            return Ok(expr::join(terms, Op::Or));
        }
        if self.dialect == Dialect::Redshift {
            let reason = "how a subquery goes through the items of a SUPER value of the row outside isn't documented; ask \
                          for the size, or keep the items in a related table";
            return Err(self.unsupported(leaf, reason));
        }
        let item = self.item_node();
        let mut terms = Vec::new();
        for list in if all { values.chunks(1).collect() } else { vec![values] } {
            let condition = self.one_of_any_kind(&item, list, fold, leaf)?;
            let list = node.items.clone();
            terms.push(match self.dialect {
                Dialect::ClickHouse => expr::call("arrayExists", vec![expr::lambda("x", condition), list]),
                Dialect::Spark => expr::call("exists", vec![list, expr::lambda("x", condition)]),
                Dialect::Trino => expr::call("any_match", vec![list, expr::lambda("x", condition)]),
                Dialect::Snowflake => {
                    let passing = expr::call("FILTER", vec![list, expr::lambda("x", condition)]);
                    let size = expr::call(self.traits.size, vec![passing]);
                    expr::binary(size, Op::Gt, expr::number("0".to_owned()))
                }
                _ => exists(self.json_items(list), condition),
            });
        }
        Ok(expr::join(terms, Op::And))
    }

    /// The items of a JSON array as rows of a table.
    fn json_items(&self, array: Expr) -> TableWithJoins {
        match self.dialect {
            Dialect::PostgreSql => table_function("jsonb_array_elements", array, Some(VALUE)),
            Dialect::MySql => json_table(array, DataType::JSON),
            Dialect::DuckDb => unnested(self, array),
            Dialect::BigQuery => table_function("UNNEST", array, None),
            Dialect::SqlServer => table_function("OPENJSON", array, None),
            _ => table_function("json_each", array, None),
        }
    }

    /// The items of a list of texts as rows of a table, and the text of an item; `None` where the dialect can't.
    pub(in crate::build) fn text_items(&self, list: Expr) -> Option<(TableWithJoins, Expr)> {
        let value = expr::raw("j.v".to_owned());
        Some(match self.dialect {
            Dialect::PostgreSql => (table_function("unnest", list, Some(VALUE)), value),
            Dialect::MySql => (json_table(list, expr::named_type("LONGTEXT")), value),
            Dialect::DuckDb => (unnested(self, list), value),
            Dialect::Sqlite => (table_function("json_each", list, None), expr::raw("j.value".to_owned())),
            Dialect::BigQuery => (table_function("UNNEST", list, None), expr::raw("j".to_owned())),
            _ => return None,
        })
    }
}

/// `EXISTS (SELECT 1 FROM items WHERE condition)`.
pub(in crate::build) fn exists(items: TableWithJoins, condition: Expr) -> Expr {
    let one = vec![SelectItem::UnnamedExpr(expr::number("1".to_owned()))];
    Expr::Exists { subquery: Box::new(expr::select(one, items, Some(condition))), negated: false }
}

/// `function(list) AS j(v)`.
fn table_function(function: &str, list: Expr, column: Option<&str>) -> TableWithJoins {
    use sqlparser::ast::{FunctionArg, FunctionArgExpr};
    let args = TableFunctionArgs { args: vec![FunctionArg::Unnamed(FunctionArgExpr::Expr(list))], settings: None };
    let mut relation = expr::table(ObjectName::from(vec![Ident::new(function)]), ITEMS, Some(args));
    if let TableFactor::Table { alias: Some(alias), .. } = &mut relation {
        alias.columns = column.map(TableAliasColumnDef::from_name).into_iter().collect();
    }
    TableWithJoins { relation, joins: Vec::new() }
}

/// `JSON_TABLE(array, '$[*]' COLUMNS (v JSON PATH '$')) AS j`.
fn json_table(array: Expr, r#type: DataType) -> TableWithJoins {
    let path = |text: &str| Sql::SingleQuotedString(text.to_owned()).into();
    let name = Ident::new(VALUE);
    let column = JsonTableNamedColumn { name, r#type, path: path("$"), exists: false, on_empty: None, on_error: None };
    let relation = TableFactor::JsonTable {
        json_expr: array,
        json_path: path("$[*]"),
        columns: vec![JsonTableColumn::Named(column)],
        alias: Some(TableAlias { explicit: true, name: Ident::new(ITEMS), columns: Vec::new(), at: None }),
    };
    TableWithJoins { relation, joins: Vec::new() }
}

/// `(SELECT UNNEST(list) AS v) AS j`.
fn unnested(builder: &Builder<'_>, list: Expr) -> TableWithJoins {
    let item = SelectItem::ExprWithAlias { expr: expr::call("UNNEST", vec![list]), alias: builder.name(VALUE) };
    derived(expr::select_nothing_from(vec![item]), ITEMS)
}
