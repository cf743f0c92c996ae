//! Writes what CVM makes of the inputs, one statement a line, for the report to count and to compare: the filter for
//! PostgreSQL, before and after, and the sets of predicates for SQLite. `cargo run --example optimized -- DIRECTORY`.

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use cvm_benches::{Input, Predicates, SETS};
use cvm_core::optimize;
use cvm_sql::Dialect;

fn main() -> Result<(), Box<dyn Error>> {
    let directory: PathBuf = std::env::args_os().nth(1).ok_or("which directory?")?.into();
    fs::create_dir_all(&directory)?;
    let input = Input::read()?;
    let smaller = optimize(&input.filter, &input.catalog).filter;
    fs::write(directory.join("filter.sql"), input.sql_of(&smaller, Dialect::PostgreSql, false)?.sql)?;
    let mut conditions = format!("filter {} {}\n", input.filter.leaf_count(), smaller.leaf_count());
    for set in SETS {
        let Some(predicates) = Predicates::read(set)? else { continue };
        fs::write(directory.join(format!("{set}.sql")), predicates.sql_to_sql()?.join("\n"))?;
        let before: usize = predicates.filters.iter().map(|filter| filter.leaf_count()).sum();
        conditions.push_str(&format!("{set} {before} {}\n", predicates.optimize()));
    }
    // The model's own conditions, of which one may be two in SQL: `x != 3` is also true where `x` is missing.
    fs::write(directory.join("conditions.txt"), conditions)?;
    Ok(())
}
