//! Filters as queries. SQL leaves out customers without a value, so where a test lets them in, `null` is said beside it.

use serde_json::{Value as Json, json};

use super::value::trim;
use crate::catalog::{Catalog, Field, FieldType};
use crate::diagnostic::Diagnostic;
use crate::interop::export::{Target, refused};
use crate::interop::number::SAFE;
use crate::predicate::{Bound, Comparison, Leaf, Needle, Range, Test};
use crate::value::Value;

type Written = Result<Json, Box<Diagnostic>>;

/// Writes queries.
pub(super) struct Query<'c> {
    pub(super) catalog: &'c Catalog,
}

impl Target for Query<'_> {
    /// The key is never missing: that it is there is true of everybody.
    fn constant(&self, everyone: bool) -> Json {
        null(&self.catalog.customers.key, !everyone)
    }

    fn group(&self, all: bool, children: Vec<Json>) -> Json {
        group(all, children)
    }

    fn leaf(&self, leaf: &Leaf) -> Written {
        let field = self.field(leaf)?;
        let name = field.name.as_str();
        if name == "~" {
            return Err(refused("`~` stands for a field that is not chosen yet"));
        }
        if matches!(leaf.test, Test::Present) {
            let present = !leaf.negated;
            let missing = if field.nullable { leaf.on_missing } else { present };
            return Ok(if present == missing { self.constant(present) } else { null(name, !present) });
        }
        if let Test::Has { all, values, fold: false } = &leaf.test {
            return has(leaf, *all, values, field);
        }
        let test = self.test(leaf, field)?;
        if !leaf.on_missing {
            return Ok(test);
        }
        let mut parts = vec![test];
        let other = match &leaf.test {
            Test::Field(_, other) => self.catalog.customers.fields.get(other.index),
            _ => None,
        };
        let nullable = [Some(field), other].into_iter().flatten().filter(|field| field.nullable);
        parts.extend(nullable.map(|field| null(&field.name, true)));
        Ok(group(false, parts))
    }
}

impl Query<'_> {
    fn field(&self, leaf: &Leaf) -> Result<&Field, Box<Diagnostic>> {
        match self.catalog.customers.fields.get(leaf.field.index) {
            Some(field) if leaf.field.path.is_empty() && field.ty != FieldType::Json => Ok(field),
            _ => Err(refused("a place inside a JSON document can't be said in react-querybuilder")),
        }
    }

    /// The test, or its opposite, of a value that is there.
    fn test(&self, leaf: &Leaf, field: &Field) -> Written {
        let name = field.name.as_str();
        match &leaf.test {
            Test::In(values) => one_of(name, values, leaf.negated),
            Test::Range(range) => in_range(name, range, leaf.negated),
            Test::Field(comparison, other) => {
                let Some(other) = self.catalog.customers.fields.get(other.index).filter(|_| other.path.is_empty())
                else {
                    return Err(refused("a place inside a JSON document can't be said in react-querybuilder"));
                };
                let mut rule = rule(name, sign(*comparison, leaf.negated), json!(other.name));
                if let Json::Object(rule) = &mut rule {
                    rule.insert("valueSource".to_owned(), json!("field"));
                }
                Ok(rule)
            }
            Test::Empty if field.ty == FieldType::String => Ok(rule(name, equals(leaf.negated), json!(""))),
            Test::Text(test) if !test.fold => {
                let (word, text) = match (&test.needle, leaf.negated) {
                    (Needle::Contains(text), false) => ("contains", text),
                    (Needle::Contains(text), true) => ("doesNotContain", text),
                    (Needle::Starts(text), false) => ("beginsWith", text),
                    (Needle::Starts(text), true) => ("doesNotBeginWith", text),
                    (Needle::Ends(text), false) => ("endsWith", text),
                    (Needle::Ends(text), true) => ("doesNotEndWith", text),
                    _ => return Err(refused("regular expressions can't be said in react-querybuilder")),
                };
                if text.contains(['%', '_', '\\']) || text == "~" {
                    return Err(refused(format!("react-querybuilder takes `{text}` for a pattern, not for a text")));
                }
                Ok(rule(name, word, json!(text)))
            }
            Test::Text(_) | Test::Has { .. } => Err(refused("react-querybuilder can't ignore the case of letters")),
            Test::Size(_) | Test::Empty => Err(refused("the size of a list can't be said in react-querybuilder")),
            _ => Err(refused("this test can't be said in react-querybuilder")),
        }
    }
}

fn rule(field: &str, operator: &str, value: Json) -> Json {
    json!({"field": field, "operator": operator, "value": value})
}

