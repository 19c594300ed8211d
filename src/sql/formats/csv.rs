//! CSV with a line of names on top.

use std::io::Write;

use anyhow::Result;
use arrow::datatypes::Schema;

use super::Rows;
use crate::{
    sql::answers::names,
    text::csv::{Formulas, line},
};

pub(super) struct Csv(pub Formulas);

impl Rows for Csv {
    fn begin(&mut self, out: &mut dyn Write, schema: &Schema) -> Result<()> {
        self.row(out, names(schema))
    }

    fn row(&mut self, out: &mut dyn Write, cells: Vec<String>) -> Result<()> {
        Ok(out.write_all(line(cells, self.0).as_bytes())?)
    }

    fn end(&mut self, _: &mut dyn Write) -> Result<()> {
        Ok(())
    }
}
