//! Some of the customers whom a filter selects, with their fields.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Field as ArrowField, Schema};
use cvm_core::{Code, Diagnostic, Diagnostics, Filter, Timestamp};

use crate::arrays;
use crate::column::{Column, Values};
use crate::index::Index;
use crate::ints::each_width;

/// Which customers are shown, and what of them.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The fields, by their places in the catalog.
    pub fields: Vec<usize>,
    /// The order: fields by their places, each with whether the greatest comes first. The key comes last, so that the
    /// order is total. Missing values come last either way.
    pub order: Vec<(usize, bool)>,
    /// At most so many.
    pub limit: usize,
    /// After so many.
    pub offset: usize,
}

impl Index {
    /// Some of the customers whom a filter selects, a row each.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use arrow::array::{AsArray, Int64Array, RecordBatch};
    /// # use arrow::datatypes::Int64Type;
    /// # use cvm_core::{Catalog, Timestamp};
    /// # use cvm_index::{IndexBuilder, Page};
    /// # let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
    /// #     {"name": "id", "type": "int", "nullable": false}, {"name": "age", "type": "int"}]}}"#)?;
    /// # let numbers = |numbers: Vec<i64>| Arc::new(Int64Array::from(numbers)) as _;
    /// # let rows = [("id", numbers(vec![1, 2, 3])), ("age", numbers(vec![17, 40, 64]))];
    /// # let index = IndexBuilder::new(Arc::new(catalog)).table("c", vec![RecordBatch::try_from_iter(rows)?]).build()?;
    /// # let as_of = Timestamp::from_micros(0).expect("1970");
    /// // The oldest adult's key; `age` is the second field.
    /// let page = Page { fields: vec![0], order: vec![(1, true)], limit: 1, offset: 0 };
    /// let shown = index.preview(&"age >= 18".parse()?, as_of, &page)?;
    /// assert_eq!(shown.column(0).as_primitive::<Int64Type>().values(), &[3]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Index::count`]; lists as an order, or a field twice ([`Code::NotSupported`]).
    pub fn preview(&self, filter: &Filter, as_of: Timestamp, page: &Page) -> Result<RecordBatch, Diagnostics> {
        let fields = &self.catalog.customers.fields;
        let mut order: Vec<(&Column, bool)> = Vec::with_capacity(page.order.len() + 1);
        for (field, greatest) in &page.order {
            let column = self.customers.columns.get(*field);
            let Some(column) = column.filter(|column| !matches!(column.values, Values::Lists { .. })) else {
                return Err(Diagnostic::error(Code::NotSupported, "", "lists have no order in an index").into());
            };
            order.push((column, *greatest));
        }
        order.extend(self.key().map(|key| (key, false)));
        if (1..page.fields.len()).any(|at| page.fields.iter().take(at).any(|field| page.fields.get(at) == Some(field)))
        {
            return Err(Diagnostic::error(Code::NotSupported, "", "a field is shown twice").into());
        }
        let members = self.bits(filter, as_of)?;
        let before = |a: &usize, b: &usize| {
            let each = order.iter().map(|(column, greatest)| compared(column, *greatest, *a, *b));
            each.fold(Ordering::Equal, Ordering::then).then(a.cmp(b))
        };
        let rows = first(members.rows(), page.offset.saturating_add(page.limit), before);
        let rows = rows.get(page.offset..).unwrap_or_default();
        let mut columns = Vec::with_capacity(page.fields.len());
        let mut shown = Vec::with_capacity(page.fields.len());
        let failed = |error| Diagnostics::from(Diagnostic::error(Code::Execution, "", format!("a preview: {error}")));
        for field in &page.fields {
            let (Some(field), Some(column)) = (fields.get(*field), self.customers.columns.get(*field)) else {
                continue;
            };
            let array = arrays::array(column, rows).map_err(failed)?;
            shown.push(ArrowField::new(&field.name, array.data_type().clone(), true));
            columns.push(array);
        }
        let options = arrow::array::RecordBatchOptions::new().with_row_count(Some(rows.len()));
        RecordBatch::try_new_with_options(Arc::new(Schema::new(shown)), columns, &options).map_err(failed)
    }
}

/// The first of many in an order. No more than twice as many as are wanted are held at a time.
fn first(rows: impl Iterator<Item = usize>, wanted: usize, before: impl Fn(&usize, &usize) -> Ordering) -> Vec<usize> {
    if wanted == 0 {
        return Vec::new();
    }
    let mut held: Vec<usize> = Vec::new();
    let mut worst: Option<usize> = None;
    for row in rows {
        if worst.is_some_and(|worst| before(&row, &worst).is_gt()) {
            continue;
        }
        held.push(row);
        if held.len() >= wanted.saturating_mul(2) {
            let (_, last, _) = held.select_nth_unstable_by(wanted - 1, &before);
            worst = Some(*last);
            held.truncate(wanted);
        }
    }
    held.sort_unstable_by(&before);
    held.truncate(wanted);
    held
}

/// The order of two rows by a column. Missing values come last.
fn compared(column: &Column, greatest: bool, a: usize, b: usize) -> Ordering {
    let there = |row: usize| column.present.as_ref().is_none_or(|present| present.holds(row));
    let order = match (there(a), there(b)) {
        (true, true) => match &column.values {
            // Raw numbers and codes ascend with what they stand for.
            Values::Ints(ints) | Values::Coded { codes: ints, .. } => {
                each_width!(&ints.raw, values => values.get(a).cmp(&values.get(b)))
            }
            Values::Floats(floats) => {
                let number = |row: usize| floats.get(row).copied().unwrap_or(f64::NAN);
                number(a).total_cmp(&number(b))
            }
            Values::Texts(texts) => texts.get(a).cmp(texts.get(b)),
            Values::Lists { .. } => Ordering::Equal,
        },
        (a, b) => return b.cmp(&a),
    };
    if greatest { order.reverse() } else { order }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_many() {
        let rows: Vec<usize> = (0..1_000).map(|i| i * 617 % 1_000).collect();
        for wanted in [0, 1, 2, 7, 499, 500, 999, 1_000, 5_000, usize::MAX] {
            let found = first(rows.iter().copied(), wanted, |a, b| b.cmp(a));
            let expected: Vec<usize> = (0..1_000).rev().take(wanted).collect();
            assert_eq!(found, expected, "{wanted}");
        }
    }
}
