//! Filters as rules. JavaScript takes null for 0 in comparisons, so each test stands behind a guard.

use serde_json::{Value as Json, json};

use crate::catalog::{Catalog, Field, FieldType};
use crate::diagnostic::Diagnostic;
use crate::filter::SizeTest;
use crate::interop::export::{Target, refused};
use crate::interop::number::SAFE;
use crate::predicate::{Bound, Comparison, FieldRef, Leaf, Needle, Range, Test};
use crate::value::Value;

type Written = Result<Json, Box<Diagnostic>>;

/// Writes rules.
pub(super) struct Rule<'c> {
    pub(super) catalog: &'c Catalog,
}

impl Target for Rule<'_> {
    fn constant(&self, everyone: bool) -> Json {
        Json::Bool(everyone)
    }

    fn group(&self, all: bool, children: Vec<Json>) -> Json {
        group(all, children)
    }

    fn leaf(&self, leaf: &Leaf) -> Written {
        let (field, var) = self.var(&leaf.field)?;
        let mut vars = vec![var.clone()];
        let test = match &leaf.test {
            Test::Present => Json::Bool(true),
            Test::In(values) => one_of(&var, values)?,
            Test::Range(range) => in_range(&var, range, field)?,
            Test::Field(comparison, other) => {
                let (_, other) = self.var(other)?;
                let ordered = *comparison != Comparison::Eq;
                if ordered && field.ty == FieldType::String {
                    return Err(refused("JavaScript orders texts by UTF-16, not by code point"));
                }
                if matches!(field.ty, FieldType::Timestamp) {
                    return Err(instant());
                }
                vars.push(other.clone());
                call(sign(*comparison), vec![var, other])
            }
            Test::Text(text) if !text.fold => match &text.needle {
                Needle::Contains(needle) => call("in", vec![json!(needle), var]),
                Needle::Starts(needle) => {
                    call("===", vec![call("substr", vec![var, json!(0), json!(units(needle))]), json!(needle)])
                }
                Needle::Ends(needle) => {
                    let units = i64::try_from(units(needle)).unwrap_or(i64::MAX);
                    call("===", vec![call("substr", vec![var, json!(-units)]), json!(needle)])
                }
                _ => return Err(refused("regular expressions can't be said in JsonLogic")),
            },
            Test::Empty if field.ty == FieldType::String => call("===", vec![var, json!("")]),
            Test::Empty if matches!(field.ty, FieldType::List(_)) => call("!", vec![var]),
            Test::Has { all, values, fold: false } => has(&var, *all, values)?,
            Test::Size(test) if matches!(field.ty, FieldType::List(_)) => match test {
                SizeTest::Gt(0) | SizeTest::Gte(1) | SizeTest::Ne(0) => call("!!", vec![var]),
                SizeTest::Eq(0) | SizeTest::Lt(1) | SizeTest::Lte(0) => call("!", vec![var]),
                _ => return Err(refused("the size of a list can't be said in JsonLogic")),
            },
            Test::Text(_) | Test::Has { .. } => return Err(refused("JsonLogic can't ignore the case of letters")),
            _ => return Err(refused("this test can't be said in JsonLogic")),
        };
        let test = match (test, leaf.negated) {
            (Json::Bool(value), negated) => Json::Bool(value != negated),
            (test, false) => test,
            (test, true) => call("!", vec![test]),
        };
        // Null and no key are the same to `==`.
        let op = if leaf.on_missing { "==" } else { "!=" };
        let mut parts: Vec<Json> = vars.into_iter().map(|var| call(op, vec![var, Json::Null])).collect();
        match test {
            Json::Bool(value) if value == leaf.on_missing => return Ok(test),
            Json::Bool(_) => {}
            test => parts.push(test),
        }
        Ok(group(!leaf.on_missing, parts))
    }
}

