//! Lists for the terminal and for programs: rows of a query as a table that fits the width, CSV or JSON.

use anyhow::Result;
use clap::ValueEnum;
use serde::Serialize;
use serde_json::Value;

use super::{
    csv::{self, Formulas},
    escape::one_line,
    sparkline::spark,
    table::{self, BETWEEN, MarkdownTable},
    terminal,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    Table,
    Markdown,
    Json,
    Csv,
    /// Of `--format csv --csv-safe`.
    #[value(skip)]
    SafeCsv,
}

impl ListFormat {
    /// The same, but CSV with its formulas guarded.
    pub fn guarded(self, is_guarded: bool) -> Self {
        if is_guarded && self == Self::Csv { Self::SafeCsv } else { self }
    }
}

/// A column: its heading, how a row fills it, and what becomes of it where there is little room.
pub struct Column<R> {
    heading: &'static str,
    cell: Cell<R>,
    kind: Kind,
}

/// What of a row fills a column.
enum Cell<R> {
    Text(fn(&R) -> String),
    Counts(fn(&R) -> &[i64]),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Words,
    /// In the colour of what they mean.
    Tinted,
    Number,
    /// A line of bars; fewer where there is little room.
    Bars,
    /// Left out where there is little room.
    Spare,
    /// Cut where there is little room.
    Cut,
    /// Takes what the others leave.
    Rest,
}

pub const fn words<R>(heading: &'static str, cell: fn(&R) -> String) -> Column<R> {
    Column { heading, cell: Cell::Text(cell), kind: Kind::Words }
}

pub const fn tinted<R>(heading: &'static str, cell: fn(&R) -> String) -> Column<R> {
    Column { heading, cell: Cell::Text(cell), kind: Kind::Tinted }
}

pub const fn number<R>(heading: &'static str, cell: fn(&R) -> String) -> Column<R> {
    Column { heading, cell: Cell::Text(cell), kind: Kind::Number }
}

pub const fn bars<R>(heading: &'static str, counts: fn(&R) -> &[i64]) -> Column<R> {
    Column { heading, cell: Cell::Counts(counts), kind: Kind::Bars }
}

impl<R> Column<R> {
    fn text(&self, row: &R) -> String {
        match self.cell {
            Cell::Text(text) => text(row),
            Cell::Counts(counts) => spark(counts(row)),
        }
    }

    /// The same where there is little room.
    fn short_text(&self, row: &R) -> String {
        match self.cell {
            Cell::Text(text) => text(row),
            Cell::Counts(counts) => spark(&gathered(counts(row), NARROW_BARS)),
        }
    }
}

pub const fn spare<R>(heading: &'static str, cell: fn(&R) -> String) -> Column<R> {
    Column { heading, cell: Cell::Text(cell), kind: Kind::Spare }
}

pub const fn cut<R>(heading: &'static str, cell: fn(&R) -> String) -> Column<R> {
    Column { heading, cell: Cell::Text(cell), kind: Kind::Cut }
}

pub const fn rest<R>(heading: &'static str, cell: fn(&R) -> String) -> Column<R> {
    Column { heading, cell: Cell::Text(cell), kind: Kind::Rest }
}

/// Prints the rows; CSV has the query's own columns, those that are plain.
pub fn print<R: Serialize>(rows: &[R], columns: &[Column<R>], format: ListFormat) -> Result<()> {
    let text = match format {
        ListFormat::Json => serde_json::to_string_pretty(rows)? + "\n",
        ListFormat::Csv => plain(rows, Formulas::Kept)?,
        ListFormat::SafeCsv => plain(rows, Formulas::Guarded)?,
        ListFormat::Markdown => markdown(rows, columns),
        ListFormat::Table => fitted(rows, columns, terminal::width()),
    };
    Ok(terminal::print(&text)?)
}

/// With less the column that takes the rest says too little.
const LEAST_REST: usize = 28;
const NARROW_BARS: usize = 10;
const NARROW_CUT: usize = 14;

/// What a table shows, from all to least.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Room {
    Wide,
    FewerBars,
    NoSpares,
    NoBars,
}

fn fitted<R>(rows: &[R], columns: &[Column<R>], width: Option<usize>) -> String {
    let rooms = [Room::Wide, Room::FewerBars, Room::NoSpares, Room::NoBars];
    let mut laid: Vec<Layout<'_, R>> = rooms.iter().map(|room| Layout::new(rows, columns, *room)).collect();
    let place = laid.iter().position(|layout| width.is_none_or(|width| layout.least_width() <= width));
    laid.swap_remove(place.unwrap_or(rooms.len() - 1)).text(width)
}

/// The cells of the columns that are shown.
struct Layout<'a, R> {
    columns: Vec<&'a Column<R>>,
    rows: Vec<Vec<String>>,
    widths: Vec<usize>,
}

