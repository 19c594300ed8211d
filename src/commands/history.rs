//! `gardener history`: a worklog for each day or revision of the archive, and an index over them.

use std::{collections::HashMap, path::Path, process::ExitCode, time::Instant};

use anyhow::{Result, bail};
use duckdb::{Connection, params};
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use xxhash_rust::xxh3::xxh3_64;

use super::{
    press::{Job, Links, Press},
    site::Site,
};
use crate::{
    archive::{self, redactor},
    cli::{By, HistoryArgs, WorklogFormat},
    model::{
        build::models_hash,
        window::{Window, Windows, show_kept},
    },
    report::{self, Renderer, document},
    rules::RuleSet,
    sql::{
        file::{SqlFile, sql},
        query::{self, run_named},
    },
    stats::frames,
    store,
    text::{
        terminal::say,
        words::{self, plural},
    },
    time::period::{self, Period},
};

const REVISION_SPANS: SqlFile = sql!("history/revision_spans");
const WINDOWS: SqlFile = sql!("history/windows");
const FINGERPRINTS: SqlFile = sql!("history/fingerprints");
const CLUSTER_DAYS: SqlFile = sql!("history/cluster_days");
const DAILY_SERIES: SqlFile = sql!("history/daily_series");

/// The parts of the index under their keys.
const INDEX: [(&str, SqlFile); 5] = [
    ("days", sql!("history/index_days")),
    ("clusters", sql!("history/index_clusters")),
    ("cells", sql!("history/index_cells")),
    ("revisions", sql!("history/index_revisions")),
    ("changes", sql!("history/index_changes")),
];

const INDEX_BY_DAY: &str = "index.md";

/// A day, or a revision of one service.
struct Span {
    service: Option<String>,
    revision: Option<String>,
    period: Period,
}

pub fn run(args: &HistoryArgs, quiet: bool) -> Result<ExitCode> {
    let start = Instant::now();
    let rules = RuleSet::load(args.config.config.as_deref())?;
    let zone = period::zone(args.tz.as_deref(), rules.settings.timezone.as_deref())?;
    let moment = |text: &Option<String>| text.as_deref().map(|text| period::parse_time(text, &zone)).transpose();
    let (from, to, as_of) = (moment(&args.from)?, moment(&args.to)?, moment(&args.as_of)?);
    let path = &args.database.db;
    if !path.is_file() {
        bail!("no database at `{}`\n\nhint: `gardener run EXPORTS...` makes one", path.display());
    }
    let connection = store::open(path, args.database.memory.as_deref())?;
    archive::build(&connection, &rules, true)?;
    let (first, last) = archive::span(&connection, as_of)?;
    let (from, to) = (from.unwrap_or(first), to.unwrap_or(last + 1).min(last + 1));
    if from >= to {
        bail!(
            "the archive has nothing from {} to {}\n\nhint: it holds {} to {}",
            period::instant(from),
            period::instant(to),
            period::instant(first),
            period::instant(last)
        );
    }
    let spans = match args.by {
        By::Day => days(from, to, as_of, &zone)?,
        By::Revision => revisions(&connection, from, to)?,
    };
    let index = if args.by == By::Day { INDEX_BY_DAY } else { "revisions.md" };
    lay_spans(&connection, &spans)?;
    let jobs = jobs(&connection, &rules, args.service.as_deref(), &spans, index)?;
    let press = Press::new(&connection, &rules, zone.clone(), as_of, &args.output)?;
    let todo = changed(&connection, &rules, &zone, args, jobs.clone())?;
    press.print(&todo, quiet)?;
    let path = write_index(&connection, &rules, &zone, args, &jobs, (from, to), index)?;
    println!("{}", path.display());
    let (written, kept) = (todo.len() as u64, (jobs.len() - todo.len()) as u64);
    let kept = if kept > 0 { format!(", {} unchanged", words::thousands(kept)) } else { String::new() };
    say(quiet, &format!("wrote {}{kept}, {:.1} s", plural(written, "worklog"), start.elapsed().as_secs_f64()));
    Ok(ExitCode::SUCCESS)
}

