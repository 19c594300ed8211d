//! One file a command; here they are told apart, and errors are printed.

mod build;
mod csv;
mod load;
mod run;
mod sample;
mod sql;
mod template;
mod worklog;

use std::{io, process::ExitCode};

use anyhow::{Error, Result};

use crate::{
    cli::{Cli, Command},
    model,
};

pub fn run(cli: Cli) -> Result<ExitCode> {
    model::tell_times(cli.verbose);
    match &cli.command {
        Command::Run(args) => run::run(args, cli.quiet),
        Command::Load(args) => load::run(args, cli.quiet),
        Command::Build(args) => build::run(args, cli.quiet),
        Command::Worklog(args) => worklog::run(args, cli.quiet),
        Command::Sql(args) => sql::run(args),
        Command::Template(args) => template::run(args),
        Command::Sample(args) => sample::run(args),
    }
}

/// Whoever reads standard output has gone: nothing to complain about.
pub fn is_broken_pipe(error: &Error) -> bool {
    error
        .chain()
        .any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe))
}

/// `error:`, what caused it, and the hint that the innermost message may end with.
pub fn print_error(error: &Error) {
    let mut hint = None;
    for (depth, cause) in error.chain().enumerate() {
        let text = cause.to_string();
        // what DuckDB's error carries below its message is a code without a meaning
        if text.ends_with("Unknown error code") {
            continue;
        }
        let (message, rest) = text.split_once("\n\nhint: ").map_or((text.as_str(), None), |(m, h)| (m, Some(h)));
        eprintln!("{} {message}", if depth == 0 { "error:" } else { "caused by:" });
        hint = rest.map(str::to_owned).or(hint);
    }
    if let Some(hint) = hint {
        eprintln!("\nhint: {hint}");
    }
}

/// A line for the person at the terminal, on standard error.
fn say(quiet: bool, text: &str) {
    if !quiet {
        eprintln!("{text}");
    }
}
