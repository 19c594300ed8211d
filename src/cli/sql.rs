//! `gardener sql`.

use std::path::PathBuf;

use clap::Args;

use super::DatabaseArgs;
use crate::sql::{formats::RowFormat, params::pair};

#[derive(Debug, Args)]
pub struct SqlArgs {
    #[command(flatten)]
    pub database: DatabaseArgs,
    #[command(flatten)]
    pub answer: AnswerArgs,
    #[command(flatten)]
    pub folder: QueriesFolder,
    /// Let the query read and write files, attach databases, load extensions and change the database
    #[arg(long = "unsafe")]
    pub is_unsafe: bool,
    /// Read the query from a file; of several statements all run, and the last one's rows are the answer
    #[arg(short, long, value_name = "FILE", conflicts_with = "query")]
    pub file: Option<PathBuf>,
    /// Keep the query as a file of this name, for `gardener queries NAME`, and do not run it
    #[arg(long, value_name = "NAME", conflicts_with_all = ["param", "out"])]
    pub save: Option<String>,
    /// Save in place of a query of the same name
    #[arg(long, requires = "save")]
    pub force: bool,
    /// The query; without one it is read from standard input, or a shell opens if that is a terminal
    pub query: Option<String>,
}

/// What is put into a query, and what becomes of its rows.
#[derive(Debug, Args)]
pub struct AnswerArgs {
    /// A value for `$NAME` in the query, bound as text; may be given several times
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    pub param: Vec<(String, String)>,
    /// How rows are shown [default: by the ending of --out, else table]
    #[arg(long, value_enum)]
    pub format: Option<RowFormat>,
    /// Write the rows to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct QueriesFolder {
    /// The folder of saved queries
    #[arg(long = "queries", value_name = "FOLDER", default_value = "queries")]
    pub folder: PathBuf,
}

impl AnswerArgs {
    /// The format asked for, or else the one that the output's ending names.
    pub fn format(&self) -> RowFormat {
        self.format.unwrap_or_else(|| {
            let ending = self.out.as_ref().and_then(|out| out.extension()?.to_str());
            match ending {
                Some("csv") => RowFormat::Csv,
                Some("json") => RowFormat::Json,
                Some("ndjson" | "jsonl") => RowFormat::Ndjson,
                Some("md") => RowFormat::Markdown,
                Some("parquet") => RowFormat::Parquet,
                _ => RowFormat::Table,
            }
        })
    }
}
