//! The list of saved and built-in queries.

use anyhow::{Result, bail};
use serde::Serialize;
use serde_json::{Value, json};

use super::{formats::RowFormat, library::Query};
use crate::text::{
    escape::one_line,
    list::{self, ListFormat, rest, spare, words},
};

pub fn print_list(queries: &[Query], format: RowFormat) -> Result<()> {
    let format = match format {
        RowFormat::Table => ListFormat::Table,
        RowFormat::Markdown => ListFormat::Markdown,
        RowFormat::Json => ListFormat::Json,
        RowFormat::Csv => ListFormat::Csv,
        RowFormat::SafeCsv => ListFormat::SafeCsv,
        RowFormat::Ndjson | RowFormat::Vertical | RowFormat::Parquet => {
            bail!("a list of queries can only be a table, Markdown, JSON or CSV");
        }
    };
    let rows: Vec<Row> = queries.iter().map(row).collect();
    let columns = [
        words("query", |row: &Row| one_line(&row.query, 60)),
        spare("from", |row: &Row| one_line(row.from, 10)),
        words("takes", |row: &Row| one_line(&row.takes, 24)),
        rest("answers", |row: &Row| one_line(&row.answers, 400)),
    ];
    list::print(&rows, &columns, format)
}

#[derive(Serialize)]
struct Row {
    query: String,
    from: &'static str,
    takes: String,
    answers: String,
    parameters: Vec<Value>,
}

/// A query as a row; values that have a default stand in brackets.
fn row(query: &Query) -> Row {
    let header = query.header();
    let takes = header.params.iter().map(|param| match param.default {
        Some(_) => format!("[{}]", param.name),
        None => param.name.clone(),
    });
    let parameters = header
        .params
        .iter()
        .map(|param| json!({"name": param.name, "default": param.default, "meaning": param.meaning}));
    Row {
        query: query.name.clone(),
        from: if query.is_built_in { "built in" } else { "saved" },
        takes: takes.collect::<Vec<_>>().join(", "),
        answers: header.summary().to_owned(),
        parameters: parameters.collect(),
    }
}
