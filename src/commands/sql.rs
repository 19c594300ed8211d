//! `gardener sql`: a query answered from the database, which is opened for reading only; without a query, a shell.

use std::{
    fs,
    io::{self, IsTerminal, Read},
    process::ExitCode,
};

use anyhow::{Context, Result, bail};

use crate::{
    cli::{AnswerArgs, DatabaseArgs, Globals, SqlArgs},
    shell,
    sql::{answers, formats::RowFormat, hints, library, output::Target, sandbox, time_limit::TimeLimit},
    text::terminal::say,
};

pub(super) fn run(args: &SqlArgs, globals: &Globals) -> Result<ExitCode> {
    let quiet = globals.quiet;
    check_format(&args.answer)?;
    let is_at_terminal = [io::stdin().is_terminal(), io::stdout().is_terminal(), io::stderr().is_terminal()];
    let is_asked = args.query.is_some() || args.file.is_some() || args.save.is_some() || args.answer.out.is_some();
    if !is_asked && is_at_terminal.iter().all(|is| *is) {
        let options = shell::Options {
            db: args.database.db.clone(),
            memory: args.database.memory.clone(),
            folder: args.folder.folder.clone(),
            format: args.answer.format.map(|_| args.answer.format()),
            given: args.answer.param.clone(),
            is_unsafe: args.is_unsafe,
        };
        return shell::run(options, quiet);
    }
    let sql = text_of(args)?;
    if let Some(name) = &args.save {
        let path = library::save(&args.folder.folder, name, &sql, args.force)?;
        say(quiet, &format!("saved `{}`: `gardener queries {name}` runs it", path.display()));
        return Ok(ExitCode::SUCCESS);
    }
    answer(&args.database, &args.answer, args.is_unsafe, &sql)
}

/// Answers a text of SQL to where the arguments say.
pub(super) fn answer(database: &DatabaseArgs, args: &AnswerArgs, is_unsafe: bool, sql: &str) -> Result<ExitCode> {
    check_format(args)?;
    let format = args.format();
    let mut target = Target::of(args.out.as_deref())?;
    let may_write = target.own_path().filter(|_| format == RowFormat::Parquet);
    let connection = sandbox::open(&database.db, database.memory.as_deref(), is_unsafe, may_write.as_deref())?;
    sandbox::make_macros(&connection, Some(sql))?;
    let limit = args.timeout.map(|seconds| TimeLimit::start(&connection, seconds));
    let answered = answers::run(&connection, sql, &args.param, format, &mut target);
    let answered = match limit {
        Some(limit) => limit.explained(answered),
        None => answered,
    };
    if answered.is_err() {
        // a hint may name any of them
        sandbox::make_macros(&connection, None)?;
    }
    sandbox::explained(&connection, hints::with_hint(&connection, answered))?;
    target.finish()?;
    Ok(ExitCode::SUCCESS)
}

fn check_format(args: &AnswerArgs) -> Result<()> {
    if args.format() == RowFormat::Parquet && args.out.is_none() {
        bail!("Parquet can only be written to a file\n\nhint: name it with `--out FILE`");
    }
    Ok(())
}

fn text_of(args: &SqlArgs) -> Result<String> {
    match (&args.query, &args.file) {
        (Some(query), _) => Ok(query.clone()),
        (None, Some(file)) => {
            fs::read_to_string(file).with_context(|| format!("cannot read the query from `{}`", file.display()))
        }
        (None, None) => {
            let mut query = String::new();
            io::stdin().read_to_string(&mut query).context("cannot read the query from standard input")?;
            Ok(query)
        }
    }
}