/// The days of the zone that the time touches; none goes beyond `--as-of`.
fn days(from: i64, to: i64, as_of: Option<i64>, zone: &TimeZone) -> Result<Vec<Span>> {
    let mut spans = Vec::new();
    let mut at = from;
    while at < to {
        let mut day = period::day_at(at, zone)?;
        at = day.to_ns;
        if let Some(as_of) = as_of {
            day.to_ns = day.to_ns.min(period::whole_minute_after(as_of));
        }
        spans.push(Span { service: None, revision: None, period: day });
    }
    Ok(spans)
}

fn revisions(connection: &Connection, from: i64, to: i64) -> Result<Vec<Span>> {
    let rows = query::rows(connection, &REVISION_SPANS, &[("from_ns", from.into()), ("to_ns", to.into())])?;
    let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let span = |row: &Value| Span {
        service: Some(text(row, "service")),
        revision: Some(text(row, "revision")),
        period: Period {
            from_ns: row["from_ns"].as_i64().unwrap_or_default(),
            to_ns: row["to_ns"].as_i64().unwrap_or_default(),
            focus: text(row, "revision"),
            asked: format!("revision {}", text(row, "revision")),
        },
    };
    Ok(rows.iter().map(span).collect())
}

fn lay_spans(connection: &Connection, spans: &[Span]) -> Result<()> {
    connection.execute_batch(
        "create or replace temp table spans \
         (span_number integer, service varchar, revision varchar, focus varchar, from_ns bigint, to_ns bigint)",
    )?;
    let mut insert = connection.prepare("insert into spans values (?, ?, ?, ?, ?, ?)")?;
    for (number, span) in spans.iter().enumerate() {
        let period = &span.period;
        insert.execute(params![
            number as i32,
            span.service,
            span.revision,
            period.focus,
            period.from_ns,
            period.to_ns
        ])?;
    }
    Ok(())
}

/// One worklog for each service and span with something to tell, each knowing its neighbours.
fn jobs(
    connection: &Connection,
    rules: &RuleSet,
    service: Option<&str>,
    spans: &[Span],
    index: &str,
) -> Result<Vec<Job>> {
    let minimum = [("minimum_severity", rules.minimum_severity().to_owned().into())];
    let rows = query::rows(connection, &WINDOWS, &minimum)?;
    let of = |row: &Value| row["service"].as_str().unwrap_or_default().to_owned();
    let are_several = rows.iter().any(|row| row["service"] != rows[0]["service"]);
    let span = |row: &Value| spans.get(usize::try_from(row["span_number"].as_u64()?).ok()?);
    let mut jobs: Vec<Job> = rows
        .iter()
        .filter(|row| service.is_none_or(|service| row["service"] == service))
        .filter_map(|row| {
            let span = span(row)?;
            Some(Job::new(of(row), span.revision.clone(), span.period.clone(), are_several))
        })
        .collect();
    if let (Some(service), true) = (service, jobs.is_empty()) {
        let mut known: Vec<String> = rows.iter().map(of).collect();
        known.dedup();
        bail!("no entries of a service `{service}`{}", words::hint(service, &known));
    }
    let names: Vec<(String, String)> = jobs.iter().map(|job| (job.window.service.clone(), job.file())).collect();
    for (place, job) in jobs.iter_mut().enumerate() {
        let beside = |place: Option<usize>| {
            let (service, file) = names.get(place?)?;
            (*service == job.window.service).then(|| file.clone())
        };
        let (previous, next) = (beside(place.checked_sub(1)), beside(Some(place + 1)));
        job.links = Some(Links { index: index.to_owned(), previous, next, has_details: index == INDEX_BY_DAY });
    }
    // in the order of time, so that each knows the worklog before it
    jobs.sort_by_key(|job| job.window.to_ns);
    Ok(jobs)
}

