//! `gardener demo`: the sample archive and what the commands make of it, in a folder of its own.

use std::{env, fs, path::Path, process::ExitCode};

use anyhow::{Context, Result, bail};
use clap::Parser;

use super::{
    compare,
    start::{line, listed},
};
use crate::{
    cli::{Cli, Command, DemoArgs, Globals},
    sample::{self, Layout, Options},
    text::{
        files,
        terminal::{self, bold, say},
    },
};

const CONFIGURATION: &str = include_str!("../../data/gardener.toml");
/// The archive of `data/sample.ndjson`, which the configuration belongs to.
const SAMPLE: Options = Options { seed: 42, entries: None, days: 0, layout: Layout::Ndjson };

/// Runs each command in the folder as a user would, and shows it.
pub(super) fn run(args: &DemoArgs, globals: &Globals) -> Result<ExitCode> {
    let folder = args.folder.as_path();
    let here = Path::new(".");
    let show = |command: &str| say(globals.quiet, &format!("$ {command}"));

    enter(folder)?;
    show(&format!("mkdir {0}; cd {0}", folder.display()));
    show("gardener sample > sample.ndjson");
    let mut archive = Vec::new();
    sample::write(&mut archive, &SAMPLE)?;
    files::write(here, "sample.ndjson", &String::from_utf8(archive)?)?;
    files::write(here, "gardener.toml", CONFIGURATION)?;

    for words in [["run", "sample.ndjson"].as_slice(), &["history", "--out", "history"]] {
        show(&format!("gardener {}", words.join(" ")));
        super::run(command(words, globals)?)?;
    }

    let words = ["compare", "previous", "latest", "--format", "markdown"];
    show(&format!("gardener {} > comparison.md", words.join(" ")));
    if let Some(Command::Compare(args)) = &command(&words, globals)?.command {
        files::write(here, "comparison.md", &compare::compared(args, globals)?.1)?;
    }
    if !globals.quiet {
        terminal::print_text(&next(folder))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Makes the folder the current one, so that paths and commands read as they do for a user who works in it.
fn enter(folder: &Path) -> Result<()> {
    let name = folder.display();
    files::make_folder(folder)?;
    let mut entries = fs::read_dir(folder).with_context(|| format!("cannot read the folder `{name}`"))?;
    if entries.next().is_some() {
        bail!("the folder `{name}` is not empty\n\nhint: name another folder: `gardener demo FOLDER`");
    }
    env::set_current_dir(folder).with_context(|| format!("cannot enter the folder `{name}`"))
}

/// The command as if it were typed.
fn command(words: &[&str], globals: &Globals) -> Result<Cli> {
    let cli = Cli::try_parse_from([&["gardener"], words].concat())?;
    Ok(Cli { globals: *globals, ..cli })
}

/// What to open, and what to try.
fn next(folder: &Path) -> String {
    let file = |name: &str, what: &str| line(folder.join(name).display().to_string(), what);
    let pages = [
        file("worklogs/services.html", "the services, worst first; each leads to its worklog"),
        file("history/index.html", "the days and revisions of the archive, each with its worklog"),
        file("comparison.md", "what the newest revision made worse"),
        file("gardener.toml", "what the owners of the services know: names, priorities, actions"),
    ];
    let commands = [
        line(format!("cd {}", folder.display()), ""),
        line("gardener brief", "the verdict, the first action and the most urgent clusters"),
        line("gardener clusters", "what is wrong, most urgent first"),
        line("gardener show CRITICAL_AUTH_FAILURE", "one cluster in detail"),
        line("gardener compare previous latest", "the last two revisions"),
        line("gardener sql", "a shell for SQL queries"),
    ];
    let (open, try_next) = (bold("Open these"), bold("Try these"));
    format!("\n{open}\n\n{}\n{try_next}\n\n{}", listed(&pages), listed(&commands))
}
