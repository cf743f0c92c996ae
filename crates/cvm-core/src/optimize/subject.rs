//! What conditions speak about: a field's value, its place relative to now, two fields side by side, the size of a
//! list, a count of events, or a test that is only known to hold or not.
//!
//! Every leaf becomes a *literal*: a subject, the verdict on a missing value, and a set of values.

use std::rc::Rc;

use smallvec::SmallVec;

use super::domain::{Pos, Set};
use super::relative::Class;
use crate::catalog::{Field, FieldType};
use crate::filter::{Condition, Event, Filter};
use crate::predicate::{Bound, Range, Test};
use crate::value::{Date, Decimal, Timestamp, Value};

/// How values become places.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Scale<'a> {
    Bool,
    Int,
    /// The digits after the point.
    Decimal(u8),
    Date,
    Timestamp,
    Float,
    Text,
    /// One of these, ascending; places are indexes.
    Enum(Rc<[&'a str]>),
    /// Only texts have places; other values lie between all of them.
    Json,
    /// Only known to be there or not.
    Opaque,
}

/// What is spoken about.
#[derive(Debug, Clone)]
pub(super) enum Kind<'a> {
    /// A field's value.
    Value(Scale<'a>),
    /// A field's value counted from now; `date` tells dates from timestamps.
    Relative { class: Class, date: bool },
    /// How one field compares with another: −1, 0 or 1. Numbers are slots.
    Pair(usize, usize),
    /// The number of items.
    Size,
    /// The number of events (or of different values of a property).
    Count(&'a Event),
    /// Whether a value passes a test that has no place for it: 0 or 1. The condition is the one that says so plainly.
    Test { condition: &'a Condition, test: Option<Rc<Test>> },
    /// Whether a node holds: 0 or 1.
    Atom(&'a Filter),
}

#[derive(Debug)]
pub(super) struct Subject<'a> {
    /// The field, or whatever else can be missing as one.
    pub(super) slot: usize,
    pub(super) kind: Kind<'a>,
    pub(super) min: Option<i128>,
    pub(super) max: Option<i128>,
}

/// A field (or a place in a document), or the stand-in for something that is no field.
#[derive(Debug)]
pub(super) struct Slot<'a> {
    pub(super) name: &'a str,
    pub(super) field: Option<&'a Field>,
    pub(super) can_miss: bool,
    pub(super) subjects: SmallVec<[usize; 2]>,
}

impl<'a> Slot<'a> {
    pub(super) fn ty(&self) -> Option<&'a FieldType> {
        self.field.map(|field| &field.ty)
    }
}

/// Where a literal comes from, when a filter of the input says exactly it, or exactly its opposite.
#[derive(Debug, Clone, Copy)]
pub(super) enum Origin<'a> {
    None,
    Is(&'a Filter),
    Not(&'a Filter),
}

/// A leaf, shared: rules hand literals on far more often than they change them.
#[derive(Debug, Clone)]
pub(super) struct Lit<'a>(Rc<Leaf<'a>>);

/// What a literal says: true for missing values when `missing`, true for values that are there when they are in the
/// set.
#[derive(Debug, Clone)]
pub(super) struct Leaf<'a> {
    pub(super) subject: usize,
    pub(super) missing: bool,
    pub(super) set: Set,
    pub(super) origin: Origin<'a>,
    /// How many values were listed one by one: so many may be listed again.
    pub(super) listed: usize,
}

impl<'a> Lit<'a> {
    pub(super) fn new(leaf: Leaf<'a>) -> Self {
        Self(Rc::new(leaf))
    }

    /// The leaf, to be changed: a copy of its own where others hold it too.
    pub(super) fn edit(&mut self) -> &mut Leaf<'a> {
        Rc::make_mut(&mut self.0)
    }

    /// Whether two literals hold for the same customers.
    pub(super) fn same(&self, other: &Self) -> bool {
        self.subject == other.subject && self.missing == other.missing && self.set == other.set
    }
}

impl<'a> std::ops::Deref for Lit<'a> {
    type Target = Leaf<'a>;

    fn deref(&self) -> &Leaf<'a> {
        &self.0
    }
}

