//! Values in documents, as each dialect gets at them.

use cvm_core::predicate::Leaf;
use cvm_core::{Diagnostics, Field};
use sqlparser::ast::{BinaryOperator as Op, DataType, ExactNumberInfo, Expr};

use super::cloud::{bigquery_node, redshift_node, snowflake_node, trino_node};
use super::node::{Kinds, Node, Raw, fits, is, quoted};
use super::openjson::sqlserver_value;
use super::path::{Part, dotted, index_step, key_step, parts, pointer};
use super::warehouse::{clickhouse_node, spark_node};
use crate::build::{Builder, expr};
use crate::dialect::{Dialect, text_literal};

static POSTGRESQL: Kinds = Kinds { null: "null", text: "string", array: "array", integers: &["number"], floats: &[] };
static MYSQL: Kinds = Kinds {
    null: "NULL",
    text: "STRING",
    array: "ARRAY",
    // MariaDB has one name for all whole numbers, of however many digits.
    integers: &["INTEGER", "UNSIGNED INTEGER"],
    floats: &["DOUBLE", "DECIMAL"],
};
static SQLITE: Kinds = Kinds { null: "null", text: "text", array: "array", integers: &["integer"], floats: &["real"] };
static DUCKDB: Kinds = Kinds {
    null: "NULL",
    text: "VARCHAR",
    array: "ARRAY",
    integers: &["BIGINT", "UBIGINT", "HUGEINT"],
    floats: &["DOUBLE"],
};

