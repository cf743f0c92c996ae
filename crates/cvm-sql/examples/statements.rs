//! Filters as statements of every dialect, beside the members that the reference evaluator finds.
//!
//! Reads one JSON document from standard input, `{"catalog": …, "as_of": "2024-02-29T21:30:00Z", "rows": [{…}],
//! "filters": […], "dialects": ["spark"]}`, and writes a line for each filter: `{"members": [0, 3], "sql": {"spark":
//! {"literals": …, "parameters": …}}}`, members as numbers of rows. What runs the statements is up to the reader.

use std::error::Error;
use std::io::{Read, Write};

use cvm_core::{Catalog, Date, FieldType, Filter, Timestamp, Value, bind, evaluate};
use cvm_sql::{Dialect, SqlOptions, Statement, to_sql};
use serde_json::{Value as Json, json};

fn main() -> Result<(), Box<dyn Error>> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let input: Json = serde_json::from_str(&text)?;
    let part = |name: &str| input.get(name).ok_or(format!("`{name}` is missing"));
    let list = |name: &str| part(name).map(|list| list.as_array().cloned().unwrap_or_default());
    let catalog = Catalog::from_json(&part("catalog")?.to_string())?;
    let as_of = Timestamp::parse_utc(part("as_of")?.as_str().unwrap_or_default()).ok_or("`as_of` is no instant")?;
    let dialects: Vec<Dialect> =
        list("dialects")?.iter().map(|name| name.as_str().unwrap_or_default().parse()).collect::<Result<_, _>>()?;
    let rows: Vec<Vec<Value>> = list("rows")?
        .iter()
        .map(|row| {
            let fields = &catalog.customers.fields;
            fields.iter().map(|field| value(row.get(&field.name).unwrap_or(&Json::Null), &field.ty)).collect()
        })
        .collect();
    let mut out = std::io::BufWriter::new(std::io::stdout());
    for filter in list("filters")? {
        let answer = match Filter::from_json(&filter.to_string()) {
            Ok(filter) => answer(&filter, &catalog, as_of, &rows, &dialects),
            Err(findings) => json!({"invalid": findings.to_string()}),
        };
        writeln!(out, "{answer}")?;
    }
    Ok(())
}

fn answer(filter: &Filter, catalog: &Catalog, as_of: Timestamp, rows: &[Vec<Value>], dialects: &[Dialect]) -> Json {
    let predicate = match bind(filter, catalog, as_of) {
        Ok(predicate) => predicate,
        Err(findings) => return json!({"invalid": findings.to_string()}),
    };
    let members: Vec<usize> =
        rows.iter().enumerate().filter(|(_, row)| evaluate(&predicate, row)).map(|(i, _)| i).collect();
    let statement = |dialect: Dialect, parameters: bool| {
        let options = SqlOptions { parameters, ..SqlOptions::new(dialect, Statement::Members) };
        match to_sql(filter, catalog, as_of, &options) {
            Ok(query) => serde_json::to_value(query).unwrap_or_default(),
            Err(findings) => json!({"refused": findings.to_string()}),
        }
    };
    let sql: serde_json::Map<String, Json> = dialects
        .iter()
        .map(|dialect| {
            let both = json!({"literals": statement(*dialect, false), "parameters": statement(*dialect, true)});
            (dialect.to_string(), both)
        })
        .collect();
    json!({"members": members, "sql": sql})
}

/// A value of a type; what doesn't fit is missing.
fn value(json: &Json, ty: &FieldType) -> Value {
    let read = match ty {
        FieldType::Bool => json.as_bool().map(Value::Bool),
        FieldType::Int => json.as_i64().map(Value::Int),
        FieldType::Float => json.as_f64().map(Value::Float),
        FieldType::Decimal { .. } => json.as_str().and_then(|text| text.parse().ok()).map(Value::Decimal),
        FieldType::String => json.as_str().map(|text| Value::Str(text.to_owned())),
        FieldType::Date => json.as_str().and_then(Date::parse).map(Value::Date),
        FieldType::Timestamp => json.as_str().and_then(Timestamp::parse_utc).map(Value::Timestamp),
        FieldType::List(item) => {
            json.as_array().map(|items| Value::List(items.iter().map(|one| value(one, item)).collect()))
        }
        FieldType::Json => (!json.is_null()).then(|| Value::Json(json.clone())),
    };
    read.unwrap_or_default()
}
