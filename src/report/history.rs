//! A worklog for each day or revision of the archive, and an index over them.

use std::{collections::HashMap, path::PathBuf};

use anyhow::{Result, anyhow, bail};
use clap::ValueEnum;
use duckdb::{params, types};
use jiff::tz::TimeZone;
use xxhash_rust::xxh3::xxh3_64;

use crate::{
    archive::redactor,
    config::Config,
    model::{
        build::models_hash,
        window::{Window, Windows, show_kept},
    },
    report::{
        self, Renderer,
        document::{
            self,
            index::{FingerprintRow, Index, IndexFile, IndexSections, Pages, RevisionSpanRow, SpanRow},
        },
        site::Site,
        writer::{self, Failure, Links, Output, WorklogFormat, WorklogJob, Writer},
    },
    sql::{
        connection::Connection,
        file::{SqlFile, sql},
        query::{self, run_named},
        row::rows_as,
    },
    stats::frames,
    text::{files, words},
    time::period::{self, Period},
};

const CLUSTER_DAYS: SqlFile = sql!("history/cluster_days");
const DAILY_SERIES: SqlFile = sql!("history/daily_series");

const INDEX_BY_DAY: &str = "index.md";

/// What each worklog is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum By {
    Day,
    Revision,
}

/// A day, or a revision of one service.
struct Span {
    service: Option<String>,
    revision: Option<String>,
    period: Period,
}

/// What a history is asked to be about.
pub struct Request<'a> {
    pub by: By,
    pub from_ns: i64,
    pub to_ns: i64,
    pub as_of: Option<i64>,
    pub zone: &'a TimeZone,
    pub service: Option<&'a str>,
    /// Writes those worklogs too whose entries and rules have not changed.
    pub writes_unchanged: bool,
    pub output: &'a Output,
}

/// What a history wrote.
pub struct Written {
    pub index: PathBuf,
    pub worklogs: u64,
    pub unchanged: u64,
    pub failures: Vec<Failure>,
}

pub fn write(connection: &Connection, config: &Config, request: &Request<'_>, quiet: bool) -> Result<Written> {
    if request.output.printed().is_some() {
        bail!("a history is a folder of files, which standard output cannot hold");
    }
    let spans = match request.by {
        By::Day => days(request)?,
        By::Revision => revisions(connection, request.from_ns, request.to_ns)?,
    };
    let index = if request.by == By::Day { INDEX_BY_DAY } else { "revisions.md" };
    lay_spans(connection, &spans)?;
    let jobs = jobs(connection, config, request.service, &spans, index)?;
    let writer = Writer::new(connection, config, request.zone.clone(), request.as_of, request.output)?;
    let todo = changed(connection, config, request, &writer.code_state(), jobs.clone())?;
    let unchanged = (jobs.len() - todo.len()) as u64;
    let writer::Written { paths, failures, .. } = writer.write_all(&todo, quiet)?;
    let is_there = |job: &WorklogJob| failures.iter().all(|failure| failure.name != job.name);
    let jobs: Vec<WorklogJob> = jobs.into_iter().filter(is_there).collect();
    let index = match (write_index(connection, config, request, &jobs, index), failures.is_empty()) {
        (Ok(index), _) => index,
        (Err(error), true) => return Err(error),
        // of what it is about nothing is there: the first cause is why
        (Err(_), false) => {
            return Err(failures
                .into_iter()
                .map(|failure| failure.error)
                .next()
                .unwrap_or_else(|| anyhow!("no index")));
        }
    };
    Ok(Written { index, worklogs: paths.len() as u64, unchanged, failures })
}

/// The days of the zone that the time touches; none goes beyond `--as-of`.
fn days(request: &Request<'_>) -> Result<Vec<Span>> {
    let mut spans = Vec::new();
    let mut at = request.from_ns;
    while at < request.to_ns {
        let mut day = period::day_at(at, request.zone)?;
        at = day.to_ns;
        if let Some(as_of) = request.as_of {
            day.to_ns = day.to_ns.min(period::whole_minute_after(as_of));
        }
        spans.push(Span { service: None, revision: None, period: day });
    }
    Ok(spans)
}

