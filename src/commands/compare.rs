//! `gardener compare`: which patterns came, went, got worse or better from one side to another.

use std::{io, process::ExitCode};

use anyhow::Result;

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::configuration;
use crate::{
    archive::{open_built, redactor},
    cli::{CompareArgs, CompareFormat, Globals, Verdict},
    model::sides,
    report::{Renderer, document::hide_values},
    sql::{
        connection::Connection,
        file::{SqlFile, sql},
        query,
    },
    text::{
        csv,
        redact::Redactor,
        terminal::{self, say},
    },
    time::period,
};

const SECTIONS: [(&str, SqlFile); 4] = [
    ("exposures", sql!("compare/exposures")),
    ("changes", sql!("compare/changes")),
    ("requests", sql!("compare/requests")),
    ("new_values", sql!("compare/new_values")),
];

pub fn run(args: &CompareArgs, globals: &Globals) -> Result<ExitCode> {
    let quiet = globals.quiet;
    let config = configuration(&args.config, globals)?;
    let zone = period::zone(args.tz.as_deref(), config.settings.timezone.as_deref())?;
    let connection = open_built(&args.database.db, args.database.memory.as_deref(), &config)?;
    let redactor = redactor(&connection, &config)?;
    let document = document(&connection, args, config.minimum_severity(), &zone, &redactor)?;
    let left_out: Vec<&str> = document["left_out"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if !left_out.is_empty() {
        say(quiet, &format!("left out, with one side only: {}", left_out.join(", ")));
    }
    let text = match args.format {
        CompareFormat::Json => serde_json::to_string_pretty(&document)? + "\n",
        CompareFormat::Csv => csv::rows(&COLUMNS, rows(&document, "changes")),
        CompareFormat::Table => Renderer::new(zone, &config.overrides)?.render("comparison.txt", &document)?,
        CompareFormat::Markdown => Renderer::new(zone, &config.overrides)?.render("comparison.md", &document)?,
    };
    let printed =
        if args.format == CompareFormat::Table { terminal::print_text(&text) } else { terminal::print(&text) };
    // who reads no more still gets the status
    printed.or_else(|error| if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })?;
    Ok(if fails(&document, &args.fail_on) { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// The pairs with the rows of each query about them.
fn document(
    connection: &Connection,
    args: &CompareArgs,
    minimum_severity: &str,
    zone: &TimeZone,
    redactor: &Redactor,
) -> Result<Value> {
    let mut pairs = sides::pairs(connection, &args.base, &args.target, args.service.as_deref(), zone)?;
    let least = args.severity.map_or(minimum_severity, |severity| severity.name());
    let parameters = [("pairs", pairs.parameter().into()), ("least_severity", least.to_owned().into())];
    for (name, file) in &SECTIONS {
        let rows = query::rows(connection, file, &parameters)?;
        for pair in &mut pairs.rows {
            let mut own: Vec<Value> = rows.iter().filter(|row| row["pair_id"] == pair["pair_id"]).cloned().collect();
            own.iter_mut().filter(|row| row["value"].is_string()).for_each(|row| hide_values(row, "name", redactor));
            pair[*name] = own.into();
        }
    }
    let mut document =
        json!({"left_out": pairs.left_out, "least_severity": least, "shows_all": args.all, "pairs": pairs.rows});
    redactor.json(&mut document);
    Ok(document)
}

fn rows<'a>(document: &'a Value, section: &'static str) -> impl Iterator<Item = &'a Value> {
    let pairs = document["pairs"].as_array().into_iter().flatten();
    pairs.flat_map(move |pair| pair[section].as_array().into_iter().flatten())
}

/// Whether a pattern or a measure of requests has a verdict that is asked to fail on.
fn fails(document: &Value, fail_on: &[Verdict]) -> bool {
    rows(document, "changes")
        .chain(rows(document, "requests"))
        .any(|row| fail_on.iter().any(|verdict| row["verdict"] == verdict.words()))
}

/// The columns of the rows of changes, as SQL names them.
const COLUMNS: [&str; 19] = [
    "service",
    "pattern_id",
    "verdict",
    "base_severity",
    "target_severity",
    "base_count",
    "base_exposure",
    "target_count",
    "target_exposure",
    "exposure_unit",
    "ratio",
    "ratio_lower",
    "ratio_upper",
    "p",
    "q",
    "dispersion",
    "reason",
    "cluster_id",
    "template",
];
