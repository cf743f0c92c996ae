//! Reads filters of other tools, one JSON object a line, and says whom they select: for tests that ask the other tools
//! the same.
//!
//! - `{"catalog": {…}, "rows": [{"field": value, …}, …]}` is what the lines after it are about.
//! - `{"from": "react_querybuilder" | "json_logic" | "json" | "text", "text": "…"}` answers with
//!   `{"filter": "…", "members": [true, …]}`, or `{"refused": [{"code": …, "path": …, "message": …}, …]}`.
//! - With `"to": "react_querybuilder" | "json_logic"` the answer has `"written"` too, or `"not_written"`; with
//!   `"catalog": false` the filter is read without the catalog.

use std::error::Error;
use std::io::{BufRead, Write};

use cvm_core::{
    Catalog, Date, Diagnostics, Field, FieldType, Filter, Timestamp, Value, bind, evaluate, value::Decimal,
};
use serde_json::{Value as Json, json};

struct Audience {
    catalog: Catalog,
    rows: Vec<Vec<Value>>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut audience = None;
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line: Json = serde_json::from_str(&line?)?;
        let answer = match (&audience, line.get("rows")) {
            (_, Some(rows)) => {
                let catalog = Catalog::from_json(&line.get("catalog").unwrap_or(&Json::Null).to_string())?;
                let rows = rows.as_array().into_iter().flatten().map(|row| read_row(row, &catalog)).collect();
                audience = Some(Audience { catalog, rows });
                json!({"ready": true})
            }
            (Some(audience), None) => answer(&line, audience),
            (None, None) => return Err("the first line names a catalog and rows".into()),
        };
        writeln!(out, "{answer}")?;
    }
    Ok(())
}

fn answer(line: &Json, audience: &Audience) -> Json {
    let word = |key: &str| line.get(key).and_then(Json::as_str).unwrap_or_default();
    let catalog = (line.get("catalog") != Some(&Json::Bool(false))).then_some(&audience.catalog);
    let filter = match word("from") {
        "react_querybuilder" => Filter::from_react_querybuilder(word("text"), catalog),
        "json_logic" => Filter::from_json_logic(word("text"), catalog),
        "json" => Filter::from_json(word("text")),
        _ => word("text").parse(),
    };
    let as_of =
        Timestamp::from_micros(1_700_000_000_000_000).unwrap_or_else(|| Timestamp::from_jiff(Default::default()));
    let bound = filter.and_then(|filter| bind(&filter, &audience.catalog, as_of).map(|bound| (filter, bound)));
    let (filter, bound) = match bound {
        Ok(found) => found,
        Err(findings) => return json!({"refused": shown(&findings)}),
    };
    let members: Vec<bool> = audience.rows.iter().map(|row| evaluate(&bound, row)).collect();
    let mut answer = json!({"filter": filter.to_string(), "members": members});
    let written = match word("to") {
        "react_querybuilder" => filter.to_react_querybuilder(&audience.catalog),
        "json_logic" => filter.to_json_logic(&audience.catalog),
        _ => return answer,
    };
    if let Some(answer) = answer.as_object_mut() {
        match written {
            Ok(written) => answer.insert("written".to_owned(), written),
            Err(findings) => answer.insert("not_written".to_owned(), shown(&findings)),
        };
    }
    answer
}

fn shown(findings: &Diagnostics) -> Json {
    serde_json::to_value(findings).unwrap_or_default()
}

fn read_row(row: &Json, catalog: &Catalog) -> Vec<Value> {
    catalog
        .customers
        .fields
        .iter()
        .map(|field| read_value(row.get(&field.name).unwrap_or(&Json::Null), field))
        .collect()
}

fn read_value(json: &Json, field: &Field) -> Value {
    typed(json, &field.ty).unwrap_or_default()
}

fn typed(json: &Json, ty: &FieldType) -> Option<Value> {
    Some(match ty {
        FieldType::Bool => Value::Bool(json.as_bool()?),
        FieldType::Int => Value::Int(json.as_i64()?),
        FieldType::Float => Value::Float(json.as_f64()?),
        FieldType::Decimal { .. } => Value::Decimal(json.as_str()?.parse::<Decimal>().ok()?),
        FieldType::String => Value::Str(json.as_str()?.to_owned()),
        FieldType::Date => Value::Date(Date::parse(json.as_str()?)?),
        FieldType::Timestamp => Value::Timestamp(Timestamp::parse_utc(json.as_str()?)?),
        FieldType::List(item) => {
            Value::List(json.as_array()?.iter().map(|json| typed(json, item).unwrap_or_default()).collect())
        }
        FieldType::Json if json.is_null() => return None,
        FieldType::Json => Value::Json(json.clone()),
    })
}