/// The filter as the rules see it: `not` is in the literals.
#[derive(Debug, Clone)]
pub(super) enum Node<'a> {
    Const(bool),
    Lit(Lit<'a>),
    Group { all: bool, children: Vec<Node<'a>> },
    AtLeast { n: usize, children: Vec<Node<'a>> },
}

impl Node<'_> {
    pub(super) fn leaves(&self) -> usize {
        match self {
            Self::Const(_) => 0,
            Self::Lit(_) => 1,
            Self::Group { children, .. } | Self::AtLeast { children, .. } => children.iter().map(Self::leaves).sum(),
        }
    }
}

/// The set of what is true.
pub(super) fn truth() -> Set {
    Set { first: false, cuts: smallvec::smallvec![Pos::Int(1)] }
}

impl Scale<'_> {
    /// The place before a value (or after it); `None` where the scale has none.
    pub(super) fn place(&self, value: &Value, after: bool) -> Option<Pos> {
        let whole = match (self, value) {
            (Self::Bool, Value::Bool(b)) => i128::from(*b),
            (Self::Int, Value::Int(i)) => i128::from(*i),
            (Self::Decimal(scale), Value::Decimal(d)) => d.rescale(*scale)?.digits(),
            (Self::Date, Value::Date(d)) => i128::from(d.days()),
            (Self::Timestamp, Value::Timestamp(t)) => i128::from(t.micros()),
            (Self::Float, Value::Float(x)) if !x.is_nan() => return Some(Pos::float(*x, after)),
            (Self::Text | Self::Json, Value::Str(text)) => return Some(Pos::Text(text.as_str().into(), after)),
            (Self::Enum(values), Value::Str(text)) => {
                let below = values
                    .partition_point(|value| if after { *value <= text.as_str() } else { *value < text.as_str() });
                return i128::try_from(below).ok().map(Pos::Int);
            }
            _ => return None,
        };
        Some(Pos::Int(whole + i128::from(after)))
    }

    /// The value just after a place.
    pub(super) fn value(&self, place: &Pos) -> Option<Value> {
        Some(match (self, place) {
            (Self::Bool, Pos::Int(n)) => Value::Bool(*n > 0),
            (Self::Int, Pos::Int(n)) => Value::Int(i64::try_from(*n).ok()?),
            (Self::Decimal(scale), Pos::Int(n)) => Value::Decimal(Decimal::new(*n, *scale)?),
            (Self::Date, Pos::Int(n)) => Value::Date(Date::from_days(i32::try_from(*n).ok()?)?),
            (Self::Timestamp, Pos::Int(n)) => Value::Timestamp(Timestamp::from_micros(i64::try_from(*n).ok()?)?),
            (Self::Float, Pos::Float(x, false)) => Value::Float(*x),
            (Self::Text | Self::Json, Pos::Text(text, false)) => Value::Str(text.to_string()),
            (Self::Enum(values), Pos::Int(n)) => Value::Str((*values.get(usize::try_from(*n).ok()?)?).to_owned()),
            _ => return None,
        })
    }

    /// The set of a list of values; `None` when one of them has no place.
    pub(super) fn points(&self, values: &[Value]) -> Option<Set> {
        let mut points: Vec<(Pos, Pos)> = Vec::with_capacity(values.len());
        for value in values {
            let low = self.place(value, false)?;
            let high = match &low {
                // Both places share the text.
                Pos::Text(text, _) => Pos::Text(Rc::clone(text), true),
                _ => self.place(value, true)?,
            };
            if low < high {
                points.push((low, high));
            }
        }
        Some(Set::union(points))
    }

    /// The set of a range.
    pub(super) fn range(&self, range: &Range) -> Option<Set> {
        if *self == Self::Json {
            return None;
        }
        let low = match &range.low {
            Bound::Open => None,
            Bound::Included(value) => Some(self.place(value, false)?),
            Bound::Excluded(value) => Some(self.place(value, true)?),
        };
        let high = match &range.high {
            Bound::Open => None,
            Bound::Included(value) => Some(self.place(value, true)?),
            Bound::Excluded(value) => Some(self.place(value, false)?),
        };
        Some(Set::interval(low, high))
    }
}
