//! `gardener build`: patterns and models over the whole archive.

use std::{process::ExitCode, time::Instant};

use anyhow::{Result, bail};
use duckdb::Connection;

use super::say;
use crate::{
    cli::BuildArgs,
    model::{build as models, functions},
    rules::RuleSet,
    store,
    words::plural,
};

pub fn run(args: &BuildArgs, quiet: bool) -> Result<ExitCode> {
    let rules = RuleSet::load(args.config.config.as_deref())?;
    let path = &args.database.db;
    if !path.is_file() {
        bail!("no database at `{}`\n\nhint: `gardener load EXPORTS...` makes one", path.display());
    }
    build(&store::open(path, args.database.memory.as_deref())?, &rules, quiet)?;
    Ok(ExitCode::SUCCESS)
}

pub fn build(connection: &Connection, rules: &RuleSet, quiet: bool) -> Result<()> {
    functions::register(connection)?;
    let start = Instant::now();
    if !models::build(connection, rules)? {
        say(quiet, "models are up to date");
        return Ok(());
    }
    let sql = "select (select count(*) from patterns), (select count(*) from entries)";
    let (patterns, entries): (u64, u64) = connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (entries, patterns, seconds) =
        (plural(entries, "entry"), plural(patterns, "pattern"), start.elapsed().as_secs_f64());
    say(quiet, &format!("built models: {entries} in {patterns}, {seconds:.1} s"));
    Ok(())
}
