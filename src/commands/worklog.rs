//! `gardener worklog`: the worklog of a window, one a service.

use std::process::ExitCode;

use anyhow::{Result, bail};

use super::configuration;
use crate::{
    archive,
    cli::{Globals, WorklogArgs},
    config::Config,
    report::writer::{self, Failure, Output, Written},
    sql::connection::Connection,
    text::{
        errors,
        terminal::{print_path, say},
        words::plural,
    },
    time::period::WindowArgs,
};

pub(super) fn run(args: &WorklogArgs, globals: &Globals) -> Result<ExitCode> {
    let quiet = globals.quiet;
    let config = configuration(&args.config, globals)?.with_repository(args.repository.repo.as_deref());
    archive::check(&args.window, &config)?;
    let path = &args.database.db;
    if !path.is_file() {
        bail!(
            "no database at `{}`\n\nhint: `gardener run EXPORTS...` creates one and writes the worklogs",
            path.display()
        );
    }
    let connection = archive::open(path, args.database.memory.as_deref(), &config)?;
    archive::build(&connection, &config, true)?;
    Ok(exit_code(write(&connection, &config, &args.window, &args.output, quiet)?))
}

/// 2 where a worklog could not be made.
pub(super) fn exit_code(is_complete: bool) -> ExitCode {
    if is_complete { ExitCode::SUCCESS } else { ExitCode::from(2) }
}

/// Says of each worklog that could not be made why; answers whether there are none.
pub(super) fn tell_failures(failures: &[Failure]) -> bool {
    failures.iter().for_each(|failure| errors::print_error(&failure.error));
    failures.is_empty()
}

/// Writes one worklog for each service and prints where; answers whether all were made.
pub(super) fn write(
    connection: &Connection,
    config: &Config,
    args: &WindowArgs,
    output: &Output,
    quiet: bool,
) -> Result<bool> {
    let Written { paths, failures, .. } = writer::write_window(connection, config, args, output, quiet)?;
    if output.printed().is_some() {
        return Ok(tell_failures(&failures));
    }
    for path in &paths {
        print_path(path)?;
    }
    let formats: Vec<&str> = output.format.iter().map(|format| format.ending()).collect();
    if !paths.is_empty() {
        say(quiet, &format!("wrote {} as {}", plural(paths.len() as u64, "worklog"), formats.join(", ")));
    }
    Ok(tell_failures(&failures))
}
