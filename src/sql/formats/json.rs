//! JSON: a list of objects, or an object a line.

use std::io::Write;

use anyhow::Result;
use arrow::datatypes::Schema;
use serde_json::{Map, Value};

use super::Rows;
use crate::sql::answers::names;

pub(super) struct Json {
    open: &'static str,
    between: &'static str,
    close: &'static str,
    /// Each row is one cell that is an object already.
    is_made: bool,
    names: Vec<String>,
    has_rows: bool,
}

impl Json {
    pub(super) fn list(is_made: bool) -> Self {
        Self { open: "[", between: ",\n", close: "]\n", is_made, names: Vec::new(), has_rows: false }
    }

    pub(super) fn lines(is_made: bool) -> Self {
        Self { open: "", between: "\n", close: "\n", is_made, names: Vec::new(), has_rows: false }
    }
}

impl Rows for Json {
    fn null(&self) -> &'static str {
        if self.is_made { "null" } else { "" }
    }

    fn begin(&mut self, out: &mut dyn Write, schema: &Schema) -> Result<()> {
        self.names = names(schema);
        Ok(out.write_all(self.open.as_bytes())?)
    }

    fn row(&mut self, out: &mut dyn Write, cells: Vec<String>) -> Result<()> {
        if std::mem::replace(&mut self.has_rows, true) {
            out.write_all(self.between.as_bytes())?;
        }
        if self.is_made {
            return cells.iter().try_for_each(|cell| Ok(out.write_all(cell.as_bytes())?));
        }
        let object: Map<String, Value> = self.names.iter().cloned().zip(cells.into_iter().map(Value::String)).collect();
        Ok(serde_json::to_writer(out, &object)?)
    }

    fn end(&mut self, out: &mut dyn Write) -> Result<()> {
        // lines of no object are no line
        if self.has_rows || !self.open.is_empty() {
            out.write_all(self.close.as_bytes())?;
        }
        Ok(())
    }
}
