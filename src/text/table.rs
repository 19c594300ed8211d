//! Tables for reading: columns as wide as they need to be, in text or in Markdown.

use comfy_table::{CellAlignment, Table, presets};
use unicode_width::UnicodeWidthStr;

use super::{escape::markdown_text, terminal::cut};

/// Between columns of text.
pub const BETWEEN: &str = "  ";

/// What every column of its cells needs.
pub fn widths<'a>(headings: impl IntoIterator<Item = &'a str>, rows: &[Vec<String>]) -> Vec<usize> {
    let mut widths: Vec<usize> = headings.into_iter().map(UnicodeWidthStr::width).collect();
    for row in rows {
        widths.iter_mut().zip(row).for_each(|(width, cell)| *width = (*width).max(cell.width()));
    }
    widths
}

/// One line of text: each cell cut and padded to its column's width, numbers to the left; `paint` colours what is a cell.
pub fn line(
    cells: &[String],
    widths: &[usize],
    is_number: impl Fn(usize) -> bool,
    paint: impl Fn(usize, String) -> String,
) -> String {
    let padded = cells.iter().zip(widths).enumerate().map(|(at, (cell, width))| {
        let cell = cut(cell, *width);
        let blanks = " ".repeat(width.saturating_sub(cell.width()));
        let cell = paint(at, cell);
        if is_number(at) { blanks + &cell } else { cell + &blanks }
    });
    padded.collect::<Vec<_>>().join(BETWEEN).trim_end().to_owned()
}

/// A Markdown table that grows by rows. Text is escaped: whoever writes a log line must not write the document.
#[derive(Default)]
pub struct MarkdownTable {
    table: Table,
    are_numbers: Vec<bool>,
}

impl MarkdownTable {
    /// Of each column the heading, and whether it holds numbers, which stay as they are.
    pub fn new<'a>(columns: impl IntoIterator<Item = (&'a str, bool)>) -> Self {
        let (headings, are_numbers): (Vec<&str>, Vec<bool>) = columns.into_iter().unzip();
        let mut table = Table::new();
        table.load_style(presets::ASCII_MARKDOWN);
        table.set_header(headings.iter().map(|heading| markdown_text(heading).into_owned()));
        for (column, is_number) in table.column_iter_mut().zip(&are_numbers) {
            if *is_number {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        MarkdownTable { table, are_numbers }
    }

    pub fn add(&mut self, cells: impl IntoIterator<Item = String>) {
        let escaped = cells.into_iter().zip(&self.are_numbers);
        let escaped =
            escaped.map(|(cell, is_number)| if *is_number { cell } else { markdown_text(&cell).into_owned() });
        self.table.add_row(escaped.collect::<Vec<_>>());
    }

    pub fn text(&self) -> String {
        format!("{}\n", self.table)
    }
}
