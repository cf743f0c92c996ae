//! Functions that make DataFusion do what the reference does: `cvm_fold(text)` is Unicode simple case folding,
//! `cvm_matches(text, pattern)` says whether a regular expression fits somewhere, `cvm_bucket(salt, key)` is the number of
//! a deterministic sample.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, Int64Array, StringBuilder};
use arrow::datatypes::DataType;
use cvm_core::value::{bucket_number, fold_case};
use datafusion::common::cast::as_string_array;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};

/// The functions.
pub(super) fn functions() -> [ScalarUDF; 5] {
    let signature = |texts| Signature::exact(vec![DataType::Utf8; texts], Volatility::Immutable);
    [
        ScalarUDF::from(Fold { signature: signature(1) }),
        ScalarUDF::from(Matches { signature: signature(2) }),
        ScalarUDF::from(Bucket { signature: signature(2) }),
        ScalarUDF::from(super::fold_list::FoldList::new()),
        ScalarUDF::from(super::json::JsonTest::new()),
    ]
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
            return exec_err!("cvm_fold takes one text");
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

#[derive(Debug, PartialEq, Eq, Hash)]
struct Matches {
    signature: Signature,
}

impl ScalarUDFImpl for Matches {
    fn name(&self) -> &'static str {
        "cvm_matches"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [texts, ColumnarValue::Scalar(pattern)] = args.args.as_slice() else {
            return exec_err!("cvm_matches takes a text and one pattern");
        };
        let Some(Some(pattern)) = pattern.try_as_str() else {
            return exec_err!("cvm_matches takes a pattern that is a text");
        };
        let regex = match regex::Regex::new(pattern) {
            Ok(regex) => regex,
            Err(error) => return exec_err!("{error}"),
        };
        let texts = texts.to_array(args.number_rows)?;
        let found: BooleanArray =
            as_string_array(&texts)?.iter().map(|text| text.map(|text| regex.is_match(text))).collect();
        Ok(ColumnarValue::Array(Arc::new(found)))
    }
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Bucket {
    signature: Signature,
}

impl ScalarUDFImpl for Bucket {
    fn name(&self) -> &'static str {
        "cvm_bucket"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [ColumnarValue::Scalar(salt), keys] = args.args.as_slice() else {
            return exec_err!("cvm_bucket takes one salt and a key");
        };
        let Some(Some(salt)) = salt.try_as_str() else {
            return exec_err!("cvm_bucket takes a salt that is a text");
        };
        let keys = keys.to_array(args.number_rows)?;
        let numbers: Int64Array =
            as_string_array(&keys)?.iter().map(|key| key.map(|key| i64::from(bucket_number(salt, key)))).collect();
        Ok(ColumnarValue::Array(Arc::new(numbers)))
    }
}
