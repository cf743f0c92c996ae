//! Journeys and what goes with them, as programs hand them over.

use cvm_core::Timestamp;
use cvm_journey::machine::{InFlight, Outcome};
use cvm_journey::model::Journey;
use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

use super::error::JourneyError;

/// Reads a journey from JSON.
///
/// # Errors
/// Everything that is wrong with its form.
pub fn read_journey(text: &str) -> Result<Journey, JourneyError> {
    Ok(Journey::from_json(text)?)
}

/// Reads options, templates, offers, edits and the like from JSON.
///
/// ```
/// use cvm::journey::{SimulateOptions, read_options};
/// let error = read_options::<SimulateOptions>(r#"{"days": "many"}"#).expect_err("days are a number");
/// assert_eq!(error.path(), "/days");
/// ```
///
/// # Errors
/// What can't be read, with its place.
pub fn read_options<T: DeserializeOwned>(text: &str) -> Result<T, JourneyError> {
    let value: serde_json::Value =
        serde_json::from_str(text).map_err(|error| JourneyError::given("", format!("not JSON: {error}")))?;
    serde_path_to_error::deserialize(value).map_err(|error| {
        let steps = error.path().iter().map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
            Segment::Enum { .. } | Segment::Unknown => String::new(),
        });
        let path: String = steps.collect();
        JourneyError::given(path, error.into_inner().to_string())
    })
}

/// What becomes of customers who are in an older version: `"pinned"`, `"follow"`, or an object that says for nodes that are
/// gone where their customers go.
///
/// ```
/// use cvm::journey::{machine::InFlight, read_people};
/// assert_eq!(read_people(r#""pinned""#)?, InFlight::Pinned);
/// let InFlight::Follow(nodes) = read_people(r#"{"wait": "pause"}"#)? else { panic!("they follow") };
/// assert_eq!(nodes["wait"], "pause");
/// # Ok::<(), cvm::journey::JourneyError>(())
/// ```
///
/// # Errors
/// Anything else.
pub fn read_people(text: &str) -> Result<InFlight, JourneyError> {
    match text.trim().trim_matches('"') {
        "pinned" => Ok(InFlight::Pinned),
        "follow" => Ok(InFlight::Follow(std::collections::BTreeMap::new())),
        _ => serde_json::from_str(text).map(InFlight::Follow).map_err(|_| {
            let help = "customers are `pinned`, they `follow`, or an object says where those of nodes that are gone go";
            JourneyError::given("/people", format!("`{text}` does not say what becomes of customers: {help}"))
        }),
    }
}

/// What became of something that was handed out: `done`, `failed`, `unknown`, or `again`, which is tried from an instant on.
///
/// # Errors
/// Another word.
pub fn read_outcome(word: &str, again: Timestamp) -> Result<Outcome, JourneyError> {
    match word {
        "done" => Ok(Outcome::Done),
        "failed" => Ok(Outcome::Failed),
        "unknown" => Ok(Outcome::Unknown),
        "again" => Ok(Outcome::Again(again.micros())),
        _ => {
            let message = format!("`{word}` is no outcome: say `done`, `failed`, `unknown` or `again`");
            Err(JourneyError::given("/outcome", message))
        }
    }
}

/// The JSON Schema of journeys.
///
/// ```
/// assert_eq!(cvm::journey::schema()["title"], "Journey");
/// ```
#[must_use]
pub fn schema() -> serde_json::Value {
    serde_json::from_str(include_str!("../../../../schema/journey.schema.json")).unwrap_or_default()
}
