//! One file a command; here they are told apart, and errors are printed.

mod build;
mod clusters;
mod compare;
mod diff;
mod forms;
mod history;
mod init;
mod issues;
mod load;
mod manual;
mod patterns;
mod press;
mod queries;
mod rules;
mod run;
mod sample;
mod show;
mod site;
mod sql;
mod start;
mod template;
mod worklog;

use std::process::ExitCode;

use anyhow::{Result, bail};
use duckdb::Connection;

use crate::{
    cli::{Cli, Command, Database},
    model::{functions, macros, window::Window},
    rules::RuleSet,
    sql::query,
    store,
    text::{redact::Redactor, words},
    time::period,
};

pub fn run(cli: Cli) -> Result<ExitCode> {
    query::tell_times(cli.verbose);
    query::tell_queries(cli.explain);
    if cli.version {
        return start::version();
    }
    let Some(command) = &cli.command else { return start::run() };
    match command {
        Command::Run(args) => run::run(args, cli.quiet),
        Command::Load(args) => load::run(args, cli.quiet),
        Command::Forms => forms::run(),
        Command::Build(args) => build::run(args, cli.quiet),
        Command::Worklog(args) => worklog::run(args, cli.quiet),
        Command::History(args) => history::run(args, cli.quiet),
        Command::Compare(args) => compare::run(args, cli.quiet),
        Command::Diff(args) => diff::run(args),
        Command::Clusters(args) => clusters::run(args),
        Command::Patterns(args) => patterns::run(args),
        Command::Show(args) => show::run(args),
        Command::Issues(args) => issues::run(args, cli.quiet),
        Command::Sql(args) => sql::run(args, cli.quiet),
        Command::Queries(args) => queries::run(args),
        Command::Template(args) => template::run(args),
        Command::Rules(args) => rules::run(args, cli.quiet),
        Command::Init(args) => init::run(args, cli.quiet),
        Command::Sample(args) => sample::run(args),
        Command::Completions(args) => manual::completions(args),
        Command::Man(args) => manual::pages(args),
    }
}

/// Hides secrets in what is shown of log text. What makes stand-ins differ from database to database is the content
/// first loaded.
fn redactor(connection: &Connection, rules: &RuleSet) -> Result<Redactor> {
    let hash: String = connection.query_row("select hash from files order by file_id limit 1", [], |row| row.get(0))?;
    Ok(Redactor::new(xxhash_rust::xxh3::xxh3_64(hash.as_bytes()), &rules.settings.redact_off))
}

/// A database to read whose models are built, with the functions and macros that queries call.
fn open_built(database: &Database) -> Result<Connection> {
    let connection = store::open_to_read(&database.db, database.memory.as_deref())?;
    if !store::is_built(&connection)? {
        bail!("no models yet in `{}`\n\nhint: `gardener build` makes them", database.db.display());
    }
    functions::register(&connection)?;
    macros::register(&connection)?;
    Ok(connection)
}

/// The services of the archive, each in a window that holds all of it and in one of the last 24 hours: of what was all
/// along it is asked how often, of now in which state.
fn whole_archive(connection: &Connection, service: Option<&str>) -> Result<Vec<Window>> {
    let mut statement = connection.prepare("select distinct service from pattern_traits order by service")?;
    let services = statement.query_map([], |row| row.get(0))?.collect::<duckdb::Result<Vec<String>>>()?;
    let (first, last) = worklog::archive_span(connection, None)?;
    let (first, to_ns) = (period::whole_minute_before(first), period::whole_minute_after(last + 1));
    let froms = [first, first.max(to_ns - period::DAY_NS)];
    let windows =
        |service: &String| froms.map(|from_ns| Window { service: service.clone(), revision: None, from_ns, to_ns });
    let list: Vec<Window> =
        services.iter().filter(|known| service.is_none_or(|service| *known == service)).flat_map(windows).collect();
    match service {
        Some(service) if list.is_empty() => {
            bail!("no entries of a service `{service}`{}", words::hint(service, &services))
        }
        _ => Ok(list),
    }
}
