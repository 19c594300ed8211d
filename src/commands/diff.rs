//! `gardener diff`: what changed from one worklog to another, both as JSON, by the query that worklogs use themselves.

use std::{fs, path::Path, process::ExitCode};

use anyhow::{Context, Result, bail};
use duckdb::params;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::{
    cli::{DiffArgs, ShowFormat},
    config::overrides::Overrides,
    report::Renderer,
    sql::{
        connection::Connection,
        file::{SqlFile, sql},
        query,
    },
    text::terminal,
};

const SINCE_LAST: SqlFile = sql!("report/since_last");

pub fn run(args: &DiffArgs) -> Result<ExitCode> {
    let (before, after) = (read(&args.before)?, read(&args.after)?);
    if before["service"] != after["service"] {
        bail!("the worklogs are of two services, {} and {}", before["service"], after["service"]);
    }
    let connection = Connection::from(duckdb::Connection::open_in_memory()?);
    lay(&connection, "clusters_before", &before)?;
    lay(&connection, "clusters", &after)?;
    let side = |document: &Value| {
        let totals = &document["totals"];
        json!({"first_ns": totals["first_ns"], "last_ns": totals["last_ns"], "entry_count": totals["entry_count"],
            "cluster_count": totals["cluster_count"]})
    };
    let length = |document: &Value| {
        document["totals"]["last_ns"].as_i64().unwrap_or(0) - document["totals"]["first_ns"].as_i64().unwrap_or(0)
    };
    let (short, long) = (length(&before).min(length(&after)), length(&before).max(length(&after)));
    let document = json!({
        "service": after["service"],
        "before": side(&before),
        "after": side(&after),
        "is_alike": short >= long - long / 4,
        "changes": query::rows(&connection, &SINCE_LAST, &[])?,
    });
    let text = match args.format {
        ShowFormat::Json => serde_json::to_string_pretty(&document)? + "\n",
        ShowFormat::Text => Renderer::new(TimeZone::UTC, &Overrides::default())?.render("diff.txt", &document)?,
    };
    if args.format == ShowFormat::Text {
        terminal::print_text(&text)?
    } else {
        terminal::print(&text)?
    }
    Ok(ExitCode::SUCCESS)
}

fn read(path: &Path) -> Result<Value> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let document: Value = serde_json::from_str(&text).with_context(|| {
        format!("`{}` is no JSON\n\nhint: `gardener worklog --format json` writes it", path.display())
    })?;
    if document["document_version"].is_null() || !document["clusters"].is_array() {
        bail!("`{}` is no worklog of gardener's", path.display());
    }
    Ok(document)
}

/// The clusters of a worklog as the query finds them in a database.
fn lay(connection: &Connection, table: &str, document: &Value) -> Result<()> {
    connection.execute_batch(&format!(
        "create table {table} (window_id integer, cluster_id varchar, name varchar, cluster_number integer, \
         priority varchar, state varchar, entry_count bigint)"
    ))?;
    let mut insert = connection.prepare(&format!("insert into {table} values (0, ?, ?, ?, ?, ?, ?)"))?;
    for cluster in document["clusters"].as_array().into_iter().flatten() {
        let text = |key: &str| cluster[key].as_str();
        insert.execute(params![
            text("cluster_id").context("a cluster without `cluster_id`: the worklog is of an older gardener")?,
            text("name"),
            cluster["cluster_number"].as_i64(),
            text("priority"),
            text("state"),
            cluster["entry_count"].as_i64(),
        ])?;
    }
    Ok(())
}
