//! `gardener schema`: the JSON Schema of what a command writes as JSON.

use std::process::ExitCode;

use anyhow::Result;

use crate::{
    cli::{DocumentKind, SchemaArgs},
    report::json::{BRIEF, COMPARISON, PATTERN, WORKLOG},
    text::terminal,
};

pub(super) fn run(args: &SchemaArgs) -> Result<ExitCode> {
    let kind = match args.document {
        DocumentKind::Worklog => WORKLOG,
        DocumentKind::Comparison => COMPARISON,
        DocumentKind::Brief => BRIEF,
        DocumentKind::Pattern => PATTERN,
    };
    terminal::print(&(serde_json::to_string_pretty(&kind.schema())? + "\n"))?;
    Ok(ExitCode::SUCCESS)
}
