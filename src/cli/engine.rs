//! Arguments of `gardener build`, with those of engines.

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
#[command(next_help_heading = "Count entries without loading them")]
pub struct EngineArgs {
    /// Engine that counts the entries: `duckdb` (NDJSON and Parquet files, in this process), `sail` (the same files, on a
    /// server) or `bigquery` (tables of a sink or of Log Analytics) [default: none, the loaded entries are used]
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(engine::names()), requires = "source")]
    pub engine: Option<String>,
    /// Path or pattern of files, such as `gs://bucket/logs/*.json`, or table, `project.dataset.table`; repeat the option for
    /// several sources
    #[arg(long, value_name = "SOURCE", requires = "engine")]
    pub source: Vec<String>,
    /// Start of the time span: `2025-09-14` or `2025-09-14T10:00:00Z`
    #[arg(long, value_name = "TIME", requires = "engine")]
    pub from: Option<String>,
    /// End of the time span
    #[arg(long, value_name = "TIME", requires = "engine")]
    pub to: Option<String>,
    /// Time zone of --from and --to [default: UTC]
    #[arg(long, value_name = "ZONE", requires = "engine")]
    pub tz: Option<String>,
    /// Print how many bytes the queries would read, without running them (BigQuery)
    #[arg(long, requires = "engine")]
    pub dry_run: bool,
    /// Maximum number of distinct messages; messages that differ only in numbers or long ids count as one
    #[arg(long, value_name = "COUNT", default_value_t = MESSAGES, requires = "engine")]
    pub messages: u64,
    /// Maximum number of entries of NOTICE and above to fetch
    #[arg(long, value_name = "COUNT", default_value_t = FETCHED, requires = "engine")]
    pub fetch: u64,
    /// Server address, `grpc://host:port` or `grpc+tls://host:port` (Sail)
    #[arg(long, value_name = "URL", requires = "engine")]
    pub url: Option<String>,
    /// User name on the server; the password is read from GARDENER_PASSWORD, a bearer token from GARDENER_TOKEN (Sail)
    #[arg(long, value_name = "NAME", requires = "engine")]
    pub user: Option<String>,
    /// Project that is billed for the queries (BigQuery)
    #[arg(long, value_name = "PROJECT", requires = "engine")]
    pub project: Option<String>,
    /// Location of the dataset, such as `EU` (BigQuery) [default: looked up]
    #[arg(long, value_name = "LOCATION", requires = "engine")]
    pub location: Option<String>,
    /// Maximum number of bytes that one query may be billed for (BigQuery)
    #[arg(long, value_name = "BYTES", default_value_t = BILLED_BYTES, requires = "engine")]
    pub max_bytes_billed: u64,
}