impl<'a, R> Layout<'a, R> {
    fn new(rows: &[R], columns: &'a [Column<R>], room: Room) -> Self {
        let is_shown = |column: &&Column<R>| match column.kind {
            Kind::Spare => room < Room::NoSpares,
            Kind::Bars => room < Room::NoBars,
            _ => true,
        };
        let columns: Vec<&Column<R>> = columns.iter().filter(is_shown).collect();
        let cell = |column: &Column<R>, row: &R| match column.kind {
            Kind::Bars if room > Room::Wide => column.short_text(row),
            Kind::Cut if room > Room::FewerBars => one_line(&column.text(row), NARROW_CUT),
            _ => column.text(row),
        };
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| columns.iter().map(|column| cell(column, row)).collect()).collect();
        let widths = table::widths(columns.iter().map(|column| column.heading), &rows);
        Layout { columns, rows, widths }
    }

    fn width_without_rest(&self) -> usize {
        let fixed = self.columns.iter().zip(&self.widths).filter(|(column, _)| column.kind != Kind::Rest);
        fixed.map(|(_, width)| width).sum::<usize>() + BETWEEN.len() * self.columns.len().saturating_sub(1)
    }

    fn least_width(&self) -> usize {
        let rest = self.columns.iter().zip(&self.widths).find(|(column, _)| column.kind == Kind::Rest);
        self.width_without_rest() + rest.map_or(0, |(_, width)| *width.min(&LEAST_REST))
    }

    fn text(mut self, width: Option<usize>) -> String {
        if let (Some(width), Some(at)) = (width, self.columns.iter().position(|column| column.kind == Kind::Rest)) {
            let room = width.saturating_sub(self.width_without_rest()).max(12);
            self.widths[at] = self.widths[at].min(room);
        }
        let headings: Vec<String> = self.columns.iter().map(|column| column.heading.to_owned()).collect();
        let mut text = terminal::bold(&self.line(&headings, false)) + "\n";
        for row in &self.rows {
            text += &(self.line(row, true) + "\n");
        }
        text
    }

    fn line(&self, cells: &[String], is_tinted: bool) -> String {
        let is_number = |at: usize| self.columns[at].kind == Kind::Number;
        let paint = |at: usize, cell: String| match self.columns[at].kind {
            Kind::Tinted if is_tinted => terminal::tint(&cell),
            _ => cell,
        };
        table::line(cells, &self.widths, is_number, paint)
    }
}

/// Neighbouring counts together, so many in all.
fn gathered(counts: &[i64], steps: usize) -> Vec<i64> {
    counts.chunks(counts.len().div_ceil(steps).max(1)).map(|chunk| chunk.iter().sum::<i64>()).collect()
}

fn markdown<R>(rows: &[R], columns: &[Column<R>]) -> String {
    let mut table = MarkdownTable::new(columns.iter().map(|column| (column.heading, column.kind == Kind::Number)));
    rows.iter().for_each(|row| table.add(columns.iter().map(|column| column.text(row))));
    table.text()
}

fn plain<R: Serialize>(rows: &[R], formulas: Formulas) -> Result<String> {
    let rows: Vec<Value> = rows.iter().map(serde_json::to_value).collect::<Result<_, _>>()?;
    let Some(first) = rows.first().and_then(Value::as_object) else { return Ok(String::new()) };
    let is_plain = |value: &Value| !value.is_array() && !value.is_object();
    let names: Vec<&str> = first.iter().filter(|(_, value)| is_plain(value)).map(|(name, _)| name.as_str()).collect();
    Ok(csv::rows(&names, &rows, formulas))
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;

    struct Row {
        template: &'static str,
        counts: Vec<i64>,
    }

    const COLUMNS: [Column<Row>; 5] = [
        tinted("severity", |_| "ERROR".into()),
        number("entries", |_| "12".into()),
        bars("over time", |row| &row.counts),
        spare("last seen", |_| "2025-09-16 00:42".into()),
        rest("template", |row| one_line(row.template, 200)),
    ];

    #[test]
    fn a_table_fits_its_width_and_says_what_it_can() {
        let template = "a template that is much longer than a narrow terminal has room for, so that it is cut";
        let rows = [Row { template, counts: vec![1; 30] }];
        for width in [60, 80, 100, 160] {
            let text = anstream::adapter::strip_str(&fitted(&rows, &COLUMNS, Some(width))).to_string();
            assert!(text.lines().all(|line| line.width() <= width), "{width}: {text}");
            assert_eq!(text.contains("2025-09-16"), width > 60, "{width}: {text}");
        }
        assert!(fitted(&rows, &COLUMNS, None).contains(template));
    }
}
