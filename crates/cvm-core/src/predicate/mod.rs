//! A checked filter: every name resolved to a field's index, every value typed, every relative time settled.
//!
//! What is left are a few tests on one value each. A leaf is `missing ? on_missing : test(value) != negated`, and that
//! is the whole of the missing-value semantics: the evaluator, SQL and every other executor read it from here.

mod fact;
mod moment;
mod normal;
mod pattern;
mod range;
mod rankings;
mod rows;
mod sources;

pub use fact::{BucketTest, Fact, FactTest, Gap, GeoTest, RankTest, RankValue, RestartedTest, Share, StepTest};
pub(crate) use moment::Calendar;
pub use moment::{Day, Moment, Moving, Shift};
pub use pattern::Pattern;
pub use range::{Bound, Range};
pub use rows::{Measured, RowMeasure, RowSource, Rows};

use crate::catalog::Catalog;
use crate::diagnostic::Diagnostics;
use crate::filter::{Filter, SizeTest};
use crate::value::{Timestamp, Value};

/// A filter with all names and values resolved against one catalog at one instant.
#[derive(Debug, Clone)]
pub enum Predicate {
    /// The same verdict for everyone.
    Constant(bool),
    /// Every one holds.
    All(Vec<Predicate>),
    /// Any one holds.
    Any(Vec<Predicate>),
    /// The child does not hold.
    Not(Box<Predicate>),
    /// At least so many hold.
    AtLeast(usize, Vec<Predicate>),
    /// A test of one value.
    Leaf(Leaf),
    /// A test of a value made of the customer's events or related rows.
    Measured(Box<Measured>),
    /// A fact about the customer.
    Fact(Box<Fact>),
    /// Membership of a segment of the catalog.
    Segment(Box<SegmentTest>),
}

/// Membership of a segment: its filter, and where to find it in the catalog, for those who keep its members.
#[derive(Debug, Clone)]
pub struct SegmentTest {
    /// Its index in the catalog's segments.
    pub index: usize,
    /// Whether those outside are asked for: `filter` is turned round already.
    pub negated: bool,
    /// Who is in, or with `negated` who is out.
    pub filter: Predicate,
}

/// A test of one value, and what it says where there is none.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// The place of the filter's node it comes from: its number in [`Filter::nodes`].
    pub node: usize,
    /// The field that is tested.
    pub field: FieldRef,
    /// The test of a value that is there.
    pub test: Test,
    /// Whether the verdict on a value that is there is turned round.
    pub negated: bool,
    /// The verdict where the value is missing.
    pub on_missing: bool,
}

/// A field of the customer, or a place inside a JSON field.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FieldRef {
    /// Its index in the catalog's customer fields.
    pub index: usize,
    /// Keys inside a JSON field; empty for the field itself.
    pub path: Vec<String>,
}

/// A test of a value that is there.
#[derive(Debug, Clone)]
pub enum Test {
    /// Always true: with `negated` and `on_missing`, all that can be asked about being there.
    Present,
    /// Equal to one of the values, which are of the field's type. No values: never true.
    In(Vec<Value>),
    /// Inside the range.
    Range(Range),
    /// Compared with another field of the same row; the leaf counts as missing when either is.
    Field(Comparison, FieldRef),
    /// A text.
    Text(TextTest),
    /// Text or list with nothing in it.
    Empty,
    /// The list holds any of the values (or all of them).
    Has {
        /// Whether all must be there.
        all: bool,
        /// The values; at least one.
        values: Vec<Value>,
        /// Whether letters are folded.
        fold: bool,
    },
    /// The number of items.
    Size(SizeTest),
    /// A date that comes round, whatever its year.
    MonthDay {
        /// Its month and day, as month × 100 + day, lies in one of these inclusive ranges.
        ranges: Vec<(u16, u16)>,
        /// The window that the ranges come of, where it moves with the instant of evaluation.
        moving: Option<Box<Range>>,
    },
}

/// A test of a text.
#[derive(Debug, Clone)]
pub struct TextTest {
    /// What is looked for, folded already where `fold` says so.
    pub needle: Needle,
    /// Whether letters are folded.
    pub fold: bool,
}

/// What is looked for in a text.
#[derive(Debug, Clone)]
pub enum Needle {
    /// One of these texts; used with folding only.
    Equals(Vec<String>),
    /// Somewhere inside.
    Contains(String),
    /// At the start.
    Starts(String),
    /// At the end.
    Ends(String),
    /// A regular expression that fits somewhere.
    Matches(Pattern),
}

/// How two fields compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// Equal.
    Eq,
    /// Less.
    Lt,
    /// Less or equal.
    Lte,
    /// Greater.
    Gt,
    /// Greater or equal.
    Gte,
}

impl Comparison {
    /// Whether an order passes.
    #[must_use]
    pub fn accepts(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Eq => order.is_eq(),
            Self::Lt => order.is_lt(),
            Self::Lte => order.is_le(),
            Self::Gt => order.is_gt(),
            Self::Gte => order.is_ge(),
        }
    }
}

/// Checks a filter and resolves it against a catalog at an instant.
///
/// # Errors
/// Every finding of [`check`](fn@crate::check); nodes that can't be evaluated row by row yet
/// ([`Code::NotSupported`](crate::Code::NotSupported)).
///
/// ```
/// use cvm_core::{Catalog, Timestamp, Value, bind, evaluate};
/// let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
///     {"name": "id", "type": "int", "nullable": false}, {"name": "age", "type": "int"}]}}"#)?;
/// let as_of = Timestamp::from_micros(0).expect("1970");
/// let predicate = bind(&"not (age > 30)".parse()?, &catalog, as_of)?;
/// assert!(evaluate(&predicate, &[Value::Int(1), Value::Missing]));
/// assert!(!evaluate(&predicate, &[Value::Int(2), Value::Int(31)]));
/// # Ok::<(), cvm_core::Diagnostics>(())
/// ```
pub fn bind(filter: &Filter, catalog: &Catalog, as_of: Timestamp) -> Result<Predicate, Diagnostics> {
    crate::check::resolve(filter, catalog, as_of)
}
