//! One value a line under the number of its row, for rows that are too wide for a table. Whole values; those of several
//! lines go on below.

use std::io::Write;

use anyhow::Result;
use arrow::datatypes::Schema;
use unicode_width::UnicodeWidthStr;

use super::{Rows, table::more};
use crate::{
    sql::{answers::names, output::Fit},
    text::{escape::one_line, terminal},
};

pub(super) struct Vertical {
    fit: Fit,
    names: Vec<String>,
    count: usize,
}

impl Vertical {
    pub(super) fn new(fit: Fit) -> Self {
        Self { fit, names: Vec::new(), count: 0 }
    }

    fn styled(&self, text: &str, style: fn(&str) -> String) -> String {
        if self.fit.is_terminal { style(text) } else { text.to_owned() }
    }
}

impl Rows for Vertical {
    fn null(&self) -> &'static str {
        "NULL"
    }

    fn begin(&mut self, _: &mut dyn Write, schema: &Schema) -> Result<()> {
        self.names = names(schema).iter().map(|name| one_line(name, usize::MAX)).collect();
        Ok(())
    }

    fn row(&mut self, out: &mut dyn Write, cells: Vec<String>) -> Result<()> {
        self.count += 1;
        if self.count > self.fit.rows {
            return Ok(());
        }
        let blank = if self.count > 1 { "\n" } else { "" };
        writeln!(out, "{blank}{}", self.styled(&format!("── row {} ──", self.count), terminal::dim))?;
        let widest = self.names.iter().map(|name| name.width()).max().unwrap_or(0);
        for (name, cell) in self.names.iter().zip(&cells) {
            let indent = " ".repeat(widest - name.width());
            let lines: Vec<String> = cell.lines().map(|line| one_line(line, usize::MAX)).collect();
            let value = lines.join(&format!("\n{}", " ".repeat(widest + 2)));
            writeln!(out, "{}{indent}  {value}", self.styled(name, terminal::bold))?;
        }
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write) -> Result<()> {
        let rest = self.count.saturating_sub(self.fit.rows) as u64;
        if rest > 0 {
            let line = format!("\n{}; {} shows all", more(rest, "row"), self.fit.how);
            writeln!(out, "{}", self.styled(&line, terminal::dim))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::{DataType, Field};

    use super::*;

    #[test]
    fn each_value_has_a_line_and_nothing_steers() {
        let schema =
            Schema::new(vec![Field::new("n", DataType::Int64, true), Field::new("größe", DataType::Utf8, true)]);
        let fit = Fit { rows: 2, how: "`.format csv`", ..Fit::everything() };
        let (mut vertical, mut out) = (Vertical::new(fit), Vec::new());
        vertical.begin(&mut out, &schema).unwrap();
        for text in ["a\nb\u{1b}[31m", "NULL", "c"] {
            vertical.row(&mut out, vec!["1".into(), text.into()]).unwrap();
        }
        vertical.end(&mut out).unwrap();
        let wanted = "── row 1 ──\nn      1\ngröße  a\n       b␛[31m\n\n── row 2 ──\nn      1\ngröße  NULL\n\n\
                      1 more row; `.format csv` shows all\n";
        assert_eq!(String::from_utf8(out).unwrap(), wanted);
    }
}
