//! The inferred catalog as a table.

use cvm::filter::Literal;
use cvm::{Engine, Error, Field, LoadReport};

use crate::input::Given;
use crate::terminal::thousands;

/// Prints what was found.
pub fn print(engine: &Engine, given: &Given, report: &LoadReport) -> Result<(), Error> {
    let catalog = engine.catalog()?;
    let table = &catalog.customers;
    let fields = table.fields.len();
    println!(
        "{}: {} customers, {fields} fields, key `{}`\n",
        given.customers.display(),
        thousands(report.rows),
        table.key
    );
    let widest = |of: fn(&Field) -> usize| table.fields.iter().map(of).max().unwrap_or(0).max(7);
    let (name, ty) = (widest(|f| f.name.chars().count()), widest(|f| f.ty.to_string().len()));
    println!("{:name$}  {:ty$}  missing  values", "field", "type");
    for field in &table.fields {
        let missing = if field.nullable { "yes" } else { "no" };
        println!("{:name$}  {:ty$}  {missing:7}  {}", field.name, field.ty.to_string(), values(field));
    }
    for event in &catalog.events {
        let properties: Vec<String> = event.fields.iter().map(|f| format!("{} {}", f.name, f.ty)).collect();
        println!(
            "\nevent `{}`, customer in `{}`, time in `{}`: {}",
            event.name,
            event.customer,
            event.time,
            properties.join(", ")
        );
    }
    for warning in &report.warnings.0 {
        println!("\nnote: {}", warning.message);
    }
    Ok(())
}

fn values(field: &Field) -> String {
    let mut out = match (&field.values, &field.min, &field.max) {
        (Some(values), _, _) if values.len() > 6 => {
            format!("{}, … ({} values)", values.iter().take(5).cloned().collect::<Vec<_>>().join(", "), values.len())
        }
        (Some(values), _, _) => values.join(", "),
        (None, Some(min), Some(max)) => format!("{} to {}", shown(min), shown(max)),
        _ => String::new(),
    };
    if field.pii {
        out.push_str(if out.is_empty() { "personal data" } else { "  (personal data)" });
    }
    out
}

fn shown(literal: &Literal) -> String {
    match literal {
        Literal::Bool(b) => b.to_string(),
        Literal::Int(i) => i.to_string(),
        Literal::Float(x) => x.to_string(),
        Literal::Str(text) => text.clone(),
    }
}
