//! Rankings: the first or last customers by a field or a measure, in groups or all together.

use std::cmp::Ordering;

use cvm_core::filter::Order;
use cvm_core::predicate::{RankTest, RankValue};
use cvm_core::{Diagnostics, Value, field_value, measured_value};

use crate::behaviour;
use crate::bitmap::Bitmap;
use crate::column::{Column, Values};
use crate::evaluate::Scope;
use crate::index::Index;

/// The customers whom a ranking takes.
pub(crate) fn rows(rank: &RankTest, index: &Index) -> Result<Bitmap, Diagnostics> {
    let among = rank.among.as_ref().map(|among| Scope::customers(index).rows(among)).transpose()?;
    let ranked = (0..index.customers.len).filter(|row| among.as_ref().is_none_or(|among| among.holds(*row)));
    let mut taken = Taken(vec![0; index.customers.len.div_ceil(64)]);
    match (&rank.by, &rank.per) {
        (RankValue::Field(field), None) if field.path.is_empty() => {
            if let Some(Column { values: Values::Ints(ints), present, .. }) = index.customers.columns.get(field.index) {
                let there = ranked.filter(|row| present.as_ref().is_none_or(|present| present.holds(*row)));
                // Turned round for the top, so that the least comes first in both.
                let turned = |number: i128| if rank.order == Order::Top { !number } else { number };
                let mut numbers: Vec<(i128, usize)> = there.map(|row| (turned(ints.get(row)), row)).collect();
                numbers.sort_unstable_by(|(a, row_a), (b, row_b)| a.cmp(b).then_with(|| by_key(index, *row_a, *row_b)));
                taken.take(rank, numbers.iter().map(|(_, row)| *row));
                return Ok(taken.into_bitmap(index.customers.len));
            }
        }
        (RankValue::Measure(rows, ..), _) => index.stream(rows.source).map(|_| ())?,
        (RankValue::Field(_), _) => {}
    }
    let mut values: Vec<(Value, Value, usize)> = Vec::new();
    for row in ranked {
        let fields = index.customers.row(row);
        let by = match &rank.by {
            RankValue::Field(field) => field_value(field, &fields),
            RankValue::Measure(rows, measure, ty) => {
                measured_value(rows, measure, ty, &behaviour::history(index, &[rows.source], row))
            }
        };
        if !by.is_missing() {
            values.push((rank.per.as_ref().map_or(Value::Missing, |per| field_value(per, &fields)), by, row));
        }
    }
    values.sort_by(|(group_a, a, row_a), (group_b, b, row_b)| {
        let by = if rank.order == Order::Top { order(b, a) } else { order(a, b) };
        grouped(group_a, group_b).then(by).then_with(|| by_key(index, *row_a, *row_b))
    });
    for group in values.chunk_by(|(a, ..), (b, ..)| grouped(a, b).is_eq()) {
        taken.take(rank, group.iter().map(|(.., row)| *row));
    }
    Ok(taken.into_bitmap(index.customers.len))
}

fn order(a: &Value, b: &Value) -> Ordering {
    a.compare(b).unwrap_or(Ordering::Equal)
}

/// The order of groups, in which those without a value come first and the same kinds of values stand together.
fn grouped(a: &Value, b: &Value) -> Ordering {
    let kind = |value: &Value| match value {
        value if value.is_missing() => 0,
        Value::Bool(_) => 1,
        Value::Int(_) | Value::Float(_) | Value::Decimal(_) => 2,
        Value::Str(_) => 3,
        Value::Date(_) => 4,
        Value::Timestamp(_) => 5,
        _ => 6,
    };
    kind(a).cmp(&kind(b)).then_with(|| order(a, b))
}

fn by_key(index: &Index, a: usize, b: usize) -> Ordering {
    match index.key() {
        Some(Column { values: Values::Ints(keys), .. }) => keys.get(a).cmp(&keys.get(b)),
        Some(Column { values: Values::Texts(keys), .. }) => keys.get(a).cmp(keys.get(b)),
        Some(keys) => order(&keys.value(a), &keys.value(b)),
        None => Ordering::Equal,
    }
}

/// The words of the customers who are taken.
struct Taken(Vec<u64>);

impl Taken {
    /// Takes from one ranking what it says.
    fn take(&mut self, rank: &RankTest, ranked: impl ExactSizeIterator<Item = usize>) {
        let many = ranked.len() as u64;
        for (place, row) in (1..).zip(ranked) {
            if let (true, Some(word)) = (rank.take.takes(place, many), self.0.get_mut(row / 64)) {
                *word |= 1 << (row % 64);
            }
        }
    }

    fn into_bitmap(self, len: usize) -> Bitmap {
        Bitmap::from_words(self.0, len)
    }
}
