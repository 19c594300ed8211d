//! `gardener issues`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{ConfigArgs, DatabaseArgs, ShowFormat};
use crate::time::period::WindowArgs;

#[derive(Debug, Args)]
pub struct IssuesArgs {
    #[command(subcommand)]
    pub command: IssuesCommand,
}

#[derive(Debug, Subcommand)]
pub enum IssuesCommand {
    /// Print which issue each cluster would create, update or reopen, without changing anything
    Plan(PlanArgs),
    /// Print the `gh` commands of the plan; with --yes, run them
    Apply(ApplyArgs),
}

/// Arguments of both subcommands.
#[derive(Debug, Args)]
pub struct IssueArgs {
    /// Repository of the issues [default: the one that `gh` finds for the current folder]
    #[arg(long, value_name = "OWNER/NAME", value_parser = repository)]
    pub repo: Option<String>,
    /// Read the existing issues from this file (`-`: standard input) instead of running `gh`; write it with `gh issue
    /// list --state all --limit 1000 --json number,title,body,labels,state,url,closedAt,stateReason,author`
    #[arg(long, value_name = "FILE")]
    pub existing: Option<PathBuf>,
    /// Program to run as GitHub's `gh` [default: $GARDENER_GH, else `gh`]
    #[arg(long, value_name = "PROGRAM")]
    pub gh: Option<PathBuf>,
    /// Lowest priority to include; P0 is the most urgent
    #[arg(long, value_name = "PRIORITY", value_enum, ignore_case = true, default_value_t = LeastPriority::P3)]
    pub min_priority: LeastPriority,
    #[command(flatten)]
    pub window: WindowArgs,
    #[command(flatten)]
    pub database: DatabaseArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Clone of the source code, for commits and for owners by its CODEOWNERS [default: `[repository]` of the configuration]
    #[arg(long, value_name = "PATH")]
    pub clone: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct PlanArgs {
    #[command(flatten)]
    pub issues: IssueArgs,
    /// Output format; JSON includes the texts of issues and comments
    #[arg(long, value_enum, default_value_t = ShowFormat::Text)]
    pub format: ShowFormat,
}

#[derive(Debug, Args)]
pub struct ApplyArgs {
    #[command(flatten)]
    pub issues: IssueArgs,
    /// Run the commands instead of printing them
    #[arg(long)]
    pub yes: bool,
    /// Print the text that each command reads from standard input, as a here-document
    #[arg(long, conflicts_with = "yes")]
    pub bodies: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "UPPER")]
pub enum LeastPriority {
    P0,
    P1,
    P2,
    P3,
    P4,
}

impl LeastPriority {
    /// The name in the column `priority`; the most urgent sorts first.
    pub fn as_str(self) -> &'static str {
        match self {
            LeastPriority::P0 => "P0",
            LeastPriority::P1 => "P1",
            LeastPriority::P2 => "P2",
            LeastPriority::P3 => "P3",
            LeastPriority::P4 => "P4",
        }
    }
}

/// Accepts `OWNER/NAME` and `HOST/OWNER/NAME`; rejects what `gh` could read as an option.
fn repository(text: &str) -> Result<String, String> {
    let is_name = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    let parts: Vec<&str> = text.split('/').collect();
    if (2..=3).contains(&parts.len()) && parts.iter().all(|part| is_name(part)) {
        Ok(text.to_owned())
    } else {
        Err("expected `OWNER/NAME`".into())
    }
}
