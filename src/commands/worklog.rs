//! `gardener worklog`: the worklog of a window, one a service.

use std::process::ExitCode;

use anyhow::{Result, bail};

use super::configuration;
use crate::{
    archive,
    cli::{Globals, WorklogArgs},
    config::Config,
    report::writer::{Output, WorklogJob, Writer},
    sql::connection::Connection,
    text::{terminal::say, words::plural},
    time::period::WindowArgs,
};

pub fn run(args: &WorklogArgs, globals: &Globals) -> Result<ExitCode> {
    let quiet = globals.quiet;
    let config = configuration(&args.config, globals)?;
    archive::check(&args.window, &config)?;
    let path = &args.database.db;
    if !path.is_file() {
        bail!(
            "no database at `{}`\n\nhint: `gardener run EXPORTS...` makes one and writes the worklog",
            path.display()
        );
    }
    let connection = archive::open(path, args.database.memory.as_deref(), &config)?;
    archive::build(&connection, &config, true)?;
    write(&connection, &config, &args.window, &args.output, quiet)?;
    Ok(ExitCode::SUCCESS)
}

/// Writes one worklog a service and prints where.
pub fn write(connection: &Connection, config: &Config, args: &WindowArgs, output: &Output, quiet: bool) -> Result<()> {
    let archive::Asked { zone, as_of, period } = archive::Asked::of(connection, config, args)?;
    let services = archive::services(connection, &period, args.service.as_deref())?;
    let are_several =
        args.service.is_some() && archive::services(connection, &period, None)?.len() > 1 || services.len() > 1;
    let jobs: Vec<WorklogJob> =
        services.into_iter().map(|service| WorklogJob::new(service, None, period.clone(), are_several)).collect();
    let writer = Writer::new(connection, config, zone, as_of, output)?;
    for path in writer.write_all(&jobs, quiet)? {
        println!("{}", path.display());
    }
    let forms: Vec<&str> = output.format.iter().map(|format| format.ending()).collect();
    say(quiet, &format!("wrote {} as {}", plural(jobs.len() as u64, "worklog"), forms.join(", ")));
    Ok(())
}
