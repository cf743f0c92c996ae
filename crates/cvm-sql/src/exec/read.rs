//! The rows of a table, into memory: as many as are allowed there.

use arrow::array::RecordBatch;
use cvm_core::{Code, Diagnostic, Diagnostics};
use datafusion::common::{Column, TableReference};
use datafusion::logical_expr::{Expr, col};
use futures::StreamExt;

use super::{Session, failed};

impl Session {
    /// The columns of a table, batch by batch; `None` where there is no such table. No more bytes are read than allowed.
    ///
    /// # Errors
    /// [`Code::MemoryBudget`] as soon as the rows take more bytes than `most`; what can't be read.
    pub async fn read(
        &self,
        table: &str,
        columns: &[&str],
        most: usize,
    ) -> Result<Option<Vec<RecordBatch>>, Diagnostics> {
        let reference = || TableReference::bare(table.to_owned());
        if !self.context().table_exist(reference()).map_err(|e| failed(&e))? {
            return Ok(None);
        }
        let columns: Vec<Expr> = columns.iter().map(|name| col(Column::from_name(*name))).collect();
        let frame = self.context().table(reference()).await.and_then(|frame| frame.select(columns));
        let mut rows = frame.map_err(|e| failed(&e))?.execute_stream().await.map_err(|e| failed(&e))?;
        let (mut read, mut bytes) = (Vec::new(), 0);
        while let Some(batch) = rows.next().await {
            let batch = batch.map_err(|e| failed(&e))?;
            bytes += batch.get_array_memory_size();
            if bytes > most {
                let message =
                    format!("the rows of the table `{table}` take more than the {most} bytes that are left for them");
                return Err(Diagnostic::error(Code::MemoryBudget, "", message).into());
            }
            read.push(batch);
        }
        Ok(Some(read))
    }
}
