//! The rows of a customer: events by time, related rows as they came.

use std::sync::Arc;

use arrow::array::{ArrayRef, UInt32Array};
use arrow::buffer::ScalarBuffer;
use arrow::compute::{concat, take};
use cvm_core::{Code, Diagnostic, Diagnostics, FieldType};

use crate::column::{Column, Values};
use crate::keys::Keys;
use crate::read;
use crate::recent::Recent;
use crate::table::Table;

/// Rows sorted by customer, and events by time within: those of one customer lie side by side.
#[derive(Debug)]
pub(crate) struct Stream {
    pub(crate) table: Table,
    /// When each event was; `None` for related tables.
    pub(crate) times: Option<Column>,
    /// Where the rows of each customer begin; one more for the end.
    pub(crate) starts: ScalarBuffer<u32>,
    /// The last times of each customer, as far as they were asked for.
    pub(crate) recent: Arc<Recent>,
}

/// The columns of rows before they are sorted.
pub(crate) struct Unsorted<'a> {
    /// Batch by batch, the customer's key, already of its type.
    pub(crate) keys: Vec<ArrayRef>,
    /// When, and its type.
    pub(crate) times: Option<(Vec<ArrayRef>, &'a FieldType)>,
    /// The columns with name and type.
    pub(crate) columns: Vec<(&'a str, Vec<ArrayRef>, &'a FieldType)>,
}

impl Stream {
    /// The rows of customers who are there; events without a time never count and are left out.
    pub(crate) fn new(rows: Unsorted<'_>, keys: &Keys, customers: usize) -> Result<Self, Diagnostics> {
        let owners: Vec<Option<u32>> = rows.keys.iter().flat_map(|array| keys.rows_of(array)).collect();
        if u32::try_from(owners.len()).is_err() {
            let message = format!("{} rows in one stream are more than an index holds (2^32)", owners.len());
            return Err(Diagnostic::error(Code::NotSupported, "", message).into());
        }
        let times = match &rows.times {
            Some((arrays, ty)) => Some(read::column("time", arrays, ty)?),
            None => None,
        };
        let counts =
            |row: usize| times.as_ref().is_none_or(|times| times.present.as_ref().is_none_or(|there| there.holds(row)));
        // By counting: how many rows each customer has, where they begin, and then each row to its place.
        let mut starts = vec![0_u32; customers + 1];
        let owned = || (0_u32..).zip(&owners).filter_map(|(row, owner)| Some((row, (*owner)? as usize)));
        for (row, owner) in owned() {
            if let (true, Some(count)) = (counts(row as usize), starts.get_mut(owner + 1)) {
                *count += 1;
            }
        }
        let mut end = 0;
        for start in &mut starts {
            end += *start;
            *start = end;
        }
        let mut order = vec![0_u32; end as usize];
        let mut next = starts.clone();
        for (row, owner) in owned() {
            if let (true, Some(place)) = (counts(row as usize), next.get_mut(owner)) {
                if let Some(slot) = order.get_mut(*place as usize) {
                    *slot = row;
                }
                *place += 1;
            }
        }
        if let Some(Values::Ints(times)) = times.as_ref().map(|times| &times.values) {
            for pair in starts.windows(2) {
                let [from, to] = pair else { continue };
                if let Some(own) = order.get_mut(*from as usize..*to as usize)
                    && !own.is_sorted_by_key(|row| times.get(*row as usize))
                {
                    own.sort_by_key(|row| times.get(*row as usize));
                }
            }
        }
        let order = UInt32Array::from(order);
        let sorted = |name: &str, arrays: &[ArrayRef], ty: &FieldType| -> Result<Column, Diagnostics> {
            let failed = |error: arrow::error::ArrowError| {
                Diagnostics::from(Diagnostic::error(Code::Execution, "", format!("the column `{name}`: {error}")))
            };
            let arrays: Vec<&dyn arrow::array::Array> = arrays.iter().map(AsRef::as_ref).collect();
            if arrays.is_empty() {
                return read::column(name, &[], ty);
            }
            let whole = concat(&arrays).map_err(failed)?;
            read::column(name, &[take(&whole, &order, None).map_err(failed)?], ty)
        };
        let times = match &rows.times {
            Some((arrays, ty)) => Some(sorted("time", arrays, ty)?),
            None => None,
        };
        let columns = rows.columns.iter().map(|(name, arrays, ty)| sorted(name, arrays, ty));
        let table = Table { columns: columns.collect::<Result<_, _>>()?, len: order.len() };
        Ok(Self { table, times, starts: starts.into(), recent: Arc::default() })
    }

    /// Where a customer's rows begin and end.
    #[inline]
    pub(crate) fn of(&self, customer: usize) -> (usize, usize) {
        let place = |at: usize| self.starts.get(at).map_or(0, |start| *start as usize);
        (place(customer), place(customer + 1))
    }

    pub(crate) fn bytes(&self) -> usize {
        self.table.bytes() + self.times.as_ref().map_or(0, Column::bytes) + self.starts.len() * 4 + self.recent.bytes()
    }
}
