//! One file per command; this one selects the command and prints errors.

mod brief;
mod build;
mod clusters;
#[cfg(test)]
mod columns;
mod compare;
mod demo;
mod diff;
mod forms;
mod history;
mod init;
mod issues;
mod load;
mod manual;
#[cfg(feature = "mcp")]
mod mcp;
mod patterns;
mod queries;
mod rules;
mod run;
mod sample;
mod schema;
mod show;
mod sql;
mod start;
mod template;
mod worklog;

use std::process::ExitCode;

use anyhow::Result;

use crate::{
    cli::{Cli, Command, ConfigArgs, Globals},
    config::Config,
    model,
    report::{self, document},
};

pub fn run(cli: Cli) -> Result<ExitCode> {
    if cli.version {
        return start::version();
    }
    let Some(command) = &cli.command else { return start::run() };
    match command {
        Command::Run(args) => run::run(args, &cli.globals),
        Command::Load(args) => load::run(args, &cli.globals),
        Command::Forms => forms::run(),
        Command::Build(args) => build::run(args, &cli.globals),
        Command::Brief(args) => brief::run(args, &cli.globals),
        Command::Worklog(args) => worklog::run(args, &cli.globals),
        Command::History(args) => history::run(args, &cli.globals),
        Command::Compare(args) => compare::run(args, &cli.globals),
        Command::Diff(args) => diff::run(args),
        Command::Clusters(args) => clusters::run(args, &cli.globals),
        Command::Patterns(args) => patterns::run(args, &cli.globals),
        Command::Show(args) => show::run(args, &cli.globals),
        Command::Schema(args) => schema::run(args),
        Command::Issues(args) => issues::run(args, &cli.globals),
        Command::Sql(args) => sql::run(args, &cli.globals),
        Command::Queries(args) => queries::run(args),
        #[cfg(feature = "mcp")]
        Command::Mcp(args) => mcp::run(args),
        Command::Template(args) => template::run(args, &cli.globals),
        Command::Rules(args) => rules::run(args, &cli.globals),
        Command::Init(args) => init::run(args, &cli.globals),
        Command::Demo(args) => demo::run(args, &cli.globals),
        Command::Sample(args) => sample::run(args),
        Command::Completions(args) => manual::completions(args),
        Command::Man(args) => manual::pages(args),
    }
}

/// The configuration, with what is wrong in it said before anything is done.
fn configuration(args: &ConfigArgs, globals: &Globals) -> Result<Config> {
    let config = Config { tracing: globals.tracing(), ..Config::load(args.config.as_deref())? };
    report::check(&config.overrides)?;
    model::check(config.overrides.models(), &document::queries())?;
    Ok(config)
}
