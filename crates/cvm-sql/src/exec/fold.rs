//! `cvm_fold(text)`: Unicode simple case folding as a function of DataFusion, equal to the reference's.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, StringBuilder};
use arrow::datatypes::DataType;
use cvm_core::value::fold_case;
use datafusion::common::Result;
use datafusion::common::cast::as_string_array;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};

/// The function.
pub(super) fn function() -> ScalarUDF {
    ScalarUDF::from(Fold { signature: Signature::exact(vec![DataType::Utf8], Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Fold {
    signature: Signature,
}

impl ScalarUDFImpl for Fold {
    fn name(&self) -> &'static str {
        "cvm_fold"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let [texts] = arrays.as_slice() else {
            return datafusion::common::exec_err!("cvm_fold takes one text");
        };
        let texts = as_string_array(texts)?;
        let mut out = StringBuilder::with_capacity(texts.len(), texts.value_data().len());
        for text in texts {
            out.append_option(text.map(fold_case));
        }
        let array: ArrayRef = Arc::new(out.finish());
        Ok(ColumnarValue::Array(array))
    }
}
