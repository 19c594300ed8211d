//! SQL for people: the database opened for reading only, statements and their parameters, answers in every format,
//! saved queries.

pub mod allowed;
pub mod answers;
pub mod built_in;
pub mod catalog;
pub mod connection;
pub mod file;
pub mod formats;
pub mod header;
pub mod hints;
pub mod library;
pub mod output;
pub mod params;
pub mod query;
pub mod query_list;
pub mod row;
pub mod sandbox;
pub mod statements;
pub mod time_limit;
pub mod tokens;

use anyhow::anyhow;

/// DuckDB's message with its excerpt and caret.
pub fn failed(message: &str) -> anyhow::Error {
    if message.starts_with("INTERRUPT Error") {
        return anyhow!("the query was cancelled");
    }
    anyhow!("{}", message.trim()).context("the query failed")
}
