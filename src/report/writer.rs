//! Worklogs made and written, many windows at a time: what `worklog`, `run` and `history` share.

use std::path::{Path, PathBuf};

use anyhow::{Error, Result, bail};
use clap::{Args, ValueEnum};
use duckdb::params;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::{Timestamp, tz::TimeZone};
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use super::{
    Renderer,
    document::{Answers, Document, LinkPages, Provenance, answers, assemble},
    json,
    overview::{self, OverviewRow},
};
use crate::{
    archive::{self, Asked, redactor},
    config::Config,
    model::window::{Window, Windows, build_marts, keep, only_look_back},
    repository::Repositories,
    sql::connection::Connection,
    text::{
        files,
        redact::Redactor,
        terminal::{print_plain, say},
    },
    time::period::{self, Period, WindowArgs},
};

/// How many windows are computed together: enough that planning queries weighs little, few enough to hold at once.
const TOGETHER: usize = 128;

#[derive(Debug, Args)]
pub struct Output {
    /// Folder to write the worklogs to; `-` prints them instead (not of `history`)
    #[arg(long, value_name = "FOLDER", default_value = "worklogs")]
    pub out: PathBuf,
    /// Output formats, separated by commas; `gardener diff` reads JSON
    #[arg(long, value_name = "FORMATS", value_enum, value_delimiter = ',', default_value = "md,html")]
    pub format: Vec<WorklogFormat>,
}

impl Output {
    /// The form in which worklogs go to standard output instead of files: Markdown, unless one other was asked for.
    pub fn printed(&self) -> Option<WorklogFormat> {
        let is_printed = self.out == Path::new("-");
        is_printed.then(|| if let [format] = self.format[..] { format } else { WorklogFormat::Md })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WorklogFormat {
    /// Markdown; it is always written
    Md,
    /// One page that opens offline in a browser
    Html,
    /// The same content for programs
    Json,
}

impl WorklogFormat {
    pub fn ending(self) -> &'static str {
        match self {
            WorklogFormat::Md => ".md",
            WorklogFormat::Html => ".html",
            WorklogFormat::Json => ".json",
        }
    }
}

/// One worklog to write.
#[derive(Debug, Clone)]
pub struct WorklogJob {
    pub window: Window,
    pub period: Period,
    /// Of the file, without the ending.
    pub name: String,
    pub links: Option<Links>,
    /// What the worklog is made of, where it is to be left alone as long as that stays the same.
    pub fingerprint: Option<String>,
}

/// The files beside a worklog of a history.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Links {
    pub index: String,
    pub previous: Option<String>,
    pub next: Option<String>,
    /// Whether clusters and revisions have pages of their own.
    pub has_details: bool,
}

impl Links {
    /// The page of a history that numbers lead to.
    pub const QUERIES: &'static str = "queries.html";

    /// What the pages of a service's clusters begin with.
    pub fn cluster_prefix(service: &str) -> String {
        format!("clusters/{}-", safe_name(service))
    }

    /// With the pages that go with the files.
    fn pages(&self, service: &str) -> LinkPages {
        let page = |file: &str| file.strip_suffix(".md").map(|name| format!("{name}.html"));
        LinkPages {
            index: self.index.clone(),
            previous: self.previous.clone(),
            next: self.next.clone(),
            index_page: page(&self.index),
            previous_page: self.previous.as_deref().and_then(page),
            next_page: self.next.as_deref().and_then(page),
            cluster_prefix: self.has_details.then(|| Links::cluster_prefix(service)),
        }
    }
}

/// Which worklogs were written, in the order of their jobs, and why others were not.
#[derive(Debug, Default)]
pub struct Written {
    pub paths: Vec<PathBuf>,
    pub failures: Vec<Failure>,
    /// What each worklog comes to.
    pub overview: Vec<OverviewRow>,
}

/// A worklog that could not be made; the others are.
#[derive(Debug)]
pub struct Failure {
    /// Of the file, without the ending.
    pub name: String,
    pub error: Error,
}