fn revisions(connection: &Connection, from: i64, to: i64) -> Result<Vec<Span>> {
    let rows = rows_as::<RevisionSpanRow>(connection, &[("from_ns", from.into()), ("to_ns", to.into())])?;
    let span = |row: RevisionSpanRow| Span {
        period: Period {
            from_ns: row.from_ns,
            to_ns: row.to_ns,
            focus: row.revision.clone(),
            asked: format!("revision {}", row.revision),
        },
        service: Some(row.service),
        revision: Some(row.revision),
    };
    Ok(rows.into_iter().map(span).collect())
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
    config: &Config,
    service: Option<&str>,
    spans: &[Span],
    index: &str,
) -> Result<Vec<WorklogJob>> {
    let minimum = [("minimum_severity", config.minimum_severity().to_owned().into())];
    let rows = rows_as::<SpanRow>(connection, &minimum)?;
    let are_several = rows.iter().any(|row| row.service != rows[0].service);
    let redactor = redactor(connection, config)?;
    let mut jobs: Vec<WorklogJob> = rows
        .iter()
        .filter(|row| service.is_none_or(|service| row.service == service))
        .filter_map(|row| {
            let span = spans.get(row.span_number)?;
            let (service, revision) = (row.service.clone(), span.revision.clone());
            Some(WorklogJob::new(service, revision, span.period.clone(), are_several, &redactor))
        })
        .collect();
    if let (Some(service), true) = (service, jobs.is_empty()) {
        let mut known: Vec<String> = rows.iter().map(|row| row.service.clone()).collect();
        known.dedup();
        bail!("no entries of the service `{service}`{}", words::hint(service, &known));
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
    config: &Config,
    request: &Request<'_>,
    code_state: &str,
    mut jobs: Vec<WorklogJob>,
) -> Result<Vec<WorklogJob>> {
    let list: Vec<Window> = jobs.iter().map(|job| job.window.clone()).collect();
    Windows { list: &list, minimum_severity: config.minimum_severity() }.lay(connection)?;
    let rows = rows_as::<FingerprintRow>(connection, &[])?;
    for (job, row) in jobs.iter_mut().zip(&rows) {
        let parts = format!(
            "{:?} {:x} {:x} {:x} {} {:?} {:?} {:?}{code_state}",
            row.fingerprint,
            models_hash(),
            document::queries_hash(),
            report::templates_hash(),
            config.version_hash,
            request.zone.iana_name(),
            job.links,
            request.output.format,
        );
        job.fingerprint = Some(format!("{:016x}", xxh3_64(parts.as_bytes())));
    }
    if request.writes_unchanged {
        return Ok(jobs);
    }
    let mut statement = connection.prepare("select path, fingerprint from worklogs where fingerprint is not null")?;
    let written = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let written = written.collect::<duckdb::Result<HashMap<String, String>>>()?;
    jobs.retain(|job| {
        let out = &request.output.out;
        let path = out.join(job.file());
        let is_there = job.files(&request.output.format).iter().all(|file| out.join(file).is_file());
        let is_same = written.get(&path.display().to_string()) == job.fingerprint.as_ref();
        !(is_same && is_there)
    });
    Ok(jobs)
}

/// Keeps clusters by span and the changes of their rates in tables, and writes the index.
fn write_index(
    connection: &Connection,
    config: &Config,
    request: &Request<'_>,
    jobs: &[WorklogJob],
    index: &str,
) -> Result<PathBuf> {
    let (from, to, out) = (request.from_ns, request.to_ns, request.output.out.as_path());
    show_kept(connection)?;
    // what is by day stays in the database; rates of revisions are what comparisons are for
    let is_by_day = request.by == By::Day;
    let kind = if is_by_day { "table" } else { "temp table" };
    run_named(connection, &format!("create or replace {kind} cluster_days as "), &CLUSTER_DAYS, &[])?;
    if is_by_day {
        keep_changes(connection)?;
    }
    let sections = sections(connection, jobs, is_by_day, [("from_ns", from.into()), ("to_ns", to.into())])?;
    let redactor = redactor(connection, config)?;
    // as the sections name them
    let file = |job: &WorklogJob| IndexFile {
        service: redactor.text(&job.window.service).into_owned(),
        focus: redactor.text(&job.period.focus).into_owned(),
        file: job.file(),
    };
    let mut document = Index {
        by: if is_by_day { "day" } else { "revision" },
        from_ns: from,
        to_ns: to - 1,
        version: env!("CARGO_PKG_VERSION"),
        sections: document::redacted(&sections, &redactor)?,
        files: jobs.iter().map(file).collect(),
        pages: Pages::new(),
        spans: Vec::new(),
        cluster_prefixes: None,
        revision_pages: None,
    };
    let renderer = Renderer::new(request.zone.clone(), &config.overrides)?;
    if request.output.format.contains(&WorklogFormat::Html) {
        let (renderer, redactor) = (&renderer, &redactor);
        let site = Site { connection, renderer, redactor, out, from_ns: from, to_ns: to };
        site.write(&mut document, jobs, &index.replace(".md", ".html"))?;
    }
    let text = renderer.render("index.md", &document.view())?;
    files::write(out, index, &text)
}

/// What SQL says of the history.
fn sections(
    connection: &Connection,
    jobs: &[WorklogJob],
    is_by_day: bool,
    parameters: [(&str, types::Value); 2],
) -> Result<IndexSections> {
    Ok(IndexSections {
        services: services(jobs),
        days: rows_as(connection, &parameters)?,
        clusters: rows_as(connection, &parameters)?,
        cells: rows_as(connection, &parameters)?,
        revisions: rows_as(connection, &parameters)?,
        changes: if is_by_day { rows_as(connection, &parameters)? } else { Vec::new() },
    })
}

fn services(jobs: &[WorklogJob]) -> Vec<String> {
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
