//! `gardener clusters`: the clusters of a time, or of all of the archive.

use std::process::ExitCode;

use anyhow::Result;
use serde_json::Value;

use super::configuration;
use crate::{
    archive::{self, open_built, redactor, whole_archive},
    cli::{ClustersArgs, Globals},
    model::window::{Windows, build_clusters},
    report::filters::{count, day},
    sql::{
        file::{SqlFile, sql},
        query,
    },
    text::list::{self, Column, bars, cut, number, rest, spare, text, tinted, words},
};

const CLUSTERS: SqlFile = sql!("show/clusters");

const COLUMNS: [Column; 9] = [
    cut("service", |row| text(row, "service", 30)),
    number("no", |row| count(&row["cluster_number"])),
    tinted("prio", |row| text(row, "priority", 2)),
    tinted("state", |row| text(row, "state", 10)),
    number("entries", |row| count(&row["entry_count"])),
    bars("over time"),
    spare("last seen", |row| day(&row["last_ns"])),
    rest("name", |row| text(row, "name", 120)),
    words("id", |row| text(row, "cluster_id", 16)),
];

pub fn run(args: &ClustersArgs, globals: &Globals) -> Result<ExitCode> {
    let config = configuration(&args.config, globals)?;
    archive::check(&args.window, &config)?;
    let connection = open_built(&args.database.db, args.database.memory.as_deref(), &config)?;
    let list = if args.window.is_silent() {
        whole_archive(&connection, args.window.service.as_deref())?
    } else {
        archive::windows(&connection, &config, &args.window)?
    };
    build_clusters(&connection, &Windows { list: &list, minimum_severity: config.minimum_severity() })?;
    let mut rows = Value::Array(query::rows(&connection, &CLUSTERS, &[])?);
    redactor(&connection, &config)?.json(&mut rows);
    let rows = rows.as_array().map_or(&[][..], Vec::as_slice);
    // one service needs no column that says so
    let is_one = rows.iter().all(|row| row["service"] == rows[0]["service"]);
    list::print(rows, if is_one { &COLUMNS[1..] } else { &COLUMNS }, args.format)?;
    Ok(ExitCode::SUCCESS)
}
