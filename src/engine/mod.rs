//! Engines: where entries lie that are not loaded, and what can count them there.
//!
//! An engine answers queries; it never writes. [`dialect`] puts the queries of `sql/engine` into its words, [`pull`] asks
//! them and lays what comes back into the same tables that loading fills, so that everything after is one and the same.
//!
//! A new engine is one file here, one line in [`ENGINES`], and its words in `sql/engine/macros`.

#[cfg(feature = "bigquery")]
mod bigquery;
mod dialect;
mod duckdb;
mod groups;
mod options;
pub mod pull;
#[cfg(feature = "sail")]
mod sail;
#[cfg(test)]
mod tests;

use anyhow::{Result, anyhow};
use arrow::array::RecordBatch;

pub use options::{BILLED_BYTES, FETCHED, MESSAGES, Options};

/// A source as an engine has it.
#[derive(Debug, Clone)]
pub struct Attached {
    /// How a query names it.
    pub relation: String,
    /// Which of the files in `sql/engine/sources` brings it to the common columns.
    pub form: &'static str,
    /// Whether rows name all columns of a table, with NULL for what an entry lacks.
    pub is_table: bool,
    /// Its columns with their types, where the form needs to know them; `resource.type` is one inside another.
    pub columns: Vec<(String, String)>,
}

pub trait Engine: Send {
    /// Looks at a source without reading its entries; an error says what is missing.
    fn attach(&mut self, source: &str) -> Result<Attached>;

    /// Runs a query and hands its rows over as they come; answers how many bytes they were on the way.
    fn query(&mut self, sql: &str, take: &mut dyn FnMut(RecordBatch) -> Result<()>) -> Result<u64>;

    /// How many bytes a query would read, where the engine tells without running it.
    fn estimate(&mut self, sql: &str) -> Result<Option<u64>>;
}

type Connect = fn(&Options) -> Result<Box<dyn Engine>>;

struct Known {
    /// Of its dialect, too.
    name: &'static str,
    /// None: it was not compiled in.
    connect: Option<Connect>,
}

const ENGINES: &[Known] = &[
    Known { name: "duckdb", connect: Some(|_| duckdb::DuckDb::connect()) },
    #[cfg(feature = "sail")]
    Known { name: "sail", connect: Some(sail::Sail::connect) },
    #[cfg(not(feature = "sail"))]
    Known { name: "sail", connect: None },
    #[cfg(feature = "bigquery")]
    Known { name: "bigquery", connect: Some(bigquery::BigQuery::connect) },
    #[cfg(not(feature = "bigquery"))]
    Known { name: "bigquery", connect: None },
];

pub fn names() -> impl Iterator<Item = &'static str> {
    ENGINES.iter().map(|known| known.name)
}

/// Connects to an engine by its name; answers the name as it is kept.
pub fn connect(name: &str, options: &Options) -> Result<(&'static str, Box<dyn Engine>)> {
    let known = ENGINES.iter().find(|known| known.name == name).ok_or_else(|| {
        anyhow!("no engine is called `{name}`\n\nhint: available: {}", names().collect::<Vec<_>>().join(", "))
    })?;
    let connect = known.connect.ok_or_else(|| {
        anyhow!(
            "this gardener was built without the engine `{name}`\n\nhint: `cargo install --path . --features {name}` builds one with it"
        )
    })?;
    Ok((known.name, connect(options)?))
}
