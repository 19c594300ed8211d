//! A case's tables in the database.

use anyhow::{Context, Result, bail};
use duckdb::Connection;

use super::case::Table;

/// Lays an input in place of the table, view or, with parameters, macro of its name; a column that it leaves out is NULL.
pub(super) fn lay(connection: &Connection, input: &Table) -> Result<()> {
    let (name, parameters) = input.name.split_once('(').map_or((&*input.name, None), |(name, rest)| (name, Some(rest)));
    let table = if parameters.is_some() { format!("rows of {name}") } else { name.to_owned() };
    let (columns, kinds): (Vec<&str>, Vec<&str>) =
        input.columns.iter().map(|column| column.split_once(':').unwrap_or((column, ""))).unzip();
    let head = format!("create or replace temp table \"{table}\"");
    let sql = match parameters {
        _ if kinds.iter().any(|kind| !kind.is_empty()) => {
            let typed: Vec<String> =
                columns.iter().zip(&kinds).map(|(name, kind)| format!("\"{name}\" {kind}")).collect();
            format!("{head} ({})", typed.join(", "))
        }
        None => format!("{head} as from \"{name}\" limit 0"),
        Some(parameters) => {
            let pairs = "(select list(pair) from window_pairs as pair)";
            let arguments = parameters
                .replace("pairs", pairs)
                .replace("least_severity", "'NOTICE'")
                .replace("subject", "'pattern'");
            format!(
                "{head} as from {name}({arguments} limit 0; \
                 create or replace temp macro {name}({parameters} as table from \"{table}\""
            )
        }
    };
    connection.execute_batch(&sql).context("no table of the program is called so")?;
    if !input.sql.is_empty() {
        return Ok(connection.execute_batch(&format!("insert into \"{table}\" by name {}", input.sql))?);
    }
    insert(connection, &table, &columns, &input.rows)
}

pub(super) fn insert(connection: &Connection, table: &str, columns: &[&str], rows: &[Vec<String>]) -> Result<()> {
    let known = columns_of(connection, table)?;
    let kinds = columns.iter().map(|column| kind_of(&known, column)).collect::<Result<Vec<&str>>>()?;
    let row = |row: &Vec<String>| {
        let values: Vec<String> = row.iter().zip(&kinds).map(|(cell, kind)| value(cell, kind)).collect();
        format!("({})", values.join(", "))
    };
    let rows: Vec<String> = rows.iter().map(row).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let names = columns.join("\", \"");
    Ok(connection.execute_batch(&format!("insert into \"{table}\" (\"{names}\") values {}", rows.join(", ")))?)
}

/// Names and types.
pub(super) fn columns_of(connection: &Connection, table: &str) -> Result<Vec<(String, String)>> {
    let mut statement = connection.prepare(&format!("select column_name, column_type from (describe \"{table}\")"))?;
    let columns = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(columns.collect::<duckdb::Result<_>>()?)
}

pub(super) fn kind_of<'a>(known: &'a [(String, String)], column: &str) -> Result<&'a str> {
    let Some((_, kind)) = known.iter().find(|(name, _)| name == column) else {
        let names: Vec<&str> = known.iter().map(|(name, _)| name.as_str()).collect();
        bail!("there is no column `{column}`, only {}", names.join(", "));
    };
    Ok(kind)
}

/// Whether a number is written as a time.
pub(super) fn is_time(cell: &str) -> bool {
    let is_date = cell.len() >= 10 && cell.as_bytes()[4] == b'-' && cell.as_bytes()[7] == b'-';
    is_date && cell.as_bytes()[..4].iter().all(u8::is_ascii_digit)
}

/// A cell as SQL of the column's type: nothing is NULL, `''` the empty text, and whole numbers may be written as a time
/// or a length of time (`5 seconds`), which count in nanoseconds.
pub(super) fn value(cell: &str, kind: &str) -> String {
    let quoted = format!("'{}'", cell.replace('\'', "''"));
    match cell {
        "" => "null".to_owned(),
        "''" => "''".to_owned(),
        _ if kind != "BIGINT" || cell.parse::<i64>().is_ok() => format!("cast({quoted} as {kind})"),
        _ if is_time(cell) => format!("epoch_ns(cast({quoted} as timestamp_ns))"),
        _ => format!("epoch_us(cast({quoted} as interval)) * 1000"),
    }
}