/// Writes one worklog for each service of a window; answers where they lie.
pub fn write_window(
    connection: &Connection,
    config: &Config,
    args: &WindowArgs,
    output: &Output,
    quiet: bool,
) -> Result<Written> {
    let asked = Asked::of(connection, config, args)?;
    let periods = asked.periods(connection, args.service.as_deref())?;
    // by the archive, not by the window: a file keeps its name from run to run
    let are_several = archive::holds_several(connection)?;
    let writer = Writer::new(connection, config, asked.zone, asked.as_of, output)?;
    let job = |(service, period)| WorklogJob::new(service, None, period, are_several, &writer.redactor);
    let jobs: Vec<WorklogJob> = periods.into_iter().map(job).collect();
    if writer.printed == Some(WorklogFormat::Html) && jobs.len() > 1 {
        bail!("several pages do not fit into standard output\n\nhint: `--service` selects one of {}", jobs.len());
    }
    let mut written = writer.write_all(&jobs, quiet)?;
    if writer.printed.is_some() {
        return Ok(written);
    }
    let is_failed = |job: &&WorklogJob| written.failures.iter().any(|failure| failure.name == job.name);
    if args.ends_with_last_entry() {
        let made: Vec<&WorklogJob> = jobs.iter().filter(|job| !is_failed(job)).collect();
        overview::write_latest(writer.out, writer.formats, &made, are_several, &writer.redactor)?;
    }
    if are_several && args.service.is_none() {
        let rows = std::mem::take(&mut written.overview);
        let asked = jobs.first().map_or("", |job| job.period.asked.as_str());
        overview::write(&writer.renderer, writer.out, writer.formats, asked, writer.generated_ns, rows)?;
    }
    Ok(written)
}

impl WorklogJob {
    /// `names_service`: whether the file's name has to say which service it is about.
    pub fn new(
        service: String,
        revision: Option<String>,
        period: Period,
        names_service: bool,
        redactor: &Redactor,
    ) -> Self {
        let name = file_name(&period, &service, names_service, redactor);
        WorklogJob {
            window: Window { service, revision, from_ns: period.from_ns, to_ns: period.to_ns },
            period,
            name,
            links: None,
            fingerprint: None,
        }
    }

    /// The Markdown file's name.
    pub fn file(&self) -> String {
        format!("{}.md", self.name)
    }

    /// The names in all forms that are written.
    pub fn files(&self, formats: &[WorklogFormat]) -> Vec<String> {
        let forms = formats.iter().map(|format| format!("{}{}", self.name, format.ending()));
        forms.chain([self.file()]).collect()
    }

    /// The HTML file's name.
    pub fn page(&self) -> String {
        format!("{}.html", self.name)
    }
}

impl Written {
    fn add(&mut self, jobs: &[WorklogJob], results: Vec<Result<(PathBuf, OverviewRow)>>) {
        for (job, result) in jobs.iter().zip(results) {
            match result {
                Ok((path, row)) => {
                    self.paths.push(path);
                    self.overview.push(row);
                }
                Err(error) => self.failures.push(Failure {
                    error: error.context(format!("no worklog of `{}`", job.window.service)),
                    name: job.name.clone(),
                }),
            }
        }
    }
}

/// All that worklogs of one run have in common.
pub struct Writer<'a> {
    connection: &'a Connection,
    config: &'a Config,
    redactor: Redactor,
    repositories: Repositories,
    renderer: Renderer,
    zone: TimeZone,
    database: String,
    generated_ns: i64,
    out: &'a Path,
    formats: &'a [WorklogFormat],
    /// The form that goes to standard output in place of all files.
    printed: Option<WorklogFormat>,
}

impl<'a> Writer<'a> {
    pub fn new(
        connection: &'a Connection,
        config: &'a Config,
        zone: TimeZone,
        as_of: Option<i64>,
        output: &'a Output,
    ) -> Result<Self> {
        let database = connection.path().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
        Ok(Writer {
            connection,
            config,
            redactor: redactor(connection, config)?,
            repositories: Repositories::open(&config.repositories),
            renderer: Renderer::new(zone.clone(), &config.overrides)?,
            zone,
            database: database.unwrap_or_else(|| "garden.duckdb".into()),
            generated_ns: as_of.unwrap_or_else(|| Timestamp::now().as_second() * 1_000_000_000),
            out: &output.out,
            formats: &output.format,
            printed: output.printed(),
        })
    }

