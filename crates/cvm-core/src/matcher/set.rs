//! Sets of values of one type, as fast to look into as their size allows.

use rustc_hash::FxHashSet;

/// Below this many values looking at each is fastest.
const FEW: usize = 9;

/// Whole numbers, dates or instants.
#[derive(Debug)]
pub(super) enum Numbers {
    One(i64),
    Few(Box<[i64]>),
    Many(FxHashSet<i64>),
}

impl Numbers {
    pub(super) fn of(values: &[i64]) -> Self {
        match values {
            [one] => Self::One(*one),
            few if few.len() < FEW => Self::Few(few.into()),
            many => Self::Many(many.iter().copied().collect()),
        }
    }

    #[inline]
    pub(super) fn holds(&self, value: i64) -> bool {
        match self {
            Self::One(one) => *one == value,
            Self::Few(few) => few.contains(&value),
            Self::Many(many) => many.contains(&value),
        }
    }
}

/// Texts.
#[derive(Debug)]
pub(super) enum Texts {
    One(Box<str>),
    Few(Box<[Box<str>]>),
    Many(FxHashSet<Box<str>>),
}

impl Texts {
    pub(super) fn of(values: &[&str]) -> Self {
        let texts = values.iter().map(|text| Box::from(*text));
        match values {
            [one] => Self::One(Box::from(*one)),
            few if few.len() < FEW => Self::Few(texts.collect()),
            _ => Self::Many(texts.collect()),
        }
    }

    #[inline]
    pub(super) fn holds(&self, value: &str) -> bool {
        match self {
            Self::One(one) => **one == *value,
            Self::Few(few) => few.iter().any(|text| **text == *value),
            Self::Many(many) => many.contains(value),
        }
    }
}