impl Rule<'_> {
    fn var(&self, reference: &FieldRef) -> Result<(&Field, Json), Box<Diagnostic>> {
        let Some(field) = self.catalog.customers.fields.get(reference.index) else {
            return Err(refused("the field is not in the catalog"));
        };
        if matches!(field.ty, FieldType::Json) {
            return Err(refused("a JSON document can hold any kind of value, which JavaScript would turn around"));
        }
        if matches!(field.ty, FieldType::Decimal { precision, .. } if precision > 15) {
            return Err(refused(format!("`{}` has more digits than JavaScript keeps", field.name)));
        }
        Ok((field, json!({"var": field.name})))
    }
}

fn call(op: &str, arguments: Vec<Json>) -> Json {
    let mut call = serde_json::Map::new();
    call.insert(op.to_owned(), Json::Array(arguments));
    Json::Object(call)
}

fn group(all: bool, mut parts: Vec<Json>) -> Json {
    match parts.len() {
        1 => parts.pop().unwrap_or_default(),
        _ => call(if all { "and" } else { "or" }, parts),
    }
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

fn instant() -> Box<Diagnostic> {
    refused("JSON may write an instant in several ways, and JsonLogic compares texts")
}

fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Eq => "===",
        Comparison::Lt => "<",
        Comparison::Lte => "<=",
        Comparison::Gt => ">",
        Comparison::Gte => ">=",
    }
}

/// A value as JSON data has it: decimals are numbers.
fn value(value: &Value) -> Written {
    Ok(match value {
        Value::Int(n) if n.unsigned_abs() > SAFE.unsigned_abs() => {
            return Err(refused(format!("JavaScript rounds the number `{n}`")));
        }
        Value::Float(x) if !x.is_finite() => return Err(refused("JSON has no infinite numbers")),
        Value::Timestamp(_) => return Err(instant()),
        Value::Decimal(decimal) => {
            let x = decimal.to_f64();
            match crate::interop::number::from_f64(x) {
                crate::filter::Literal::Int(n) => json!(n),
                _ => json!(x),
            }
        }
        other => other.to_json(),
    })
}

fn one_of(var: &Json, values: &[Value]) -> Written {
    let written: Result<Vec<Json>, _> = values.iter().map(value).collect();
    let mut written = written?;
    Ok(match written.len() {
        0 => Json::Bool(false),
        1 => call("===", vec![var.clone(), written.pop().unwrap_or_default()]),
        _ => call("in", vec![var.clone(), Json::Array(written)]),
    })
}

fn in_range(var: &Json, range: &Range, field: &Field) -> Written {
    let end = |end: &Value| match end {
        // Below the surrogates, code points and UTF-16 units are in the same order.
        Value::Str(text) if text.chars().any(|c| c > '\u{d7ff}') => {
            Err(refused(format!("JavaScript orders `{text}` by UTF-16, not by code point")))
        }
        end => value(end),
    };
    if field.ty == FieldType::Timestamp {
        return Err(instant());
    }
    if let (Bound::Included(low), Bound::Included(high)) = (&range.low, &range.high) {
        return Ok(call("<=", vec![end(low)?, var.clone(), end(high)?]));
    }
    let mut parts = Vec::new();
    for (bound, included, excluded) in [(&range.low, ">=", ">"), (&range.high, "<=", "<")] {
        match bound {
            Bound::Open => {}
            Bound::Included(value) => parts.push(call(included, vec![var.clone(), end(value)?])),
            Bound::Excluded(value) => parts.push(call(excluded, vec![var.clone(), end(value)?])),
        }
    }
    Ok(group(true, parts))
}

fn has(var: &Json, all: bool, values: &[Value]) -> Written {
    let written: Result<Vec<Json>, _> = values.iter().map(value).collect();
    let written = written?;
    if all || written.len() == 1 {
        return Ok(group(true, written.into_iter().map(|value| call("in", vec![value, var.clone()])).collect()));
    }
    let item = json!({"var": ""});
    Ok(call("some", vec![var.clone(), call("in", vec![item, Json::Array(written)])]))
}
