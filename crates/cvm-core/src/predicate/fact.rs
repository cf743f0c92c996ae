//! Facts about a customer that are no test of one value. They are two-valued by themselves: nothing is missing.

use super::{FieldRef, Predicate, Range, RowMeasure, Rows};
use crate::catalog::FieldType;
use crate::filter::Order;
use crate::value::{Value, bucket_number};

/// A fact about a customer, or its opposite.
#[derive(Debug, Clone)]
pub struct Fact {
    /// The place of the filter's node it comes from: its number in [`Filter::nodes`](crate::Filter::nodes).
    pub node: usize,
    /// Whether the opposite is asked.
    pub negated: bool,
    /// What is asked.
    pub test: FactTest,
}

/// What is asked of a customer.
#[derive(Debug, Clone)]
pub enum FactTest {
    /// Events one after another.
    Sequence(Vec<StepTest>),
    /// Back after a pause.
    Restarted(RestartedTest),
    /// A place in a ranking.
    Rank(RankTest),
    /// A number of a deterministic sample.
    Bucket(BucketTest),
    /// Within a distance of a point.
    Geo(GeoTest),
}

/// One step of a sequence: an event strictly later than the step before.
#[derive(Debug, Clone)]
pub struct StepTest {
    /// The events that can be the step.
    pub rows: Rows,
    /// At most so long after the step before.
    pub within: Option<Gap>,
    /// What must not happen strictly between the step before and this one.
    pub without: Option<Rows>,
}

/// A length of time between two events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// Between instants.
    Seconds(i64),
    /// Between dates.
    Days(i64),
}

/// An event in a window whose predecessor, the latest event strictly before it, is at least `pause` earlier.
#[derive(Debug, Clone)]
pub struct RestartedTest {
    /// All events up to `as_of`.
    pub rows: Rows,
    /// When the return was.
    pub within: Range,
    /// How long nothing happened before it.
    pub pause: Gap,
}

/// A place in a ranking of customers.
#[derive(Debug, Clone)]
pub struct RankTest {
    /// Index of the key in the customers' fields: it breaks ties.
    pub key: usize,
    /// What is ranked by.
    pub by: RankValue,
    /// From which end.
    pub order: Order,
    /// How much of it.
    pub take: Share,
    /// One ranking for each value of this field; missing values share one.
    pub per: Option<FieldRef>,
    /// Who is ranked; everyone if absent.
    pub among: Option<Predicate>,
}

/// What a ranking goes by. Customers for whom it is missing are not ranked.
#[derive(Debug, Clone)]
pub enum RankValue {
    /// A field.
    Field(FieldRef),
    /// A measure of events, of a type.
    Measure(Box<Rows>, RowMeasure, FieldType),
}

/// How much of a ranking of `ranked` customers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Share {
    /// So many.
    N(u32),
    /// So many millionths of the ranked ones, rounded up.
    Millionths(u32),
    /// A part of so many equal ones; where they can't be equal, the first ones have one more.
    Tile {
        /// Which part, from 1.
        part: u32,
        /// Of how many.
        of: u32,
    },
}

impl Share {
    /// Whether the customer at `place` (from 1) of `ranked` ones is taken.
    ///
    /// ```
    /// use cvm_core::predicate::Share;
    /// let first_quarter = Share::Tile { part: 1, of: 4 };
    /// // Ten customers in four parts: 3, 3, 2, 2.
    /// assert!(first_quarter.takes(3, 10) && !first_quarter.takes(4, 10));
    /// // A tenth of eleven, rounded up, is two.
    /// assert!(Share::Millionths(100_000).takes(2, 11) && !Share::Millionths(100_000).takes(3, 11));
    /// ```
    #[must_use]
    pub fn takes(self, place: u64, ranked: u64) -> bool {
        match self {
            Self::N(n) => place <= n.into(),
            Self::Millionths(m) => u128::from(place.saturating_sub(1)) * 1_000_000 < u128::from(ranked) * u128::from(m),
            Self::Tile { part, of } => {
                let (part, of) = (u64::from(part), u64::from(of.max(1)));
                let (size, larger) = (ranked / of, ranked % of);
                // The first `larger` parts have one more.
                let end = |part: u64| part * size + part.min(larger);
                place > end(part.saturating_sub(1)) && place <= end(part)
            }
        }
    }
}

/// A deterministic sample by the customer's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketTest {
    /// Index of the key in the customers' fields.
    pub key: usize,
    /// Another salt, another sample.
    pub salt: String,
    /// First number.
    pub from: u32,
    /// One past the last number.
    pub to: u32,
}

impl BucketTest {
    /// Whether the customer with this key is in the sample.
    #[must_use]
    pub fn holds(&self, key: &Value) -> bool {
        (self.from..self.to).contains(&bucket_number(&self.salt, &key.to_string()))
    }
}

/// Within a distance of a point, on a sphere: haversine formula (R. W. Sinnott, "Virtues of the Haversine", Sky and
/// Telescope 68(2), 1984) with the mean Earth radius 6 371 008.8 m (IUGG).
#[derive(Debug, Clone, PartialEq)]
pub struct GeoTest {
    /// Index of the latitude, in degrees.
    pub latitude: usize,
    /// Index of the longitude, in degrees.
    pub longitude: usize,
    /// Latitude of the centre, in degrees.
    pub lat: f64,
    /// Longitude of the centre, in degrees.
    pub lon: f64,
    /// The distance in metres.
    pub radius_m: f64,
}

impl GeoTest {
    /// The Earth's mean radius in metres.
    pub const EARTH_RADIUS_M: f64 = 6_371_008.8;

    /// The haversine of the central angle that the radius spans: what a point's haversine is compared with. 1 where the
    /// radius reaches round the Earth.
    #[must_use]
    pub fn limit(&self) -> f64 {
        let angle = self.radius_m / Self::EARTH_RADIUS_M;
        if angle >= std::f64::consts::PI { 1.0 } else { (angle / 2.0).sin().powi(2) }
    }

    /// Whether the place that two values say lies within the distance; one that lacks either lies nowhere.
    pub(crate) fn holds_of(&self, latitude: &Value, longitude: &Value) -> bool {
        let degrees = |value: &Value| match *value {
            #[expect(clippy::cast_precision_loss, reason = "degrees are small")]
            Value::Int(i) => Some(i as f64),
            Value::Float(x) if !x.is_nan() => Some(x),
            Value::Decimal(d) => Some(d.to_f64()),
            _ => None,
        };
        degrees(latitude).zip(degrees(longitude)).is_some_and(|(lat, lon)| self.holds(lat, lon))
    }

    /// Whether a point lies within the distance.
    #[must_use]
    pub fn holds(&self, lat: f64, lon: f64) -> bool {
        let half = |a: f64, b: f64| ((a - b).to_radians() / 2.0).sin().powi(2);
        let haversine =
            half(lat, self.lat) + self.lat.to_radians().cos() * lat.to_radians().cos() * half(lon, self.lon);
        haversine <= self.limit()
    }
}
