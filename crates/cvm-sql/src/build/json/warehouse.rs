//! Values in documents that are texts: ClickHouse's functions for JSON, Spark's variants.

use sqlparser::ast::{BinaryOperator as Op, DataType, ExactNumberInfo, Expr};

use super::node::{Kinds, Node, Raw, is, quoted};
use super::path::Part;
use crate::build::{Builder, expr};

static CLICKHOUSE: Kinds =
    Kinds { null: "Null", text: "String", array: "Array", integers: &["Int64"], floats: &["Double", "UInt64"] };
static SPARK: Kinds =
    Kinds { null: "VOID", text: "STRING", array: "ARRAY", integers: &["BIGINT"], floats: &["DOUBLE", "DECIMAL"] };

impl Builder<'_> {
    /// The document and the keys into it. A number counts entries of an object too, so the kind is asked before.
    pub(super) fn clickhouse_place(&self, column: Expr, path: &[Part<'_>]) -> Vec<Expr> {
        let mut place = vec![column];
        for part in path {
            match part {
                Part::Key(key) => place.push(self.literal(key)),
                Part::Either(key, index) => {
                    let with = |last: Expr| {
                        let mut args = place.clone();
                        args.push(last);
                        expr::call("JSONExtractRaw", args)
                    };
                    let kind = expr::call("JSONType", place.clone());
                    let counted = with(expr::number((u64::from(*index) + 1).to_string()));
                    let item = expr::when(is(&kind, &[CLICKHOUSE.array]), counted);
                    let value = with(self.literal(key));
                    place = vec![expr::call("COALESCE", vec![item, value])];
                }
            }
        }
        place
    }

    /// `try_variant_get(try_parse_json(document), '$["plan"]["tier"]', 'variant')`.
    pub(super) fn spark_place(&self, column: Expr, path: &[Part<'_>]) -> Expr {
        let mut paths = vec!["$".to_owned()];
        for part in path {
            let (key, index) = match part {
                Part::Key(key) => (key, None),
                Part::Either(key, index) => (key, Some(index)),
            };
            let quote = if key.contains('"') { '\'' } else { '"' };
            let keys = paths.iter().map(|path| format!("{path}[{quote}{key}{quote}]"));
            let indices = index.iter().flat_map(|index| paths.iter().map(move |path| format!("{path}[{index}]")));
            paths = indices.chain(keys).collect();
        }
        let document = expr::call("try_parse_json", vec![column]);
        let mut found: Vec<Expr> =
            paths.iter().map(|path| variant_get(document.clone(), self.literal(path), "variant")).collect();
        match (found.pop(), path.is_empty()) {
            (_, true) => document,
            (Some(only), _) if found.is_empty() => only,
            (last, _) => {
                found.extend(last);
                expr::call("COALESCE", found)
            }
        }
    }
}

fn variant_get(value: Expr, path: Expr, ty: &str) -> Expr {
    expr::call("try_variant_get", vec![value, path, quoted(ty)])
}

pub(super) fn clickhouse_node(place: &[Expr]) -> Node {
    let call = |name: &str| expr::call(name, place.to_vec());
    let truth = |value: &str| {
        let same = expr::binary(call("JSONExtractBool"), Op::Eq, expr::number(value.to_owned()));
        expr::nested(expr::binary(is(&call("JSONType"), &["Bool"]), Op::And, same))
    };
    let raw = Raw {
        kind: call("JSONType"),
        text: call("JSONExtractString"),
        number: call("JSONExtractFloat"),
        integer: Some(call("JSONExtractInt")),
        fits: None,
        yes: truth("1"),
        no: truth("0"),
        size: call("JSONLength"),
        items: expr::number("0".to_owned()),
    };
    let mut node = Node::new(&CLICKHOUSE, raw);
    // An array can't be NULL; what is no array has no items.
    let mut place = place.to_vec();
    if let Some(document) = place.first_mut() {
        *document = expr::call("ifNull", vec![document.clone(), quoted("")]);
    }
    node.items = expr::call("JSONExtractArrayRaw", place);
    node
}

pub(super) fn spark_node(value: &Expr) -> Node {
    let get = |ty: &str| variant_get(value.clone(), quoted("$"), ty);
    let schema = expr::call("schema_of_variant", vec![value.clone()]);
    let head = |schema: Expr, end: &str| {
        expr::call("substring_index", vec![schema, quoted(end), expr::number("1".to_owned())])
    };
    Node::new(
        &SPARK,
        Raw {
            // `ARRAY<…>`, `DECIMAL(…)`.
            kind: head(head(schema.clone(), "<"), "("),
            text: get("string"),
            number: expr::cast(get("double"), DataType::Double(ExactNumberInfo::None)),
            integer: Some(get("bigint")),
            fits: None,
            yes: truth_of(&schema, get("string"), "true"),
            no: truth_of(&schema, get("string"), "false"),
            size: expr::call("array_size", vec![get("array<variant>")]),
            items: get("array<variant>"),
        },
    )
}

fn truth_of(schema: &Expr, text: Expr, word: &str) -> Expr {
    expr::nested(expr::binary(is(schema, &["BOOLEAN"]), Op::And, expr::binary(text, Op::Eq, quoted(word))))
}
