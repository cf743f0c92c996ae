//! Nodes about other tables, other segments, and a customer's place among the others.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Filter, Measure, Operand, Operator, Window};

/// Customers by their rows in a related table.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Related {
    /// The related table.
    pub table: String,
    /// What is asked of its rows.
    pub quantifier: Quantifier,
    /// Which rows count; for `all`, what every row must satisfy.
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    pub filter: Option<Box<Filter>>,
    /// How a count or sum is compared; absent for the other quantifiers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub op: Option<Operator>,
    /// What it is compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Operand>,
}

/// What is asked of related rows. `any`, `all`, `none`, `count` are words; the sum is `{"sum": {"field": "total"}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Quantifier {
    /// At least one row fits.
    Any,
    /// Every row fits, and there is at least one.
    All,
    /// No row fits.
    None,
    /// The number of rows that fit.
    Count,
    /// The sum of a column over the rows that fit.
    Sum {
        /// The column.
        field: String,
    },
}

/// Members of a named segment of the catalog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SegmentRef {
    /// The segment's name.
    pub segment: String,
}

/// Members of a static list of the catalog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListRef {
    /// The list's name.
    pub list: String,
}

/// The top or bottom of a ranking. Ties are broken by the customer key, ascending; customers without a value have no
/// rank.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rank {
    /// What is ranked by.
    pub by: RankBy,
    /// From which end.
    pub order: Order,
    /// How much of it.
    pub take: Take,
    /// A ranking of its own for each value of this field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per: Option<String>,
    /// Who is ranked; everyone if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub among: Option<Box<Filter>>,
}

/// What a ranking goes by.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(untagged, deny_unknown_fields)]
pub enum RankBy {
    /// A field of the customer.
    Field {
        /// Its name.
        field: String,
    },
    /// A measure over the customer's events.
    Event {
        /// The kind of event.
        event: String,
        /// When; all time if absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        window: Option<Window>,
        /// Which events count.
        #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
        filter: Option<Box<Filter>>,
        /// What is measured.
        measure: Measure,
    },
}

/// An end of a ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The greatest first.
    Top,
    /// The least first.
    Bottom,
}

impl Order {
    pub(crate) const WORDS: &'static [(&'static str, Order)] = &[("top", Order::Top), ("bottom", Order::Bottom)];
}

/// How much of a ranking. JSON has exactly one key.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Take {
    /// So many customers.
    N(u32),
    /// So many per cent of the ranked customers, rounded up; above 0 and at most 100.
    Percent(f64),
    /// One of equal parts: `{"part": 1, "of": 4}` is the first quarter.
    Tile {
        /// Which part, from 1.
        part: u32,
        /// Of how many.
        of: u32,
    },
}

/// A deterministic sample: customers whose number in 0..10 000 lies in `[from, to)`. The number is the first 32 bits
/// of `MD5(salt || ':' || key)`, big-endian, modulo 10 000.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bucket {
    /// Another salt, another sample.
    pub salt: String,
    /// First number.
    pub from: u32,
    /// One past the last number; at most 10 000.
    #[schemars(range(max = 10_000))]
    pub to: u32,
}

/// Customers within a distance of a point, on a sphere of radius 6 371 008.8 m (haversine).
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Geo {
    /// The field with degrees of latitude.
    pub latitude: String,
    /// The field with degrees of longitude.
    pub longitude: String,
    /// The centre.
    pub center: Point,
    /// The distance in metres; above 0.
    pub radius_m: f64,
}

/// A place on Earth, in degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// Latitude, −90 to 90.
    #[schemars(range(min = -90, max = 90))]
    pub lat: f64,
    /// Longitude, −180 to 180.
    #[schemars(range(min = -180, max = 180))]
    pub lon: f64,
}
