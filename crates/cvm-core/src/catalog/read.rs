//! Catalogs from JSON: every finding at once, each with its pointer.

use super::settings::{default_fiscal_year_start, default_zone};
use super::{Catalog, EventStream, Field, FieldType, Materialized, RelatedTable, Segment, StaticList, Table, Weekday};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::{Literal, literal, literals, read_filter};
use crate::json::{Json, Object, array, string, u32_from, word, wrong_kind};

/// What databases and languages call the types.
#[rustfmt::skip]
const TYPE_SYNONYMS: &[(&str, &str)] = &[
    ("boolean", "bool"), ("integer", "int"), ("int32", "int"), ("int64", "int"), ("bigint", "int"),
    ("smallint", "int"), ("double", "float"), ("float64", "float"), ("real", "float"), ("number", "float"),
    ("decimal", "decimal(18,2)"), ("numeric", "decimal(18,2)"), ("str", "string"), ("text", "string"),
    ("varchar", "string"), ("char", "string"), ("datetime", "timestamp"), ("timestamptz", "timestamp"),
    ("jsonb", "json"), ("array", "list<string>"), ("list", "list<string>"),
];

pub(super) fn catalog(json: Json<'_>, out: &mut Diagnostics) -> Option<Catalog> {
    let root = Path::ROOT;
    let mut object = Object::new(json, &root, out)?;
    let customers = object.require("customers", out).and_then(|json| table(json, &root.key("customers"), out));
    let events = many(&mut object, "events", out, event_stream);
    let related = many(&mut object, "related", out, related_table);
    let segments = many(&mut object, "segments", out, segment);
    let lists = many(&mut object, "lists", out, static_list);
    let zone = object.take_str("zone", out).map(|zone| zone.unwrap_or_else(default_zone));
    let week_start = match object.take("week_start") {
        None => Some(Weekday::default()),
        Some(json) => word(&json, "first day of the week", Weekday::WORDS, &root.key("week_start"), out),
    };
    let fiscal_year_start = match object.take("fiscal_year_start") {
        None => Some(default_fiscal_year_start()),
        Some(json) => {
            let path = root.key("fiscal_year_start");
            // Out of a byte's range is out of a year's too; validation names the range.
            u32_from(&json, &path, out).map(|month| u8::try_from(month).unwrap_or(u8::MAX))
        }
    };
    let currency = object.take_str("currency", out);
    let conventions = strings(&mut object, "conventions", out);
    object.finish(out);
    Some(Catalog {
        customers: customers?,
        events: events?,
        related: related?,
        segments: segments?,
        lists: lists?,
        zone: zone?,
        week_start: week_start?,
        fiscal_year_start: fiscal_year_start?,
        currency: currency?,
        conventions: conventions?,
    })
}

/// An array that may be absent; `None` where a finding says why.
fn many<'a, T>(
    object: &mut Object<'a, '_>,
    key: &'static str,
    out: &mut Diagnostics,
    read: impl Fn(Json<'a>, &Path<'_>, &mut Diagnostics) -> Option<T>,
) -> Option<Vec<T>> {
    let Some(json) = object.take(key) else { return Some(Vec::new()) };
    let path = object.path.key(key);
    let items = array(json, &path, out)?;
    let expected = items.len();
    let values: Vec<T> =
        items.into_iter().enumerate().filter_map(|(i, item)| read(item, &path.index(i), out)).collect();
    (values.len() == expected).then_some(values)
}

fn strings(object: &mut Object<'_, '_>, key: &'static str, out: &mut Diagnostics) -> Option<Vec<String>> {
    many(object, key, out, string)
}

