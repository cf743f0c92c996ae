//! The filter: one tree that decides for each customer *in* or *out*.
//!
//! Every leaf is two-valued and `not` is the set complement, so a filter and its negation split any set of customers
//! in two. What a comparison makes of a missing value is written at [`Operator::on_missing`].

mod behaviour;
mod build;
mod condition;
mod measure;
mod operand;
mod operator;
mod parameters;
mod population;
mod read;
mod walk;

pub use behaviour::{Absence, Event, Regularly, Restarted, Sequence, Step, Stopped};
pub use build::{FieldBuilder, MeasureBuilder, count, field, measure};
pub use condition::{Case, Condition, Missing};
pub use measure::Measure;
pub use operand::{Literal, Nothing, Operand, SizeTest, StartOf};
pub use operator::{Operator, Takes};
pub use population::{Bucket, Geo, ListRef, Order, Point, Quantifier, Rank, RankBy, Related, SegmentRef, Take};
pub(crate) use read::{MAX_DEPTH, literal, literals, read_filter};

mod window;
pub use window::{Span as Duration, Unit, Window};

use schemars::JsonSchema;
use serde::Serialize;

/// Decides for each customer *in* or *out*.
///
/// JSON is tagged by `type`; unknown keys are errors, in every node.
///
/// ```
/// use cvm_core::Filter;
///
/// let from_json = Filter::from_json(
///     r#"{"type": "condition", "field": "age", "op": "gte", "value": 25}"#)?;
/// let from_text: Filter = "age >= 25".parse()?;
/// assert_eq!(from_json, from_text);
/// assert_eq!(from_json.to_string(), "age >= 25");
/// # Ok::<(), cvm_core::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Filter {
    /// Every customer. The only way to say so.
    Everyone,
    /// No customer.
    Nobody,
    /// Customers whom all children select; at least one child.
    And {
        /// The filters that must all hold.
        #[schemars(length(min = 1))]
        children: Vec<Filter>,
    },
    /// Customers whom any child selects; at least one child.
    Or {
        /// The filters of which one must hold.
        #[schemars(length(min = 1))]
        children: Vec<Filter>,
    },
    /// Customers whom the child does not select: the set complement.
    Not {
        /// The filter that must not hold.
        child: Box<Filter>,
    },
    /// Customers whom at least `n` of the children select.
    AtLeast {
        /// How many must hold: from 1 to the number of children.
        n: u32,
        /// The filters that are counted.
        #[schemars(length(min = 1))]
        children: Vec<Filter>,
    },
    /// A field compared with a value.
    Condition(Condition),
    /// What a customer did, how often, how much, when.
    Event(Event),
    /// Events one after another.
    Sequence(Sequence),
    /// Active in n of the last m periods.
    Regularly(Regularly),
    /// Active before, and not since.
    Stopped(Stopped),
    /// Back after a pause.
    Restarted(Restarted),
    /// Rows of another table that belong to the customer.
    Related(Related),
    /// Members of a named segment.
    Segment(SegmentRef),
    /// Members of a static list.
    List(ListRef),
    /// The top or bottom of a ranking.
    Rank(Rank),
    /// A deterministic sample, equal in every engine.
    Bucket(Bucket),
    /// Within a distance of a point.
    Geo(Geo),
}
