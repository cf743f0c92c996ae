//! A test of a place of a document, as a text: plans that hold it can be sent to where they run.

use cvm_core::Value;
use cvm_core::filter::SizeTest;
use cvm_core::predicate::{Bound, Needle, Pattern, Range, Test, TextTest};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

#[derive(Serialize, Deserialize)]
struct Spec {
    path: Vec<String>,
    #[serde(flatten)]
    kind: Kind,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Set(bool),
    In(Vec<Json>),
    /// The ends, each with whether it is inside itself.
    Range(Option<(Json, bool)>, Option<(Json, bool)>),
    /// One of the texts, whatever their case.
    Equals(Vec<String>),
    Contains(String, bool),
    Starts(String, bool),
    Ends(String, bool),
    Matches(String, bool),
    Empty(bool),
    Any(Vec<Json>, bool),
    All(Vec<Json>, bool),
    Size(String, u32),
}

/// The text of a test; `None` where documents have no such test.
pub(crate) fn encode(path: &[String], test: &Test) -> Option<String> {
    let list = |values: &[Value]| values.iter().map(Value::to_json).collect::<Vec<Json>>();
    let end = |bound: &Bound| match bound {
        Bound::Open => None,
        Bound::Included(value) => Some((value.to_json(), true)),
        Bound::Excluded(value) => Some((value.to_json(), false)),
    };
    let kind = match test {
        Test::Present => Kind::Set(true),
        Test::In(values) => Kind::In(list(values)),
        Test::Range(range) => Kind::Range(end(&range.low), end(&range.high)),
        Test::Text(TextTest { needle, fold }) => match needle {
            Needle::Equals(texts) => Kind::Equals(texts.clone()),
            Needle::Contains(text) => Kind::Contains(text.clone(), *fold),
            Needle::Starts(text) => Kind::Starts(text.clone(), *fold),
            Needle::Ends(text) => Kind::Ends(text.clone(), *fold),
            Needle::Matches(pattern) => Kind::Matches(pattern.portable(r"\z"), *fold),
        },
        Test::Empty => Kind::Empty(true),
        Test::Has { all: true, values, fold } => Kind::All(list(values), *fold),
        Test::Has { all: false, values, fold } => Kind::Any(list(values), *fold),
        Test::Size(test) => {
            let (key, n) = test.parts();
            Kind::Size(key.to_owned(), n)
        }
        Test::Field(..) | Test::MonthDay { .. } => return None,
    };
    serde_json::to_string(&Spec { path: path.to_vec(), kind }).ok()
}

/// The path and the test.
pub(super) fn decode(text: &str) -> Option<(Vec<String>, Test)> {
    let Spec { path, kind } = serde_json::from_str(text).ok()?;
    let list = |values: Vec<Json>| values.into_iter().map(value).collect::<Vec<Value>>();
    let end = |end: Option<(Json, bool)>| match end {
        None => Bound::Open,
        Some((json, true)) => Bound::Included(value(json)),
        Some((json, false)) => Bound::Excluded(value(json)),
    };
    let text = |needle: Needle, fold: bool| Test::Text(TextTest { needle, fold });
    let test = match kind {
        Kind::Set(_) => Test::Present,
        Kind::In(values) => Test::In(list(values)),
        Kind::Range(low, high) => Test::Range(Range::new(end(low), end(high))),
        Kind::Equals(texts) => text(Needle::Equals(texts), true),
        Kind::Contains(wanted, fold) => text(Needle::Contains(wanted), fold),
        Kind::Starts(wanted, fold) => text(Needle::Starts(wanted), fold),
        Kind::Ends(wanted, fold) => text(Needle::Ends(wanted), fold),
        Kind::Matches(pattern, fold) => text(Needle::Matches(Pattern::new(&pattern, fold).ok()?), fold),
        Kind::Empty(_) => Test::Empty,
        Kind::Any(values, fold) => Test::Has { all: false, values: list(values), fold },
        Kind::All(values, fold) => Test::Has { all: true, values: list(values), fold },
        Kind::Size(key, n) => Test::Size(SizeTest::from_parts(&key, n)?),
    };
    Some((path, test))
}

/// A literal of a filter.
fn value(json: Json) -> Value {
    match json {
        Json::Bool(b) => Value::Bool(b),
        Json::Number(n) => n.as_i64().map_or_else(|| n.as_f64().map_or(Value::Missing, Value::Float), Value::Int),
        Json::String(text) => Value::Str(text),
        _ => Value::Missing,
    }
}
