//! `gardener diff`: what changed from one worklog to another, both as JSON, by the query that worklogs use themselves.

use std::{fs, path::Path, process::ExitCode};

use anyhow::{Context, Result, anyhow, bail};
use duckdb::params;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::{
    cli::{DiffArgs, ShowFormat},
    config::overrides::Overrides,
    report::{
        Renderer,
        document::{changes::SinceLastRow, view::With, window::TotalsParts},
        sentence::{Sentence, sentence, text},
    },
    sql::{connection::Connection, row::rows_as},
    store,
    text::{
        terminal,
        words::{plural, thousands},
    },
};

/// What is read of a worklog's JSON.
#[derive(Deserialize)]
struct Worklog {
    service: String,
    totals: Totals,
    clusters: Vec<Cluster>,
    #[serde(rename = "document_version")]
    _document_version: u32,
}

#[derive(Clone, Deserialize, Serialize)]
struct Totals {
    first_ns: Option<i64>,
    last_ns: Option<i64>,
    entry_count: u64,
    cluster_count: u64,
}

impl Totals {
    fn span_ns(&self) -> i64 {
        self.last_ns.unwrap_or(0) - self.first_ns.unwrap_or(0)
    }
}

#[derive(Deserialize)]
struct Cluster {
    cluster_id: Option<String>,
    name: Option<String>,
    cluster_number: Option<i64>,
    priority: Option<String>,
    state: Option<String>,
    /// Worklogs of earlier versions know of no end.
    state_before_end: Option<String>,
    entry_count: Option<i64>,
}

#[derive(Serialize)]
struct Diff {
    service: String,
    before: Totals,
    after: Totals,
    is_alike: bool,
    changes: Vec<Change>,
}

#[derive(Serialize)]
struct Change {
    window_id: usize,
    #[serde(flatten)]
    row: SinceLastRow,
}

/// What the template reads.
#[derive(Serialize)]
struct View<'a> {
    service: &'a str,
    before: With<'a, Totals, TotalsParts>,
    after: With<'a, Totals, TotalsParts>,
    is_alike: bool,
    changes: Vec<With<'a, SinceLastRow, ChangeParts>>,
}

#[derive(Serialize)]
struct ChangeParts {
    /// Only its place in the order is another.
    is_rank: bool,
    change_words: &'static str,
    moves: Sentence,
}

impl Diff {
    fn view(&self) -> View<'_> {
        let totals = |row| With { row, parts: TotalsParts { span_ns: Some(Totals::span_ns(row)) } };
        View {
            service: &self.service,
            before: totals(&self.before),
            after: totals(&self.after),
            is_alike: self.is_alike,
            changes: self.changes.iter().map(|change| With { row: &change.row, parts: parts(&change.row) }).collect(),
        }
    }
}

fn parts(row: &SinceLastRow) -> ChangeParts {
    ChangeParts {
        is_rank: row.change == "rank",
        change_words: match row.change.as_str() {
            "back" => "back",
            "added" => "added",
            "up" => "more urgent",
            "down" => "less urgent",
            "state" => "other state",
            _ => "gone",
        },
        moves: moves(row),
    }
}

/// From which priority, count and state to which.
fn moves(row: &SinceLastRow) -> Sentence {
    let priority = match (&row.priority_before, &row.priority) {
        (Some(before), Some(now)) if before != now => sentence![text(before), " -> ", text(now)],
        (before, now) => sentence![text(now.as_deref().or(before.as_deref()).unwrap_or_default())],
    };
    let states = row.state_before.as_ref().zip(row.state.as_ref()).filter(|(before, now)| before != now);
    let states = states.map(|(before, now)| sentence![", ", text(before), " -> ", text(now)]);
    let (before, now) = (row.count_before.unwrap_or(0), row.entry_count.unwrap_or(0));
    priority.and([sentence![format!(", {} -> {}", thousands(before), plural(now, "entry"))]]).and(states)
}

pub(super) fn run(args: &DiffArgs) -> Result<ExitCode> {
    let (before, after) = (read(&args.before)?, read(&args.after)?);
    if before.service != after.service {
        bail!("the worklogs are of different services, {:?} and {:?}", before.service, after.service);
    }
    let connection = Connection::from(store::in_memory()?);
    lay(&connection, "clusters_before", &before)?;
    lay(&connection, "clusters", &after)?;
    let lengths = [before.totals.span_ns(), after.totals.span_ns()];
    let (short, long) = (lengths[0].min(lengths[1]), lengths[0].max(lengths[1]));
    let changes = rows_as::<SinceLastRow>(&connection, &[])?;
    let document = Diff {
        service: after.service,
        before: before.totals,
        after: after.totals,
        is_alike: short >= long - long / 4,
        changes: changes.into_iter().map(|row| Change { window_id: row.window_id, row }).collect(),
    };
    let text = match args.format {
        ShowFormat::Json => serde_json::to_string_pretty(&document)? + "\n",
        ShowFormat::Text => {
            Renderer::new(TimeZone::UTC, &Overrides::default())?.render("diff.txt", &document.view())?
        }
    };
    if args.format == ShowFormat::Text {
        terminal::print_text(&text)?
    } else {
        terminal::print(&text)?
    }
    Ok(ExitCode::SUCCESS)
}

fn read(path: &Path) -> Result<Worklog> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let is_json = serde_json::from_str::<serde::de::IgnoredAny>(&text).with_context(|| {
        format!("`{}` is not JSON\n\nhint: `gardener worklog --format json` writes worklogs as JSON", path.display())
    });
    is_json?;
    serde_json::from_str(&text).map_err(|_| anyhow!("`{}` is not a worklog written by gardener", path.display()))
}

/// The clusters of a worklog as the query finds them in a database.
fn lay(connection: &Connection, table: &str, worklog: &Worklog) -> Result<()> {
    connection.execute_batch(&format!(
        "create table {table} (window_id integer, cluster_id varchar, name varchar, cluster_number integer, \
         priority varchar, state varchar, state_before_end varchar, entry_count bigint)"
    ))?;
    let mut insert = connection.prepare(&format!("insert into {table} values (0, ?, ?, ?, ?, ?, ?, ?)"))?;
    for cluster in &worklog.clusters {
        insert.execute(params![
            cluster
                .cluster_id
                .as_deref()
                .context("a cluster without `cluster_id`: an older gardener wrote the worklog")?,
            cluster.name,
            cluster.cluster_number,
            cluster.priority,
            cluster.state,
            cluster.state_before_end.as_ref().or(cluster.state.as_ref()),
            cluster.entry_count,
        ])?;
    }
    Ok(())
}
