//! `gardener worklog`: the worklog of a window, one a service.

use std::process::ExitCode;

use anyhow::{Result, bail};
use duckdb::Connection;

use crate::{
    archive,
    cli::WorklogArgs,
    report::writer::{Job, Output, Press},
    rules::RuleSet,
    store,
    text::{terminal::say, words::plural},
    time::period::WindowArgs,
};

pub fn run(args: &WorklogArgs, quiet: bool) -> Result<ExitCode> {
    let rules = RuleSet::load(args.config.config.as_deref())?;
    archive::check(&args.window, &rules)?;
    let path = &args.database.db;
    if !path.is_file() {
        bail!(
            "no database at `{}`\n\nhint: `gardener run EXPORTS...` makes one and writes the worklog",
            path.display()
        );
    }
    let connection = store::open(path, args.database.memory.as_deref())?;
    archive::build(&connection, &rules, true)?;
    write(&connection, &rules, &args.window, &args.output, quiet)?;
    Ok(ExitCode::SUCCESS)
}

/// Writes one worklog a service and prints where.
pub fn write(connection: &Connection, rules: &RuleSet, args: &WindowArgs, output: &Output, quiet: bool) -> Result<()> {
    let archive::Asked { zone, as_of, period } = archive::Asked::of(connection, rules, args)?;
    let services = archive::services(connection, &period, args.service.as_deref())?;
    let are_several =
        args.service.is_some() && archive::services(connection, &period, None)?.len() > 1 || services.len() > 1;
    let jobs: Vec<Job> =
        services.into_iter().map(|service| Job::new(service, None, period.clone(), are_several)).collect();
    let press = Press::new(connection, rules, zone, as_of, output)?;
    for path in press.print(&jobs, quiet)? {
        println!("{}", path.display());
    }
    let forms: Vec<&str> = output.format.iter().map(|format| format.ending()).collect();
    say(quiet, &format!("wrote {} as {}", plural(jobs.len() as u64, "worklog"), forms.join(", ")));
    Ok(())
}