impl Builder<'_> {
    /// What stands at the place that a leaf names.
    pub(super) fn place(&mut self, field: &Field, leaf: &Leaf) -> Result<Node, Diagnostics> {
        let path = parts(&leaf.field.path).map_err(|reason| self.unsupported(leaf, &reason))?;
        let numbers = path.iter().filter(|part| matches!(part, Part::Either(..))).count();
        let column = self.column(&field.name);
        // These take a number as it comes; the others are asked twice.
        let plain = matches!(self.dialect, Dialect::PostgreSql | Dialect::DuckDb | Dialect::DataFusion);
        if numbers > 2 && !plain {
            let reason = "a path with more than two numbers, each a key or an index, has too many meanings";
            return Err(self.unsupported(leaf, reason));
        }
        let raw_keys = matches!(self.dialect, Dialect::MySql | Dialect::Sqlite);
        if raw_keys && !leaf.field.path.iter().all(|part| part.is_ascii()) {
            self.note(format!(
                "keys inside `{}` that are not ASCII are found where documents write them without escapes",
                field.name
            ));
        }
        let warehouse = matches!(
            self.dialect,
            Dialect::BigQuery | Dialect::Redshift | Dialect::Snowflake | Dialect::SqlServer | Dialect::Trino
        );
        if warehouse {
            self.note(
                "what stands in documents is read by its functions as they are documented; that was tried on a translation, \
                 not there: compare a count before you rely on it"
                    .to_owned(),
            );
        }
        match self.dialect {
            Dialect::PostgreSql => Ok(postgresql_node(self.postgresql_place(column, &path))),
            Dialect::MySql => {
                if leaf.field.path.iter().any(|part| part.starts_with('-')) {
                    let reason =
                        "MariaDB doesn't find keys that begin with a minus sign; keep what they hold in a column";
                    return Err(self.unsupported(leaf, reason));
                }
                Ok(mysql_node(self.mysql_place(column, &path)))
            }
            Dialect::DuckDb => {
                let path = if path.is_empty() { "$".to_owned() } else { pointer(&path) };
                Ok(duckdb_node(&column, &self.literal(&path)))
            }
            Dialect::Sqlite => {
                refuse_odd_keys(&leaf.field.path).map_err(|reason| self.unsupported(leaf, reason))?;
                // A text that is no JSON would be an error; here it is missing.
                let document = expr::when(expr::call("json_valid", vec![column.clone()]), column);
                let paths: Vec<Expr> = dotted(&path).iter().map(|path| self.literal(path)).collect();
                Ok(sqlite_node(&document, &paths))
            }
            Dialect::ClickHouse => {
                self.note(
                    "a document with a whole number beyond 64 bits can't be read there, and all of it is missing; so is a \
                     float of that size behind an index"
                        .to_owned(),
                );
                Ok(clickhouse_node(&self.clickhouse_place(column, &path)))
            }
            Dialect::Spark => {
                self.note("documents are read as VARIANT, which needs Spark 4 or Databricks Runtime 15.3".to_owned());
                if leaf.field.path.iter().any(|part| part.contains('"') && part.contains('\'')) {
                    return Err(self.unsupported(leaf, "keys with both kinds of quotes can't be written in its paths"));
                }
                Ok(spark_node(&self.spark_place(column, &path)))
            }
            Dialect::DataFusion => Err(self.unsupported(leaf, "it has no functions for JSON documents of its own")),
            Dialect::BigQuery => Ok(bigquery_node(&self.bigquery_place(column, &path))),
            Dialect::Snowflake => {
                let place = self.snowflake_place(column, &path).map_err(|reason| self.unsupported(leaf, reason))?;
                Ok(snowflake_node(&place))
            }
            Dialect::Redshift => {
                let place = self.redshift_place(column, &path).map_err(|reason| self.unsupported(leaf, reason))?;
                self.redshift_notes(field, &leaf.field.path);
                Ok(redshift_node(&place))
            }
            Dialect::Trino => {
                refuse_odd_keys(&leaf.field.path).map_err(|reason| self.unsupported(leaf, reason))?;
                Ok(trino_node(&self.trino_place(column, &path)))
            }
            Dialect::SqlServer => {
                refuse_odd_keys(&leaf.field.path).map_err(|reason| self.unsupported(leaf, reason))?;
                Ok(self.sqlserver_node(column, &path))
            }
        }
    }

    /// An item of a list that [`Builder::any_item`] goes through.
    pub(super) fn item_node(&self) -> Node {
        let value = || expr::raw("j.v".to_owned());
        match self.dialect {
            Dialect::PostgreSql => postgresql_node(value()),
            Dialect::MySql => mysql_node(value()),
            Dialect::DuckDb => duckdb_node(&value(), &quoted("$")),
            Dialect::ClickHouse => clickhouse_node(&[expr::raw("x".to_owned())]),
            Dialect::Spark => spark_node(&expr::raw("x".to_owned())),
            Dialect::BigQuery => bigquery_node("j"),
            Dialect::Snowflake => snowflake_node(&expr::raw("x".to_owned())),
            Dialect::Trino => trino_node(&expr::raw("x".to_owned())),
            Dialect::SqlServer => sqlserver_value(expr::raw("j.[type]".to_owned()), expr::raw("j.[value]".to_owned())),
            _ => {
                let (kind, value) = (expr::raw("j.type".to_owned()), expr::raw("j.value".to_owned()));
                sqlite_value(kind, value.clone(), expr::call("json_array_length", vec![value]))
            }
        }
    }

    /// A part of a path is no value but a name: never a parameter.
    pub(super) fn literal(&self, text: &str) -> Expr {
        expr::raw(text_literal(text, self.dialect))
    }

    /// `(document -> 'plan' #> ARRAY['0'])`: the latter takes keys and indices.
    fn postgresql_place(&self, column: Expr, path: &[Part<'_>]) -> Expr {
        // Columns may be json; without effect on jsonb.
        let document = expr::cast(column, DataType::JSONB);
        if path.is_empty() {
            return document;
        }
        expr::nested(path.iter().fold(document, |document, part| match part {
            Part::Key(key) => expr::binary(document, Op::Arrow, self.literal(key)),
            Part::Either(key, _) => {
                let elem = vec![self.literal(key)];
                let one = Expr::Array(sqlparser::ast::Array { elem, named: true });
                expr::binary(document, Op::HashArrow, one)
            }
        }))
    }

    /// `JSON_EXTRACT(document, path)`. An index into what is no array gives the value itself, so the kind is asked.
    fn mysql_place(&self, column: Expr, path: &[Part<'_>]) -> Expr {
        let extract = |document: Expr, path: &str| expr::call("JSON_EXTRACT", vec![document, self.literal(path)]);
        let mut document = column;
        let mut pending = "$".to_owned();
        for part in path {
            match part {
                Part::Key(key) => pending.push_str(&key_step(key)),
                Part::Either(key, index) => {
                    let parent = extract(document, &pending);
                    let kind = expr::call("JSON_TYPE", vec![parent.clone()]);
                    let item = extract(parent.clone(), &format!("${}", index_step(*index)));
                    let item = expr::when(is(&kind, &[MYSQL.array]), item);
                    let value = extract(parent, &format!("${}", key_step(key)));
                    document = expr::call("COALESCE", vec![item, value]);
                    pending = "$".to_owned();
                }
            }
        }
        if pending == "$" && !path.is_empty() { document } else { extract(document, &pending) }
    }
}

/// Paths of text have no documented escapes for these.
fn refuse_odd_keys(path: &[String]) -> Result<(), &'static str> {
    let odd = |c: char| matches!(c, '"' | '\\') || c.is_control();
    if path.iter().any(|part| part.contains(odd)) {
        return Err("keys with quotes, backslashes or control characters can't be written in its paths");
    }
    Ok(())
}

