//! Groups, with the combinator on the group or between the rules.

use super::rule;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::Filter;
use crate::interop::fields::Fields;
use crate::interop::group::{all, any};
use crate::json::{Json, Object, wrong_kind};

/// Keys that say how an editor shows a node, and nothing about customers. `disabled` nodes can't be edited, and count
/// all the same.
const STATE: &[&str] = &["id", "path", "parentId", "disabled", "meta", "combinatorPreceding"];

/// What stands in the `rules` of a group.
pub(super) enum Read {
    Filter(Filter),
    /// Left out by its author.
    Muted,
}

/// Reads the query.
pub(super) fn query(json: Json<'_>, fields: &Fields<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<Filter> {
    let example = r#"{"combinator": "and", "rules": [{"field": "age", "operator": ">=", "value": 25}]}"#;
    let object = Object::such_as(example, json, path, out)?;
    match group(object, true, fields, out)? {
        Read::Filter(filter) => Some(filter),
        Read::Muted => {
            out.push(
                Diagnostic::error(Code::EmptyGroup, path.key("muted").pointer(), "the whole query is muted")
                    .help("react-querybuilder would make it `1 = 1`: everybody"),
            );
            None
        }
    }
}

/// A rule or a group, by whether it has `rules`; the customers for whom it is true, or for whom it is false.
fn node(json: Json<'_>, wanted: bool, fields: &Fields<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<Read> {
    let is_group = matches!(&json, Json::Object(entries) if entries.iter().any(|(key, _)| key == "rules"));
    let object = Object::such_as(r#"{"field": "age", "operator": ">=", "value": 25}"#, json, path, out)?;
    if is_group { group(object, wanted, fields, out) } else { rule::rule(object, wanted, fields, out) }
}

/// Takes the keys that are not read.
pub(super) fn take_state(object: &mut Object<'_, '_>) {
    for key in STATE {
        object.take(key);
    }
}

/// The flag of this name; absent is false.
pub(super) fn flag(object: &mut Object<'_, '_>, key: &'static str, out: &mut Diagnostics) -> Option<bool> {
    match object.take(key) {
        None => Some(false),
        Some(Json::Bool(value)) => Some(value),
        Some(other) => {
            wrong_kind(&other, "true or false", &object.path.key(key), out);
            None
        }
    }
}

fn group(mut object: Object<'_, '_>, wanted: bool, fields: &Fields<'_>, out: &mut Diagnostics) -> Option<Read> {
    let path = object.path;
    take_state(&mut object);
    let combinator = match object.take("combinator") {
        None => Some(None),
        Some(json) => combinator(&json, &path.key("combinator"), out).map(Some),
    };
    let not = flag(&mut object, "not", out);
    let muted = flag(&mut object, "muted", out);
    let rules = object.require_array("rules", out);
    object.finish(out);
    let (combinator, not, rules) = (combinator?, not?, rules?);
    if muted? {
        return Some(Read::Muted);
    }
    // `not` of three values: true where the group is false.
    let wanted = wanted != not;
    let rules_path = path.key("rules");
    let before = out.0.len();
    let filter = match combinator {
        Some(and) => {
            let filters: Vec<Filter> = (rules.into_iter().enumerate())
                .filter_map(|(i, rule)| member(rule, wanted, fields, &rules_path.index(i), out))
                .collect();
            (!filters.is_empty()).then(|| join(filters, and == wanted))
        }
        None => independent(rules, wanted, fields, &rules_path, out),
    };
    // A child that could not be read is never dropped: the whole group fails with it.
    if out.0.len() > before {
        return None;
    }
    if filter.is_none() {
        out.push(
            Diagnostic::error(Code::EmptyGroup, rules_path.pointer(), "the group has no rules")
                .help("react-querybuilder would make it `1 = 1`: everybody; delete the group or give it a rule"),
        );
    }
    filter.map(Read::Filter)
}

/// A member of a group; `None` where it is muted, or where a finding says why.
fn member(json: Json<'_>, wanted: bool, fields: &Fields<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<Filter> {
    match node(json, wanted, fields, path, out)? {
        Read::Filter(filter) => Some(filter),
        Read::Muted => None,
    }
}

fn join(filters: Vec<Filter>, and: bool) -> Filter {
    if and { all(filters) } else { any(filters) }
}

/// Whether the combinator is `and`.
fn combinator(json: &Json<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<bool> {
    let Json::Str(word) = json else {
        wrong_kind(json, "a string", path, out);
        return None;
    };
    match word.to_ascii_lowercase().as_str() {
        "and" => Some(true),
        "or" => Some(false),
        _ => {
            let finding = Diagnostic::error(Code::UnknownWord, path.pointer(), format!("no combinator `{word}`"));
            out.push(finding.help("the combinators are `and` and `or`"));
            None
        }
    }
}

/// Rules with combinators between them: `and` binds tighter than `or`, as in the SQL that is written of them.
fn independent(
    rules: Vec<Json<'_>>,
    wanted: bool,
    fields: &Fields<'_>,
    path: &Path<'_>,
    out: &mut Diagnostics,
) -> Option<Filter> {
    if rules.len().is_multiple_of(2) && !rules.is_empty() {
        let message = "rules and combinators must take turns, beginning and ending with a rule";
        out.push(
            Diagnostic::error(Code::WrongKind, path.pointer(), message)
                .help("put a `combinator` on the group, or one between each two rules"),
        );
        return None;
    }
    // Alternatives of conjunctions.
    let mut alternatives: Vec<Vec<Filter>> = Vec::new();
    let mut and = false;
    for (i, json) in rules.into_iter().enumerate() {
        if i % 2 == 1 {
            and = combinator(&json, &path.index(i), out)?;
            continue;
        }
        // A muted rule goes, and the combinator before it.
        let Some(filter) = member(json, wanted, fields, &path.index(i), out) else { continue };
        match alternatives.last_mut() {
            Some(conjunction) if and => conjunction.push(filter),
            _ => alternatives.push(vec![filter]),
        }
    }
    let conjunctions: Vec<Filter> = alternatives.into_iter().map(|filters| join(filters, wanted)).collect();
    (!conjunctions.is_empty()).then(|| join(conjunctions, !wanted))
}
