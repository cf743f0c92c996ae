//! Writes what the peers read: the filter as compact JSON, and the statements that CVM makes of it for PostgreSQL and
//! DataFusion, with literals. `cargo run --example peer_inputs -- DIRECTORY`.

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use cvm_benches::Input;
use cvm_sql::Dialect;

fn main() -> Result<(), Box<dyn Error>> {
    let directory: PathBuf = std::env::args_os().nth(1).ok_or("which directory?")?.into();
    let input = Input::read()?;
    fs::create_dir_all(&directory)?;
    fs::write(directory.join("filter.json"), &input.json)?;
    fs::write(directory.join("statement.sql"), input.sql(Dialect::PostgreSql, false)?.sql)?;
    fs::write(directory.join("datafusion.sql"), input.sql(Dialect::DataFusion, false)?.sql)?;
    Ok(())
}
