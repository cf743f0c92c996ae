//! Tests of one value that is there.

use crate::filter::SizeTest;
use crate::predicate::{Needle, Test, TextTest};
use crate::value::{Value, fold_case};

impl Test {
    /// Whether a value that is there passes. Tests of another field need the whole row, and pass nothing here.
    #[must_use]
    pub fn passes(&self, value: &Value) -> bool {
        passes(self, value)
    }

    /// As [`Test::passes`] for a text, without a [`Value`] made of it.
    ///
    /// ```
    /// use cvm_core::{Value, predicate::Test};
    /// assert!(Test::In(vec![Value::Str("Paris".to_owned())]).passes_text("Paris"));
    /// ```
    #[must_use]
    pub fn passes_text(&self, text: &str) -> bool {
        match self {
            Self::Present => true,
            Self::In(values) => values.iter().any(|wanted| matches!(wanted, Value::Str(wanted) if wanted == text)),
            Self::Range(range) => range.contains_text(text),
            Self::Text(test) => text_passes(test, text),
            Self::Empty => text.is_empty(),
            Self::Field(..) | Self::Has { .. } | Self::Size(_) | Self::MonthDay { .. } => false,
        }
    }
}

fn passes(test: &Test, value: &Value) -> bool {
    if let Value::Str(text) = value {
        return test.passes_text(text);
    }
    match test {
        Test::Present => true,
        Test::In(values) => values.iter().any(|wanted| wanted.equals(value)),
        Test::Range(range) => range.contains(value),
        // Needs a second value of the row; its caller has it.
        Test::Field(..) => false,
        Test::Text(_) => false,
        Test::Empty => matches!(value, Value::List(items) if items.is_empty()),
        Test::Has { all, values, fold } => {
            let Value::List(items) = value else { return false };
            let there = |wanted: &Value| items.iter().any(|item| same(item, wanted, *fold));
            if *all { values.iter().all(there) } else { values.iter().any(there) }
        }
        Test::Size(test) => matches!(value, Value::List(items) if size_passes(*test, items)),
        Test::MonthDay { ranges, .. } => {
            let Value::Date(date) = value else { return false };
            let Some(date) = date.to_civil() else { return false };
            let number = i32::from(date.month()) * 100 + i32::from(date.day());
            ranges.iter().any(|(low, high)| (i32::from(*low)..=i32::from(*high)).contains(&number))
        }
    }
}

fn size_passes(test: SizeTest, items: &[Value]) -> bool {
    test.accepts(items.len())
}

fn same(item: &Value, wanted: &Value, fold: bool) -> bool {
    match (item, wanted) {
        (Value::Str(item), Value::Str(wanted)) if fold => fold_case(item) == fold_case(wanted),
        _ => item.equals(wanted),
    }
}

fn text_passes(test: &TextTest, text: &str) -> bool {
    // A pattern folds by itself.
    if let Needle::Matches(pattern) = &test.needle {
        return pattern.is_match(text);
    }
    let folded;
    let text = if test.fold {
        folded = fold_case(text);
        &folded
    } else {
        text
    };
    match &test.needle {
        Needle::Equals(wanted) => wanted.iter().any(|wanted| wanted == text),
        Needle::Contains(wanted) => text.contains(wanted),
        Needle::Starts(wanted) => text.starts_with(wanted),
        Needle::Ends(wanted) => text.ends_with(wanted),
        Needle::Matches(_) => false,
    }
}
