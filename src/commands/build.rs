//! `gardener build`: patterns and models over the whole archive, or over what an engine counts elsewhere.

use std::{process::ExitCode, time::Instant};

use anyhow::{Result, bail};
use duckdb::Connection;
use indicatif::{ProgressBar, ProgressDrawTarget};

use super::configuration;
use crate::{
    archive,
    cli::{BuildArgs, EngineArgs, Globals},
    config::Config,
    engine::{
        self, Options,
        pull::{PULLED_FROM, Pull, Pulled},
    },
    interrupt::{Interrupted, Stop, is_stopped},
    store,
    text::{
        terminal::say,
        words::{plural, thousands},
    },
    time::period,
};

pub(super) fn run(args: &BuildArgs, globals: &Globals) -> Result<ExitCode> {
    let quiet = globals.quiet;
    let config = configuration(&args.config, globals)?;
    let path = &args.database.db;
    if let Some(name) = &args.engine.engine {
        return pull(args, name, &config, quiet);
    }
    if !path.is_file() {
        bail!("no database at `{}`\n\nhint: `gardener load EXPORTS...` creates one", path.display());
    }
    archive::build(&archive::open(path, args.database.memory.as_deref(), &config)?, &config, quiet)?;
    Ok(ExitCode::SUCCESS)
}

/// Lets an engine count, takes in what it answers, and builds on that.
fn pull(args: &BuildArgs, name: &str, config: &Config, quiet: bool) -> Result<ExitCode> {
    let start = Instant::now();
    let options = options(&args.engine, config)?;
    let spinner = ProgressBar::with_draw_target(
        None,
        if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() },
    );
    let progress = |text: &str| {
        spinner.set_message(text.to_owned());
        spinner.tick();
    };
    let mut pull = Pull::new(engine::connect(name, &options)?, &options, &progress)?;
    if args.engine.dry_run {
        return estimate(&mut pull, name);
    }
    let connection = archive::open(&args.database.db, args.database.memory.as_deref(), config)?;
    check_holds_no_files(&connection, &args.database.db.display().to_string())?;
    let stop = Stop::on_interrupt()?;
    let result = pull.fill(&connection);
    spinner.finish_and_clear();
    let was_stopped = is_stopped();
    stop.settle();
    let pulled = match result {
        Err(error) if was_stopped => return Err(error.context(Interrupted)),
        other => other?,
    };
    say(quiet, &summary(name, &pulled, start.elapsed().as_secs_f64()));
    archive::build(&connection, config, quiet)?;
    Ok(ExitCode::SUCCESS)
}

fn options(args: &EngineArgs, config: &Config) -> Result<Options> {
    let zone = period::zone(args.tz.as_deref(), config.settings.timezone.as_deref())?;
    let time = |text: &Option<String>| text.as_deref().map(|text| period::parse_time(text, &zone)).transpose();
    let (from_ns, to_ns) = (time(&args.from)?, time(&args.to)?);
    if let (Some(from), Some(to)) = (from_ns, to_ns)
        && from >= to
    {
        bail!("the time span ends before it begins: from {} to {}", period::instant(from), period::instant(to));
    }
    Ok(Options {
        sources: args.source.clone(),
        url: args.url.clone(),
        token: std::env::var("GARDENER_TOKEN").ok(),
        user: args.user.clone(),
        password: std::env::var("GARDENER_PASSWORD").ok(),
        project: args.project.clone(),
        location: args.location.clone(),
        max_bytes_billed: args.max_bytes_billed,
        from_ns: from_ns.map(period::whole_minute_before),
        to_ns: to_ns.map(period::whole_minute_after),
        messages: args.messages,
        fetched: args.fetch,
    })
}

/// Loaded entries and entries that an engine counts are not mixed: duplicates between them could not be found.
fn check_holds_no_files(connection: &Connection, path: &str) -> Result<()> {
    let files: u64 = connection.query_row("select count(*) from files", [], |row| row.get(0))?;
    if files > 0 && store::meta(connection, PULLED_FROM)?.is_none() {
        bail!(
            "`{path}` holds entries that were loaded; an engine needs a database of its own\n\nhint: name another file with `--db`"
        );
    }
    Ok(())
}

fn estimate(pull: &mut Pull<'_>, name: &str) -> Result<ExitCode> {
    let mut sum = 0;
    for (query, bytes) in pull.estimates()? {
        let Some(bytes) = bytes else {
            bail!("the engine `{name}` cannot estimate how much a query reads; `--dry-run` needs `bigquery`")
        };
        println!("{query}: {} bytes", thousands(bytes));
        sum += bytes;
    }
    println!("total: {} bytes", thousands(sum));
    Ok(ExitCode::SUCCESS)
}

fn summary(name: &str, pulled: &Pulled, seconds: f64) -> String {
    let Pulled { entries, rejects, messages, cells, fetched, bytes } = pulled;
    let unread = if *rejects > 0 { format!(", {} could not be read", thousands(*rejects)) } else { String::new() };
    format!(
        "{name} counted {}{unread}: {} in {}; fetched {} of NOTICE and above; {:.1} MB moved, {seconds:.1} s",
        plural(*entries, "entry"),
        plural(*messages, "distinct message"),
        plural(*cells, "row"),
        plural(*fetched, "entry"),
        *bytes as f64 / 1e6,
    )
}
