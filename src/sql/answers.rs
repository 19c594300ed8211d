//! Running statements, and giving the rows of one to what writes them.

use std::{io::Write, path::Path};

use anyhow::{Error, Result, bail};
use arrow::{
    array::RecordBatch,
    datatypes::Schema,
    util::display::{ArrayFormatter, FormatOptions},
};
use duckdb::{Connection, params_from_iter};

use super::{
    allowed, failed,
    formats::{RowFormat, Rows, writer_of},
    output::{Fit, Target},
    params::{Given, Values},
    statements::{Statement, split},
};
use crate::text::escape::visible_block;

/// Runs all statements of a text; the rows of the last one are the answer.
pub fn run(
    connection: &Connection,
    sql: &str,
    given: &[(String, String)],
    format: RowFormat,
    target: &mut Target,
) -> Result<()> {
    let statements = split(sql);
    let Some((last, before)) = statements.split_last() else { bail!("there is no query") };
    // all before the first runs
    allowed::check(connection, &statements)?;
    let values = Values::of(connection, sql, &statements, &Given::on_command_line(given))?;
    before.iter().try_for_each(|statement| execute(connection, statement, &values))?;
    if format == RowFormat::Parquet {
        let Some(path) = target.own_path() else {
            bail!("Parquet can only be written to a file\n\nhint: name it with `--out FILE`");
        };
        return write_parquet(connection, last, &values, &path);
    }
    let fit = target.fit();
    let mut out = target.writer()?;
    answer(connection, last, &values, format, fit, &mut out)?;
    Ok(out.flush()?)
}

fn execute(connection: &Connection, statement: &Statement<'_>, values: &Values) -> Result<()> {
    let mut prepared = connection.prepare(statement.text).map_err(failed_in(statement))?;
    let bound = values.in_order_of(&prepared)?;
    prepared.execute(params_from_iter(bound)).map_err(failed_in(statement))?;
    Ok(())
}

/// Writes the rows of a statement; answers how many there are.
pub fn answer(
    connection: &Connection,
    statement: &Statement<'_>,
    values: &Values,
    format: RowFormat,
    fit: Fit,
    out: &mut dyn Write,
) -> Result<usize> {
    let sql = statement.text;
    allowed::check(connection, std::slice::from_ref(statement))?;
    let mut prepared = connection.prepare(sql).map_err(failed_in(statement))?;
    // DuckDB turns each row into JSON itself, so that lists, structs and numbers stay what they are; statements that
    // can't stand in another one, such as `explain`, have their values as text
    let is_json = matches!(format, RowFormat::Json | RowFormat::Ndjson);
    let as_json = is_json.then(|| {
        connection.prepare(&format!("select to_json(\"all of a row\")::varchar from ({sql}\n) as \"all of a row\""))
    });
    let is_made_by_duckdb = matches!(as_json, Some(Ok(_)));
    if let Some(Ok(wrapped)) = as_json {
        prepared = wrapped;
    }
    let mut rows = writer_of(format, is_made_by_duckdb, fit);
    let bound = values.in_order_of(&prepared)?;
    let mut stream = prepared.stream_arrow(params_from_iter(bound)).map_err(failed_in(statement))?;
    let schema = stream.get_schema();
    let mut next = || stream.next().transpose().map_err(failed_in(statement));
    // before anything is written, so that a query which fails at once has not answered
    let mut batch = next()?;
    rows.begin(out, &schema)?;
    let mut count = 0;
    while let Some(filled) = batch {
        count += filled.num_rows();
        each_row(&filled, rows.as_mut(), fit, out)?;
        batch = next()?;
    }
    rows.end(out)?;
    Ok(count)
}

fn each_row(batch: &RecordBatch, rows: &mut dyn Rows, fit: Fit, out: &mut dyn Write) -> Result<()> {
    let null = rows.null();
    let options = FormatOptions::default().with_null(null);
    let columns = batch.columns().iter().map(|column| ArrayFormatter::try_new(column.as_ref(), &options));
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    for row in 0..batch.num_rows() {
        let cell = |column: &ArrayFormatter<'_>| -> Result<String> {
            let text = column.value(row).try_to_string()?;
            // what stands in logs must not steer the terminal
            Ok(if fit.is_terminal { visible_block(&text).into_owned() } else { text })
        };
        rows.row(out, columns.iter().map(cell).collect::<Result<_>>()?)?;
    }
    Ok(())
}

/// DuckDB writes the file, the only one it may touch.
fn write_parquet(connection: &Connection, statement: &Statement<'_>, values: &Values, path: &Path) -> Result<()> {
    // by itself first, so that an error shows the query as it was written
    connection.prepare(statement.text).map_err(failed_in(statement))?;
    let kept = format!("create or replace temp table answer as from ({}\n)", statement.text);
    execute(connection, &Statement { text: &kept, line: 0 }, values)?;
    let path = path.display().to_string().replace('\'', "''");
    let copy = format!("copy temp.main.answer to '{path}' (format parquet, compression zstd, use_tmp_file false)");
    connection.execute_batch(&copy).map_err(|error| failed(&error.to_string()))
}

/// DuckDB's message with the line of the whole text.
fn failed_in(statement: &Statement<'_>) -> impl Fn(duckdb::Error) -> Error {
    |error| failed(&statement.located(&error.to_string()))
}

pub fn names(schema: &Schema) -> Vec<String> {
    schema.fields().iter().map(|field| field.name().clone()).collect()
}
