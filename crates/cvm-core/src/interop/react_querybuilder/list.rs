//! `match`: rules about the items of a list. A query inside tells the items that count; kept where it names values.

use super::group::take_state;
use super::operator::{Asked, operator};
use super::rule::Rule;
use super::value::{self, Against};
use crate::catalog::FieldType;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::{Filter, Literal, Operand, Operator};
use crate::json::{Json, Object, string};

/// The rule: whether some item is one of the values, or none is.
pub(super) fn rule(
    rule: &Rule<'_>,
    matching: Json<'_>,
    value: Option<Json<'_>>,
    out: &mut Diagnostics,
) -> Option<Filter> {
    let (fields, field, path, wanted) = rule.parts();
    let some = mode(matching, &path.key("match"), out)?;
    let item = match &field.ty {
        None => None,
        Some(FieldType::List(item)) => Some(item.as_ref()),
        Some(other) => {
            let message = format!("`match` looks at the items of a list, and this field is of type {other}");
            out.push(Diagnostic::error(Code::OperatorNotApplicable, path.key("field").pointer(), message));
            return None;
        }
    };
    let Some(query) = value else {
        out.push(Diagnostic::error(Code::MissingKey, path.pointer(), "the key `value` is missing"));
        return None;
    };
    let values = values(query, &Against { ty: item, fields }, &path.key("value"), out)?;
    // Over a list that is missing there is nothing to count: `some` is false, `none` is true.
    let op = if some == wanted { Operator::HasAny } else { Operator::HasNone };
    let condition = crate::interop::fields::condition(rule.name(), op, Some(Operand::Many(values)), op.on_missing());
    fields.condition(condition, |key| path.key(if key == "field" { "field" } else { "value" }).pointer(), out)
}

/// Whether some item is asked for; else none.
fn mode(json: Json<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<bool> {
    let mut object = Object::new(json, path, out)?;
    let mode = object.require_str("mode", out);
    let threshold = object.take("threshold");
    object.finish(out);
    let mode = mode?;
    let threshold = match threshold {
        Some(Json::Int(n)) => Some(n),
        Some(Json::Float(x)) if x == 0.0 || x == 1.0 => Some(i64::from(x == 1.0)),
        _ => None,
    };
    match (mode.to_ascii_lowercase().as_str(), threshold) {
        ("some", _) | ("atleast", Some(1)) => Some(true),
        ("none", _) | ("atmost" | "exactly", Some(0)) => Some(false),
        ("all" | "atleast" | "atmost" | "exactly", _) => {
            let message = format!("`{mode}` counts the items that fit, and a filter can ask for some or none of them");
            out.push(Diagnostic::error(Code::NotSupported, path.pointer(), message));
            None
        }
        _ => {
            let finding = Diagnostic::error(Code::UnknownWord, path.key("mode").pointer(), format!("no mode `{mode}`"));
            out.push(finding.suggest_from(&mode, ["all", "some", "none", "atLeast", "atMost", "exactly"].into_iter()));
            None
        }
    }
}

/// The values that an item has to be one of.
fn values(json: Json<'_>, against: &Against<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<Vec<Literal>> {
    let mut object = Object::new(json, path, out)?;
    take_state(&mut object);
    let rules_path = path.key("rules");
    let Some(rules) = object.take("rules") else { return one(object, against, out) };
    let rules = crate::json::array(rules, &rules_path, out)?;
    let combinator = match object.take("combinator") {
        None => None,
        Some(json) => Some(string(json, &path.key("combinator"), out)?.to_ascii_lowercase()),
    };
    // `not` and `muted` may be there and false.
    for key in ["not", "muted"] {
        if !matches!(object.take(key), None | Some(Json::Bool(false))) {
            out.push(not_values(&path.key(key)));
            return None;
        }
    }
    object.finish(out);
    if rules.is_empty() {
        out.push(Diagnostic::error(Code::EmptyGroup, rules_path.pointer(), "the group has no rules"));
        return None;
    }
    let alternatives = rules.len() == 1 || combinator.as_deref() == Some("or");
    if !alternatives {
        out.push(not_values(&rules_path));
        return None;
    }
    let expected = rules.len();
    let found: Vec<Vec<Literal>> = (rules.into_iter().enumerate())
        .filter_map(|(i, rule)| values(rule, against, &rules_path.index(i), out))
        .collect();
    (found.len() == expected).then(|| found.into_iter().flatten().collect())
}

/// The values of `=` or `in`.
fn one(mut object: Object<'_, '_>, against: &Against<'_>, out: &mut Diagnostics) -> Option<Vec<Literal>> {
    let path = object.path;
    let field = object.require_str("field", out);
    let asked = object.require_str("operator", out);
    let value = object.require("value", out);
    let source = object.take("valueSource");
    object.finish(out);
    let (field, asked, value) = (field?, operator(&asked?, &path.key("operator"), out)?, value?);
    if !field.is_empty() {
        let finding = Diagnostic::error(Code::UnknownField, path.key("field").pointer(), format!("no field `{field}`"));
        out.push(finding.help("a rule about the items of a list has an empty field"));
        return None;
    }
    if !matches!(&source, None | Some(Json::Str(_))) || matches!(&source, Some(Json::Str(text)) if text != "value") {
        out.push(not_values(&path.key("valueSource")));
        return None;
    }
    let value_path = path.key("value");
    match asked {
        Asked::Compare(Operator::Eq) => Some(vec![value::literal(&value, against, &value_path, out)?]),
        Asked::In { negated: false } => {
            let values = value::list(&value, against, false, &value_path, out)?;
            if values.is_empty() {
                out.push(Diagnostic::error(Code::EmptyList, value_path.pointer(), "the list has no values"));
                return None;
            }
            Some(values)
        }
        _ => {
            out.push(not_values(&path.key("operator")));
            None
        }
    }
}

fn not_values(path: &Path<'_>) -> Diagnostic {
    Diagnostic::error(Code::NotSupported, path.pointer(), "the items of a list can only be compared with values")
        .help("use `=`, `in` and `or`")
}
