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
    tell_missing_pieces(connection, quiet)
}

fn tell_missing_pieces(connection: &Connection, quiet: bool) -> Result<()> {
    let sql = "select count(*), coalesce(sum(missing_count), 0)::ubigint from trace_events where missing_count > 0";
    let (events, pieces): (u64, u64) = connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if events > 0 {
        let (are, is) = (if events == 1 { "is" } else { "are" }, if pieces == 1 { "is" } else { "are" });
        let (events, pieces) = (plural(events, "split entry"), plural(pieces, "piece"));
        say(quiet, &format!("{events} {are} not whole: {pieces} {is} in no export that was loaded"));
    }
    Ok(())
}
