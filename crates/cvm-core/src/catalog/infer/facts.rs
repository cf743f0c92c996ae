//! What the values of a column say about its field, whatever they were read from.

use super::distinct::Distinct;
use super::range::Range;
use super::{label, pii};
use crate::catalog::{Field, FieldType};

/// An enum has at most so many values, …
const ENUM_VALUES: usize = 50;

/// … each of which stands in so many rows on average: a filter with any other value is an error, so a short table
/// must not declare its few values the only ones.
const ENUM_ROWS_EACH: u64 = 20;

/// So many texts decide whether a column holds e-mail addresses.
const EMAIL_SAMPLE: u64 = 10_000;

/// Collects the facts about one column, value by value, and ends in its [`Field`].
///
/// ```
/// use cvm_core::{FieldType, catalog::infer::FieldFacts};
/// let mut facts = FieldFacts::new();
/// for value in [3, 1, 2] {
///     facts.int(value);
/// }
/// facts.missing(1);
/// let field = facts.field("visitCount", FieldType::Int);
/// assert_eq!((field.label.as_deref(), field.nullable), (Some("Visit count"), true));
/// assert_eq!(field.max, Some(cvm_core::filter::Literal::Int(3)));
/// ```
#[derive(Debug)]
pub struct FieldFacts {
    missing: u64,
    distinct: Distinct,
    texts: u64,
    emails: u64,
    range: Range,
}

impl Default for FieldFacts {
    fn default() -> Self {
        Self::new()
    }
}

impl FieldFacts {
    /// No value seen.
    #[must_use]
    pub fn new() -> Self {
        Self { missing: 0, distinct: Distinct::new(ENUM_VALUES), texts: 0, emails: 0, range: Range::Empty }
    }

    /// So many values are missing.
    #[inline]
    pub fn missing(&mut self, count: u64) {
        self.missing += count;
    }

    /// A text.
    #[inline]
    pub fn text(&mut self, value: &str) {
        self.texts += 1;
        self.distinct.add(value);
        if self.texts <= EMAIL_SAMPLE && pii::is_email(value) {
            self.emails += 1;
        }
    }

    /// A whole number.
    #[inline]
    pub fn int(&mut self, value: i64) {
        self.range.int(value);
    }

    /// The digits of a decimal, at the scale of the column.
    #[inline]
    pub fn decimal(&mut self, digits: i128) {
        self.range.decimal(digits);
    }

    /// A float; NaN counts as missing.
    #[inline]
    pub fn float(&mut self, value: f64) {
        if value.is_nan() {
            self.missing += 1;
        }
        self.range.float(value);
    }

    /// A date, in days since 1970-01-01.
    #[inline]
    pub fn day(&mut self, days: i32) {
        self.range.day(days);
    }

    pub(super) fn set_range(&mut self, range: Range) {
        self.range = range;
    }

    /// The field: nullable, label, enum, bounds and the mark for personal data.
    #[must_use]
    pub fn field(self, name: &str, ty: FieldType) -> Field {
        let mut field = Field::new(name, ty);
        field.nullable = self.missing > 0;
        field.label = label::humanise(name).filter(|label| label != name);
        field.pii = match field.ty {
            FieldType::Bool => false,
            FieldType::String if self.emails * 2 > self.texts.min(EMAIL_SAMPLE) => true,
            _ => pii::is_personal(name),
        };
        // The values of personal data don't belong into a catalog, which is shown to people and language models.
        if field.ty == FieldType::String && !field.pii {
            field.values = self.enumeration();
        }
        (field.min, field.max) = self.range.literals(&field.ty);
        field
    }

    fn enumeration(&self) -> Option<Vec<String>> {
        let distinct = u64::try_from(self.distinct.len()?).ok()?;
        if distinct > 0 && self.texts / distinct >= ENUM_ROWS_EACH { self.distinct.sorted() } else { None }
    }
}
