//! What must hold in a catalog beyond its shape.

use std::cmp::Ordering;

use super::{Catalog, Field, FieldType, no_zone, zone_by_name};
use crate::check::literal::typed;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::Literal;

pub(super) fn catalog(catalog: &Catalog, out: &mut Diagnostics) {
    let root = Path::ROOT;
    settings(catalog, out);
    let zone = catalog.time_zone();
    let customers = root.key("customers");
    table_name(&catalog.customers.table, &customers.key("table"), out);
    fields(&catalog.customers.fields, &customers.key("fields"), &zone, out);
    key(catalog, &customers, out);
    for (i, event) in catalog.events.iter().enumerate() {
        let list = root.key("events");
        let path = list.index(i);
        named(&event.name, catalog.events.iter().take(i).map(|e| e.name.as_str()), "event", &path, out);
        table_name(&event.table, &path.key("table"), out);
        let kind = event.name_column.as_ref();
        for (key, name) in [("customer", Some(&event.customer)), ("time", Some(&event.time)), ("name_column", kind)] {
            if let Some(name) = name {
                column(name, &path.key(key), out);
            }
        }
        if !event.time_type.is_time() {
            let message = format!("the time `{}` is of type {}, not date or timestamp", event.time, event.time_type);
            out.push(Diagnostic::error(Code::CatalogType, path.key("time_type").pointer(), message));
        }
        fields(&event.fields, &path.key("fields"), &zone, out);
    }
    for (i, table) in catalog.related.iter().enumerate() {
        let list = root.key("related");
        let path = list.index(i);
        named(&table.name, catalog.related.iter().take(i).map(|t| t.name.as_str()), "related table", &path, out);
        table_name(&table.table, &path.key("table"), out);
        column(&table.customer, &path.key("customer"), out);
        fields(&table.fields, &path.key("fields"), &zone, out);
    }
    for (i, segment) in catalog.segments.iter().enumerate() {
        let list = root.key("segments");
        let path = list.index(i);
        named(&segment.name, catalog.segments.iter().take(i).map(|s| s.name.as_str()), "segment", &path, out);
        if let Some(kept) = &segment.materialized {
            let path = path.key("materialized");
            table_name(&kept.table, &path.key("table"), out);
            column(&kept.column, &path.key("column"), out);
        }
    }
    for (i, list) in catalog.lists.iter().enumerate() {
        let lists = root.key("lists");
        let path = lists.index(i);
        named(&list.name, catalog.lists.iter().take(i).map(|l| l.name.as_str()), "list", &path, out);
        let Some(key) = catalog.customers.key_field() else { continue };
        for (part, keys) in [("members", &list.members), ("add", &list.add), ("remove", &list.remove)] {
            let part = path.key(part);
            for (n, literal) in keys.iter().enumerate() {
                let _ = typed(literal, &key.ty, &zone, &part.index(n), out);
            }
        }
    }
    // Segments last: their filters are checked against a catalog that holds by now.
    if !out.has_errors() {
        crate::check::segments(catalog, out);
    }
}

fn settings(catalog: &Catalog, out: &mut Diagnostics) {
    if zone_by_name(&catalog.zone).is_none() {
        out.push(no_zone(Code::CatalogSetting, "/zone", &catalog.zone));
    }
    if !(1..=12).contains(&catalog.fiscal_year_start) {
        out.push(Diagnostic::error(
            Code::CatalogSetting,
            "/fiscal_year_start",
            "a year starts in a month from 1 to 12",
        ));
    }
    if let Some(currency) = &catalog.currency
        && (currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()))
    {
        out.push(
            Diagnostic::error(Code::CatalogSetting, "/currency", format!("`{currency}` is no currency code"))
                .help("use an ISO 4217 code such as `EUR`"),
        );
    }
}

