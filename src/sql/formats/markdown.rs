//! A Markdown table, its cells escaped: whoever writes a log line must not write the document.

use std::io::Write;

use anyhow::Result;
use arrow::datatypes::Schema;
use comfy_table::{CellAlignment, Table, presets};

use super::{Rows, table::is_number};
use crate::{sql::answers::names, text::escape::markdown_text};

#[derive(Default)]
pub struct Markdown {
    table: Table,
    /// Of each column; a number stays as it is.
    are_numbers: Vec<bool>,
}

impl Rows for Markdown {
    fn begin(&mut self, _: &mut dyn Write, schema: &Schema) -> Result<()> {
        self.table.load_style(presets::ASCII_MARKDOWN);
        self.table.set_header(names(schema).iter().map(|name| markdown_text(name).into_owned()));
        self.are_numbers = schema.fields().iter().map(|field| is_number(field.data_type())).collect();
        for (column, field) in self.table.column_iter_mut().zip(schema.fields()) {
            if is_number(field.data_type()) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        Ok(())
    }

    fn row(&mut self, _: &mut dyn Write, cells: Vec<String>) -> Result<()> {
        let escaped = cells
            .into_iter()
            .zip(&self.are_numbers)
            .map(|(cell, is_number)| if *is_number { cell } else { markdown_text(&cell).into_owned() });
        self.table.add_row(escaped);
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write) -> Result<()> {
        Ok(writeln!(out, "{}", self.table)?)
    }
}
