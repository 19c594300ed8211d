//! A Markdown table.

use std::io::Write;

use anyhow::Result;
use arrow::datatypes::Schema;

use super::{Rows, table::is_number};
use crate::{sql::answers::names, text::table::MarkdownTable};

#[derive(Default)]
pub(super) struct Markdown(MarkdownTable);

impl Rows for Markdown {
    fn begin(&mut self, _: &mut dyn Write, schema: &Schema) -> Result<()> {
        let kinds = schema.fields().iter().map(|field| is_number(field.data_type()));
        self.0 = MarkdownTable::new(names(schema).iter().map(String::as_str).zip(kinds));
        Ok(())
    }

    fn row(&mut self, _: &mut dyn Write, cells: Vec<String>) -> Result<()> {
        self.0.add(cells);
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write) -> Result<()> {
        Ok(out.write_all(self.0.text().as_bytes())?)
    }
}