fn table(json: Json<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<Table> {
    let mut object = Object::new(json, path, out)?;
    let table = object.require_str("table", out);
    let key = object.require_str("key", out);
    let fields = required_fields(&mut object, out);
    object.finish(out);
    Some(Table { table: table?, key: key?, fields: fields? })
}

fn required_fields(object: &mut Object<'_, '_>, out: &mut Diagnostics) -> Option<Vec<Field>> {
    let items = object.require_array("fields", out)?;
    let path = object.path.key("fields");
    let expected = items.len();
    let fields: Vec<Field> =
        items.into_iter().enumerate().filter_map(|(i, item)| field(item, &path.index(i), out)).collect();
    (fields.len() == expected).then_some(fields)
}

fn boolean(object: &mut Object<'_, '_>, key: &'static str, default: bool, out: &mut Diagnostics) -> Option<bool> {
    match object.take(key) {
        None => Some(default),
        Some(Json::Bool(value)) => Some(value),
        Some(other) => {
            wrong_kind(&other, "true or false", &object.path.key(key), out);
            None
        }
    }
}

fn bound(object: &mut Object<'_, '_>, key: &'static str, out: &mut Diagnostics) -> Option<Option<Literal>> {
    match object.take(key) {
        None => Some(None),
        Some(json) => literal(json, &object.path.key(key), out).map(Some),
    }
}

fn field(json: Json<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<Field> {
    let mut object = Object::new(json, path, out)?;
    let name = object.require_str("name", out);
    let ty = object.require_str("type", out).and_then(|text| field_type(&text, &path.key("type"), out));
    let nullable = boolean(&mut object, "nullable", true, out);
    let label = object.take_str("label", out);
    let description = object.take_str("description", out);
    let aliases = strings(&mut object, "aliases", out);
    let unit = object.take_str("unit", out);
    let values = match object.take("enum") {
        None => Some(None),
        Some(json) => {
            let at = path.key("enum");
            let items = array(json, &at, out)?;
            let expected = items.len();
            let values: Vec<String> =
                items.into_iter().enumerate().filter_map(|(i, item)| string(item, &at.index(i), out)).collect();
            (values.len() == expected).then_some(Some(values))
        }
    };
    let min = bound(&mut object, "min", out);
    let max = bound(&mut object, "max", out);
    let pii = boolean(&mut object, "pii", false, out);
    object.finish(out);
    Some(Field {
        name: name?,
        ty: ty?,
        nullable: nullable?,
        label: label?,
        description: description?,
        aliases: aliases?,
        unit: unit?,
        values: values?,
        min: min?,
        max: max?,
        pii: pii?,
    })
}

fn field_type(text: &str, path: &Path<'_>, out: &mut Diagnostics) -> Option<FieldType> {
    match text.parse::<FieldType>() {
        Ok(ty) => Some(ty),
        Err(message) => {
            let finding = Diagnostic::error(Code::CatalogType, path.pointer(), message);
            let lower = text.to_lowercase();
            let word = lower.split('(').next().unwrap_or("");
            out.push(match TYPE_SYNONYMS.iter().find(|(other, _)| *other == word) {
                Some((_, name)) if lower.parse::<FieldType>().is_err() && !lower.starts_with("decimal(") => {
                    finding.suggest(*name)
                }
                _ => finding,
            });
            None
        }
    }
}

fn event_stream(json: Json<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<EventStream> {
    let mut object = Object::new(json, path, out)?;
    let name = object.require_str("name", out);
    let table = object.require_str("table", out);
    let customer = object.require_str("customer", out);
    let time = object.require_str("time", out);
    let time_type = match object.take_str("time_type", out) {
        Some(None) => Some(FieldType::Timestamp),
        Some(Some(text)) => field_type(&text, &path.key("time_type"), out),
        None => None,
    };
    let name_column = object.take_str("name_column", out);
    let fields = many(&mut object, "fields", out, field);
    object.finish(out);
    Some(EventStream {
        name: name?,
        table: table?,
        customer: customer?,
        time: time?,
        time_type: time_type?,
        name_column: name_column?,
        fields: fields?,
    })
}

fn related_table(json: Json<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<RelatedTable> {
    let mut object = Object::new(json, path, out)?;
    let name = object.require_str("name", out);
    let table = object.require_str("table", out);
    let customer = object.require_str("customer", out);
    let fields = required_fields(&mut object, out);
    object.finish(out);
    Some(RelatedTable { name: name?, table: table?, customer: customer?, fields: fields? })
}

fn segment(json: Json<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<Segment> {
    let mut object = Object::new(json, path, out)?;
    let name = object.require_str("name", out);
    let filter = object.require("filter", out).and_then(|json| read_filter(json, &path.key("filter"), 0, out));
    let description = object.take_str("description", out);
    let tags = strings(&mut object, "tags", out);
    let version = match object.take("version") {
        None => Some(1),
        Some(json) => u32_from(&json, &path.key("version"), out),
    };
    let materialized = match object.take("materialized") {
        None => Some(None),
        Some(json) => materialized(json, &path.key("materialized"), out).map(Some),
    };
    object.finish(out);
    Some(Segment {
        name: name?,
        filter: filter?,
        description: description?,
        tags: tags?,
        version: version?,
        materialized: materialized?,
    })
}

fn materialized(json: Json<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<Materialized> {
    let mut object = Object::new(json, path, out)?;
    let table = object.require_str("table", out);
    let column = object.require_str("column", out);
    object.finish(out);
    Some(Materialized { table: table?, column: column? })
}

fn static_list(json: Json<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<StaticList> {
    let mut object = Object::new(json, path, out)?;
    let name = object.require_str("name", out);
    let mut keys = |key: &'static str, out: &mut Diagnostics| match object.take(key) {
        None => Some(Vec::new()),
        Some(json) => {
            let at = path.key(key);
            array(json, &at, out).and_then(|items| literals(items, &at, out))
        }
    };
    let members = keys("members", out);
    let add = keys("add", out);
    let remove = keys("remove", out);
    object.finish(out);
    Some(StaticList { name: name?, members: members?, add: add?, remove: remove? })
}

impl<'de> serde::Deserialize<'de> for Catalog {
    /// Reads a catalog inside another document; all findings go into one message.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Json::deserialize(deserializer)?;
        let mut out = Diagnostics::default();
        let catalog = catalog(json, &mut out);
        let result = match catalog {
            Some(catalog) if !out.has_errors() => catalog.validated(),
            _ => Err(out),
        };
        result.map_err(serde::de::Error::custom)
    }
}
