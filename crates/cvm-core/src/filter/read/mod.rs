//! Filters from JSON: every finding at once, each with its pointer.

mod behaviour;
mod operand;
mod population;
mod window;

pub(crate) use operand::{literal, literals, operand};

use super::{Case, Condition, Filter, ListRef, Missing, Operator, SegmentRef};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::json::{Json, Object, word};

/// Deeper filters are refused. serde_json's own limit, 128 levels of JSON, is not reached before this one.
pub(crate) const MAX_DEPTH: usize = 50;

/// The `type`s of nodes.
const NODES: &[&str] = &[
    "everyone",
    "nobody",
    "and",
    "or",
    "not",
    "at_least",
    "condition",
    "event",
    "sequence",
    "regularly",
    "stopped",
    "restarted",
    "related",
    "segment",
    "list",
    "rank",
    "bucket",
    "geo",
];

/// What people write for a node, and its name here.
#[rustfmt::skip]
const NODE_SYNONYMS: &[(&str, &str)] = &[
    ("all", "and"), ("any", "or"), ("none", "nobody"), ("everybody", "everyone"), ("rule", "condition"),
    ("field", "condition"), ("top", "rank"), ("sample", "bucket"),
];

/// What other languages call the operators.
#[rustfmt::skip]
const OPERATOR_SYNONYMS: &[(&str, &str)] = &[
    ("=", "eq"), ("==", "eq"), ("is", "eq"), ("equal", "eq"), ("equals", "eq"),
    ("!=", "ne"), ("<>", "ne"), ("neq", "ne"), ("is_not", "ne"), ("not_equal", "ne"), ("not_equals", "ne"),
    ("<", "lt"), ("less", "lt"), ("less_than", "lt"), ("<=", "lte"), ("=<", "lte"), ("le", "lte"), ("≤", "lte"),
    (">", "gt"), ("greater", "gt"), ("greater_than", "gt"), ("more_than", "gt"),
    (">=", "gte"), ("=>", "gte"), ("ge", "gte"), ("≥", "gte"),
    ("nin", "not_in"), ("one_of", "in"), ("any_of", "in"), ("none_of", "not_in"),
    ("like", "contains"), ("ilike", "contains"), ("includes", "contains"), ("not_like", "not_contains"),
    ("begins_with", "starts_with"), ("regex", "matches"), ("regexp", "matches"),
    ("is_null", "is_not_set"), ("null", "is_not_set"), ("missing", "is_not_set"), ("not_exists", "is_not_set"),
    ("is_not_null", "is_set"), ("not_null", "is_set"), ("exists", "is_set"),
];

impl Filter {
    /// Reads a filter. Names are not looked up here: that is [`check`](fn@crate::check)'s work.
    ///
    /// # Errors
    /// Every finding: unknown, missing and double keys, unknown nodes and operators, values of the wrong kind,
    /// too deep nesting.
    ///
    /// ```
    /// use cvm_core::{Code, Filter};
    /// let findings = Filter::from_json(r#"{"type": "condition", "feild": "age", "op": "gte", "value": 25}"#)
    ///     .expect_err("a misspelt key");
    /// assert_eq!(findings.0[0].code, Code::MissingKey);
    /// assert_eq!(findings.0[1].path, "/feild");
    /// assert_eq!(findings.0[1].suggestion.as_deref(), Some("field"));
    /// ```
    pub fn from_json(text: &str) -> Result<Self, Diagnostics> {
        let json = crate::json::parse(text)?;
        let mut out = Diagnostics::default();
        match read_filter(json, &Path::ROOT, 0, &mut out) {
            Some(filter) if !out.has_errors() => Ok(filter),
            _ => Err(out),
        }
    }

    /// The filter as JSON, on one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl<'de> serde::Deserialize<'de> for Filter {
    /// Reads a filter inside another document; all findings go into one message.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Json::deserialize(deserializer)?;
        let mut out = Diagnostics::default();
        match read_filter(json, &Path::ROOT, 0, &mut out) {
            Some(filter) if !out.has_errors() => Ok(filter),
            _ => Err(serde::de::Error::custom(out)),
        }
    }
}

