//! `gardener init`: a configuration with every key there is, commented.

use std::{path::Path, process::ExitCode};

use anyhow::{Result, bail};

use crate::{
    cli::{Globals, InitArgs},
    text::{
        files,
        terminal::{self, say},
    },
};

/// What is written; the tests read it as any other.
pub(super) const CONFIGURATION: &str = include_str!("../../data/init.toml");

pub(super) fn run(args: &InitArgs, globals: &Globals) -> Result<ExitCode> {
    let quiet = globals.quiet;
    let path = args.file.display();
    if args.file.exists() && !args.force {
        bail!("`{path}` exists already\n\nhint: `--force` overwrites it");
    }
    let folder = args.file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = args.file.file_name().unwrap_or_default().to_string_lossy();
    files::write(folder, &name, CONFIGURATION)?;
    terminal::print_path(&args.file)?;
    say(quiet, "edit it, then run `gardener rules check` to see what its rules match");
    Ok(ExitCode::SUCCESS)
}
