//! `gardener load`: exports into the database, each entry once.

use std::{fs, path::Path, process::ExitCode, time::Instant};

use anyhow::{Result, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::say;
use crate::{
    cli::LoadArgs,
    ingest::{
        forms::FORMS,
        load::{FileReport, load as load_candidates},
        open::discover,
        survey::{Problem, Survey, survey},
    },
    store::{self, ledger::Ledger},
    words::plural,
};

pub fn run(args: &LoadArgs, quiet: bool) -> Result<ExitCode> {
    load(&args.exports.exports, &args.database.db, quiet).map(exit_code)
}

/// 2 where something that should have been loaded was not.
pub fn exit_code(is_complete: bool) -> ExitCode {
    if is_complete { ExitCode::SUCCESS } else { ExitCode::from(2) }
}

/// Loads what is new; answers whether every input that had to be read was.
pub fn load(exports: &[String], db: &Path, quiet: bool) -> Result<bool> {
    let start = Instant::now();
    let inputs = discover(exports)?;
    let is_new = !db.exists();
    let mut ledger = if is_new { Ledger::default() } else { Ledger::read(&store::open(db)?)? };
    let Survey { candidates, problems, unchanged } = survey(inputs, &ledger);
    let found = candidates.len() + unchanged.len();
    report_problems(&problems, found > 0, quiet);
    if found == 0 {
        let forms = FORMS.map(|form| format!("`{}`: {}", form.name, form.about)).join("; ");
        bail!("nothing to load: no export of log entries among what was named\n\nhint: known forms are {forms}");
    }
    if candidates.is_empty() {
        say(quiet, &format!("nothing new: {} loaded already", plural(unchanged.len() as u64, "file")));
        return Ok(problems.iter().all(|problem| problem.is_harmless));
    }
    let bar = progress_bar(candidates.iter().map(|candidate| candidate.bytes).sum(), quiet);
    let connection = store::open(db)?;
    let result = load_candidates(&connection, candidates, || ledger.next_file_id(), &|bytes| bar.inc(bytes));
    bar.finish_and_clear();
    drop(connection);
    let reports = settle(result, is_new, db)?;
    for report in &reports {
        say(quiet, &describe(report));
    }
    let entries: u64 = reports.iter().map(|report| report.entries - report.duplicates).sum();
    let files = reports.iter().filter(|report| report.entries > 0).count() as u64;
    let known = if unchanged.is_empty() { String::new() } else { format!(", {} unchanged", unchanged.len()) };
    let seconds = start.elapsed().as_secs_f64();
    say(
        quiet,
        &format!("loaded {} from {}{known}, {seconds:.1} s", plural(entries, "new entry"), plural(files, "file")),
    );
    let is_read = reports.iter().all(|report| report.error.is_none() && report.entries > 0);
    Ok(is_read && problems.iter().all(|problem| problem.is_harmless))
}

/// A database made for this load alone goes again if the load came to nothing.
fn settle(result: Result<Vec<FileReport>>, is_new: bool, db: &Path) -> Result<Vec<FileReport>> {
    let is_empty = result.as_ref().map_or(true, |reports| reports.iter().all(|report| report.entries == 0));
    if is_new && is_empty {
        // what cannot be removed is an empty database, which the next run takes up
        let _ = fs::remove_file(db);
    }
    let reports = result?;
    if is_empty {
        let why = reports.iter().find_map(why_empty).unwrap_or_else(|| "the exports hold none".into());
        bail!("no log entries were loaded: {why}");
    }
    Ok(reports)
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
            eprintln!("error: {text}");
        }
    }
}

fn describe(report: &FileReport) -> String {
    let mut text = format!("{}: {} ({})", report.path, plural(report.entries, "entry"), report.form);
    if report.duplicates > 0 {
        text += &format!(", {} there already", report.duplicates);
    }
    if report.fuller_copies > 0 {
        text += &format!(" ({} of them fuller here, which now stand)", report.fuller_copies);
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
    if let Ok(style) = ProgressStyle::with_template("loading {bar:30} {bytes}/{total_bytes} {eta}") {
        bar.set_style(style);
    }
    bar
}