/// The jobs whose worklog is missing, or was made of something else.
fn changed(
    connection: &Connection,
    rules: &RuleSet,
    zone: &TimeZone,
    args: &HistoryArgs,
    mut jobs: Vec<Job>,
) -> Result<Vec<Job>> {
    let list: Vec<Window> = jobs.iter().map(|job| job.window.clone()).collect();
    Windows { list: &list, minimum_severity: rules.minimum_severity() }.lay(connection)?;
    let rows = query::rows(connection, &FINGERPRINTS, &[])?;
    for (job, row) in jobs.iter_mut().zip(&rows) {
        let parts = format!(
            "{} {:x} {:x} {:x} {} {:?} {:?} {:?}",
            row["fingerprint"],
            models_hash(),
            document::queries_hash(),
            report::templates_hash(),
            rules.version_hash,
            zone.iana_name(),
            job.links,
            args.output.format,
        );
        job.fingerprint = Some(format!("{:016x}", xxh3_64(parts.as_bytes())));
    }
    if args.again {
        return Ok(jobs);
    }
    let mut statement = connection.prepare("select path, fingerprint from worklogs where fingerprint is not null")?;
    let written = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let written = written.collect::<duckdb::Result<HashMap<String, String>>>()?;
    jobs.retain(|job| {
        let path = args.output.out.join(job.file());
        let is_there = job.files(&args.output.format).iter().all(|file| args.output.out.join(file).is_file());
        let is_same = written.get(&path.display().to_string()) == job.fingerprint.as_ref();
        !(is_same && is_there)
    });
    Ok(jobs)
}

/// Keeps clusters by span and the changes of their rates in tables, and writes the index.
fn write_index(
    connection: &Connection,
    rules: &RuleSet,
    zone: &TimeZone,
    args: &HistoryArgs,
    jobs: &[Job],
    (from, to): (i64, i64),
    index: &str,
) -> Result<std::path::PathBuf> {
    show_kept(connection)?;
    // what is by day stays in the database; rates of revisions are what comparisons are for
    let is_by_day = args.by == By::Day;
    let kind = if is_by_day { "table" } else { "temp table" };
    run_named(connection, &format!("create or replace {kind} cluster_days as "), &CLUSTER_DAYS, &[])?;
    if is_by_day {
        keep_changes(connection)?;
    }
    let parameters = [("from_ns", from.into()), ("to_ns", to.into())];
    let mut document = json!({
        "by": if is_by_day { "day" } else { "revision" },
        "from_ns": from,
        "to_ns": to - 1,
        "version": env!("CARGO_PKG_VERSION"),
        "services": services(jobs),
        "changes": [],
    });
    for (name, file) in INDEX.iter().filter(|(name, _)| is_by_day || *name != "changes") {
        document[*name] = query::rows(connection, file, &parameters)?.into();
    }
    let redactor = redactor(connection, rules)?;
    redactor.json(&mut document);
    document["files"] = jobs
        .iter()
        .map(|job| json!({"service": job.window.service, "focus": job.period.focus, "file": job.file()}))
        .collect();
    let renderer = Renderer::new(zone.clone())?;
    if args.output.format.contains(&WorklogFormat::Html) {
        let (renderer, redactor, out) = (&renderer, &redactor, Path::new(&args.output.out));
        let site = Site { connection, renderer, redactor, out, from_ns: from, to_ns: to };
        site.write(&mut document, jobs, &index.replace(".md", ".html"))?;
    }
    let text = renderer.render("index.md", &document)?;
    report::write(Path::new(&args.output.out), index, &text)
}

fn services(jobs: &[Job]) -> Vec<String> {
    let mut services: Vec<String> = jobs.iter().map(|job| job.window.service.clone()).collect();
    services.sort();
    services.dedup();
    services
}

/// When the rates of clusters changed, as a table.
fn keep_changes(connection: &Connection) -> Result<()> {
    let (schema, batches) = query::batches(connection, &DAILY_SERIES, &[])?;
    let found = frames::change_points(&frames::frame(&schema, &batches)?)?;
    connection.execute_batch(
        "create or replace table change_points (service varchar, cluster_id varchar, span_number integer, \
         spans_before integer, spans_after integer, rate_before double, rate_after double, ratio_lower double, \
         ratio_upper double, dispersion double)",
    )?;
    let mut insert = connection.prepare("insert into change_points values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?;
    for found in found {
        let (change, counts) = (&found.change, found.change.counts);
        insert.execute(params![
            found.service,
            found.cluster_id,
            found.span_number,
            change.steps_before as i64,
            change.steps_after as i64,
            counts.base / counts.base_exposure,
            counts.target / counts.target_exposure,
            change.lower,
            Some(change.upper).filter(|upper| upper.is_finite()),
            counts.dispersion,
        ])?;
    }
    Ok(())
}
