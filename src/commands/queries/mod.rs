//! `gardener queries`: lists queries that are saved or built in, shows one, or runs one.

mod built_in;
pub mod library;

use std::process::ExitCode;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use self::library::Query;
use super::sql;
use crate::{
    cli::{ListFormat, QueriesArgs, RowFormat},
    text::{
        list::{self, rest, spare, text, words},
        terminal,
    },
};

pub fn run(args: &QueriesArgs) -> Result<ExitCode> {
    let folder = &args.folder.folder;
    let Some(name) = &args.name else {
        let answer = &args.answer;
        if answer.out.is_some() || !answer.param.is_empty() {
            bail!("a list of queries takes neither `--out` nor `--param`\n\nhint: name the query to run");
        }
        return print_list(&library::all(folder)?, answer.format());
    };
    let query = library::find(folder, name)?;
    if args.show {
        terminal::print(&query.text)?;
        return Ok(ExitCode::SUCCESS);
    }
    sql::answer(&args.database, &args.answer, false, &query.text)
}

pub fn print_list(queries: &[Query], format: RowFormat) -> Result<ExitCode> {
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
    list::print(&rows, &columns, format)?;
    Ok(ExitCode::SUCCESS)
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
