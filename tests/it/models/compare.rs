//! What a model answers beside what a case expects, whatever the order of the rows.

use anyhow::{Context, Result};
use duckdb::Connection;

use super::{
    case::Table,
    tables::{columns_of, insert, is_time, kind_of},
};

/// The column that keeps the order of the case's rows.
const PLACE: &str = "row of the case";

/// The answer is another one, and how.
#[derive(Debug)]
pub(super) struct Differs(String);

impl std::fmt::Display for Differs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`-` is expected, `+` is answered\n{}", self.0)
    }
}

impl std::error::Error for Differs {}

type Row = Vec<Option<String>>;

/// Compares the table `found` with the columns that are expected.
pub(super) fn check(connection: &Connection, expected: &Table) -> Result<()> {
    let known = columns_of(connection, "found")?;
    let columns: Vec<&str> = expected.columns.iter().map(String::as_str).collect();
    let kinds = columns.iter().map(|column| kind_of(&known, column)).collect::<Result<Vec<&str>>>();
    let kinds = kinds.context("what the model answers")?;
    let texts = columns.iter().enumerate().map(|(at, column)| {
        let are_times = kinds[at] == "BIGINT" && expected.rows.iter().any(|row| is_time(&row[at]));
        format!("{}(\"{column}\")::varchar", if are_times { "make_timestamp_ns" } else { "" })
    });
    let texts = texts.collect::<Vec<_>>().join(", ");
    let found = rows(connection, &format!("select {texts} from found order by all"), columns.len())?;
    let names = columns.join("\", \"");
    connection.execute_batch(&format!(
        "create temp table wanted as select 0 as \"{PLACE}\", \"{names}\" from found limit 0"
    ))?;
    let places = expected.rows.iter().enumerate();
    let placed: Vec<Vec<String>> = places.map(|(place, row)| [&[place.to_string()], row.as_slice()].concat()).collect();
    insert(connection, "wanted", &[&[PLACE], columns.as_slice()].concat(), &placed).context("`## expected`")?;
    let mut wanted = rows(connection, &format!("select {texts} from wanted order by \"{PLACE}\""), columns.len())?;
    // numbers as they are written, for their decimals say how near is near enough
    for (at, _) in kinds.iter().enumerate().filter(|(_, kind)| **kind == "DOUBLE") {
        wanted.iter_mut().zip(&expected.rows).for_each(|(row, written)| {
            row[at] = row[at].take().map(|_| written[at].clone());
        });
    }
    diff(&columns, &wanted, found)
}

fn rows(connection: &Connection, sql: &str, width: usize) -> Result<Vec<Row>> {
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| (0..width).map(|at| row.get(at)).collect())?;
    Ok(rows.collect::<duckdb::Result<_>>()?)
}

/// Each row that is missing, with the one most like it that is not expected below it, and then what else was found.
fn diff(columns: &[&str], wanted: &[Row], mut found: Vec<Row>) -> Result<()> {
    let alike = |wanted: &Row, found: &Row| {
        wanted.iter().zip(found).filter(|(wanted, found)| is_same(wanted.as_deref(), found.as_deref())).count()
    };
    let mut lines: Vec<(&str, Row)> = Vec::new();
    for row in wanted {
        let at = found.iter().position(|found| alike(row, found) == columns.len());
        lines.push((if at.is_some() { " " } else { "-" }, row.clone()));
        at.map(|at| found.remove(at));
    }
    for at in (0..lines.len()).rev().filter(|at| lines[*at].0 == "-").collect::<Vec<_>>() {
        let near = |found: &Row| alike(&wanted[at], found);
        let nearest =
            (0..found.len()).max_by_key(|place| near(&found[*place])).filter(|place| near(&found[*place]) > 0);
        if let Some(place) = nearest {
            lines.insert(at + 1, ("+", found.remove(place)));
        }
    }
    lines.extend(found.into_iter().map(|row| ("+", row)));
    if lines.iter().all(|(mark, _)| *mark == " ") {
        return Ok(());
    }
    let head = columns.iter().map(|column| Some((*column).to_owned())).collect();
    lines.insert(0, (" ", head));
    Err(Differs(aligned(&lines)).into())
}

fn aligned(lines: &[(&str, Row)]) -> String {
    let text = |cell: &Option<String>| match cell.as_deref() {
        None => String::new(),
        Some("") => "''".to_owned(),
        Some(text) => text.to_owned(),
    };
    let width = |at: usize| lines.iter().map(|(_, row)| text(&row[at]).chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..lines[0].1.len()).map(width).collect();
    let line = |(mark, row): &(&str, Row)| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("  {:<width$}", text(cell)));
        format!("  {mark}{}", cells.collect::<String>()).trim_end().to_owned()
    };
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Whether two cells are the same: a number with decimals is compared to as many as are expected.
pub(super) fn is_same(expected: Option<&str>, found: Option<&str>) -> bool {
    let (Some(expected), Some(found)) = (expected, found) else { return expected == found };
    let Some((wanted, number)) = expected.parse::<f64>().ok().zip(found.parse::<f64>().ok()) else {
        return expected == found;
    };
    let (digits, exponent) = expected.split_once(['e', 'E']).unwrap_or((expected, "0"));
    let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len() as i32);
    if decimals == 0 {
        return wanted == number;
    }
    let unit = 10f64.powi(exponent.parse::<i32>().unwrap_or(0) - decimals);
    (wanted - number).abs() <= 0.5000001 * unit
}