fn postgresql_node(value: Expr) -> Node {
    let call = |name: &str| expr::call(name, vec![value.clone()]);
    let truth = |word: &str| expr::binary(value.clone(), Op::Eq, expr::cast(quoted(word), DataType::JSONB));
    let empty = Expr::Array(sqlparser::ast::Array { elem: Vec::new(), named: true });
    let whole = expr::cast(
        empty,
        DataType::Array(sqlparser::ast::ArrayElemTypeDef::SquareBracket(Box::new(DataType::Text), None)),
    );
    let numeric = expr::cast(value.clone(), DataType::Numeric(ExactNumberInfo::None));
    let mut node = Node::new(
        &POSTGRESQL,
        Raw {
            kind: call("jsonb_typeof"),
            text: expr::binary(value.clone(), Op::HashLongArrow, whole),
            number: numeric.clone(),
            // 1.0 is not written as a whole number; 1e2 is kept as 100.
            fits: Some(expr::binary(
                expr::binary(expr::call("scale", vec![numeric.clone()]), Op::Eq, expr::number("0".to_owned())),
                Op::And,
                fits(&numeric),
            )),
            integer: Some(numeric),
            yes: truth("true"),
            no: truth("false"),
            size: call("jsonb_array_length"),
            items: value.clone(),
        },
    );
    node.json = Some(value);
    node
}

fn mysql_node(value: Expr) -> Node {
    let call = |name: &str| expr::call(name, vec![value.clone()]);
    let truth = |word: &str| {
        let is_bool = is(&call("JSON_TYPE"), &["BOOLEAN"]);
        expr::nested(expr::binary(is_bool, Op::And, expr::binary(call("JSON_UNQUOTE"), Op::Eq, quoted(word))))
    };
    let whole = expr::cast(value.clone(), DataType::Decimal(ExactNumberInfo::PrecisionAndScale(65, 0)));
    Node::new(
        &MYSQL,
        Raw {
            kind: call("JSON_TYPE"),
            text: call("JSON_UNQUOTE"),
            number: expr::cast(value.clone(), DataType::Double(ExactNumberInfo::None)),
            fits: Some(fits(&whole)),
            integer: Some(whole),
            yes: truth("true"),
            no: truth("false"),
            size: call("JSON_LENGTH"),
            items: value,
        },
    )
}

fn duckdb_node(document: &Expr, path: &Expr) -> Node {
    let call = |name: &str| expr::call(name, vec![document.clone(), path.clone()]);
    let text = || call("json_extract_string");
    let truth = |word: &str| {
        let is_bool = is(&call("json_type"), &["BOOLEAN"]);
        expr::nested(expr::binary(is_bool, Op::And, expr::binary(text(), Op::Eq, quoted(word))))
    };
    let whole = expr::try_cast(text(), expr::named_type("HUGEINT"));
    Node::new(
        &DUCKDB,
        Raw {
            kind: call("json_type"),
            text: text(),
            number: expr::try_cast(text(), DataType::Double(ExactNumberInfo::None)),
            fits: Some(fits(&whole)),
            integer: Some(whole),
            yes: truth("true"),
            no: truth("false"),
            size: call("json_array_length"),
            items: expr::call("json_extract", vec![call("json_extract"), quoted("$[*]")]),
        },
    )
}

/// Only one of the paths can lead somewhere.
fn sqlite_node(document: &Expr, paths: &[Expr]) -> Node {
    let call = |name: &str| {
        let mut found: Vec<Expr> =
            paths.iter().map(|path| expr::call(name, vec![document.clone(), path.clone()])).collect();
        match (found.pop(), found.is_empty()) {
            (Some(only), true) => only,
            (last, _) => {
                found.extend(last);
                expr::call("COALESCE", found)
            }
        }
    };
    sqlite_value(call("json_type"), call("json_extract"), call("json_array_length"))
}

fn sqlite_value(kind: Expr, value: Expr, size: Expr) -> Node {
    Node::new(
        &SQLITE,
        Raw {
            text: value.clone(),
            number: expr::cast(value.clone(), DataType::Real),
            // Of more than 64 bits it is a float.
            fits: Some(is(&expr::call("typeof", vec![value.clone()]), &["integer"])),
            integer: Some(value.clone()),
            yes: is(&kind, &["true"]),
            no: is(&kind, &["false"]),
            size,
            items: value,
            kind,
        },
    )
}
