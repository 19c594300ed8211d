//! `gardener sql`.

use clap::{Args, ValueEnum};

use super::Database;

#[derive(Debug, Args)]
pub struct SqlArgs {
    #[command(flatten)]
    pub database: Database,
    /// Let the query read and write files, attach databases, load extensions and change the database
    #[arg(long = "unsafe")]
    pub is_unsafe: bool,
    #[arg(long, value_enum, default_value_t = RowFormat::Table)]
    pub format: RowFormat,
    /// The query; without one it is read from standard input
    pub query: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RowFormat {
    Table,
    Csv,
    Json,
    Ndjson,
}