    /// Changes with what clones of the source code answer; empty without one.
    pub fn code_state(&self) -> String {
        self.repositories.state()
    }

    /// Makes and writes the worklogs. One that cannot be made does not stop the others.
    pub fn write_all(&self, jobs: &[WorklogJob], quiet: bool) -> Result<Written> {
        // a folder that cannot be made fails all of them
        if self.printed.is_none() {
            files::make_folder(self.out)?;
        }
        self.repositories.faults().for_each(|fault| say(quiet, &fault));
        let bar = progress_bar(jobs.len() as u64, quiet || jobs.len() <= TOGETHER);
        let mut written = Written::default();
        for jobs in jobs.chunks(TOGETHER) {
            match self.write_together(jobs) {
                Ok(results) => written.add(jobs, results),
                Err(error) if jobs.len() == 1 => written.add(jobs, vec![Err(error)]),
                // a model fails for all windows at once: each alone shows which one it is
                Err(_) => jobs.chunks(1).for_each(|job| {
                    let results = self.write_together(job).unwrap_or_else(|error| vec![Err(error)]);
                    written.add(job, results);
                }),
            }
            bar.inc(jobs.len() as u64);
        }
        bar.finish_and_clear();
        Ok(written)
    }

    /// Computes windows at once and writes the worklog of each.
    fn write_together(&self, jobs: &[WorklogJob]) -> Result<Vec<Result<(PathBuf, OverviewRow)>>> {
        let list: Vec<Window> = jobs.iter().map(|job| job.window.clone()).collect();
        let windows = Windows { list: &list, minimum_severity: self.config.minimum_severity() };
        build_marts(self.connection, &windows)?;
        if let Some(format) = self.printed {
            only_look_back(self.connection)?;
            return self.print(jobs, answers(self.connection, &windows, &self.repositories)?, format);
        }
        keep(self.connection)?;
        let results = self.write(jobs, answers(self.connection, &windows, &self.repositories)?);
        for (id, (job, result)) in jobs.iter().zip(&results).enumerate() {
            if let Ok((path, _)) = result {
                self.remember(id, job, path)?;
            }
        }
        Ok(results)
    }

    /// Puts documents together, renders and writes them, on all cores.
    fn write(&self, jobs: &[WorklogJob], answers: Vec<Answers>) -> Vec<Result<(PathBuf, OverviewRow)>> {
        let (maker, out, formats) = (self.maker(), self.out, self.formats);
        let write_one = |job: &WorklogJob, answers: Answers| -> Result<(PathBuf, OverviewRow)> {
            let document = maker.document(job, answers)?;
            for format in [WorklogFormat::Json, WorklogFormat::Html] {
                if formats.contains(&format) {
                    files::write(out, &format!("{}{}", job.name, format.ending()), &maker.text(&document, format)?)?;
                }
            }
            let path = files::write(out, &job.file(), &maker.text(&document, WorklogFormat::Md)?)?;
            Ok((path, OverviewRow::of(&document, job)))
        };
        jobs.par_iter().zip(answers).map(|(job, answers)| write_one(job, answers)).collect()
    }

    /// Prints them one after the other; nothing of it is kept in the database.
    fn print(
        &self,
        jobs: &[WorklogJob],
        answers: Vec<Answers>,
        format: WorklogFormat,
    ) -> Result<Vec<Result<(PathBuf, OverviewRow)>>> {
        let maker = self.maker();
        let print_one = |job: &WorklogJob, answers: Answers| -> Result<(PathBuf, OverviewRow)> {
            let document = maker.document(job, answers)?;
            print_plain(&maker.text(&document, format)?)?;
            Ok((self.out.to_path_buf(), OverviewRow::of(&document, job)))
        };
        Ok(jobs.iter().zip(answers).map(|(job, answers)| print_one(job, answers)).collect())
    }

