//! One way to read a whole column, and how well it fits.

use super::range::Range;
use super::reader::Form;
use super::tally::BadRows;
use crate::catalog::FieldType;

#[derive(Debug)]
pub(super) struct Guess {
    pub(super) ty: FieldType,
    pub(super) form: Form,
    pub(super) fits: u64,
    pub(super) misfits: BadRows,
    pub(super) range: Range,
    /// Whole numbers that were written with an exponent, in a column of whole numbers.
    pub(super) exponents: BadRows,
}

impl Guess {
    /// Whether both fit the same values, so that nothing in the column decides between them.
    pub(super) fn rivals(&self, other: &Self) -> bool {
        use super::number::Notation::{CommaGroups, DecimalComma};
        if self.fits != other.fits {
            return false;
        }
        match (&self.form, &other.form) {
            (Form::Date(a), Form::Date(b)) => a.exchanged() == Some(*b),
            (Form::Timestamp { date: a, .. }, Form::Timestamp { date: b, .. }) => a.exchanged() == Some(*b),
            // `1,234` alone is a thousand or one.
            (a, b) => a.notation() == Some(CommaGroups) && b.notation() == Some(DecimalComma),
        }
    }
}

impl Form {
    pub(super) fn notation(&self) -> Option<super::number::Notation> {
        match self {
            Self::Int(notation) | Self::Float(notation) | Self::Decimal { notation, .. } => Some(*notation),
            _ => None,
        }
    }
}
