//! The rows of a table, batch by batch.

use arrow::array::RecordBatch;
use cvm_core::Diagnostics;
use datafusion::common::{Column, TableReference};
use datafusion::logical_expr::{Expr, col};
use futures::StreamExt;

use super::{Session, failed};

impl Session {
    /// Hands over the columns of a table, batch by batch, as long as they are taken. Says whether there is such a table.
    ///
    /// # Errors
    /// What `take` says, which ends the reading; what can't be read.
    pub async fn read(
        &self,
        table: &str,
        columns: &[&str],
        take: &mut (dyn FnMut(RecordBatch) -> Result<(), Diagnostics> + Send),
    ) -> Result<bool, Diagnostics> {
        let reference = || TableReference::bare(table.to_owned());
        if !self.context().table_exist(reference()).map_err(|e| failed(&e))? {
            return Ok(false);
        }
        let columns: Vec<Expr> = columns.iter().map(|name| col(Column::from_name(*name))).collect();
        let frame = self.context().table(reference()).await.and_then(|frame| frame.select(columns));
        let mut rows = frame.map_err(|e| failed(&e))?.execute_stream().await.map_err(|e| failed(&e))?;
        while let Some(batch) = rows.next().await {
            take(batch.map_err(|e| failed(&e))?)?;
        }
        Ok(true)
    }
}