    fn maker(&self) -> Maker<'_> {
        let making = Provenance {
            generated_ns: self.generated_ns,
            zone: self.zone.iana_name().unwrap_or("UTC"),
            database: &self.database,
            minimum_severity: self.config.minimum_severity(),
        };
        Maker { config: self.config, redactor: &self.redactor, renderer: &self.renderer, making }
    }

    /// The worklog's row, in place of the one of the same path.
    fn remember(&self, window_id: usize, job: &WorklogJob, path: &Path) -> Result<()> {
        let path = path.display().to_string();
        self.connection.execute("delete from worklogs where path = ?", [&path])?;
        self.connection.execute(
            "insert into worklogs select service, make_timestamp_ns(from_ns), make_timestamp_ns(to_ns), ?, ?, \
             (select count(*) from temp.main.clusters where window_id = ?), make_timestamp_ns(?), ? \
             from windows where window_id = ?",
            params![job.period.focus, path, window_id as i32, self.generated_ns, job.fingerprint, window_id as i32],
        )?;
        Ok(())
    }
}

/// What puts documents together and renders them, on any core.
struct Maker<'a> {
    config: &'a Config,
    redactor: &'a Redactor,
    renderer: &'a Renderer,
    making: Provenance<'a>,
}

impl Maker<'_> {
    fn document(&self, job: &WorklogJob, answers: Answers) -> Result<Document> {
        let mut document = assemble(answers, &job.window, &job.period, self.config, &self.making, self.redactor)?;
        if let Some(links) = &job.links {
            document.links = Some(links.pages(&self.redactor.text(&job.window.service)));
            document.queries_page = Links::QUERIES;
        }
        Ok(document)
    }

    fn text(&self, document: &Document, format: WorklogFormat) -> Result<String> {
        match format {
            WorklogFormat::Json => Ok(json::WORKLOG.value(document)?.to_string() + "\n"),
            WorklogFormat::Html => self.renderer.render("worklog.html", &document.view()),
            WorklogFormat::Md => self.renderer.render("worklog.md", &document.view()),
        }
    }
}

/// Drawn on standard error, where that is a terminal.
fn progress_bar(worklogs: u64, is_hidden: bool) -> ProgressBar {
    let target = if is_hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let bar = ProgressBar::with_draw_target(Some(worklogs), target);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len} worklogs, {per_sec}, {eta} left") {
        bar.set_style(style);
    }
    bar
}

fn file_name(period: &Period, service: &str, are_several: bool, redactor: &Redactor) -> String {
    let focus = safe_name(&redactor.text(&period.focus));
    let focus = if are_several { format!("{focus}-{}", safe_name(&redactor.text(service))) } else { focus };
    format!("GCP-LOG-GARDENER-WORKLOG-{focus}-{}-UTC", period::stamp(period.to_ns - 1))
}

/// How much of a name a file's name may hold: 255 bytes are the limit of most systems, and a name holds two of these.
const NAME_LIMIT: usize = 80;

/// A name as a file can be called on any system; one that had to be changed gets digits that keep it apart from others.
/// Callers redact the name first.
pub fn safe_name(name: &str) -> String {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if !name.is_empty() && name.len() <= NAME_LIMIT && name.chars().all(is_safe) && !name.starts_with('.') {
        return name.to_owned();
    }
    let safe: String = name.chars().take(NAME_LIMIT).map(|c| if is_safe(c) { c } else { '-' }).collect();
    format!("{}-{:08x}", safe.trim_start_matches('.'), xxh3_64(name.as_bytes()) >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_safe_and_stay_apart() {
        assert_eq!(safe_name("api-00001.x_y"), "api-00001.x_y");
        assert!(safe_name("../a/b").starts_with("-a-b-"), "{}", safe_name("../a/b"));
        assert_ne!(safe_name("a b"), safe_name("a-b"));
        assert_ne!(safe_name("a b"), safe_name("a/b"));
        assert_ne!(safe_name(""), "");
        assert!(safe_name(&"a".repeat(300)).len() < 100);
        assert_ne!(safe_name(&"a".repeat(300)), safe_name(&"a".repeat(301)));
    }
}
