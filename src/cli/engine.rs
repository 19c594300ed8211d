//! Options of `gardener build` for entries that stay where they are.

use clap::{Args, builder::PossibleValuesParser};

use crate::engine::{self, BILLED_BYTES, FETCHED, MESSAGES};

use super::{ConfigArgs, DatabaseArgs};

#[derive(Debug, Args)]
pub struct BuildArgs {
    #[command(flatten)]
    pub database: DatabaseArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
    #[command(flatten)]
    pub engine: EngineArgs,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Entries that stay where they are")]
pub struct EngineArgs {
    /// What counts them: DuckDB in this process, a Sail server (both NDJSON or Parquet), or BigQuery (a sink's tables or Log
    /// Analytics); without, the entries that were loaded are built
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(engine::names()), requires = "source")]
    pub engine: Option<String>,
    /// Where they lie: a path or pattern, `gs://bucket/logs/*.json`, or `project.dataset.table`; several are put together
    #[arg(long, value_name = "SOURCE", requires = "engine")]
    pub source: Vec<String>,
    /// From this time on: `2025-09-14` or `2025-09-14T10:00:00Z`
    #[arg(long, value_name = "TIME", requires = "engine")]
    pub from: Option<String>,
    /// Up to this time
    #[arg(long, value_name = "TIME", requires = "engine")]
    pub to: Option<String>,
    /// The zone that times are read in [default: UTC]
    #[arg(long, value_name = "ZONE", requires = "engine")]
    pub tz: Option<String>,
    /// Say what would be read, in bytes, and do nothing (BigQuery)
    #[arg(long, requires = "engine")]
    pub dry_run: bool,
    /// At most so many distinct messages, numbers and long ids left aside
    #[arg(long, value_name = "COUNT", default_value_t = MESSAGES, requires = "engine")]
    pub messages: u64,
    /// Fetch at most so many entries of NOTICE and above
    #[arg(long, value_name = "COUNT", default_value_t = FETCHED, requires = "engine")]
    pub fetch: u64,
    /// The server: `grpc://host:port` or `grpc+tls://host:port` (Sail); of a test server (BigQuery)
    #[arg(long, value_name = "URL", requires = "engine")]
    pub url: Option<String>,
    /// The user at the server, with the password of GARDENER_PASSWORD; a bearer token is read from GARDENER_TOKEN
    #[arg(long, value_name = "NAME", requires = "engine")]
    pub user: Option<String>,
    /// The project that queries are billed to (BigQuery)
    #[arg(long, value_name = "PROJECT", requires = "engine")]
    pub project: Option<String>,
    /// Where the dataset is, such as `EU` (BigQuery) [default: found by its name]
    #[arg(long, value_name = "LOCATION", requires = "engine")]
    pub location: Option<String>,
    /// No query may be billed for more bytes than this (BigQuery)
    #[arg(long, value_name = "BYTES", default_value_t = BILLED_BYTES, requires = "engine")]
    pub max_bytes_billed: u64,
}
