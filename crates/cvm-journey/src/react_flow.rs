//! Pictures as React Flow has them: nodes with positions, edges with handles.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::finding::{Code, Finding, Findings};
use crate::model::{Edge, Entry, Journey, Point};

/// The journey as React Flow's `{"nodes": […], "edges": […]}`. Nodes without a place stand at 0, 0.
///
/// ```
/// use cvm_journey::model::Journey;
/// use cvm_journey::react_flow;
/// let journey = Journey::from_json(r#"{"id": "a", "name": "A", "entry": {"trigger": {"type": "api"}},
///     "nodes": [{"id": "in", "type": "entry"}], "edges": [], "layout": {"in": {"x": 10, "y": 20}}}"#)?;
/// let picture = react_flow::export(&journey);
/// assert_eq!(picture["nodes"][0]["position"]["y"], 20.0);
/// let again = react_flow::import(&picture, "a", "A", journey.entry.clone())?;
/// assert_eq!(again, journey);
/// # Ok::<(), cvm_journey::Findings>(())
/// ```
#[must_use]
pub fn export(journey: &Journey) -> Value {
    let nodes: Vec<Value> = journey
        .nodes
        .iter()
        .map(|node| {
            let mut value = json!(node);
            let at = journey.layout.get(&node.id).copied().unwrap_or(Point { x: 0.0, y: 0.0 });
            if let Value::Object(object) = &mut value {
                object.insert("position".to_owned(), json!(at));
            }
            value
        })
        .collect();
    json!({"nodes": nodes, "edges": journey.edges})
}

/// The journey of a picture. What a picture has beside (`selected`, `measured`, `style`, …) is not part of a journey and
/// left out; an edge without a handle begins at the only outcome of its node.
///
/// # Errors
/// As [`Journey::from_json`], with places in the picture; edges without a handle whose node has several outcomes, or none
/// ([`Code::MissingOutcome`]).
pub fn import(picture: &Value, id: &str, name: &str, entry: Entry) -> Result<Journey, Findings> {
    let mut findings = Findings::default();
    let mut list = |key: &str| match picture.get(key) {
        Some(Value::Array(list)) => list.as_slice(),
        _ => {
            let message = format!("a picture has a list of `{key}`");
            findings.0.push(Finding::new(Code::Json, format!("/{key}"), message));
            &[]
        }
    };
    let (nodes, edges) = (list("nodes"), list("edges"));
    if findings.has_errors() {
        return Err(findings);
    }
    let parts: Vec<Value> = nodes.iter().map(|node| only(node, &["id", "type", "data"])).collect();
    let whole = json!({"id": id, "name": name, "entry": entry, "nodes": parts, "edges": []});
    let mut journey = Journey::from_value(whole)?;
    for node in nodes {
        let coordinate = |axis: &str| node.get("position")?.get(axis)?.as_f64();
        if let (Some(id), Some(x), Some(y)) = (node.get("id").and_then(Value::as_str), coordinate("x"), coordinate("y"))
        {
            journey.layout.insert(id.to_owned(), Point { x, y });
        }
    }
    for (i, value) in edges.iter().enumerate() {
        match edge(value, &journey) {
            Ok(edge) => journey.edges.push(edge),
            Err(mut found) => {
                found.path = format!("/edges/{i}{}", found.path);
                findings.0.push(*found);
            }
        }
    }
    if findings.has_errors() { Err(findings) } else { Ok(journey) }
}

/// Some keys of an object.
fn only(value: &Value, keys: &[&str]) -> Value {
    match value {
        Value::Object(object) => {
            let kept = object.iter().filter(|(key, _)| keys.contains(&key.as_str()));
            Value::Object(kept.map(|(key, value)| (key.clone(), value.clone())).collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

fn edge(value: &Value, journey: &Journey) -> Result<Edge, Box<Finding>> {
    let text = |key: &str| -> Result<String, Box<Finding>> {
        let found = value.get(key).and_then(Value::as_str).map(str::to_owned);
        found.ok_or_else(|| Box::new(Finding::new(Code::Json, "", format!("an edge has a text `{key}`"))))
    };
    let source = text("source")?;
    let source_handle = match value.get("sourceHandle") {
        Some(Value::String(handle)) => handle.clone(),
        None | Some(Value::Null) => {
            let outcomes = journey.node(&source).map(|node| node.kind.outcomes()).unwrap_or_default();
            let required: Vec<&str> =
                outcomes.iter().filter(|outcome| outcome.required).map(|outcome| outcome.name.as_ref()).collect();
            match required.as_slice() {
                [only] => (*only).to_owned(),
                [] => {
                    let message = format!("nothing leads on from `{source}`");
                    return Err(Box::new(Finding::new(Code::MissingOutcome, "", message).nodes([source.as_str()])));
                }
                several => {
                    let message = format!("the edge from `{source}` does not say from which outcome it leads on");
                    let help = format!("give it a `sourceHandle`: {}", several.join(", "));
                    let found = Finding::new(Code::MissingOutcome, "", message).help(help).nodes([source.as_str()]);
                    return Err(Box::new(found));
                }
            }
        }
        Some(_) => return Err(Box::new(Finding::new(Code::Json, "/sourceHandle", "a handle is a text"))),
    };
    Ok(Edge { id: text("id")?, source, source_handle, target: text("target")? })
}

/// Places for the nodes that have none: each a step to the right of what leads to it, those of one step below one another.
///
/// ```
/// # use cvm_journey::model::Journey;
/// # let mut journey = Journey::from_json(r#"{"id": "a", "name": "A", "entry": {"trigger": {"type": "api"}},
/// #     "nodes": [{"id": "in", "type": "entry"}, {"id": "out", "type": "end"}],
/// #     "edges": [{"id": "1", "source": "in", "sourceHandle": "next", "target": "out"}]}"#)?;
/// cvm_journey::react_flow::arrange(&mut journey, 240.0, 120.0);
/// assert!(journey.layout["out"].x > journey.layout["in"].x);
/// # Ok::<(), cvm_journey::Findings>(())
/// ```
pub fn arrange(journey: &mut Journey, across: f64, down: f64) {
    let mut steps: BTreeMap<&str, usize> = BTreeMap::new();
    let mut next: Vec<&str> = journey.entry_node().map(|node| node.id.as_str()).into_iter().collect();
    let mut step = 0;
    while !next.is_empty() {
        next.retain(|node| !steps.contains_key(node));
        for node in &next {
            steps.entry(node).or_insert(step);
        }
        let reached = |edge: &&Edge| next.contains(&edge.source.as_str());
        next = journey.edges.iter().filter(reached).map(|edge| edge.target.as_str()).collect();
        step += 1;
    }
    let mut rows: BTreeMap<usize, u32> = BTreeMap::new();
    let mut places = Vec::new();
    for node in &journey.nodes {
        // Who is reached from nowhere stands at the left.
        let step = steps.get(node.id.as_str()).copied().unwrap_or(0);
        let row = rows.entry(step).or_insert(0);
        let column = u32::try_from(step).unwrap_or(u32::MAX);
        places.push((node.id.clone(), Point { x: f64::from(column) * across, y: f64::from(*row) * down }));
        *row += 1;
    }
    for (id, at) in places {
        journey.layout.entry(id).or_insert(at);
    }
}
