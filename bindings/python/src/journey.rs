//! Journeys as documents: read, drawn, edited.

use std::collections::BTreeMap;

use cvm::journey::edit::Command;
use cvm::journey::model::{Entry, Journey};
use cvm::journey::picture::Flow;
use cvm::journey::{Findings, JourneyError, read_journey, read_options};
use pyo3::prelude::*;

use crate::arguments::Document;
use crate::convert;
use crate::errors::Raise;

/// A journey, not yet read: a dict, JSON text, or what has a `to_json()`.
pub(crate) struct JourneyLike(Document);

impl JourneyLike {
    pub(crate) fn read(&self) -> Result<Journey, Findings> {
        Journey::from_json(&self.0.0)
    }

    pub(crate) fn journey(&self) -> PyResult<Journey> {
        read_journey(&self.0.0).map_err(Raise::raise)
    }
}

impl FromPyObject<'_, '_> for JourneyLike {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        if given.hasattr("to_json")? {
            return given.call_method0("to_json")?.extract().map(|text| Self(Document(text)));
        }
        given.extract().map(Self)
    }
}

/// A value of an argument; its name stands at the front of the place of what is wrong.
pub(crate) fn named<T: serde::de::DeserializeOwned>(name: &str, text: &str) -> PyResult<T> {
    read_options(text).map_err(|error| error.below(name).raise())
}

/// A list that may be left out.
pub(crate) fn list<T: serde::de::DeserializeOwned>(given: Option<Document>, name: &str) -> PyResult<Vec<T>> {
    given.map_or_else(|| Ok(Vec::new()), |given| named(name, &given.0))
}

/// A journey after edits, one after the other, and what undoes them: a pair of a dict and a list of edits, which this takes
/// again. An edit is a dict with `type`: "add_node", "remove_node", "rename_node", "set_node", "move_node", "connect",
/// "disconnect", "set_entry", "set_settings", "set_name" or "all"; the `fix` of a finding is a list of them. Where one
/// can't be made, none is.
#[pyfunction]
pub(crate) fn edit_journey<'py>(
    py: Python<'py>,
    journey: JourneyLike,
    edits: Document,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    let edits: Vec<Command> = named("edits", &edits.0)?;
    let edited = cvm::journey::edit_journey(&journey.journey()?, edits);
    let (edited, undo) = edited.map_err(|error| error.below("edits").raise())?;
    Ok((convert::to_python(py, &edited)?, convert::to_python(py, &undo)?))
}

/// The journey of a picture of React Flow: a dict with `nodes` and `edges`. A picture does not say who enters: `entry` does.
/// What a picture has beside (`selected`, `style`, …) is left out.
#[pyfunction]
pub(crate) fn journey_from_react_flow<'py>(
    py: Python<'py>,
    picture: Document,
    id: &str,
    name: &str,
    entry: Document,
) -> PyResult<Bound<'py, PyAny>> {
    let picture = named("picture", &picture.0)?;
    let entry: Entry = named("entry", &entry.0)?;
    let journey = cvm::journey::react_flow::import(&picture, id, name, entry);
    convert::to_python(py, &journey.map_err(|found| JourneyError::from(found).raise())?)
}

/// A journey as React Flow has it: a dict with `nodes`, each with a `position`, and `edges`. Nodes without a place in the
/// journey stand where there is room.
#[pyfunction]
pub(crate) fn journey_to_react_flow<'py>(py: Python<'py>, journey: JourneyLike) -> PyResult<Bound<'py, PyAny>> {
    let mut journey = journey.journey()?;
    cvm::journey::react_flow::arrange(&mut journey, 240.0, 120.0);
    convert::to_python(py, &cvm::journey::react_flow::export(&journey))
}

/// A picture of a journey, as SVG. `flow` says how many went where: by the node, dicts with `entered`, `waiting` and `left`
/// (by the outcome). `Simulation.svg` and `Journeys.svg` have their own.
#[pyfunction]
#[pyo3(signature = (journey, flow=None))]
pub(crate) fn journey_svg(journey: JourneyLike, flow: Option<Document>) -> PyResult<String> {
    let flow: Option<BTreeMap<String, Flow>> = flow.map(|flow| named("flow", &flow.0)).transpose()?;
    Ok(cvm::journey::picture::svg(&journey.journey()?, &flow.unwrap_or_default()))
}

/// The JSON Schema of journeys, as a dict.
#[pyfunction]
pub(crate) fn journey_schema(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    convert::to_python(py, &cvm::journey::schema())
}
