//! The catalog: what is known about one audience. Every name in a filter comes from here, and so does every
//! identifier in SQL.

mod field_type;
pub mod infer;
mod read;
mod settings;
mod validate;

pub use field_type::FieldType;
pub use settings::{Weekday, no_zone, zone_by_name};

use schemars::JsonSchema;
use serde::Serialize;

use crate::diagnostic::Diagnostics;
use crate::filter::{Filter, Literal};

/// The typed description of one audience.
///
/// JSON needs only `customers`; everything else has a default.
///
/// ```
/// use cvm_core::Catalog;
/// let catalog = Catalog::from_json(r#"{
///     "customers": {"table": "customers", "key": "id", "fields": [
///         {"name": "id", "type": "int", "nullable": false},
///         {"name": "city", "type": "string", "enum": ["Paris", "Lyon"]}]},
///     "zone": "Europe/Paris"}"#)?;
/// assert_eq!(catalog.customers.field("city").map(|f| f.nullable), Some(true));
/// # Ok::<(), cvm_core::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Catalog {
    /// The customer table.
    pub customers: Table,
    /// The streams of events.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<EventStream>,
    /// Tables with rows that belong to customers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<RelatedTable>,
    /// Named segments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<Segment>,
    /// Static lists of customers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lists: Vec<StaticList>,
    /// The time zone, an IANA name, in which days, weeks and months begin.
    #[serde(default = "settings::default_zone")]
    pub zone: String,
    /// The day on which weeks begin.
    #[serde(default)]
    pub week_start: Weekday,
    /// The month (1 to 12) in which years, and with them quarters, begin.
    #[serde(default = "settings::default_fiscal_year_start")]
    #[schemars(range(min = 1, max = 12))]
    pub fiscal_year_start: u8,
    /// The currency of amounts, an ISO 4217 code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// What the people who use this catalog agree on, in words: shown to people and given to language models.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conventions: Vec<String>,
}

/// The customer table: one row a customer.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Its name in the database, with dots between schema and table.
    pub table: String,
    /// The field that tells customers apart: never missing, never twice.
    pub key: String,
    /// The fields, the key among them.
    pub fields: Vec<Field>,
}

/// A column: of customers, of events, of related rows.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name, as filters and the database have it.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: FieldType,
    /// Whether values may be missing.
    #[serde(default = "settings::yes")]
    pub nullable: bool,
    /// The name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Other words for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// The unit of its numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The only values that it can have; a filter with any other value is an error.
    #[serde(default, rename = "enum", skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<String>>,
    /// The least value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Literal>,
    /// The greatest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Literal>,
    /// Whether it is personal data.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pii: bool,
}

/// A stream of events of one kind.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventStream {
    /// The kind of event, as filters name it.
    pub name: String,
    /// The table with the events.
    pub table: String,
    /// The column with the customer's key.
    pub customer: String,
    /// The column with the time.
    pub time: String,
    /// Whether that is a timestamp or a date.
    #[serde(default = "settings::timestamp", skip_serializing_if = "settings::is_timestamp")]
    pub time_type: FieldType,
    /// The column with the kind, where one table holds several; rows of this kind have `name` in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_column: Option<String>,
    /// The properties.
    #[serde(default)]
    pub fields: Vec<Field>,
}

/// A table with rows that belong to customers: orders, devices, accounts.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RelatedTable {
    /// The name, as filters have it.
    pub name: String,
    /// The table.
    pub table: String,
    /// The column with the customer's key.
    pub customer: String,
    /// The columns.
    pub fields: Vec<Field>,
}

/// A named filter.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    /// The name, as filters refer to it.
    pub name: String,
    /// Who is in it.
    pub filter: Filter,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Words to find it by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Counts its changes, from 1.
    #[serde(default = "settings::one")]
    pub version: u32,
    /// Where the keys of its members stand, if somebody keeps them in a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub materialized: Option<Materialized>,
}

/// A table with the keys of a segment's members. Statements look there when they are asked to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Materialized {
    /// The table.
    pub table: String,
    /// The column with the keys; rows without one are nobody's.
    pub column: String,
}

/// A static list of customers. `remove` beats `add`, `add` beats `members`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StaticList {
    /// The name, as filters refer to it.
    pub name: String,
    /// The keys of its members.
    #[serde(default)]
    pub members: Vec<Literal>,
    /// Keys added by hand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub add: Vec<Literal>,
    /// Keys removed by hand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<Literal>,
}

impl Catalog {
    /// A catalog of one customer table and nothing else: UTC, weeks from Monday, years from January.
    #[must_use]
    pub fn new(customers: Table) -> Self {
        Self {
            customers,
            events: Vec::new(),
            related: Vec::new(),
            segments: Vec::new(),
            lists: Vec::new(),
            zone: settings::default_zone(),
            week_start: Weekday::default(),
            fiscal_year_start: settings::default_fiscal_year_start(),
            currency: None,
            conventions: Vec::new(),
        }
    }

    /// Reads and validates a catalog.
    ///
    /// # Errors
    /// Every finding, each with a JSON pointer.
    pub fn from_json(text: &str) -> Result<Self, Diagnostics> {
        let json = crate::json::parse(text)?;
        let mut out = Diagnostics::default();
        let catalog = read::catalog(json, &mut out);
        match catalog {
            Some(catalog) if !out.has_errors() => catalog.validated(),
            _ => Err(out),
        }
    }

    /// The catalog, if nothing in it stops.
    ///
    /// # Errors
    /// Every finding, each with a JSON pointer.
    pub fn validated(self) -> Result<Self, Diagnostics> {
        let mut out = Diagnostics::default();
        validate::catalog(&self, &mut out);
        out.or(self)
    }

    /// The catalog as JSON, indented.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// The zone as jiff has it; UTC where the name is none, which validation refuses.
    #[must_use]
    pub fn time_zone(&self) -> jiff::tz::TimeZone {
        zone_by_name(&self.zone).unwrap_or(jiff::tz::TimeZone::UTC)
    }

    /// The segment of this name.
    #[must_use]
    pub fn segment(&self, name: &str) -> Option<&Segment> {
        self.segments.iter().find(|segment| segment.name == name)
    }

    /// The list of this name.
    #[must_use]
    pub fn list(&self, name: &str) -> Option<&StaticList> {
        self.lists.iter().find(|list| list.name == name)
    }

    /// The event stream of this name.
    #[must_use]
    pub fn event(&self, name: &str) -> Option<&EventStream> {
        self.events.iter().find(|event| event.name == name)
    }

    /// The related table of this name.
    #[must_use]
    pub fn related_table(&self, name: &str) -> Option<&RelatedTable> {
        self.related.iter().find(|table| table.name == name)
    }
}

impl Table {
    /// The field of this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The key's field; a validated catalog has it.
    #[must_use]
    pub fn key_field(&self) -> Option<&Field> {
        self.field(&self.key)
    }
}

impl Field {
    /// A field that may be missing, with nothing else said of it.
    pub fn new(name: impl Into<String>, ty: FieldType) -> Self {
        Self {
            name: name.into(),
            ty,
            nullable: true,
            label: None,
            description: None,
            aliases: Vec::new(),
            unit: None,
            values: None,
            min: None,
            max: None,
            pii: false,
        }
    }

    /// The same field, never missing.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.nullable = false;
        self
    }
}
