//! `gardener clusters`: the clusters of a time, or of all of the archive.

use std::process::ExitCode;

use anyhow::Result;

use super::configuration;
use crate::{
    archive::{self, open_built, redactor, whole_archive},
    cli::{ClustersArgs, Globals},
    model::window::{Windows, build_clusters},
    report::{
        document::{lists::ListedClusterRow, redacted},
        filters::day,
    },
    sql::row::rows_as,
    text::{
        escape::one_line,
        list::{self, Column, bars, cut, number, rest, spare, tinted, words},
        words::thousands,
    },
};

const COLUMNS: [Column<ListedClusterRow>; 9] = [
    cut("service", |row| one_line(&row.service, 30)),
    number("no", |row| thousands(row.cluster_number)),
    tinted("prio", |row| one_line(&row.priority, 2)),
    tinted("state", |row| one_line(&row.state, 10)),
    number("entries", |row| thousands(row.entry_count)),
    bars("over time", |row| &row.counts),
    spare("last seen", |row| day(row.last_ns)),
    rest("name", |row| one_line(&row.name, 120)),
    words("id", |row| one_line(&row.cluster_id, 16)),
];

pub(super) fn run(args: &ClustersArgs, globals: &Globals) -> Result<ExitCode> {
    let config = configuration(&args.config, globals)?;
    archive::check(&args.window, &config)?;
    let connection = open_built(&args.database.db, args.database.memory.as_deref(), &config)?;
    let list = if args.window.is_silent() {
        whole_archive(&connection, args.window.service.as_deref())?
    } else {
        archive::windows(&connection, &config, &args.window)?
    };
    build_clusters(&connection, &Windows { list: &list, minimum_severity: config.minimum_severity() })?;
    let rows = rows_as::<ListedClusterRow>(&connection, &[])?;
    let rows = redacted(&rows, &redactor(&connection, &config)?)?;
    // one service needs no column that says so
    let is_one = rows.iter().all(|row| row.service == rows[0].service);
    list::print(&rows, if is_one { &COLUMNS[1..] } else { &COLUMNS }, args.format.guarded(args.csv.csv_safe))?;
    Ok(ExitCode::SUCCESS)
}
