//! What an executor was given to do, written down.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use ballista::datafusion::common::Result;
use ballista::datafusion::physical_plan::ExecutionPlan;
use ballista::datafusion::prelude::SessionConfig;
use ballista_core::JobId;
use ballista_executor::execution_engine::{DefaultExecutionEngine, ExecutionEngine, QueryStageExecutor};

/// Ballista's own engine, with a line in a file for each task.
pub struct Counting {
    engine: DefaultExecutionEngine,
    file: File,
}

impl Counting {
    /// Writes into this file.
    pub fn into(path: &Path) -> std::io::Result<Self> {
        Ok(Self { engine: DefaultExecutionEngine::new(), file: File::create(path)? })
    }
}

impl ExecutionEngine for Counting {
    fn create_query_stage_exec(
        &self,
        job_id: JobId,
        stage_id: usize,
        task_id: usize,
        global_output_partition_ids: Vec<usize>,
        plan: Arc<dyn ExecutionPlan>,
        work_dir: &str,
        config: &SessionConfig,
    ) -> Result<Arc<dyn QueryStageExecutor>> {
        // One write a line, so that a reader never sees half of one.
        let line = format!("{job_id} stage {stage_id} task {task_id} partitions {global_output_partition_ids:?}\n");
        (&self.file).write_all(line.as_bytes())?;
        self.engine.create_query_stage_exec(
            job_id,
            stage_id,
            task_id,
            global_output_partition_ids,
            plan,
            work_dir,
            config,
        )
    }
}
