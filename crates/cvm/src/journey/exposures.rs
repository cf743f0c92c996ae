//! Who got which arm of which experiment, and when first: what analyses of experiments begin with.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use cvm_core::FieldType;
use cvm_journey::machine::{Effects, Machine};
use roaring::RoaringBitmap;

use super::error::JourneyError;
use crate::Rows;

/// Who got which arm of a journey's experiments, as commands are carried out again.
#[derive(Debug, Default)]
pub(super) struct Exposures {
    found: Vec<Found>,
    /// By the node and the arm: who got it already. An experiment counts customers once, however often they enter.
    seen: HashMap<(u16, String), RoaringBitmap>,
}

#[derive(Debug)]
struct Found {
    customer: u32,
    node: u16,
    version: u32,
    arm: String,
    at: i64,
}

impl Exposures {
    /// Notes what a command did, after it was carried out.
    pub(super) fn note(&mut self, machine: &Machine, journey: &str, effects: &Effects) {
        for exposed in effects.exposed.iter().filter(|exposed| machine.journey_name(exposed.journey) == journey) {
            let drawn = machine.drawn(journey, exposed.version, exposed.node);
            let arm = drawn.and_then(|drawn| drawn.outcomes.get(usize::from(exposed.arm))).cloned().unwrap_or_default();
            let seen = self.seen.entry((exposed.node, arm.clone())).or_default();
            for customer in exposed.customers.iter().copied().filter(|customer| seen.insert(*customer)) {
                let (node, version, at) = (exposed.node, exposed.version, machine.now());
                self.found.push(Found { customer, node, version, arm: arm.clone(), at });
            }
        }
    }

    /// As a table, in the order of time.
    pub(super) fn table(&self, machine: &Machine, journey: &str, key: &FieldType) -> Result<Rows, JourneyError> {
        let keys = self.found.iter().map(|found| machine.key(found.customer));
        let customer: ArrayRef = match key {
            FieldType::Int => Arc::new(Int64Array::from_iter(keys.map(|key| key.parse::<i64>().ok()))),
            _ => Arc::new(StringArray::from_iter_values(keys)),
        };
        let node = |found: &Found| machine.node_name(journey, found.node).unwrap_or_default().to_owned();
        let columns: Vec<ArrayRef> = vec![
            customer,
            Arc::new(StringArray::from_iter_values(self.found.iter().map(node))),
            Arc::new(StringArray::from_iter_values(self.found.iter().map(|found| &found.arm))),
            Arc::new(Int64Array::from_iter_values(self.found.iter().map(|found| i64::from(found.version)))),
            Arc::new(
                TimestampMicrosecondArray::from_iter_values(self.found.iter().map(|found| found.at))
                    .with_timezone("UTC"),
            ),
        ];
        let time = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
        let key = columns.first().map_or(DataType::Utf8, |column| column.data_type().clone());
        let names = [
            ("customer", key),
            ("node", DataType::Utf8),
            ("arm", DataType::Utf8),
            ("version", DataType::Int64),
            ("at", time),
        ];
        let schema = Arc::new(Schema::new(names.map(|(name, ty)| Field::new(name, ty, false)).to_vec()));
        let batch = RecordBatch::try_new(Arc::clone(&schema), columns);
        let batch = batch.map_err(|error| JourneyError::Store(error.to_string()))?;
        Ok(Rows::new(schema, vec![batch]))
    }
}
