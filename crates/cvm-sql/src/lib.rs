//! Customer filters as SQL, with exactly the meaning of `cvm-core`.
//!
//! A filter is bound to a catalog, brought into negation normal form, and built as a `sqlparser` tree for one dialect;
//! the same tree is printed as text or, with the feature `exec`, run by DataFusion without a detour through text.
//!
//! ```
//! use cvm_core::{Catalog, Timestamp};
//! use cvm_sql::{Dialect, SqlOptions, Statement, to_sql};
//!
//! let catalog = Catalog::from_json(r#"{"customers": {"table": "crm.customers", "key": "id", "fields": [
//!     {"name": "id", "type": "int", "nullable": false}, {"name": "city", "type": "string"}]}}"#)?;
//! let as_of = Timestamp::from_micros(0).expect("1970");
//! let filter = "city not in ('Paris', 'L''Aquila')".parse()?;
//! let options = SqlOptions { parameters: false, ..SqlOptions::new(Dialect::PostgreSql, Statement::Members) };
//! let query = to_sql(&filter, &catalog, as_of, &options)?;
//! assert_eq!(
//!     query.sql,
//!     r#"SELECT c."id" FROM "crm"."customers" AS c WHERE c."city" NOT IN ('Paris', 'L''Aquila') OR c."city" IS NULL"#);
//! # Ok::<(), cvm_core::Diagnostics>(())
//! ```

mod build;
mod dialect;
mod export;
mod funnel;
pub mod import;
mod query;
mod statement;

#[cfg(feature = "exec")]
pub mod exec;

pub use build::Clock;
pub use dialect::{Dialect, Placeholders};
pub use export::Target;
pub use import::{ImportDialect, from_sql};
pub use query::{Query, SqlOptions, to_sql};
pub use statement::{Direction, Preview, Statement};
