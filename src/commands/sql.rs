//! `gardener sql`: a query answered from the database, which is opened for reading only.

use std::{
    io::{self, BufWriter, Read, Write},
    process::ExitCode,
};

use anyhow::{Context, Result, anyhow};
use arrow::{
    array::RecordBatch,
    util::display::{ArrayFormatter, FormatOptions},
};
use comfy_table::{Table, presets};
use duckdb::Connection;

use super::csv;
use crate::{
    cli::{RowFormat, SqlArgs},
    model::{functions, macros},
    report::escape::visible_block,
    store,
};

pub fn run(args: &SqlArgs) -> Result<ExitCode> {
    let query = match &args.query {
        Some(query) => query.clone(),
        None => {
            let mut query = String::new();
            io::stdin().read_to_string(&mut query).context("cannot read the query from standard input")?;
            query
        }
    };
    let query = query.trim().trim_end_matches(';');
    let memory = args.database.memory.as_deref();
    // reading first, so that a database that is not there is said to be missing and not made
    let mut connection = store::open_to_read(&args.database.db, memory)?;
    if args.is_unsafe {
        drop(connection);
        connection = store::open(&args.database.db, memory)?;
    } else {
        connection.execute_batch("set enable_external_access = false; set lock_configuration = true")?;
    }
    functions::register(&connection)?;
    if store::is_built(&connection)? {
        macros::register(&connection)?;
    }
    let answered = answer(&connection, query, args.format);
    if answered.is_err() && !store::is_built(&connection)? {
        return answered.context("no models yet: of the tables only those that loading fills are there\n\nhint: `gardener build` makes the others");
    }
    answered
}

fn answer(connection: &Connection, query: &str, format: RowFormat) -> Result<ExitCode> {
    let mut out = BufWriter::new(io::stdout().lock());
    match format {
        RowFormat::Json | RowFormat::Ndjson => write_json(&mut out, connection, query, format)?,
        RowFormat::Csv => write_csv(&mut out, &batches(connection, query)?)?,
        RowFormat::Table => write_table(&mut out, &batches(connection, query)?)?,
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// DuckDB turns each row into JSON itself, so that lists, structs and numbers stay what they are.
fn write_json(out: &mut impl Write, connection: &Connection, query: &str, format: RowFormat) -> Result<()> {
    let sql = format!("select to_json(answer)::varchar from ({query}\n) as answer");
    let mut statement = connection.prepare(&sql).map_err(failed)?;
    let mut rows = statement.query([]).map_err(failed)?;
    let (open, between, close) = if format == RowFormat::Json { ("[", ",\n", "]\n") } else { ("", "\n", "\n") };
    out.write_all(open.as_bytes())?;
    let mut is_first = true;
    while let Some(row) = rows.next().map_err(failed)? {
        if !std::mem::take(&mut is_first) {
            out.write_all(between.as_bytes())?;
        }
        out.write_all(row.get::<_, String>(0)?.as_bytes())?;
    }
    if !(is_first && format == RowFormat::Ndjson) {
        out.write_all(close.as_bytes())?;
    }
    Ok(())
}

struct Answer {
    names: Vec<String>,
    batches: Vec<RecordBatch>,
}

fn batches(connection: &Connection, query: &str) -> Result<Answer> {
    let mut statement = connection.prepare(query).map_err(failed)?;
    let batches: Vec<RecordBatch> = statement.query_arrow([]).map_err(failed)?.collect();
    let names = statement.schema().fields().iter().map(|field| field.name().clone()).collect();
    Ok(Answer { names, batches })
}

/// DuckDB's message with its excerpt and caret.
fn failed(error: duckdb::Error) -> anyhow::Error {
    anyhow!("{}", error.to_string().trim()).context("the query failed")
}

fn each_row(answer: &Answer, null: &str, mut write: impl FnMut(Vec<String>) -> Result<()>) -> Result<()> {
    let options = FormatOptions::default().with_null(null);
    for batch in &answer.batches {
        let columns = batch.columns().iter().map(|column| ArrayFormatter::try_new(column.as_ref(), &options));
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        for row in 0..batch.num_rows() {
            write(columns.iter().map(|column| column.value(row).to_string()).collect())?;
        }
    }
    Ok(())
}

fn write_csv(out: &mut impl Write, answer: &Answer) -> Result<()> {
    let line = |fields: &[String]| fields.iter().map(|field| csv::field(field)).collect::<Vec<_>>().join(",");
    writeln!(out, "{}", line(&answer.names))?;
    each_row(answer, "", |fields| Ok(writeln!(out, "{}", line(&fields))?))
}

fn write_table(out: &mut impl Write, answer: &Answer) -> Result<()> {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(&answer.names);
    each_row(answer, "NULL", |fields| {
        // what stands in logs must not steer the terminal
        table.add_row(fields.iter().map(|field| visible_block(field)));
        Ok(())
    })?;
    writeln!(out, "{table}")?;
    Ok(())
}
