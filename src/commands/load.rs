//! `gardener load`: exports into the database, each entry once.

use std::{fs, path::Path, process::ExitCode, time::Instant};

use anyhow::{Result, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{
    cli::{DatabaseArgs, Exports, Globals, LoadArgs},
    config::overrides::Overrides,
    engine::pull::PULLED_FROM,
    ingest::{
        discovery::{Candidate, Discovery, Problem, examine},
        load::{FileReport, Loader},
        open::discover,
    },
    interrupt::{Interrupted, Stop, is_stopped},
    sql::connection::Connection,
    store::{self, ledger::Ledger},
    text::{terminal::say, words::plural},
};

pub(super) fn run(args: &LoadArgs, globals: &Globals) -> Result<ExitCode> {
    load(&args.exports, &args.database, globals).map(exit_code)
}

/// 2 where something that should have been loaded was not.
pub(super) fn exit_code(is_complete: bool) -> ExitCode {
    if is_complete { ExitCode::SUCCESS } else { ExitCode::from(2) }
}

/// Loads what is new; answers whether every input that had to be read was.
pub(super) fn load(exports: &Exports, database: &DatabaseArgs, globals: &Globals) -> Result<bool> {
    let quiet = globals.quiet;
    let start = Instant::now();
    let (db, memory) = (&database.db, database.memory.as_deref());
    let inputs = discover(&exports.exports)?;
    let ledger = if db.exists() { Ledger::read(&store::open(db, memory)?)? } else { Ledger::default() };
    let Discovery { mut candidates, problems, mut unchanged } = examine(inputs, &ledger);
    let found = candidates.len() + unchanged.len();
    report_problems(&problems, found > 0, quiet);
    if found == 0 {
        let known = "`gardener forms` lists the supported formats";
        let hint = problems.iter().find_map(|problem| problem.hint).unwrap_or(known);
        bail!("nothing to load: no export of log entries was found\n\nhint: {hint}");
    }
    let are_read = problems.iter().all(|problem| problem.is_harmless);
    if candidates.is_empty() {
        say(quiet, &format!("nothing new: {} loaded already", plural(unchanged.len() as u64, "file")));
        return Ok(are_read);
    }
    let connection = Connection::new(store::open(db, memory)?, Overrides::default(), globals.tracing());
    if store::meta(&connection, PULLED_FROM)?.is_some() {
        bail!(
            "`{}` holds what an engine counted; loaded entries need a database of their own\n\nhint: name another file with `--db`",
            db.display()
        );
    }
    // another load may have held the database since, and loaded the same
    let mut ledger = Ledger::read(&connection)?;
    let (known, new) = candidates.into_iter().partition(|candidate| candidate.is_known(&ledger));
    (candidates, unchanged) = (new, [unchanged, names(known)].concat());
    let stop = Stop::on_interrupt()?;
    let bar = progress_bar(candidates.iter().map(|candidate| candidate.bytes).sum(), quiet);
    let is_first = ledger.is_empty();
    let mut loader = Loader { connection: &connection, memory, reports: Vec::new(), progress: &|bytes| bar.inc(bytes) };
    let result = loader.load(candidates, || ledger.next_file_id());
    let reports = loader.reports;
    bar.finish_and_clear();
    drop(connection);
    let was_stopped = is_stopped();
    stop.settle();
    discard_if_empty(&reports, is_first, db);
    for report in &reports {
        say(quiet, &describe(report));
    }
    if let Err(error) = result {
        let error = told(error, &reports);
        return Err(if was_stopped { error.context(Interrupted) } else { error });
    }
    check_empty(&reports)?;
    say(quiet, &summary(&reports, unchanged.len(), db, start.elapsed().as_secs_f64()));
    let is_read = reports.iter().all(|report| report.error.is_none() && report.entries > 0);
    let is_strict = exports.strict && reports.iter().any(|report| report.rejects > 0);
    Ok(is_read && are_read && !is_strict)
}

fn names(candidates: Vec<Candidate>) -> Vec<String> {
    candidates.into_iter().map(|candidate| candidate.path).collect()
}

/// What a load that ended early leaves behind.
fn told(error: anyhow::Error, reports: &[FileReport]) -> anyhow::Error {
    let kept = match reports.len() as u64 {
        0 => "nothing of it was kept".to_owned(),
        count => format!("{} loaded before that and kept", plural(count, "file")),
    };
    let said = format!("{error:#}");
    let hint = if said.contains("Out of Memory") || said.contains("failed to pin block") {
        "entries that are very long or have labels of their own need more memory, for example `--memory 4GB`"
    } else {
        "run the same command again; it continues where it stopped"
    };
    error.context(format!("the load ended early; {kept}\n\nhint: {hint}"))
}

fn summary(reports: &[FileReport], unchanged: usize, db: &Path, seconds: f64) -> String {
    let sum = |count: fn(&FileReport) -> u64| reports.iter().map(count).sum::<u64>();
    let files = reports.iter().filter(|report| report.entries > 0).count() as u64;
    let entries = sum(|report| report.entries - report.duplicates);
    let mut text = format!("loaded {} from {}", plural(entries, "new entry"), plural(files, "file"));
    let (duplicates, rejects) = (sum(|report| report.duplicates), sum(|report| report.rejects));
    if duplicates > 0 {
        text += &format!(", {} dropped", plural(duplicates, "duplicate"));
    }
    if rejects > 0 {
        let query = format!("gardener sql --db {} 'from rejects'", db.display());
        text += &format!(", {} rejected (`{query}` shows them)", plural(rejects, "piece"));
    }
    let repaired = sum(|report| report.repaired);
    if repaired > 0 {
        text += &format!(", {} repaired", plural(repaired, "piece"));
    }
    if unchanged > 0 {
        text += &format!(", {} unchanged", plural(unchanged as u64, "file"));
    }
    text + &format!(", {seconds:.1} s")
}

/// A database made for this load alone goes again if the load came to nothing.
fn discard_if_empty(reports: &[FileReport], is_first: bool, db: &Path) {
    if is_first && reports.iter().all(|report| report.entries == 0) {
        // what cannot be removed is an empty database, which the next run takes up
        let _ = fs::remove_file(db);
    }
}

fn check_empty(reports: &[FileReport]) -> Result<()> {
    if !reports.is_empty() && reports.iter().all(|report| report.entries == 0) {
        let why = reports.iter().find_map(why_empty).unwrap_or_else(|| "the exports hold none".into());
        bail!("no log entries were loaded: {why}");
    }
    Ok(())
}

fn why_empty(report: &FileReport) -> Option<String> {
    let reason = match (&report.error, &report.first_reject) {
        (Some(error), _) => format!("cannot be read: {error}"),
        (None, Some((line, reason))) => format!("line {line}: {reason}"),
        (None, None) => return None,
    };
    Some(format!("`{}`: {reason}", report.path))
}

fn report_problems(problems: &[Problem], found_any: bool, quiet: bool) {
    for problem in problems {
        let text = format!("`{}` {}", problem.path, problem.reason);
        if problem.is_harmless && found_any {
            say(quiet, &format!("skipped {text}"));
        } else {
            say(false, &format!("error: {text}"));
            if let Some(hint) = problem.hint.filter(|_| found_any) {
                say(false, &format!("\nhint: {hint}"));
            }
        }
    }
}

fn describe(report: &FileReport) -> String {
    let mut text = format!("{}: {} ({})", report.path, plural(report.entries, "entry"), report.form);
    if report.duplicates > 0 {
        text += &format!(", {} loaded before", report.duplicates);
    }
    if report.fuller_copies > 0 {
        text += &format!(" ({} of them more complete here, so that this copy is kept)", report.fuller_copies);
    }
    if report.rejects > 0 {
        text += &format!(", {} rejected", report.rejects);
        if let Some((line, reason)) = &report.first_reject {
            text += &format!(" (the first at line {line}: {reason})");
        }
    }
    for fault in &report.faults {
        text += &format!("\n  fault: {fault}");
    }
    text
}

fn progress_bar(bytes: u64, quiet: bool) -> ProgressBar {
    let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let bar = ProgressBar::with_draw_target(Some(bytes), target);
    if let Ok(style) =
        ProgressStyle::with_template("loading {bar:30} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left")
    {
        bar.set_style(style);
    }
    bar
}
