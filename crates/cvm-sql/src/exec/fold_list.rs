//! `cvm_fold_list(list)`: every text of a list by Unicode simple case folding.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, ListArray, StringBuilder};
use arrow::datatypes::{DataType, Field};
use cvm_core::value::fold_case;
use datafusion::common::cast::as_list_array;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility};

/// The function.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct FoldList {
    signature: Signature,
}

impl FoldList {
    pub(super) fn new() -> Self {
        Self { signature: Signature::exact(vec![texts()], Volatility::Immutable) }
    }
}

fn texts() -> DataType {
    DataType::List(Arc::new(Field::new("item", DataType::Utf8, true)))
}

impl ScalarUDFImpl for FoldList {
    fn name(&self) -> &'static str {
        "cvm_fold_list"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(texts())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let [lists] = arrays.as_slice() else {
            return exec_err!("cvm_fold_list takes one list");
        };
        let lists = as_list_array(lists)?;
        let Some(items) = lists.values().as_string_opt::<i32>() else {
            return exec_err!("cvm_fold_list takes a list of texts");
        };
        let mut folded = StringBuilder::with_capacity(items.len(), items.value_data().len());
        for item in items {
            folded.append_option(item.map(fold_case));
        }
        let item = Arc::new(Field::new("item", DataType::Utf8, true));
        let items: ArrayRef = Arc::new(folded.finish());
        let list = ListArray::try_new(item, lists.offsets().clone(), items, lists.nulls().cloned())?;
        Ok(ColumnarValue::Array(Arc::new(list)))
    }
}
