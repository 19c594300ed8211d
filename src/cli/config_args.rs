//! Arguments of the commands for configuration and setup: rules, init, completions, man.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use clap_complete::Shell;

use super::{ConfigArgs, CsvArgs, DatabaseArgs};
use crate::text::list::ListFormat;

#[derive(Debug, Args)]
pub struct RulesArgs {
    #[command(subcommand)]
    pub command: RulesCommand,
}

#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// Check the rules; with a database, also list what each rule matches
    Check {
        #[command(flatten)]
        database: DatabaseArgs,
        #[command(flatten)]
        config: ConfigArgs,
        /// Output format
        #[arg(long, value_enum, default_value_t = ListFormat::Table)]
        format: ListFormat,
        #[command(flatten)]
        csv: CsvArgs,
    },
}

#[derive(Debug, Args)]
pub struct InitArgs {
    /// File to write
    #[arg(value_name = "FILE", default_value = "gardener.toml")]
    pub file: PathBuf,
    /// Overwrite an existing file
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// Shell to print the script for
    pub shell: Shell,
}

#[derive(Debug, Args)]
pub struct ManArgs {
    /// Write one page per command to this folder [default: print the main page]
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
}
