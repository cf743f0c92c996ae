//! Building filters in code.
//!
//! ```
//! use cvm_core::filter::{Unit, Window, count, field, measure};
//!
//! let filter = field("age").gte(25)
//!     & field("city").is_in(["Paris", "Lyon"])
//!     & !count("purchase").within(Window::last(90, Unit::Day)).gte(1);
//! assert_eq!(
//!     filter.to_string(),
//!     "age >= 25 and city in ('Paris', 'Lyon') and not (count(purchase within last 90 days) >= 1)");
//! let spent = measure("purchase").sum("amount").gt("100.00");
//! assert_eq!(spent.to_string(), "sum(purchase.amount) > '100.00'");
//! ```

use std::ops::{BitAnd, BitOr, Not};

use super::{
    Case, Condition, Event, Filter, ListRef, Literal, Measure, Missing, Nothing, Operand, Operator, SegmentRef,
    SizeTest, Window,
};

/// Starts a condition on a field.
pub fn field(name: impl Into<String>) -> FieldBuilder {
    FieldBuilder { field: name.into(), case: Case::Sensitive, missing: None }
}

/// Starts a count of events.
pub fn count(event: impl Into<String>) -> MeasureBuilder {
    measure(event)
}

/// Starts a measure over events: a count, unless another measure is chosen.
pub fn measure(event: impl Into<String>) -> MeasureBuilder {
    MeasureBuilder {
        event: event.into(),
        window: None,
        filter: None,
        measure: Measure::Count(Nothing {}),
        missing: None,
    }
}

/// A condition in the making: one operator ends it.
#[derive(Debug, Clone)]
pub struct FieldBuilder {
    field: String,
    case: Case,
    missing: Option<Missing>,
}

