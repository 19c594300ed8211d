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
mod queries;
mod rules;
mod run;
mod sample;
mod show;
mod sql;
mod start;
mod template;
mod worklog;

use std::process::ExitCode;

use anyhow::Result;

use crate::{
    cli::{Cli, Command},
    sql::query,
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
