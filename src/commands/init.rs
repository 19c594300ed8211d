//! `gardener init`: a configuration with every key there is, commented.

use std::{fs::OpenOptions, io::Write, process::ExitCode};

use anyhow::{Context, Result, bail};

use super::say;
use crate::cli::InitArgs;

/// What is written; the tests read it as any other.
pub const CONFIGURATION: &str = include_str!("../../data/init.toml");

pub fn run(args: &InitArgs, quiet: bool) -> Result<ExitCode> {
    let path = args.file.display();
    if args.file.exists() && !args.force {
        bail!("`{path}` is there already\n\nhint: `--force` writes over it");
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    let mut file = options.open(&args.file).with_context(|| format!("cannot write `{path}`"))?;
    file.write_all(CONFIGURATION.as_bytes()).with_context(|| format!("cannot write `{path}`"))?;
    println!("{path}");
    say(quiet, "edit it, then `gardener rules check` says what its rules match");
    Ok(ExitCode::SUCCESS)
}