/// Reads the filter at `path`; `None` where a finding says why.
pub(crate) fn read_filter(json: Json<'_>, path: &Path<'_>, depth: usize, out: &mut Diagnostics) -> Option<Filter> {
    if depth > MAX_DEPTH {
        out.push(Diagnostic::error(
            Code::DepthLimit,
            path.pointer(),
            format!("nested deeper than {MAX_DEPTH} filters"),
        ));
        return None;
    }
    let example = r#"{"type": "condition", "field": "age", "op": "gte", "value": 25}"#;
    let mut object = Object::such_as(example, json, path, out)?;
    let tag = object.require_str("type", out)?;
    let filter = match tag.as_str() {
        "everyone" => Some(Filter::Everyone),
        "nobody" => Some(Filter::Nobody),
        "and" => children(&mut object, depth, out).map(|children| Filter::And { children }),
        "or" => children(&mut object, depth, out).map(|children| Filter::Or { children }),
        "not" => {
            let child = object.require("child", out);
            child
                .and_then(|child| read_filter(child, &path.key("child"), depth + 1, out))
                .map(|child| Filter::Not { child: Box::new(child) })
        }
        "at_least" => {
            let n = object.require_u32("n", out);
            let children = children(&mut object, depth, out);
            n.zip(children).map(|(n, children)| Filter::AtLeast { n, children })
        }
        "condition" => condition(&mut object, out).map(Filter::Condition),
        "event" => behaviour::event(&mut object, depth, out).map(Filter::Event),
        "sequence" => behaviour::sequence(&mut object, depth, out).map(Filter::Sequence),
        "regularly" => behaviour::regularly(&mut object, depth, out).map(Filter::Regularly),
        "stopped" => behaviour::stopped(&mut object, depth, out).map(Filter::Stopped),
        "restarted" => behaviour::restarted(&mut object, depth, out).map(Filter::Restarted),
        "related" => population::related(&mut object, depth, out).map(Filter::Related),
        "segment" => object.require_str("segment", out).map(|segment| Filter::Segment(SegmentRef { segment })),
        "list" => object.require_str("list", out).map(|list| Filter::List(ListRef { list })),
        "rank" => population::rank(&mut object, depth, out).map(Filter::Rank),
        "bucket" => population::bucket(&mut object, out).map(Filter::Bucket),
        "geo" => population::geo(&mut object, out).map(Filter::Geo),
        unknown => {
            let finding =
                Diagnostic::error(Code::UnknownNode, path.key("type").pointer(), format!("no filter node `{unknown}`"));
            out.push(match NODE_SYNONYMS.iter().find(|(word, _)| *word == unknown.to_ascii_lowercase()) {
                Some((_, name)) => finding.suggest(*name),
                None => match finding.suggest_from(unknown, NODES.iter().copied()) {
                    near if near.suggestion.is_some() => near,
                    far => far.help(format!("known: {}", NODES.join(", "))),
                },
            });
            // What the other keys should be is not known: no more findings here.
            return None;
        }
    };
    object.finish(out);
    filter
}

fn children(object: &mut Object<'_, '_>, depth: usize, out: &mut Diagnostics) -> Option<Vec<Filter>> {
    let items = object.require_array("children", out)?;
    let path = object.path.key("children");
    let expected = items.len();
    let children: Vec<Filter> = items
        .into_iter()
        .enumerate()
        .filter_map(|(i, item)| read_filter(item, &path.index(i), depth + 1, out))
        .collect();
    // A child that could not be read is never dropped: the whole group fails with it.
    (children.len() == expected).then_some(children)
}

/// The optional `where` of a node.
fn inner(
    object: &mut Object<'_, '_>,
    key: &'static str,
    depth: usize,
    out: &mut Diagnostics,
) -> Option<Option<Box<Filter>>> {
    match object.take(key) {
        None => Some(None),
        Some(json) => read_filter(json, &object.path.key(key), depth + 1, out).map(|filter| Some(Box::new(filter))),
    }
}

fn condition(object: &mut Object<'_, '_>, out: &mut Diagnostics) -> Option<Condition> {
    let field = object.require_str("field", out);
    let op = operator(object, out);
    let value = match object.take("value") {
        None => Some(None),
        Some(json) => operand(json, &object.path.key("value"), out).map(Some),
    };
    let case = match object.take("case") {
        None => Some(Case::Sensitive),
        Some(json) => word(&json, "case rule", Case::WORDS, &object.path.key("case"), out),
    };
    let missing = missing(object, out);
    Some(Condition { field: field?, op: op?, value: value?, case: case?, missing: missing? })
}

fn operator(object: &mut Object<'_, '_>, out: &mut Diagnostics) -> Option<Operator> {
    let json = object.require("op", out)?;
    operator_word(&json, &object.path.key("op"), out)
}

fn operator_word(json: &Json<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<Operator> {
    let found = word(json, "operator", Operator::WORDS, path, out);
    if let (None, Json::Str(text), Some(finding)) = (found, json, out.0.last_mut()) {
        let wanted = text.to_lowercase().replace(' ', "_");
        if let Some((_, name)) = OPERATOR_SYNONYMS.iter().find(|(word, _)| *word == wanted) {
            finding.suggestion = Some((*name).to_owned());
            finding.help = None;
        }
    }
    found
}

fn missing(object: &mut Object<'_, '_>, out: &mut Diagnostics) -> Option<Option<Missing>> {
    match object.take("missing") {
        None => Some(None),
        Some(json) => {
            word(&json, "rule for missing values", Missing::WORDS, &object.path.key("missing"), out).map(Some)
        }
    }
}
