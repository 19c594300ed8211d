//! `gardener` alone: what is in this folder, and what to do with it next.

use std::{fs, path::Path, process::ExitCode};

use anyhow::Result;
use duckdb::Connection;

use crate::{
    store,
    text::{
        terminal::{self, bold},
        words::{plural, thousands},
    },
};

const DATABASE: &str = "garden.duckdb";
const ENDINGS: [&str; 5] = ["json", "ndjson", "jsonl", "csv", "gz"];

pub(super) fn version() -> Result<ExitCode> {
    let duckdb = store::library_version(&Connection::open_in_memory()?)?;
    println!("gardener {} (DuckDB {duckdb})", env!("CARGO_PKG_VERSION"));
    Ok(ExitCode::SUCCESS)
}

pub(super) fn run() -> Result<ExitCode> {
    let mut text = format!("{}\n\n", bold("gardener turns Google Cloud Logging exports into worklogs"));
    let exports = exports();
    let lines = if Path::new(DATABASE).is_file() { with_database(&exports)? } else { without_database(&exports) };
    text += &listed(&lines);
    text += "\n";
    if !Path::new("gardener.toml").is_file() {
        text += "`gardener init` writes a configuration with example rules. ";
    }
    text += "`gardener --help` lists all commands.\n";
    terminal::print_text(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// A command or a file, and what it is for.
pub(super) type Line = (String, String);

pub(super) fn listed(lines: &[Line]) -> String {
    let width = lines.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let blanks = |name: &str| " ".repeat(width - name.chars().count());
    let listed = |(name, what): &Line| format!("  {}{}  {what}", bold(name), blanks(name)).trim_end().to_owned() + "\n";
    lines.iter().map(listed).collect()
}

pub(super) fn line(command: impl Into<String>, what: impl Into<String>) -> Line {
    (command.into(), what.into())
}

/// Files of this folder that may be exports, in the order of their names.
fn exports() -> Vec<String> {
    let entries = fs::read_dir(".").into_iter().flatten().flatten();
    let names = entries.filter(|entry| entry.path().is_file()).map(|entry| entry.file_name());
    let mut names: Vec<String> = names.filter_map(|name| name.into_string().ok()).collect();
    names.retain(|name| name.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.contains(&ending)));
    names.sort();
    names
}

fn without_database(exports: &[String]) -> Vec<Line> {
    match exports {
        [] => vec![
            line("gardener run EXPORTS...", "loads files or folders and writes their worklogs"),
            line("gardener demo", "writes a sample archive and its worklogs, to try the program without exports"),
            line("gardener forms", "lists the supported export formats"),
        ],
        [one] => vec![line(format!("gardener run {one}"), "loads it and writes its worklogs")],
        [first, ..] => {
            let ending = first.rsplit_once('.').map_or("", |(_, ending)| ending);
            let files = plural(exports.len() as u64, "file");
            vec![line(
                format!("gardener run *.{ending}"),
                format!("loads {files} that may be exports and writes their worklogs"),
            )]
        }
    }
}

fn with_database(exports: &[String]) -> Result<Vec<Line>> {
    let connection = store::open_to_read(Path::new(DATABASE), None)?;
    let (files, entries): (u64, u64) =
        connection.query_row("select (select count(*) from files), (select count(*) from raw_entries)", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let mut lines = vec![line(
        "gardener worklog",
        format!(
            "writes worklogs of the last 24 hours: `{DATABASE}` holds {} of {}",
            plural(entries, "entry"),
            plural(files, "file")
        ),
    )];
    if !store::is_built(&connection)? {
        lines.insert(0, line("gardener build", "builds the models, which is not done yet"));
        return Ok(lines);
    }
    let revisions: u64 =
        connection.query_row("select count(*) from revisions where revision <> ''", [], |row| row.get(0))?;
    lines.push(line("gardener brief", "prints the verdict, the first action and the most urgent clusters"));
    lines.push(line("gardener clusters", "lists what is wrong, most urgent first"));
    if revisions > 1 {
        let what = format!("compares the last two of {} revisions", thousands(revisions));
        lines.push(line("gardener compare previous latest", what));
    }
    lines.push(line("gardener history", "writes a worklog for each day, and an index"));
    lines.push(line("gardener sql", "opens a shell for SQL queries"));
    let mut statement = connection.prepare("select path from files")?;
    let loaded = statement.query_map([], |row| row.get(0))?.collect::<duckdb::Result<Vec<String>>>()?;
    let is_loaded = |export: &str| loaded.iter().any(|path| path.rsplit(['/', '\\']).next() == Some(export));
    let others = exports.iter().filter(|export| !is_loaded(export)).count();
    if others > 0 {
        let what = format!("loads {} here that may be exports", plural(others as u64, "file"));
        lines.push(line("gardener run EXPORTS...", what));
    }
    Ok(lines)
}