macro_rules! comparisons {
    ($($(#[doc = $doc:literal])+ $name:ident => $op:ident;)+) => {$(
        $(#[doc = $doc])+
        #[must_use]
        pub fn $name(self, value: impl Into<Operand>) -> Filter {
            self.op(Operator::$op, Some(value.into()))
        }
    )+};
}

macro_rules! list_comparisons {
    ($($(#[doc = $doc:literal])+ $name:ident => $op:ident;)+) => {$(
        $(#[doc = $doc])+
        #[must_use]
        pub fn $name<T: Into<Literal>>(self, values: impl IntoIterator<Item = T>) -> Filter {
            self.op(Operator::$op, Some(Operand::Many(values.into_iter().map(Into::into).collect())))
        }
    )+};
}

impl FieldBuilder {
    /// Compares letters after Unicode simple case folding.
    #[must_use]
    pub fn ignoring_case(mut self) -> Self {
        self.case = Case::Insensitive;
        self
    }

    /// Says what to make of customers whose value is missing.
    #[must_use]
    pub fn missing(mut self, missing: Missing) -> Self {
        self.missing = Some(missing);
        self
    }

    comparisons! {
        /// Equal.
        eq => Eq;
        /// Not equal, or missing.
        ne => Ne;
        /// Less.
        lt => Lt;
        /// At most.
        lte => Lte;
        /// More.
        gt => Gt;
        /// At least.
        gte => Gte;
        /// Holds the text.
        contains => Contains;
        /// Starts with the text.
        starts_with => StartsWith;
        /// Ends with the text.
        ends_with => EndsWith;
        /// Fits the regular expression somewhere.
        matches => Matches;
        /// Earlier.
        before => Before;
        /// Later.
        after => After;
        /// On that day.
        on => On;
    }

    list_comparisons! {
        /// One of the values.
        is_in => In;
        /// None of the values, or missing.
        not_in => NotIn;
        /// The list holds one of the values.
        has_any => HasAny;
        /// The list holds all of the values.
        has_all => HasAll;
        /// The list holds none of the values, or is missing.
        has_none => HasNone;
    }

    /// From one value to another, both included.
    pub fn between(self, low: impl Into<Literal>, high: impl Into<Literal>) -> Filter {
        self.op(Operator::Between, Some(Operand::Many(vec![low.into(), high.into()])))
    }

    /// In a window of time.
    pub fn within(self, window: Window) -> Filter {
        self.op(Operator::Within, Some(Operand::Window(window)))
    }

    /// The size of a list.
    pub fn size(self, test: SizeTest) -> Filter {
        self.op(Operator::Size, Some(Operand::Size(test)))
    }

    /// There is a value.
    pub fn is_set(self) -> Filter {
        self.op(Operator::IsSet, None)
    }

    /// The value is missing.
    pub fn is_not_set(self) -> Filter {
        self.op(Operator::IsNotSet, None)
    }

    /// Any operator.
    pub fn op(self, op: Operator, value: Option<Operand>) -> Filter {
        Filter::Condition(Condition { field: self.field, op, value, case: self.case, missing: self.missing })
    }
}

/// A measure over events in the making: one comparison ends it.
#[derive(Debug, Clone)]
pub struct MeasureBuilder {
    event: String,
    window: Option<Window>,
    filter: Option<Box<Filter>>,
    measure: Measure,
    missing: Option<Missing>,
}

impl MeasureBuilder {
    /// Only events in the window.
    #[must_use]
    pub fn within(mut self, window: Window) -> Self {
        self.window = Some(window);
        self
    }

    /// Only events whose properties pass.
    #[must_use]
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filter = Some(Box::new(filter));
        self
    }

    /// The sum of a property.
    #[must_use]
    pub fn sum(mut self, field: impl Into<String>) -> Self {
        self.measure = Measure::Sum { field: field.into() };
        self
    }

    /// Any measure.
    #[must_use]
    pub fn measure(mut self, measure: Measure) -> Self {
        self.measure = measure;
        self
    }

    comparisons! {
        /// Equal.
        eq => Eq;
        /// Less.
        lt => Lt;
        /// At most.
        lte => Lte;
        /// More.
        gt => Gt;
        /// At least.
        gte => Gte;
    }

    /// Any operator.
    pub fn op(self, op: Operator, value: Option<Operand>) -> Filter {
        Filter::Event(Event {
            event: self.event,
            window: self.window,
            filter: self.filter,
            measure: self.measure,
            op,
            value,
            missing: self.missing,
        })
    }
}

impl Filter {
    /// Members of a segment.
    pub fn segment(name: impl Into<String>) -> Self {
        Self::Segment(SegmentRef { segment: name.into() })
    }

    /// Members of a static list.
    pub fn list(name: impl Into<String>) -> Self {
        Self::List(ListRef { list: name.into() })
    }

    /// All of the filters.
    pub fn all_of(children: impl IntoIterator<Item = Filter>) -> Self {
        Self::And { children: children.into_iter().collect() }
    }

    /// Any of the filters.
    pub fn any_of(children: impl IntoIterator<Item = Filter>) -> Self {
        Self::Or { children: children.into_iter().collect() }
    }

    /// At least `n` of the filters.
    pub fn at_least(n: u32, children: impl IntoIterator<Item = Filter>) -> Self {
        Self::AtLeast { n, children: children.into_iter().collect() }
    }
}

impl BitAnd for Filter {
    type Output = Filter;

    /// Both; a chain of `&` makes one group.
    fn bitand(self, other: Filter) -> Filter {
        match self {
            Self::And { mut children } => {
                children.push(other);
                Self::And { children }
            }
            first => Self::And { children: vec![first, other] },
        }
    }
}

impl BitOr for Filter {
    type Output = Filter;

    /// Either; a chain of `|` makes one group.
    fn bitor(self, other: Filter) -> Filter {
        match self {
            Self::Or { mut children } => {
                children.push(other);
                Self::Or { children }
            }
            first => Self::Or { children: vec![first, other] },
        }
    }
}

impl Not for Filter {
    type Output = Filter;

    /// Everybody else.
    fn not(self) -> Filter {
        Self::Not { child: Box::new(self) }
    }
}
