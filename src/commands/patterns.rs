//! `gardener patterns`: the patterns of the archive, the commonest first.

use std::process::ExitCode;

use anyhow::{Result, bail};
use duckdb::types;
use serde_json::Value;

use super::configuration;
use crate::{
    archive::{open_built, redactor, whole_archive},
    cli::{Globals, PatternsArgs},
    report::filters::{count, day},
    sql::{
        file::{SqlFile, sql},
        query,
    },
    text::list::{self, Column, ListFormat, bars, cut, number, rest, spare, text, tinted, words},
};

const PATTERNS: SqlFile = sql!("show/patterns");

const COLUMNS: [Column; 7] = [
    cut("service", |row| text(row, "service", 30)),
    tinted("severity", severity),
    number("entries", |row| count(&row["entry_count"])),
    bars("over time"),
    spare("last seen", |row| day(&row["last_ns"])),
    rest("template", |row| text(row, "template", 120)),
    words("id", |row| text(row, "pattern_id", 16)),
];

pub fn run(args: &PatternsArgs, globals: &Globals) -> Result<ExitCode> {
    let config = configuration(&args.config, globals)?;
    let connection = open_built(&args.database.db, args.database.memory.as_deref(), &config)?;
    let parameters = [
        ("service", args.service.clone().map_or(types::Value::Null, types::Value::Text)),
        ("minimum_severity", args.severity.map_or("DEFAULT", |severity| severity.name()).to_owned().into()),
    ];
    let mut rows = Value::Array(query::rows(&connection, &PATTERNS, &parameters)?);
    redactor(&connection, &config)?.json(&mut rows);
    let all = rows.as_array().map_or(&[][..], Vec::as_slice);
    if all.is_empty() {
        if let Some(service) = &args.service {
            whole_archive(&connection, Some(service))?;
        }
        let of = args.service.as_ref().map(|service| format!(" of a service `{service}`")).unwrap_or_default();
        bail!("no pattern{of} with entries of that severity\n\nhint: `gardener patterns` lists all");
    }
    let shown = &all[..all.len().min(args.limit)];
    let is_one = shown.iter().all(|row| row["service"] == shown[0]["service"]);
    list::print(shown, if is_one { &COLUMNS[1..] } else { &COLUMNS }, args.format)?;
    if args.format == ListFormat::Table && shown.len() < all.len() {
        eprintln!("{} more; `--limit {}` lists them", all.len() - shown.len(), all.len());
    }
    Ok(ExitCode::SUCCESS)
}

/// The severity of most entries, and beside it the highest if some have that.
fn severity(row: &Value) -> String {
    let (severity, worst) = (text(row, "severity", 10), text(row, "worst_severity", 10));
    if severity == worst { severity } else { format!("{severity}, {} {worst}", count(&row["worst_count"])) }
}
