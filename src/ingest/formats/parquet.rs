//! Parquet, as BigQuery and Log Analytics export tables: DuckDB reads it, row by row as JSON.
//!
//! A Parquet file is read from its end, so it is laid down as a file of its own first, wherever it came from. Its
//! pieces are counted in rows.

use std::io::{self, Read, Write};

use arrow::array::AsArray;
use duckdb::Connection;
use serde_json::Value;

use super::Form;
use crate::ingest::blocks::Blocks;

pub(super) const FORM: Form = Form {
    name: "parquet",
    about: "Parquet of a BigQuery sink's table or of Log Analytics' `_AllLogs`",
    sample: "PAR1 ... PAR1",
    detect: |head| head.starts_with(b"PAR1"),
    cut,
    decode: None,
};

fn cut(input: &mut dyn Read, blocks: &mut Blocks<'_>) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new()?;
    io::copy(input, &mut file)?;
    file.flush()?;
    let path = file.path().display().to_string();
    let mut rows = 0;
    let result = read(&path, blocks, &mut rows);
    if result.is_err() {
        // what came before the fault is all there is
        blocks.content = Some(rows);
    }
    blocks.flush()?;
    result.map_err(|error| io::Error::other(error.to_string().lines().next().unwrap_or_default()))
}

fn read(path: &str, blocks: &mut Blocks<'_>, row: &mut u64) -> anyhow::Result<()> {
    let connection = Connection::open_in_memory()?;
    connection.execute_batch("set threads = 1; set memory_limit = '256MB'; set preserve_insertion_order = true")?;
    let count = "select coalesce(sum(num_rows), 0)::ubigint from parquet_file_metadata(?)";
    blocks.content = Some(connection.query_row(count, [path], |row| row.get(0))?);
    let mut statement = connection.prepare("select to_json(entry)::varchar from read_parquet(?) as entry")?;
    let batches = statement.stream_arrow([path])?;
    for batch in batches {
        for text in batch?.column(0).as_string::<i32>() {
            *row += 1;
            blocks.begin(*row, *row - 1, 0);
            blocks.extend_decoded(without_nulls(text.unwrap_or("{}")).as_bytes(), 1);
            blocks.end()?;
        }
    }
    Ok(())
}

/// A table has a column for every key that any entry has; what is NULL was not in the entry.
pub fn without_nulls(text: &str) -> String {
    match serde_json::from_str(text) {
        Ok(mut value) => {
            prune(&mut value);
            value.to_string()
        }
        Err(_) => text.to_owned(),
    }
}

fn prune(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| {
                prune(member);
                !(member.is_null() || member.as_object().is_some_and(serde_json::Map::is_empty))
            });
        }
        Value::Array(items) => items.iter_mut().for_each(prune),
        _ => {}
    }
}
