//! Filters in other languages, and what is known of a filter by itself. Filters, catalogs and documents are texts here.

use cvm::{Catalog, Filter, read_filter};
use napi::Result;
use napi_derive::napi;

use crate::errors::guarded;
use crate::json;

/// A catalog that may be absent.
fn catalog(text: Option<String>) -> std::result::Result<Option<Catalog>, cvm::Error> {
    Ok(text.map(|text| Catalog::from_json(&text)).transpose()?)
}

/// Reads a SQL condition.
#[napi]
pub fn from_sql(text: String, dialect: Option<String>, known: Option<String>) -> Result<String> {
    guarded(|| {
        let dialect = dialect.as_deref().map(str::parse).transpose()?;
        json::encode(&cvm::from_sql(&text, dialect, catalog(known)?.as_ref())?)
    })
}

/// Reads a query of react-querybuilder.
#[napi]
pub fn from_react_querybuilder(query: String, known: Option<String>) -> Result<String> {
    guarded(|| json::encode(&Filter::from_react_querybuilder(&query, catalog(known)?.as_ref())?))
}

/// Reads a rule of JsonLogic.
#[napi]
pub fn from_json_logic(rule: String, known: Option<String>) -> Result<String> {
    guarded(|| json::encode(&Filter::from_json_logic(&rule, catalog(known)?.as_ref())?))
}

/// The filter as a query of react-querybuilder.
#[napi]
pub fn to_react_querybuilder(filter: String, known: String) -> Result<String> {
    guarded(|| json::encode(&read_filter(&filter)?.to_react_querybuilder(&Catalog::from_json(&known)?)?))
}

/// The filter as a rule of JsonLogic.
#[napi]
pub fn to_json_logic(filter: String, known: String) -> Result<String> {
    guarded(|| json::encode(&read_filter(&filter)?.to_json_logic(&Catalog::from_json(&known)?)?))
}

/// The filter as an object, whatever form it came in.
#[napi]
pub fn to_object(filter: String) -> Result<String> {
    guarded(|| json::encode(&read_filter(&filter)?))
}

/// The text form.
#[napi]
pub fn to_text(filter: String) -> Result<String> {
    guarded(|| Ok(read_filter(&filter)?.to_string()))
}

/// How many conditions there are.
#[napi]
pub fn leaf_count(filter: String) -> Result<u32> {
    guarded(|| Ok(u32::try_from(read_filter(&filter)?.leaf_count()).unwrap_or(u32::MAX)))
}

/// The names of the parameters.
#[napi]
pub fn parameters(filter: String) -> Result<Vec<String>> {
    guarded(|| Ok(read_filter(&filter)?.parameters()))
}

/// The filter with values in place of parameters.
#[napi]
pub fn with_parameters(filter: String, values: String) -> Result<String> {
    guarded(|| json::encode(&read_filter(&filter)?.with_parameters_json(&values)?))
}

/// 32 hexadecimal digits.
#[napi]
pub fn fingerprint(filter: String) -> Result<String> {
    guarded(|| Ok(read_filter(&filter)?.fingerprint().to_string()))
}

/// How two filters stand to each other: `implies`, `disjoint`, `equivalent`.
#[napi]
pub fn relation(word: String, a: String, b: String, known: String) -> Result<String> {
    guarded(|| {
        let (a, b, catalog) = (read_filter(&a)?, read_filter(&b)?, Catalog::from_json(&known)?);
        json::encode(&match word.as_str() {
            "implies" => cvm::implies(&a, &b, &catalog)?,
            "disjoint" => cvm::disjoint(&a, &b, &catalog)?,
            _ => cvm::equivalent(&a, &b, &catalog)?,
        })
    })
}
