//! DuckDB as an engine: files as they lie, in this process, without loading them.

use std::path::Path;

use anyhow::{Result, anyhow, bail};
use arrow::array::RecordBatch;
use duckdb::{Config, Connection};

use super::{Attached, Engine};
use crate::ingest::open::discover;

pub(super) struct DuckDb {
    connection: Connection,
}

impl DuckDb {
    pub(super) fn connect() -> Result<Box<dyn Engine>> {
        let config = Config::default()
            .enable_autoload_extension(false)?
            .with("autoinstall_known_extensions", "false")?
            .with("preserve_insertion_order", "false")?;
        Ok(Box::new(Self { connection: Connection::open_in_memory_with_flags(config)? }))
    }
}

impl Engine for DuckDb {
    fn attach(&mut self, source: &str) -> Result<Attached> {
        if source.contains("://") {
            bail!("DuckDB reads local files only: `{source}`\n\nhint: `--engine sail` reads buckets");
        }
        discover(&[source.to_owned()])?;
        let path = Path::new(source);
        let pattern = if path.is_dir() { path.join("**").join("*").display().to_string() } else { source.to_owned() };
        let name = format!("'{}'", pattern.replace('\'', "''"));
        let is_parquet = pattern.ends_with(".parquet");
        let relation = if is_parquet {
            format!("(select to_json(entry)::varchar as entry from read_parquet({name}) as entry)")
        } else {
            format!("(select json::varchar as entry from read_ndjson_objects({name}, ignore_errors = true))")
        };
        Ok(Attached { relation, form: "text", is_table: is_parquet, columns: Vec::new() })
    }

    fn query(&mut self, sql: &str, take: &mut dyn FnMut(RecordBatch) -> Result<()>) -> Result<u64> {
        let mut statement = self.connection.prepare(sql).map_err(told)?;
        let mut bytes = 0;
        for batch in statement.stream_arrow([]).map_err(told)? {
            let batch = batch.map_err(told)?;
            bytes += batch.get_array_memory_size() as u64;
            take(batch)?;
        }
        Ok(bytes)
    }

    fn estimate(&mut self, _sql: &str) -> Result<Option<u64>> {
        Ok(None)
    }
}

fn told(error: duckdb::Error) -> anyhow::Error {
    let text = error.to_string();
    anyhow!("{}", text.lines().take(2).collect::<Vec<_>>().join(" ")).context("DuckDB could not answer")
}
