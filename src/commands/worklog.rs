//! `gardener worklog`: the worklog of a window, one a service.

use std::{path::Path, process::ExitCode};

use anyhow::{Result, bail};
use duckdb::{Connection, params};
use jiff::{Timestamp, tz::TimeZone};

use super::{build, redactor, say};
use crate::{
    cli::{WindowArgs, WorklogArgs},
    model::window::{Window, build_marts, keep},
    report::{
        self,
        document::{Making, assemble},
        period::{self, Period},
    },
    rules::RuleSet,
    store,
    words::plural,
};

pub fn run(args: &WorklogArgs, quiet: bool) -> Result<ExitCode> {
    let rules = RuleSet::load(args.config.config.as_deref())?;
    check(&args.window, &rules)?;
    let path = &args.database.db;
    if !path.is_file() {
        bail!(
            "no database at `{}`\n\nhint: `gardener run EXPORTS...` makes one and writes the worklog",
            path.display()
        );
    }
    let connection = store::open(path, args.database.memory.as_deref())?;
    build::build(&connection, &rules, true)?;
    write(&connection, &rules, &args.window, &args.output.out, quiet)?;
    Ok(ExitCode::SUCCESS)
}

/// What can be wrong with the words for the window is said before anything is loaded.
pub fn check(args: &WindowArgs, rules: &RuleSet) -> Result<()> {
    let zone = period::zone(args, rules.settings.timezone.as_deref())?;
    period::resolve(args, &zone, i64::MIN / 2, i64::MAX / 2)?;
    args.as_of.as_deref().map(|text| period::parse_time(text, &zone)).transpose()?;
    Ok(())
}

/// Writes one worklog a service and prints where.
pub fn write(connection: &Connection, rules: &RuleSet, args: &WindowArgs, out: &Path, quiet: bool) -> Result<()> {
    let zone = period::zone(args, rules.settings.timezone.as_deref())?;
    let as_of = args.as_of.as_deref().map(|text| period::parse_time(text, &zone)).transpose()?;
    let generated_ns = as_of.unwrap_or_else(|| Timestamp::now().as_second() * 1_000_000_000);
    let (first, last) = archive_span(connection, as_of)?;
    let mut period = period::resolve(args, &zone, first, last)?;
    if let Some(as_of) = as_of {
        period.to_ns =
            period.to_ns.min((as_of + period::MINUTE_NS - 1).div_euclid(period::MINUTE_NS) * period::MINUTE_NS);
    }
    let services = services(connection, &period, args.service.as_deref())?;
    for service in &services {
        let window = Window {
            service: service.clone(),
            from_ns: period.from_ns,
            to_ns: period.to_ns,
            minimum_severity: rules.settings.minimum_severity.map_or("NOTICE", |severity| severity.name()).into(),
        };
        let name = file_name(&period, service, services.len() > 1);
        let text = compose(connection, rules, &window, &period, &zone, generated_ns)?;
        let path = report::write(out, &name, &text)?;
        remember(connection, &window, &period, &path, generated_ns)?;
        println!("{}", path.display());
    }
    say(quiet, &format!("wrote {}", plural(services.len() as u64, "worklog")));
    Ok(())
}

fn compose(
    connection: &Connection,
    rules: &RuleSet,
    window: &Window,
    period: &Period,
    zone: &TimeZone,
    generated_ns: i64,
) -> Result<String> {
    build_marts(connection, window)?;
    keep(connection, window)?;
    let redactor = redactor(connection, rules)?;
    let database = connection.path().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    let making = Making {
        generated_ns,
        asked: &period.asked,
        focus: &period.focus,
        zone: zone.iana_name().unwrap_or("UTC"),
        database: database.as_deref().unwrap_or("garden.duckdb"),
    };
    let document = assemble(connection, window, rules, &making, &redactor)?;
    report::render("worklog.md", &document, zone.clone())
}

/// The worklog's row, in place of the one of the same path.
fn remember(connection: &Connection, window: &Window, period: &Period, path: &Path, generated_ns: i64) -> Result<()> {
    let path = path.display().to_string();
    connection.execute("delete from worklogs where path = ?", [&path])?;
    connection.execute(
        "insert into worklogs select ?, make_timestamp_ns(?), make_timestamp_ns(?), ?, ?, \
         (select count(*) from temp.main.clusters), make_timestamp_ns(?)",
        params![window.service, window.from_ns, window.to_ns, period.focus, path, generated_ns],
    )?;
    Ok(())
}

/// First and last entry of the archive, as it was known at `as_of`.
fn archive_span(connection: &Connection, as_of: Option<i64>) -> Result<(i64, i64)> {
    let sql = "select epoch_ns(min(entry_at)), epoch_ns(max(entry_at)) from raw_entries \
               where epoch_ns(entry_at) <= ?";
    let span: (Option<i64>, Option<i64>) =
        connection.query_row(sql, params![as_of.unwrap_or(i64::MAX)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    match span {
        (Some(first), Some(last)) => Ok((first, last)),
        _ => bail!("the database holds no entries up to that time"),
    }
}

/// The services with something to tell in the window, or with entries at all if none has.
fn services(connection: &Connection, period: &Period, wanted: Option<&str>) -> Result<Vec<String>> {
    let sql = "select service, bool_or(greatest(severity, coalesce(level, severity)) > 'INFO'::severity_name) \
               from pattern_minutes where minute >= make_timestamp_ns(?) and minute < make_timestamp_ns(?) \
               group by service order by service";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query(params![period.from_ns, period.to_ns])?;
    let mut found: Vec<(String, bool)> = Vec::new();
    while let Some(row) = rows.next()? {
        found.push((row.get(0)?, row.get(1)?));
    }
    let names = |rows: &[(String, bool)]| rows.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    if let Some(wanted) = wanted {
        if found.iter().any(|(name, _)| name == wanted) {
            return Ok(vec![wanted.to_owned()]);
        }
        bail!("no entries of a service `{wanted}` in the window\n\nhint: there are {}", names(&found).join(", "));
    }
    if found.is_empty() {
        let (from, to) = (period::stamp(period.from_ns), period::stamp(period.to_ns));
        bail!("no entries in the window from {from} to {to} UTC");
    }
    let told: Vec<_> = found.iter().filter(|(_, has_something)| *has_something).cloned().collect();
    Ok(if told.is_empty() { names(&found) } else { names(&told) })
}

fn file_name(period: &Period, service: &str, are_several: bool) -> String {
    let safe: String =
        service.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect();
    let focus = if are_several { format!("{}-{safe}", period.focus) } else { period.focus.clone() };
    format!("GCP-LOG-GARDENER-WORKLOG-{focus}-{}-UTC.md", period::stamp(period.to_ns - 1))
}