fn null(field: &str, missing: bool) -> Json {
    rule(field, if missing { "null" } else { "notNull" }, Json::Null)
}

/// The rules together; a single one stands for itself.
pub(super) fn group(all: bool, mut rules: Vec<Json>) -> Json {
    match rules.len() {
        1 => rules.pop().unwrap_or_default(),
        _ => json!({"combinator": if all { "and" } else { "or" }, "rules": rules}),
    }
}

fn equals(negated: bool) -> &'static str {
    if negated { "!=" } else { "=" }
}

fn sign(comparison: Comparison, negated: bool) -> &'static str {
    match (comparison, negated) {
        (Comparison::Eq, negated) => equals(negated),
        (Comparison::Lt, false) | (Comparison::Gte, true) => "<",
        (Comparison::Lte, false) | (Comparison::Gt, true) => "<=",
        (Comparison::Gt, false) | (Comparison::Lte, true) => ">",
        (Comparison::Gte, false) | (Comparison::Lt, true) => ">=",
    }
}

/// A value as the SQL will have it: exact numbers as text.
fn value(value: &Value) -> Written {
    Ok(match value {
        Value::Int(n) if n.unsigned_abs() > SAFE.unsigned_abs() => json!(n.to_string()),
        Value::Float(x) if !x.is_finite() => return Err(refused("JSON has no infinite numbers")),
        Value::Str(text) if text == "~" => return Err(refused("`~` stands for a value that is not chosen yet")),
        other => other.to_json(),
    })
}

/// Whether the library leaves the value as it is when it stands in a list.
fn keeps_in_list(value: &Value) -> bool {
    match value {
        Value::Bool(_) => false,
        Value::Str(text) => trim(text) == text,
        _ => true,
    }
}

fn one_of(name: &str, values: &[Value], negated: bool) -> Written {
    let (listed, alone): (Vec<&Value>, Vec<&Value>) =
        values.iter().partition(|value| values.len() > 1 && keeps_in_list(value));
    let mut rules = Vec::new();
    if !listed.is_empty() {
        let listed: Result<Vec<Json>, _> = listed.into_iter().map(value).collect();
        rules.push(rule(name, if negated { "notIn" } else { "in" }, Json::Array(listed?)));
    }
    for one in alone {
        rules.push(rule(name, equals(negated), value(one)?));
    }
    match rules.is_empty() {
        // No value of the field's type is equal.
        true => Ok(if negated { null(name, false) } else { never(name) }),
        false => Ok(group(negated, rules)),
    }
}

fn never(name: &str) -> Json {
    group(true, vec![null(name, true), null(name, false)])
}

fn in_range(name: &str, range: &Range, negated: bool) -> Written {
    if let (Bound::Included(low), Bound::Included(high)) = (&range.low, &range.high)
        && [low, high].into_iter().all(|end| keeps_in_list(end) && *end != Value::Str(String::new()))
    {
        let ends = Json::Array(vec![value(low)?, value(high)?]);
        return Ok(rule(name, if negated { "notBetween" } else { "between" }, ends));
    }
    let mut rules = Vec::new();
    for (bound, inside, outside) in [(&range.low, (">=", ">"), ("<", "<=")), (&range.high, ("<=", "<"), (">", ">="))] {
        let (included, excluded) = if negated { outside } else { inside };
        match bound {
            Bound::Open => {}
            Bound::Included(end) => rules.push(rule(name, included, value(end)?)),
            Bound::Excluded(end) => rules.push(rule(name, excluded, value(end)?)),
        }
    }
    Ok(group(!negated, rules))
}

/// Items of a list. Of a list that is missing, `none` is true.
fn has(leaf: &Leaf, all: bool, values: &[Value], field: &Field) -> Written {
    let name = field.name.as_str();
    let mode = if leaf.negated { "none" } else { "some" };
    let matching = |items: &[Value]| -> Written {
        let test = one_of("", items, false)?;
        let query = if test.get("rules").is_some() { test } else { json!({"combinator": "and", "rules": [test]}) };
        Ok(json!({"field": name, "operator": "=", "match": {"mode": mode}, "value": query}))
    };
    let rules: Result<Vec<Json>, _> = match all {
        true => values.chunks(1).map(matching).collect(),
        false => std::iter::once(matching(values)).collect(),
    };
    let test = group(all != leaf.negated, rules?);
    Ok(match leaf.on_missing == leaf.negated || !field.nullable {
        true => test,
        false => group(!leaf.on_missing, vec![test, null(name, leaf.on_missing)]),
    })
}
