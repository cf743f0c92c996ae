//! Reading journeys from JSON, with the place of everything that is wrong.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use serde_path_to_error::{Path, Segment};

use super::journey::Journey;
use super::node::{Node, NodeKind};
use crate::finding::{Code, Finding, Findings};

impl Journey {
    /// The journey of a JSON text.
    ///
    /// ```
    /// use cvm_journey::model::Journey;
    /// let wrong = Journey::from_json(r#"{"id": "a", "name": "A", "entry": {"trigger": {"type": "api"}}, "edges": [],
    ///     "nodes": [{"id": "pause", "type": "wait", "data": {"until": "duration"}}, {"id": "x", "type": "sned"}]}"#);
    /// let findings = wrong.expect_err("a wait that does not say how long");
    /// let places: Vec<&str> = findings.0.iter().map(|finding| finding.path.as_str()).collect();
    /// assert_eq!(places, ["/nodes/0/data", "/nodes/1/type"]);
    /// assert!(findings.to_string().ends_with("there is no node of the type `sned` (did you mean `send`?)"));
    /// ```
    ///
    /// # Errors
    /// Everything that is wrong with the form ([`Code::Json`], [`Code::UnknownType`]). Whether the journey can start is
    /// another question ([`crate::check`]).
    pub fn from_json(text: &str) -> Result<Self, Findings> {
        let value: Value = serde_json::from_str(text)
            .map_err(|error| Finding::new(Code::Json, "", format!("the text is no JSON: {error}")))?;
        Self::from_value(value)
    }

    /// As [`Journey::from_json`], of JSON that was read.
    ///
    /// # Errors
    /// As [`Journey::from_json`].
    pub fn from_value(mut value: Value) -> Result<Self, Findings> {
        if !value.is_object() {
            let help = "write it like `{\"id\": …, \"name\": …, \"entry\": …, \"nodes\": […], \"edges\": […]}`";
            return Err(Finding::new(Code::Json, "", "a journey is an object").help(help).into());
        }
        let mut findings = Findings::default();
        let nodes = value.get_mut("nodes").map(|nodes| std::mem::replace(nodes, json!([])));
        let nodes = match nodes {
            Some(Value::Array(nodes)) => nodes,
            Some(_) => {
                findings.0.push(Finding::new(Code::Json, "/nodes", "the nodes are a list"));
                Vec::new()
            }
            // What is missing is found below.
            None => Vec::new(),
        };
        let journey: Option<Self> = typed(value, "", &mut findings);
        let nodes: Vec<Option<Node>> =
            (0..).zip(nodes).map(|(i, value)| node(value, &format!("/nodes/{i}"), &mut findings)).collect();
        match (journey, nodes.into_iter().collect()) {
            (Some(journey), Some(nodes)) if !findings.has_errors() => {
                let mut journey = Self { nodes, ..journey };
                // Places of nodes that are gone mean nothing.
                let ids: BTreeSet<&str> = journey.nodes.iter().map(|node| node.id.as_str()).collect();
                journey.layout.retain(|id, _| ids.contains(id.as_str()));
                Ok(journey)
            }
            _ => Err(findings),
        }
    }
}

/// The node at a place.
fn node(value: Value, path: &str, out: &mut Findings) -> Option<Node> {
    let Value::Object(mut object) = value else {
        out.0.push(Finding::new(Code::Json, path, "a node is an object").help(EXAMPLE));
        return None;
    };
    let id = text(&mut object, "id", path, out);
    let ty = text(&mut object, "type", path, out);
    let data = object.remove("data").unwrap_or_else(|| json!({}));
    for key in object.keys() {
        out.0
            .push(Finding::new(Code::Json, format!("{path}/{}", pointer(key)), "a node has no such key").help(EXAMPLE));
    }
    let kind = kind(&ty?, data, path, out);
    Some(Node { id: id?, kind: kind? })
}

const EXAMPLE: &str = "write it like `{\"id\": \"in\", \"type\": \"entry\", \"data\": {}}`";

fn text(object: &mut Map<String, Value>, key: &str, path: &str, out: &mut Findings) -> Option<String> {
    match object.remove(key) {
        Some(Value::String(text)) => return Some(text),
        Some(_) => out.0.push(Finding::new(Code::Json, format!("{path}/{key}"), format!("the {key} is a text"))),
        None => out.0.push(Finding::new(Code::Json, path, format!("the key `{key}` is missing")).help(EXAMPLE)),
    }
    None
}

macro_rules! kinds {
    ($($name:literal => $kind:ident,)*) => {
        /// The names of all types of nodes.
        const TYPES: &[&str] = &[$($name),*];

        /// What a node of a type does, by its data. Read one by one, so that places within the data are known.
        fn kind(ty: &str, data: Value, path: &str, out: &mut Findings) -> Option<NodeKind> {
            let place = format!("{path}/data");
            match ty {
                $($name => typed(data, &place, out).map(NodeKind::$kind),)*
                other => {
                    let found = Finding::new(
                        Code::UnknownType,
                        format!("{path}/type"),
                        format!("there is no node of the type `{other}`"),
                    );
                    out.0.push(match cvm_core::nearest(other, TYPES.iter().copied()) {
                        Some(near) => found.help(format!("did you mean `{near}`?")),
                        None => found.help(format!("there are {}", TYPES.join(", "))),
                    });
                    None
                }
            }
        }
    };
}

kinds! {
    "entry" => Entry,
    "segment" => Segment,
    "wait" => Wait,
    "send" => Send,
    "branch" => Branch,
    "event_branch" => EventBranch,
    "split" => Split,
    "holdout" => Holdout,
    "update" => Update,
    "list" => List,
    "webhook" => Webhook,
    "throttle" => Throttle,
    "sub_journey" => SubJourney,
    "jump" => Jump,
    "goal" => Goal,
    "end" => End,
}

/// A value of a type, or a finding at its place.
fn typed<T: DeserializeOwned>(value: Value, path: &str, out: &mut Findings) -> Option<T> {
    match serde_path_to_error::deserialize(value) {
        Ok(value) => Some(value),
        Err(error) => {
            let place = format!("{path}{}", place(error.path()));
            out.0.push(Finding::new(Code::Json, place, error.into_inner().to_string()));
            None
        }
    }
}

fn place(path: &Path) -> String {
    let segments = path.iter().map(|segment| match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => format!("/{}", pointer(key)),
        Segment::Enum { .. } | Segment::Unknown => String::new(),
    });
    segments.collect()
}

/// A key within a JSON pointer.
pub(crate) fn pointer(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
