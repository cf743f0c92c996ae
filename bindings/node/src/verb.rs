//! What journeys are told and asked: documents of `lib/journeys.js`.

use cvm::Value;
use cvm::journey::machine::{InFlight, Outcome};
use cvm::journey::model::Journey;
use cvm::journey::{JourneyError, Journeys, read_journey, read_outcome, read_people};
use serde::Deserialize;
use serde_json::Value as Json;

use crate::json;
use crate::live::instant;

/// What journeys are told or asked. Journeys, changes and people are texts, as they came.
#[derive(Deserialize)]
#[serde(tag = "verb", rename_all = "camelCase", deny_unknown_fields)]
pub(crate) enum Verb {
    Validate { journey: String, now: Option<String> },
    Preview { journey: String, people: Option<String> },
    Publish { journey: String, people: Option<String>, now: Option<String> },
    Enrol { journey: String, customers: Vec<Json>, now: Option<String> },
    Feed { changes: String, now: Option<String> },
    Tick { now: Option<String> },
    AllowJump { until: String },
    Poll { channels: Vec<String>, limit: u32, seconds: u32, now: Option<String> },
    Acknowledge { receipts: Vec<String>, outcome: String, after: Option<String>, now: Option<String> },
    Pause { journey: String, now: Option<String> },
    Resume { journey: String, now: Option<String> },
    Stop { journey: String, now: Option<String> },
    Positions { customer: Json },
    Explain { customer: Json },
    Statistics { journey: String },
    Ids {},
    Status { journey: String },
    Journey { journey: String },
    Svg { journey: String },
    Wake {},
}

impl Verb {
    /// Tells or asks it; the answer is JSON.
    pub(crate) fn ask(self, journeys: &Journeys) -> Result<String, JourneyError> {
        let zone = journeys.zone();
        let at = |now: Option<String>| instant(now, &zone);
        let told = |done: Result<(), JourneyError>| done.map(|()| "null".to_owned());
        match self {
            Self::Validate { journey, now } => match Journey::from_json(&journey) {
                Ok(journey) => answer(&journeys.validate(&journey, at(now)?)),
                Err(found) => answer(&found),
            },
            Self::Preview { journey, people } => {
                answer(&journeys.preview(&read_journey(&journey)?, in_flight(people)?))
            }
            Self::Publish { journey, people, now } => {
                told(journeys.publish(&read_journey(&journey)?, in_flight(people)?, at(now)?))
            }
            Self::Enrol { journey, customers, now } => {
                let customers = customers.iter().map(key).collect::<Result<Vec<Value>, _>>()?;
                told(journeys.enrol(&journey, &customers, at(now)?))
            }
            Self::Feed { changes, now } => {
                let changes = cvm::read_document(&changes)?;
                answer(&journeys.feed(&changes, at(now)?)?)
            }
            Self::Tick { now } => told(journeys.tick(at(now)?)),
            Self::AllowJump { until } => {
                journeys.allow_jump(at(Some(until))?);
                told(Ok(()))
            }
            Self::Poll { channels, limit, seconds, now } => {
                let channels: Vec<&str> = channels.iter().map(String::as_str).collect();
                answer(&journeys.poll(&channels, limit, seconds, at(now)?)?)
            }
            Self::Acknowledge { receipts, outcome, after, now } => {
                let outcome = read_outcome(&outcome, at(after)?)?;
                let answers: Vec<(String, Outcome)> = receipts.into_iter().map(|receipt| (receipt, outcome)).collect();
                told(journeys.acknowledge(&answers, at(now)?))
            }
            Self::Pause { journey, now } => told(journeys.pause(&journey, at(now)?)),
            Self::Resume { journey, now } => told(journeys.resume(&journey, at(now)?)),
            Self::Stop { journey, now } => told(journeys.stop(&journey, at(now)?)),
            Self::Positions { customer } => answer(&journeys.positions(&key(&customer)?)?),
            Self::Explain { customer } => answer(&journeys.explain(&key(&customer)?)?),
            Self::Statistics { journey } => answer(&journeys.statistics(&journey)?),
            Self::Ids {} => answer(&journeys.ids()),
            Self::Status { journey } => answer(&journeys.status(&journey)),
            Self::Journey { journey } => answer(&journeys.journey(&journey)),
            Self::Svg { journey } => answer(&journeys.svg(&journey)?),
            Self::Wake {} => answer(&journeys.wake().map(|at| at.to_string())),
        }
    }
}

fn answer(value: &impl serde::Serialize) -> Result<String, JourneyError> {
    Ok(json::encode(value)?)
}

fn in_flight(people: Option<String>) -> Result<InFlight, JourneyError> {
    people.map_or(Ok(InFlight::Pinned), |people| read_people(&people))
}

fn key(json: &Json) -> Result<Value, JourneyError> {
    match (json, json.as_i64()) {
        (Json::String(text), _) => Ok(Value::Str(text.clone())),
        (_, Some(number)) => Ok(Value::Int(number)),
        _ => {
            let message = format!("`{json}` is no key of a customer: it is a whole number or a text");
            Err(JourneyError::Given { path: String::new(), message })
        }
    }
}
