//! Running SQL files: values are bound by name, errors show the file and the line.

use std::{borrow::Cow, time::Instant};

use anyhow::{Result, anyhow};
use arrow::{array::RecordBatch, datatypes::SchemaRef};
use duckdb::{Statement, types::Value};

use super::{
    connection::Connection,
    file::{SqlFile, stem},
};
use crate::text::escape::visible_block;

pub type Parameters<'a> = [(&'a str, Value)];

/// A text of SQL and the path that errors show.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    pub path: &'a str,
    pub text: &'a str,
}

/// Runs a file behind a prefix on its first line, so that line numbers stay the file's.
pub fn run_named(connection: &Connection, prefix: &str, file: &SqlFile, values: &Parameters<'_>) -> Result<()> {
    run_source(connection, prefix, source_of(connection, file), values)
}

/// The same for a text that is no file of the program's.
pub fn run_source(connection: &Connection, prefix: &str, source: Source<'_>, values: &Parameters<'_>) -> Result<()> {
    let start = Instant::now();
    let sql = format!("{prefix}{}", source.text);
    if has_parameters(&sql) {
        let mut statement = prepare(connection, &sql, source, values)?;
        statement.raw_execute().map_err(|error| located(source, &error))?;
    } else {
        // DuckDB plans a prepared statement again when it runs, which for a small archive is most of the time
        trace_query(connection, source, &sql, values);
        connection.execute_batch(&sql).map_err(|error| located(source, &error))?;
    }
    trace_time(connection, source, start);
    Ok(())
}

/// The rows of a file's query, each as one JSON object: for checks, whose columns are their own. What reports say is read
/// as structs ([`super::row::rows_as`]).
pub fn rows(connection: &Connection, file: &SqlFile, values: &Parameters<'_>) -> Result<Vec<serde_json::Value>> {
    let mut objects = Vec::new();
    each_row(connection, file, values, |text| {
        objects.push(serde_json::from_str(text)?);
        Ok(())
    })?;
    Ok(objects)
}

/// Hands over the rows of a file's query, each as the text of one JSON object.
pub(super) fn each_row(
    connection: &Connection,
    file: &SqlFile,
    values: &Parameters<'_>,
    mut take: impl FnMut(&str) -> Result<()>,
) -> Result<()> {
    let (start, source) = (Instant::now(), source_of(connection, file));
    let sql = format!("select to_json(\"all of a row\")::varchar from ( {}\n) as \"all of a row\"", source.text);
    let mut statement = prepare(connection, &sql, source, values)?;
    statement.raw_execute().map_err(|error| located(source, &error))?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        let text: String = row.get(0)?;
        take(&finite(&text))?;
    }
    trace_time(connection, source, start);
    Ok(())
}

/// JSON without the numbers that JSON lacks: DuckDB writes `NaN` and `Infinity`, which a value of the archive may be.
fn finite(text: &str) -> Cow<'_, str> {
    const LACKING: [&str; 3] = ["NaN", "-Infinity", "Infinity"];
    if !LACKING.iter().any(|word| text.contains(word)) {
        return Cow::Borrowed(text);
    }
    let (mut out, mut at, mut is_text) = (String::with_capacity(text.len()), 0, false);
    while let Some(sign) = text[at..].chars().next() {
        if let Some(word) = LACKING.iter().find(|word| !is_text && text[at..].starts_with(**word)) {
            out.push_str("null");
            at += word.len();
            continue;
        }
        let escaped = (is_text && sign == '\\').then(|| text[at + 1..].chars().next()).flatten();
        is_text ^= sign == '"';
        out.push(sign);
        out.extend(escaped);
        at += sign.len_utf8() + escaped.map_or(0, char::len_utf8);
    }
    Cow::Owned(out)
}

/// The rows of a file's query as Arrow batches.
pub fn batches(
    connection: &Connection,
    file: &SqlFile,
    values: &Parameters<'_>,
) -> Result<(SchemaRef, Vec<RecordBatch>)> {
    let (start, source) = (Instant::now(), source_of(connection, file));
    let mut statement = prepare(connection, source.text, source, values)?;
    statement.raw_execute().map_err(|error| located(source, &error))?;
    let schema = statement.schema();
    let mut batches = Vec::new();
    while let Some(data) = statement.step()? {
        batches.push(RecordBatch::from(data));
    }
    trace_time(connection, source, start);
    Ok((schema, batches))
}

fn source_of<'a>(connection: &'a Connection, file: &SqlFile) -> Source<'a> {
    Source { path: file.path, text: connection.text_of(file) }
}

fn prepare<'c>(
    connection: &'c Connection,
    sql: &str,
    source: Source<'_>,
    values: &Parameters<'_>,
) -> Result<Statement<'c>> {
    trace_query(connection, source, sql, values);
    let mut statement = connection.prepare(sql).map_err(|error| located(source, &error))?;
    for index in 1..=statement.parameter_count() {
        let name = statement.parameter_name(index)?;
        let Some((_, value)) = values.iter().find(|(known, _)| *known == name) else {
            return Err(anyhow!("{}: parameter `${name}` is not known", source.path));
        };
        statement.raw_bind_parameter(index, value)?;
    }
    Ok(statement)
}

/// Whether a value may have to be bound; a `$` in a comment or a text only costs time.
fn has_parameters(sql: &str) -> bool {
    sql.contains('$')
}

fn trace_query(connection: &Connection, source: Source<'_>, sql: &str, values: &Parameters<'_>) {
    if !connection.tracing.queries {
        return;
    }
    let say = |text: &str| eprintln!("{}", visible_block(text));
    say(&format!("-- {}", source.path));
    for (name, value) in values.iter().filter(|(name, _)| sql.contains(&format!("${name}"))) {
        say(&format!("-- ${name} = {value:?}"));
    }
    say(&format!("{}\n", sql.trim_end()));
}

fn trace_time(connection: &Connection, source: Source<'_>, start: Instant) {
    if connection.tracing.times {
        let milliseconds = start.elapsed().as_secs_f64() * 1e3;
        eprintln!("{milliseconds:>9.1} ms  {}", visible_block(source.path));
    }
}

/// DuckDB's message with the file and line it is about, and the line itself.
pub fn located(source: Source<'_>, error: &duckdb::Error) -> anyhow::Error {
    let Source { path, text: sql } = source;
    let text = error.to_string();
    let message = text.lines().next().unwrap_or_default().trim();
    let place = match line_number(&text) {
        None => anyhow!("{path}: {message}"),
        Some(line) => {
            let line_text = sql.lines().nth(line.saturating_sub(1)).unwrap_or_default();
            anyhow!("{path}:{line}: {message}\n{line:>5} | {line_text}")
        }
    };
    place.context(format!("failed to build model `{}`", stem(path)))
}

fn line_number(text: &str) -> Option<usize> {
    let rest = &text[text.find("LINE ")? + 5..];
    rest[..rest.find(':')?].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_json_lacks_are_null() {
        let text = r#"{"a":NaN,"b":-Infinity,"c":[Infinity,1],"NaN":"NaN \" NaN \\","d":NaN}"#;
        let wanted = r#"{"a":null,"b":null,"c":[null,1],"NaN":"NaN \" NaN \\","d":null}"#;
        assert_eq!(finite(text), wanted);
        assert!(matches!(finite(r#"{"a":1}"#), Cow::Borrowed(_)));
    }
}
