//! A table for reading. On a terminal it fits: long cells are cut with `…`, numbers and times never are, columns that
//! find no room are named below, and so many rows are shown.

use std::io::Write;

use anyhow::Result;
use arrow::datatypes::{DataType, Schema};

use super::Rows;
use crate::{
    sql::{answers::names, output::Fit},
    text::{
        escape::one_line,
        table::{self, BETWEEN},
        terminal,
        words::plural,
    },
};

/// Text cut to less says too little.
const LEAST_WIDTH: usize = 16;

pub(super) struct Fitted {
    fit: Fit,
    names: Vec<String>,
    /// Of each column: whether its cells end flush, and whether they may be cut.
    kinds: Vec<(bool, bool)>,
    rows: Vec<Vec<String>>,
    count: usize,
}

pub(super) fn is_number(kind: &DataType) -> bool {
    kind.is_numeric()
}

impl Fitted {
    pub(super) fn new(fit: Fit) -> Self {
        Self { fit, names: Vec::new(), kinds: Vec::new(), rows: Vec::new(), count: 0 }
    }

    /// The widths of the columns that find room.
    fn widths(&self) -> Vec<usize> {
        let mut widths = table::widths(self.names.iter().map(String::as_str), &self.rows);
        let Some(room) = self.fit.width else { return widths };
        let least = |at: usize, width: usize| if self.kinds[at].1 { width.min(LEAST_WIDTH) } else { width };
        let mut taken = 0;
        let shown = widths.iter().enumerate().take_while(|(at, width)| {
            taken += least(*at, **width) + if *at == 0 { 0 } else { BETWEEN.len() };
            taken <= room
        });
        let shown = shown.count().max(1);
        widths.truncate(shown);
        self.narrow(&mut widths, room.saturating_sub(BETWEEN.len() * (shown - 1)));
        widths
    }

    /// Takes from the widest column that may be cut, until all have room.
    fn narrow(&self, widths: &mut [usize], room: usize) {
        while widths.iter().sum::<usize>() > room {
            let cut = widths.iter().enumerate().filter(|(at, width)| self.kinds[*at].1 && **width > LEAST_WIDTH);
            let Some((widest, _)) = cut.max_by_key(|(_, width)| **width) else {
                // one column, and even that is too wide
                widths.iter_mut().for_each(|width| *width = (*width).min(room));
                return;
            };
            widths[widest] -= 1;
        }
    }

    fn line(&self, cells: &[String], widths: &[usize]) -> String {
        table::line(cells, widths, |at| self.kinds[at].0, |_, cell| cell)
    }

    /// What is not shown, a line each.
    fn remainder(&self, shown_columns: usize) -> Vec<String> {
        let (rows, columns) = ((self.count - self.rows.len()) as u64, &self.names[shown_columns..]);
        let how = self.fit.how;
        let mut lines = Vec::new();
        if rows > 0 {
            lines.push(format!("{}; {how} shows all", more(rows, "row")));
        }
        if !columns.is_empty() {
            let how = how.replace("csv", "vertical");
            let line = format!("{} ({how}): {}", more(columns.len() as u64, "column"), columns.join(", "));
            lines.push(self.fit.width.map_or_else(|| line.clone(), |width| terminal::cut(&line, width)));
        }
        lines
    }
}

/// `2 more rows`
pub(super) fn more(count: u64, word: &str) -> String {
    plural(count, word).replacen(' ', " more ", 1)
}

impl Rows for Fitted {
    fn null(&self) -> &'static str {
        "NULL"
    }

    fn begin(&mut self, _: &mut dyn Write, schema: &Schema) -> Result<()> {
        self.names = names(schema).iter().map(|name| one_line(name, usize::MAX)).collect();
        let is_rigid = |kind: &DataType| is_number(kind) || kind.is_temporal() || *kind == DataType::Boolean;
        let kinds = schema.fields().iter().map(|field| field.data_type());
        self.kinds = kinds.map(|kind| (is_number(kind), !is_rigid(kind))).collect();
        Ok(())
    }

    fn row(&mut self, _: &mut dyn Write, cells: Vec<String>) -> Result<()> {
        self.count += 1;
        if self.rows.len() < self.fit.rows {
            let widest = self.fit.width.map_or(usize::MAX, |width| width + 1);
            self.rows.push(cells.iter().map(|cell| one_line(cell, widest)).collect());
        }
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write) -> Result<()> {
        let widths = self.widths();
        let styled = |text: String, style: fn(&str) -> String| if self.fit.is_terminal { style(&text) } else { text };
        let heading = self.line(&self.names, &widths);
        let rule: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
        writeln!(out, "{}", styled(heading, terminal::bold))?;
        writeln!(out, "{}", styled(rule.join(BETWEEN), terminal::dim))?;
        for row in &self.rows {
            writeln!(out, "{}", self.line(row, &widths))?;
        }
        for line in self.remainder(widths.len()) {
            writeln!(out, "{}", styled(line, terminal::dim))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::Field;
    use unicode_width::UnicodeWidthStr;

    use super::*;

    fn table(width: Option<usize>, rows: usize, cells: &[&str], count: usize) -> String {
        let fit = Fit { is_terminal: false, width, rows, how: "`.format csv`" };
        let fields = ["n", "name", "at", "message"].iter().enumerate();
        let kind = |at: usize| if at == 0 { DataType::Int64 } else { DataType::Utf8 };
        let schema = Schema::new(fields.map(|(at, name)| Field::new(*name, kind(at), true)).collect::<Vec<_>>());
        let (mut table, mut out) = (Fitted::new(fit), Vec::new());
        table.begin(&mut out, &schema).unwrap();
        for _ in 0..count {
            table.row(&mut out, cells.iter().map(|cell| (*cell).to_owned()).collect()).unwrap();
        }
        table.end(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_table_fits_the_terminal_and_says_what_it_leaves_out() {
        let long = "wörter ".repeat(20);
        let text = table(Some(40), 2, &["1234567890", "short", "a\nb\u{1b}[31m", &long], 5);
        assert!(text.lines().all(|line| line.width() <= 40), "{text}");
        assert!(text.contains("1234567890  short  a ⏎ b␛[31m") && !text.contains('\u{1b}'), "{text}");
        let left_out = "3 more rows; `.format csv` shows all\n1 more column (`.format vertical`): mes…\n";
        assert!(text.ends_with(left_out), "{text}");
        let wide = table(Some(80), 2, &["1", "short", "b", &long], 1);
        assert!(wide.contains('…'), "{wide}");
        assert!(wide.lines().all(|line| line.width() <= 80), "{wide}");
        let whole = table(None, usize::MAX, &["1", "short", "b", &long], 3);
        assert!(whole.contains(long.trim_end()) && whole.lines().count() == 5, "{whole}");
    }
}
