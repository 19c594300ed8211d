//! `gardener patterns`: the patterns of the archive, the commonest first.

use std::process::ExitCode;

use anyhow::{Result, bail};
use duckdb::types;

use super::configuration;
use crate::{
    archive::{open_built, redactor, whole_archive},
    cli::{Globals, PatternsArgs},
    report::{
        document::{lists::ListedPatternRow, redacted},
        filters::day,
    },
    sql::row::rows_as,
    text::{
        escape::one_line,
        list::{self, Column, ListFormat, bars, cut, number, rest, spare, tinted, words},
        words::thousands,
    },
};

const COLUMNS: [Column<ListedPatternRow>; 7] = [
    cut("service", |row| one_line(&row.service, 30)),
    tinted("severity", severity),
    number("entries", |row| thousands(row.entry_count)),
    bars("over time", |row| &row.counts),
    spare("last seen", |row| day(row.last_ns)),
    rest("template", |row| one_line(&row.template, 120)),
    words("id", |row| one_line(&row.pattern_id, 16)),
];

pub(super) fn run(args: &PatternsArgs, globals: &Globals) -> Result<ExitCode> {
    let config = configuration(&args.config, globals)?;
    let connection = open_built(&args.database.db, args.database.memory.as_deref(), &config)?;
    let parameters = [
        ("service", args.service.clone().map_or(types::Value::Null, types::Value::Text)),
        ("minimum_severity", args.severity.map_or("DEFAULT", |severity| severity.name()).to_owned().into()),
    ];
    let rows = rows_as::<ListedPatternRow>(&connection, &parameters)?;
    let all = redacted(&rows, &redactor(&connection, &config)?)?;
    if all.is_empty() {
        if let Some(service) = &args.service {
            whole_archive(&connection, Some(service))?;
        }
        let of = args.service.as_ref().map(|service| format!(" of a service `{service}`")).unwrap_or_default();
        bail!("no pattern{of} with entries of that severity\n\nhint: `gardener patterns` lists all");
    }
    let shown = &all[..all.len().min(args.limit)];
    let is_one = shown.iter().all(|row| row.service == shown[0].service);
    list::print(shown, if is_one { &COLUMNS[1..] } else { &COLUMNS }, args.format.guarded(args.csv.csv_safe))?;
    if args.format == ListFormat::Table && shown.len() < all.len() {
        eprintln!("{} more; `--limit {}` lists them", all.len() - shown.len(), all.len());
    }
    Ok(ExitCode::SUCCESS)
}

/// The severity of most entries, and beside it the highest if some have that.
fn severity(row: &ListedPatternRow) -> String {
    let (severity, worst) = (one_line(&row.severity, 10), one_line(&row.worst_severity, 10));
    if severity == worst { severity } else { format!("{severity}, {} {worst}", thousands(row.worst_count)) }
}