fn key(catalog: &Catalog, path: &Path<'_>, out: &mut Diagnostics) {
    let table = &catalog.customers;
    match table.key_field() {
        None => out.push(
            Diagnostic::error(
                Code::CatalogKey,
                path.key("key").pointer(),
                format!("the key `{}` is not a field", table.key),
            )
            .suggest_from(&table.key, table.fields.iter().map(|field| field.name.as_str())),
        ),
        Some(field) if field.nullable => out.push(
            Diagnostic::error(
                Code::CatalogKey,
                path.key("key").pointer(),
                format!("the key `{}` may be missing", table.key),
            )
            .help("a key is never missing: declare the field with `\"nullable\": false`"),
        ),
        Some(field) if !matches!(field.ty, FieldType::Int | FieldType::String) => out.push(Diagnostic::error(
            Code::CatalogKey,
            path.key("key").pointer(),
            format!("the key `{}` is of type {}; a key is an int or a string", table.key, field.ty),
        )),
        Some(_) => {}
    }
}

fn named<'a>(
    name: &str,
    mut earlier: impl Iterator<Item = &'a str>,
    what: &str,
    path: &Path<'_>,
    out: &mut Diagnostics,
) {
    let at = path.key("name");
    if name.is_empty() {
        out.push(Diagnostic::error(Code::CatalogName, at.pointer(), format!("the {what} has no name")));
    } else if earlier.any(|other| other == name) {
        out.push(Diagnostic::error(Code::CatalogName, at.pointer(), format!("the {what} `{name}` stands twice")));
    } else {
        no_nul(name, &at, out);
    }
}

/// No database takes NUL in a name or text, and some would cut the text there.
fn no_nul(name: &str, path: &Path<'_>, out: &mut Diagnostics) {
    if name.contains('\0') {
        out.push(Diagnostic::error(Code::CatalogName, path.pointer(), "the name holds a NUL character"));
    }
}

fn column(name: &str, path: &Path<'_>, out: &mut Diagnostics) {
    if name.is_empty() {
        out.push(Diagnostic::error(Code::CatalogName, path.pointer(), "the column has no name"));
    }
    no_nul(name, path, out);
}

fn table_name(name: &str, path: &Path<'_>, out: &mut Diagnostics) {
    if name.split('.').any(str::is_empty) {
        out.push(
            Diagnostic::error(Code::CatalogName, path.pointer(), format!("`{name}` is no table name"))
                .help("write `table` or `schema.table`"),
        );
    }
    no_nul(name, path, out);
}

fn fields(fields: &[Field], path: &Path<'_>, zone: &jiff::tz::TimeZone, out: &mut Diagnostics) {
    for (i, field) in fields.iter().enumerate() {
        let at = path.index(i);
        named(&field.name, fields.iter().take(i).map(|f| f.name.as_str()), "field", &at, out);
        if let FieldType::Decimal { precision, scale } = field.ty
            && (precision == 0 || precision > 38 || scale > precision)
        {
            out.push(Diagnostic::error(
                Code::CatalogType,
                at.key("type").pointer(),
                format!("`{}`: a decimal has 1 to 38 digits, and no more of them after the point", field.ty),
            ));
        }
        if let Some(values) = &field.values {
            let is_text = match &field.ty {
                FieldType::String => true,
                FieldType::List(item) => **item == FieldType::String,
                _ => false,
            };
            if !is_text || values.is_empty() {
                let message = if values.is_empty() { "the enum has no values" } else { "only texts have an enum" };
                out.push(Diagnostic::error(Code::CatalogSetting, at.key("enum").pointer(), message));
            }
        }
        let mut bound =
            |key: &'static str, bound: &Option<Literal>| typed(bound.as_ref()?, &field.ty, zone, &at.key(key), out);
        let (min, max) = (bound("min", &field.min), bound("max", &field.max));
        if let (Some(min), Some(max)) = (min, max)
            && min.compare(&max) == Some(Ordering::Greater)
        {
            out.push(Diagnostic::error(
                Code::CatalogSetting,
                at.key("min").pointer(),
                "the least value is above the greatest",
            ));
        }
    }
}
