//! The list of saved and built-in queries.

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::{formats::RowFormat, library::Query};
use crate::text::list::{self, ListFormat, rest, spare, text, words};

pub fn print_list(queries: &[Query], format: RowFormat) -> Result<()> {
    let format = match format {
        RowFormat::Table => ListFormat::Table,
        RowFormat::Markdown => ListFormat::Markdown,
        RowFormat::Json => ListFormat::Json,
        RowFormat::Csv => ListFormat::Csv,
        RowFormat::Ndjson | RowFormat::Parquet => {
            bail!("a list of queries is a table, Markdown, JSON or CSV");
        }
    };
    let rows: Vec<Value> = queries.iter().map(row).collect();
    let columns = [
        words("query", |row| text(row, "query", 60)),
        spare("from", |row| text(row, "from", 10)),
        words("takes", |row| text(row, "takes", 60)),
        rest("answers", |row| text(row, "answers", 400)),
    ];
    list::print(&rows, &columns, format)
}

/// A query as a row; values that have a default stand in brackets.
fn row(query: &Query) -> Value {
    let header = query.header();
    let takes = header.params.iter().map(|param| match param.default {
        Some(_) => format!("[{}]", param.name),
        None => param.name.clone(),
    });
    json!({
        "query": query.name,
        "from": if query.is_built_in { "built in" } else { "saved" },
        "takes": takes.collect::<Vec<_>>().join(", "),
        "answers": header.summary(),
        "parameters": header.params.iter().map(|param| json!({
            "name": param.name, "default": param.default, "meaning": param.meaning,
        })).collect::<Vec<_>>(),
    })
}
