//! Tests of JSON documents on DataFusion: `cvm_json(document, test)` is the reference's test of one place of a document;
//! it is unknown where nothing stands there. A text that is no JSON holds nothing.

mod document;
mod spec;

pub(crate) use spec::encode;

use std::sync::Arc;

use arrow::array::BooleanArray;
use arrow::datatypes::DataType;
use datafusion::common::cast::as_string_array;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility};

/// The function.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct JsonTest {
    signature: Signature,
}

impl JsonTest {
    pub(super) fn new() -> Self {
        Self { signature: Signature::exact(vec![DataType::Utf8; 2], Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for JsonTest {
    fn name(&self) -> &'static str {
        "cvm_json"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [documents, ColumnarValue::Scalar(test)] = args.args.as_slice() else {
            return exec_err!("cvm_json takes a document and one test");
        };
        let Some(Some((path, test))) = test.try_as_str().map(|test| test.and_then(spec::decode)) else {
            return exec_err!("cvm_json takes a test as it is written by this version");
        };
        let documents = documents.to_array(args.number_rows)?;
        let passed: BooleanArray = as_string_array(&documents)?
            .iter()
            .map(|document| {
                let value = document::value_at(document?, &path);
                (!value.is_missing()).then(|| test.passes(&value))
            })
            .collect();
        Ok(ColumnarValue::Array(Arc::new(passed)))
    }
}
