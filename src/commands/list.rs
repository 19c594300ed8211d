//! Lists for the terminal and for programs: rows of a query as a table, CSV or JSON.

use std::io::{self, Write};

use anyhow::Result;
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use serde_json::Value;

use super::csv;
use crate::{cli::ListFormat, report::escape::one_line};

/// A column: its heading, how a row fills it, and whether it is a number.
pub struct Column {
    pub heading: &'static str,
    pub cell: fn(&Value) -> String,
    pub is_number: bool,
}

pub const fn words(heading: &'static str, cell: fn(&Value) -> String) -> Column {
    Column { heading, cell, is_number: false }
}

pub const fn number(heading: &'static str, cell: fn(&Value) -> String) -> Column {
    Column { heading, cell, is_number: true }
}

/// Prints the rows; CSV has the query's own columns, those that are plain.
pub fn print(rows: &[Value], columns: &[Column], format: ListFormat) -> Result<()> {
    let text = match format {
        ListFormat::Json => serde_json::to_string_pretty(rows)? + "\n",
        ListFormat::Csv => plain(rows),
        ListFormat::Table => table(rows, columns),
    };
    Ok(io::stdout().lock().write_all(text.as_bytes())?)
}

fn table(rows: &[Value], columns: &[Column]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(columns.iter().map(|column| column.heading));
    for row in rows {
        table.add_row(columns.iter().map(|column| (column.cell)(row)));
    }
    for (place, _) in columns.iter().enumerate().filter(|(_, column)| column.is_number) {
        if let Some(column) = table.column_mut(place) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let lines: Vec<String> = table.to_string().lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n") + "\n"
}

fn plain(rows: &[Value]) -> String {
    let Some(first) = rows.first().and_then(Value::as_object) else { return String::new() };
    let names: Vec<&String> =
        first.iter().filter(|(_, value)| !value.is_array() && !value.is_object()).map(|(name, _)| name).collect();
    let line = |fields: Vec<String>| fields.join(",") + "\n";
    let mut text = line(names.iter().map(|name| csv::field(name)).collect());
    for row in rows {
        let field = |name: &&String| match &row[name.as_str()] {
            Value::Null => String::new(),
            Value::String(text) => csv::field(text),
            other => other.to_string(),
        };
        text += &line(names.iter().map(field).collect());
    }
    text
}

/// A text of the row in one line.
pub fn text(row: &Value, key: &str, limit: usize) -> String {
    one_line(row[key].as_str().unwrap_or_default(), limit)
}
