//! The models: SQL files in the order in which they build on one another, and running them.
//!
//! A file's stem is the relation it makes and its body is one `select`. Facts read entries; marts read
//! facts. Values are bound by name; a file names just the parameters it uses.

pub mod build;
pub mod functions;
pub mod macros;
mod patterns;
pub mod registry;
mod splits;
mod statistics;
mod traces;
pub mod window;

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Instant,
};

use anyhow::{Result, anyhow};
use arrow::{array::RecordBatch, datatypes::SchemaRef};
use duckdb::{Connection, Statement, types::Value};

use crate::{custom, report::document};

/// One SQL file, compiled in under the path that errors show.
#[derive(Debug, Clone, Copy)]
pub struct SqlFile {
    pub path: &'static str,
    text: &'static str,
}

impl SqlFile {
    pub const fn written(path: &'static str, text: &'static str) -> SqlFile {
        SqlFile { path, text }
    }

    /// What is run: the user's text, where there is one in this file's place.
    pub fn text(&self) -> &'static str {
        custom::instead_of(self).unwrap_or(self.text)
    }

    pub fn text_as_written(&self) -> &'static str {
        self.text
    }

    /// The relation that the file makes.
    pub fn stem(&self) -> &'static str {
        let name = self.path.rsplit('/').next().unwrap_or(self.path);
        name.strip_suffix(".sql").unwrap_or(name)
    }

    /// What the comment on top says, in one piece, without the line `grain: service, revision`, which lists the columns
    /// that tell one row from another.
    pub fn header(&self) -> String {
        let lines = self.text.lines().map_while(|line| line.strip_prefix("--")).map(str::trim);
        lines.filter(|line| !line.starts_with("grain: ")).collect::<Vec<_>>().join(" ")
    }
}

/// The file that makes a relation or macro which people may query.
pub fn file_of(name: &str) -> Option<SqlFile> {
    let tables = [registry::VIEWS, registry::FACTS, registry::CLUSTER_FACTS].into_iter().flatten();
    tables.copied().chain(window::marts()).chain(macros::files().copied()).find(|file| file.stem() == name)
}

pub type Parameters<'a> = [(&'a str, Value)];

static TELLS_TIMES: AtomicBool = AtomicBool::new(false);

/// Whether each model's time is said on standard error.
pub fn tell_times(is_wanted: bool) {
    TELLS_TIMES.store(is_wanted, Ordering::Relaxed);
}

static TELLS_QUERIES: AtomicBool = AtomicBool::new(false);

/// Whether each query is printed on standard error before it runs.
pub fn tell_queries(is_wanted: bool) {
    TELLS_QUERIES.store(is_wanted, Ordering::Relaxed);
}

fn tell_query(file: &SqlFile, sql: &str, values: &Parameters<'_>) {
    // macros are made on every connection and are no query
    if !TELLS_QUERIES.load(Ordering::Relaxed) || file.path.starts_with("sql/macros/") {
        return;
    }
    eprintln!("-- {}", file.path);
    for (name, value) in values.iter().filter(|(name, _)| sql.contains(&format!("${name}"))) {
        eprintln!("-- ${name} = {value:?}");
    }
    eprintln!("{}\n", sql.trim_end());
}

fn tell_time(file: &SqlFile, start: Instant) {
    if TELLS_TIMES.load(Ordering::Relaxed) {
        eprintln!("{:>9.1} ms  {}", start.elapsed().as_secs_f64() * 1e3, file.path);
    }
}

/// Runs a file behind a prefix on its first line, so that line numbers stay the file's.
pub fn run_named(connection: &Connection, prefix: &str, file: &SqlFile, values: &Parameters<'_>) -> Result<()> {
    let start = Instant::now();
    let sql = format!("{prefix}{}", file.text());
    let mut statement = prepare(connection, &sql, file, values)?;
    statement.raw_execute().map_err(|error| located(file, &error))?;
    tell_time(file, start);
    Ok(())
}

/// The rows of a file's query, each as one JSON object.
pub fn rows(connection: &Connection, file: &SqlFile, values: &Parameters<'_>) -> Result<Vec<serde_json::Value>> {
    let start = Instant::now();
    let sql = format!("select to_json(\"all of a row\")::varchar from ( {}\n) as \"all of a row\"", file.text());
    let mut statement = prepare(connection, &sql, file, values)?;
    statement.raw_execute().map_err(|error| located(file, &error))?;
    let mut rows = statement.raw_query();
    let mut objects = Vec::new();
    while let Some(row) = rows.next()? {
        let text: String = row.get(0)?;
        objects.push(serde_json::from_str(&text)?);
    }
    tell_time(file, start);
    Ok(objects)
}

/// The rows of a file's query as Arrow batches.
pub fn batches(
    connection: &Connection,
    file: &SqlFile,
    values: &Parameters<'_>,
) -> Result<(SchemaRef, Vec<RecordBatch>)> {
    let start = Instant::now();
    let mut statement = prepare(connection, file.text(), file, values)?;
    statement.raw_execute().map_err(|error| located(file, &error))?;
    let schema = statement.schema();
    let mut batches = Vec::new();
    while let Some(data) = statement.step()? {
        batches.push(RecordBatch::from(data));
    }
    tell_time(file, start);
    Ok((schema, batches))
}

fn prepare<'c>(
    connection: &'c Connection,
    sql: &str,
    file: &SqlFile,
    values: &Parameters<'_>,
) -> Result<Statement<'c>> {
    tell_query(file, sql, values);
    let mut statement = connection.prepare(sql).map_err(|error| located(file, &error))?;
    for index in 1..=statement.parameter_count() {
        let name = statement.parameter_name(index)?;
        let Some((_, value)) = values.iter().find(|(known, _)| *known == name) else {
            return Err(anyhow!("{}: parameter `${name}` is not known", file.path));
        };
        statement.raw_bind_parameter(index, value)?;
    }
    Ok(statement)
}

/// DuckDB's message with the file and line it is about, and the line itself.
fn located(file: &SqlFile, error: &duckdb::Error) -> anyhow::Error {
    let text = error.to_string();
    let message = text.lines().next().unwrap_or_default().trim();
    let Some(line) = line_number(&text) else {
        return anyhow!("{}: {message}", file.path).context(format!("failed to build model `{}`", file.stem()));
    };
    let source = file.text().lines().nth(line.saturating_sub(1)).unwrap_or_default();
    anyhow!("{}:{line}: {message}\n{line:>5} | {source}", file.path)
        .context(format!("failed to build model `{}`", file.stem()))
}

fn line_number(text: &str) -> Option<usize> {
    let rest = &text[text.find("LINE ")? + 5..];
    rest[..rest.find(':')?].parse().ok()
}

/// The models that a user's may stand in place of: what the database is built of, and what worklogs ask.
pub fn replaceable() -> Vec<SqlFile> {
    [registry::VIEWS, registry::FACTS, registry::CLUSTER_FACTS, &window::marts(), &document::queries()].concat()
}
