//! The rows of a catalog's tables, gathered for an index: of all customers, or of a sample that fits.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use arrow::datatypes::Int64Type;
use cvm_core::{Catalog, Code, Diagnostic, Diagnostics};
use cvm_index::{Index, IndexBuilder};
use cvm_sql::exec::Session;

/// The index of some customers, all others left out.
#[derive(Debug)]
pub(super) struct Sample {
    pub(super) index: Index,
    /// How many customers there are in all.
    pub(super) of: u64,
}

/// What is wanted of a table.
#[derive(Default)]
struct Wanted<'c> {
    columns: Vec<&'c str>,
    /// The columns with a customer's key.
    keys: Vec<&'c str>,
}

/// The columns of each table that an index is made of.
fn wanted(catalog: &Catalog) -> BTreeMap<&str, Wanted<'_>> {
    let mut tables: BTreeMap<&str, Wanted<'_>> = BTreeMap::new();
    let customers = &catalog.customers;
    let own = tables.entry(&customers.table).or_default();
    own.keys.push(&customers.key);
    own.columns.extend(customers.fields.iter().map(|field| field.name.as_str()));
    for stream in &catalog.events {
        let own = tables.entry(&stream.table).or_default();
        own.keys.push(&stream.customer);
        own.columns.push(&stream.time);
        own.columns.extend(stream.name_column.as_deref());
        own.columns.extend(stream.fields.iter().map(|field| field.name.as_str()));
    }
    for table in &catalog.related {
        let own = tables.entry(&table.table).or_default();
        own.keys.push(&table.customer);
        own.columns.extend(table.fields.iter().map(|field| field.name.as_str()));
    }
    for own in tables.values_mut() {
        own.columns.extend(&own.keys);
        own.columns.sort_unstable();
        own.columns.dedup();
    }
    tables
}

fn bytes_of(batches: &[RecordBatch]) -> usize {
    batches.iter().map(RecordBatch::get_array_memory_size).sum()
}

/// Reads the tables of a catalog and makes the index of all their rows.
pub(super) async fn build(session: &Session, catalog: &Arc<Catalog>, budget: usize) -> Result<Index, Diagnostics> {
    let mut tables = Vec::new();
    let mut left = budget;
    for (table, wanted) in wanted(catalog) {
        let mut rows = Vec::new();
        let there = session
            .read(table, &wanted.columns, &mut |batch| {
                left = left.checked_sub(batch.get_array_memory_size()).ok_or_else(|| {
                    let message =
                        format!("the rows that are loaded take more than the {budget} bytes of memory for the index");
                    Diagnostic::error(Code::MemoryBudget, "", message)
                        .help("allow more (`index_memory`); until then questions are answered from the tables")
                })?;
                rows.push(batch);
                Ok(())
            })
            .await?;
        if there {
            tables.push((table.to_owned(), rows));
        }
    }
    made(catalog, tables, budget).await
}

async fn made(
    catalog: &Arc<Catalog>,
    tables: Vec<(String, Vec<RecordBatch>)>,
    budget: usize,
) -> Result<Index, Diagnostics> {
    let builder = IndexBuilder::new(Arc::clone(catalog)).memory_budget(budget);
    let builder = tables.into_iter().fold(builder, |builder, (name, rows)| builder.table(&name, rows));
    let made = tokio::task::spawn_blocking(|| builder.build()).await;
    made.map_err(|error| Diagnostic::error(Code::Execution, "", format!("the index: {error}")))?
}

/// Reads the tables of a catalog and makes the index of as many customers as fit half of the memory, chosen by what their
/// keys hash to: whoever is in is there with all rows.
pub(super) async fn sample(
    session: &Session,
    catalog: &Arc<Catalog>,
    budget: usize,
    seed: u64,
) -> Result<Sample, Diagnostics> {
    let most = budget / 2;
    let mut chosen = Chosen { seed, below: u64::MAX };
    let mut tables: Vec<(String, Vec<&str>, Vec<RecordBatch>)> = Vec::new();
    let mut of = 0;
    for (table, wanted) in wanted(catalog) {
        tables.push((table.to_owned(), wanted.keys, Vec::new()));
        let mut bytes: usize = tables.iter().map(|(.., rows)| bytes_of(rows)).sum();
        session
            .read(table, &wanted.columns, &mut |batch| {
                if table == catalog.customers.table {
                    of += batch.num_rows() as u64;
                }
                let Some((_, keys, rows)) = tables.last_mut() else { return Ok(()) };
                let batch = chosen.of(&batch, keys)?;
                bytes += batch.get_array_memory_size();
                rows.push(batch);
                while bytes > most && chosen.below > 0 {
                    // Half of them, and everywhere the same half.
                    chosen.below /= 2;
                    for (_, keys, rows) in &mut tables {
                        let fewer = rows.iter().map(|batch| chosen.of(batch, keys));
                        *rows = fewer.collect::<Result<_, _>>()?;
                        rows.retain(|batch| batch.num_rows() > 0);
                    }
                    bytes = tables.iter().map(|(.., rows)| bytes_of(rows)).sum();
                }
                Ok(())
            })
            .await?;
    }
    let tables = tables.into_iter().map(|(name, _, rows)| (name, rows)).collect();
    Ok(Sample { index: made(catalog, tables, budget).await?, of })
}

/// Who is in a sample.
#[derive(Debug, Clone, Copy)]
struct Chosen {
    seed: u64,
    /// Those whose keys hash to less.
    below: u64,
}

impl Chosen {
    /// The rows of those who are in; with several keys, of anyone's.
    fn of(&self, batch: &RecordBatch, keys: &[&str]) -> Result<RecordBatch, Diagnostics> {
        let columns: Vec<&ArrayRef> = keys.iter().filter_map(|key| batch.column_by_name(key)).collect();
        let rows: BooleanArray =
            (0..batch.num_rows()).map(|row| Some(columns.iter().any(|keys| self.holds(keys, row)))).collect();
        filter_record_batch(batch, &rows)
            .map_err(|error| Diagnostic::error(Code::Execution, "", error.to_string()).into())
    }

    fn holds(&self, keys: &ArrayRef, row: usize) -> bool {
        if keys.is_null(row) {
            return false;
        }
        if let Some(numbers) = keys.as_primitive_opt::<Int64Type>() {
            return mixed(self.seed ^ mixed(numbers.value(row).cast_unsigned())) < self.below;
        }
        // FNV-1a, mixed once more so that all bits depend on all letters.
        let text = keys.as_string_opt::<i32>().map_or("", |texts| texts.value(row));
        let hash = text
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        mixed(self.seed ^ mixed(hash)) < self.below
    }
}

/// The finaliser of SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", 2014).
fn mixed(number: u64) -> u64 {
    let z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
#[path = "gather_test.rs"]
mod test;
