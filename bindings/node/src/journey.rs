//! Journeys as documents: edited, drawn, in and out of React Flow.

use std::collections::BTreeMap;

use cvm::journey::edit::Command;
use cvm::journey::model::Journey;
use cvm::journey::picture::Flow;
use cvm::journey::{react_flow, read_journey, read_options};
use napi::Result;
use napi_derive::napi;
use serde::Serialize;

use crate::errors::guarded_journey;
use crate::json;

#[derive(Serialize)]
struct Edited {
    journey: Journey,
    undo: Vec<Command>,
}

/// A journey after edits, and what undoes them.
#[napi]
pub fn edit_journey(journey: String, edits: String) -> Result<String> {
    guarded_journey(|| {
        let edits = read_options(&edits).map_err(|error| error.below("edits"))?;
        let edited = cvm::journey::edit_journey(&read_journey(&journey)?, edits);
        let (journey, undo) = edited.map_err(|error| error.below("edits"))?;
        Ok(json::encode(&Edited { journey, undo })?)
    })
}

/// The journey of a picture of React Flow.
#[napi]
pub fn journey_from_react_flow(picture: String, id: String, name: String, entry: String) -> Result<String> {
    guarded_journey(|| {
        let picture = read_options(&picture).map_err(|error| error.below("picture"))?;
        let entry = read_options(&entry).map_err(|error| error.below("entry"))?;
        Ok(json::encode(&react_flow::import(&picture, &id, &name, entry)?)?)
    })
}

/// A journey as React Flow has it.
#[napi]
pub fn journey_to_react_flow(journey: String) -> Result<String> {
    guarded_journey(|| {
        let mut journey = read_journey(&journey)?;
        react_flow::arrange(&mut journey, 240.0, 120.0);
        Ok(json::encode(&react_flow::export(&journey))?)
    })
}

/// A picture of a journey, as SVG.
#[napi]
pub fn journey_svg(journey: String, flow: String) -> Result<String> {
    guarded_journey(|| {
        let flow: BTreeMap<String, Flow> = read_options(&flow).map_err(|error| error.below("flow"))?;
        Ok(cvm::journey::picture::svg(&read_journey(&journey)?, &flow))
    })
}

/// The JSON Schema of journeys.
#[napi]
pub fn journey_schema() -> Result<String> {
    guarded_journey(|| Ok(json::encode(&cvm::journey::schema())?))
}
