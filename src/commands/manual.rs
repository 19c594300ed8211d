//! `gardener completions` and `gardener man`: made from the command line itself, so that they never lag behind it.

use std::{
    fs,
    io::{self, Write},
    process::ExitCode,
};

use anyhow::{Context, Result};
use clap::CommandFactory;

use crate::{
    cli::{Cli, CompletionsArgs, ManArgs},
    text::terminal::print_path,
};

pub(super) fn completions(args: &CompletionsArgs) -> Result<ExitCode> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "gardener", &mut text);
    io::stdout().lock().write_all(&text)?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn pages(args: &ManArgs) -> Result<ExitCode> {
    let command = Cli::command();
    let Some(folder) = &args.out else {
        clap_mangen::Man::new(command).render(&mut io::stdout().lock())?;
        return Ok(ExitCode::SUCCESS);
    };
    fs::create_dir_all(folder).with_context(|| format!("cannot create the folder `{}`", folder.display()))?;
    clap_mangen::generate_to(command, folder)
        .with_context(|| format!("cannot write to the folder `{}`", folder.display()))?;
    print_path(folder)?;
    Ok(ExitCode::SUCCESS)
}
