//! Versions of a journey, kept as the journeys that they were made of.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error, ser};

use super::program::Program;
use super::terms::Terms;
use crate::model::Journey;

pub(super) fn serialize<S: Serializer>(versions: &[Option<Arc<Program>>], serializer: S) -> Result<S::Ok, S::Error> {
    let mut kept: Vec<Option<(String, &[Terms])>> = Vec::new();
    for version in versions {
        kept.push(match version {
            None => None,
            Some(program) => {
                let journey = serde_json::to_string(&program.journey).map_err(ser::Error::custom)?;
                Some((journey, &program.terms))
            }
        });
    }
    kept.serialize(serializer)
}

/// Programs that can't run yet: the numbers in them are those of a machine, which makes them anew.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Option<Arc<Program>>>, D::Error> {
    let kept: Vec<Option<(String, Vec<Terms>)>> = Vec::deserialize(deserializer)?;
    let mut versions = Vec::with_capacity(kept.len());
    for version in kept {
        versions.push(match version {
            None => None,
            Some((journey, terms)) => {
                let journey = Journey::from_json(&journey).map_err(D::Error::custom)?;
                Some(Arc::new(Program::unready(journey, terms)))
            }
        });
    }
    Ok(versions)
}
