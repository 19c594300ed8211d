//! `gardener run`: load, build and worklog, one after the other.

use std::process::ExitCode;

use anyhow::Result;

use super::{configuration, load, worklog};
use crate::{
    archive,
    cli::{Globals, RunArgs},
};

pub(super) fn run(args: &RunArgs, globals: &Globals) -> Result<ExitCode> {
    let quiet = globals.quiet;
    let config = configuration(&args.config, globals)?.with_repository(args.repository.repo.as_deref());
    archive::check(&args.window, &config)?;
    let is_complete = load::load(&args.exports, &args.database, globals)?;
    let connection = archive::open(&args.database.db, args.database.memory.as_deref(), &config)?;
    archive::build(&connection, &config, quiet)?;
    let is_written = worklog::write(&connection, &config, &args.window, &args.output, quiet)?;
    Ok(if is_written { load::exit_code(is_complete) } else { worklog::exit_code(false) })
}
