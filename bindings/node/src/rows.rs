//! Tables of results.

use std::sync::Arc;

use napi::bindgen_prelude::{Buffer, Object};
use napi::{Env, Result};
use napi_derive::napi;
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::errors::guarded;
use crate::{job, json};

/// A table of results, batch by batch.
#[napi]
pub struct Rows {
    rows: cvm::Rows,
    engine: Arc<cvm::Engine>,
}

impl Rows {
    pub(crate) fn new(rows: cvm::Rows, engine: Arc<cvm::Engine>) -> Self {
        Self { rows, engine }
    }
}

#[napi]
impl Rows {
    /// How many rows.
    #[napi(getter)]
    pub fn length(&self) -> f64 {
        self.rows.len() as f64
    }

    /// The names of the columns.
    #[napi(getter)]
    pub fn column_names(&self) -> Vec<String> {
        self.rows.schema().fields().iter().map(|field| field.name().clone()).collect()
    }

    /// How many batches.
    #[napi(getter)]
    pub fn batches(&self) -> u32 {
        u32::try_from(self.rows.batches().len()).unwrap_or(u32::MAX)
    }

    /// All of it as the bytes of an Arrow IPC stream.
    #[napi]
    pub fn to_ipc(&self) -> Result<Buffer> {
        guarded(|| self.rows.to_ipc()).map(Buffer::from)
    }

    /// One batch as an Arrow IPC stream of its own.
    #[napi(ts_return_type = "Promise<Buffer>")]
    pub fn batch_ipc<'env>(&self, env: &'env Env, number: u32) -> Result<Object<'env>> {
        let batch = self.batch(number);
        job::work(env, &self.engine, move |_| batch.to_ipc().map(Buffer::from))
    }

    /// One batch as JSON: an array of objects.
    #[napi]
    pub fn batch_json(&self, number: u32) -> Result<String> {
        guarded(|| json::encode(&Objects(&self.batch(number))))
    }

    fn batch(&self, number: u32) -> cvm::Rows {
        let batch = usize::try_from(number).ok().and_then(|number| self.rows.batches().get(number));
        cvm::Rows::new(self.rows.schema().clone(), batch.cloned().into_iter().collect())
    }
}

/// The rows as objects whose keys stand in the order of the columns.
struct Objects<'a>(&'a cvm::Rows);

impl Serialize for Objects<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut objects = serializer.serialize_seq(Some(self.0.len()))?;
        for values in self.0.values() {
            objects.serialize_element(&Row { schema: self.0, values: &values })?;
        }
        objects.end()
    }
}

struct Row<'a> {
    schema: &'a cvm::Rows,
    values: &'a [cvm::Value],
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let fields = self.schema.schema().fields();
        let mut object = serializer.serialize_map(Some(fields.len()))?;
        for (field, value) in fields.iter().zip(self.values) {
            object.serialize_entry(field.name(), &value.to_json())?;
        }
        object.end()
    }
}
