//! The services of one run side by side, worst first, and files whose names stay the same from run to run.

use std::path::Path;

use anyhow::Result;
use serde::Serialize;

use super::{
    Renderer,
    document::Document,
    sentence::Sentence,
    writer::{WorklogFormat, WorklogJob, safe_name},
};
use crate::text::{files, redact::Redactor};

/// What an overview says of one service.
#[derive(Debug, Serialize)]
pub struct OverviewRow {
    service: String,
    /// Its worklog, as Markdown and as a page.
    file: String,
    page: String,
    verdict: Sentence,
    /// The most urgent cluster.
    first_name: Option<String>,
    priorities: Vec<PriorityCount>,
    new_count: usize,
    worse_count: usize,
    ended_count: usize,
    entry_count: u64,
    last_ns: Option<i64>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct PriorityCount {
    priority: String,
    count: usize,
}

impl OverviewRow {
    pub fn of(document: &Document, job: &WorklogJob) -> Self {
        let rows = || document.clusters.iter().map(|cluster| &cluster.row);
        let in_state = |states: &[&str]| rows().filter(|row| states.contains(&row.state_before_end.as_str())).count();
        let ended_count = rows().filter(|row| row.ended_by.is_some()).count();
        let mut priorities: Vec<PriorityCount> = Vec::new();
        for row in rows() {
            match priorities.iter_mut().find(|known| known.priority == row.priority) {
                Some(known) => known.count += 1,
                None => priorities.push(PriorityCount { priority: row.priority.clone(), count: 1 }),
            }
        }
        OverviewRow {
            service: job.window.service.clone(),
            file: job.file(),
            page: job.page(),
            verdict: document.sections.verdict.words().without_queries(),
            first_name: rows().next().map(|row| row.name.clone()),
            priorities,
            new_count: in_state(&["new"]),
            worse_count: in_state(&["regression", "escalating"]),
            ended_count: ended_count + document.sections.resolved.len(),
            entry_count: document.sections.totals.entry_count,
            last_ns: document.sections.totals.last_ns,
        }
    }

    /// The most urgent priority and how often it comes; what has none is last.
    fn urgency(&self) -> (String, i64) {
        let first = self.priorities.iter().min_by_key(|known| &known.priority);
        first
            .map_or(("P9".into(), 0), |first| (first.priority.clone(), -i64::try_from(first.count).unwrap_or(i64::MAX)))
    }
}

#[derive(Serialize)]
struct Overview<'a> {
    asked: &'a str,
    generated_ns: i64,
    services: &'a [OverviewRow],
}

/// Writes `services.md` and, where pages are wanted, `services.html`.
pub(super) fn write(
    renderer: &Renderer,
    out: &Path,
    formats: &[WorklogFormat],
    asked: &str,
    generated_ns: i64,
    mut rows: Vec<OverviewRow>,
) -> Result<()> {
    rows.sort_by_cached_key(|row| (row.urgency(), row.service.clone()));
    let overview = Overview { asked, generated_ns, services: &rows };
    if formats.contains(&WorklogFormat::Html) {
        files::write(out, "services.html", &renderer.render("overview.html", &overview)?)?;
    }
    files::write(out, "services.md", &renderer.render("overview.md", &overview)?)?;
    Ok(())
}

/// Writes each worklog once more under a name that stays: `latest.md`, or `latest-SERVICE.md` where there are several.
pub(super) fn write_latest(
    out: &Path,
    formats: &[WorklogFormat],
    jobs: &[&WorklogJob],
    are_several: bool,
    redactor: &Redactor,
) -> Result<()> {
    for job in jobs {
        let name = match are_several {
            true => format!("latest-{}", safe_name(&redactor.text(&job.window.service))),
            false => "latest".into(),
        };
        for format in [WorklogFormat::Md, WorklogFormat::Html, WorklogFormat::Json] {
            if format == WorklogFormat::Md || formats.contains(&format) {
                let text = std::fs::read_to_string(out.join(format!("{}{}", job.name, format.ending())))?;
                files::write(out, &format!("{name}{}", format.ending()), &text)?;
            }
        }
    }
    Ok(())
}
