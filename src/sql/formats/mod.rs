//! One file a form in which rows are shown; a new one is a file here and a line in [`writer_of`].

mod csv;
mod json;
mod markdown;
mod table;
mod vertical;

use std::io::Write;

use anyhow::Result;
use arrow::datatypes::Schema;
use clap::ValueEnum;

use super::output::Fit;
use crate::text::csv::Formulas;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RowFormat {
    Table,
    Csv,
    /// Of `--csv-safe`.
    #[value(skip)]
    SafeCsv,
    Json,
    Ndjson,
    Markdown,
    /// One value per line
    Vertical,
    /// Only with --out
    Parquet,
}

/// Writes the rows of one answer.
pub trait Rows {
    /// What stands for a value that is not there.
    fn null(&self) -> &'static str {
        ""
    }
    fn begin(&mut self, out: &mut dyn Write, schema: &Schema) -> Result<()>;
    fn row(&mut self, out: &mut dyn Write, cells: Vec<String>) -> Result<()>;
    fn end(&mut self, out: &mut dyn Write) -> Result<()>;
}

/// Rows of JSON are one cell each where DuckDB made them.
pub fn writer_of(format: RowFormat, is_made_by_duckdb: bool, fit: Fit) -> Box<dyn Rows> {
    match format {
        RowFormat::Csv => Box::new(csv::Csv(Formulas::Kept)),
        RowFormat::SafeCsv => Box::new(csv::Csv(Formulas::Guarded)),
        RowFormat::Json => Box::new(json::Json::list(is_made_by_duckdb)),
        RowFormat::Ndjson => Box::new(json::Json::lines(is_made_by_duckdb)),
        RowFormat::Markdown => Box::new(markdown::Markdown::default()),
        RowFormat::Vertical => Box::new(vertical::Vertical::new(fit)),
        RowFormat::Table | RowFormat::Parquet => Box::new(table::Fitted::new(fit)),
    }
}
