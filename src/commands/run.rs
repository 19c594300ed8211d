//! `gardener run`: load, build and worklog, one after the other.

use std::process::ExitCode;

use anyhow::Result;

use super::{load, worklog};
use crate::{archive, cli::RunArgs, rules::RuleSet, store};

pub fn run(args: &RunArgs, quiet: bool) -> Result<ExitCode> {
    let rules = RuleSet::load(args.config.config.as_deref())?;
    archive::check(&args.window, &rules)?;
    let is_complete = load::load(&args.exports, &args.database, quiet)?;
    let connection = store::open(&args.database.db, args.database.memory.as_deref())?;
    archive::build(&connection, &rules, quiet)?;
    worklog::write(&connection, &rules, &args.window, &args.output, quiet)?;
    Ok(load::exit_code(is_complete))
}
