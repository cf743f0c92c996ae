//! The two kinds of processes of a cluster.

use std::error::Error;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ballista::datafusion::common::Result as DataFusionResult;
use ballista::datafusion::execution::{FunctionRegistry, SessionState};
use ballista::datafusion::prelude::SessionConfig;
use ballista_core::registry::BallistaFunctionRegistry;
use ballista_core::utils::{default_config_producer, default_session_builder};
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::{SchedulerConfig, TaskDistributionPolicy};
use ballista_scheduler::scheduler_process::start_server;
use cvm::Session;

use crate::count::Counting;

/// How many executors `run.sh` starts.
pub const EXECUTORS: usize = 2;

/// Plans name functions; whoever reads or runs them must know ours.
fn state(config: SessionConfig) -> DataFusionResult<SessionState> {
    let mut state = default_session_builder(config)?;
    for function in Session::functions() {
        state.register_udf(Arc::new(function))?;
    }
    Ok(state)
}

/// Serves as the scheduler on a free port, which it writes into the folder.
pub async fn scheduler(folder: PathBuf) -> Result<(), Box<dyn Error>> {
    let port = free_port()?;
    let mut config = SchedulerConfig::default()
        .with_hostname(Ipv4Addr::LOCALHOST.to_string())
        .with_port(port)
        .with_task_distribution(TaskDistributionPolicy::RoundRobin)
        .with_override_session_builder(Arc::new(state));
    config.min_ready_executors = EXECUTORS;
    let cluster = BallistaCluster::new_from_config(&config).await?;
    // Under another name first, so that nobody reads half a number.
    let written = folder.join("scheduler.new");
    std::fs::write(&written, port.to_string())?;
    std::fs::rename(written, port_file(&folder))?;
    Ok(start_server(cluster, (Ipv4Addr::LOCALHOST, port).into(), Arc::new(config)).await?)
}

/// Serves as an executor of the scheduler whose port is in the folder, and notes each task that it is given.
pub async fn executor(folder: PathBuf, number: usize) -> Result<(), Box<dyn Error>> {
    let scheduler_port = port(&folder).await?;
    let shuffled = folder.join(format!("executor-{number}"));
    std::fs::create_dir_all(&shuffled)?;
    let config = ExecutorProcessConfig {
        executor_id: format!("executor-{number}"),
        port: free_port()?,
        grpc_port: free_port()?,
        scheduler_host: Ipv4Addr::LOCALHOST.to_string(),
        scheduler_port,
        scheduler_connect_timeout_seconds: 30,
        vcores: 2,
        work_dir: Some(shuffled.to_string_lossy().into_owned()),
        override_function_registry: Some(Arc::new(BallistaFunctionRegistry::from(&state(default_config_producer())?))),
        override_execution_engine: Some(Arc::new(Counting::into(&tasks_file(&folder, number))?)),
        ..ExecutorProcessConfig::default()
    };
    Ok(start_executor_process(Arc::new(config)).await?)
}

/// The scheduler's port, once it is written.
pub async fn port(folder: &Path) -> Result<u16, Box<dyn Error>> {
    for _ in 0..300 {
        if let Ok(text) = std::fs::read_to_string(port_file(folder)) {
            return Ok(text.parse()?);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err("the scheduler did not start within 30 seconds".into())
}

/// The file with a line for each task that an executor was given.
pub fn tasks_file(folder: &Path, executor: usize) -> PathBuf {
    folder.join(format!("executor-{executor}.tasks"))
}

fn port_file(folder: &Path) -> PathBuf {
    folder.join("scheduler.port")
}

/// A port that is free now. Ballista takes numbers, not sockets.
fn free_port() -> std::io::Result<u16> {
    Ok(std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
