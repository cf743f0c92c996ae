//! Values in documents of warehouses. The page of the documentation where a fact can be looked up is named beside it; none
//! of these engines runs in the tests, so their queries carry a note.

use cvm_core::Field;
use sqlparser::ast::{BinaryOperator as Op, DataType, ExactNumberInfo, Expr};

use super::node::{Kinds, Node, Raw, is, quoted};
use super::path::Part;
use crate::build::{Builder, expr};
use crate::dialect::quoted_name;

/// "JSON functions" of GoogleSQL for BigQuery, `JSON_TYPE`.
static BIGQUERY: Kinds = Kinds { null: "null", text: "string", array: "array", integers: &[], floats: &["number"] };
/// "TYPEOF" and "PARSE_JSON" of Snowflake: what has an exponent, or too many digits, is a DOUBLE.
static SNOWFLAKE: Kinds = Kinds {
    null: "NULL_VALUE",
    text: "VARCHAR",
    array: "ARRAY",
    integers: &[],
    floats: &["INTEGER", "DECIMAL", "DOUBLE"],
};
/// "JSON_TYPEOF function" of Amazon Redshift.
static REDSHIFT: Kinds = Kinds { null: "null", text: "string", array: "array", integers: &[], floats: &["number"] };
/// The first character of the JSON text, all digits and the minus as 0.
static TRINO: Kinds = Kinds { null: "n", text: "\"", array: "[", integers: &[], floats: &["0"] };

/// The longest name that Redshift takes, in bytes ("Names and identifiers").
const REDSHIFT_NAME: usize = 127;

