//! What must be known of a table before it is used: whether keys are unique, which values a column has.

use std::sync::Arc;

use arrow::array::{Array, AsArray};
use arrow::datatypes::Int64Type;
use cvm_core::{Diagnostics, FieldType, Value};
use datafusion::common::Column;
use datafusion::common::TableReference;
use datafusion::functions_aggregate::expr_fn::{count, count_distinct};
use datafusion::logical_expr::{Expr, col, lit};

use super::{Session, failed, value_at};

/// How a column stands as a key.
#[derive(Debug, Clone, Default)]
pub struct KeyFacts {
    /// Rows in all.
    pub rows: u64,
    /// Rows without a value.
    pub missing: u64,
    /// Different values.
    pub distinct: u64,
    /// Some values that stand twice, with how often.
    pub repeated: Vec<(Value, u64)>,
}

impl KeyFacts {
    /// Never missing, never twice.
    #[must_use]
    pub fn is_key(&self) -> bool {
        self.missing == 0 && self.distinct == self.rows
    }
}

fn column(name: &str) -> Expr {
    col(Column::from_name(name))
}

impl Session {
    /// How a column of a table stands as a key.
    ///
    /// # Errors
    /// What can't be read.
    pub async fn key_facts(&self, table: &str, key: &str, ty: &FieldType) -> Result<KeyFacts, Diagnostics> {
        let frame = self.context().table(TableReference::bare(table.to_owned())).await.map_err(|e| failed(&e))?;
        let facts = frame
            .clone()
            .aggregate(
                vec![],
                vec![
                    count(lit(1)).alias("rows"),
                    count(column(key)).alias("set"),
                    count_distinct(column(key)).alias("distinct"),
                ],
            )
            .map_err(|e| failed(&e))?
            .collect()
            .await
            .map_err(|e| failed(&e))?;
        let number = |i: usize| -> u64 {
            let batch = facts.first();
            let value =
                batch.and_then(|b| b.columns().get(i)?.as_primitive_opt::<Int64Type>()?.iter().next().flatten());
            u64::try_from(value.unwrap_or(0)).unwrap_or(0)
        };
        let mut found =
            KeyFacts { rows: number(0), missing: number(0) - number(1), distinct: number(2), repeated: Vec::new() };
        if found.distinct + found.missing < found.rows {
            let times = column("times");
            let repeated = frame
                .aggregate(vec![column(key)], vec![count(lit(1)).alias("times")])
                .and_then(|f| f.filter(times.clone().gt(lit(1)).and(column(key).is_not_null())))
                .and_then(|f| f.sort(vec![times.sort(false, false), column(key).sort(true, false)]))
                .and_then(|f| f.limit(0, Some(3)))
                .map_err(|e| failed(&e))?
                .collect()
                .await
                .map_err(|e| failed(&e))?;
            for batch in &repeated {
                let [keys, times] = batch.columns() else { continue };
                let Some(times) = times.as_primitive_opt::<Int64Type>() else { continue };
                for row in 0..batch.num_rows() {
                    found.repeated.push((value_at(keys, row, ty), u64::try_from(times.value(row)).unwrap_or(0)));
                }
            }
        }
        Ok(found)
    }

    /// The different values of a text column with how often each stands, the most frequent first, at most `most`.
    ///
    /// # Errors
    /// What can't be read.
    pub async fn distinct(&self, table: &str, name: &str, most: usize) -> Result<Vec<(Value, u64)>, Diagnostics> {
        let frame = self.context().table(TableReference::bare(table.to_owned())).await.map_err(|e| failed(&e))?;
        let batches = frame
            .aggregate(vec![column(name)], vec![count(lit(1)).alias("times")])
            .and_then(|f| f.sort(vec![column("times").sort(false, false), column(name).sort(true, false)]))
            .and_then(|f| f.limit(0, Some(most)))
            .map_err(|e| failed(&e))?
            .collect()
            .await
            .map_err(|e| failed(&e))?;
        let mut values = Vec::new();
        for batch in &batches {
            let [names, times] = batch.columns() else { continue };
            let Some(times) = times.as_primitive_opt::<Int64Type>() else { continue };
            for row in 0..names.len() {
                let value = value_at(&Arc::clone(names), row, &FieldType::String);
                values.push((value, u64::try_from(times.value(row)).unwrap_or(0)));
            }
        }
        Ok(values)
    }
}
