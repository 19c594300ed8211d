//! `gardener queries`: lists queries that are saved or built in, shows one, or runs one.

use std::process::ExitCode;

use anyhow::{Result, bail};

use super::sql;
use crate::{
    cli::QueriesArgs,
    sql::{library, query_list::print_list},
    text::terminal,
};

pub(super) fn run(args: &QueriesArgs) -> Result<ExitCode> {
    let folder = &args.folder.folder;
    let Some(name) = &args.name else {
        let answer = &args.answer;
        if answer.out.is_some() || !answer.param.is_empty() {
            bail!("a list of queries takes neither `--out` nor `--param`\n\nhint: name the query to run");
        }
        print_list(&library::all(folder)?, answer.format())?;
        return Ok(ExitCode::SUCCESS);
    };
    let query = library::find(folder, name)?;
    if args.show {
        terminal::print_plain(&query.text)?;
        return Ok(ExitCode::SUCCESS);
    }
    sql::answer(&args.database, &args.answer, false, &query.text)
}