impl Builder<'_> {
    /// `document['plan']['tier']`. "JSON subscript operator": NULL where there is no such field or item, or the value is
    /// no object or array. Both are asked where a number can be either.
    pub(super) fn bigquery_place(&self, column: Expr, path: &[Part<'_>]) -> String {
        path.iter().fold(column.to_string(), |place, part| match part {
            Part::Key(key) => format!("{place}[{}]", self.literal(key)),
            Part::Either(key, index) => format!("COALESCE({place}[{index}], {place}[{}])", self.literal(key)),
        })
    }

    /// `GET(GET(document, 'plan'), 'tier')`. "GET": NULL where there is no such key or item, or the value is no object
    /// or array; keys are case-sensitive.
    pub(super) fn snowflake_place(&self, column: Expr, path: &[Part<'_>]) -> Result<Expr, &'static str> {
        if path.contains(&Part::Key("")) {
            return Err("its documents can't be asked for a key that is empty");
        }
        Ok(path.iter().fold(column, |place, part| {
            let get = |step: Expr| expr::call("GET", vec![place.clone(), step]);
            match part {
                Part::Key(key) => get(self.literal(key)),
                Part::Either(key, index) => {
                    expr::call("COALESCE", vec![get(expr::number(index.to_string())), get(self.literal(key))])
                }
            }
        }))
    }

    /// `document."plan"."tier"`. "SUPER configurations": in lax mode, which is the default, NULL where the path leads
    /// nowhere; quoted keys are case-sensitive where names are.
    pub(super) fn redshift_place(&self, column: Expr, path: &[Part<'_>]) -> Result<Expr, &'static str> {
        let mut places = vec![column.to_string()];
        for part in path {
            let (Part::Key(key) | Part::Either(key, _)) = *part;
            if key.is_empty() || key.len() > REDSHIFT_NAME {
                return Err("its names have 1 to 127 bytes, keys inside documents too");
            }
            let name = quoted_name(key, self.dialect);
            let keys = places.iter().map(|place| format!("{place}.{name}"));
            places = match part {
                Part::Key(_) => keys.collect(),
                Part::Either(_, index) => places.iter().map(|place| format!("{place}[{index}]")).chain(keys).collect(),
            };
        }
        let mut found: Vec<Expr> = places.into_iter().map(expr::raw).collect();
        Ok(match (found.pop(), found.is_empty()) {
            (Some(only), true) => only,
            (last, _) => {
                found.extend(last);
                expr::call("COALESCE", found)
            }
        })
    }

    pub(super) fn redshift_notes(&mut self, field: &Field, path: &[String]) {
        if path.iter().any(|key| key.to_lowercase() != *key) {
            self.note(format!(
                "keys inside `{}` with capitals are found where enable_case_sensitive_identifier is true",
                field.name
            ));
        }
    }

    /// `json_extract(document, '$["plan"]["tier"]')`. "JSON functions and operators". Whether `[0]` finds the key "0",
    /// and `["0"]` the first item, does not matter: both are asked, and both mean the same value then.
    pub(super) fn trino_place(&self, column: Expr, path: &[Part<'_>]) -> Expr {
        let mut paths = vec!["$".to_owned()];
        for part in path {
            let (Part::Key(key) | Part::Either(key, _)) = *part;
            let keys = paths.iter().map(|path| format!("{path}[\"{key}\"]"));
            paths = match part {
                Part::Key(_) => keys.collect(),
                Part::Either(_, index) => paths.iter().map(|path| format!("{path}[{index}]")).chain(keys).collect(),
            };
        }
        let extract = |path: &String| expr::call("json_extract", vec![column.clone(), self.literal(path)]);
        match paths.as_slice() {
            [only] => extract(only),
            many => expr::call("COALESCE", many.iter().map(extract).collect()),
        }
    }
}

/// "JSON functions": the LAX functions never fail, a number becomes the nearest float, and `JSON_QUERY_ARRAY` is NULL
/// for what is no array.
pub(super) fn bigquery_node(value: &str) -> Node {
    let call = |name: &str| expr::call(name, vec![expr::raw(value.to_owned())]);
    let truth = |value: bool| {
        let same = expr::binary(call("LAX_BOOL"), Op::Eq, expr::boolean(value));
        expr::nested(expr::binary(is(&call("JSON_TYPE"), &["boolean"]), Op::And, same))
    };
    Node::new(
        &BIGQUERY,
        Raw {
            kind: call("JSON_TYPE"),
            text: call("LAX_STRING"),
            number: call("LAX_FLOAT64"),
            integer: None,
            fits: None,
            yes: truth(true),
            no: truth(false),
            size: expr::call("ARRAY_LENGTH", vec![call("JSON_QUERY_ARRAY")]),
            items: call("JSON_QUERY_ARRAY"),
        },
    )
}

/// "AS_<object_type>": NULL where the value is of another type. "FILTER" goes through arrays of variants.
pub(super) fn snowflake_node(value: &Expr) -> Node {
    let call = |name: &str| expr::call(name, vec![value.clone()]);
    let truth = |truth: bool| {
        let same = expr::binary(call("AS_BOOLEAN"), Op::Eq, expr::boolean(truth));
        expr::nested(expr::binary(is(&call("TYPEOF"), &["BOOLEAN"]), Op::And, same))
    };
    Node::new(
        &SNOWFLAKE,
        Raw {
            kind: call("TYPEOF"),
            text: call("AS_VARCHAR"),
            number: expr::cast(value.clone(), DataType::Double(ExactNumberInfo::None)),
            integer: None,
            fits: None,
            yes: truth(true),
            no: truth(false),
            size: expr::call("ARRAY_SIZE", vec![call("AS_ARRAY")]),
            items: call("AS_ARRAY"),
        },
    )
}

/// "SUPER type", "Casting": texts, numbers and booleans in it become those of SQL.
pub(super) fn redshift_node(value: &Expr) -> Node {
    let call = |name: &str| expr::call(name, vec![value.clone()]);
    let kind = call("JSON_TYPEOF");
    let truth = |truth: bool| {
        let read = expr::when(is(&kind, &["boolean"]), expr::cast(value.clone(), DataType::Boolean));
        expr::binary(read, Op::Eq, expr::boolean(truth))
    };
    Node::new(
        &REDSHIFT,
        Raw {
            text: expr::cast(value.clone(), expr::named_type("VARCHAR(65535)")),
            number: expr::cast(value.clone(), DataType::DoublePrecision),
            integer: None,
            fits: None,
            yes: truth(true),
            no: truth(false),
            size: call("GET_ARRAY_LENGTH"),
            items: value.clone(),
            kind,
        },
    )
}

/// "JSON functions and operators": `json_format` gives the JSON text, `json_extract_scalar` the text of a string;
/// arrays can be cast to `ARRAY(JSON)`.
pub(super) fn trino_node(value: &Expr) -> Node {
    let json = || expr::call("json_format", vec![value.clone()]);
    let number = |digits: &str| expr::number(digits.to_owned());
    let first = expr::call("substr", vec![json(), number("1"), number("1")]);
    let truth = |word: &str| expr::binary(json(), Op::Eq, quoted(word));
    Node::new(
        &TRINO,
        Raw {
            kind: expr::call("translate", vec![first, quoted("-123456789"), quoted("0000000000")]),
            text: expr::call("json_extract_scalar", vec![value.clone(), quoted("$")]),
            number: expr::cast(json(), DataType::Double(ExactNumberInfo::None)),
            integer: None,
            fits: None,
            yes: truth("true"),
            no: truth("false"),
            size: expr::call("json_array_length", vec![value.clone()]),
            items: expr::cast(value.clone(), expr::named_type("ARRAY(JSON)")),
        },
    )
}
