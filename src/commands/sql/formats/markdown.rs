//! A Markdown table, its cells escaped: whoever writes a log line must not write the document.

use std::io::Write;

use anyhow::Result;
use arrow::datatypes::Schema;
use comfy_table::{CellAlignment, Table, presets};

use super::{Rows, table::is_number};
use crate::{commands::sql::answers::names, report::escape::markdown_text};

#[derive(Default)]
pub struct Markdown {
    table: Table,
}

impl Rows for Markdown {
    fn begin(&mut self, _: &mut dyn Write, schema: &Schema) -> Result<()> {
        self.table.load_style(presets::ASCII_MARKDOWN);
        self.table.set_header(names(schema).iter().map(|name| markdown_text(name).into_owned()));
        for (column, field) in self.table.column_iter_mut().zip(schema.fields()) {
            if is_number(field.data_type()) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        Ok(())
    }

    fn row(&mut self, _: &mut dyn Write, cells: Vec<String>) -> Result<()> {
        self.table.add_row(cells.iter().map(|cell| markdown_text(cell).into_owned()));
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write) -> Result<()> {
        Ok(writeln!(out, "{}", self.table)?)
    }
}
